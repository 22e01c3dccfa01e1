/* tests/c/term/number_text_test.c
 * Floats as text: they read back the same, no shorter text does, and of the shortest none is
 * closer; and the layout that OTP gives them. */
#include "runtime/term/arith.h"
#include "tests/c/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const struct {
    double value;
    const char *text;
} layouts[] = {
    {0.0, "0.0"},
    {-0.0, "-0.0"},
    {1.0, "1.0"},
    {-1.5, "-1.5"},
    {0.1, "0.1"},
    {0.001, "0.001"},
    {0.0001, "0.0001"},
    {1.0e-5, "1.0e-5"},
    {0.00123, "0.00123"},
    {0.000123, "1.23e-4"},
    {1.5e-5, "1.5e-5"},
    {100.0, "100.0"},
    {1000.0, "1.0e3"},
    {1200.0, "1.2e3"},
    {120000.0, "1.2e5"},
    {123456789.0, "123456789.0"},
    {1.0e15, "1.0e15"},
    {1.0e22, "1.0e22"},
    {9007199254740991.0, "9007199254740991.0"},
    {9007199254740992.0, "9.007199254740992e15"},
    {12345678901234567.0, "1.2345678901234568e16"},
    {5.0e-324, "5.0e-324"},
    {1.7976931348623157e308, "1.7976931348623157e308"},
    {2.2250738585072014e-308, "2.2250738585072014e-308"},
    {4503599627370495.5, "4503599627370495.5"},
    {9.5367431640625e-7, "9.5367431640625e-7"},
    {2.0e-323, "2.0e-323"},
    {1.0e23, "1.0e23"},
    {9.999999999999997e22, "9.999999999999997e22"},
};

TEST(floats_are_laid_out_as_otp_does)
{
    for (size_t i = 0; i < COUNT_OF(layouts); i++) {
        char out[40] = {0};
        size_t size = double_write_shortest(layouts[i].value, out);
        out[size] = 0;
        assert_string_equal(out, layouts[i].text);
    }
}

/* By trial: the fewest digits of which the closest reads back. */
static int fewest_digits(double value, char *best)
{
    for (int digits = 1; digits <= 17; digits++) {
        sprintf(best, "%.*e", digits - 1, value);
        if (strtod(best, NULL) == value) {
            return digits;
        }
    }
    return 0;
}

static int count_digits(const char *text)
{
    int count = 0, zeros = 0;
    for (; *text != 0 && *text != 'e'; text++) {
        if (*text >= '0' && *text <= '9') {
            if (*text != '0') {
                count += count > 0 ? zeros + 1 : 1;
                zeros = 0;
            } else {
                zeros++;
            }
        }
    }
    return count;
}

static void check_shortest(double value)
{
    char out[40], best[40];
    double back;
    size_t size = double_write_shortest(value, out);
    assert_true(size < 32);
    out[size] = 0;
    assert_true(double_parse(out, size, &back));
    assert_true(back == value);
    int digits = fewest_digits(value, best);
    /* printf rounds the value itself; a text that is not the closest of its length may read back
     * too, at a power of two, so ours can be shorter but never longer. */
    assert_true(count_digits(out) <= digits);
    if (count_digits(out) == count_digits(best)) {
        assert_true(strtod(out, NULL) == strtod(best, NULL));
    }
}

TEST(floats_are_written_as_short_as_can_be)
{
    uint64_t seed = 1;
    for (int i = 0; i < 100000; i++) {
        uint64_t bits = test_random(&seed) & 0x7FFFFFFFFFFFFFFF;
        double value;
        memcpy(&value, &bits, sizeof value);
        if (isfinite(value)) {
            check_shortest(value);
        }
        check_shortest((double) (test_random(&seed) >> (test_random(&seed) % 64)) /
                       (double) (1 + test_random(&seed) % 1000));
    }
    for (int exponent = -1074; exponent < 1024; exponent++) {
        double value = ldexp(1.0, exponent);
        check_shortest(value);
        check_shortest(nextafter(value, INFINITY));
        if (exponent > -1074) {
            check_shortest(nextafter(value, 0));
        }
    }
}

TEST(only_float_texts_are_read)
{
    static const char *const good[] = {"1.0",     "-1.5",      "+0.5",    "1.0e10",
                                       "1.0E-10", "01.50e+04", "1.0e-400"};
    static const char *const bad[] = {"",      ".",       "1",      "1.",      ".5",       "1.e5",
                                      "1.0e",  "1.0e+",   "1e5",    "1.0e400", "-1.0e309", "nan",
                                      "inf",   "0x1.0p1", " 1.0",   "1.0 ",    "1_0.0",    "1.0f",
                                      "--1.0", "1,5",     "1.0e5.0"};
    double value;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        assert_true(double_parse(good[i], strlen(good[i]), &value));
        assert_true(value == strtod(good[i], NULL));
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_false(double_parse(bad[i], strlen(bad[i]), &value));
    }
    assert_true(double_parse("1.25xyz", 4, &value) && value == 1.25);
    char *long_text = malloc(100000);
    memset(long_text, '1', 100000);
    long_text[1] = '.';
    assert_true(double_parse(long_text, 100000, &value) && value == 1.1111111111111112);
    free(long_text);
}

static void check_integer(int64_t value)
{
    char out[32] = {0}, expected[32];
    size_t size = integer_write(term_small(value), 10, out);
    sprintf(expected, "%lld", (long long) value);
    assert_int_equal(size, strlen(expected));
    assert_string_equal(out, expected);
}

TEST(integers_have_the_digits_that_printf_gives_them)
{
    int64_t power = 1;
    for (int digits = 1; digits <= 18; digits++, power *= 10) {
        for (int64_t near = -2; near <= 2; near++) {
            check_integer(power + near);
            check_integer(-power + near);
            check_integer(power / 3 * 2 + near);
        }
    }
    for (int64_t value = -12345; value <= 12345; value++) {
        check_integer(value);
    }
    check_integer(SMALL_MAX);
    check_integer(SMALL_MIN);
}
