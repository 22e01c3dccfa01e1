/* runtime/bif_format.c
 * io_lib:format for the common case. A format string is worked through once; the text grows in one
 * buffer and becomes a binary, or the list that io_lib promises: characters, and a list for each
 * ~w, ~p and ~s. Whatever is not common is answered `false`, and Erlang does it: wrong formats and
 * arguments, limits and orders, ~p over several lines, text that needs grapheme clusters counted,
 * and all that is long, since a built-in is not interrupted. */
#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"

#include <stdio.h>
#include <stdlib.h>

enum { TEXT_MOST = 1 << 16, LINE_LENGTH = 80, NONE = INT32_MIN, FLOAT_DIGITS = 21 };

/* A part of the text that is a list of its own. */
typedef struct Nested {
    uint32_t from, to;
} Nested;

enum { NESTED_MOST = 64 };

typedef struct Formatter {
    Text text;
    Term args;
    int64_t column; /* after the text before `counted` */
    size_t counted;
    Nested nested[NESTED_MOST];
    size_t nested_count;
} Formatter;

/* One control sequence. width and precision are NONE where not given. */
typedef struct Control {
    int32_t width, precision;
    uint32_t pad;
    bool left, unicode;
    uint32_t letter;
} Control;

/* ---- the format string ---- */

/* Characters of a format, from a list, a binary or an atom. */
typedef struct Source {
    Term list;
    const uint8_t *bytes;
    size_t size, at;
    void *scratch;
    bool is_utf8;
} Source;

static bool source_start(Source *source, Term format)
{
    *source = (Source){.list = TERM_NIL};
    if (term_is_atom(format)) {
        source->bytes = (const uint8_t *) atom_name(format);
        source->size = atom_name_bytes(format);
        source->is_utf8 = true;
    } else if (term_is_binary(format)) {
        source->bytes = binary_bytes(format, &source->size, &source->scratch);
    } else if (term_is_list(format)) {
        source->list = format;
    } else {
        return false;
    }
    return true;
}

/* The next character; -1 at the end; -2: there is none. */
static int32_t source_next(Source *source)
{
    if (source->at < source->size) {
        size_t used = 1;
        int32_t c = source->bytes[source->at];
        if (source->is_utf8 && c >= 0x80) {
            c = utf8_decode(source->bytes + source->at, source->size - source->at, &used);
        }
        source->at += used;
        return c < 0 ? -2 : c;
    }
    if (!term_is_cons(source->list)) {
        return term_is_nil(source->list) ? -1 : -2;
    }
    Term head = cons_head(source->list);
    source->list = cons_tail(source->list);
    return term_is_small(head) && code_point_is_valid(small_value(head))
               ? (int32_t) small_value(head)
               : -2;
}

static bool take_arg(Formatter *f, Term *arg)
{
    if (!term_is_cons(f->args)) {
        return false;
    }
    *arg = cons_head(f->args);
    f->args = cons_tail(f->args);
    return true;
}

/* A number or an asterisk from `*c` on; NONE where there is neither. */
static bool read_number(Formatter *f, Source *source, int32_t *c, int32_t *number)
{
    Term arg;
    *number = NONE;
    if (*c == '*') {
        if (!take_arg(f, &arg) || !term_is_small(arg) || small_value(arg) < -TEXT_MOST ||
            small_value(arg) > TEXT_MOST) {
            return false;
        }
        *number = (int32_t) small_value(arg);
        *c = source_next(source);
        return true;
    }
    if (*c >= '0' && *c <= '9') {
        *number = 0;
        for (; *c >= '0' && *c <= '9'; *c = source_next(source)) {
            *number = *number * 10 + (*c - '0');
            if (*number > TEXT_MOST) {
                return false;
            }
        }
    }
    return true;
}

/* What stands after a tilde. False: not for us. */
static bool read_control(Formatter *f, Source *source, Control *control)
{
    int32_t c = source_next(source);
    Term arg;
    bool minus = c == '-';
    *control = (Control){.precision = NONE, .pad = ' '};
    if (minus) {
        c = source_next(source);
    }
    if (!read_number(f, source, &c, &control->width)) {
        return false;
    }
    if (control->width != NONE) {
        control->left = minus != (control->width < 0);
        control->width = abs(control->width);
    } else if (minus) {
        return false;
    }
    if (c == '.') {
        c = source_next(source);
        if (!read_number(f, source, &c, &control->precision)) {
            return false;
        }
    }
    if (c == '.') {
        c = source_next(source);
        if (c == '*') {
            if (!take_arg(f, &arg) || !term_is_small(arg) ||
                !code_point_is_valid(small_value(arg))) {
                return false;
            }
            c = (int32_t) small_value(arg);
        }
        if (c < 0) {
            return false;
        }
        control->pad = (uint32_t) c;
        c = source_next(source);
    }
    if (c == 't') {
        control->unicode = true;
        c = source_next(source);
    }
    control->letter = (uint32_t) c;
    return c >= 0;
}

/* ---- fields ---- */

static size_t count_characters(const char *bytes, size_t size, bool *beyond_latin1)
{
    size_t count = 0;
    for (size_t i = 0; i < size; i++) {
        count += (bytes[i] & 0xC0) != 0x80;
        *beyond_latin1 |= (uint8_t) bytes[i] >= 0xC4;
    }
    return count;
}

static void add_copies(Text *text, uint32_t c, int64_t count)
{
    for (; count > 0; count--) {
        text_add_code_point(text, c);
    }
}

static void add_padded(Text *text, const char *bytes, size_t size, int64_t padding,
                       const Control *control)
{
    if (!control->left) {
        add_copies(text, control->pad, padding);
    }
    text_add(text, bytes, size);
    if (control->left) {
        add_copies(text, control->pad, padding);
    }
}

/* A value in a field `width` wide, of which it may take `most`; else that many asterisks. */
static bool add_value(Formatter *f, const char *bytes, size_t size, int32_t precision,
                      const Control *control)
{
    int32_t width = control->width;
    bool beyond = false;
    if (width == NONE && precision == NONE) {
        text_add(&f->text, bytes, size);
        return true;
    }
    int64_t length = (int64_t) count_characters(bytes, size, &beyond);
    if (beyond || (precision != NONE && precision < 0)) {
        return false;
    }
    width = width == NONE ? precision : width;
    int64_t most = precision == NONE || precision > width ? width : precision;
    if (length <= most) {
        add_padded(&f->text, bytes, size, width - length, control);
        return true;
    }
    Text stars = {0};
    add_copies(&stars, '*', most);
    text_add(&stars, "", 0);
    add_padded(&f->text, stars.bytes, stars.size_bytes, width - most, control);
    text_finish(&stars);
    return true;
}

/* Text in a field: cut off where it is too long. */
static bool add_text(Formatter *f, const char *bytes, size_t size, const Control *control)
{
    int32_t width = control->width, precision = control->precision;
    bool beyond = false;
    if (width == NONE && precision == NONE) {
        text_add(&f->text, bytes, size);
        return true;
    }
    int64_t length = (int64_t) count_characters(bytes, size, &beyond);
    if (beyond || (precision != NONE && precision < 0) ||
        (width != NONE && precision != NONE && precision > width)) {
        return false;
    }
    Control inner = *control;
    inner.left = width == NONE || precision != NONE ? true : control->left;
    if (width != NONE && precision == width) {
        inner.left = control->left;
    }
    int64_t room = precision == NONE ? width : precision;
    Text cut = {0};
    if (length > room) {
        size_t end = 0;
        for (int64_t left = room; left > 0 || (end < size && (bytes[end] & 0xC0) == 0x80); end++) {
            left -= (bytes[end] & 0xC0) != 0x80;
        }
        text_add(&cut, bytes, end);
    } else {
        add_padded(&cut, bytes, size, room - length, &inner);
    }
    add_padded(&f->text, cut.bytes, cut.size_bytes, width == NONE ? 0 : width - room, control);
    text_finish(&cut);
    return true;
}

static bool add_character(Formatter *f, uint32_t c, const Control *control)
{
    int32_t width = control->width, precision = control->precision;
    if (width == NONE) {
        add_copies(&f->text, c, precision == NONE ? 1 : precision);
        return true;
    }
    if (precision == NONE) {
        add_copies(&f->text, c, width);
        return true;
    }
    if (width < precision) {
        return false;
    }
    Text copies = {0};
    add_copies(&copies, c, precision);
    text_add(&copies, "", 0);
    add_padded(&f->text, copies.bytes, copies.size_bytes, width - precision, control);
    text_finish(&copies);
    return true;
}

/* ---- integers ---- */

static void to_lower(char *digits, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        digits[i] = (char) (digits[i] >= 'A' && digits[i] <= 'Z' ? digits[i] + 32 : digits[i]);
    }
}

/* With a prefix after the sign; NULL: none. */
static bool add_integer(Formatter *f, Term n, bool lower, const char *prefix, size_t prefix_size,
                        const Control *control)
{
    int32_t base = control->precision == NONE ? 10 : control->precision;
    if (!term_is_integer(n) || base < 2 || base > 36 || integer_text_bound(n, base) > TEXT_MOST) {
        return false;
    }
    char small[72], *digits = small;
    if (!term_is_small(n)) {
        digits = mem_alloc(integer_text_bound(n, base));
    }
    size_t size = integer_write(n, base, digits);
    size_t sign = digits[0] == '-';
    if (lower) {
        to_lower(digits, size);
    }
    bool ok;
    if (prefix == NULL) {
        ok = add_value(f, digits, size, NONE, control);
    } else {
        Text all = {0};
        text_add(&all, digits, sign);
        text_add(&all, prefix, prefix_size);
        text_add(&all, digits + sign, size - sign);
        ok = add_value(f, all.bytes, all.size_bytes, NONE, control);
        text_finish(&all);
    }
    if (digits != small) {
        mem_free(digits);
    }
    return ok;
}

static bool add_based(Formatter *f, Term n, bool lower, const Control *control)
{
    char prefix[16];
    int size = snprintf(prefix, sizeof prefix, "%d#",
                        control->precision == NONE ? 10 : control->precision);
    return add_integer(f, n, lower, prefix, (size_t) size, control);
}

static bool add_prefixed(Formatter *f, Term n, Term prefix, bool lower, const Control *control)
{
    if (!term_is_list(prefix) && !term_is_atom(prefix)) {
        return false;
    }
    size_t size;
    char *text = term_to_utf8(prefix, &size);
    bool ok = text != NULL && add_integer(f, n, lower, text, size, control);
    mem_free(text);
    return ok;
}

/* ---- floats ---- */

/* A float as 0.DIGITS times 10 to the power of `exponent`: more digits than it can tell. */
typedef struct Decimal {
    bool negative;
    char digits[FLOAT_DIGITS];
    int exponent;
} Decimal;

static Decimal decimal_of(double value)
{
    Decimal d;
    char text[48];
    snprintf(text, sizeof text, "%.20e", value);
    const char *at = text;
    d.negative = *at == '-';
    at += d.negative;
    d.digits[0] = *at;
    memcpy(d.digits + 1, at + 2, FLOAT_DIGITS - 1);
    d.exponent = atoi(at + 2 + FLOAT_DIGITS) + 1;
    return d;
}

/* The first `count` digits of the decimal after `zeros` zeros, rounded by the next one. Writes them
 * to out[1…]; out[0] is '1' or '0': a carry. */
static void round_digits(const Decimal *d, int64_t zeros, int64_t count, char *out)
{
    out[0] = '0';
    for (int64_t i = 0; i <= count; i++) {
        int64_t at = i - zeros;
        out[1 + i] = at >= 0 && at < FLOAT_DIGITS ? d->digits[at] : '0';
    }
    bool up = out[1 + count] >= '5';
    for (int64_t i = count; up && i >= 0; i--) {
        up = out[i] == '9';
        out[i] = up ? '0' : (char) (out[i] + 1);
    }
    out[1 + count] = 0;
}

static bool add_scientific(Formatter *f, double value, int64_t places, const Control *control)
{
    if (places < 2 || places > 300) {
        return false;
    }
    Decimal d = decimal_of(value);
    char digits[320];
    round_digits(&d, 0, places, digits);
    bool carry = digits[0] == '1';
    const char *first = carry ? digits : digits + 1;
    int exponent = carry ? d.exponent : d.exponent - 1;
    Text text = {0};
    text_addf(&text, "%s%c.", d.negative ? "-" : "", first[0]);
    text_add(&text, first + 1, (size_t) places - 1);
    text_addf(&text, exponent >= 0 ? "e+%d" : "e%d", exponent);
    bool ok = add_value(f, text.bytes, text.size_bytes, NONE, control);
    text_finish(&text);
    return ok;
}

static bool add_decimal(Formatter *f, double value, int64_t places, const Control *control)
{
    if (places < 1 || places > 300) {
        return false;
    }
    Decimal d = decimal_of(value);
    char digits[1024];
    Text text = {0};
    if (d.negative) {
        text_add(&text, "-", 1);
    }
    if (d.exponent > 0) {
        round_digits(&d, 0, d.exponent + places, digits);
        const char *first = digits[0] == '1' ? digits : digits + 1;
        size_t whole = (size_t) d.exponent + (first == digits);
        text_add(&text, first, whole);
        text_add(&text, ".", 1);
        text_add(&text, first + whole, (size_t) places);
    } else if (d.exponent < -places) {
        text_add(&text, "0.", 2);
        add_copies(&text, '0', places);
    } else {
        round_digits(&d, 1 - d.exponent, places + 1, digits);
        text_add(&text, digits + 1, 1);
        text_add(&text, ".", 1);
        text_add(&text, digits + 2, (size_t) places);
    }
    bool ok = add_value(f, text.bytes, text.size_bytes, NONE, control);
    text_finish(&text);
    return ok;
}

/* As a decimal, if the value is between 0.1 and 10000 and there are digits enough for it. */
static bool add_general(Formatter *f, double value, int64_t places, const Control *control)
{
    double size = value < 0 ? -value : value;
    int exponent = size < 0.1      ? -2
                   : size < 1.0    ? -1
                   : size < 10.0   ? 0
                   : size < 100.0  ? 1
                   : size < 1000.0 ? 2
                   : size < 1e4    ? 3
                                   : 1 << 24;
    if (places < 1) {
        return false;
    }
    if ((places <= 1 && exponent == -1) || (places - 1 > exponent && exponent >= -1)) {
        return add_decimal(f, value, places - 1 - exponent, control);
    }
    return add_scientific(f, value, places < 2 ? 2 : places, control);
}

/* ---- text and terms ---- */

/* The characters that a list begins with, as far as they are ASCII; what is left. */
static Term add_ascii_front(Text *text, Term list)
{
    size_t most = TEXT_MOST;
    for (; term_is_cons(list) && most > 0; list = cons_tail(list), most--) {
        Term head = cons_head(list);
        if ((head & ~term_small(0x7F)) != 0) {
            break;
        }
        text_add_code_point(text, (uint32_t) small_value(head));
    }
    return list;
}

/* Bytes that are ASCII, at the front. */
static size_t ascii_size(const uint8_t *bytes, size_t size)
{
    size_t at = 0;
    while (at < size && bytes[at] < 0x80) {
        at++;
    }
    return at;
}

/* Of ~s: without `t`, bytes are characters. */
static bool add_string(Formatter *f, Term arg, const Control *control)
{
    size_t size;
    void *scratch;
    Text text = {0};
    if (term_is_atom(arg)) {
        const char *name = atom_name(arg);
        size = atom_name_bytes(arg);
        bool beyond = false;
        count_characters(name, size, &beyond);
        return (control->unicode || !beyond) && add_text(f, name, size, control);
    }
    if (!term_is_list(arg) && !term_is_binary(arg)) {
        return false;
    }
    bool ok = true;
    DeepWalk walk;
    Term item;
    DeepItem kind;
    deep_start(&walk, add_ascii_front(&text, arg));
    while (ok && (kind = deep_next(&walk, &item)) != DEEP_END) {
        if (kind == DEEP_LEAF && term_is_small(item)) {
            int64_t c = small_value(item);
            ok = control->unicode ? code_point_is_valid(c) : c >= 0 && c <= 0xFF;
            if (ok) {
                text_add_code_point(&text, (uint32_t) c);
            }
        } else if (term_is_binary(item)) {
            const uint8_t *bytes = binary_bytes(item, &size, &scratch);
            for (size_t at = 0, used; ok && at < size; at += used) {
                used = ascii_size(bytes + at, size - at);
                if (used > 0) {
                    text_add(&text, (const char *) bytes + at, used);
                    continue;
                }
                int32_t c = bytes[at];
                used = 1;
                if (control->unicode) {
                    c = utf8_decode(bytes + at, size - at, &used);
                    ok = c >= 0;
                }
                if (ok) {
                    text_add_code_point(&text, (uint32_t) c);
                }
            }
            mem_free(scratch);
        } else {
            ok = false;
        }
        ok = ok && text.size_bytes <= TEXT_MOST;
    }
    deep_finish(&walk);
    text_add(&text, "", 0);
    ok = ok && add_text(f, text.bytes, text.size_bytes, control);
    text_finish(&text);
    return ok;
}

static bool add_written(Formatter *f, Term arg, const Control *control)
{
    PrintStyle style = {.latin1 = !control->unicode};
    if (control->width == NONE && control->precision == NONE) {
        return term_print_styled(&f->text, arg, &style, TEXT_MOST);
    }
    Text text = {0};
    bool ok = term_print_styled(&text, arg, &style, TEXT_MOST) &&
              add_value(f, text.bytes, text.size_bytes, control->precision, control);
    text_finish(&text);
    return ok;
}

/* The column after all the text so far, counted from 0. */
static int64_t current_column(Formatter *f)
{
    for (; f->counted < f->text.size_bytes; f->counted++) {
        uint8_t byte = (uint8_t) f->text.bytes[f->counted];
        if (byte == '\n') {
            f->column = 0;
        } else if (byte == '\t') {
            f->column = (f->column / 8 + 1) * 8;
        } else {
            f->column += (byte & 0xC0) != 0x80;
        }
    }
    return f->column;
}

/* Of ~p: what fits on the line. */
static bool add_printed(Formatter *f, Term arg, const Control *control)
{
    bool beyond = false;
    PrintStyle style = {.latin1 = !control->unicode, .strings = true};
    int64_t line = control->width == NONE ? LINE_LENGTH : control->width;
    int64_t column = control->precision == NONE ? current_column(f) + 1 : control->precision;
    if (control->left) {
        return false;
    }
    bool breaks =
        term_is_list(arg) || term_is_tuple(arg) || term_is_map(arg) || term_is_bitstring(arg);
    int64_t room = line - (column <= 0 ? 1 : column);
    if (!breaks || line == 0) {
        return term_print_styled(&f->text, arg, &style, TEXT_MOST);
    }
    size_t before = f->text.size_bytes;
    return room > 0 && term_print_styled(&f->text, arg, &style, (size_t) room * 2) &&
           (int64_t) count_characters(f->text.bytes + before, f->text.size_bytes - before,
                                      &beyond) < room &&
           !beyond;
}

/* ---- depth ---- */

enum { DEPTH_TRIED = 100 }; /* more is not tried: it is a recursion */

static bool is_within(Term t, int64_t depth);

/* Elements that come one after the other: each is a level deeper than the one before. */
static bool elements_are_within(const Term elements[], size_t count, int64_t depth)
{
    if ((int64_t) count >= depth) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!is_within(elements[i], depth - (int64_t) i - 1)) {
            return false;
        }
    }
    return true;
}

static bool list_is_within(Term list, int64_t depth)
{
    for (; term_is_cons(list); list = cons_tail(list), depth--) {
        if (depth < 2 || !is_within(cons_head(list), depth - 1)) {
            return false;
        }
    }
    return term_is_nil(list) || (depth >= 2 && is_within(list, depth - 1));
}

static bool map_is_within(Term map, int64_t depth)
{
    Term key, value;
    MapWalk walk;
    bool within = (int64_t) map_size(map) < depth;
    map_walk_start(&walk, map);
    while (within && map_walk_next(&walk, &key, &value)) {
        within = is_within(key, depth - 1) && is_within(value, depth - 1);
    }
    return within;
}

/* Whether nothing of a term is left out when it is shown to that depth. Text may have more than its
 * characters show here. */
static bool is_within(Term t, int64_t depth)
{
    if (term_is_cons(t)) {
        return list_is_within(t, depth);
    }
    if (term_is_tuple(t)) {
        return elements_are_within(tuple_elements(t), tuple_arity(t), depth);
    }
    if (term_is_map(t)) {
        return map_is_within(t, depth);
    }
    return !term_is_bitstring(t) || (int64_t) (bitstring_bits(t) + 7) / 8 < depth;
}

static bool is_shown_whole(Term t, Term depth)
{
    int64_t levels = term_is_small(depth) ? small_value(depth) : 0;
    return levels < 0 || (levels > 0 && is_within(t, levels < DEPTH_TRIED ? levels : DEPTH_TRIED));
}

/* ---- all of it ---- */

static bool add_control(Formatter *f, const Control *control)
{
    Term arg, second;
    size_t from = f->text.size_bytes;
    bool ok, nested = false;
    int32_t places = control->precision == NONE ? 6 : control->precision;
    if (control->letter == 'n') {
        add_copies(&f->text, '\n', control->width == NONE ? 1 : control->width);
        return !control->left;
    }
    if (control->letter == '~') {
        return add_character(f, '~', control);
    }
    if (!take_arg(f, &arg)) {
        return false;
    }
    switch (control->letter) {
    case 'w':
        ok = add_written(f, arg, control);
        nested = true;
        break;
    case 'p':
        ok = add_printed(f, arg, control);
        nested = true;
        break;
    case 'P':
        ok = take_arg(f, &second) && is_shown_whole(arg, second) && add_printed(f, arg, control);
        nested = true;
        break;
    case 's':
        ok = add_string(f, arg, control);
        nested = !term_is_atom(arg);
        break;
    case 'c':
        ok = term_is_small(arg) &&
             (control->unicode ? code_point_is_valid(small_value(arg)) : true) &&
             add_character(f, (uint32_t) small_value(arg) & (control->unicode ? 0x1FFFFF : 0xFF),
                           control);
        break;
    case 'b':
        ok = add_integer(f, arg, true, NULL, 0, control);
        break;
    case 'B':
        ok = add_integer(f, arg, false, NULL, 0, control);
        break;
    case '+':
        ok = add_based(f, arg, true, control);
        break;
    case '#':
        ok = add_based(f, arg, false, control);
        break;
    case 'x':
    case 'X':
        ok = take_arg(f, &second) && add_prefixed(f, arg, second, control->letter == 'x', control);
        break;
    case 'e':
        ok = term_is_float(arg) && add_scientific(f, float_value(arg), places, control);
        break;
    case 'f':
        ok = term_is_float(arg) && add_decimal(f, float_value(arg), places, control);
        break;
    case 'g':
        ok = term_is_float(arg) && add_general(f, float_value(arg), places, control);
        break;
    case 'i':
        return true;
    default:
        return false;
    }
    if (ok && nested) {
        ok = f->nested_count < NESTED_MOST;
        if (ok) {
            f->nested[f->nested_count++] = (Nested){(uint32_t) from, (uint32_t) f->text.size_bytes};
        }
    }
    return ok && f->text.size_bytes <= TEXT_MOST;
}

static bool format(Formatter *f, Term format_, Term args)
{
    Source source;
    Control control;
    int32_t c;
    bool ok = source_start(&source, format_);
    f->args = args;
    while (ok && (c = source_next(&source)) >= 0) {
        if (c == '~') {
            ok = read_control(f, &source, &control) && add_control(f, &control);
        } else {
            text_add_code_point(&f->text, (uint32_t) c);
            ok = f->text.size_bytes <= TEXT_MOST;
        }
    }
    mem_free(source.scratch);
    text_add(&f->text, "", 0);
    return ok && c == -1 && term_is_nil(f->args);
}

/* The characters from `from` to `to`, before `tail`. */
static Term characters(Space *space, const char *bytes, size_t from, size_t to, Term tail)
{
    while (to > from) {
        size_t at = to - 1, used;
        while ((bytes[at] & 0xC0) == 0x80) {
            at--;
        }
        int32_t c = (uint8_t) bytes[at];
        if (c >= 0x80) {
            c = utf8_decode((const uint8_t *) bytes + at, to - at, &used);
        }
        tail = make_cons(space, term_small(c), tail);
        to = at;
    }
    return tail;
}

static Term as_list(Space *space, const Formatter *f)
{
    const char *bytes = f->text.bytes;
    size_t end = f->text.size_bytes;
    Term list = TERM_NIL;
    for (size_t i = f->nested_count; i-- > 0;) {
        Nested part = f->nested[i];
        list = characters(space, bytes, part.to, end, list);
        list = make_cons(space, characters(space, bytes, part.from, part.to, TERM_NIL), list);
        end = part.from;
    }
    return characters(space, bytes, 0, end, list);
}

static Term formatted(Process *p, const Term args[], bool binary)
{
    Formatter f = {.column = 0};
    Term result = ATOM_false;
    if (format(&f, args[0], args[1])) {
        result = binary ? make_binary(bif_space(p), f.text.bytes, f.text.size_bytes)
                        : as_list(bif_space(p), &f);
    }
    bif_charge(p, f.text.size_bytes / 64);
    text_finish(&f.text);
    return bif_result(p, result);
}

/* muster_format:list(Format, Args): characters | false. */
Term bif_format_list(Process *p, const Term args[])
{
    return formatted(p, args, false);
}

/* muster_format:binary(Format, Args): UTF-8 | false. */
Term bif_format_binary(Process *p, const Term args[])
{
    return formatted(p, args, true);
}

/* muster_format:write(Term, Latin1): as ~w or ~tw; characters | false. */
Term bif_format_write(Process *p, const Term args[])
{
    Text text = {0};
    PrintStyle style = {.latin1 = args[1] == ATOM_true};
    Term result = ATOM_false;
    if (term_print_styled(&text, args[0], &style, TEXT_MOST)) {
        result = characters(bif_space(p), text.bytes, 0, text.size_bytes, TERM_NIL);
    }
    bif_charge(p, text.size_bytes / 64);
    text_finish(&text);
    return result;
}

/* A container that is written as such, not as text. */
static bool is_composed(Term t, const char *written)
{
    return (term_is_cons(t) && written[0] == '[') || (term_is_tuple(t) && tuple_arity(t) > 0) ||
           (term_is_map(t) && map_size(t) > 0) ||
           (term_is_bitstring(t) && bitstring_bits(t) > 0 && written[2] != '"');
}

/* muster_format:fit(Term, Room, Latin1, Strings): {simple | whole, Length, Characters}; false:
 * there is no room for it; unknown: it is too long to be tried, or has characters whose width we do
 * not know. */
Term bif_format_fit(Process *p, const Term args[])
{
    int64_t room = term_is_small(args[1]) ? small_value(args[1]) : INT32_MAX;
    size_t limit = room > TEXT_MOST / 2 ? TEXT_MOST : (size_t) room * 2;
    PrintStyle style = {.latin1 = args[2] == ATOM_true, .strings = args[3] == ATOM_true};
    bool beyond = false;
    Text text = {0};
    if (room <= 0) {
        return ATOM_false;
    }
    bool complete = term_print_styled(&text, args[0], &style, limit);
    int64_t length = (int64_t) count_characters(text.bytes, text.size_bytes, &beyond);
    bif_charge(p, text.size_bytes / 64);
    Term result = beyond || (!complete && limit == TEXT_MOST) ? ATOM_unknown : ATOM_false;
    if (complete && !beyond && length <= room) {
        Term is = is_composed(args[0], text.bytes) ? ATOM_whole : ATOM_simple;
        Term chars = characters(bif_space(p), text.bytes, 0, text.size_bytes, TERM_NIL);
        result = make_tuple3(bif_space(p), is, term_small(length), chars);
    }
    text_finish(&text);
    return bif_result(p, result);
}

/* muster_format:within(Term, Depth): false, too, where it takes long to find out. */
Term bif_format_within(Process *p, const Term args[])
{
    (void) p;
    return term_bool(is_shown_whole(args[0], args[1]));
}
