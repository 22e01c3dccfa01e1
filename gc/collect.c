/* gc/collect.c
 * Cheney's copying collection with two destinations. Slots are visited; what they point to is
 * copied, to the old generation when it has survived before, else to the new block, and leaves the
 * new address behind (term.h says how). What was copied is then visited in turn, until nothing is
 * left: no stack, no recursion.
 *
 * Sizes. The new block must hold the worst case, that everything young is alive, so it is first
 * made as large as that or as the old block. Guessing how much will live, from what lived last
 * time, we add the room asked for beforehand; where the guess was wrong, what was copied is moved
 * once more (relocate), which is also how blocks shrink. All decisions about sizes are in plan_*
 * and settle.
 *
 * The cost of a collection is what lives, and what the stack holds. It is amortised because a
 * block that is left more than half full will grow at the next collection, and a stack that takes
 * most of it makes it grow at once.
 *
 * Rejected: one collection for the worst case plus room, always (a heap of garbage doubles); a
 * stack that is scanned in parts (frames would need marks, and native code would have to set
 * them). */
#include "gc/collect.h"

#include <stdlib.h>

#include "runtime/term/bits.h"
#include "runtime/term/mem.h"

#ifdef MUSTER_SMALL_TABLES
enum { SMALL_HEAP_WORDS = 64, MATURE_MIN_WORDS = 16, LARGE_WORDS = 4096, NURSERY_MOST_WORDS = 64 };
enum { OLD_SPARE_LEAST_WORDS = 64 };
enum { OFTEN_WORDS = 1, OFTEN_MOST_WORDS = 64, BUSY_NURSERY_WORDS = 1, BUSY_OLD_WORDS = 1 };
#else
/* Of nursery for each minor collection since the last major one, and at most. */
enum { OFTEN_WORDS = 16, OFTEN_MOST_WORDS = 8192 };
/* The same for each time that its owner was found busy: half of a core's second cache at most, for
 * a quarter less of what is built is still alive then. For the old generation's spare room it is
 * more, but not more than twice what is old, or a little. */
enum { BUSY_NURSERY_WORDS = 128, BUSY_OLD_WORDS = 512 };
enum {
    /* A major collection of at most this much puts all into the block, without an old generation.
     */
    SMALL_HEAP_WORDS = 2048,
    /* Less than this is copied again rather than given an old generation of its own. */
    MATURE_MIN_WORDS = 256,
    OLD_SPARE_LEAST_WORDS = 8192, /* this little */
    /* A larger young generation gains little: it is more than a core's own caches hold. */
    NURSERY_MOST_WORDS = 512 << 10,
    /* Above this many words blocks grow by a half only. */
    LARGE_WORDS = 8 << 20,
};
#endif
/* A block below this grows at every second collection, whatever lives: who collects is busy, and a
 * collection has a price of its own. It does not shrink because little lives, either. */
enum { BUSY_WORDS = 1024 };
/* After so many a block shrinks. A large one will grow again soon, and there are not many. */
enum { LOW_COUNT_MAX = 4, LARGE_LOW_COUNT_MAX = 8, INLINE_FRAGMENTS = 16 };

/* ---- copying ---- */

enum { AHEAD_WORDS = 16 };
enum { LEAVES = -2, STAYS = -1, TO_YOUNG = 0, TO_OLD = 1 };

static int destination_outside(GcVisitor *visitor, const Term *at)
{
    size_t low = 0, high = visitor->fragment_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const FragmentRegion *fragment = &visitor->fragments[middle];
        if (region_has(fragment->region, at)) {
            return fragment->becomes_old ? TO_OLD : TO_YOUNG;
        }
        if (at < fragment->region.start) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    visitor->saw_outside = true;
    return STAYS;
}

/* Where an object goes. */
static inline int destination(GcVisitor *visitor, const Term *at)
{
    if (LIKELY(region_has(visitor->block, at))) {
        return visitor->promotes && at < visitor->high_water ? TO_OLD : TO_YOUNG;
    }
    if (region_has(visitor->old, at)) {
        return !visitor->is_major ? STAYS : visitor->promotes ? TO_OLD : TO_YOUNG;
    }
    if (pointer_is_literal(at)) {
        return region_has(visitor->leaving, at) ? LEAVES : STAYS;
    }
    return region_has(visitor->done[0], at) || region_has(visitor->done[1], at)
               ? STAYS
               : destination_outside(visitor, at);
}

/* Copies a cell, and the cells behind it as long as they go to the same place: a list then lies in
 * one piece. */
static inline void move_cons(GcVisitor *visitor, Term *slot, Term *cell, int to)
{
    if (cell[0] == TERM_NONE) {
        *slot = cell[1];
        return;
    }
    Term *copy = visitor->top[to];
    *slot = term_cons(copy);
    for (;;) {
        Term tail = cell[1];
        copy[0] = cell[0];
        copy[1] = tail;
        cell[0] = TERM_NONE;
        cell[1] = term_cons(copy);
        copy += 2;
        if (!term_is_cons(tail)) {
            break;
        }
        cell = cons_cell(tail);
        if (destination(visitor, cell) != to || cell[0] == TERM_NONE) {
            break;
        }
        copy[-1] = term_cons(copy);
    }
    visitor->top[to] = copy;
}

static inline void move_boxed(GcVisitor *visitor, Term *slot, Term *object, int to)
{
    Term header = object[0];
    if (term_is_boxed(header)) {
        *slot = header;
        return;
    }
    Term *copy = visitor->top[to];
    size_t size = header_words(header);
    copy[0] = header;
    for (size_t i = 1; i <= size; i++) {
        copy[i] = object[i];
    }
    visitor->top[to] = copy + 1 + size;
    object[0] = *slot = term_boxed(copy);
}

static inline void move(GcVisitor *visitor, Term *slot)
{
    Term t = *slot;
    if (!term_is_pointer(t)) {
        return;
    }
    Term *at = term_pointer(t);
    int to = destination(visitor, at);
    if (to < 0) {
        if (LIKELY(to == STAYS)) {
            return;
        }
        *slot = t += (Term) visitor->leaving_delta_bytes; /* to its copy, which moves */
        at = term_pointer(t);
        to = destination_outside(visitor, at);
    }
    if (term_is_cons(t)) {
        move_cons(visitor, slot, at, to);
    } else {
        move_boxed(visitor, slot, at, to);
    }
}

/* Visits what was copied, from `at` to the moving end. What is not in a cache yet is asked for some
 * words ahead: trees and maps lie all over a heap. */
static Term *scan(GcVisitor *visitor, Term *at, int which)
{
    while (at < visitor->top[which]) {
        Term t = *at;
        if (at + AHEAD_WORDS < visitor->top[which] && term_is_boxed(at[AHEAD_WORDS])) {
            __builtin_prefetch(term_pointer(at[AHEAD_WORDS]), 1);
        }
        if (term_is_pointer(t)) {
            move(visitor, at);
        } else if (term_is_header(t)) {
            at += raw_words(t);
        }
        at++;
    }
    return at;
}

ptrdiff_t gc_stack_delta_bytes(const GcVisitor *visitor)
{
    return visitor->stack_delta_bytes;
}

void gc_visit(GcVisitor *visitor, Term *slots, size_t count)
{
    switch (visitor->mode) {
    case VISIT_COPY:
        for (size_t i = 0; i < count; i++) {
            move(visitor, &slots[i]);
        }
        break;
    case VISIT_RELOCATE:
        relocate_region(visitor, slots, slots + count);
        break;
    case VISIT_FIND:
        for (size_t i = 0; i < count; i++) {
            visitor->found |=
                term_is_pointer(slots[i]) && region_has(visitor->leaving, term_pointer(slots[i]));
        }
        break;
    case VISIT_VERIFY:
        for (size_t i = 0; i < count; i++) {
            const Term *at = term_pointer(slots[i]);
            CHECK(!term_is_pointer(slots[i]) ||
                  !region_has(
                      (Region){visitor->heap->space.top,
                               (size_t) (visitor->heap->block_end - visitor->heap->space.top)},
                      at));
        }
        break;
    }
}

/* ---- sizes ---- */

typedef struct Plan {
    bool major;
    bool promotes;
    bool ages_messages; /* something old may point to an adopted fragment: it becomes old too */
    size_t stack, mature, young, fragments, old; /* words in use */
    size_t need;                                 /* room asked for, both kinds */
    size_t block_words;                          /* of the new block */
    size_t wanted_words;                         /* more than that only for what lives */
    size_t old_words; /* of a new old generation; 0: keep what there is */
} Plan;

static size_t grown(size_t words)
{
    return words < LARGE_WORDS ? 2 * words : words + words / 2;
}

/* What may not be exceeded for speed alone. `least` is needed anyhow. */
static size_t cap(const Heap *heap, size_t words, size_t least)
{
    if (heap->max_words != 0 && words > heap->max_words) {
        words = heap->max_words > least ? heap->max_words : least;
    }
    return block_class_words(words);
}

/* A large block is not made larger for a stack that was deep last time and is gone. */
static bool should_grow(const Heap *heap, const Plan *plan)
{
    size_t words = (size_t) (heap->block_end - heap->block);
    size_t lives = plan->stack + plan->fragments + plan->mature + heap_guess_young_words(heap);
    return heap->wants_growth &&
           (words <= 2 * NURSERY_MOST_WORDS || lives + plan->need >= words / 3);
}

static void plan_block(const Heap *heap, Plan *plan, bool compact)
{
    size_t worst = plan->stack + plan->young + plan->fragments;
    if (!plan->promotes) {
        worst += plan->mature + plan->old;
    }
    if (compact) {
        plan->block_words = block_class_words(worst);
        return;
    }
    size_t words = (size_t) (heap->block_end - heap->block), wanted = words;
    if (should_grow(heap, plan)) {
        wanted = grown(words);
        worst += plan->need; /* as if all that is young stayed alive */
    }
    /* The stack is alive for certain. Leave as much again, so that copying it pays. */
    size_t least = 2 * plan->stack + plan->need;
    wanted = wanted < least ? least : wanted;
    plan->wanted_words =
        cap(heap, wanted > NURSERY_MOST_WORDS ? wanted : NURSERY_MOST_WORDS, least);
    plan->block_words = cap(heap, wanted < worst ? worst : wanted, worst);
}

/* For what will be promoted: who is busy has more of that between two major collections. */
static size_t old_spare_words(const Heap *heap)
{
    size_t spare = (size_t) heap->busy * BUSY_OLD_WORDS;
    size_t most = 2 * (size_t) (heap->old_top - heap->old_block);
    most = most < OLD_SPARE_LEAST_WORDS ? OLD_SPARE_LEAST_WORDS : most;
    return spare < most ? spare : most;
}

static void plan_old(const Heap *heap, Plan *plan)
{
    if (!plan->promotes) {
        return;
    }
    if (!plan->major) {
        if (heap->old_block == NULL && plan->mature != 0) {
            plan->old_words = cap(heap, 2 * plan->mature + old_spare_words(heap), plan->mature);
        }
        return;
    }
    size_t worst = plan->mature + plan->old + (plan->ages_messages ? plan->fragments : 0);
    plan->old_words = worst == 0 ? 0 : cap(heap, grown(worst) + old_spare_words(heap), worst);
}

static Plan make_plan(const Heap *heap, bool major, bool compact, size_t need)
{
    Plan plan = {
        .major = major || heap_wants_major(heap),
        .stack = (size_t) (heap->block_end - heap->stack_top),
        .mature = (size_t) (heap->high_water - heap->block),
        .young = (size_t) (heap->space.top - heap->high_water),
        .fragments = heap_fragment_used_words(heap),
        .old = (size_t) (heap->old_top - heap->old_block),
        .need = need,
    };
    size_t all = plan.mature + plan.young + plan.fragments + plan.old;
    plan.promotes = plan.major ? !compact && all > SMALL_HEAP_WORDS
                               : heap->old_block != NULL || plan.mature > MATURE_MIN_WORDS;
    plan.ages_messages = plan.promotes && heap->saw_outside;
    plan_block(heap, &plan, compact);
    plan_old(heap, &plan);
    return plan;
}

/* ---- off-heap data ---- */

/* Sorts out a list of the former space: what moved is linked anew, the rest is released. */
static void sweep_list(Heap *heap, Term *first, Region old)
{
    for (Term *object = first, *next; object != NULL; object = next) {
        next = (Term *) object[1];
        if (!term_is_boxed(object[0])) {
            object[1] = 0;
            off_heap_drop_all(object);
            continue;
        }
        Term *copy = term_boxed_at(object[0]);
        size_t weight = header_kind(copy[0]) == KIND_refc_binary ? copy[3] : 0;
        if (region_has(old, copy)) {
            copy[1] = (Term) heap->old_off_heap;
            heap->old_off_heap = copy;
            heap->old_off_heap_bytes += weight;
        } else {
            copy[1] = (Term) heap->space.off_heap;
            heap->space.off_heap = copy;
            heap->space.off_heap_bytes += weight;
        }
    }
}

static void sweep_off_heap(Heap *heap, bool major)
{
    Region old = {heap->old_block, (size_t) (heap->old_end - heap->old_block)};
    Term *young_list = heap->space.off_heap, *old_list = heap->old_off_heap;
    heap->space.off_heap = NULL;
    heap->space.off_heap_bytes = 0;
    if (major) {
        heap->old_off_heap = NULL;
        heap->old_off_heap_bytes = 0;
        sweep_list(heap, old_list, old);
    }
    sweep_list(heap, young_list, old);
    for (Fragment *fragment = heap->fragments; fragment != NULL; fragment = fragment->next) {
        sweep_list(heap, fragment->off_heap, old);
        fragment->off_heap = NULL;
    }
    /* Collect for weight alone when about as much as is alive may have become garbage. */
    size_t held = heap->space.off_heap_bytes + heap->old_off_heap_bytes;
    size_t live =
        8 * (size_t) ((heap->space.top - heap->block) + (heap->old_top - heap->old_block));
    size_t room = (held + live) / 2;
    heap->space.off_heap_limit =
        heap->space.off_heap_bytes + (room > OFF_HEAP_ROOM_BYTES ? room : OFF_HEAP_ROOM_BYTES);
    if (major) {
        heap->old_off_heap_limit = 2 * heap->old_off_heap_bytes + 2 * OFF_HEAP_ROOM_BYTES;
    }
}

/* ---- fragments ---- */

static int regions_order(const void *a, const void *b)
{
    const Term *x = ((const FragmentRegion *) a)->region.start;
    const Term *y = ((const FragmentRegion *) b)->region.start;
    return x < y ? -1 : x > y;
}

/* The heap's fragments by address, in `inlined` or in memory of their own; NULL: there is none. */
static FragmentRegion *list_fragments(const Heap *heap, const Plan *plan, size_t *count,
                                      FragmentRegion inlined[])
{
    FragmentRegion *regions = inlined;
    *count = 0;
    for (const Fragment *fragment = heap->fragments; fragment != NULL; fragment = fragment->next) {
        ++*count;
    }
    if (*count > INLINE_FRAGMENTS) {
        regions = mem_try_alloc(*count * sizeof *regions);
        if (regions == NULL) {
            return NULL;
        }
    }
    size_t i = 0;
    for (const Fragment *fragment = heap->fragments; fragment != NULL; fragment = fragment->next) {
        regions[i++] =
            (FragmentRegion){{fragment->data, (size_t) (fragment->top - fragment->data)},
                             plan->ages_messages && fragment->off_heap_bytes != FRAGMENT_OVERFLOW};
    }
    if (i > 1) {
        qsort(regions, i, sizeof *regions, regions_order);
    }
    return regions;
}

static void free_fragments(Heap *heap)
{
    for (Fragment *fragment = heap->fragments, *next; fragment != NULL; fragment = next) {
        next = fragment->next;
        ASSERT(fragment->off_heap == NULL);
        mem_free_sized(fragment, sizeof(Fragment) + fragment->words * sizeof(Term));
    }
    heap->fragments = NULL;
    heap->fragment_words = 0;
}

/* ---- a collection ---- */

/* Copies everything alive to the new block and the (new) old generation. */
static void copy_alive(Heap *heap, const Plan *plan, GcVisitor *visitor, Term *block, Term *old,
                       GcRoots roots)
{
    Term *stack = block + plan->block_words - plan->stack;
    if (plan->stack != 0) {
        memcpy(stack, heap->stack_top, plan->stack * sizeof(Term));
    }
    visitor->mode = VISIT_COPY;
    visitor->heap = heap;
    visitor->block = (Region){heap->block, plan->mature + plan->young};
    visitor->old = (Region){heap->old_block, (size_t) (heap->old_end - heap->old_block)};
    visitor->high_water = heap->high_water;
    visitor->is_major = plan->major;
    visitor->promotes = plan->promotes;
    visitor->top[TO_YOUNG] = block;
    visitor->top[TO_OLD] = old != NULL ? old : heap->old_top;
    visitor->done[TO_YOUNG] = (Region){block, plan->block_words};
    visitor->done[TO_OLD] = (Region){old, plan->old_words};
    Term *young_scan = block, *old_scan = visitor->top[TO_OLD];
    visitor->stack_delta_bytes = (ptrdiff_t) ((uintptr_t) stack - (uintptr_t) heap->stack_top);
    heap->block = block;
    heap->block_end = block + plan->block_words;
    heap->stack_top = stack;
    roots.visit(roots.owner, visitor);
    visitor->saw_outside = false; /* roots may; objects should not */
    while (young_scan < visitor->top[TO_YOUNG] || old_scan < visitor->top[TO_OLD]) {
        young_scan = scan(visitor, young_scan, TO_YOUNG);
        old_scan = scan(visitor, old_scan, TO_OLD);
    }
    ASSERT(visitor->top[TO_YOUNG] <= stack);
    heap->space.top = visitor->top[TO_YOUNG];
    heap->high_water = heap->space.top;
    if (old != NULL) {
        heap->old_block = old;
        heap->old_end = old + plan->old_words;
    } else if (plan->major) {
        heap->old_block = heap->old_end = NULL;
    }
    heap->old_top = plan->major && old == NULL ? NULL : visitor->top[TO_OLD];
}

/* With much that is old the young generation is not kept small: what it holds has time to die, and
 * the roots are looked at less often. Nor where a process collects again and again, for each
 * collection costs as much as building a hundred words, however little lives. */
static size_t nursery_words(const Heap *heap)
{
    size_t words = (size_t) (heap->old_top - heap->old_block) / 2;
    size_t often = (size_t) heap->minor_count * OFTEN_WORDS;
    size_t busy = (size_t) heap->busy * BUSY_NURSERY_WORDS;
    often = often > OFTEN_MOST_WORDS ? OFTEN_MOST_WORDS : often;
    often = often < busy ? busy : often;
    words = words < often ? often : words;
    return words > NURSERY_MOST_WORDS ? NURSERY_MOST_WORDS : words;
}

/* Judges the sizes now that it is known what lives; makes the room that was asked for. */
static bool settle(Heap *heap, const Plan *plan, bool compact, GcRoots roots)
{
    size_t young = (size_t) (heap->space.top - heap->block);
    size_t used = young + plan->stack, words = (size_t) (heap->block_end - heap->block);
    size_t old_used = (size_t) (heap->old_top - heap->old_block);
    size_t old_words = (size_t) (heap->old_end - heap->old_block);
    size_t new_words = 0, new_old_words = 0;
    bool low = words > heap->min_words && words > BUSY_WORDS && words / 2 > nursery_words(heap) &&
               used + plan->need < words / 4;
    heap->low_count = low ? (heap->low_count + 1) & 127 : 0;
    int low_most = words < NURSERY_MOST_WORDS ? LOW_COUNT_MAX : LARGE_LOW_COUNT_MAX;
    if (compact) {
        new_words = block_class_words(used + 2);
    } else if (words - used < plan->need || (low && (plan->major || heap->low_count >= low_most))) {
        size_t least = used + plan->need, nursery = nursery_words(heap);
        new_words = cap(heap, least + (used > nursery ? used : nursery), least);
        if (new_words < heap->min_words) {
            new_words = heap->min_words;
        }
        heap->low_count = 0;
    } else if (words > plan->wanted_words && 4 * (used + plan->need) < plan->wanted_words) {
        new_words = plan->wanted_words;
    }
    if (new_words == words) {
        new_words = 0;
    }
    if (plan->major && old_used == 0) {
        block_destroy(heap->old_block, old_words);
        heap->old_block = heap->old_top = heap->old_end = NULL;
    } else if (plan->major && old_used < old_words / 4) {
        size_t enough = block_class_words(2 * old_used + young + old_spare_words(heap));
        new_old_words = enough < old_words ? enough : 0;
    }
    if (new_words != 0 && new_words < words && cut_block(heap, new_words, roots)) {
        new_words = 0;
    }
    if (new_old_words != 0 && cut_old(heap, new_old_words)) {
        new_old_words = 0;
    }
    if (new_words != 0 || new_old_words != 0) {
        if (!relocate(heap, new_words, new_old_words, roots) && words - used < plan->need) {
            return false;
        }
    }
    words = (size_t) (heap->block_end - heap->block);
    bool busy = words < BUSY_WORDS && heap->minor_count % 2 != 0;
    heap->wants_growth =
        !compact && (used + plan->need > words / 2 || words - used < nursery_words(heap) || busy);
    return true;
}

static void count_collection(Heap *heap, const Plan *plan, uint64_t start_ns)
{
    GcEvent event = {.major = plan->major};
    uint64_t young = (uint64_t) (heap->space.top - heap->block);
    uint64_t old = (uint64_t) (heap->old_top - heap->old_block);
    uint64_t before = plan->mature + plan->young + plan->fragments + plan->old;
    event.words_promoted = plan->major ? 0 : old - plan->old;
    event.words_copied = young + (plan->major ? old : event.words_promoted);
    event.words_reclaimed = before - young - old;
    event.pause_ns = gc_stats_enabled && gc_clock_ns != NULL ? gc_clock_ns() - start_ns : 0;
    gc_stats_add(&event);
}

GcResult collect(Heap *heap, bool major, bool compact, size_t words, size_t stack_words,
                 GcRoots roots, const Leaving *leaving)
{
    FragmentRegion inlined[INLINE_FRAGMENTS];
    GcVisitor visitor;
    uint64_t start_ns = gc_stats_enabled && gc_clock_ns != NULL ? gc_clock_ns() : 0;
    Plan plan = make_plan(heap, major, compact, words + stack_words);
    bool stack_asks = heap_stack_asks(heap, words, stack_words);
    Term *former_block = heap->block, *former_old = heap->old_block;
    size_t former_words = (size_t) (heap->block_end - heap->block);
    size_t former_old_words = (size_t) (heap->old_end - heap->old_block);
    FragmentRegion *fragments = list_fragments(heap, &plan, &visitor.fragment_count, inlined);
    Term *block = block_create(plan.block_words);
    Term *old = plan.old_words == 0 ? NULL : block_create(plan.old_words);
    bool has_memory = fragments != NULL && block != NULL && (old != NULL || plan.old_words == 0);
    if (LIKELY(has_memory)) {
        visitor.fragments = fragments;
        visitor.leaving = leaving != NULL ? leaving->area : (Region){NULL, 0};
        visitor.leaving_delta_bytes = leaving != NULL ? leaving->delta_bytes : 0;
        copy_alive(heap, &plan, &visitor, block, old, roots);
    }
    if (fragments != inlined) {
        mem_free(fragments);
    }
    if (!has_memory) {
        block_destroy(block, plan.block_words);
        block_destroy(old, plan.old_words);
        return GC_NO_MEMORY;
    }
    sweep_off_heap(heap, plan.major);
    free_fragments(heap);
    block_destroy(former_block, former_words);
    if (plan.major && former_old != NULL) {
        block_destroy(former_old, former_old_words);
    }
    heap->minor_count = plan.major ? 0 : heap->minor_count + 1;
    heap->needs_collection = false;
    heap->max_heap_reached = false;
    heap->saw_outside = visitor.saw_outside;
    heap->wants_major = visitor.saw_outside || heap->old_off_heap_bytes > heap->old_off_heap_limit;
    bool has_room = settle(heap, &plan, compact, roots);
    count_collection(heap, &plan, start_ns);
    if (gc_verify) {
        verify_after_collection(heap, roots);
    }
    if (!has_room) {
        heap->space.limit = heap->space.top;
        return GC_NO_MEMORY;
    }
    heap_set_limit(heap, words, stack_words, stack_asks);
    if (heap->max_words != 0 && heap_used_words(heap) + plan.need > heap->max_words) {
        heap->max_heap_reached = true;
        return GC_MAX_HEAP_SIZE;
    }
    return GC_OK;
}
