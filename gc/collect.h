/* gc/collect.h
 * Inside gc/: what heap.c, collect.c, verify.c and gc_stats.c share. */
#ifndef MUSTER_GC_COLLECT_H
#define MUSTER_GC_COLLECT_H

#include "gc/heap.h"

/* Words of the allocator's size class that holds `words`: asking for less wastes the rest. */
size_t block_class_words(size_t words);
/* Memory for a block or an old generation; NULL when there is none. */
Term *block_create(size_t words);
void block_destroy(Term *block, size_t words);
/* Divides the gap between heap and stack: at least this much for either side, which must be there,
 * and of the rest most for that which asked. */
void heap_set_limit(Heap *heap, size_t words, size_t stack_words, bool stack_asked);
/* Room for so many words, margins included, is asked for. Is it the stack alone that has too
 * little? Who builds asks for the words that are missing, and with them for what the frames need
 * anyway. */
static inline bool heap_stack_asks(const Heap *heap, size_t words, size_t stack_words)
{
    return heap->space.limit - heap->space.top + HEAP_MARGIN_WORDS >= (ptrdiff_t) words &&
           heap->stack_top - heap->space.limit < (ptrdiff_t) stack_words;
}
/* About how many words of what was built since the last collection will live, by what lived then.
 */
static inline size_t heap_guess_young_words(const Heap *heap)
{
    size_t mature = (size_t) (heap->high_water - heap->block);
    size_t young = (size_t) (heap->space.top - heap->high_water);
    size_t guess = 2 * mature + young / 8;
    return young < guess ? young : guess;
}
/* Links it to the heap's, and counts its words. */
void heap_add_fragment(Heap *heap, Fragment *fragment);
/* Words handed out in the heap's fragments. */
size_t heap_fragment_used_words(const Heap *heap);
/* Literals that leave in the course of a collection. */
typedef struct Leaving {
    Region area;
    ptrdiff_t delta_bytes;
} Leaving;

/* The rest of heap_collect. Margins are included in `words` and `stack_words`;
 * `leaving` NULL: no literals do. */
GcResult collect(Heap *heap, bool major, bool compact, size_t words, size_t stack_words,
                 GcRoots roots, const Leaving *leaving);

/* Moves the block, the old generation or both to memory of other sizes (0: it stays). False: there
 * is no memory; nothing was done. */
bool relocate(Heap *heap, size_t block_words, size_t old_words, GcRoots roots);
/* The same without moving what is there, where the block or the old generation can be cut: of the
 * block only the stack moves. */
bool cut_block(Heap *heap, size_t block_words, GcRoots roots);
bool cut_old(Heap *heap, size_t old_words);
/* For gc_visit: adjusts the slots from `at` to `end`. */
void relocate_region(const GcVisitor *visitor, Term *at, const Term *end);

/* Garbage off the heap that a process may hold before that alone makes it collect. */
#ifdef MUSTER_SMALL_TABLES
#define OFF_HEAP_ROOM_BYTES ((size_t) 16 << 10)
#else
#define OFF_HEAP_ROOM_BYTES ((size_t) 512 << 10)
#endif

/* Words after a header that hold no terms. */
static inline size_t raw_words(Term header)
{
    size_t raw = kind_raw_words[header_kind(header)];
    return raw == KIND_ALL_RAW ? header_words(header) : raw;
}

typedef struct FragmentRegion {
    Region region;
    bool becomes_old;
} FragmentRegion;

/* What gc_visit does to a slot. */
typedef enum VisitMode { VISIT_COPY, VISIT_RELOCATE, VISIT_VERIFY, VISIT_FIND } VisitMode;

struct GcVisitor {
    VisitMode mode;
    const Heap *heap;
    ptrdiff_t stack_delta_bytes;

    /* VISIT_COPY: where objects are taken from, and where they go. */
    Region block, old; /* `old` is left alone unless `is_major` */
    const Term *high_water;
    bool is_major;
    bool promotes;  /* there is an old generation to go to */
    Term *top[2];   /* next free word: [0] young, [1] old */
    Region done[2]; /* the new block and the new old generation: what is there was moved */
    const FragmentRegion *fragments; /* sorted by address */
    size_t fragment_count;
    /* Literals that leave, and how far from there their copies lie, in a fragment of the heap. */
    Region leaving;
    ptrdiff_t leaving_delta_bytes;
    bool saw_outside; /* out: objects point to what is neither ours nor a literal */

    /* VISIT_RELOCATE: pointers into `from[i]` get `delta_bytes[i]` added. */
    Region from[2];
    uint64_t delta_bytes[2];

    /* VISIT_FIND: whether a slot refers to `leaving`. */
    bool found;
};

/* One collection, for the statistics. */
typedef struct GcEvent {
    bool major;
    uint64_t words_copied, words_promoted, words_reclaimed, pause_ns;
} GcEvent;
void gc_stats_add(const GcEvent *event);

/* Asserts what must hold of the heap's own parts right after a collection. */
void verify_after_collection(Heap *heap, GcRoots roots);

#endif
