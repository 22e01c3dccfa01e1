/* runtime/bif_operator.c
 * Operators as functions, and the guard functions on numbers. */
#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"

/* TERM_NONE of arithmetic is badarith. */
static COLD Term arith_failed(Process *p, Term result)
{
    return bif_error(p, result == TERM_LIMIT ? ATOM_system_limit : ATOM_badarith);
}

static inline Term arith_result(Process *p, Term result)
{
    return LIKELY(result != TERM_NONE && result != TERM_LIMIT) ? result : arith_failed(p, result);
}

#define ARITH2(name, function) \
    Term name(Process *p, const Term args[]) \
    { \
        return arith_result(p, function(bif_space(p), args[0], args[1])); \
    }
#define ARITH1(name, function) \
    Term name(Process *p, const Term args[]) \
    { \
        return arith_result(p, function(bif_space(p), args[0])); \
    }
/* Multiplication and division of huge integers take their time. */
#define ARITH2_LONG(name, function) \
    Term name(Process *p, const Term args[]) \
    { \
        Term result = function(bif_space(p), args[0], args[1]); \
        if (!terms_are_small(args[0], args[1])) { \
            bif_charge(p, arith_cost()); \
        } \
        return arith_result(p, result); \
    }

ARITH2(bif_add, arith_add)
ARITH2(bif_subtract, arith_subtract)
ARITH2_LONG(bif_multiply, arith_multiply)
ARITH2(bif_divide, arith_divide)
ARITH2_LONG(bif_div, arith_div)
ARITH2_LONG(bif_rem, arith_rem)
ARITH1(bif_negate, arith_negate)
ARITH2(bif_band, arith_band)
ARITH2(bif_bor, arith_bor)
ARITH2(bif_bxor, arith_bxor)
ARITH1(bif_bnot, arith_bnot)
ARITH2(bif_bsl, arith_shift_left)
ARITH2(bif_bsr, arith_shift_right)

Term bif_plus(Process *p, const Term args[])
{
    return term_is_number(args[0]) ? args[0] : bif_error(p, ATOM_badarith);
}

#define NUMBER1(name, function) \
    Term name(Process *p, const Term args[]) \
    { \
        return bif_result(p, function(bif_space(p), args[0])); \
    }
NUMBER1(bif_abs, arith_abs)
NUMBER1(bif_ceil, arith_ceil)
NUMBER1(bif_floor, arith_floor)
NUMBER1(bif_round, arith_round)
NUMBER1(bif_trunc, arith_trunc)

Term bif_float(Process *p, const Term args[])
{
    if (term_is_float(args[0])) {
        return args[0];
    }
    double value;
    return arith_to_double(args[0], &value) ? make_float(bif_space(p), value) : bif_badarg(p);
}

#define COMPARE2(name, condition) \
    Term name(Process *p, const Term args[]) \
    { \
        Term a = args[0], b = args[1]; \
        return term_bool(condition); \
    }
COMPARE2(bif_equal, term_equal(a, b))
COMPARE2(bif_not_equal, !term_equal(a, b))
COMPARE2(bif_exactly_equal, term_equal_exact(a, b))
COMPARE2(bif_not_exactly_equal, !term_equal_exact(a, b))
COMPARE2(bif_less, term_compare(a, b) < 0)
COMPARE2(bif_less_or_equal, term_compare(a, b) <= 0)
COMPARE2(bif_greater, term_compare(a, b) > 0)
COMPARE2(bif_greater_or_equal, term_compare(a, b) >= 0)

Term bif_min(Process *p, const Term args[])
{
    return term_compare(args[0], args[1]) <= 0 ? args[0] : args[1];
}
Term bif_max(Process *p, const Term args[])
{
    return term_compare(args[0], args[1]) >= 0 ? args[0] : args[1];
}

static inline bool is_bool(Term t)
{
    return t == ATOM_true || t == ATOM_false;
}
#define BOOL2(name, condition) \
    Term name(Process *p, const Term args[]) \
    { \
        if (!is_bool(args[0]) || !is_bool(args[1])) { \
            return bif_badarg(p); \
        } \
        bool a = args[0] == ATOM_true, b = args[1] == ATOM_true; \
        return term_bool(condition); \
    }
BOOL2(bif_and, a &&b)
BOOL2(bif_or, a || b)
BOOL2(bif_xor, a != b)

Term bif_not(Process *p, const Term args[])
{
    return is_bool(args[0]) ? term_bool(args[0] == ATOM_false) : bif_badarg(p);
}

/* ---- '++' and '--' ---- */

/* A list that is not very long is copied while it is read, if the heap has room; else TERM_NONE. */
static Term append_at_once(Process *p, Term list, Term tail)
{
    CellRoom room = cells_room(p);
    Term *first = room.at, *cell = first;
    for (; term_is_cons(list); list = cons_tail(list)) {
        if (cell == room.end) {
            return TERM_NONE;
        }
        cell[0] = cons_head(list);
        cell[1] = term_cons(cell + 2);
        cell += 2;
    }
    if (!term_is_nil(list)) {
        return TERM_NONE;
    }
    if (cell == first) {
        return tail;
    }
    cell[-1] = tail;
    bif_charge(p, (size_t) (cell - first) / 32);
    cells_take(&room, cell);
    return term_cons(first);
}

Term bif_append(Process *p, const Term args[])
{
    Term result = append_at_once(p, args[0], args[1]);
    if (LIKELY(result != TERM_NONE)) {
        return result;
    }
    int64_t length = list_length_or_long(args[0]);
    if (length < 0) {
        return length == LIST_IS_LONG ? bif_leave(p) : bif_badarg(p);
    }
    if (length == 0) {
        return args[1];
    }
    bif_charge(p, (size_t) length / 16);
    Term *cell = space_try_alloc(bif_space(p), (size_t) length * 2);
    if (cell == NULL) {
        return bif_system_limit(p);
    }
    Term first = term_cons(cell);
    for (Term at = args[0]; term_is_cons(at); at = cons_tail(at)) {
        cell[0] = cons_head(at);
        cell[1] = term_cons(cell + 2);
        cell += 2;
    }
    cell[-1] = args[1];
    return first;
}

/* What is to be taken away: an open hash table of distinct elements and how often each is to go. */
typedef struct Removal {
    Term element;
    uint64_t hash;
    size_t count;
} Removal;

static Removal *removal_find(Removal *table, size_t mask, Term element, uint64_t hash)
{
    size_t at = hash & mask;
    while (table[at].element != TERM_NONE &&
           (table[at].hash != hash || !term_equal_exact(table[at].element, element))) {
        at = (at + 1) & mask;
    }
    return &table[at];
}

static uint64_t removal_hash(Term t)
{
    uint64_t hash = term_hash(t);
    return hash ^ (hash >> 32);
}

/* Both few: compare each with each. `left` of B's elements are in `remove`. */
enum { SUBTRACT_FEW = 12 };
static Term subtract_few(Process *p, Term list, Term remove[], size_t count)
{
    ListBuilder out;
    list_start(&out, bif_space(p));
    for (; term_is_cons(list) && count > 0; list = cons_tail(list)) {
        Term element = cons_head(list);
        size_t i = 0;
        while (i < count && !term_equal_exact(remove[i], element)) {
            i++;
        }
        if (i == count) {
            list_add(&out, element);
        } else {
            remove[i] = remove[--count];
        }
    }
    return bif_result(p, list_end(&out, list));
}

static Term subtract_many(Process *p, Term list, Term remove, size_t count)
{
    size_t capacity = 32;
    while (capacity < count * 2) {
        capacity *= 2;
    }
    Removal *table = mem_try_alloc(capacity * sizeof *table);
    if (table == NULL) {
        return bif_system_limit(p);
    }
    for (size_t i = 0; i < capacity; i++) {
        table[i].element = TERM_NONE;
    }
    for (; term_is_cons(remove); remove = cons_tail(remove)) {
        Term element = cons_head(remove);
        uint64_t hash = removal_hash(element);
        Removal *found = removal_find(table, capacity - 1, element, hash);
        if (found->element == TERM_NONE) {
            *found = (Removal){element, hash, 0};
        }
        found->count++;
    }
    ListBuilder out;
    list_start(&out, bif_space(p));
    for (; term_is_cons(list) && count > 0; list = cons_tail(list)) {
        Term element = cons_head(list);
        Removal *found = removal_find(table, capacity - 1, element, removal_hash(element));
        if (found->element == TERM_NONE || found->count == 0) {
            list_add(&out, element);
        } else {
            found->count--;
            count--;
        }
    }
    mem_free(table);
    return bif_result(p, list_end(&out, list));
}

Term bif_list_subtract(Process *p, const Term args[])
{
    int64_t left = list_length_or_long(args[0]), right = list_length_or_long(args[1]);
    if (left == LIST_IS_LONG || right == LIST_IS_LONG) {
        return bif_leave(p);
    }
    if (left < 0 || right < 0) {
        return bif_badarg(p);
    }
    if (left == 0 || right == 0) {
        return args[0];
    }
    bif_charge(p, (size_t) (left + right) / 4);
    if (right > SUBTRACT_FEW) {
        return subtract_many(p, args[0], args[1], (size_t) right);
    }
    Term remove[SUBTRACT_FEW];
    size_t count = 0;
    /* Of equal elements it does not matter which one goes. */
    for (Term at = args[1]; term_is_cons(at); at = cons_tail(at)) {
        remove[count++] = cons_head(at);
    }
    return subtract_few(p, args[0], remove, count);
}
