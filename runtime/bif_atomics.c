/* runtime/bif_atomics.c
 * Modules atomics and counters: arrays of 64-bit words that processes share. All accesses are in
 * one order, as the manual promises for atomics; counters are the same thing with fewer operations.
 *
 *   words   any thread: atomic, in one order for all */
#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"
#include "runtime/term/arith.h"
#include "runtime/term/world.h"

#include "proc/atomic.h"

typedef struct Words {
    Magic magic; /* first */
    size_t count;
    bool is_signed;
    volatile AO_t at[];
} Words;

static const char atomics_type, counters_type;

static void words_destroy(Magic *magic)
{
    mem_free(magic);
}

static Words *words_create(int64_t count, const void *type)
{
    if (count < 1 || count > (int64_t) 1 << 40) {
        return NULL;
    }
    Words *words = mem_try_alloc(sizeof *words + (size_t) count * sizeof(AO_t));
    if (words != NULL) {
        memset(words, 0, sizeof *words + (size_t) count * sizeof(AO_t));
        words->magic = (Magic){1, words_destroy, type};
        words->count = (size_t) count;
        words->is_signed = true;
    }
    return words;
}

static Term words_ref(Process *p, Words *words)
{
    return make_magic_ref(bif_space(p), &words->magic, world_unique_number());
}

/* The word that args[0] and args[1] name; NULL: badarg. */
static volatile AO_t *word_of(const Term args[], const void *type, Words **words)
{
    int64_t index;
    *words = (Words *) magic_of(args[0], type);
    if (*words == NULL || !term_to_int64(args[1], &index) || index < 1 ||
        index > (int64_t) (*words)->count) {
        return NULL;
    }
    return &(*words)->at[index - 1];
}

static Term word_term(Process *p, const Words *words, AO_t value)
{
    return words->is_signed ? make_int64(bif_space(p), (int64_t) value)
                            : make_uint64(bif_space(p), value);
}

static bool word_value(const Words *words, Term t, AO_t *out)
{
    int64_t value;
    uint64_t large;
    if (words->is_signed) {
        bool ok = term_to_int64(t, &value);
        *out = (AO_t) value;
        return ok;
    }
    bool ok = term_to_uint64(t, &large);
    *out = large;
    return ok;
}

/* What is added may be any integer of 64 bits, with or without a sign. */
static bool word_increment(Term t, AO_t *out)
{
    int64_t value;
    uint64_t large;
    if (term_to_int64(t, &value)) {
        *out = (AO_t) value;
        return true;
    }
    bool ok = term_to_uint64(t, &large);
    *out = large;
    return ok;
}

/* A count that no memory holds. */
static bool is_beyond(Term t)
{
    int64_t count;
    return term_is_integer(t) && !integer_is_negative(t) && !term_to_int64(t, &count);
}

/* ---- atomics ---- */

Term bif_atomics_new(Process *p, const Term args[])
{
    int64_t count;
    bool is_signed = true;
    Term list = args[1];
    for (; term_is_cons(list); list = cons_tail(list)) {
        Term option = cons_head(list);
        if (!tuple_is(option, 2) || tuple_elements(option)[0] != ATOM_signed) {
            return bif_badarg(p);
        }
        Term value = tuple_elements(option)[1];
        is_signed = value == ATOM_true;
        if (!is_signed && value != ATOM_false) {
            return bif_badarg(p);
        }
    }
    if (!term_is_nil(list)) {
        return bif_badarg(p);
    }
    if (is_beyond(args[0])) {
        return bif_system_limit(p);
    }
    if (!term_to_int64(args[0], &count) || count < 1) {
        return bif_badarg(p);
    }
    Words *words = words_create(count, &atomics_type);
    if (words == NULL) {
        return bif_system_limit(p);
    }
    words->is_signed = is_signed;
    return words_ref(p, words);
}

Term bif_atomics_put(Process *p, const Term args[])
{
    Words *words;
    volatile AO_t *word = word_of(args, &atomics_type, &words);
    AO_t value;
    if (word == NULL || !word_value(words, args[2], &value)) {
        return bif_badarg(p);
    }
    atomic_store_in_order(word, value);
    return ATOM_ok;
}

Term bif_atomics_get(Process *p, const Term args[])
{
    Words *words;
    volatile AO_t *word = word_of(args, &atomics_type, &words);
    return word == NULL ? bif_badarg(p) : word_term(p, words, atomic_load_in_order(word));
}

/* The value after adding; TERM_NONE: badarg. */
static Term add(Process *p, const Term args[], const void *type, bool subtract)
{
    Words *words;
    volatile AO_t *word = word_of(args, type, &words);
    Term term = args[2];
    AO_t by;
    if (subtract) { /* its negation is added */
        if (!term_is_number(term)) {
            return bif_error(p, ATOM_badarith);
        }
        term = arith_negate(bif_space(p), term);
    }
    if (word == NULL || !word_increment(term, &by)) {
        return bif_badarg(p);
    }
    return word_term(p, words, AO_fetch_and_add_full(word, by) + by);
}

Term bif_atomics_add_get(Process *p, const Term args[])
{
    return add(p, args, &atomics_type, false);
}
Term bif_atomics_sub_get(Process *p, const Term args[])
{
    return add(p, args, &atomics_type, true);
}
Term bif_atomics_add(Process *p, const Term args[])
{
    return add(p, args, &atomics_type, false) == TERM_NONE ? TERM_NONE : ATOM_ok;
}
Term bif_atomics_sub(Process *p, const Term args[])
{
    return add(p, args, &atomics_type, true) == TERM_NONE ? TERM_NONE : ATOM_ok;
}

Term bif_atomics_exchange(Process *p, const Term args[])
{
    Words *words;
    volatile AO_t *word = word_of(args, &atomics_type, &words);
    AO_t value, before;
    if (word == NULL || !word_value(words, args[2], &value)) {
        return bif_badarg(p);
    }
    do {
        before = AO_load(word);
    } while (!AO_compare_and_swap_full(word, before, value));
    return word_term(p, words, before);
}

Term bif_atomics_compare_exchange(Process *p, const Term args[])
{
    Words *words;
    volatile AO_t *word = word_of(args, &atomics_type, &words);
    AO_t expected, value;
    if (word == NULL || !word_value(words, args[2], &expected) ||
        !word_value(words, args[3], &value)) {
        return bif_badarg(p);
    }
    AO_t before = AO_fetch_compare_and_swap_full(word, expected, value);
    return before == expected ? ATOM_ok : word_term(p, words, before);
}

static Term info_map(Process *p, const Words *words, bool is_counters)
{
    Space *space = bif_space(p);
    Term bytes = make_uint64(space, sizeof *words + words->count * sizeof(AO_t));
    Term size = make_uint64(space, words->count);
    if (is_counters) {
        const Term pairs[] = {ATOM_memory, bytes, ATOM_size, size};
        return map_from_pairs(space, pairs, 2);
    }
    Term most = words->is_signed ? make_int64(space, INT64_MAX) : make_uint64(space, UINT64_MAX);
    Term least = words->is_signed ? make_int64(space, INT64_MIN) : term_small(0);
    const Term pairs[] = {ATOM_max, most, ATOM_memory, bytes, ATOM_min, least, ATOM_size, size};
    return map_from_pairs(space, pairs, 4);
}

Term bif_atomics_info(Process *p, const Term args[])
{
    Words *words = (Words *) magic_of(args[0], &atomics_type);
    return words == NULL ? bif_badarg(p) : info_map(p, words, false);
}

/* ---- counters ---- */

Term bif_counters_new(Process *p, const Term args[])
{
    int64_t count;
    Term list = args[1];
    for (; term_is_cons(list); list = cons_tail(list)) {
        if (cons_head(list) != ATOM_atomics && cons_head(list) != ATOM_write_concurrency) {
            return bif_badarg(p);
        }
    }
    if (!term_is_nil(list)) {
        return bif_badarg(p);
    }
    if (is_beyond(args[0])) {
        return bif_system_limit(p);
    }
    if (!term_to_int64(args[0], &count) || count < 1) {
        return bif_badarg(p);
    }
    Words *words = words_create(count, &counters_type);
    return words == NULL ? bif_system_limit(p) : words_ref(p, words);
}

Term bif_counters_get(Process *p, const Term args[])
{
    Words *words;
    volatile AO_t *word = word_of(args, &counters_type, &words);
    return word == NULL ? bif_badarg(p) : word_term(p, words, atomic_load_in_order(word));
}

Term bif_counters_add(Process *p, const Term args[])
{
    return add(p, args, &counters_type, false) == TERM_NONE ? TERM_NONE : ATOM_ok;
}
Term bif_counters_sub(Process *p, const Term args[])
{
    return add(p, args, &counters_type, true) == TERM_NONE ? TERM_NONE : ATOM_ok;
}

Term bif_counters_put(Process *p, const Term args[])
{
    Words *words;
    volatile AO_t *word = word_of(args, &counters_type, &words);
    AO_t value;
    if (word == NULL || !word_value(words, args[2], &value)) {
        return bif_badarg(p);
    }
    atomic_store_in_order(word, value);
    return ATOM_ok;
}

Term bif_counters_info(Process *p, const Term args[])
{
    Words *words = (Words *) magic_of(args[0], &counters_type);
    return words == NULL ? bif_badarg(p) : info_map(p, words, true);
}
