/* runtime/bif_external.c
 * term_to_binary and its kin, and phash2. */
#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"
#include "runtime/term/external.h"

enum { ZLIB_LEVEL_DEFAULT = 6 };

static bool write_option(ExternalOptions *options, Term option)
{
    if (option == ATOM_compressed) {
        options->compression = ZLIB_LEVEL_DEFAULT;
        return true;
    }
    if (option == ATOM_deterministic) {
        options->deterministic = true;
        return true;
    }
    if (option == ATOM_local) {
        return true;
    }
    int64_t value;
    if (!tuple_is(option, 2) || !term_to_index(tuple_elements(option)[1], &value)) {
        return false;
    }
    if (tuple_elements(option)[0] == ATOM_compressed && value <= 9) {
        options->compression = (uint8_t) value;
        return true;
    }
    options->minor_version = (uint8_t) value;
    return tuple_elements(option)[0] == ATOM_minor_version && value <= 2;
}

static bool write_options(Process *p, ExternalOptions *options, Term list)
{
    *options = EXTERNAL_DEFAULTS;
    options->self = p->pid;
    options->steps = bif_steps();
    for (; term_is_cons(list); list = cons_tail(list)) {
        if (!write_option(options, cons_head(list))) {
            return false;
        }
    }
    return term_is_nil(list);
}

static Term term_to_binary(Process *p, Term t, Term option_list)
{
    ExternalOptions options;
    if (!write_options(p, &options, option_list)) {
        return bif_badarg(p);
    }
    Term binary = external_from_term(bif_space(p), t, &options);
    if (binary == TERM_LIMIT || binary == TERM_TRAP) {
        return binary == TERM_TRAP ? bif_leave(p) : bif_system_limit(p);
    }
    bif_charge(p, bitstring_bits(binary) / (8 * 64));
    return binary;
}

Term bif_term_to_binary1(Process *p, const Term args[])
{
    return term_to_binary(p, args[0], TERM_NIL);
}
Term bif_term_to_binary2(Process *p, const Term args[])
{
    return term_to_binary(p, args[0], args[1]);
}

static Term term_to_iovec(Process *p, Term t, Term option_list)
{
    Term binary = term_to_binary(p, t, option_list);
    return binary == TERM_NONE || binary == TERM_TRAP ? binary
                                                      : make_cons(bif_space(p), binary, TERM_NIL);
}

Term bif_term_to_iovec1(Process *p, const Term args[])
{
    return term_to_iovec(p, args[0], TERM_NIL);
}
Term bif_term_to_iovec2(Process *p, const Term args[])
{
    return term_to_iovec(p, args[0], args[1]);
}

static Term binary_to_term(Process *p, Term binary, bool safe, bool with_used)
{
    if (!term_is_binary(binary)) {
        return bif_badarg(p);
    }
    size_t size, used;
    void *scratch;
    const uint8_t *bytes = binary_bytes(binary, &size, &scratch);
    Term t = external_to_term(bif_space(p), bytes, size, safe, &used);
    mem_free(scratch);
    bif_charge(p, size / 64);
    if (t == TERM_NONE || t == TERM_LIMIT) {
        return bif_failed(p, t);
    }
    return with_used ? make_tuple2(bif_space(p), t, make_uint64(bif_space(p), used)) : t;
}

LONG_BIF(bif_binary_to_term1, bif_is_large(p, args[0]))
{
    return binary_to_term(p, args[0], false, false);
}

LONG_BIF(bif_binary_to_term2, bif_is_large(p, args[0]))
{
    bool safe = false, used = false;
    Term list = args[1];
    for (; term_is_cons(list); list = cons_tail(list)) {
        if (cons_head(list) == ATOM_safe) {
            safe = true;
        } else if (cons_head(list) == ATOM_used) {
            used = true;
        } else {
            return bif_badarg(p);
        }
    }
    return term_is_nil(list) ? binary_to_term(p, args[0], safe, used) : bif_badarg(p);
}

static Term size_of_external(Process *p, Term t, Term option_list)
{
    ExternalOptions options = EXTERNAL_DEFAULTS;
    for (; term_is_cons(option_list); option_list = cons_tail(option_list)) {
        Term option = cons_head(option_list);
        if (!tuple_is(option, 2) || tuple_elements(option)[0] != ATOM_minor_version ||
            !write_option(&options, option)) {
            return bif_badarg(p);
        }
    }
    if (!term_is_nil(option_list)) {
        return bif_badarg(p);
    }
    options.self = p->pid;
    options.steps = bif_steps();
    size_t size = external_size(t, &options);
    if (size == EXTERNAL_IS_LONG) {
        return bif_leave(p);
    }
    return size == 0 ? bif_system_limit(p) : make_uint64(bif_space(p), size);
}

Term bif_external_size1(Process *p, const Term args[])
{
    return size_of_external(p, args[0], TERM_NIL);
}
Term bif_external_size2(Process *p, const Term args[])
{
    return size_of_external(p, args[0], args[1]);
}

LONG_BIF(bif_phash, bif_is_large(p, args[0]))
{
    uint64_t range;
    if (!term_to_uint64(args[1], &range) || range == 0 || range > (uint64_t) 1 << 32) {
        return bif_badarg(p);
    }
    return term_small((int64_t) (term_phash(args[0]) % range) + 1);
}

LONG_BIF(bif_phash2, bif_is_large(p, args[0]))
{
    return term_small(term_phash2(args[0]) & ((1u << 27) - 1));
}

LONG_BIF(bif_phash2_range, bif_is_large(p, args[0]))
{
    uint64_t range;
    if (!term_to_uint64(args[1], &range) || range == 0 || range > (uint64_t) 1 << 32) {
        return bif_badarg(p);
    }
    return term_small((int64_t) (term_phash2(args[0]) % range));
}
