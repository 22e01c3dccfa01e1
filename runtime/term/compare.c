/* runtime/term/compare.c
 * Equality and order walk two terms side by side: near the top by C calls (equality) or a short
 * loop (order), which is all that most terms need; further down, or where that does not tell, with
 * a stack of our own. What is then still to be compared is a range of slots in each term; entering
 * a compound term puts the rest of the range aside, so depth costs memory and never C stack. Slots
 * that are the same word are skipped before anything is put aside: a list nested ten million deep
 * then needs no stack at all.
 *
 * A range has a rule: EXACT (=:=, and the order of map keys) or BY_VALUE (==, <). Keys of maps are
 * always EXACT, so a node of a hash tree is a range of KEYS_EXACT: key and value in turn.
 *
 * Equality of big maps is that of their trees; of their order one key decides, see compare_trees.
 */
#include "runtime/term/compare.h"

#include "runtime/term/atom.h"
#include "runtime/term/bits.h"
#include "runtime/term/code.h"
#include "runtime/term/compare_numbers.h"
#include "runtime/term/external.h"
#include "runtime/term/map.h"
#include "runtime/term/mem.h"
#include "runtime/term/ref.h"

typedef enum Rule { BY_VALUE, EXACT, KEYS_EXACT } Rule;

typedef struct Range {
    const Term *a, *b; /* the next slots of either side */
    size_t count;      /* slots left */
    Rule rule;
    void *owned; /* memory to free when the range is done */
} Range;

enum { INLINE_RANGES = 16, QUICK_DEPTH = 8, NEAR_DEPTH = 32 };

typedef struct Walk {
    Range now;
    Range *aside;
    size_t count, capacity;
    Range first[INLINE_RANGES];
} Walk;

static void walk_start(Walk *walk, const Term *a, const Term *b, Rule rule)
{
    walk->now = (Range){a, b, 1, rule, NULL};
    walk->aside = walk->first;
    walk->count = 0;
    walk->capacity = INLINE_RANGES;
}

static COLD void walk_grow(Walk *walk)
{
    size_t capacity = walk->capacity * 2;
    if (walk->aside == walk->first) {
        walk->aside = mem_alloc(capacity * sizeof(Range));
        memcpy(walk->aside, walk->first, sizeof walk->first);
    } else {
        walk->aside = mem_realloc(walk->aside, capacity * sizeof(Range));
    }
    walk->capacity = capacity;
}

static void walk_push(Walk *walk, Range range)
{
    if (UNLIKELY(walk->count == walk->capacity)) {
        walk_grow(walk);
    }
    walk->aside[walk->count++] = range;
}

/* Goes on with `range`; what is left of the present one waits. */
static void walk_enter(Walk *walk, Range range)
{
    Range *now = &walk->now;
    while (now->count > 0 && *now->a == *now->b) {
        now->a++;
        now->b++;
        now->count--;
    }
    if (now->count > 0) {
        walk_push(walk, *now);
    } else if (now->owned != NULL) {
        mem_free(now->owned);
    }
    *now = range;
}

/* The next pair of slots; false at the end. `*exact` is the rule for them. */
static inline bool walk_next(Walk *walk, Term *a, Term *b, bool *exact)
{
    Range *now = &walk->now;
    while (now->count == 0) {
        if (now->owned != NULL) {
            mem_free(now->owned);
        }
        if (walk->count == 0) {
            now->owned = NULL;
            return false;
        }
        *now = walk->aside[--walk->count];
    }
    *a = *now->a++;
    *b = *now->b++;
    now->count--;
    *exact = now->rule == EXACT || (now->rule == KEYS_EXACT && (now->count & 1) != 0);
    return true;
}

static void walk_finish(Walk *walk)
{
    if (walk->now.owned != NULL) {
        mem_free(walk->now.owned);
    }
    for (size_t i = 0; i < walk->count; i++) {
        if (walk->aside[i].owned != NULL) {
            mem_free(walk->aside[i].owned);
        }
    }
    if (walk->aside != walk->first) {
        mem_free(walk->aside);
    }
}

static int sign_of(int64_t difference)
{
    return (difference > 0) - (difference < 0);
}

static int compare_int64(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_uint64(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

/* ---- equality ---- */

static bool fun_entries_equal(const FunEntry *a, const FunEntry *b)
{
    /* Two loads of one and the same module text make equal funs. */
    return a == b || (a->module == b->module && a->index == b->index && a->arity == b->arity &&
                      a->function == b->function && memcmp(a->uniq, b->uniq, sizeof a->uniq) == 0);
}

static bool words_equal(const Term *a, const Term *b)
{
    return a[0] == b[0] && memcmp(a + 1, b + 1, header_words(a[0]) * sizeof(Term)) == 0;
}

/* Enters two boxed objects, or says that they differ. */
static bool equal_boxed(Walk *walk, Term a, Term b, bool exact)
{
    const Term *at = term_boxed_at(a), *bt = term_boxed_at(b);
    Kind kind = header_kind(at[0]);
    Rule rule = exact ? EXACT : BY_VALUE;
    switch (kind) {
    case KIND_tuple:
        if (at[0] != bt[0]) {
            return false;
        }
        walk_enter(walk, (Range){at + 1, bt + 1, header_words(at[0]), rule, NULL});
        return true;
    case KIND_big_pos:
    case KIND_big_neg:
    case KIND_float:
        if (exact) {
            return words_equal(at, bt);
        }
        return term_is_number(b) && compare_numbers(a, b, false) == 0;
    case KIND_ref:
    case KIND_magic:
        return term_is_local_ref(b) && ref_number(a) == ref_number(b) &&
               ref_extra(a) == ref_extra(b);
    case KIND_fun:
        if (at[0] != bt[0] || !fun_entries_equal(fun_entry(a), fun_entry(b))) {
            return false;
        }
        walk_enter(walk, (Range){at + 2, bt + 2, header_words(at[0]) - 1, rule, NULL});
        return true;
    case KIND_heap_binary:
    case KIND_refc_binary:
    case KIND_sub_binary: {
        if (!term_is_bitstring(b)) {
            return false;
        }
        Bits x = bits_of(a), y = bits_of(b);
        return x.size == y.size && bits_compare(x, y) == 0;
    }
    case KIND_map:
        if (at[0] != bt[0]) {
            return false;
        }
        walk_enter(walk, (Range){at + 2, bt + 2, header_words(at[0]) - 1, rule, NULL});
        if (at[1] != bt[1]) {
            walk_enter(walk, (Range){at + 1, bt + 1, 1, EXACT, NULL});
        }
        return true;
    case KIND_tree:
        if (at[0] != bt[0] || at[1] != bt[1]) {
            return false;
        }
        walk_enter(walk, (Range){at + 2, bt + 2, 1, rule, NULL});
        return true;
    case KIND_tree_node: {
        if (at[0] != bt[0] || at[1] != bt[1]) {
            return false;
        }
        size_t data_words = 2 * (size_t) __builtin_popcount((uint32_t) at[1]);
        size_t node_words = header_words(at[0]) - 1 - data_words;
        walk_enter(walk, (Range){at + 2 + data_words, bt + 2 + data_words, node_words, rule, NULL});
        walk_enter(walk, (Range){at + 2, bt + 2, data_words, exact ? EXACT : KEYS_EXACT, NULL});
        return true;
    }
    case KIND_tree_bucket:
        if (at[0] != bt[0]) {
            return false;
        }
        walk_enter(walk,
                   (Range){at + 1, bt + 1, header_words(at[0]), exact ? EXACT : KEYS_EXACT, NULL});
        return true;
    case KIND_export:
    case KIND_external:
    case KIND_raw:
    case KIND_COUNT:
        return words_equal(at, bt);
    }
    return false;
}

/* Goes along two lists as long as their heads are immediate; false: they differ. What is left (the
 * cells from which on there is more to compare, or the tails) replaces *a and *b. */
static inline bool equal_spines(Term *a, Term *b, bool exact)
{
    while (term_is_cons(*a) && term_is_cons(*b) && *a != *b) {
        Term x = cons_head(*a), y = cons_head(*b);
        if (x != y) {
            if (term_is_pointer(x) && (!exact || term_is_pointer(y))) {
                return true;
            }
            if (exact || !term_is_number(x) || !term_is_number(y) ||
                compare_numbers(x, y, false) != 0) {
                return false;
            }
        }
        *a = cons_tail(*a);
        *b = cons_tail(*b);
    }
    return true;
}

static bool equal_by(Term a, Term b, Rule rule)
{
    Walk walk;
    bool exact, equal = true;
    walk_start(&walk, &a, &b, rule);
    while (equal && walk_next(&walk, &a, &b, &exact)) {
        if (term_is_cons(a)) {
            equal = equal_spines(&a, &b, exact);
        }
        if (!equal || a == b) {
            continue;
        }
        if (term_is_pointer(a) && ((a ^ b) & TAG_MASK) == 0) {
            if (term_is_cons(a)) {
                Rule below = exact ? EXACT : BY_VALUE;
                walk_enter(&walk, (Range){cons_cell(a), cons_cell(b), 2, below, NULL});
            } else {
                equal = equal_boxed(&walk, a, b, exact);
            }
        } else {
            equal = !exact && term_is_number(a) && term_is_number(b) &&
                    compare_numbers(a, b, false) == 0;
        }
    }
    walk_finish(&walk);
    return equal;
}

/* Bitstrings, most of them of few whole bytes. */
static bool same_bits(Term a, Term b)
{
    Bits x = bits_of(a), y = bits_of(b);
    if (x.size != y.size) {
        return false;
    }
    if (((x.size | x.offset | y.offset) & 7) == 0) {
        return x.size == 0 || memcmp(x.bytes, y.bytes, x.size / 8) == 0;
    }
    return bits_compare(x, y) == 0;
}

/* As equal_by, by C calls for what lies near the top, which is nearly always all. The last slot of
 * a tuple and the tail of a list are gone on with in the same call. */
static bool equal_near(Term a, Term b, bool exact, unsigned depth)
{
    while (a != b) {
        if (!term_is_pointer(a) || ((a ^ b) & TAG_MASK) != 0) {
            return !exact && term_is_number(a) && term_is_number(b) &&
                   compare_numbers(a, b, false) == 0;
        }
        if (term_is_cons(a)) {
            if (!equal_spines(&a, &b, exact)) {
                return false;
            }
            if (a == b || !term_is_cons(a) || !term_is_cons(b)) {
                continue;
            }
            if (depth == 0) {
                return equal_by(a, b, exact ? EXACT : BY_VALUE);
            }
            if (!equal_near(cons_head(a), cons_head(b), exact, depth - 1)) {
                return false;
            }
            a = cons_tail(a);
            b = cons_tail(b);
            continue;
        }
        const Term *at = term_boxed_at(a), *bt = term_boxed_at(b);
        Kind kind = header_kind(at[0]);
        size_t count = header_words(at[0]);
        if (kind == KIND_heap_binary || kind == KIND_refc_binary || kind == KIND_sub_binary) {
            return term_is_bitstring(b) && same_bits(a, b);
        }
        if (kind == KIND_ref && at[0] == bt[0]) {
            return at[1] == bt[1] && at[2] == bt[2];
        }
        if ((kind != KIND_tuple && kind != KIND_map) || depth == 0) {
            return equal_by(a, b, exact ? EXACT : BY_VALUE);
        }
        if (at[0] != bt[0]) {
            return false;
        }
        if (kind == KIND_map && at[1] != bt[1] && !equal_near(at[1], bt[1], true, depth - 1)) {
            return false;
        }
        for (size_t i = kind == KIND_map ? 2 : 1; i < count; i++) {
            if (at[i] != bt[i] && !equal_near(at[i], bt[i], exact, depth - 1)) {
                return false;
            }
        }
        a = at[count]; /* of what has no slots, the header, which is the same */
        b = bt[count];
    }
    return true;
}

bool term_equal_exact_slow(Term a, Term b)
{
    return equal_near(a, b, true, NEAR_DEPTH);
}

bool term_equal(Term a, Term b)
{
    if (a == b) {
        return true;
    }
    return !terms_are_small(a, b) && equal_near(a, b, false, NEAR_DEPTH);
}

/* ---- order ---- */

/* Where the kinds of terms stand in the order. */
enum {
    CLASS_NUMBER,
    CLASS_ATOM,
    CLASS_REFERENCE,
    CLASS_FUN,
    CLASS_PORT,
    CLASS_PID,
    CLASS_TUPLE,
    CLASS_MAP,
    CLASS_NIL,
    CLASS_LIST,
    CLASS_BITSTRING,
    CLASS_OTHER
};

static int class_of_boxed(Term t)
{
    switch (boxed_kind(t)) {
    case KIND_tuple:
        return CLASS_TUPLE;
    case KIND_big_pos:
    case KIND_big_neg:
    case KIND_float:
        return CLASS_NUMBER;
    case KIND_ref:
    case KIND_magic:
        return CLASS_REFERENCE;
    case KIND_fun:
    case KIND_export:
        return CLASS_FUN;
    case KIND_heap_binary:
    case KIND_refc_binary:
    case KIND_sub_binary:
        return CLASS_BITSTRING;
    case KIND_map:
    case KIND_tree:
        return CLASS_MAP;
    case KIND_external:
        return term_is_pid(t) ? CLASS_PID : term_is_port(t) ? CLASS_PORT : CLASS_REFERENCE;
    default:
        return CLASS_OTHER;
    }
}

static int class_of(Term t)
{
    if (term_is_small(t) || term_is_immediate_float(t)) {
        return CLASS_NUMBER;
    }
    if (term_is_cons(t)) {
        return CLASS_LIST;
    }
    if (term_is_boxed(t)) {
        return class_of_boxed(t);
    }
    if (term_is_atom(t)) {
        return CLASS_ATOM;
    }
    if (term_is_nil(t)) {
        return CLASS_NIL;
    }
    return term_is_local_pid(t) ? CLASS_PID : term_is_local_port(t) ? CLASS_PORT : CLASS_OTHER;
}

/* An identifier taken apart, of this node or another. */
typedef struct Identifier {
    Term node;
    uint32_t creation;
    uint64_t words[EXTERNAL_IDS_MAX / 2]; /* the last weighs most */
} Identifier;

static Identifier identifier_of(Term t)
{
    uint32_t ids[EXTERNAL_IDS_MAX] = {0};
    Identifier identifier = {external_node_name, external_node_creation, {0}};
    if (term_is_local_pid(t)) {
        ids[0] = (uint32_t) pid_id(t) & 0xFFFFFFF;
        ids[1] = (uint32_t) (pid_id(t) >> 28);
    } else if (term_is_local_port(t)) {
        ids[0] = (uint32_t) port_id(t);
        ids[1] = (uint32_t) (port_id(t) >> 32);
    } else if (term_is_local_ref(t)) {
        ref_to_ids(t, ids);
    } else {
        identifier.node = external_node(t);
        identifier.creation = external_creation(t);
        external_ids(t, ids);
    }
    for (size_t i = 0; i < EXTERNAL_IDS_MAX / 2; i++) {
        identifier.words[i] = ids[2 * i] | (uint64_t) ids[2 * i + 1] << 32;
    }
    return identifier;
}

static int compare_identifiers(Term a, Term b, int class)
{
    if (!term_is_pointer(a) && !term_is_pointer(b)) {
        return compare_uint64(a, b); /* the second printed number is in the higher bits */
    }
    Identifier x = identifier_of(a), y = identifier_of(b);
    int nodes = atom_compare(x.node, y.node), numbers = 0;
    if (nodes == 0) {
        nodes = compare_uint64(x.creation, y.creation);
    }
    for (size_t i = EXTERNAL_IDS_MAX / 2; i-- > 0 && numbers == 0;) {
        numbers = compare_uint64(x.words[i], y.words[i]);
    }
    if (class == CLASS_PID) {
        return numbers != 0 ? numbers : nodes;
    }
    return nodes != 0 ? nodes : numbers;
}

static int compare_exports(const Export *a, const Export *b)
{
    int order = atom_compare(a->module, b->module);
    if (order == 0) {
        order = atom_compare(a->function, b->function);
    }
    return order != 0 ? order : compare_uint64(a->arity, b->arity);
}

/* Funs of modules come before external ones. */
static int compare_funs(Walk *walk, Term a, Term b, bool exact)
{
    bool a_is_export = boxed_kind(a) == KIND_export, b_is_export = boxed_kind(b) == KIND_export;
    if (a_is_export || b_is_export) {
        return a_is_export && b_is_export ? compare_exports(fun_export(a), fun_export(b))
                                          : (a_is_export ? 1 : -1);
    }
    const FunEntry *x = fun_entry(a), *y = fun_entry(b);
    size_t count = header_words(*term_boxed_at(a)) - 1;
    int order = atom_compare(x->module, y->module);
    if (order == 0) {
        order = compare_uint64(x->index, y->index);
    }
    if (order == 0) {
        order = compare_uint64(x->old_uniq, y->old_uniq);
    }
    if (order == 0) {
        order = sign_of(memcmp(x->uniq, y->uniq, sizeof x->uniq));
    }
    if (order == 0) {
        order = compare_uint64(count, header_words(*term_boxed_at(b)) - 1);
    }
    if (order == 0) {
        walk_enter(
            walk, (Range){fun_captured(a), fun_captured(b), count, exact ? EXACT : BY_VALUE, NULL});
    }
    return order;
}

/* The lesser of two keys; TERM_NONE: no key. */
static Term least_key(Term least, Term key)
{
    return least == TERM_NONE || term_compare_exact(key, least) < 0 ? key : least;
}

/* The least key of `a` that `b` has not; TERM_NONE: there is none. */
static Term least_missing(Term a, Term b)
{
    MapWalk entries;
    Term key, value, least = TERM_NONE;
    map_walk_start(&entries, a);
    while (map_walk_next(&entries, &key, &value)) {
        if (map_get(b, key) == TERM_NONE) {
            least = least_key(least, key);
        }
    }
    return least;
}

/* The least key at which two maps with the same keys have different values. */
static Term least_different(Term a, Term b, bool exact)
{
    MapWalk entries;
    Term key, value, least = TERM_NONE;
    map_walk_start(&entries, a);
    while (map_walk_next(&entries, &key, &value)) {
        Term other = map_get(b, key);
        if (value != other &&
            !(exact ? term_equal_exact(value, other) : term_equal(value, other))) {
            least = least_key(least, key);
        }
    }
    return least;
}

/* Two big maps of the same size: by their keys in order, then by the values in the order of the
 * keys. What decides is the least key that one of them alone has, which need not be sorted for;
 * else the least one with different values. */
static int compare_trees(Walk *walk, Term a, Term b, bool exact)
{
    Term only_a = least_missing(a, b);
    if (only_a != TERM_NONE) {
        return term_compare_exact(only_a, least_missing(b, a));
    }
    Term different = least_different(a, b, exact);
    if (different != TERM_NONE) {
        Term *values = mem_alloc(2 * sizeof(Term));
        values[0] = map_get(a, different);
        values[1] = map_get(b, different);
        walk_enter(walk, (Range){values, values + 1, 1, exact ? EXACT : BY_VALUE, values});
    }
    return 0;
}

static int compare_maps(Walk *walk, Term a, Term b, bool exact)
{
    size_t count = map_size(a);
    int order = compare_uint64(count, map_size(b));
    if (order != 0) {
        return order;
    }
    Rule rule = exact ? EXACT : BY_VALUE;
    if (boxed_kind(a) == KIND_tree) {
        return compare_trees(walk, a, b, exact);
    }
    const Term *at = term_boxed_at(a), *bt = term_boxed_at(b);
    walk_enter(walk, (Range){at + 2, bt + 2, count, rule, NULL});
    if (at[1] != bt[1]) {
        walk_enter(walk, (Range){at + 1, bt + 1, 1, EXACT, NULL});
    }
    return 0;
}

/* Bitstrings, most of them of whole bytes. */
static int compare_bitstrings(Term a, Term b)
{
    Bits x = bits_of(a), y = bits_of(b);
    if (((x.size | x.offset | y.size | y.offset) & 7) != 0) {
        return bits_compare(x, y);
    }
    size_t least = (x.size < y.size ? x.size : y.size) / 8;
    int order = least == 0 ? 0 : memcmp(x.bytes, y.bytes, least);
    return order != 0 ? order : compare_uint64(x.size, y.size);
}

/* Two different terms of one class; false: there is something inside them to be looked at. */
static bool compare_leaves(Term a, Term b, int class, bool exact, int *order)
{
    switch (class) {
    case CLASS_NUMBER:
        *order = compare_numbers(a, b, exact);
        return true;
    case CLASS_ATOM:
        *order = atom_compare(a, b);
        return true;
    case CLASS_REFERENCE:
    case CLASS_PORT:
    case CLASS_PID:
        *order = compare_identifiers(a, b, class);
        return true;
    case CLASS_BITSTRING:
        *order = compare_bitstrings(a, b);
        return true;
    case CLASS_OTHER:
        *order = compare_uint64(a, b);
        return true;
    default:
        return false;
    }
}

static int compare_different(Walk *walk, Term a, Term b, bool exact)
{
    int class = class_of(a), b_class = class_of(b), order;
    if (class != b_class) {
        return class - b_class;
    }
    if (compare_leaves(a, b, class, exact, &order)) {
        return order;
    }
    switch (class) {
    case CLASS_FUN:
        return compare_funs(walk, a, b, exact);
    case CLASS_TUPLE: {
        size_t arity = tuple_arity(a), b_arity = tuple_arity(b);
        if (arity != b_arity) {
            return arity < b_arity ? -1 : 1;
        }
        walk_enter(walk, (Range){tuple_elements(a), tuple_elements(b), arity,
                                 exact ? EXACT : BY_VALUE, NULL});
        return 0;
    }
    case CLASS_MAP:
        return compare_maps(walk, a, b, exact);
    default: /* CLASS_LIST */
        walk_enter(walk, (Range){cons_cell(a), cons_cell(b), 2, exact ? EXACT : BY_VALUE, NULL});
        return 0;
    }
}

/* Goes along two lists as long as their heads are the same or both small; what is left replaces *a
 * and *b. */
static inline int compare_spines(Term *a, Term *b)
{
    while (term_is_cons(*a) && term_is_cons(*b) && *a != *b) {
        Term x = cons_head(*a), y = cons_head(*b);
        if (x != y) {
            return terms_are_small(x, y) ? compare_int64((int64_t) x, (int64_t) y) : 0;
        }
        *a = cons_tail(*a);
        *b = cons_tail(*b);
    }
    return 0;
}

/* Most terms are told apart, or seen to be equal, in one go: through the slots that are not the
 * same word, down to two that decide. True: that is how it is, and *order is the result. False: the
 * walk has to tell. */
static bool compare_quickly(Term a, Term b, bool exact, int *order)
{
    const Term *at = NULL, *bt = NULL; /* the tuples that a and b lie in */
    size_t rest = 0;                   /* slots behind them there */
    bool is_more_behind = false;       /* further out, which only the walk would come back to */
    for (int depth = 0; depth < QUICK_DEPTH;) {
        if (term_is_cons(a) && term_is_cons(b)) {
            *order = compare_spines(&a, &b);
            if (*order != 0) {
                return true;
            }
            if (a != b && term_is_cons(a) && term_is_cons(b)) {
                is_more_behind |= rest > 0 || cons_tail(a) != cons_tail(b);
                a = cons_head(a);
                b = cons_head(b);
                rest = 0;
                depth++;
                continue;
            }
        }
        if (term_is_tuple(a) && term_is_tuple(b) && a != b) {
            is_more_behind |= rest > 0;
            at = term_boxed_at(a);
            bt = term_boxed_at(b);
            rest = header_words(*at);
            if (*at != *bt) {
                *order = compare_uint64(rest, header_words(*bt));
                return true;
            }
            depth++;
        } else if (a != b) {
            int class = class_of(a), b_class = class_of(b);
            if (class != b_class) {
                *order = class - b_class;
                return true;
            }
            if (!compare_leaves(a, b, class, exact, order)) {
                return false;
            }
            if (*order != 0) {
                return true;
            }
        }
        do {
            if (rest == 0) {
                *order = 0;
                return !is_more_behind;
            }
            at++;
            bt++;
            rest--;
        } while (*at == *bt);
        a = *at;
        b = *bt;
    }
    return false;
}

static int compare_by(Term a, Term b, Rule rule)
{
    Walk walk;
    int quick;
    if (term_is_bitstring(a) && term_is_bitstring(b)) {
        return compare_bitstrings(a, b);
    }
    if (compare_quickly(a, b, rule == EXACT, &quick)) {
        return quick;
    }
    bool exact;
    int order = 0;
    walk_start(&walk, &a, &b, rule);
    while (order == 0 && walk_next(&walk, &a, &b, &exact)) {
        if (term_is_cons(a)) {
            order = compare_spines(&a, &b);
        }
        if (order == 0 && a != b) {
            order = compare_different(&walk, a, b, exact);
        }
    }
    walk_finish(&walk);
    return order;
}

int term_compare(Term a, Term b)
{
    if (a == b) {
        return 0;
    }
    if (terms_are_small(a, b)) {
        return compare_int64((int64_t) a, (int64_t) b);
    }
    if (term_is_atom(a) && term_is_atom(b)) {
        return atom_compare(a, b);
    }
    return compare_by(a, b, BY_VALUE);
}

int term_compare_exact(Term a, Term b)
{
    if (a == b) {
        return 0;
    }
    if (terms_are_small(a, b)) {
        return compare_int64((int64_t) a, (int64_t) b);
    }
    if (term_is_atom(a) && term_is_atom(b)) {
        return atom_compare(a, b);
    }
    return compare_by(a, b, EXACT);
}
