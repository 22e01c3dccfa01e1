/* tests/c/term/map_test.c
 * Maps against a plain list of associations, small and big, with and without colliding hashes. */
#include "runtime/term/map.h"

#include "runtime/term/compare.h"
#include "runtime/term/map_tree.h"
#include "tests/c/term/random_term.h"

static ArenaSpace *arena;
static Space *space;

static void start(void)
{
    atoms_init();
    arena = arena_space_create();
    space = arena_space(arena);
}

static void stop(void)
{
    arena_space_destroy(arena);
}

/* ---- the model ---- */

typedef struct Model {
    Term *keys, *values;
    size_t count, capacity;
} Model;

static size_t model_find(const Model *model, Term key)
{
    size_t i = 0;
    while (i < model->count && !term_equal_exact(model->keys[i], key)) {
        i++;
    }
    return i;
}

static void model_put(Model *model, Term key, Term value)
{
    size_t i = model_find(model, key);
    if (i == model->count && model->count++ == model->capacity) {
        model->capacity = 2 * model->capacity + 8;
        model->keys = realloc(model->keys, model->capacity * sizeof(Term));
        model->values = realloc(model->values, model->capacity * sizeof(Term));
    }
    model->keys[i] = key;
    model->values[i] = value;
}

static void model_remove(Model *model, Term key)
{
    size_t i = model_find(model, key);
    if (i < model->count) {
        model->count--;
        model->keys[i] = model->keys[model->count];
        model->values[i] = model->values[model->count];
    }
}

static void model_finish(Model *model)
{
    free(model->keys);
    free(model->values);
    *model = (Model){0};
}

/* The same associations, however one looks; and of the one form that they have. */
static void assert_same(Term map, const Model *model)
{
    size_t count = 0;
    Term key, value, *pairs = malloc((model->count + 1) * 2 * sizeof(Term));
    MapWalk walk;
    assert_int_equal(map_size(map), model->count);
    assert_int_equal(boxed_kind(map), model->count > MAP_SMALL_MAX ? KIND_tree : KIND_map);
    for (map_walk_start(&walk, map); map_walk_next(&walk, &key, &value); count++) {
        size_t i = model_find(model, key);
        assert_true(i < model->count);
        assert_true(model->values[i] == value);
    }
    assert_int_equal(count, model->count);
    for (size_t i = 0; i < model->count; i++) {
        assert_true(map_get(map, model->keys[i]) == model->values[i]);
        pairs[2 * i] = model->keys[i];
        pairs[2 * i + 1] = model->values[i];
    }
    Term twin = map_from_pairs(space, pairs, model->count);
    assert_true(term_equal_exact(map, twin));
    assert_true(term_hash(map) == term_hash(twin));
    assert_true(term_phash2(map) == term_phash2(twin));
    assert_int_equal(term_compare(map, twin), 0);
    map_sorted_keys(map, pairs);
    for (size_t i = 1; i < model->count; i++) {
        assert_true(term_compare_exact(pairs[i - 1], pairs[i]) < 0);
    }
    free(pairs);
}

static Term any_key(uint64_t *seed, size_t range)
{
    switch (random_below(seed, 5)) {
    case 0:
        return make_tuple2(space, term_small((int64_t) random_below(seed, range)), ATOM_ok);
    case 1:
        return make_float(space, (double) random_below(seed, range));
    default:
        return term_small((int64_t) random_below(seed, range));
    }
}

static void run(uint64_t seed, size_t range, size_t steps)
{
    start();
    Model model = {0};
    Term map = map_empty(space);
    for (size_t i = 0; i < steps; i++) {
        Term key = any_key(&seed, range), value = term_small((int64_t) i);
        /* Phases of growing and shrinking. */
        if (random_below(&seed, 8) < ((i / (steps / 4)) % 2 == 0 ? 6 : 2)) {
            map = map_put(space, map, key, value);
            model_put(&model, key, value);
        } else {
            Term rest = map_remove(space, map, key);
            assert_true((rest == map) == (model_find(&model, key) == model.count));
            map = rest;
            model_remove(&model, key);
        }
        assert_true((map_get(map, key) == TERM_NONE) == (model_find(&model, key) == model.count));
        if (i % (1 + steps / 50) == 0) {
            assert_same(map, &model);
        }
    }
    assert_same(map, &model);
    while (model.count > 0) {
        Term key = model.keys[random_below(&seed, model.count)];
        map = map_remove(space, map, key);
        model_remove(&model, key);
        if (model.count % 16 == 0) {
            assert_same(map, &model);
        }
    }
    assert_same(map, &model);
    model_finish(&model);
    stop();
}

TEST(random_puts_and_removals_agree_with_a_list)
{
    for (uint64_t seed = 1; seed < 20; seed++) {
        run(seed, 5 + seed * 8, 1500);
    }
    run(99, 2000, 10000);
}

TEST(keys_whose_hashes_collide_are_kept_apart)
{
#ifdef MUSTER_ASSERTS
    static const uint64_t masks[] = {
        0, 1, 0xF, 0xFF00000000000000, 0x8000000000000001, 0xF0F0F0F0F0F0F0F0};
    for (size_t i = 0; i < COUNT_OF(masks); i++) {
        map_hash_mask = masks[i];
        run(i + 1, 60, 1000);
        run(i + 1, 300, 2000);
    }
    map_hash_mask = ~(uint64_t) 0;
#else
    skip(); /* only builds with assertions can be told to hash badly */
#endif
}

/* ---- building from many ---- */

static void check_pairs(uint64_t seed, size_t count, size_t range)
{
    Model model = {0};
    Term *pairs = malloc((count + 1) * 2 * sizeof(Term));
    start();
    for (size_t i = 0; i < count; i++) {
        pairs[2 * i] = any_key(&seed, range);
        pairs[2 * i + 1] = term_small((int64_t) i);
        model_put(&model, pairs[2 * i], pairs[2 * i + 1]);
    }
    assert_same(map_from_pairs(space, pairs, count), &model);
    model_finish(&model);
    free(pairs);
    stop();
}

TEST(of_equal_keys_the_last_wins)
{
    for (uint64_t seed = 1; seed < 60; seed++) {
        check_pairs(seed, seed * 3, 1 + seed);
    }
    check_pairs(7, 3000, 5);
    check_pairs(8, 3000, 3000);
}

static void check_merge(uint64_t seed, size_t a_count, size_t b_count, size_t range)
{
    Model model = {0};
    start();
    Term a = map_empty(space), b = map_empty(space);
    for (size_t i = 0; i < a_count; i++) {
        Term key = any_key(&seed, range), value = term_small((int64_t) i);
        a = map_put(space, a, key, value);
        model_put(&model, key, value);
    }
    for (size_t i = 0; i < b_count; i++) {
        Term key = any_key(&seed, range), value = term_small((int64_t) -i);
        b = map_put(space, b, key, value);
        model_put(&model, key, value);
    }
    assert_same(map_merge(space, a, b), &model);
    assert_true(term_equal_exact(map_merge(space, a, a), a));
    assert_true(term_equal_exact(map_merge(space, a, map_empty(space)), a));
    assert_true(term_equal_exact(map_merge(space, map_empty(space), a), a));
    Term ab = map_merge(space, a, b);
    assert_true(map_merge(space, a, ab) == ab); /* nothing new: the map itself */
    model_finish(&model);
    stop();
}

static void check_merges(void)
{
    static const size_t counts[] = {0, 1, 5, 30, 40, 100, 500};
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        for (size_t k = 0; k < COUNT_OF(counts); k++) {
            check_merge(i * 10 + k, counts[i], counts[k], 20);
            check_merge(i * 10 + k, counts[i], counts[k], 400);
        }
    }
}

TEST(merging_prefers_the_second_map)
{
    check_merges();
#ifdef MUSTER_ASSERTS
    map_hash_mask = 0x7;
    check_merges();
    map_hash_mask = ~(uint64_t) 0;
#endif
}

/* ---- sharing ---- */

TEST(an_update_that_changes_nothing_gives_the_map_itself)
{
    start();
    for (int64_t size = 1; size < 200; size += 13) {
        Term map = map_empty(space);
        for (int64_t i = 0; i < size; i++) {
            map = map_put(space, map, term_small(i), ATOM_ok);
        }
        assert_true(map_put(space, map, term_small(size / 2), ATOM_ok) == map);
        assert_true(map_remove(space, map, ATOM_ok) == map);
    }
    stop();
}

TEST(small_maps_share_their_keys_when_a_value_is_replaced)
{
    start();
    Term map = map_from_pairs(space, (Term[]){ATOM_ok, ATOM_ok, ATOM_error, ATOM_ok}, 2);
    Term changed = map_put(space, map, ATOM_ok, ATOM_error);
    assert_true(term_boxed_at(map)[1] == term_boxed_at(changed)[1]);
    assert_true(map_merge(space, map, changed) == changed);
    stop();
}

TEST(one_and_one_point_zero_are_different_keys)
{
    start();
    Term map = map_put(space, map_empty(space), term_small(1), ATOM_ok);
    map = map_put(space, map, make_float(space, 1.0), ATOM_error);
    assert_int_equal(map_size(map), 2);
    assert_true(map_get(map, term_small(1)) == ATOM_ok);
    assert_true(map_get(map, make_float(space, 1.0)) == ATOM_error);
    stop();
}

/* ---- no memory ---- */

static size_t allowance;
static Term *grow_a_little(Space *full, size_t words)
{
    return words <= allowance ? (allowance -= words, space_alloc(space, words)) : NULL;
}

TEST(without_memory_the_answer_is_the_limit)
{
    start();
    static Term none;
    Term pairs[200];
    for (size_t i = 0; i < 200; i++) {
        pairs[i] = term_small((int64_t) i);
    }
    Term small = map_from_pairs(space, pairs, 20), big = map_from_pairs(space, pairs, 100);
    for (size_t words = 0; words < 60; words++) {
        Space full = {.top = &none, .limit = &none, .grow = grow_a_little};
        Term results[6];
        size_t before = words;
#define ATTEMPT(i, expression) (allowance = before, results[i] = (expression))
        ATTEMPT(0, map_put(&full, small, ATOM_ok, ATOM_ok));
        ATTEMPT(1, map_put(&full, big, ATOM_ok, ATOM_ok));
        ATTEMPT(2, map_remove(&full, small, term_small(2)));
        ATTEMPT(3, map_remove(&full, big, term_small(2)));
        ATTEMPT(4, map_merge(&full, small, big));
        ATTEMPT(5, map_from_pairs(&full, pairs, 50));
#undef ATTEMPT
        for (size_t i = 0; i < COUNT_OF(results); i++) {
            assert_true(results[i] == TERM_LIMIT || term_is_map(results[i]));
        }
        assert_true(words > 2 || results[0] == TERM_LIMIT);
    }
    stop();
}
