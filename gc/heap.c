/* gc/heap.c
 * The parts of a heap and the room in them; what happens when there is none is in collect.c.
 *
 * Building that does not fit goes on in a fragment of the heap's own (space.grow). Such fragments
 * have spare room, so that a built-in that builds many small objects does not get one for each. */
#include "gc/heap.h"

#include "gc/collect.h"
#include "runtime/term/bits.h"
#include "runtime/term/mem.h"

bool gc_stats_enabled;
bool gc_stress;
bool gc_verify;
uint64_t (*gc_clock_ns)(void);

enum {
    OVERFLOW_MIN_WORDS = 32,
    OVERFLOW_MAX_WORDS = 1 << 16,
    /* Needs up to this many words are not refused because of max_words: space_alloc promises. */
    SMALL_NEED_WORDS = 1024,
    FRAGMENT_WORDS_FREE = 64, /* fragments below this weight never ask for a collection */
    SOON_WORK = 8000,         /* two slices */
    LONG_RUN = 1000,          /* a quarter of one */
    BUSY_MOST = UINT8_MAX,
    LARGE_PAGE_WORDS_MIN = 1 << 18, /* 2 MiB */
};

/* jemalloc: multiples of 16 bytes up to 128, then four classes for each doubling. */
size_t block_class_words(size_t words)
{
    if (words <= 16) {
        return (words + 1) & ~(size_t) 1;
    }
    size_t step = (size_t) 1 << (63 - __builtin_clzll(words - 1)) >> 2;
    return (words + step - 1) & ~(step - 1);
}

Term *block_create(size_t words)
{
    return words >= LARGE_PAGE_WORDS_MIN ? mem_try_alloc_large(words * sizeof(Term))
                                         : mem_try_alloc(words * sizeof(Term));
}

void block_destroy(Term *block, size_t words)
{
    if (UNLIKELY(words >= LARGE_PAGE_WORDS_MIN)) {
        mem_free_large(block, words * sizeof(Term));
    } else {
        mem_free_sized(block, words * sizeof(Term));
    }
}

/* ---- room ---- */

void heap_set_limit(Heap *heap, size_t words, size_t stack_words, bool stack_asked)
{
    size_t gap = (size_t) (heap->stack_top - heap->space.top);
    ASSERT(gap >= words + stack_words);
    size_t spare = gap - words - stack_words;
    /* Moving the limit again is cheap; still, who asks now is who will ask next. */
    size_t for_stack = stack_asked ? spare - spare / 4 : spare / 4;
    heap->space.limit = heap->stack_top - stack_words - for_stack;
}

size_t heap_fragment_used_words(const Heap *heap)
{
    size_t words = 0;
    for (const Fragment *fragment = heap->fragments; fragment != NULL; fragment = fragment->next) {
        words += (size_t) (fragment->top - fragment->data);
    }
    return words;
}

void heap_worked(Heap *heap, uint32_t work, uint32_t run)
{
    bool soon = work - heap->work_then < SOON_WORK;
    heap->work_then = work;
    if (soon && run >= LONG_RUN) {
        heap->busy += heap->busy < BUSY_MOST;
    } else if (heap->busy > 0) { /* for one that is busy, once in four */
        heap->busy -= 1 + heap->busy / 64;
    }
}

void heap_add_fragment(Heap *heap, Fragment *fragment)
{
    size_t words = heap->fragment_words + fragment->words;
    fragment->next = heap->fragments;
    heap->fragments = fragment;
    heap->fragment_words = words < UINT32_MAX ? (uint32_t) words : UINT32_MAX;
    /* They are a nursery too: as much as there is otherwise may come before they are copied. */
    size_t other_words =
        (size_t) (heap->block_end - heap->block) + (size_t) (heap->old_top - heap->old_block);
    if (words > other_words && words > FRAGMENT_WORDS_FREE) {
        heap->needs_collection = true;
    }
}

/* True when the heap may not take `words` more. */
static bool over_max_words(Heap *heap, size_t words)
{
    return heap->max_words != 0 && words > SMALL_NEED_WORDS &&
           (words > heap->max_words || heap_used_words(heap) > heap->max_words - words);
}

/* The next check for room fails, wherever it is: a collection is due. */
static void close_gap(Heap *heap)
{
    heap->needs_collection = true;
    heap->space.limit = heap->space.top;
}

static COLD Term *heap_grow(Space *space, size_t words)
{
    Heap *heap = (Heap *) space;
    Fragment *fragment = heap->fragments;
    if (words == 0) {
        close_gap(heap); /* too much is held off the heap */
        return NULL;
    }
    if (fragment == NULL || fragment->off_heap_bytes != FRAGMENT_OVERFLOW ||
        (size_t) (fragment->data + fragment->words - fragment->top) < words) {
        if (over_max_words(heap, words)) {
            heap->max_heap_reached = true;
            heap->needs_collection = true;
            return NULL;
        }
        /* A built-in may make a large result of many small pieces: so the rooms grow. */
        size_t room = ((size_t) (heap->block_end - heap->block) + heap->fragment_words) / 4;
        room = room < OVERFLOW_MIN_WORDS   ? OVERFLOW_MIN_WORDS
               : room > OVERFLOW_MAX_WORDS ? OVERFLOW_MAX_WORDS
                                           : room;
        fragment = fragment_create(words > room ? words : room);
        if (fragment == NULL && words <= SMALL_NEED_WORDS) {
            machine_stop("out of memory: a process needs %zu words", words);
        }
        if (fragment == NULL) {
            return NULL;
        }
        fragment->off_heap_bytes = FRAGMENT_OVERFLOW;
        heap_add_fragment(heap, fragment);
        if (heap->needs_collection) {
            close_gap(heap);
        }
    }
    Term *at = fragment->top;
    fragment->top = at + words;
    return at;
}

void heap_adopt(Heap *heap, Fragment *fragment)
{
    ASSERT(fragment->off_heap_bytes != FRAGMENT_OVERFLOW);
    heap_add_fragment(heap, fragment);
    /* The weight counts at once; the objects themselves stay on the fragment's list. */
    heap->space.off_heap_bytes += fragment->off_heap_bytes;
    if (UNLIKELY(heap->space.off_heap_bytes > heap->space.off_heap_limit)) {
        heap->needs_collection = true;
    }
}

GcResult heap_make_room(Heap *heap, size_t words, size_t stack_words, GcRoots roots)
{
    size_t gap = (size_t) (heap->stack_top - heap->space.top);
    if (LIKELY(!heap->needs_collection && !gc_stress) && words <= gap && stack_words <= gap &&
        words + stack_words + 2 * HEAP_MARGIN_WORDS <= gap) {
        size_t room = words + HEAP_MARGIN_WORDS, stack_room = stack_words + HEAP_MARGIN_WORDS;
        heap_set_limit(heap, room, stack_room, heap_stack_asks(heap, room, stack_room));
        return GC_OK;
    }
    /* Under stress the old generation has its turn too. */
    bool major = gc_stress && (heap->minor_count & 3) == 3;
    return heap_collect(heap, major, words, stack_words, roots);
}

GcResult heap_collect(Heap *heap, bool major, size_t words, size_t stack_words, GcRoots roots)
{
    size_t limit = SIZE_MAX / sizeof(Term) / 16;
    if (words > limit || stack_words > limit) {
        return GC_NO_MEMORY;
    }
    return collect(heap, major, false, words + HEAP_MARGIN_WORDS, stack_words + HEAP_MARGIN_WORDS,
                   roots, NULL);
}

GcResult heap_compact(Heap *heap, GcRoots roots)
{
    return collect(heap, true, true, 0, 0, roots, NULL);
}

bool heap_wants_major(const Heap *heap)
{
    size_t mature = (size_t) (heap->high_water - heap->block);
    return heap->wants_major || heap->minor_count >= heap->fullsweep_after ||
           (heap->old_block != NULL && mature > (size_t) (heap->old_end - heap->old_top));
}

size_t heap_collect_cost_words(const Heap *heap, bool major)
{
    size_t words = (size_t) (heap->high_water - heap->block) + heap_guess_young_words(heap) +
                   (size_t) (heap->block_end - heap->stack_top) + heap->fragment_words;
    if (major || heap_wants_major(heap)) {
        words += (size_t) (heap->old_top - heap->old_block);
    }
    return words;
}

/* ---- beginning and end ---- */

bool heap_init(Heap *heap, size_t min_words, uint16_t fullsweep_after, size_t max_words)
{
    size_t words =
        block_class_words(min_words < 2 * HEAP_MARGIN_WORDS ? 2 * HEAP_MARGIN_WORDS : min_words);
    Term *block = words > UINT32_MAX ? NULL : block_create(words);
    if (UNLIKELY(block == NULL)) {
        return false;
    }
    *heap = (Heap){
        .space = {.top = block,
                  .limit = block + words - words / 4,
                  .off_heap_limit = OFF_HEAP_ROOM_BYTES,
                  .grow = heap_grow},
        .block = block,
        .block_end = block + words,
        .stack_top = block + words,
        .high_water = block,
        .old_off_heap_limit = 2 * OFF_HEAP_ROOM_BYTES,
        .min_words = (uint32_t) words,
        .fullsweep_after = fullsweep_after,
        .max_words = max_words,
    };
    return true;
}

void heap_finish(Heap *heap)
{
    if (heap->space.off_heap != NULL) {
        off_heap_drop_all(heap->space.off_heap);
    }
    if (heap->old_block != NULL) {
        off_heap_drop_all(heap->old_off_heap);
        block_destroy(heap->old_block, (size_t) (heap->old_end - heap->old_block));
    }
    for (Fragment *fragment = heap->fragments, *next; fragment != NULL; fragment = next) {
        next = fragment->next;
        fragment_destroy(fragment);
    }
    block_destroy(heap->block, (size_t) (heap->block_end - heap->block));
}

/* ---- questions ---- */

size_t heap_used_words(const Heap *heap)
{
    return (size_t) (heap->space.top - heap->block) + (size_t) (heap->block_end - heap->stack_top) +
           (size_t) (heap->old_top - heap->old_block) + heap_fragment_used_words(heap);
}

size_t heap_total_words(const Heap *heap)
{
    size_t words =
        (size_t) (heap->block_end - heap->block) + (size_t) (heap->old_end - heap->old_block);
    for (const Fragment *fragment = heap->fragments; fragment != NULL; fragment = fragment->next) {
        words += fragment->words;
    }
    return words;
}

bool heap_contains(const Heap *heap, const Term *at)
{
    if (region_has((Region){heap->block, (size_t) (heap->block_end - heap->block)}, at) ||
        region_has((Region){heap->old_block, (size_t) (heap->old_end - heap->old_block)}, at)) {
        return true;
    }
    for (const Fragment *fragment = heap->fragments; fragment != NULL; fragment = fragment->next) {
        if (region_has((Region){fragment->data, fragment->words}, at)) {
            return true;
        }
    }
    return false;
}
