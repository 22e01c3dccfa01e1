/* runtime/muster_terms.c
 * Terms for a host program: see muster.h. A MusterTerm is a Term, and a MusterSpace leads to a
 * Space: the host's own are ArenaSpaces, that of a call is the process's heap. */
#include "runtime/muster.h"

#include "compiler/erl/parse.h"
#include "runtime/muster_internal.h"
#include "runtime/term/arith.h"
#include "runtime/term/bits.h"
#include "runtime/term/compare.h"
#include "runtime/term/copy.h"
#include "runtime/term/external.h"
#include "runtime/term/map.h"
#include "runtime/term/mem.h"
#include "runtime/term/print.h"
#include "runtime/term/ref.h"

#include <math.h>

static_assert(MUSTER_NONE == TERM_NONE, "muster.h has the number");

static MusterTerm checked(Term t)
{
    return t == TERM_LIMIT ? MUSTER_NONE : t;
}

MusterSpace *muster_space_create(void)
{
    MusterSpace *space = mem_alloc(sizeof *space);
    space->arena = arena_space_create();
    space->space = arena_space(space->arena);
    return space;
}

void muster_space_destroy(MusterSpace *space)
{
    if (space != NULL) {
        arena_space_destroy(space->arena);
        mem_free(space);
    }
}

/* ---- building ---- */

MusterTerm muster_atom(const char *name)
{
    return muster_is_known ? checked(atom_make(name, strlen(name))) : MUSTER_NONE;
}

MusterTerm muster_integer(MusterSpace *space, int64_t value)
{
    return make_int64(space->space, value);
}

MusterTerm muster_float(MusterSpace *space, double value)
{
    return isfinite(value) ? make_float(space->space, value) : MUSTER_NONE;
}

MusterTerm muster_binary(MusterSpace *space, const void *bytes, size_t size_bytes)
{
    return checked(make_binary(space->space, bytes, size_bytes));
}

static bool is_utf8(const char *text, size_t size_bytes)
{
    for (size_t at = 0, used; at < size_bytes; at += used) {
        if (utf8_decode((const uint8_t *) text + at, size_bytes - at, &used) < 0) {
            return false;
        }
    }
    return true;
}

MusterTerm muster_string(MusterSpace *space, const char *text)
{
    size_t size_bytes = strlen(text);
    return is_utf8(text, size_bytes) ? checked(make_string_utf8(space->space, text, size_bytes))
                                     : MUSTER_NONE;
}

MusterTerm muster_tuple(MusterSpace *space, const MusterTerm elements[], size_t count)
{
    enum { ARITY_MOST = (1 << 24) - 1 };
    Term *object = count > ARITY_MOST ? NULL : space_try_alloc(space->space, count + 1);
    if (object == NULL) {
        return MUSTER_NONE;
    }
    object[0] = HEADER(KIND_tuple, count);
    memcpy(object + 1, elements, count * sizeof *elements);
    return term_boxed(object);
}

MusterTerm muster_list(MusterSpace *space, const MusterTerm elements[], size_t count)
{
    return checked(make_list(space->space, elements, count, TERM_NIL));
}

MusterTerm muster_cons(MusterSpace *space, MusterTerm head, MusterTerm tail)
{
    return make_cons(space->space, head, tail);
}

MusterTerm muster_nil(void)
{
    return TERM_NIL;
}

MusterTerm muster_map(MusterSpace *space, const MusterTerm pairs[], size_t count)
{
    return checked(map_from_pairs(space->space, pairs, count));
}

MusterTerm muster_copy(MusterSpace *space, MusterTerm term)
{
    return checked(term_copy_flat(space->space, term));
}

MusterTerm muster_from_text(MusterSpace *space, const char *text)
{
    ErlUnit *unit = erl_unit_create();
    Text dotted = {0};
    Diagnostics diagnostics;
    Term t;
    diagnostics_init(&diagnostics);
    text_add_string(&dotted, text);
    text_add_string(&dotted, " .\n"); /* the reader wants a full stop */
    t = erl_parse_term(unit, "term", dotted.bytes, dotted.size_bytes, &diagnostics);
    if (t != TERM_NONE) {
        t = checked(term_copy_flat(space->space, t));
    }
    text_finish(&dotted);
    diagnostics_finish(&diagnostics);
    erl_unit_destroy(unit);
    return t;
}

MusterTerm muster_from_external(MusterSpace *space, const void *bytes, size_t size_bytes)
{
    size_t used;
    Term t = external_to_term(space->space, bytes, size_bytes, false, &used);
    return used == size_bytes ? checked(t) : MUSTER_NONE;
}

/* ---- reading ---- */

MusterKind muster_kind(MusterTerm term)
{
    return term_is_integer(term)     ? MUSTER_INTEGER
           : term_is_float(term)     ? MUSTER_FLOAT
           : term_is_atom(term)      ? MUSTER_ATOM
           : term_is_list(term)      ? MUSTER_LIST
           : term_is_tuple(term)     ? MUSTER_TUPLE
           : term_is_map(term)       ? MUSTER_MAP
           : term_is_binary(term)    ? MUSTER_BINARY
           : term_is_bitstring(term) ? MUSTER_BITSTRING
           : term_is_fun(term)       ? MUSTER_FUNCTION
           : term_is_pid(term)       ? MUSTER_PID
           : term_is_port(term)      ? MUSTER_PORT
                                     : MUSTER_REFERENCE;
}

bool muster_get_integer(MusterTerm term, int64_t *value)
{
    return term_to_int64(term, value);
}

bool muster_get_float(MusterTerm term, double *value)
{
    return arith_to_double(term, value);
}

const char *muster_get_atom(MusterTerm term)
{
    return term_is_atom(term) ? atom_name(term) : NULL;
}

bool muster_get_binary(MusterSpace *space, MusterTerm term, const uint8_t **bytes,
                       size_t *size_bytes)
{
    void *scratch = NULL;
    uint8_t *moved;
    if (!term_is_binary(term)) {
        return false;
    }
    *bytes = binary_bytes(term, size_bytes, &scratch);
    if (scratch != NULL) {
        Term copy = make_binary_uninit(space->space, *size_bytes, &moved);
        if (copy != TERM_LIMIT) {
            memcpy(moved, scratch, *size_bytes);
            *bytes = moved;
        }
        mem_free(scratch);
        return copy != TERM_LIMIT;
    }
    return true;
}

char *muster_get_string(MusterTerm term, size_t *size_bytes)
{
    size_t size;
    return term_to_utf8(term, size_bytes != NULL ? size_bytes : &size);
}

size_t muster_size(MusterTerm term)
{
    if (term_is_tuple(term)) {
        return tuple_arity(term);
    }
    if (term_is_map(term)) {
        return map_size(term);
    }
    if (term_is_bitstring(term)) {
        return bitstring_bits(term) / 8;
    }
    int64_t length = term_is_list(term) ? list_length(term) : 0;
    return length < 0 ? 0 : (size_t) length;
}

MusterTerm muster_element(MusterTerm tuple, size_t index)
{
    return term_is_tuple(tuple) && index < tuple_arity(tuple) ? tuple_elements(tuple)[index]
                                                              : MUSTER_NONE;
}

bool muster_next(MusterTerm *list, MusterTerm *head)
{
    if (!term_is_cons(*list)) {
        return false;
    }
    *head = cons_head(*list);
    *list = cons_tail(*list);
    return true;
}

MusterTerm muster_map_get(MusterTerm map, MusterTerm key)
{
    return term_is_map(map) ? map_get(map, key) : MUSTER_NONE;
}

MusterTerm muster_map_pairs(MusterSpace *space, MusterTerm map)
{
    MapWalk walk;
    Term key, value, list = TERM_NIL;
    if (!term_is_map(map)) {
        return MUSTER_NONE;
    }
    map_walk_start(&walk, map);
    while (map_walk_next(&walk, &key, &value)) {
        list = make_cons(space->space, make_tuple2(space->space, key, value), list);
    }
    return list;
}

bool muster_equal(MusterTerm a, MusterTerm b)
{
    return term_equal_exact(a, b);
}

int muster_compare(MusterTerm a, MusterTerm b)
{
    return term_compare(a, b);
}

char *muster_to_text(MusterTerm term)
{
    Text text = {0};
    char *copy;
    term_print(&text, term, 0);
    copy = mem_copy_string(text.bytes != NULL ? text.bytes : "");
    text_finish(&text);
    return copy;
}

uint8_t *muster_to_external(MusterTerm term, size_t *size_bytes)
{
    ExternalOptions options = EXTERNAL_DEFAULTS;
    uint8_t *bytes;
    return external_write(term, &options, &bytes, size_bytes) ? bytes : NULL;
}

void muster_free(void *block)
{
    mem_free(block);
}
