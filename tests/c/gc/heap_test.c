/* tests/c/gc/heap_test.c
 * Room, limits, fragments and sizes of a heap. */
#include "tests/c/gc/owner.h"

static Fragment *fragment_of(Term t)
{
    Fragment *fragment = fragment_create(term_copy_words(t));
    term_copy_to(t, &fragment->top, &fragment->off_heap, &fragment->off_heap_bytes);
    return fragment;
}

TEST(a_fresh_heap_is_one_small_block)
{
    atoms_init();
    Heap heap;
    assert_true(heap_init(&heap, 50, 65535, 0));
    assert_true(heap_total_words(&heap) >= 50);
    assert_true(heap_total_words(&heap) <= 56);
    assert_int_equal(heap_used_words(&heap), 0);
    assert_true(heap.space.limit > heap.space.top);
    assert_true(heap.space.limit < heap.stack_top);
    assert_true(heap_contains(&heap, heap.block));
    assert_false(heap_contains(&heap, heap.block_end));
    heap_finish(&heap);
}

TEST(room_is_made_by_moving_the_limit_while_there_is_a_gap)
{
    Owner *owner = owner_create(1000, 65535, 0);
    Term *block = owner->heap.block;
    owner_room(owner, 900, 10);
    assert_true(owner->heap.block == block);
    owner_room(owner, 10, 900);
    assert_true(owner->heap.block == block);
    owner_room(owner, 1000, 1000);
    assert_true(owner->heap.block != block);
    owner_destroy(owner);
}

static bool is_mostly_heap(const Owner *owner)
{
    const Heap *heap = &owner->heap;
    return heap->space.limit - heap->space.top > heap->stack_top - heap->space.limit;
}

TEST(who_is_short_of_room_gets_most_of_the_gap)
{
    Owner *owner = owner_create(10000, 65535, 0);
    Term *block = owner->heap.block;
    owner_room(owner, 1, 4000); /* the stack */
    assert_false(is_mostly_heap(owner));
    size_t left = (size_t) (owner->heap.space.limit - owner->heap.space.top);
    owner_room(owner, left + 1, 2 * left); /* who builds, though the frames need more */
    assert_true(is_mostly_heap(owner));
    assert_true(owner->heap.block == block);
    owner_collect(owner, false); /* neither */
    assert_true(is_mostly_heap(owner));
    owner_destroy(owner);
}

TEST(what_does_not_fit_goes_to_fragments_until_the_next_collection)
{
    atoms_init();
    Owner *owner = owner_create(50, 65535, 0);
    for (int64_t i = 0; i < 200; i++) {
        owner->registers[0] = make_cons(&owner->heap.space, term_small(i), owner->registers[0]);
    }
    assert_true(owner->heap.needs_collection);
    assert_true(owner->heap.fragments != NULL);
    size_t count = 0;
    for (Fragment *f = owner->heap.fragments; f != NULL; f = f->next) {
        count++;
    }
    assert_true(count < 30); /* not one for each cell */
    assert_true(heap_contains(&owner->heap, cons_cell(owner->registers[0])));
    owner_room(owner, 10, 10);
    assert_false(owner->heap.needs_collection);
    assert_true(owner->heap.fragments == NULL);
    assert_int_equal(heap_used_words(&owner->heap), 400);
    heap_verify(&owner->heap, owner_roots(owner));
    owner_destroy(owner);
}

TEST(a_large_result_of_small_pieces_takes_few_fragments)
{
    atoms_init();
    Owner *owner = owner_create(50, 65535, 0);
    Space *space = &owner->heap.space;
    for (int i = 0; i < 100000; i++) {
        assert_non_null(space_try_alloc(space, 6));
    }
    size_t fragments = 0;
    for (const Fragment *f = owner->heap.fragments; f != NULL; f = f->next) {
        fragments++;
    }
    assert_true(fragments > 0);
    assert_true(fragments < 100);
    owner_destroy(owner);
}

TEST(adopted_fragments_are_merged)
{
    atoms_init();
    Owner *owner = owner_create(50, 65535, 0);
    ArenaSpace *arena = arena_space_create();
    Term message = make_tuple3(arena_space(arena), ATOM_ok, ATOM_ok, ATOM_ok);
    size_t adopted = 0;
    for (; !owner->heap.needs_collection; adopted++) {
        Fragment *fragment = fragment_of(message);
        heap_adopt(&owner->heap, fragment);
        owner_set(owner, adopted % REGISTERS, term_boxed(fragment->data));
    }
    assert_true(adopted > 5);
    assert_true(adopted < 100);
    owner_collect(owner, false);
    owner_check(owner);
    assert_true(owner->heap.fragments == NULL);
    owner_destroy(owner);
    arena_space_destroy(arena);
}

TEST(a_live_heap_over_its_limit_is_reported)
{
    Owner *owner = owner_create(50, 65535, 1000);
    assert_int_equal(heap_make_room(&owner->heap, 500, 0, owner_roots(owner)), GC_OK);
    assert_int_equal(heap_make_room(&owner->heap, 2000, 0, owner_roots(owner)), GC_MAX_HEAP_SIZE);
    assert_true(owner->heap.max_heap_reached);
    owner->registers[0] = TERM_NIL;
    assert_int_equal(heap_make_room(&owner->heap, 10, 0, owner_roots(owner)), GC_OK);
    for (int i = 0; i < 490; i++) {
        owner->registers[0] = make_cons(&owner->heap.space, term_small(i), owner->registers[0]);
    }
    assert_int_equal(heap_collect(&owner->heap, false, 0, 0, owner_roots(owner)), GC_OK);
    assert_int_equal(heap_collect(&owner->heap, false, 500, 0, owner_roots(owner)),
                     GC_MAX_HEAP_SIZE);
    assert_int_equal(heap_collect(&owner->heap, true, 0, 500, owner_roots(owner)),
                     GC_MAX_HEAP_SIZE);
    owner->registers[0] = TERM_NIL;
    assert_int_equal(heap_collect(&owner->heap, true, 500, 0, owner_roots(owner)), GC_OK);
    owner_destroy(owner);
}

TEST(a_large_need_over_the_limit_is_refused_without_collecting)
{
    Owner *owner = owner_create(50, 65535, 10000);
    assert_true(space_try_alloc(&owner->heap.space, 20000) == NULL);
    assert_true(owner->heap.max_heap_reached);
    assert_true(owner->heap.needs_collection);
    assert_true(space_try_alloc(&owner->heap.space, 5000) != NULL);
    assert_true(space_try_alloc(&owner->heap.space, 100) != NULL);
    owner_destroy(owner);
}

TEST(an_absurd_request_is_refused)
{
    Owner *owner = owner_create(50, 65535, 0);
    assert_int_equal(heap_make_room(&owner->heap, SIZE_MAX / 2, 0, owner_roots(owner)),
                     GC_NO_MEMORY);
    assert_int_equal(heap_make_room(&owner->heap, 0, SIZE_MAX, owner_roots(owner)), GC_NO_MEMORY);
    assert_int_equal(heap_make_room(&owner->heap, (size_t) 1 << 50, 0, owner_roots(owner)),
                     GC_NO_MEMORY);
    assert_true(fragment_create(SIZE_MAX / 4) == NULL);
    assert_true(space_try_alloc(&owner->heap.space, (size_t) 1 << 50) == NULL);
    heap_verify(&owner->heap, owner_roots(owner));
    owner_destroy(owner);
}

TEST(hibernation_leaves_a_block_that_fits)
{
    atoms_init();
    Owner *owner = owner_create(5000, 65535, 0);
    owner_set(owner, 0, make_tuple3(&owner->heap.space, ATOM_ok, ATOM_ok, ATOM_ok));
    owner_push(owner, owner->registers[0]);
    assert_int_equal(heap_compact(&owner->heap, owner_roots(owner)), GC_OK);
    assert_true(heap_total_words(&owner->heap) <= 8);
    owner_check(owner);
    owner_room(owner, 100, 10);
    owner_check(owner);
    owner_destroy(owner);
}

TEST(a_heap_that_became_empty_shrinks)
{
    atoms_init();
    Owner *owner = owner_create(50, 65535, 0);
    for (int i = 0; i < 100000; i++) {
        owner_room(owner, 2, 0);
        owner->registers[0] = make_cons(&owner->heap.space, term_small(i), owner->registers[0]);
    }
    assert_true(heap_total_words(&owner->heap) >= 200000);
    assert_true(heap_total_words(&owner->heap) < 1000000);
    owner->registers[0] = TERM_NIL;
    owner_collect(owner, true);
    assert_true(heap_total_words(&owner->heap) <= 200);
    assert_true(owner->heap.old_block == NULL);
    owner_destroy(owner);
}

TEST(the_cost_estimate_goes_by_what_lived)
{
    atoms_init();
    Owner *owner = owner_create(40000, 65535, 0);
    for (int i = 0; i < 8000; i++) {
        owner->registers[0] = make_cons(&owner->heap.space, TERM_NIL, owner->registers[0]);
    }
    size_t first = heap_collect_cost_words(&owner->heap, false);
    assert_true(first >= 2000 && first < 8000);
    owner_collect(owner, false); /* all of it lives */
    for (int i = 0; i < 8000; i++) {
        make_cons(&owner->heap.space, TERM_NIL, TERM_NIL);
    }
    assert_true(heap_collect_cost_words(&owner->heap, false) >= 32000);
    owner->registers[0] = TERM_NIL;
    owner_collect(owner, false); /* none of what is new, and the rest is old now or gone */
    for (int i = 0; i < 8000; i++) {
        make_cons(&owner->heap.space, TERM_NIL, TERM_NIL);
    }
    size_t third = heap_collect_cost_words(&owner->heap, false);
    assert_true(third < 8000);
    assert_true(heap_collect_cost_words(&owner->heap, true) >= third);
    owner_destroy(owner);
}
