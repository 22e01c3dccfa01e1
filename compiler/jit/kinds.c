/* compiler/jit/kinds.c: see kinds.h. */
#include "compiler/jit/kinds.h"

static uint32_t boxed_kinds(Term t)
{
    switch (boxed_kind(t)) {
    case KIND_tuple:
        return IS_TUPLE;
    case KIND_big_pos:
    case KIND_big_neg:
        return IS_BIG;
    case KIND_float:
        return IS_BOXED_FLOAT;
    case KIND_map:
    case KIND_tree:
        return IS_MAP;
    case KIND_heap_binary:
    case KIND_refc_binary:
    case KIND_sub_binary:
        return IS_BITS;
    case KIND_fun:
    case KIND_export:
        return IS_FUN;
    default:
        return IS_OTHER;
    }
}

uint32_t kinds_of(Term t)
{
    if (term_is_small(t)) {
        return IS_SMALL;
    }
    if (term_is_immediate_float(t)) {
        return IS_FLOAT;
    }
    if (term_is_cons(t)) {
        return IS_CONS;
    }
    if (t == TERM_NIL) {
        return IS_NIL;
    }
    if (term_is_atom(t)) {
        return IS_ATOM;
    }
    return term_is_boxed(t) ? boxed_kinds(t) : IS_OTHER;
}
