/* gc/heap.h
 * The memory of one process: one block with the heap growing up and the stack growing down, an old
 * generation, and fragments (adopted messages, and what did not fit).
 *
 *    block                                                                    block_end
 *    | survivors | high_water | young objects | top →   gap   ← stack_top | frames |
 *                                             limit: somewhere in the gap
 *
 * `space.limit` divides the gap: building stops there going up, frames stop there going down, so
 * both checks compare with one word. When either side reaches it, heap_make_room first moves the
 * limit and collects only when the gap is really too small.
 *
 * Collection is generational and copying (Cheney). A minor collection copies live objects of the
 * block: those below high_water (they survived one already) to the old generation, the rest to the
 * new block. A major one copies everything: the old generation and what is below high_water to a
 * new old generation, the rest to the new block; when all of it is small, all to the block.
 * Objects outside the block, the old generation and the heap's own fragments (literals, messages
 * not yet adopted) are left alone.
 *
 * Nothing old points to anything young, because terms do not change: so a minor collection need
 * not look at the old generation. Mutable cells, when they come, need a remembered set of the old
 * cells that were written to, as further roots of a minor collection. There is one exception: what
 * was built from a message before the message was adopted. When a collection meets objects that
 * point to such messages, the next one is major, and takes what was adopted meanwhile to the old
 * generation.
 *
 * A collection may run on any thread, as long as nobody else touches the heap meanwhile;
 * heap_collect_cost_words says what it will cost, about.
 *
 * gc is handed its roots: it does not know processes or frames. Only the thread that runs the
 * process touches its heap. */
#ifndef MUSTER_GC_HEAP_H
#define MUSTER_GC_HEAP_H

#include "runtime/term/literal.h"

/* A range of addresses. */
typedef struct Region {
    const Term *start;
    size_t words;
} Region;
static inline bool region_has(Region region, const Term *at)
{
    return (size_t) ((uintptr_t) at - (uintptr_t) region.start) < region.words * sizeof(Term);
}

typedef struct Fragment Fragment;
struct Fragment {
    Fragment *next;
    size_t words;          /* capacity */
    Term *top;             /* end of what is used */
    Term *off_heap;        /* of the objects in it */
    size_t off_heap_bytes; /* FRAGMENT_OVERFLOW: made by the heap for itself, not adopted */
    Term data[];
};
#define FRAGMENT_OVERFLOW SIZE_MAX

/* What heap_make_room leaves on either side of the limit beyond what was asked for, so that
 * built-ins that need a few words rarely overflow into a fragment. */
enum { HEAP_MARGIN_WORDS = 8 };

typedef struct Heap {
    Space space; /* first: a Heap is a Space */
    Term *block, *block_end;
    Term *stack_top; /* lowest word of the stack in use; set by the owner before calling gc */
    Term *high_water;
    Term *old_block, *old_top, *old_end;
    Term *old_off_heap; /* off-heap objects in the old generation */
    size_t old_off_heap_bytes, old_off_heap_limit;
    Fragment *fragments;
    uint32_t fragment_words; /* saturates */
    uint32_t min_words;      /* the block never gets smaller */
    uint32_t minor_count;    /* since the last major collection */
    uint32_t work_then;      /* see heap_worked */
    uint16_t fullsweep_after;
    uint8_t
        needs_collection; /* set when fragments or off-heap data weigh too much, or on request */
    uint8_t max_heap_reached; /* grow refused, or a collection left more than max_words live */
    uint8_t wants_major;      /* the next collection is to be major */
    uint8_t busy;             /* see heap_worked */
    uint8_t wants_growth : 1; /* the last collection left the block more than half full */
    uint8_t low_count : 7;    /* collections in a row that left the block nearly empty */
    uint8_t saw_outside;      /* the last collection met pointers to what is not (yet) the heap's */
    size_t max_words;         /* 0: no limit */
} Heap;

/* Visits one root slot: a word that holds a term, which may be replaced. */
typedef struct GcVisitor GcVisitor;
void gc_visit(GcVisitor *visitor, Term *slots, size_t count); /* adjacent slots */

/* What to add to addresses of frames that the owner keeps: the stack may have moved (it is copied
 * to the end of the new block, before roots are visited; stack_top says where it is now). */
ptrdiff_t gc_stack_delta_bytes(const GcVisitor *visitor);

/* What the owner hands over: calls gc_visit on every root (frames, registers, dictionary, matched
 * messages…). A collection may call it twice, when the block turns out to have the wrong size: each
 * time applies that visit's gc_stack_delta_bytes. */
typedef struct GcRoots {
    void (*visit)(void *owner, GcVisitor *visitor);
    void *owner;
} GcRoots;

/* Process memory with room for at least `min_words`, rounded up to what the allocator hands out
 * anyway. A quarter of it is the stack's until heap_make_room says otherwise. False when there is
 * no memory. `max_words` counts everything that is in use: heap, stack, old generation and
 * fragments. */
bool heap_init(Heap *heap, size_t min_words, uint16_t fullsweep_after, size_t max_words);
/* Frees everything and drops every off-heap reference. */
void heap_finish(Heap *heap);

typedef enum GcResult {
    GC_OK,
    GC_NO_MEMORY,     /* there is no such room; the process should exit with system_limit */
    GC_MAX_HEAP_SIZE, /* the room is there, but what is live and asked for exceeds max_words */
} GcResult;

/* By the owner, before a collection: how much it has done in its life (`work`, modulo 2^32) and
 * since it was last given the processor (`run`), in reductions. Who runs on and on and collects
 * every few thousand of them is busy, and gets a nursery of a size that suits the processor's
 * cache; who answers requests and waits is not. */
void heap_worked(Heap *heap, uint32_t work, uint32_t run);
/* Makes room for `words` of heap and `stack_words` of stack beyond what is in use (a margin that
 * built-ins may use without a check is added). Moves the limit, else collects, else grows. All
 * terms not reached by roots are dead afterwards, every pointer into the heap may have changed, and
 * the stack may lie elsewhere: stack_top says where. Fragments are merged by a collection. */
GcResult heap_make_room(Heap *heap, size_t words, size_t stack_words, GcRoots roots);
/* Collects now: minor, or everything when `major`; shrinks what became too large. */
GcResult heap_collect(Heap *heap, bool major, size_t words, size_t stack_words, GcRoots roots);
/* Major collection into a block that just fits (erlang:hibernate/3); the stack is kept. */
GcResult heap_compact(Heap *heap, GcRoots roots);

/* About how many words the next collection copies and looks at, 2 to 3 ns each: all that is there,
 * but of what is young not much more than lived last time. A scheduler may hand expensive
 * collections to another thread. */
size_t heap_collect_cost_words(const Heap *heap, bool major);
/* True when the next collection will be major even if nobody asks for it. */
bool heap_wants_major(const Heap *heap);

/* A literal area is leaving (runtime/term/literal.h): what the heap refers to of it becomes the
 * heap's own, by a major collection where there is any. */
GcResult heap_take_literals(Heap *heap, const LiteralArea *area, GcRoots roots);
/* True when a word of it may refer to the region. */
bool fragment_refers_to(const Fragment *fragment, Region region);
/* Takes over the fragment: its objects are the heap's from now on. */
void heap_adopt(Heap *heap, Fragment *fragment);
/* A fragment with room for `words`; NULL when there is no memory. For messages. */
Fragment *fragment_create(size_t words);
/* Drops its off-heap references and frees it; for messages that were never adopted. */
void fragment_destroy(Fragment *fragment);

/* Words in use, all parts counted; words reserved. */
size_t heap_used_words(const Heap *heap);
size_t heap_total_words(const Heap *heap);
/* True when `at` lies in this heap (any part). */
bool heap_contains(const Heap *heap, const Term *at);
/* Asserts every invariant; with MUSTER_DEBUG=gc_verify called after each collection. */
void heap_verify(Heap *heap, GcRoots roots);

/* Figures of all collections of this run (--gc-stats); counted per thread, added up on reading. */
typedef struct GcStats {
    uint64_t minor_count, major_count;
    uint64_t words_copied, words_promoted, words_reclaimed;
    uint64_t pause_total_ns, pause_max_ns, pause_median_ns, pause_p99_ns;
} GcStats;
void gc_stats_read(GcStats *out);
extern bool gc_stats_enabled; /* pauses are timed only when set */
extern bool gc_stress;        /* collect at every chance */
extern bool gc_verify;
/* Time source of the pauses, set at start (only World reads clocks). NULL: pauses count as 0. */
extern uint64_t (*gc_clock_ns)(void);

#endif
