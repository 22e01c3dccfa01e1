/* tests/c/term/arith_test.c
 * Integer arithmetic against GMP's own signed integers (mpz), on numbers chosen around the borders
 * of smalls and limbs; what mpz does not know, case by case. */
#include "runtime/term/arith.h"

#include "runtime/term/atom.h"
#include "runtime/term/bits.h"
#include "tests/c/test.h"

#include <gmp.h>
#include <math.h>
#include <stdlib.h>

static ArenaSpace *arena;
static Space *space;

static void start(void)
{
    arena = arena_space_create();
    space = arena_space(arena);
}

static void stop(void)
{
    arena_space_destroy(arena);
}

/* Canonical: no leading zero limb, nothing that fits a small. */
static void assert_canonical(Term t)
{
    assert_true(term_is_integer(t));
    if (term_is_big(t)) {
        const Term *object = term_boxed_at(t);
        size_t count = header_words(object[0]);
        bool negative = header_kind(object[0]) == KIND_big_neg;
        assert_true(count > 0);
        assert_true(object[count] != 0);
        if (count == 1) {
            assert_true(object[1] > (uint64_t) SMALL_MAX + negative);
        }
    }
}

static void to_mpz(mpz_t out, Term t)
{
    if (term_is_small(t)) {
        mpz_set_si(out, small_value(t));
        return;
    }
    const Term *object = term_boxed_at(t);
    mpz_import(out, header_words(object[0]), -1, 8, 0, 0, object + 1);
    if (header_kind(object[0]) == KIND_big_neg) {
        mpz_neg(out, out);
    }
}

static Term from_mpz(const mpz_t value)
{
    char *text = mpz_get_str(NULL, 16, value);
    Term t = integer_parse(space, text, strlen(text), 16);
    free(text);
    assert_canonical(t);
    return t;
}

static void assert_is(Term t, const mpz_t expected)
{
    mpz_t got;
    mpz_init(got);
    assert_canonical(t);
    to_mpz(got, t);
    assert_int_equal(mpz_cmp(got, expected), 0);
    mpz_clear(got);
}

/* ±(2^k + d) for borders k, products of such, and plain random ones. */
static void random_mpz(mpz_t out, uint64_t *seed)
{
    static const unsigned borders[] = {0,  1,  31,  32,  60,  61,  62, 63,
                                       64, 65, 127, 128, 129, 192, 320};
    uint64_t r = test_random(seed);
    if (r % 8 == 0) {
        mpz_set_si(out, (int64_t) (test_random(seed) % 200) - 100);
        return;
    }
    if (r % 8 == 1) { /* sparse limbs: runs of zeros and ones */
        mpz_set_ui(out, 0);
        for (int i = 0; i < 5; i++) {
            uint64_t limb = test_random(seed);
            mpz_mul_2exp(out, out, 64);
            mpz_add_ui(out, out, limb % 3 == 0 ? 0 : limb % 3 == 1 ? UINT64_MAX : limb);
        }
    } else if (r % 8 < 5) {
        mpz_set_ui(out, 1);
        mpz_mul_2exp(out, out, borders[(r >> 8) % COUNT_OF(borders)]);
        mpz_set_si(out, 0), mpz_setbit(out, borders[(r >> 8) % COUNT_OF(borders)]);
        int64_t d = (int64_t) ((r >> 16) % 5) - 2;
        d < 0 ? mpz_sub_ui(out, out, (uint64_t) -d) : mpz_add_ui(out, out, (uint64_t) d);
    } else {
        mpz_set_ui(out, test_random(seed));
        for (uint64_t i = 0; i < (r >> 8) % 6; i++) {
            mpz_mul_2exp(out, out, 64);
            mpz_add_ui(out, out, test_random(seed));
        }
        mpz_fdiv_q_2exp(out, out, (r >> 16) % 64);
    }
    if (r >> 63) {
        mpz_neg(out, out);
    }
}

typedef Term (*Binary2)(Space *, Term, Term);
typedef void (*Model2)(mpz_t, const mpz_t, const mpz_t);

static const struct {
    Binary2 function;
    Model2 model;
    bool divides;
} operations[] = {
    {arith_add, (Model2) mpz_add, false},      {arith_subtract, (Model2) mpz_sub, false},
    {arith_multiply, (Model2) mpz_mul, false}, {arith_div, (Model2) mpz_tdiv_q, true},
    {arith_rem, (Model2) mpz_tdiv_r, true},    {arith_band, (Model2) mpz_and, false},
    {arith_bor, (Model2) mpz_ior, false},      {arith_bxor, (Model2) mpz_xor, false},
};

TEST(integers_of_any_size_agree_with_gmp)
{
    mpz_t a, b, expected;
    uint64_t seed = 1;
    mpz_inits(a, b, expected, NULL);
    for (int round = 0; round < 40; round++) {
        start();
        for (int i = 0; i < 1000; i++) {
            random_mpz(a, &seed);
            random_mpz(b, &seed);
            Term x = from_mpz(a), y = from_mpz(b);
            assert_is(x, a);
            for (size_t o = 0; o < COUNT_OF(operations); o++) {
                Term result = operations[o].function(space, x, y);
                if (operations[o].divides && mpz_sgn(b) == 0) {
                    assert_true(result == TERM_NONE);
                    continue;
                }
                operations[o].model(expected, a, b);
                assert_is(result, expected);
            }
            assert_is(x, a); /* operands stay as they were */
            assert_is(y, b);
        }
        stop();
    }
    mpz_clears(a, b, expected, NULL);
}

TEST(unary_operations_and_shifts_agree_with_gmp)
{
    mpz_t a, expected;
    uint64_t seed = 2;
    mpz_inits(a, expected, NULL);
    start();
    for (int i = 0; i < 20000; i++) {
        random_mpz(a, &seed);
        Term x = from_mpz(a);
        mpz_neg(expected, a);
        assert_is(arith_negate(space, x), expected);
        mpz_abs(expected, a);
        assert_is(arith_abs(space, x), expected);
        mpz_com(expected, a);
        assert_is(arith_bnot(space, x), expected);
        static const unsigned counts[] = {0, 1, 2, 61, 62, 63, 64, 65, 127, 128, 129, 200, 1000};
        unsigned count = i % 2 ? counts[test_random(&seed) % COUNT_OF(counts)]
                               : (unsigned) (test_random(&seed) % 400);
        mpz_mul_2exp(expected, a, count);
        assert_is(arith_shift_left(space, x, term_small(count)), expected);
        assert_is(arith_shift_right(space, x, term_small(-(int64_t) count)), expected);
        mpz_fdiv_q_2exp(expected, a, count);
        assert_is(arith_shift_right(space, x, term_small(count)), expected);
        assert_is(arith_shift_left(space, x, term_small(-(int64_t) count)), expected);
        assert_int_equal(integer_bit_length(x), mpz_sgn(a) == 0 ? 0 : mpz_sizeinbase(a, 2));
        assert_int_equal(integer_is_negative(x), mpz_sgn(a) < 0);
    }
    stop();
    mpz_clears(a, expected, NULL);
}

TEST(huge_products_and_quotients_agree_with_gmp)
{
    mpz_t a, b, expected;
    gmp_randstate_t random;
    gmp_randinit_default(random);
    mpz_inits(a, b, expected, NULL);
    for (int i = 0; i < 20; i++) {
        start();
        mpz_rrandomb(a, random, 1 + (unsigned) (i * 5003 % 80000));
        mpz_rrandomb(b, random, 1 + (unsigned) (i * 7001 % 60000));
        Term x = from_mpz(a), y = from_mpz(b);
        for (size_t o = 0; o < COUNT_OF(operations); o++) {
            operations[o].model(expected, a, b);
            assert_is(operations[o].function(space, x, y), expected);
        }
        mpz_mul(expected, a, a);
        assert_is(arith_multiply(space, x, x), expected);
        stop();
    }
    gmp_randclear(random);
    mpz_clears(a, b, expected, NULL);
}

TEST(text_of_integers_agrees_with_gmp_in_every_base)
{
    mpz_t a;
    uint64_t seed = 3;
    mpz_init(a);
    start();
    for (int i = 0; i < 20000; i++) {
        int base = 2 + i % 35;
        random_mpz(a, &seed);
        Term x = from_mpz(a);
        char *expected = mpz_get_str(NULL, -base, a); /* upper case */
        char out[512];
        size_t bound = integer_text_bound(x, base), size = integer_write(x, base, out);
        assert_true(size <= bound);
        assert_int_equal(size, strlen(expected));
        assert_memory_equal(out, expected, size);
        assert_is(integer_parse(space, out, size, base), a);
        free(expected);
    }
    stop();
    mpz_clear(a);
}

TEST(long_texts_are_read_and_written)
{
    enum { DIGITS = 200000 };
    char *text = malloc(DIGITS + 8), *back = malloc(DIGITS + 64);
    start();
    memset(text, '7', DIGITS);
    text[0] = '-';
    Term x = integer_parse(space, text, DIGITS, 10);
    assert_canonical(x);
    assert_true(integer_text_bound(x, 10) <= DIGITS + 64);
    assert_int_equal(integer_write(x, 10, back), DIGITS);
    assert_memory_equal(text, back, DIGITS);
    stop();
    free(text);
    free(back);
}

TEST(what_is_no_integer_is_refused)
{
    static const char *const bad[] = {"",    "+",  "-",  "--1",  "1_000",
                                      "12a", " 1", "1 ", "0x10", "1.0"};
    start();
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_true(integer_parse(space, bad[i], strlen(bad[i]), 10) == TERM_NONE);
    }
    assert_true(integer_parse(space, "2", 1, 2) == TERM_NONE);
    assert_true(integer_parse(space, "zZ", 2, 36) == term_small(35 * 36 + 35));
    assert_true(integer_parse(space, "+0", 2, 10) == term_small(0));
    assert_true(integer_parse(space, "-0", 2, 10) == term_small(0));
    assert_true(integer_parse(space, "000000000000000000000000000000000012", 36, 10) ==
                term_small(12));
    assert_true(integer_parse(space, "-2305843009213693952", 20, 10) == term_small(SMALL_MIN));
    stop();
}

TEST(results_beyond_the_limit_are_system_limit)
{
    start();
    Term one = term_small(1);
    Term most = arith_shift_left(space, one, term_small((int64_t) ARITH_MAX_BITS - 1));
    assert_canonical(most);
    assert_int_equal(integer_bit_length(most), ARITH_MAX_BITS);
    assert_true(arith_shift_left(space, one, term_small((int64_t) ARITH_MAX_BITS)) == TERM_LIMIT);
    assert_true(arith_shift_left(space, one, term_small(SMALL_MAX)) == TERM_LIMIT);
    assert_true(arith_shift_left(space, one, most) == TERM_LIMIT);
    assert_true(arith_shift_left(space, term_small(0), most) == term_small(0));
    assert_true(arith_shift_right(space, most, most) == term_small(0));
    assert_true(arith_shift_right(space, term_small(-5), most) == term_small(-1));
    assert_true(arith_shift_right(space, one, arith_negate(space, most)) == TERM_LIMIT);
    assert_true(arith_add(space, most, most) == TERM_LIMIT);
    assert_true(arith_multiply(space, most, term_small(2)) == TERM_LIMIT);
    assert_canonical(
        arith_subtract(space, arith_subtract(space, most, one), arith_negate(space, most)));
    stop();
}

static double double_of(Term t)
{
    double value = NAN;
    assert_true(arith_to_double(t, &value));
    return value;
}

/* By 64-bit digits from the highest, rounded at each, as OTP does it. */
static double double_by_digits(const mpz_t a)
{
    double value = 0.0;
    for (size_t i = mpz_size(a); i-- > 0;) {
        value = value * 18446744073709551616.0 + (double) mpz_getlimbn(a, (mp_size_t) i);
    }
    return mpz_sgn(a) < 0 ? -value : value;
}

TEST(integers_become_floats_digit_by_digit)
{
    mpz_t a;
    uint64_t seed = 4;
    mpz_init(a);
    start();
    for (int i = 0; i < 50000; i++) {
        random_mpz(a, &seed);
        if (i % 3 == 0) { /* a tie, or next to one */
            mpz_set_ui(a, test_random(&seed) >> 10 | (uint64_t) 1 << 53 | 1);
            mpz_mul_2exp(a, a, test_random(&seed) % 300);
            if (i % 9 == 0) {
                mpz_add_ui(a, a, 1);
            }
        }
        assert_true(double_of(from_mpz(a)) == double_by_digits(a));
    }
    mpz_ui_pow_ui(a, 2, 1024);
    double value;
    assert_false(arith_to_double(from_mpz(a), &value));
    mpz_sub_ui(a, a, 1);
    assert_false(arith_to_double(from_mpz(a), &value)); /* rounds up, out of range */
    mpz_t half;
    mpz_init(half);
    mpz_ui_pow_ui(half, 2, 970);
    mpz_sub(a, a, half);
    assert_true(double_of(from_mpz(a)) == 0x1.fffffffffffffp1023);
    mpz_clears(a, half, NULL);
    stop();
}

TEST(floats_become_integers)
{
    start();
    uint64_t seed = 5;
    mpz_t expected;
    mpz_init(expected);
    for (int i = 0; i < 50000; i++) {
        double value =
            ldexp((double) (int64_t) test_random(&seed), (int) (test_random(&seed) % 1000) - 80);
        Term x = make_float(space, value);
        mpz_set_d(expected, value);
        assert_is(arith_trunc(space, x), expected);
        mpz_set_d(expected, round(value));
        assert_is(arith_round(space, x), expected);
        mpz_set_d(expected, floor(value));
        assert_is(arith_floor(space, x), expected);
        mpz_set_d(expected, ceil(value));
        assert_is(arith_ceil(space, x), expected);
    }
    static const double borders[] = {0x1p60,
                                     0x1p61,
                                     0x1p62,
                                     0x1p63,
                                     0x1p64,
                                     0x1p65,
                                     0x1p127,
                                     0x1p128,
                                     0x1p1023,
                                     0.5,
                                     1.5,
                                     2.5,
                                     0.49999999999999994};
    for (size_t i = 0; i < COUNT_OF(borders); i++) {
        for (int sign = -1; sign <= 1; sign += 2) {
            double value = sign * borders[i];
            mpz_set_d(expected, round(value));
            assert_is(arith_round(space, make_float(space, value)), expected);
            mpz_set_d(expected, value);
            assert_is(arith_trunc(space, make_float(space, value)), expected);
        }
    }
    assert_true(arith_round(space, term_small(7)) == term_small(7));
    assert_true(arith_trunc(space, TERM_NIL) == TERM_NONE);
    mpz_clear(expected);
    stop();
}

static void assert_float(Term t, double expected)
{
    assert_true(term_is_float(t));
    assert_true(float_value(t) == expected);
}

TEST(mixtures_are_computed_as_floats)
{
    start();
    Term half = make_float(space, 0.5), huge = make_float(space, 1.0e308);
    Term big = arith_shift_left(space, term_small(1), term_small(100));
    Term too_big = arith_shift_left(space, term_small(1), term_small(2000));
    assert_float(arith_add(space, half, term_small(1)), 1.5);
    assert_float(arith_subtract(space, term_small(1), half), 0.5);
    assert_float(arith_multiply(space, big, half), 0x1p99);
    assert_float(arith_divide(space, term_small(1), term_small(4)), 0.25);
    assert_float(arith_divide(space, big, big), 1.0);
    assert_float(arith_add(space, huge, half), 1.0e308);
    assert_float(arith_negate(space, huge), -1.0e308);
    assert_float(arith_abs(space, make_float(space, -1.0e308)), 1.0e308);
    assert_true(arith_add(space, huge, huge) == TERM_NONE);
    assert_true(arith_multiply(space, huge, huge) == TERM_NONE);
    assert_true(arith_multiply(space, too_big, half) == TERM_NONE);
    assert_true(arith_divide(space, too_big, too_big) == TERM_NONE);
    assert_true(arith_divide(space, half, term_small(0)) == TERM_NONE);
    assert_true(arith_divide(space, half, make_float(space, -0.0)) == TERM_NONE);
    stop();
}

TEST(what_is_no_number_is_badarith)
{
    start();
    Term one = term_small(1), list = make_cons(space, one, TERM_NIL), half = make_float(space, 0.5);
    Term bad[] = {TERM_NIL, list, ATOM_ok, make_tuple2(space, one, one),
                  make_binary(space, "x", 1)};
    (void) half;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        for (size_t o = 0; o < COUNT_OF(operations); o++) {
            assert_true(operations[o].function(space, bad[i], one) == TERM_NONE);
            assert_true(operations[o].function(space, one, bad[i]) == TERM_NONE);
            assert_true(operations[o].function(space, half, bad[i]) == TERM_NONE);
        }
        assert_true(arith_negate(space, bad[i]) == TERM_NONE);
        assert_true(arith_abs(space, bad[i]) == TERM_NONE);
        assert_true(arith_bnot(space, bad[i]) == TERM_NONE);
        assert_true(arith_divide(space, bad[i], one) == TERM_NONE);
        assert_true(arith_shift_left(space, bad[i], one) == TERM_NONE);
        assert_true(arith_shift_left(space, one, bad[i]) == TERM_NONE);
    }
    for (size_t o = 3; o < COUNT_OF(operations); o++) { /* integers only */
        assert_true(operations[o].function(space, half, one) == TERM_NONE);
        assert_true(operations[o].function(space, one, half) == TERM_NONE);
    }
    assert_true(arith_bnot(space, half) == TERM_NONE);
    assert_true(arith_shift_left(space, half, one) == TERM_NONE);
    stop();
}

TEST(words_fit_or_do_not)
{
    start();
    int64_t s;
    uint64_t u;
    static const int64_t values[] = {
        0, 1, -1, SMALL_MAX, SMALL_MIN, SMALL_MAX + 1, SMALL_MIN - 1, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        Term t = make_int64(space, values[i]);
        assert_canonical(t);
        assert_true(term_to_int64(t, &s) && s == values[i]);
        assert_int_equal(term_to_uint64(t, &u), values[i] >= 0);
    }
    Term most = make_uint64(space, UINT64_MAX);
    assert_true(term_to_uint64(most, &u) && u == UINT64_MAX);
    assert_false(term_to_int64(most, &s));
    assert_false(term_to_int64(arith_negate(space, most), &s));
    Term beyond = arith_add(space, most, term_small(1));
    assert_false(term_to_uint64(beyond, &u));
    assert_false(term_to_int64(TERM_NIL, &s));
    assert_false(term_to_uint64(TERM_NIL, &u));
    assert_true(arith_div(space, term_small(SMALL_MIN), term_small(-1)) == term_small(SMALL_MIN) ||
                term_is_big(arith_div(space, term_small(SMALL_MIN), term_small(-1))));
    stop();
}

TEST(bytes_of_integers_go_there_and_back)
{
    mpz_t a, low, modulus;
    uint64_t seed = 6;
    mpz_inits(a, low, modulus, NULL);
    start();
    for (int i = 0; i < 20000; i++) {
        random_mpz(a, &seed);
        Term x = from_mpz(a);
        size_t size = test_random(&seed) % 60;
        bool little = i & 1;
        uint8_t bytes[64];
        integer_to_bytes(x, bytes, size, little);
        mpz_set_ui(modulus, 0);
        mpz_setbit(modulus, size * 8);
        mpz_fdiv_r(low, a, modulus);
        assert_is(integer_from_bytes(space, bytes, size, little, false), low);
        if (size > 0 && mpz_tstbit(low, size * 8 - 1)) {
            mpz_sub(low, low, modulus);
        }
        assert_is(integer_from_bytes(space, bytes, size, little, true), low);
    }
    stop();
    mpz_clears(a, low, modulus, NULL);
}
