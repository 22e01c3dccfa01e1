/* gc/verify.c
 * The walker that checks all of a heap: MUSTER_DEBUG=gc_verify after each collection, and tests.
 *
 * What lies below high_water and in the old generation is known to be one object after another;
 * behind high_water a built-in may be at work. */
#include "gc/collect.h"
#include "runtime/term/bits.h"
#include "runtime/term/ref.h"

static Region used_block(const Heap *heap)
{
    return (Region){heap->block, (size_t) (heap->space.top - heap->block)};
}

static Region used_old(const Heap *heap)
{
    return (Region){heap->old_block, (size_t) (heap->old_top - heap->old_block)};
}

static void verify_slot(const Heap *heap, Term t, bool from_old)
{
    if (!term_is_pointer(t)) {
        CHECK(t != TERM_NONE); /* nothing half-moved */
        return;
    }
    const Term *at = term_pointer(t);
    Region block = {heap->block, (size_t) (heap->block_end - heap->block)};
    Region old = {heap->old_block, (size_t) (heap->old_end - heap->old_block)};
    CHECK(((uintptr_t) at & 7) == 0);
    if (region_has(block, at)) {
        CHECK(!from_old); /* the old generation is collected without looking at it */
        CHECK(region_has(used_block(heap), at));
    } else if (region_has(old, at)) {
        CHECK(region_has(used_old(heap), at));
    }
    if (term_is_boxed(t)) {
        CHECK(term_is_header(*at));
        CHECK(header_kind(*at) < KIND_COUNT);
    } else {
        CHECK(at[0] != TERM_NONE);
        CHECK(!term_is_header(at[0]));
    }
}

static void verify_region(const Heap *heap, const Term *at, const Term *end, bool is_old)
{
    while (at < end) {
        if (!term_is_header(*at)) {
            CHECK(at + 2 <= end);
            verify_slot(heap, at[0], is_old);
            verify_slot(heap, at[1], is_old);
            at += 2;
            continue;
        }
        size_t size = header_words(*at), raw = raw_words(*at);
        CHECK(header_kind(*at) < KIND_COUNT);
        CHECK(size < (size_t) (end - at));
        CHECK(raw <= size);
        for (size_t i = 1 + raw; i <= size; i++) {
            verify_slot(heap, at[i], is_old);
        }
        at += 1 + size;
    }
    CHECK(at == end);
}

static void verify_list(const Term *first, size_t *bytes)
{
    for (const Term *object = first; object != NULL; object = (const Term *) object[1]) {
        Kind kind = header_kind(object[0]);
        CHECK(kind == KIND_refc_binary || kind == KIND_magic);
        if (kind == KIND_refc_binary) {
            CHECK(((const Binary *) object[2])->references >= 1);
            CHECK(object[3] <= ((const Binary *) object[2])->capacity_bytes);
            *bytes += object[3];
        } else {
            CHECK(((const Magic *) object[2])->references >= 1);
        }
    }
}

void heap_verify(Heap *heap, GcRoots roots)
{
    size_t young_bytes = 0, old_bytes = 0;
    CHECK(heap->block <= heap->high_water);
    CHECK(heap->high_water <= heap->space.top);
    CHECK(heap->space.top <= heap->space.limit);
    CHECK(heap->space.limit <= heap->stack_top);
    CHECK(heap->stack_top <= heap->block_end);
    CHECK(heap->old_block <= heap->old_top);
    CHECK(heap->old_top <= heap->old_end);
    verify_region(heap, heap->block, heap->high_water, false);
    verify_region(heap, heap->old_block, heap->old_top, true);
    verify_list(heap->space.off_heap, &young_bytes);
    verify_list(heap->old_off_heap, &old_bytes);
    CHECK(old_bytes == heap->old_off_heap_bytes);
    for (const Fragment *fragment = heap->fragments; fragment != NULL; fragment = fragment->next) {
        CHECK(fragment->top <= fragment->data + fragment->words);
        verify_list(fragment->off_heap, &young_bytes);
    }
    CHECK(young_bytes / BINARY_SHARES_MOST <= heap->space.off_heap_bytes); /* messages weigh less */
    GcVisitor visitor = {.mode = VISIT_VERIFY, .heap = heap};
    roots.visit(roots.owner, &visitor);
}

void verify_after_collection(Heap *heap, GcRoots roots)
{
    Term *limit = heap->space.limit;
    heap->space.limit = heap->space.top; /* not set yet */
    CHECK(heap->fragments == NULL);
    CHECK(heap->high_water == heap->space.top);
    heap_verify(heap, roots);
    heap->space.limit = limit;
}
