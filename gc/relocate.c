/* gc/relocate.c
 * Moving what was copied already: all of it goes the same distance, so that adjusting each pointer
 * is enough. A large block that becomes smaller is cut instead, if its allocator can do that. */
#include "gc/collect.h"

#include "runtime/term/mem.h"

static inline Term relocated(const GcVisitor *visitor, Term t)
{
    const Term *at = term_pointer(t);
    if (region_has(visitor->from[0], at)) {
        return t + visitor->delta_bytes[0];
    }
    return region_has(visitor->from[1], at) ? t + visitor->delta_bytes[1] : t;
}

void relocate_region(const GcVisitor *visitor, Term *at, const Term *end)
{
    for (; at < end; at++) {
        if (term_is_pointer(*at)) {
            *at = relocated(visitor, *at);
        } else if (term_is_header(*at)) {
            at += raw_words(*at);
        }
    }
}

/* The links of an off-heap list are bare addresses. */
static Term *relocate_list(const GcVisitor *visitor, Term *first)
{
    Term *list = NULL;
    for (Term **link = &list, *object = first; object != NULL;) {
        object = term_pointer(relocated(visitor, term_boxed(object)));
        *link = object;
        link = (Term **) &object[1];
        object = *link;
    }
    return list;
}

/* Moves the block, the old generation or both (0: stays) to ones of other sizes. */
bool relocate(Heap *heap, size_t block_words, size_t old_words, GcRoots roots)
{
    size_t stack_words = (size_t) (heap->block_end - heap->stack_top);
    size_t young_used = (size_t) (heap->space.top - heap->block);
    size_t old_used = (size_t) (heap->old_top - heap->old_block);
    Term *old_block_before = heap->old_block, *block_before = heap->block;
    size_t words_before = (size_t) (heap->block_end - heap->block);
    size_t old_words_before = (size_t) (heap->old_end - heap->old_block);
    Term *block = NULL, *old = NULL;
    GcVisitor visitor = {.mode = VISIT_RELOCATE, .heap = heap};
    if (block_words != 0) {
        block = block_create(block_words);
        if (block == NULL) {
            return false;
        }
    }
    if (old_words != 0) {
        old = block_create(old_words);
        if (old == NULL) {
            block_destroy(block, block_words);
            return false;
        }
    }
    if (block != NULL) {
        memcpy(block, heap->block, young_used * sizeof(Term));
        Term *stack = block + block_words - stack_words;
        if (stack_words != 0) {
            memcpy(stack, heap->stack_top, stack_words * sizeof(Term));
        }
        visitor.from[0] = (Region){block_before, young_used};
        visitor.delta_bytes[0] = (uint64_t) block - (uint64_t) block_before;
        visitor.stack_delta_bytes = (ptrdiff_t) ((uintptr_t) stack - (uintptr_t) heap->stack_top);
        heap->block = block;
        heap->block_end = block + block_words;
        heap->stack_top = stack;
        heap->high_water = block + (heap->high_water - block_before);
        heap->space.top = block + young_used;
    }
    if (old != NULL) {
        memcpy(old, old_block_before, old_used * sizeof(Term));
        visitor.from[1] = (Region){old_block_before, old_used};
        visitor.delta_bytes[1] = (uint64_t) old - (uint64_t) old_block_before;
        heap->old_block = old;
        heap->old_top = old + old_used;
        heap->old_end = old + old_words;
        relocate_region(&visitor, heap->old_block, heap->old_top);
        heap->old_off_heap = relocate_list(&visitor, heap->old_off_heap);
    }
    relocate_region(&visitor, heap->block, heap->space.top);
    heap->space.off_heap = relocate_list(&visitor, heap->space.off_heap);
    roots.visit(roots.owner, &visitor);
    if (block != NULL) {
        block_destroy(block_before, words_before);
    }
    if (old != NULL) {
        block_destroy(old_block_before, old_words_before);
    }
    return true;
}

bool cut_block(Heap *heap, size_t block_words, GcRoots roots)
{
    size_t words = (size_t) (heap->block_end - heap->block);
    size_t stack_words = (size_t) (heap->block_end - heap->stack_top);
    Term *stack = heap->block + block_words - stack_words;
    ASSERT(block_words < words);
    ASSERT(stack >= heap->space.top);
    if (block_words > words - stack_words) {
        return false; /* the stack would overwrite itself */
    }
    if (stack_words != 0) {
        memcpy(stack, heap->stack_top, stack_words * sizeof(Term));
    }
    if (!mem_cut(heap->block, words * sizeof(Term), block_words * sizeof(Term))) {
        return false;
    }
    GcVisitor visitor = {
        .mode = VISIT_RELOCATE,
        .heap = heap,
        .stack_delta_bytes = (ptrdiff_t) ((uintptr_t) stack - (uintptr_t) heap->stack_top),
    };
    heap->block_end = heap->block + block_words;
    heap->stack_top = stack;
    roots.visit(roots.owner, &visitor);
    return true;
}

bool cut_old(Heap *heap, size_t old_words)
{
    size_t words = (size_t) (heap->old_end - heap->old_block);
    ASSERT(old_words <= words);
    if (!mem_cut(heap->old_block, words * sizeof(Term), old_words * sizeof(Term))) {
        return false;
    }
    heap->old_end = heap->old_block + old_words;
    return true;
}
