/* compiler/jit/ssa_type.c
 * What is known of values: a set of kinds, a range of small integers, a tuple's size. */
#include "compiler/jit/ssa.h"

Type type_of_kinds(uint32_t kinds)
{
    Type t = {(uint16_t) kinds, 0, SMALL_MIN, SMALL_MAX};
    if (!(kinds & IS_SMALL)) {
        t.low = SMALL_MAX;
        t.high = SMALL_MIN;
    }
    return t;
}

Type type_of_term(Term value)
{
    Type t = type_of_kinds(kinds_of(value));
    if (t.kinds == IS_SMALL) {
        t.low = t.high = small_value(value);
    } else if (t.kinds == IS_TUPLE && tuple_arity(value) < UINT16_MAX) {
        t.arity_1 = (uint16_t) (tuple_arity(value) + 1);
    }
    return t;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}
static int64_t most(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Nothing contradicts itself. */
static Type settle(Type t)
{
    if ((t.kinds & IS_SMALL) && t.low > t.high) {
        t.kinds &= (uint16_t) ~IS_SMALL;
    }
    if (!(t.kinds & IS_SMALL)) {
        t.low = SMALL_MAX;
        t.high = SMALL_MIN;
    }
    if (!(t.kinds & IS_TUPLE)) {
        t.arity_1 = 0;
    }
    return t;
}

Type type_join(Type a, Type b)
{
    Type t = {a.kinds | b.kinds, 0, least(a.low, b.low), most(a.high, b.high)};
    if (!(a.kinds & IS_TUPLE)) {
        t.arity_1 = b.arity_1;
    } else if (!(b.kinds & IS_TUPLE) || a.arity_1 == b.arity_1) {
        t.arity_1 = a.arity_1;
    }
    return settle(t);
}

Type type_meet(Type a, Type b)
{
    Type t = {a.kinds & b.kinds, a.arity_1 != 0 ? a.arity_1 : b.arity_1, most(a.low, b.low),
              least(a.high, b.high)};
    if (a.arity_1 != 0 && b.arity_1 != 0 && a.arity_1 != b.arity_1) {
        t.kinds &= (uint16_t) ~IS_TUPLE;
    }
    return settle(t);
}

bool type_equal(Type a, Type b)
{
    return a.kinds == b.kinds && a.arity_1 == b.arity_1 && a.low == b.low && a.high == b.high;
}
