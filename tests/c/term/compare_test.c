/* tests/c/term/compare_test.c
 * Order, equality and hashes of terms. */
#include "runtime/term/compare.h"

#include "runtime/term/copy.h"
#include "runtime/term/mem.h"
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

static Term integer(const char *text)
{
    return integer_parse(space, text, strlen(text), 10);
}

static int sign(int order)
{
    return (order > 0) - (order < 0);
}

static void assert_ascending(const Term terms[], size_t count, int (*compare)(Term, Term))
{
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < count; k++) {
            if (sign(compare(terms[i], terms[k])) != sign((int) i - (int) k)) {
                fail_msg("terms %zu and %zu compare as %d", i, k, compare(terms[i], terms[k]));
            }
        }
    }
}

TEST(numbers_compare_by_value_and_exactly)
{
    start();
    Term terms[] = {
        make_float(space, -1e300),
        integer("-100000000000000000000000000000000000"),
        integer("-18446744073709551617"),
        make_float(space, -0x1p64),
        integer("-18446744073709551615"),
        integer("-9223372036854775809"),
        make_float(space, -0x1p63),
        integer("-9223372036854775807"),
        make_float(space, -2.5),
        term_small(-2),
        make_float(space, -4e-320),
        term_small(0),
        make_float(space, 4e-320),
        make_float(space, 1e-300),
        make_float(space, 0.5),
        term_small(1),
        make_float(space, 1.5),
        term_small(2),
        make_float(space, 0x1p53),
        integer("9007199254740993"),
        make_float(space, 0x1.0000000000001p53),
        integer("9007199254740995"),
        make_float(space, 0x1p60),
        integer("1152921504606846977"),
        integer("2305843009213693951"),
        make_float(space, 0x1p61),
        integer("2305843009213693953"),
        make_float(space, 0x1p62),
        integer("4611686018427387905"),
        integer("18446744073709551615"),
        make_float(space, 0x1p64),
        integer("18446744073709551617"),
        integer("18446744073709555711"),
        make_float(space, 0x1.0000000000001p64),
        integer("18446744073709555713"),
        integer("340282366920938463463374607431768211455"),
        make_float(space, 0x1p128),
        integer("340282366920938463463374607431768211457"),
        make_float(space, 1e300),
    };
    assert_ascending(terms, COUNT_OF(terms), term_compare);
    assert_true(term_equal(term_small(1), make_float(space, 1.0)));
    assert_true(term_equal(integer("18446744073709551616"), make_float(space, 0x1p64)));
    assert_true(term_equal(make_float(space, 1e22), integer("10000000000000000000000")));
    assert_true(term_equal(make_float(space, 0.0), make_float(space, -0.0)));
    assert_true(term_equal(term_small(0), make_float(space, -0.0)));
    assert_false(term_equal_exact(term_small(1), make_float(space, 1.0)));
    assert_false(term_equal_exact(make_float(space, 0.0), make_float(space, -0.0)));
    assert_int_equal(term_compare(make_float(space, 0.0), make_float(space, -0.0)), 0);
    stop();
}

TEST(kinds_have_their_place_in_the_order)
{
    start();
    static FunEntry entry = {ATOM_erlang, ATOM_normal, 1, 0, 0, 0, 1, {1}};
    static Export export = {ATOM_erlang, ATOM_abs, 1};
    Term *fun = space_alloc(space, 2), *external = space_alloc(space, 2);
    fun[0] = HEADER(KIND_fun, 1);
    fun[1] = (Term) &entry;
    external[0] = HEADER(KIND_export, 1);
    external[1] = (Term) & export;
    Term one = term_small(1), two = term_small(2), one_float = make_float(space, 1.0);
    Term pair[] = {one, two}, other_pair[] = {two, one}, float_pair[] = {one_float, one};
    Term terms[] = {
        one,
        atom_of("a"),
        atom_of("b"),
        make_ref_of(space, 1, 0),
        make_ref_of(space, 2, 0),
        term_boxed(fun),
        term_boxed(external),
        term_port(1),
        term_pid(1),
        term_pid(2),
        term_pid((uint64_t) 1 << 28),
        make_tuple(space, NULL, 0),
        make_tuple(space, pair, 1),
        make_tuple(space, pair, 2),
        make_tuple(space, other_pair, 2),
        map_empty(space),
        map_from_pairs(space, pair, 1),
        map_from_pairs(space, other_pair, 1),
        map_from_pairs(space, float_pair, 1),
        TERM_NIL,
        make_list(space, pair, 1, one),
        make_list(space, pair, 1, TERM_NIL),
        make_list(space, pair, 2, TERM_NIL),
        make_list(space, other_pair, 1, TERM_NIL),
        make_binary(space, "", 0),
        make_bitstring(space, (Bits){(const uint8_t *) "a", 0, 7}),
        make_binary(space, "a", 1),
        make_binary(space, "a\0", 2),
        make_binary(space, "b", 1),
    };
    assert_ascending(terms, COUNT_OF(terms), term_compare);
    assert_ascending(terms, COUNT_OF(terms), term_compare_exact);
    stop();
}

TEST(keys_of_maps_order_integers_before_floats)
{
    start();
    Term terms[] = {term_small(-1),          term_small(1),
                    term_small(2),           integer("99999999999999999999"),
                    make_float(space, -3.0), make_float(space, -0.0),
                    make_float(space, 0.0),  make_float(space, 1.0),
                    make_float(space, 2.5),  atom_of("a")};
    assert_ascending(terms, COUNT_OF(terms), term_compare_exact);
    /* #{1.0 => a} and #{2 => a}: as erl has it, 2 comes first. */
    Term a[] = {make_float(space, 1.0), ATOM_ok}, b[] = {term_small(2), ATOM_ok};
    assert_true(term_compare(map_from_pairs(space, a, 1), map_from_pairs(space, b, 1)) > 0);
    Term c[] = {term_small(1), term_small(1)}, d[] = {term_small(1), make_float(space, 1.0)};
    assert_true(term_equal(map_from_pairs(space, c, 1), map_from_pairs(space, d, 1)));
    Term e[] = {make_float(space, 1.0), term_small(1)};
    assert_false(term_equal(map_from_pairs(space, c, 1), map_from_pairs(space, e, 1)));
    stop();
}

TEST(big_maps_compare_by_size_keys_and_then_values)
{
    start();
    enum { COUNT = 100 };
    Term pairs[2 * COUNT + 2];
    for (int i = 0; i < COUNT; i++) {
        pairs[2 * i] = term_small(i);
        pairs[2 * i + 1] = term_small(0);
    }
    Term map = map_from_pairs(space, pairs, COUNT);
    Term fewer = map_from_pairs(space, pairs, COUNT - 1);
    Term more = map_put(space, map, term_small(COUNT), term_small(0));
    Term value = map_put(space, map, term_small(50), term_small(1));
    Term value_earlier = map_put(space, map, term_small(40), term_small(2));
    Term same = map_put(space, map, term_small(50), make_float(space, 0.0));
    Term key = map_put(space, fewer, term_small(COUNT + 1), term_small(0));
    Term terms[] = {fewer, map, value, value_earlier, key, more};
    assert_ascending(terms, COUNT_OF(terms), term_compare);
    assert_int_equal(term_compare(map, same), 0);
    assert_true(term_equal(map, same));
    assert_false(term_equal_exact(map, same));
    assert_true(term_compare_exact(map, same) < 0);
    Term in_tuple = make_tuple2(space, map, ATOM_ok), other = make_tuple2(space, same, ATOM_error);
    assert_true(term_compare(in_tuple, other) > 0);
    stop();
}

TEST(order_equality_and_hash_agree_on_random_terms)
{
    start();
    enum { COUNT = 400 };
    Term terms[COUNT];
    uint64_t seed = 1;
    for (size_t i = 0; i < COUNT; i++) {
        uint64_t twin_seed = seed;
        terms[i] = random_term(space, &seed, 1 + random_below(&seed, 200));
        (void) random_term(space, &twin_seed, 1); /* other memory in between */
    }
    for (size_t i = 0; i < COUNT; i++) {
        Term copy = term_copy(space, terms[i]);
        assert_true(term_equal_exact(terms[i], copy));
        assert_true(term_equal(terms[i], copy));
        assert_int_equal(term_compare(terms[i], copy), 0);
        assert_int_equal(term_compare_exact(terms[i], copy), 0);
        assert_true(term_hash(terms[i]) == term_hash(copy));
        for (size_t k = 0; k < COUNT; k++) {
            int order = sign(term_compare(terms[i], terms[k]));
            int exact = sign(term_compare_exact(terms[i], terms[k]));
            assert_int_equal(order, -sign(term_compare(terms[k], terms[i])));
            assert_int_equal(exact, -sign(term_compare_exact(terms[k], terms[i])));
            assert_int_equal(order == 0, term_equal(terms[i], terms[k]));
            assert_int_equal(exact == 0, term_equal_exact(terms[i], terms[k]));
            assert_true(exact != 0 || term_hash(terms[i]) == term_hash(terms[k]));
        }
    }
    stop();
}

TEST(order_is_transitive_on_random_terms)
{
    start();
    enum { COUNT = 90 };
    Term terms[COUNT];
    uint64_t seed = 7;
    for (size_t i = 0; i < COUNT; i++) {
        terms[i] = random_term(space, &seed, i % 3 == 0 ? 4 : 1);
    }
    for (size_t i = 0; i < COUNT; i++) {
        for (size_t k = 0; k < COUNT; k++) {
            for (size_t l = 0; l < COUNT; l++) {
                if (term_compare(terms[i], terms[k]) <= 0 &&
                    term_compare(terms[k], terms[l]) <= 0) {
                    assert_true(term_compare(terms[i], terms[l]) <= 0);
                }
                if (term_compare_exact(terms[i], terms[k]) <= 0 &&
                    term_compare_exact(terms[k], terms[l]) <= 0) {
                    assert_true(term_compare_exact(terms[i], terms[l]) <= 0);
                }
            }
        }
    }
    stop();
}

TEST(a_binary_hashes_by_its_bits_whatever_its_kind)
{
    start();
    uint8_t bytes[400];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t) (i * 7 + i / 5);
    }
    Term all = make_binary(space, bytes, sizeof bytes);
    for (size_t size = 0; size < 1000; size += 13) {
        for (size_t offset = 0; offset < 20; offset += 3) {
            Term view = make_sub_bits(space, all, offset, size);
            Term own = make_bitstring(space, (Bits){bytes, offset, size});
            assert_true(term_equal_exact(view, own));
            assert_true(term_hash(view) == term_hash(own));
            assert_true(term_phash2(view) == term_phash2(own));
        }
    }
    stop();
}

static Term nested_in_heads(size_t depth)
{
    Term t = TERM_NIL;
    for (size_t i = 0; i < depth; i++) {
        t = make_cons(space, t, TERM_NIL);
    }
    return t;
}

static Term nested_in_tuples(size_t depth)
{
    Term t = TERM_NIL;
    for (size_t i = 0; i < depth; i++) {
        t = make_tuple3(space, ATOM_ok, t, ATOM_ok);
    }
    return t;
}

static Term nested_twice(size_t depth) /* pointers on either side at each level */
{
    Term t = TERM_NIL;
    for (size_t i = 0; i < depth; i++) {
        t = make_cons(space, t, make_cons(space, ATOM_ok, TERM_NIL));
    }
    return t;
}

TEST(ten_million_levels_need_no_stack)
{
    start();
    enum { DEEP = 10000000 };
    Term (*makers[])(size_t) = {nested_in_heads, nested_in_tuples, nested_twice};
    for (size_t i = 0; i < COUNT_OF(makers); i++) {
        size_t deep = i == 0 ? DEEP : DEEP / 10;
        Term a = makers[i](deep), b = makers[i](deep), shorter = makers[i](deep - 1);
        assert_true(term_equal_exact(a, b));
        assert_true(term_equal(a, b));
        assert_int_equal(term_compare(a, b), 0);
        assert_true(term_compare(a, shorter) != 0);
        assert_false(term_equal(a, shorter));
        assert_true(term_hash(a) == term_hash(b));
        assert_true(term_hash(a) != term_hash(shorter));
        assert_true(term_phash2(a) == term_phash2(b));
        stop();
        start();
    }
    stop();
}

static uint32_t hash_of_binary(const char *bytes)
{
    return term_phash2(make_binary(space, bytes, strlen(bytes)));
}

/* The expected values were computed by erl (OTP 25). */
TEST(phash2_is_that_of_otp)
{
    start();
    Term one = term_small(1), two = term_small(2), a = atom_of("a"), b = atom_of("b");
    Term parts[] = {one, two};
    assert_int_equal(term_phash2(TERM_NIL), 0xCEC2C42E);
    assert_int_equal(term_phash2(atom_of("ab")), 0x672);
    assert_int_equal(term_phash2(ATOM_true), 0x7B9B5);
    assert_int_equal(term_phash2(one), 0x2027E3EA);
    assert_int_equal(term_phash2(term_small(-1)), 0x42A07B5D);
    assert_int_equal(term_phash2(term_small(134217727)), 0xFEB62F77);
    assert_int_equal(term_phash2(term_small(134217728)), 0x98BC856B);
    assert_int_equal(term_phash2(term_small(-134217729)), 0x5492F3AE);
    assert_int_equal(term_phash2(integer("1152921504606846976")), 0x51E54874);
    assert_int_equal(term_phash2(integer("18446744073709551616")), 0x962586B1);
    assert_int_equal(term_phash2(integer("-18446744073709551616")), 0x98CD597B);
    assert_int_equal(term_phash2(make_tuple(space, NULL, 0)), 0x0D36EF3C);
    assert_int_equal(term_phash2(make_tuple2(space, one, two)), 0xF575284E);
    assert_int_equal(term_phash2(make_cons(space, a, TERM_NIL)), 0x616C234D);
    assert_int_equal(term_phash2(make_cons(space, a, b)), 0x8C73FD08);
    assert_int_equal(term_phash2(make_list(space, parts, 2, TERM_NIL)), 0xC0C6776D);
    assert_int_equal(term_phash2(make_string_latin1(space, "abc", 3)), 0x1EFE8446);
    assert_int_equal(hash_of_binary(""), 0x08D12E65);
    assert_int_equal(hash_of_binary("abc"), 0x4DDAD8FB);
    assert_int_equal(hash_of_binary("abcdefghijkl"), 0x28EB7C97);
    assert_int_equal(hash_of_binary("abcdefghijklm"), 0xD0AE95A4);
    assert_int_equal(term_phash2(make_bitstring(space, (Bits){(uint8_t[]){0x80}, 0, 1})),
                     0xEE17F425);
    assert_int_equal(term_phash2(make_bitstring(space, (Bits){(uint8_t[]){1, 0x20}, 0, 11})),
                     0x369766ED);
    assert_int_equal(term_phash2(make_float(space, 2.5)), 0xA5FF710C);
    assert_int_equal(term_phash2(make_float(space, -0.0)), 0x193E89D8);
    assert_int_equal(term_phash2(map_empty(space)), 0x325D741D);
    assert_int_equal(term_phash2(map_from_pairs(space, (Term[]){a, one, b, two}, 2)), 0x762D56E7);
    stop();
}
