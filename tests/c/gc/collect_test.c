/* tests/c/gc/collect_test.c
 * Random graphs on a heap, collected in every way, against deep copies kept aside. */
#include "tests/c/gc/owner.h"

static void start(void)
{
    atoms_init();
    gc_verify = true;
}

/* ---- things held outside, counted ---- */

enum { HELD = 16 };
static Binary *held_binaries[HELD];
static Magic held_magics[HELD];
static size_t destroyed;
static const int magic_type;

static void destroy_held(Magic *magic)
{
    destroyed++;
}

static void hold_all(void)
{
    destroyed = 0;
    for (size_t i = 0; i < HELD; i++) {
        held_binaries[i] = binary_create(100 + 50 * i, 100 + 50 * i);
        memset(held_binaries[i]->bytes, (int) i, 100 + 50 * i);
        held_magics[i] = (Magic){1, destroy_held, &magic_type};
    }
}

static void assert_only_we_hold(void)
{
    for (size_t i = 0; i < HELD; i++) {
        assert_int_equal(held_binaries[i]->references, 1);
        assert_int_equal(held_magics[i].references, 1);
        binary_release(held_binaries[i]);
        magic_release(&held_magics[i]);
    }
    assert_int_equal(destroyed, HELD);
}

static Term random_held(Space *space, uint64_t *seed)
{
    size_t i = random_below(seed, HELD);
    if (random_below(seed, 2) == 0) {
        magic_retain(&held_magics[i]);
        return make_magic_ref(space, &held_magics[i], i);
    }
    binary_retain(held_binaries[i]);
    Term binary = make_binary_from(space, held_binaries[i], 100 + 50 * i);
    return random_below(seed, 2) == 0 ? binary : make_sub_bits(space, binary, 3, 700);
}

/* ---- one step of a program ---- */

static Term any_slot(Owner *owner, uint64_t *seed)
{
    if (owner->depth > 0 && random_below(seed, 3) == 0) {
        return owner->heap.stack_top[random_below(seed, owner->depth)];
    }
    return owner->registers[random_below(seed, REGISTERS)];
}

static Term mixed_term(Owner *owner, uint64_t *seed)
{
    Space *space = &owner->heap.space;
    switch (random_below(seed, 6)) {
    case 0: /* what is there already, shared */
        return make_tuple3(space, any_slot(owner, seed), any_slot(owner, seed), ATOM_ok);
    case 1:
        return make_cons(space, any_slot(owner, seed), any_slot(owner, seed));
    case 2:
        return make_tuple2(space, random_held(space, seed), random_held(space, seed));
    case 3: {
        Term map = random_term(space, seed, 3);
        return term_is_map(map) ? map_put(space, map, any_slot(owner, seed), ATOM_ok) : map;
    }
    default:
        return random_term(space, seed, 1 + random_below(seed, 100));
    }
}

static Fragment *random_message(uint64_t *seed, Term *value)
{
    ArenaSpace *arena = arena_space_create();
    Term source = make_cons(arena_space(arena), random_held(arena_space(arena), seed),
                            random_term(arena_space(arena), seed, 30));
    Fragment *fragment = fragment_create(term_copy_words(source));
    *value = term_copy_to(source, &fragment->top, &fragment->off_heap, &fragment->off_heap_bytes);
    arena_space_destroy(arena);
    return fragment;
}

static size_t shadow_size(const Shadow *shadow)
{
    return shadow->arena == NULL ? 0 : term_flat_words(shadow->term);
}

static void step(Owner *owner, uint64_t *seed)
{
    size_t index = random_below(seed, REGISTERS);
    switch (random_below(seed, 12)) {
    case 0:
        owner_room(owner, 0, 1 + random_below(seed, 10));
        owner_push(owner, any_slot(owner, seed));
        break;
    case 1:
        if (owner->depth > 0) {
            owner_pop(owner);
        }
        break;
    case 2: {
        Term value;
        Fragment *fragment = random_message(seed, &value);
        heap_adopt(&owner->heap, fragment);
        owner_set(owner, index, value);
        break;
    }
    case 3:
        owner_set(owner, index, TERM_NIL);
        break;
    case 4:
        owner_room(owner, random_below(seed, 100), random_below(seed, 20));
        break;
    default:
        owner_set(owner, index, mixed_term(owner, seed));
        break;
    }
    /* Sharing must not make the deep copies explode. */
    for (size_t i = 0; i < REGISTERS; i++) {
        if (shadow_size(&owner->register_shadows[i]) > 2000) {
            owner_set(owner, i, TERM_NIL);
        }
    }
}

static void run(uint64_t seed, size_t steps, size_t min_words, uint16_t fullsweep_after,
                size_t between)
{
    hold_all();
    Owner *owner = owner_create(min_words, fullsweep_after, 0);
    for (size_t i = 0; i < steps; i++) {
        step(owner, &seed);
        if (owner->heap.needs_collection || random_below(&seed, between) == 0) {
            size_t kind = random_below(&seed, 8);
            if (kind == 0) {
                assert_int_equal(heap_compact(&owner->heap, owner_roots(owner)), GC_OK);
            } else {
                owner_collect(owner, kind == 1);
            }
            owner_check(owner);
        }
    }
    owner_check(owner);
    owner_destroy(owner);
    assert_only_we_hold();
}

TEST(random_graphs_survive_collections)
{
    start();
    for (uint64_t seed = 1; seed <= 30; seed++) {
        run(seed, 1500, 20, 65535, 8);
    }
}

TEST(random_graphs_survive_collections_at_every_step)
{
    start();
    for (uint64_t seed = 100; seed <= 106; seed++) {
        run(seed, 600, 20, 65535, 1);
    }
}

TEST(random_graphs_survive_when_every_collection_is_major)
{
    start();
    for (uint64_t seed = 200; seed <= 206; seed++) {
        run(seed, 800, 50, 0, 8);
    }
}

TEST(random_graphs_survive_on_a_large_heap_with_rare_collections)
{
    start();
    for (uint64_t seed = 300; seed <= 303; seed++) {
        run(seed, 5000, 5000, 10, 200);
    }
}

TEST(stress_collects_at_every_request)
{
    start();
    gc_stress = true;
    run(400, 500, 20, 65535, 20);
    gc_stress = false;
}

/* ---- single matters ---- */

TEST(what_is_shared_stays_shared)
{
    start();
    Owner *owner = owner_create(50, 65535, 0);
    Term shared = make_tuple2(&owner->heap.space, ATOM_ok, ATOM_error);
    owner_set(owner, 0, make_cons(&owner->heap.space, shared, shared));
    for (int i = 0; i < 5; i++) {
        owner_collect(owner, i == 3);
        Term cell = owner->registers[0];
        assert_true(cons_head(cell) == cons_tail(cell));
    }
    owner_check(owner);
    owner_destroy(owner);
}

TEST(a_literal_stays_where_it_is)
{
    start();
    Owner *owner = owner_create(50, 65535, 0);
    Term literal = literal_intern(make_tuple2(&owner->heap.space, ATOM_ok, ATOM_error));
    owner_set(owner, 0, make_cons(&owner->heap.space, literal, literal));
    owner_collect(owner, false);
    owner_collect(owner, true);
    assert_true(cons_head(owner->registers[0]) == literal);
    owner_destroy(owner);
}

/* A random part of the term. */
static Term some_part(Term t, uint64_t *seed)
{
    while (test_random(seed) % 3 != 0) {
        if (term_is_cons(t)) {
            t = test_random(seed) % 2 == 0 ? cons_head(t) : cons_tail(t);
        } else if (term_is_tuple(t) && tuple_arity(t) > 0) {
            t = tuple_elements(t)[test_random(seed) % tuple_arity(t)];
        } else {
            break;
        }
    }
    return t;
}

TEST(what_a_heap_refers_to_of_literals_that_leave_becomes_its_own)
{
    enum { TERMS = 20 };
    start();
    uint64_t seed = 11;
    hold_all();
    for (int round = 0; round < 300; round++) {
        Owner *owner = owner_create(50, 65535, 0);
        ArenaSpace *arena = arena_space_create();
        Term terms[TERMS], *all[TERMS], flat[REGISTERS];
        for (size_t i = 0; i < TERMS; i++) {
            terms[i] = random_term(arena_space(arena), &seed, 40);
            all[i] = &terms[i];
        }
        LiteralArea *area = literal_area_create(all, TERMS);
        for (size_t i = 0; i < REGISTERS; i++) {
            Space *space = &owner->heap.space;
            Term part = some_part(terms[test_random(&seed) % TERMS], &seed);
            Term before = i > 0 ? owner->registers[test_random(&seed) % i] : TERM_NIL;
            owner->registers[i] = make_cons(space, part, make_tuple2(space, before, part));
            if (round % 3 != 0) {
                owner_collect(owner, false); /* so that some of it is old */
            }
        }
        for (size_t i = 0; i < REGISTERS; i++) {
            flat[i] = term_copy_flat(arena_space(arena), owner->registers[i]);
        }
        assert_int_equal(GC_OK, heap_take_literals(&owner->heap, area, owner_roots(owner)));
        heap_verify(&owner->heap, owner_roots(owner));
        off_heap_drop_all(area->off_heap);
        area->off_heap = NULL;
        if (area->words > 0) {
            memset(area->start, 0xFF, area->words * sizeof(Term));
        }
        owner_collect(owner, round % 2 == 0);
        for (size_t i = 0; i < REGISTERS; i++) {
            assert_true(term_equal_exact(flat[i], owner->registers[i]));
        }
        literal_area_destroy(area);
        arena_space_destroy(arena);
        owner_destroy(owner);
    }
    assert_only_we_hold();
}

TEST(a_message_not_adopted_stays_where_it_is)
{
    start();
    uint64_t seed = 1;
    Term value, other;
    hold_all();
    Owner *owner = owner_create(50, 65535, 0);
    Fragment *fragment = random_message(&seed, &value), *adopted = random_message(&seed, &other);
    heap_adopt(&owner->heap, adopted);
    owner_set(owner, 0, value);
    owner_set(owner, 1, make_cons(&owner->heap.space, value, other));
    owner_collect(owner, false);
    assert_true(owner->registers[0] == value);
    assert_true(cons_head(owner->registers[1]) == value);
    assert_true(cons_tail(owner->registers[1]) != other);
    heap_adopt(&owner->heap, fragment);
    owner_collect(owner, true);
    assert_true(owner->registers[0] != value);
    assert_true(cons_head(owner->registers[1]) == owner->registers[0]);
    owner_check(owner);
    owner_destroy(owner);
    assert_only_we_hold();
}

static Term list_of(Owner *owner, size_t index, size_t count)
{
    owner->registers[index] = TERM_NIL;
    for (size_t i = 0; i < count; i++) {
        if (owner->heap.space.limit - owner->heap.space.top < 2) {
            owner_room(owner, 2, 0);
        }
        owner->registers[index] =
            make_cons(&owner->heap.space, term_small((int64_t) i), owner->registers[index]);
    }
    return owner->registers[index];
}

TEST(a_list_of_ten_million_elements)
{
    start();
    gc_verify = false;
    Owner *owner = owner_create(50, 65535, 0);
    enum { COUNT = 10000000 };
    GcStats before, after;
    gc_stats_read(&before);
    list_of(owner, 0, COUNT);
    gc_stats_read(&after);
    /* Amortised: each word is copied a few times only. */
    assert_true(after.words_copied - before.words_copied < 6 * 2 * (uint64_t) COUNT);
    owner_collect(owner, false);
    owner_collect(owner, true);
    Term list = owner->registers[0];
    for (size_t i = COUNT; i > 0; i--, list = cons_tail(list)) {
        assert_true(cons_head(list) == term_small((int64_t) i - 1));
    }
    assert_true(list == TERM_NIL);
    owner->registers[0] = TERM_NIL;
    owner_collect(owner, true);
    assert_true(heap_total_words(&owner->heap) < 1000);
    owner_destroy(owner);
}

TEST(ten_million_levels)
{
    start();
    gc_verify = false;
    Owner *owner = owner_create(50, 65535, 0);
    enum { DEEP = 10000000 };
    for (size_t i = 0; i < DEEP; i++) {
        if (owner->heap.space.limit - owner->heap.space.top < 2) {
            owner_room(owner, 2, 0);
        }
        owner->registers[0] = make_tuple(&owner->heap.space, owner->registers, 1);
    }
    owner_collect(owner, true);
    size_t depth = 0;
    for (Term t = owner->registers[0]; t != TERM_NIL; t = tuple_elements(t)[0]) {
        depth++;
    }
    assert_int_equal(depth, DEEP);
    owner_destroy(owner);
}

TEST(a_deep_stack_is_copied_a_few_times_only)
{
    start();
    gc_verify = false;
    Owner *owner = owner_create(50, 65535, 0);
    enum { DEEP = 20000000 };
    for (size_t i = 0; i < DEEP; i++) {
        if (owner->heap.stack_top == owner->heap.space.limit) {
            owner_room(owner, 0, 1);
        }
        *--owner->heap.stack_top = term_small((int64_t) i);
        if ((i & 15) == 0) { /* and some garbage */
            if (owner->heap.space.limit - owner->heap.space.top < 4) {
                owner_room(owner, 4, 0);
            }
            make_tuple3(&owner->heap.space, ATOM_ok, ATOM_ok, ATOM_ok);
        }
    }
    assert_true(owner->stack_moves < 60);
    for (size_t i = 0; i < DEEP; i++) {
        assert_true(*owner->heap.stack_top++ == term_small((int64_t) (DEEP - 1 - i)));
    }
    owner_collect(owner, true);
    assert_true(heap_total_words(&owner->heap) < 1000);
    owner_destroy(owner);
}

TEST(weight_off_the_heap_asks_for_a_collection)
{
    start();
    Owner *owner = owner_create(1000000, 65535, 0);
    size_t made = 0;
    while (!owner->heap.needs_collection) {
        uint8_t *bytes;
        make_binary_uninit(&owner->heap.space, 10000, &bytes);
        made++;
    }
    assert_true(made < 1000);
    owner_collect(owner, false);
    assert_int_equal(owner->heap.space.off_heap_bytes, 0);
    assert_true(owner->heap.space.off_heap == NULL);
    owner_destroy(owner);
}

TEST(old_binaries_lead_to_a_major_collection)
{
    start();
    Owner *owner = owner_create(20, 65535, 0);
    size_t rounds = 0;
    /* Each lives long enough to become old, and dies. */
    while (rounds < 10000 && !(rounds > 0 && heap_wants_major(&owner->heap))) {
        uint8_t *bytes;
        for (size_t i = 0; i < 3; i++) {
            owner->registers[rounds * 3 % 18 + i] =
                make_binary_uninit(&owner->heap.space, 5000, &bytes);
        }
        list_of(owner, 23, 300);
        owner_collect(owner, false);
        rounds++;
    }
    assert_true(rounds < 10000);
    owner_collect(owner, false);
    assert_true(owner->heap.old_off_heap_bytes + owner->heap.space.off_heap_bytes <= 18 * 5000);
    owner_destroy(owner);
}
