/* runtime/bif_guard.c
 * Type tests, sizes and parts: what guards may call, besides arithmetic. */
#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"

#define IS1(name, condition) \
    Term name(Process *p, const Term args[]) \
    { \
        Term t = args[0]; \
        return term_bool(condition); \
    }
IS1(bif_is_atom, term_is_atom(t))
IS1(bif_is_binary, term_is_binary(t))
IS1(bif_is_bitstring, term_is_bitstring(t))
IS1(bif_is_boolean, t == ATOM_true || t == ATOM_false)
IS1(bif_is_float, term_is_float(t))
IS1(bif_is_function, term_is_fun(t))
IS1(bif_is_integer, term_is_integer(t))
IS1(bif_is_list, term_is_list(t))
IS1(bif_is_map, term_is_map(t))
IS1(bif_is_number, term_is_number(t))
IS1(bif_is_pid, term_is_pid(t))
IS1(bif_is_port, term_is_port(t))
IS1(bif_is_reference, term_is_reference(t))
IS1(bif_is_tuple, term_is_tuple(t))

Term bif_is_function2(Process *p, const Term args[])
{
    if (!term_is_integer(args[1]) || integer_is_negative(args[1])) {
        return bif_badarg(p);
    }
    return term_bool(term_is_fun(args[0]) && term_is_small(args[1]) &&
                     fun_arity(args[0]) == (uint64_t) small_value(args[1]));
}

Term bif_is_record2(Process *p, const Term args[])
{
    if (!term_is_atom(args[1])) {
        return bif_badarg(p);
    }
    return term_bool(term_is_tuple(args[0]) && tuple_arity(args[0]) > 0 &&
                     tuple_elements(args[0])[0] == args[1]);
}

Term bif_is_record3(Process *p, const Term args[])
{
    int64_t size, most = (int64_t) 1 << 59; /* OTP's small integers */
    if (!term_is_atom(args[1]) || !term_to_int64(args[2], &size) || size >= most || size < -most) {
        return bif_badarg(p);
    }
    return term_bool(term_is_tuple(args[0]) && (int64_t) tuple_arity(args[0]) == size &&
                     tuple_arity(args[0]) > 0 && tuple_elements(args[0])[0] == args[1]);
}

Term bif_element(Process *p, const Term args[])
{
    if (term_is_small(args[0]) && term_is_tuple(args[1])) {
        uint64_t index = (uint64_t) small_value(args[0]) - 1;
        if (index < tuple_arity(args[1])) {
            return tuple_elements(args[1])[index];
        }
    }
    return bif_badarg(p);
}

Term bif_hd(Process *p, const Term args[])
{
    return term_is_cons(args[0]) ? cons_head(args[0]) : bif_badarg(p);
}

Term bif_tl(Process *p, const Term args[])
{
    return term_is_cons(args[0]) ? cons_tail(args[0]) : bif_badarg(p);
}

Term bif_length(Process *p, const Term args[])
{
    int64_t length = list_length(args[0]);
    if (length < 0) {
        return bif_badarg(p);
    }
    bif_charge(p, (size_t) length / 64);
    return term_small(length);
}

Term bif_tuple_size(Process *p, const Term args[])
{
    return term_is_tuple(args[0]) ? term_small((int64_t) tuple_arity(args[0])) : bif_badarg(p);
}

Term bif_byte_size(Process *p, const Term args[])
{
    return term_is_bitstring(args[0]) ? term_small((int64_t) ((bitstring_bits(args[0]) + 7) / 8))
                                      : bif_badarg(p);
}

Term bif_bit_size(Process *p, const Term args[])
{
    return term_is_bitstring(args[0]) ? term_small((int64_t) bitstring_bits(args[0]))
                                      : bif_badarg(p);
}

Term bif_size(Process *p, const Term args[])
{
    if (term_is_bitstring(args[0])) {
        return term_small((int64_t) (bitstring_bits(args[0]) / 8));
    }
    return bif_tuple_size(p, args);
}

Term bif_map_size(Process *p, const Term args[])
{
    return term_is_map(args[0]) ? term_small((int64_t) map_size(args[0])) : bif_badmap(p, args[0]);
}

Term bif_map_get(Process *p, const Term args[])
{
    if (!term_is_map(args[1])) {
        return bif_badmap(p, args[1]);
    }
    Term value = map_get(args[1], args[0]);
    return value == TERM_NONE ? bif_badkey(p, args[0]) : value;
}

Term bif_is_map_key(Process *p, const Term args[])
{
    return term_is_map(args[1]) ? term_bool(map_get(args[1], args[0]) != TERM_NONE)
                                : bif_badmap(p, args[1]);
}

static Term binary_part(Process *p, Term binary, Term start, Term length)
{
    int64_t at, count;
    if (!term_is_bitstring(binary) || !term_to_index(start, &at) ||
        !term_to_int64(length, &count)) {
        return bif_badarg(p);
    }
    int64_t size = (int64_t) (bitstring_bits(binary) / 8);
    if (at > size || count > size - at || count < -at) {
        return bif_badarg(p);
    }
    if (count < 0) {
        at += count;
        count = -count;
    }
    return make_sub_bits(bif_space(p), binary, (size_t) at * 8, (size_t) count * 8);
}

Term bif_binary_part3(Process *p, const Term args[])
{
    return binary_part(p, args[0], args[1], args[2]);
}

Term bif_binary_part2(Process *p, const Term args[])
{
    if (!tuple_is(args[1], 2)) {
        return bif_badarg(p);
    }
    return binary_part(p, args[0], tuple_elements(args[1])[0], tuple_elements(args[1])[1]);
}
