/* runtime/bif_sort.c
 * Sorting of lists: by the elements, or by one element of each, which are tuples. The list becomes
 * an array of pairs (key, element); runs that are there already are found, short ones are made
 * longer by insertion, and neighbours are merged until one is left. Stable, so a list in order
 * costs one pass. */
#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"

enum { RUN_LEAST = 12, SORT_LONG = 5000, WHOLE = 0 };

typedef struct Item {
    Term key, element;
} Item;

typedef struct Sorting {
    Item *items, *spare; /* two arrays of `count`, in one block that begins at `block` */
    size_t *ends;        /* where runs end */
    size_t count, runs;
    bool
        words; /* keys are words now that compare as the keys did: all were of one kind of number */
    void *block;
} Sorting;

static inline bool in_order(const Sorting *s, Term a, Term b)
{
    return s->words ? (int64_t) a <= (int64_t) b : term_compare(a, b) <= 0;
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
    if (in_order(s, items[from].key, items[end].key)) {
        do {
            end++;
        } while (end < s->count && in_order(s, items[end - 1].key, items[end].key));
    } else {
        do {
            end++;
        } while (end < s->count && !in_order(s, items[end - 1].key, items[end].key));
        reverse_items(items + from, items + end);
    }
    for (; end < s->count && end - from < RUN_LEAST; end++) {
        Item item = items[end];
        size_t at = end;
        for (; at > from && !in_order(s, items[at - 1].key, item.key); at--) {
            items[at] = items[at - 1];
        }
        items[at] = item;
    }
    return end;
}

static void merge_runs(const Sorting *s, size_t from, size_t middle, size_t end)
{
    const Item *a = s->items + from, *a_end = s->items + middle, *b = a_end,
               *b_end = s->items + end;
    Item *out = s->spare + from;
    while (a < a_end && b < b_end) {
        *out++ = in_order(s, a->key, b->key) ? *a++ : *b++;
    }
    memcpy(out, a, (size_t) (a_end - a) * sizeof *a);
    memcpy(out + (a_end - a), b, (size_t) (b_end - b) * sizeof *b);
}

static void sort_items(Sorting *s)
{
    for (size_t at = 0; at < s->count; s->runs++) {
        at = s->ends[s->runs] = take_run(s, at);
    }
    while (s->runs > 1) {
        size_t from = 0, left = 0;
        for (size_t run = 0; run < s->runs; run += 2, left++) {
            size_t middle = s->ends[run], end = run + 1 < s->runs ? s->ends[run + 1] : middle;
            merge_runs(s, from, middle, end);
            s->ends[left] = from = end;
        }
        s->runs = left;
        Item *items = s->items;
        s->items = s->spare;
        s->spare = items;
    }
}

/* False: no memory. */
static bool sorting_start(Sorting *s, size_t count)
{
    size_t items = count * sizeof(Item), ends = (count / 2 + 1) * sizeof(size_t);
    *s = (Sorting){.count = count, .block = mem_try_alloc(2 * items + ends)};
    s->items = s->block;
    if (s->block != NULL) {
        s->spare = s->items + count;
        s->ends = (size_t *) (s->spare + count);
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

/* False: an element has no such place. */
static bool take_items(Sorting *s, Term list, size_t place)
{
    bool smalls = true, floats = true;
    for (Item *item = s->items; term_is_cons(list); list = cons_tail(list), item++) {
        item->key = item->element = cons_head(list);
        if (place != WHOLE) {
            if (!term_is_tuple(item->element) || tuple_arity(item->element) < place) {
                return false;
            }
            item->key = tuple_elements(item->element)[place - 1];
        }
        smalls = smalls && term_is_small(item->key);
        floats = floats && term_is_float(item->key);
    }
    for (size_t i = 0; floats && i < s->count; i++) {
        s->items[i].key = float_word(s->items[i].key);
    }
    s->words = smalls || floats;
    return true;
}

static bool is_same_key(const Sorting *s, Term a, Term b)
{
    return s->words ? a == b : term_equal(a, b);
}

static Term sorted_list(Process *p, Sorting *s, bool unique)
{
    size_t count = 0;
    for (size_t i = 0; i < s->count; i++) {
        if (!unique || count == 0 || !is_same_key(s, s->items[count - 1].key, s->items[i].key)) {
            s->items[count++] = s->items[i];
        }
    }
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

/* `refusal`: what is answered where the list is no list or its elements have no such place. */
static Term sort(Process *p, Term list, size_t place, bool unique, Term refusal)
{
    Sorting s;
    int64_t length = list_length(list);
    if (length < 2) {
        return length < 0 ? refusal : list;
    }
    if (length > SORT_LONG && bif_may_leave()) {
        return bif_leave(p);
    }
    if (!sorting_start(&s, (size_t) length)) {
        return bif_system_limit(p);
    }
    Term result = refusal;
    if (take_items(&s, list, place)) {
        sort_items(&s);
        result = sorted_list(p, &s, unique);
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
