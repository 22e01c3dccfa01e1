/* runtime/bif_binary_search.c
 * binary:match and its kin. One pattern is found by memchr or memmem; of several, the first place
 * where any begins counts, and there the longest. They are sorted by first byte, longest first, so
 * that most places are dismissed by one look at a table.
 *
 * A compiled pattern is a Magic with copies of the patterns. */
#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"
#include "runtime/term/world.h"

#include <stdlib.h>

typedef struct Pattern {
    const uint8_t *bytes;
    size_t size;
} Pattern;

typedef struct PatternSet {
    Magic magic; /* first; only used when compiled */
    size_t count, longest;
    uint32_t first[257]; /* patterns[first[b]..first[b + 1]) begin with b; if count > 1 */
    uint8_t *bytes;      /* of all patterns */
    Pattern patterns[];
} PatternSet;

static const char pattern_type;

static void pattern_destroy(Magic *magic)
{
    PatternSet *set = (PatternSet *) magic;
    mem_free(set->bytes);
    mem_free(set);
}

static int pattern_order(const void *a, const void *b)
{
    const Pattern *x = a, *y = b;
    if (x->bytes[0] != y->bytes[0]) {
        return x->bytes[0] < y->bytes[0] ? -1 : 1;
    }
    return x->size > y->size ? -1 : x->size < y->size;
}

static void pattern_index(PatternSet *set)
{
    qsort(set->patterns, set->count, sizeof set->patterns[0], pattern_order);
    uint32_t at = 0;
    for (unsigned byte = 0; byte < 256; byte++) {
        while (at < set->count && set->patterns[at].bytes[0] < byte) {
            at++;
        }
        set->first[byte] = at;
    }
    set->first[256] = (uint32_t) set->count;
}

/* True: a binary with at least one byte. */
static bool is_pattern(Term t)
{
    return term_is_binary(t) && bitstring_bits(t) > 0;
}

/* Total bytes and count of one pattern or a list of them; false: neither. */
static bool pattern_measure(Term t, size_t *count, size_t *bytes)
{
    *count = *bytes = 0;
    if (is_pattern(t)) {
        *count = 1;
        *bytes = bitstring_bits(t) / 8;
        return true;
    }
    for (; term_is_cons(t) && is_pattern(cons_head(t)); t = cons_tail(t)) {
        (*count)++;
        *bytes += bitstring_bits(cons_head(t)) / 8;
    }
    return term_is_nil(t) && *count > 0;
}

static uint8_t *pattern_add(PatternSet *set, Term t, uint8_t *out)
{
    Bits bits = bits_of(t);
    bits_copy(out, 0, bits.bytes, bits.offset, bits.size);
    set->patterns[set->count++] = (Pattern){out, bits.size / 8};
    set->longest = bits.size / 8 > set->longest ? bits.size / 8 : set->longest;
    return out + bits.size / 8;
}

/* NULL: it is no pattern (or there is no memory). */
static PatternSet *pattern_make(Term t)
{
    size_t count, bytes;
    if (!pattern_measure(t, &count, &bytes)) {
        return NULL;
    }
    PatternSet *set = mem_try_alloc(sizeof *set + count * sizeof set->patterns[0]);
    uint8_t *out = mem_try_alloc(bytes);
    if (set == NULL || out == NULL) {
        mem_free(set);
        mem_free(out);
        return NULL;
    }
    set->magic = (Magic){1, pattern_destroy, &pattern_type};
    set->count = set->longest = 0;
    set->bytes = out;
    if (term_is_cons(t)) {
        for (; term_is_cons(t); t = cons_tail(t)) {
            out = pattern_add(set, cons_head(t), out);
        }
    } else {
        pattern_add(set, t, out);
    }
    if (count > 1) {
        pattern_index(set);
    }
    return set;
}

static Term pattern_kind(const PatternSet *set)
{
    return set->count == 1 ? ATOM_bm : ATOM_ac;
}

/* The pattern that a term is or was compiled to; pattern_release afterwards. NULL: none. */
static PatternSet *pattern_get(Term t)
{
    if (!tuple_is(t, 2)) {
        return pattern_make(t);
    }
    PatternSet *set = (PatternSet *) magic_of(tuple_elements(t)[1], &pattern_type);
    if (set == NULL || tuple_elements(t)[0] != pattern_kind(set)) {
        return NULL;
    }
    magic_retain(&set->magic);
    return set;
}

static void pattern_release(PatternSet *set)
{
    magic_release(&set->magic);
}

Term bif_compile_pattern(Process *p, const Term args[])
{
    PatternSet *set = pattern_make(args[0]);
    if (set == NULL) {
        return bif_badarg(p);
    }
    return make_tuple2(bif_space(p), pattern_kind(set),
                       make_magic_ref(bif_space(p), &set->magic, world_unique_number()));
}

/* ---- searching ---- */

typedef struct Found {
    size_t at, size;
} Found;

/* memchr is several times as fast as memmem, where the first byte is rare. */
static const uint8_t *find_bytes(const uint8_t *bytes, size_t size, const Pattern *pattern)
{
    enum { TRIES_MOST = 8, STRIDE_LEAST = 32 }; /* the first byte is common: more tries, less far */
    const uint8_t *at = bytes, *end = bytes + size - pattern->size + 1;
    for (size_t tries = 1; size >= pattern->size && at < end; tries++, at++) {
        at = memchr(at, pattern->bytes[0], (size_t) (end - at));
        if (at == NULL || memcmp(at + 1, pattern->bytes + 1, pattern->size - 1) == 0) {
            return at;
        }
        if (tries >= TRIES_MOST && (size_t) (at - bytes) < tries * STRIDE_LEAST) {
            return memmem(at, (size_t) (bytes + size - at), pattern->bytes, pattern->size);
        }
    }
    return NULL;
}

static bool find_one(const Pattern *pattern, const uint8_t *bytes, size_t from, size_t to,
                     Found *found)
{
    const uint8_t *at = pattern->size == 1 ? memchr(bytes + from, pattern->bytes[0], to - from)
                                           : find_bytes(bytes + from, to - from, pattern);
    if (at == NULL) {
        return false;
    }
    *found = (Found){(size_t) (at - bytes), pattern->size};
    return true;
}

/* The first match within bytes[from..to); without a set, none. */
static bool find(const PatternSet *set, const uint8_t *bytes, size_t from, size_t to, Found *found)
{
    if (set == NULL) {
        return false;
    }
    if (set->count == 1) {
        return find_one(&set->patterns[0], bytes, from, to, found);
    }
    for (size_t at = from; at < to; at++) {
        const Pattern *end = set->patterns + set->first[bytes[at] + 1];
        for (const Pattern *try = set->patterns + set->first[bytes[at]]; try < end; try++) {
            if (try->size <= to - at && memcmp(bytes + at, try->bytes, try->size) == 0) {
                *found = (Found){at, try->size};
                return true;
            }
        }
    }
    return false;
}

/* What a search works on. */
typedef struct Search {
    PatternSet *set;
    const uint8_t *bytes;
    size_t size, from, to;
    void *scratch;
    bool global, trim, trim_all;
} Search;

static bool search_scope(Search *search, Term scope)
{
    int64_t start, length;
    if (!tuple_is(scope, 2) || !term_to_index(tuple_elements(scope)[0], &start) ||
        !term_to_int64(tuple_elements(scope)[1], &length)) {
        return false;
    }
    int64_t size = (int64_t) search->size;
    if (start > size || length > size - start || length < -start) {
        return false;
    }
    search->from = (size_t) (length < 0 ? start + length : start);
    search->to = (size_t) (length < 0 ? start : start + length);
    return true;
}

static bool search_option(Search *search, Term option, bool splits)
{
    if (tuple_is(option, 2) && tuple_elements(option)[0] == ATOM_scope) {
        return search_scope(search, tuple_elements(option)[1]);
    }
    search->global |= option == ATOM_global;
    search->trim |= option == ATOM_trim;
    search->trim_all |= option == ATOM_trim_all;
    return splits && (option == ATOM_global || option == ATOM_trim || option == ATOM_trim_all);
}

static void search_finish(Search *search)
{
    mem_free(search->scratch);
    if (search->set != NULL) {
        pattern_release(search->set);
    }
}

/* False: badarg. search_finish in either case. */
static bool search_start(Search *search, const Term args[], Term options, bool splits)
{
    *search = (Search){0};
    if (!term_is_binary(args[0])) {
        return false;
    }
    search->set = pattern_get(args[1]);
    if (search->set == NULL && bitstring_bits(args[0]) > 0) {
        return false; /* in an empty subject no pattern is looked for, as in OTP */
    }
    search->bytes = binary_bytes(args[0], &search->size, &search->scratch);
    search->to = search->size;
    for (; term_is_cons(options); options = cons_tail(options)) {
        if (!search_option(search, cons_head(options), splits)) {
            return false;
        }
    }
    return term_is_nil(options);
}

static Term found_term(Process *p, const Found *found)
{
    return make_tuple2(bif_space(p), term_small((int64_t) found->at),
                       term_small((int64_t) found->size));
}

/* The first match. TERM_TRAP: there is none near, and so much is left to search that the built-in
 * is to leave; else whether there is one. Who takes a long text apart piece by piece finds each
 * near. */
static Term find_first(Process *p, const Search *search, Found *found)
{
    size_t near = search->from + LONG_BYTES;
    bool is_long = search->to > near && bif_may_leave();
    size_t to = is_long ? near : search->to;
    bool any = find(search->set, search->bytes, search->from, to, found);
    if (is_long && (!any || found->at + search->set->longest > near)) {
        return TERM_TRAP; /* a longer pattern may match there, too */
    }
    bif_charge(p, ((any ? found->at : to) - search->from) / 2048);
    return term_bool(any);
}

static Term match(Process *p, const Term args[], Term options)
{
    Search search;
    Term result = TERM_NONE;
    if (search_start(&search, args, options, false)) {
        Found found;
        Term any = find_first(p, &search, &found);
        result = any == TERM_TRAP   ? bif_leave(p)
                 : any == ATOM_true ? found_term(p, &found)
                                    : ATOM_nomatch;
    }
    search_finish(&search);
    return bif_result(p, result);
}

Term bif_binary_match2(Process *p, const Term args[])
{
    return match(p, args, TERM_NIL);
}
Term bif_binary_match3(Process *p, const Term args[])
{
    return match(p, args, args[2]);
}

static Term matches(Process *p, const Term args[], Term options)
{
    Search search;
    Term result = TERM_NONE;
    if (search_start(&search, args, options, false)) {
        ListBuilder list;
        list_start(&list, bif_space(p));
        Found found;
        for (size_t at = search.from;
             !list.failed && find(search.set, search.bytes, at, search.to, &found);
             at = found.at + found.size) {
            list_add(&list, found_term(p, &found));
        }
        bif_charge(p, (search.to - search.from) / 1024);
        result = list_end(&list, TERM_NIL);
    }
    search_finish(&search);
    return bif_result(p, result);
}

LONG_BIF(bif_binary_matches2, bif_is_large(p, args[0]))
{
    return matches(p, args, TERM_NIL);
}
LONG_BIF(bif_binary_matches3, bif_is_large(p, args[0]))
{
    return matches(p, args, args[2]);
}

/* ---- split ---- */

typedef struct Parts {
    Process *p;
    Term binary;
    ListBuilder list;
    size_t empty; /* empty parts not added yet: they may be trailing */
    bool trim, trim_all;
} Parts;

static void part_add(Parts *parts, size_t from, size_t to)
{
    if (from == to && (parts->trim || parts->trim_all)) {
        parts->empty += !parts->trim_all;
        return;
    }
    Space *space = bif_space(parts->p);
    for (; parts->empty > 0; parts->empty--) {
        list_add(&parts->list, make_sub_bits(space, parts->binary, 0, 0));
    }
    list_add(&parts->list, make_sub_bits(space, parts->binary, from * 8, (to - from) * 8));
}

static Term split_at_first(Process *p, Term binary, const Search *search, Parts *parts)
{
    Found found;
    Term any = find_first(p, search, &found);
    if (any == TERM_TRAP) {
        return bif_leave(p);
    }
    if (any == ATOM_false) {
        /* Nothing was found: the whole, which trimming may still drop. */
        bool drop = search->size == 0 && (search->trim || search->trim_all);
        return drop ? TERM_NIL : make_cons(bif_space(p), binary, TERM_NIL);
    }
    part_add(parts, 0, found.at);
    part_add(parts, found.at + found.size, search->size);
    return list_end(&parts->list, TERM_NIL);
}

static Term split_at_matches(Process *p, Term binary, const Search *search)
{
    Parts parts = {.p = p, .binary = binary, .trim = search->trim, .trim_all = search->trim_all};
    list_start(&parts.list, bif_space(p));
    if (!search->global) {
        return split_at_first(p, binary, search, &parts);
    }
    if (search->to - search->from > LONG_BYTES && bif_may_leave()) {
        return bif_leave(p);
    }
    size_t part = 0, at = search->from;
    Found found;
    while (!parts.list.failed && find(search->set, search->bytes, at, search->to, &found)) {
        part_add(&parts, part, found.at);
        part = at = found.at + found.size;
    }
    bif_charge(p, (search->to - search->from) / 1024);
    if (part == 0 && at == search->from) {
        /* Nothing was found: the whole, which trimming may still drop. */
        bool drop = search->size == 0 && (search->trim || search->trim_all);
        return drop ? TERM_NIL : make_cons(bif_space(p), binary, TERM_NIL);
    }
    part_add(&parts, part, search->size);
    return list_end(&parts.list, TERM_NIL);
}

static Term split(Process *p, const Term args[], Term options)
{
    Search search;
    Term result = TERM_NONE;
    if (search_start(&search, args, options, true)) {
        result = split_at_matches(p, args[0], &search);
    }
    search_finish(&search);
    return bif_result(p, result);
}

Term bif_binary_split2(Process *p, const Term args[])
{
    return split(p, args, TERM_NIL);
}
Term bif_binary_split3(Process *p, const Term args[])
{
    return split(p, args, args[2]);
}

/* ---- replace ---- */

/* Subject with each found part replaced by `with`. */
static Term replaced(Process *p, const Search *search, Bits with)
{
    enum { NEAR = 32 };
    Found near[NEAR], *found = near;
    size_t count = 0, capacity = NEAR, size = search->size, with_bytes = with.size / 8;
    for (size_t at = search->from;
         find(search->set, search->bytes, at, search->to, &found[count]);) {
        at = found[count].at + found[count].size;
        size = size - found[count].size + with_bytes;
        count++;
        if (!search->global) {
            break;
        }
        if (count == capacity) {
            Found *more = mem_alloc(2 * capacity * sizeof *more);
            memcpy(more, found, count * sizeof *more);
            if (found != near) {
                mem_free(found);
            }
            found = more;
            capacity *= 2;
        }
    }
    uint8_t *out;
    Term result = make_binary_uninit(bif_space(p), size, &out);
    size_t from = 0;
    for (size_t i = 0; result != TERM_LIMIT && i <= count; i++) {
        size_t to = i < count ? found[i].at : search->size;
        memcpy(out, search->bytes + from, to - from);
        out += to - from;
        if (i < count) {
            bits_copy(out, 0, with.bytes, with.offset, with.size);
            out += with_bytes;
            from = to + found[i].size;
        }
    }
    if (found != near) {
        mem_free(found);
    }
    bif_charge(p, (search->to - search->from) / 1024);
    return result;
}

/* muster_binary:replace(Subject, Pattern, With, Options): as binary:replace/4 where With is a
 * binary and nothing of what was found is put into it; false: not such a case, or something is
 * wrong. */
LONG_BIF(bif_binary_replace, bif_is_large(p, args[0]))
{
    Search search;
    Term result = ATOM_false;
    if (term_is_binary(args[2]) && search_start(&search, args, args[3], true) && !search.trim &&
        !search.trim_all) {
        result = replaced(p, &search, bits_of(args[2]));
    }
    if (term_is_binary(args[2])) {
        search_finish(&search);
    }
    return result == TERM_LIMIT ? bif_system_limit(p) : result;
}
