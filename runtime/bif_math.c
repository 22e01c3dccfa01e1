/* runtime/bif_math.c
 * Module math. What is no number is badarg; a number too big for a float, and a result that is not
 * finite, are badarith. */
#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"

#include <math.h>

static Term math_result(Process *p, double value)
{
    return isfinite(value) ? make_float(bif_space(p), value) : bif_error(p, ATOM_badarith);
}

static Term math_bad_argument(Process *p, Term t)
{
    return bif_error(p, term_is_number(t) ? ATOM_badarith : ATOM_badarg);
}

#define MATH1(name, function) \
    Term name(Process *p, const Term args[]) \
    { \
        double x; \
        return arith_to_double(args[0], &x) ? math_result(p, function(x)) \
                                            : math_bad_argument(p, args[0]); \
    }
#define MATH2(name, function) \
    Term name(Process *p, const Term args[]) \
    { \
        double x, y; \
        if (!arith_to_double(args[0], &x)) { \
            return math_bad_argument(p, args[0]); \
        } \
        if (!arith_to_double(args[1], &y)) { \
            return math_bad_argument(p, args[1]); \
        } \
        return math_result(p, function(x, y)); \
    }
MATH1(bif_math_acos, acos)
MATH1(bif_math_acosh, acosh)
MATH1(bif_math_asin, asin)
MATH1(bif_math_asinh, asinh)
MATH1(bif_math_atan, atan)
MATH2(bif_math_atan2, atan2)
MATH1(bif_math_atanh, atanh)
MATH1(bif_math_ceil, ceil)
MATH1(bif_math_cos, cos)
MATH1(bif_math_cosh, cosh)
MATH1(bif_math_erf, erf)
MATH1(bif_math_erfc, erfc)
MATH1(bif_math_exp, exp)
MATH1(bif_math_floor, floor)
MATH2(bif_math_fmod, fmod)
MATH1(bif_math_log, log)
MATH1(bif_math_log10, log10)
MATH1(bif_math_log2, log2)
MATH2(bif_math_pow, pow)
MATH1(bif_math_sin, sin)
MATH1(bif_math_sinh, sinh)
MATH1(bif_math_sqrt, sqrt)
MATH1(bif_math_tan, tan)
MATH1(bif_math_tanh, tanh)

Term bif_math_pi(Process *p, const Term args[])
{
    return make_float(bif_space(p), M_PI);
}
Term bif_math_tau(Process *p, const Term args[])
{
    return make_float(bif_space(p), 2 * M_PI);
}
