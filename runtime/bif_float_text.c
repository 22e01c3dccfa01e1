/* runtime/bif_float_text.c
 * Floats as text, in the four layouts of float_to_list/2, and back. */
#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"

#include <math.h>
#include <stdio.h>

typedef struct FloatLayout {
    enum { LAYOUT_SCIENTIFIC, LAYOUT_DECIMALS, LAYOUT_SHORT } kind;
    int digits;
    bool compact;
} FloatLayout;

enum { DECIMALS_MOST = 253, SCIENTIFIC_MOST = 249, FLOAT_TEXT_MOST = 256 };

static bool layout_digits(Term t, int most, int *out)
{
    int64_t value;
    if (!term_to_index(t, &value) || value > most) {
        return false;
    }
    *out = (int) value;
    return true;
}

static bool layout_option(FloatLayout *layout, Term option)
{
    if (option == ATOM_compact) {
        layout->compact = true;
        return true;
    }
    if (option == ATOM_short) {
        layout->kind = LAYOUT_SHORT;
        return true;
    }
    if (!tuple_is(option, 2)) {
        return false;
    }
    Term name = tuple_elements(option)[0], value = tuple_elements(option)[1];
    if (name == ATOM_decimals) {
        layout->kind = LAYOUT_DECIMALS;
        return layout_digits(value, DECIMALS_MOST, &layout->digits);
    }
    layout->kind = LAYOUT_SCIENTIFIC;
    return name == ATOM_scientific && layout_digits(value, SCIENTIFIC_MOST, &layout->digits);
}

static bool layout_of(Term options, FloatLayout *layout)
{
    *layout = (FloatLayout){.kind = LAYOUT_SCIENTIFIC, .digits = 20};
    for (; term_is_cons(options); options = cons_tail(options)) {
        if (!layout_option(layout, cons_head(options))) {
            return false;
        }
    }
    return term_is_nil(options);
}

/* At least `least` digits; returns their end. */
static char *write_word(char *out, uint64_t word, int least)
{
    char digits[24];
    int count = 0;
    for (; word > 0 || count < least; word /= 10) {
        digits[count++] = (char) ('0' + word % 10);
    }
    while (count > 0) {
        *out++ = digits[--count];
    }
    return out;
}

/* Decimals as OTP rounds them: the fraction times a power of ten, half away from zero, while both
 * halves fit a machine word; else exactly. */
enum { DECIMALS_BY_WORD = 18 };
static int write_decimals(double value, int decimals, char *out, size_t room)
{
    double magnitude = fabs(value);
    if (decimals > DECIMALS_BY_WORD || magnitude >= 9007199254740992.0) {
        return snprintf(out, room, "%.*f", decimals, value);
    }
    static const double power10[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8, 1e9,
                                     1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};
    uint64_t whole = (uint64_t) magnitude;
    double fraction = (magnitude - (double) whole) * power10[decimals] + 0.5;
    uint64_t digits = (uint64_t) fraction;
    if (digits >= (uint64_t) power10[decimals]) {
        whole++;
        digits -= (uint64_t) power10[decimals];
    }
    char *at = out;
    if (signbit(value)) {
        *at++ = '-';
    }
    at = write_word(at, whole, 1);
    if (decimals > 0) {
        *at++ = '.';
        at = write_word(at, digits, decimals);
    }
    return (int) (at - out);
}

/* Drops trailing zeros of the fraction but the first. */
static int make_compact(char *text, int size)
{
    char *point = memchr(text, '.', (size_t) size);
    if (point == NULL) {
        return size;
    }
    while (text[size - 1] == '0' && text + size - 2 > point) {
        size--;
    }
    return size;
}

/* Bytes written; negative: it is too long. */
static int write_float(double value, const FloatLayout *layout, char out[FLOAT_TEXT_MOST])
{
    int size;
    switch (layout->kind) {
    case LAYOUT_SHORT:
        return (int) double_write_shortest(value, out);
    case LAYOUT_SCIENTIFIC:
        size = snprintf(out, FLOAT_TEXT_MOST, "%.*e", layout->digits, value);
        return size < FLOAT_TEXT_MOST ? size : -1;
    default:
        size = write_decimals(value, layout->digits, out, FLOAT_TEXT_MOST);
        if (size >= FLOAT_TEXT_MOST) {
            return -1;
        }
        return layout->compact ? make_compact(out, size) : size;
    }
}

static Term float_to_text(Process *p, Term number, Term options, bool as_list)
{
    FloatLayout layout;
    if (!term_is_float(number) || !layout_of(options, &layout)) {
        return bif_badarg(p);
    }
    char text[FLOAT_TEXT_MOST];
    int size = write_float(float_value(number), &layout, text);
    if (size < 0) {
        return bif_badarg(p);
    }
    return as_list ? make_string_latin1(bif_space(p), text, (size_t) size)
                   : make_binary(bif_space(p), text, (size_t) size);
}

Term bif_float_to_list1(Process *p, const Term args[])
{
    return float_to_text(p, args[0], TERM_NIL, true);
}
Term bif_float_to_list2(Process *p, const Term args[])
{
    return float_to_text(p, args[0], args[1], true);
}
Term bif_float_to_binary1(Process *p, const Term args[])
{
    return float_to_text(p, args[0], TERM_NIL, false);
}
Term bif_float_to_binary2(Process *p, const Term args[])
{
    return float_to_text(p, args[0], args[1], false);
}

Term bif_list_to_float(Process *p, const Term args[])
{
    size_t size;
    char *text = latin1_list_text(args[0], &size);
    double value;
    bool ok = text != NULL && double_parse(text, size, &value);
    mem_free(text);
    return ok ? make_float(bif_space(p), value) : bif_badarg(p);
}

Term bif_binary_to_float(Process *p, const Term args[])
{
    if (!term_is_binary(args[0])) {
        return bif_badarg(p);
    }
    size_t size;
    void *scratch;
    const uint8_t *bytes = binary_bytes(args[0], &size, &scratch);
    double value;
    bool ok = double_parse((const char *) bytes, size, &value);
    mem_free(scratch);
    return ok ? make_float(bif_space(p), value) : bif_badarg(p);
}
