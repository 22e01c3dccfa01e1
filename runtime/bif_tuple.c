/* runtime/bif_tuple.c
 * Built-ins that make tuples of others. */
#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"

enum { TUPLE_ARITY_MAX = (1 << 24) - 1 };

/* An uninitialised tuple; NULL: no memory. */
static Term *tuple_room(Process *p, size_t arity)
{
    Term *object = space_try_alloc(bif_space(p), arity + 1);
    if (object != NULL) {
        object[0] = HEADER(KIND_tuple, arity);
    }
    return object;
}

/* The place of a 1-based index in a tuple of `arity`; false: it is none. */
static bool tuple_index(Term index, size_t arity, size_t *out)
{
    if (!term_is_small(index) || small_value(index) < 1 || (uint64_t) small_value(index) > arity) {
        return false;
    }
    *out = (size_t) small_value(index) - 1;
    return true;
}

static Term tuple_copy(Process *p, Term tuple)
{
    size_t arity = tuple_arity(tuple);
    Term *object = tuple_room(p, arity);
    if (object == NULL) {
        return TERM_LIMIT;
    }
    memcpy(object + 1, tuple_elements(tuple), arity * sizeof(Term));
    bif_charge(p, arity / 256);
    return term_boxed(object);
}

Term bif_setelement(Process *p, const Term args[])
{
    size_t index;
    if (!term_is_tuple(args[1]) || !tuple_index(args[0], tuple_arity(args[1]), &index)) {
        return bif_badarg(p);
    }
    Term tuple = tuple_copy(p, args[1]);
    if (tuple == TERM_LIMIT) {
        return bif_system_limit(p);
    }
    tuple_elements(tuple)[index] = args[2];
    return tuple;
}

static Term filled_tuple(Process *p, Term arity_term, Term value)
{
    int64_t arity;
    if (!term_to_index(arity_term, &arity) || arity > TUPLE_ARITY_MAX) {
        return TERM_NONE;
    }
    Term *object = tuple_room(p, (size_t) arity);
    if (object == NULL) {
        return TERM_LIMIT;
    }
    for (int64_t i = 1; i <= arity; i++) {
        object[i] = value;
    }
    bif_charge(p, (size_t) arity / 256);
    return term_boxed(object);
}

Term bif_make_tuple2(Process *p, const Term args[])
{
    return bif_result(p, filled_tuple(p, args[0], args[1]));
}

Term bif_make_tuple3(Process *p, const Term args[])
{
    Term tuple = filled_tuple(p, args[0], args[1]);
    if (tuple == TERM_NONE || tuple == TERM_LIMIT) {
        return bif_failed(p, tuple);
    }
    Term list = args[2];
    for (; term_is_cons(list); list = cons_tail(list)) {
        Term pair = cons_head(list);
        size_t index;
        if (!tuple_is(pair, 2) ||
            !tuple_index(tuple_elements(pair)[0], tuple_arity(tuple), &index)) {
            return bif_badarg(p);
        }
        tuple_elements(tuple)[index] = tuple_elements(pair)[1];
    }
    return term_is_nil(list) ? tuple : bif_badarg(p);
}

Term bif_append_element(Process *p, const Term args[])
{
    if (!term_is_tuple(args[0]) || tuple_arity(args[0]) == TUPLE_ARITY_MAX) {
        return bif_badarg(p);
    }
    size_t arity = tuple_arity(args[0]);
    Term *object = tuple_room(p, arity + 1);
    if (object == NULL) {
        return bif_system_limit(p);
    }
    memcpy(object + 1, tuple_elements(args[0]), arity * sizeof(Term));
    object[arity + 1] = args[1];
    return term_boxed(object);
}

Term bif_insert_element(Process *p, const Term args[])
{
    size_t index;
    if (!term_is_tuple(args[1]) || tuple_arity(args[1]) == TUPLE_ARITY_MAX ||
        !tuple_index(args[0], tuple_arity(args[1]) + 1, &index)) {
        return bif_badarg(p);
    }
    size_t arity = tuple_arity(args[1]);
    const Term *from = tuple_elements(args[1]);
    Term *object = tuple_room(p, arity + 1);
    if (object == NULL) {
        return bif_system_limit(p);
    }
    memcpy(object + 1, from, index * sizeof(Term));
    object[1 + index] = args[2];
    memcpy(object + 2 + index, from + index, (arity - index) * sizeof(Term));
    return term_boxed(object);
}

Term bif_delete_element(Process *p, const Term args[])
{
    size_t index;
    if (!term_is_tuple(args[1]) || !tuple_index(args[0], tuple_arity(args[1]), &index)) {
        return bif_badarg(p);
    }
    size_t arity = tuple_arity(args[1]);
    const Term *from = tuple_elements(args[1]);
    Term *object = tuple_room(p, arity - 1);
    if (object == NULL) {
        return bif_system_limit(p);
    }
    memcpy(object + 1, from, index * sizeof(Term));
    memcpy(object + 1 + index, from + index + 1, (arity - 1 - index) * sizeof(Term));
    return term_boxed(object);
}

Term bif_tuple_to_list(Process *p, const Term args[])
{
    if (!term_is_tuple(args[0])) {
        return bif_badarg(p);
    }
    size_t arity = tuple_arity(args[0]);
    bif_charge(p, arity / 64);
    return bif_result(p, make_list(bif_space(p), tuple_elements(args[0]), arity, TERM_NIL));
}

Term bif_list_to_tuple(Process *p, const Term args[])
{
    int64_t arity = list_length_or_long(args[0]);
    if (arity == LIST_IS_LONG) {
        return bif_leave(p);
    }
    if (arity < 0 || arity > TUPLE_ARITY_MAX) {
        return bif_badarg(p);
    }
    Term *object = tuple_room(p, (size_t) arity);
    if (object == NULL) {
        return bif_system_limit(p);
    }
    Term *out = object + 1;
    for (Term at = args[0]; term_is_cons(at); at = cons_tail(at)) {
        *out++ = cons_head(at);
    }
    bif_charge(p, (size_t) arity / 64);
    return term_boxed(object);
}
