/* runtime/bif_sort.c
 * Sorting of lists: by the elements, or by one element of each, which are tuples. The list becomes
 * an array of pairs (key, element); runs that are there already are found, short ones are made
 * longer by insertion, and neighbours are merged until one is left. Stable, so a list in order
 * costs one pass. Where equal ones are not wanted each run and each merge drops them, so that of
 * many alike few are compared again.
 *
 * Keys that are all of one kind become words that have their order: integers and floats all of it,
 * binaries their first eight bytes, tuples of one size what their first elements have. Where two
 * such words are the same the terms decide, if there is more to them. */
#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"

enum { RUN_LEAST = 12, SORT_LONG = 5000, WHOLE = 0 };

typedef struct Item {
    Term key, element;
} Item;

/* Neighbours lie in this order; what was dropped leaves a gap between them. */
typedef struct Run {
    size_t from, count;
} Run;

typedef struct Sorting {
    Item *items, *spare; /* two arrays of `count`, in one block that begins at `block` */
    Run *runs;
    size_t count, run_count;
    bool words; /* keys are words now that compare as the keys did */
    bool whole; /* …and say all */
    bool unique;
    size_t place; /* of the key in the elements, or WHOLE */
    void *block;
} Sorting;

static inline Term key_of(const Sorting *s, const Item *item)
{
    return s->place == WHOLE ? item->element : tuple_elements(item->element)[s->place - 1];
}

static inline int order_of(const Sorting *s, const Item *a, const Item *b)
{
    if (s->words && a->key != b->key) {
        return (int64_t) a->key < (int64_t) b->key ? -1 : 1;
    }
    return s->whole ? 0 : term_compare(key_of(s, a), key_of(s, b));
}

static inline bool in_order(const Sorting *s, const Item *a, const Item *b)
{
    return s->whole ? (int64_t) a->key <= (int64_t) b->key : order_of(s, a, b) <= 0;
}

static void reverse_items(Item *from, Item *to)
{
    while (from < --to) {
        Item item = *from;
        *from++ = *to;
        *to = item;
    }
}

/* The end of a run that begins at `from`; a descending one is turned round. */
static size_t take_run(Sorting *s, size_t from)
{
    Item *items = s->items;
    size_t end = from + 1;
    if (end == s->count) {
        return end;
    }
    if (in_order(s, &items[from], &items[end])) {
        do {
            end++;
        } while (end < s->count && in_order(s, &items[end - 1], &items[end]));
    } else {
        do {
            end++;
        } while (end < s->count && !in_order(s, &items[end - 1], &items[end]));
        reverse_items(items + from, items + end);
    }
    for (; end < s->count && end - from < RUN_LEAST; end++) {
        Item item = items[end];
        size_t at = end;
        for (; at > from && !in_order(s, &items[at - 1], &item); at--) {
            items[at] = items[at - 1];
        }
        items[at] = item;
    }
    return end;
}

/* How many are left of items[from] to items[end - 1], of equal ones the first. */
static size_t drop_repeats(Sorting *s, size_t from, size_t end)
{
    Item *items = s->items;
    size_t last = from;
    for (size_t at = from + 1; at < end; at++) {
        if (order_of(s, &items[last], &items[at]) != 0) {
            items[++last] = items[at];
        }
    }
    return last + 1 - from;
}

static Item *merge_unique(const Sorting *s, const Item **a, const Item *a_end, const Item **b,
                          const Item *b_end, Item *out)
{
    while (*a < a_end && *b < b_end) {
        int order = order_of(s, *a, *b);
        *out++ = order <= 0 ? *(*a)++ : *(*b)++;
        *b += order == 0;
    }
    return out;
}

/* Into the spare array, where the left one lies; how many there are then. */
static size_t merge_runs(const Sorting *s, Run left, Run right)
{
    const Item *a = s->items + left.from, *a_end = a + left.count, *b = s->items + right.from,
               *b_end = b + right.count;
    Item *start = s->spare + left.from, *out = start;
    if (s->unique) {
        out = merge_unique(s, &a, a_end, &b, b_end, out);
    }
    while (a < a_end && b < b_end) {
        *out++ = in_order(s, a, b) ? *a++ : *b++;
    }
    size_t a_rest = (size_t) (a_end - a), b_rest = (size_t) (b_end - b);
    memcpy(out, a, a_rest * sizeof *a);
    memcpy(out + a_rest, b, b_rest * sizeof *b);
    return (size_t) (out - start) + a_rest + b_rest;
}

static void sort_items(Sorting *s)
{
    for (size_t from = 0, end; from < s->count; from = end, s->run_count++) {
        end = take_run(s, from);
        s->runs[s->run_count] = (Run){from, s->unique ? drop_repeats(s, from, end) : end - from};
    }
    while (s->run_count > 1) {
        size_t done = 0;
        for (size_t i = 0; i < s->run_count; i += 2, done++) {
            Run left = s->runs[i];
            Run right = i + 1 < s->run_count ? s->runs[i + 1] : (Run){left.from, 0};
            s->runs[done] = (Run){left.from, merge_runs(s, left, right)};
        }
        s->run_count = done;
        Item *items = s->items;
        s->items = s->spare;
        s->spare = items;
    }
    s->count = s->runs[0].count;
}

/* False: no memory. */
static bool sorting_start(Sorting *s, size_t count, size_t place, bool unique)
{
    size_t items = count * sizeof(Item), runs = (count / 2 + 1) * sizeof(Run);
    *s = (Sorting){
        .count = count, .unique = unique, .place = place, .block = mem_try_alloc(2 * items + runs)};
    s->items = s->block;
    if (s->block != NULL) {
        s->spare = s->items + count;
        s->runs = (Run *) (s->spare + count);
    }
    return s->block != NULL;
}

/* Floats as words with the same order. */
static Term float_word(Term t)
{
    int64_t bits;
    double value = float_value(t) + 0.0; /* -0.0 becomes 0.0, to which it is equal */
    memcpy(&bits, &value, sizeof bits);
    return (Term) (bits < 0 ? bits ^ INT64_MAX : bits);
}

/* What binaries begin with; shorter ones as if zeros came after. */
static Term binary_word(Term t)
{
    Bits bits = bits_of(t);
    uint8_t first[8] = {0};
    uint64_t word;
    memcpy(first, bits.bytes, bits.size / 8 < 8 ? bits.size / 8 : 8);
    memcpy(&word, first, 8);
    return __builtin_bswap64(word) ^ (uint64_t) 1 << 63;
}

static bool is_aligned_binary(Term t)
{
    return term_is_binary(t) && bits_of(t).offset == 0;
}

/* Of what kind terms may all be that were looked at so far. */
enum { ALL_SMALL = 1, ALL_FLOATS = 2, ALL_BINARIES = 4, ALL_KINDS = 7 };

static inline unsigned kind_bits(Term t)
{
    return term_is_small(t)       ? ALL_SMALL
           : !term_is_pointer(t)  ? (term_is_float(t) ? ALL_FLOATS : 0)
           : term_is_float(t)     ? ALL_FLOATS
           : is_aligned_binary(t) ? ALL_BINARIES
                                  : 0;
}

static Term word_of(Term t, unsigned kind)
{
    return kind == ALL_SMALL ? t : kind == ALL_FLOATS ? float_word(t) : binary_word(t);
}

/* Of tuples of one size the first elements; false: they do not begin with what has words. */
static bool take_first_elements(Sorting *s)
{
    Term header = term_is_tuple(s->items[0].key) ? *term_boxed_at(s->items[0].key) : 0;
    unsigned kinds = header == 0 || header_words(header) == 0 ? 0 : ALL_KINDS;
    for (size_t i = 0; kinds != 0 && i < s->count; i++) {
        Term tuple = s->items[i].key;
        kinds &= term_is_tuple(tuple) && *term_boxed_at(tuple) == header
                     ? kind_bits(tuple_elements(tuple)[0])
                     : 0;
    }
    for (size_t i = 0; kinds != 0 && i < s->count; i++) {
        s->items[i].key = word_of(tuple_elements(s->items[i].key)[0], kinds);
    }
    return kinds != 0;
}

/* False: an element has no such place. */
static bool take_items(Sorting *s, Term list)
{
    unsigned kinds = ALL_KINDS;
    for (Item *item = s->items; term_is_cons(list); list = cons_tail(list), item++) {
        item->key = item->element = cons_head(list);
        if (s->place != WHOLE) {
            if (!term_is_tuple(item->element) || tuple_arity(item->element) < s->place) {
                return false;
            }
            item->key = tuple_elements(item->element)[s->place - 1];
        }
        if (kinds != 0) {
            kinds &= kind_bits(item->key);
        }
    }
    for (size_t i = 0; (kinds & (ALL_FLOATS | ALL_BINARIES)) != 0 && i < s->count; i++) {
        s->items[i].key = word_of(s->items[i].key, kinds);
    }
    s->words = kinds != 0 || take_first_elements(s);
    s->whole = (kinds & (ALL_SMALL | ALL_FLOATS)) != 0;
    return true;
}

static Term sorted_list(Process *p, const Sorting *s)
{
    size_t count = s->count;
    Term list = TERM_NIL, *cell = space_try_alloc(bif_space(p), count * 2);
    if (cell == NULL) {
        return TERM_LIMIT;
    }
    for (cell += count * 2; count-- > 0; list = term_cons(cell)) {
        cell -= 2;
        cell[0] = s->items[count].element;
        cell[1] = list;
    }
    return list;
}

/* Whether they are small integers, in order already. */
static bool is_sorted_smalls(Term list, bool unique)
{
    Term last = term_small(SMALL_MIN);
    bool is_first = true;
    for (; term_is_cons(list); list = cons_tail(list)) {
        Term head = cons_head(list);
        if (!term_is_small(head) || (int64_t) head < (int64_t) last ||
            (unique && head == last && !is_first)) {
            return false;
        }
        last = head;
        is_first = false;
    }
    return term_is_nil(list);
}

/* `refusal`: what is answered where the list is no list or its elements have no such place. */
static Term sort(Process *p, Term list, size_t place, bool unique, Term refusal)
{
    Sorting s;
    int64_t length = list_length(list);
    if (length < 2) {
        return length < 0 ? refusal : list;
    }
    if (place == WHOLE && is_sorted_smalls(list, unique)) {
        bif_charge(p, (size_t) length / 4);
        return list;
    }
    if (length > SORT_LONG && bif_may_leave()) {
        return bif_leave(p);
    }
    if (!sorting_start(&s, (size_t) length, place, unique)) {
        return bif_system_limit(p);
    }
    Term result = refusal;
    if (take_items(&s, list)) {
        sort_items(&s);
        result = sorted_list(p, &s);
    }
    mem_free(s.block);
    bif_charge(p, (size_t) length / 4);
    return result == TERM_LIMIT ? bif_system_limit(p) : result;
}

static Term sort_whole(Process *p, Term list, bool unique)
{
    Term result = sort(p, list, WHOLE, unique, TERM_NONE);
    return result == TERM_NONE ? bif_error(p, ATOM_function_clause) : result;
}

static Term sort_by_place(Process *p, const Term args[], bool unique)
{
    int64_t place;
    if (!term_to_int64(args[0], &place) || place < 1) {
        return ATOM_false;
    }
    return sort(p, args[1], (size_t) place, unique, ATOM_false);
}

Term bif_lists_sort(Process *p, const Term args[])
{
    return sort_whole(p, args[0], false);
}

Term bif_lists_usort(Process *p, const Term args[])
{
    return sort_whole(p, args[0], true);
}

/* muster_sort:keysort(Place, List): the list | false. */
Term bif_sort_by_key(Process *p, const Term args[])
{
    return sort_by_place(p, args, false);
}

/* muster_sort:ukeysort(Place, List). */
Term bif_sort_by_key_unique(Process *p, const Term args[])
{
    return sort_by_place(p, args, true);
}
