/* runtime/bif_list.c
 * The native functions of module lists. */
#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"

/* In these loops the tail is read first: what the next round needs is on its way while this one
 * works. */

/* Cells from `cell` to `end` at most; where the next would go. */
static Term *reverse_cells(Term *list, Term *tail, Term *cell, const Term *end)
{
    Term at = *list, result = *tail;
    while (term_is_cons(at) && cell != end) {
        Term next = cons_tail(at), head = cons_head(at);
        cell[0] = head;
        cell[1] = result;
        result = term_cons(cell);
        cell += 2;
        at = next;
    }
    *list = at;
    *tail = result;
    return cell;
}

/* As far as the heap has room while the list is read; only what is left then is counted first. */
static Term reverse(Process *p, Term list, Term tail)
{
    CellRoom room = cells_room(p);
    Term *cell = reverse_cells(&list, &tail, room.at, room.end);
    size_t count = (size_t) (cell - room.at) / 2;
    cells_take(&room, cell);
    if (LIKELY(term_is_nil(list))) {
        bif_charge(p, count / 16);
        return tail;
    }
    int64_t length = list_length_or_long(list);
    if (length < 0) {
        return length == LIST_IS_LONG ? bif_leave(p) : bif_badarg(p);
    }
    cell = space_try_alloc(bif_space(p), (size_t) length * 2);
    if (cell == NULL) {
        return bif_system_limit(p);
    }
    reverse_cells(&list, &tail, cell, cell + 2 * length);
    bif_charge(p, (count + (size_t) length) / 16);
    return tail;
}

/* In OTP a function with clauses for [], [A] and lists of two or more, the latter for reverse/2. */
Term bif_reverse1(Process *p, const Term args[])
{
    Term list = args[0];
    bool has_two = term_is_cons(list) && term_is_cons(cons_tail(list));
    if (!has_two && list_length(list) < 0) {
        return bif_error(p, ATOM_function_clause);
    }
    return reverse(p, list, TERM_NIL);
}

Term bif_reverse2(Process *p, const Term args[])
{
    return reverse(p, args[0], args[1]);
}

Term bif_member(Process *p, const Term args[])
{
    Term element = args[0], list = args[1];
    bool by_word = !term_is_pointer(element);
    size_t count = 0;
    while (term_is_cons(list)) {
        Term tail = cons_tail(list), head = cons_head(list);
        if (head == element || (!by_word && term_equal_exact(head, element))) {
            break;
        }
        list = tail;
        if (UNLIKELY(count++ == LONG_STEPS) && bif_may_leave()) {
            return bif_leave(p);
        }
    }
    bif_charge(p, count / 16);
    return term_is_cons(list) ? ATOM_true : term_is_nil(list) ? ATOM_false : bif_badarg(p);
}

/* The first tuple of the list with an equal element at the place; `false`; TERM_NONE: badarg;
 * TERM_TRAP. */
static Term find_key(Process *p, const Term args[])
{
    int64_t at;
    Term key = args[0], list = args[2];
    if (!term_to_int64(args[1], &at) || at < 1 || at >= (int64_t) 1 << 59) {
        return TERM_NONE;
    }
    /* Only numbers can be equal (==) to what is not the same kind of term. */
    bool by_word = term_is_atom(key) || term_is_local_pid(key);
    size_t count = 0;
    Term found = ATOM_false;
    while (term_is_cons(list)) {
        Term tail = cons_tail(list), tuple = cons_head(list), element;
        const Term *object = term_pointer(tuple); /* looked at only if it is boxed */
        if (UNLIKELY(count++ == LONG_STEPS) && bif_may_leave()) {
            return bif_leave(p);
        }
        list = tail;
        if (!term_is_boxed(tuple) || header_kind(object[0]) != KIND_tuple ||
            header_words(object[0]) < (size_t) at) {
            continue;
        }
        element = object[at];
        if (UNLIKELY(element == key)) {
            found = tuple;
            break;
        }
        if (!by_word && !terms_are_small(element, key) && term_equal(element, key)) {
            found = tuple;
            break;
        }
    }
    bif_charge(p, count / 16);
    return found != ATOM_false || term_is_nil(list) ? found : TERM_NONE;
}

Term bif_keyfind(Process *p, const Term args[])
{
    return bif_result(p, find_key(p, args));
}

Term bif_keymember(Process *p, const Term args[])
{
    Term found = find_key(p, args);
    if (found == TERM_TRAP) {
        return found;
    }
    return found == TERM_NONE ? bif_badarg(p) : term_bool(found != ATOM_false);
}

Term bif_keysearch(Process *p, const Term args[])
{
    Term found = find_key(p, args);
    if (found == TERM_NONE || found == TERM_TRAP) {
        return found == TERM_TRAP ? found : bif_badarg(p);
    }
    return found == ATOM_false ? ATOM_false : make_tuple2(bif_space(p), ATOM_value, found);
}
