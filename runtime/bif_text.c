/* runtime/bif_text.c
 * Atoms and integers as text and back. */
#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"

/* ---- atoms ---- */

enum { ATOM_MAX_BYTES = ATOM_MAX_CHARACTERS * 4 };

Term bif_atom_to_list(Process *p, const Term args[])
{
    if (!term_is_atom(args[0])) {
        return bif_badarg(p);
    }
    return make_string_utf8(bif_space(p), atom_name(args[0]), atom_name_bytes(args[0]));
}

/* utf8, unicode or latin1; false: neither. */
static bool encoding_of(Term t, bool *latin1)
{
    *latin1 = t == ATOM_latin1;
    return t == ATOM_latin1 || t == ATOM_utf8 || t == ATOM_unicode;
}

static Term atom_to_latin1(Process *p, Term atom)
{
    const uint8_t *name = (const uint8_t *) atom_name(atom);
    size_t left = atom_name_bytes(atom);
    uint8_t text[ATOM_MAX_CHARACTERS];
    size_t count = 0;
    while (left > 0) {
        size_t used;
        int32_t c = utf8_decode(name, left, &used);
        if (c > 255) {
            return bif_badarg(p);
        }
        text[count++] = (uint8_t) c;
        name += used;
        left -= used;
    }
    return make_binary(bif_space(p), text, count);
}

static Term atom_to_binary(Process *p, Term atom, Term encoding)
{
    bool latin1;
    if (!term_is_atom(atom) || !encoding_of(encoding, &latin1)) {
        return bif_badarg(p);
    }
    return latin1 ? atom_to_latin1(p, atom)
                  : make_binary(bif_space(p), atom_name(atom), atom_name_bytes(atom));
}

Term bif_atom_to_binary1(Process *p, const Term args[])
{
    return atom_to_binary(p, args[0], ATOM_utf8);
}
Term bif_atom_to_binary2(Process *p, const Term args[])
{
    return atom_to_binary(p, args[0], args[1]);
}

/* The atom of UTF-8 text; with `existing_only` there is no exception but badarg. */
static Term atom_from(Process *p, const uint8_t *name, size_t size, bool existing_only)
{
    if (existing_only) {
        Term atom = size > ATOM_MAX_BYTES ? TERM_NONE : atom_find((const char *) name, size);
        return term_is_atom(atom) ? atom : bif_badarg(p);
    }
    return bif_result(p, atom_make((const char *) name, size));
}

static Term list_to_atom(Process *p, Term list, bool existing_only)
{
    uint8_t name[ATOM_MAX_BYTES + 4];
    size_t size = 0, count = 0;
    for (; term_is_cons(list); list = cons_tail(list)) {
        Term head = cons_head(list);
        if (!term_is_small(head) || !code_point_is_valid(small_value(head))) {
            return bif_badarg(p);
        }
        if (count < ATOM_MAX_CHARACTERS) {
            size += utf8_encode((uint32_t) small_value(head), name + size);
        }
        count++;
    }
    if (!term_is_nil(list)) {
        return bif_badarg(p);
    }
    if (count > ATOM_MAX_CHARACTERS) {
        return existing_only ? bif_badarg(p) : bif_system_limit(p);
    }
    return atom_from(p, name, size, existing_only);
}

Term bif_list_to_atom(Process *p, const Term args[])
{
    return list_to_atom(p, args[0], false);
}
Term bif_list_to_existing_atom(Process *p, const Term args[])
{
    return list_to_atom(p, args[0], true);
}

static Term latin1_to_atom(Process *p, const uint8_t *text, size_t size, bool existing_only)
{
    if (size > ATOM_MAX_CHARACTERS) {
        return existing_only ? bif_badarg(p) : bif_system_limit(p);
    }
    uint8_t name[ATOM_MAX_BYTES];
    size_t count = 0;
    for (size_t i = 0; i < size; i++) {
        count += utf8_encode(text[i], name + count);
    }
    return atom_from(p, name, count, existing_only);
}

static Term binary_to_atom(Process *p, Term binary, Term encoding, bool existing_only)
{
    bool latin1;
    if (!term_is_binary(binary) || !encoding_of(encoding, &latin1)) {
        return bif_badarg(p);
    }
    size_t size;
    void *scratch;
    const uint8_t *bytes = binary_bytes(binary, &size, &scratch);
    Term atom = latin1 ? latin1_to_atom(p, bytes, size, existing_only)
                       : atom_from(p, bytes, size, existing_only);
    mem_free(scratch);
    return atom;
}

Term bif_binary_to_atom1(Process *p, const Term args[])
{
    return binary_to_atom(p, args[0], ATOM_utf8, false);
}
Term bif_binary_to_atom2(Process *p, const Term args[])
{
    return binary_to_atom(p, args[0], args[1], false);
}
Term bif_binary_to_existing_atom1(Process *p, const Term args[])
{
    return binary_to_atom(p, args[0], ATOM_utf8, true);
}
Term bif_binary_to_existing_atom2(Process *p, const Term args[])
{
    return binary_to_atom(p, args[0], args[1], true);
}

/* ---- integers ---- */

/* Text of an integer: in `buffer` when it is short, else in *scratch. */
static char *integer_text(Term integer, int base, char buffer[80], size_t *size, void **scratch)
{
    size_t bound = integer_text_bound(integer, base);
    *scratch = NULL;
    char *text = buffer;
    if (bound > 80) {
        text = *scratch = mem_try_alloc(bound);
        if (text == NULL) {
            return NULL;
        }
    }
    *size = integer_write(integer, base, text);
    return text;
}

static bool base_of(Term t, int *base)
{
    int64_t value;
    if (!term_to_int64(t, &value) || value < 2 || value > 36) {
        return false;
    }
    *base = (int) value;
    return true;
}

static Term integer_to_text(Process *p, Term integer, Term base_term, bool as_list)
{
    int base;
    if (!term_is_integer(integer) || !base_of(base_term, &base)) {
        return bif_badarg(p);
    }
    char buffer[80];
    size_t size;
    void *scratch;
    char *text = integer_text(integer, base, buffer, &size, &scratch);
    if (text == NULL) {
        return bif_system_limit(p);
    }
    bif_charge(p, size < 1000 ? 0 : size / 16);
    Term result = as_list ? make_string_latin1(bif_space(p), text, size)
                          : make_binary(bif_space(p), text, size);
    mem_free(scratch);
    return bif_result(p, result);
}

/* The time to write an integer grows faster than its size. */
static bool integer_is_large(Term t)
{
    enum { LARGE_LIMBS = 1000 };
    return term_is_pointer(t) && term_is_integer(t) &&
           header_words(*term_boxed_at(t)) > LARGE_LIMBS;
}

LONG_BIF(bif_integer_to_list1, integer_is_large(args[0]))
{
    return integer_to_text(p, args[0], term_small(10), true);
}
LONG_BIF(bif_integer_to_list2, integer_is_large(args[0]))
{
    return integer_to_text(p, args[0], args[1], true);
}
LONG_BIF(bif_integer_to_binary1, integer_is_large(args[0]))
{
    return integer_to_text(p, args[0], term_small(10), false);
}
LONG_BIF(bif_integer_to_binary2, integer_is_large(args[0]))
{
    return integer_to_text(p, args[0], args[1], false);
}

/* A few decimal digits, with a sign or without; TERM_NONE: something else. */
static Term small_of_digits(Term list)
{
    enum { DIGITS_MOST = 18 };
    int64_t value = 0;
    bool negative = false;
    if (term_is_cons(list) &&
        (cons_head(list) == term_small('-') || cons_head(list) == term_small('+'))) {
        negative = cons_head(list) == term_small('-');
        list = cons_tail(list);
    }
    if (!term_is_cons(list)) {
        return TERM_NONE;
    }
    for (int digits = 0; term_is_cons(list); list = cons_tail(list)) {
        Term digit = cons_head(list);
        if (!term_is_small(digit) || small_value(digit) < '0' || small_value(digit) > '9' ||
            ++digits > DIGITS_MOST) {
            return TERM_NONE;
        }
        value = value * 10 + small_value(digit) - '0';
    }
    return term_is_nil(list) ? term_small(negative ? -value : value) : TERM_NONE;
}

/* Decimal digits with a sign or without, no more than surely fit a small; TERM_NONE: it is none. */
static Term small_of_text(const uint8_t *text, size_t size)
{
    int64_t value = 0;
    size_t at = size > 0 && (text[0] == '-' || text[0] == '+');
    if (at == size) {
        return TERM_NONE;
    }
    for (size_t i = at; i < size; i++) {
        unsigned digit = text[i] - (unsigned) '0';
        if (digit > 9) {
            return TERM_NONE;
        }
        value = value * 10 + digit;
    }
    return term_small(text[0] == '-' ? -value : value);
}

/* As latin1_list_text, in `text` if that is enough; -1: it is not. */
static int64_t short_list_text(Term list, char *text, int64_t capacity)
{
    int64_t size = 0;
    for (; term_is_cons(list) && size < capacity; list = cons_tail(list)) {
        Term head = cons_head(list);
        if (!term_is_small(head) || (uint64_t) small_value(head) > 255) {
            return -1;
        }
        text[size++] = (char) small_value(head);
    }
    return term_is_nil(list) ? size : -1;
}

static Term list_to_integer(Process *p, Term list, Term base_term)
{
    int base;
    char near[128], *text = near;
    if (!base_of(base_term, &base)) {
        return bif_badarg(p);
    }
    int64_t short_size = short_list_text(list, near, sizeof near);
    size_t size = (size_t) short_size;
    if (short_size < 0) {
        text = latin1_list_text(list, &size);
        if (text == NULL) {
            return bif_badarg(p);
        }
    }
    Term integer = integer_parse(bif_space(p), text, size, base);
    if (text != near) {
        mem_free(text);
    }
    bif_charge(p, size < 1000 ? 0 : size / 16);
    return bif_result(p, integer);
}

static Term bif_list_to_integer1_now(Process *p, const Term args[])
{
    return list_to_integer(p, args[0], term_small(10));
}
Term bif_list_to_integer1(Process *p, const Term args[])
{
    Term small = small_of_digits(args[0]);
    if (LIKELY(small != TERM_NONE)) {
        return small;
    }
    return bif_is_large(p, args[0]) && bif_may_leave() ? bif_leave(p)
                                                       : bif_list_to_integer1_now(p, args);
}
LONG_BIF(bif_list_to_integer2, bif_is_large(p, args[0]))
{
    return list_to_integer(p, args[0], args[1]);
}

static Term binary_to_integer(Process *p, Term binary, Term base_term)
{
    int base;
    if (!term_is_binary(binary) || !base_of(base_term, &base)) {
        return bif_badarg(p);
    }
    size_t size;
    void *scratch;
    const uint8_t *bytes = binary_bytes(binary, &size, &scratch);
    Term integer = integer_parse(bif_space(p), (const char *) bytes, size, base);
    mem_free(scratch);
    bif_charge(p, size < 1000 ? 0 : size / 16);
    return bif_result(p, integer);
}

static Term bif_binary_to_integer1_now(Process *p, const Term args[])
{
    return binary_to_integer(p, args[0], term_small(10));
}

Term bif_binary_to_integer1(Process *p, const Term args[])
{
    enum { DIGITS_MOST = 18 };
    if (LIKELY(term_is_binary(args[0]))) {
        Bits bits = bits_of(args[0]);
        if (LIKELY(bits.offset == 0 && bits.size <= DIGITS_MOST * 8)) {
            Term integer = small_of_text(bits.bytes, bits.size / 8);
            return LIKELY(integer != TERM_NONE) ? integer : bif_badarg(p);
        }
    }
    return bif_is_large(p, args[0]) && bif_may_leave() ? bif_leave(p)
                                                       : bif_binary_to_integer1_now(p, args);
}
LONG_BIF(bif_binary_to_integer2, bif_is_large(p, args[0]))
{
    return binary_to_integer(p, args[0], args[1]);
}
