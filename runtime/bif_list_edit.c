/* runtime/bif_list_edit.c
 * Functions of lists that copy a list up to some place. */
#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"

/* The first `count` elements of a list, which has as many, before `tail`. */
static Term copy_before(Process *p, Term list, size_t count, Term tail)
{
    if (count == 0) {
        return tail;
    }
    Term *cell = space_try_alloc(bif_space(p), count * 2);
    if (cell == NULL) {
        return bif_system_limit(p);
    }
    Term result = term_cons(cell);
    bif_charge(p, count / 16);
    for (; count-- > 0; list = cons_tail(list), cell += 2) {
        cell[0] = cons_head(list);
        cell[1] = count == 0 ? tail : term_cons(cell + 2);
    }
    return result;
}

/* Nothing found: `false`, if the list has ended as lists do. */
static Term not_found(Process *p, Term end)
{
    return term_is_nil(end) ? ATOM_false : bif_error(p, ATOM_function_clause);
}

/* muster_list:without(Element, List): the list without the first such element | false. */
Term bif_list_without(Process *p, const Term args[])
{
    Term element = args[0], list = args[1];
    size_t index = 0;
    for (; term_is_cons(list); list = cons_tail(list), index++) {
        if (term_equal_exact(cons_head(list), element)) {
            return copy_before(p, args[1], index, cons_tail(list));
        }
        if (UNLIKELY(index == LONG_STEPS) && bif_may_leave()) {
            return bif_leave(p);
        }
    }
    return not_found(p, list);
}

/* muster_list:replace_key(Key, Place, List, New): the list with the elements of New instead of the
 * first tuple that has an equal element at that place | false. */
Term bif_list_replace_key(Process *p, const Term args[])
{
    Term key = args[0], list = args[2], tail = args[3];
    int64_t at;
    size_t index = 0;
    if (!term_to_int64(args[1], &at)) {
        at = INT64_MAX;
    }
    for (; term_is_cons(list); list = cons_tail(list), index++) {
        Term tuple = cons_head(list);
        if (UNLIKELY(index == LONG_STEPS) && bif_may_leave()) {
            return bif_leave(p);
        }
        if (!term_is_tuple(tuple) || (int64_t) tuple_arity(tuple) < at) {
            continue;
        }
        Term element = tuple_elements(tuple)[at - 1];
        if (element == key || (!terms_are_small(element, key) && term_equal(element, key))) {
            tail = term_is_cons(tail) ? make_cons(bif_space(p), cons_head(tail), cons_tail(list))
                                      : cons_tail(list);
            return copy_before(p, args[2], index, tail);
        }
    }
    return not_found(p, list);
}

/* muster_list:take(List, Most): the first elements of a list. */
Term bif_list_take(Process *p, const Term args[])
{
    Term list = args[0];
    int64_t most = term_is_small(args[1]) ? small_value(args[1]) : INT64_MAX, count = 0;
    for (; count < most && term_is_cons(list); list = cons_tail(list), count++) {
        if (UNLIKELY(count == LONG_STEPS) && bif_may_leave()) {
            return bif_leave(p);
        }
    }
    if (count < most && !term_is_nil(list)) {
        return bif_error(p, ATOM_function_clause);
    }
    return copy_before(p, args[0], (size_t) count, TERM_NIL);
}

/* muster_list:join(Separator, List): of a list that is not empty. */
Term bif_list_join(Process *p, const Term args[])
{
    Term list = args[1];
    int64_t length = list_length_or_long(list);
    if (length <= 0) {
        return length == LIST_IS_LONG ? bif_leave(p) : bif_error(p, ATOM_function_clause);
    }
    Term *cell = space_try_alloc(bif_space(p), (size_t) length * 4 - 2);
    if (cell == NULL) {
        return bif_system_limit(p);
    }
    Term result = term_cons(cell);
    bif_charge(p, (size_t) length / 16);
    cell[0] = cons_head(list);
    for (cell += 2; --length > 0; cell += 4) {
        list = cons_tail(list);
        cell[-1] = term_cons(cell);
        cell[0] = args[0];
        cell[1] = term_cons(cell + 2);
        cell[2] = cons_head(list);
    }
    cell[-1] = TERM_NIL;
    return result;
}
