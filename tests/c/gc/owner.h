/* tests/c/gc/owner.h
 * A stand-in for a process: a heap, some registers, and a stack of plain terms. For each slot it
 * keeps a deep copy in an arena of its own, made when the slot was set, to be compared with what
 * the slot holds after any number of collections. */
#ifndef MUSTER_TESTS_OWNER_H
#define MUSTER_TESTS_OWNER_H

#include "gc/heap.h"
#include "runtime/term/compare.h"
#include "runtime/term/copy.h"
#include "runtime/term/mem.h"
#include "tests/c/term/random_term.h"

enum { REGISTERS = 24, SHADOWS = 4096 };

typedef struct Shadow {
    ArenaSpace *arena; /* NULL: the term is immediate */
    Term term;
} Shadow;

typedef struct Owner {
    Heap heap;
    Term registers[REGISTERS];
    Shadow register_shadows[REGISTERS];
    Shadow stack_shadows[SHADOWS]; /* [0] is the oldest */
    size_t depth;
    size_t stack_moves;
} Owner;

static inline void owner_visit(void *state, GcVisitor *visitor)
{
    Owner *owner = state;
    gc_visit(visitor, owner->registers, REGISTERS);
    gc_visit(visitor, owner->heap.stack_top,
             (size_t) (owner->heap.block_end - owner->heap.stack_top));
    owner->stack_moves += gc_stack_delta_bytes(visitor) != 0;
}

static inline GcRoots owner_roots(Owner *owner)
{
    return (GcRoots){owner_visit, owner};
}

static inline Owner *owner_create(size_t min_words, uint16_t fullsweep_after, size_t max_words)
{
    Owner *owner = mem_alloc_zero(sizeof *owner);
    assert_true(heap_init(&owner->heap, min_words, fullsweep_after, max_words));
    for (size_t i = 0; i < REGISTERS; i++) {
        owner->registers[i] = owner->register_shadows[i].term = TERM_NIL;
    }
    return owner;
}

static inline void shadow_set(Shadow *shadow, Term t)
{
    if (shadow->arena != NULL) {
        arena_space_destroy(shadow->arena);
    }
    shadow->arena = term_is_pointer(t) ? arena_space_create() : NULL;
    shadow->term = shadow->arena == NULL ? t : term_copy(arena_space(shadow->arena), t);
}

static inline void owner_set(Owner *owner, size_t index, Term t)
{
    owner->registers[index] = t;
    shadow_set(&owner->register_shadows[index], t);
}

/* There must be room below the limit. */
static inline void owner_push(Owner *owner, Term t)
{
    assert_true(owner->heap.stack_top > owner->heap.space.limit);
    *--owner->heap.stack_top = t;
    if (owner->depth < SHADOWS) {
        shadow_set(&owner->stack_shadows[owner->depth], t);
    }
    owner->depth++;
}

static inline void owner_pop(Owner *owner)
{
    owner->heap.stack_top++;
    owner->depth--;
    if (owner->depth < SHADOWS) {
        shadow_set(&owner->stack_shadows[owner->depth], TERM_NIL);
    }
}

static inline void owner_check(Owner *owner)
{
    for (size_t i = 0; i < REGISTERS; i++) {
        assert_true(term_equal_exact(owner->registers[i], owner->register_shadows[i].term));
    }
    for (size_t i = 0; i < owner->depth && i < SHADOWS; i++) {
        assert_true(term_equal_exact(owner->heap.block_end[-1 - (ptrdiff_t) i],
                                     owner->stack_shadows[i].term));
    }
    heap_verify(&owner->heap, owner_roots(owner));
}

static inline void owner_destroy(Owner *owner)
{
    for (size_t i = 0; i < REGISTERS; i++) {
        shadow_set(&owner->register_shadows[i], TERM_NIL);
    }
    for (size_t i = 0; i < SHADOWS; i++) {
        shadow_set(&owner->stack_shadows[i], TERM_NIL);
    }
    heap_finish(&owner->heap);
    mem_free(owner);
}

static inline void owner_collect(Owner *owner, bool major)
{
    assert_int_equal(heap_collect(&owner->heap, major, 0, 0, owner_roots(owner)), GC_OK);
}

static inline void owner_room(Owner *owner, size_t words, size_t stack_words)
{
    assert_int_equal(heap_make_room(&owner->heap, words, stack_words, owner_roots(owner)), GC_OK);
    assert_true((size_t) (owner->heap.space.limit - owner->heap.space.top) >= words);
    assert_true((size_t) (owner->heap.stack_top - owner->heap.space.limit) >= stack_words);
}

#endif
