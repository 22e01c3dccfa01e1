/* runtime/bif_ets_select.c
 * ets:select, match, match_object and their kin.
 *
 * A table is walked in steps of STEP_NODES: hash tables bucket by bucket, trees from key to key.
 * Between two steps the process may be pre-empted and others may change the table: a hash table is
 * fixed meanwhile. The state of a walk is a Walk; it goes from step to step as the arguments of the
 * hidden built-in ets:'$select'/7, and to programs as the continuation of select/3,
 *     {Table, Spec, Mode, Limit, Cursor, Rest, 0}
 * where Rest are results that were found but not yet asked for. */
#include "runtime/bif_tables.h"
#include "runtime/ets.h"
#include "runtime/match_spec.h"
#include "runtime/term/copy.h"

enum { STEP_NODES = 1000, KEYS_MOST = 8 };

typedef enum SelectOp { SELECT_COLLECT, SELECT_COUNT, SELECT_DELETE, SELECT_REPLACE } SelectOp;
enum {
    MODE_OP = 3,
    MODE_BACKWARD = 4,
    MODE_FIXED = 8,
    MODE_LIMITED = 16,
    MODE_TRUE = 32,
    MODE_ALL = 63
};

typedef struct Walk {
    Process *p;
    EtsTable *table; /* locked */
    bool is_tree;
    MatchSpec *spec;
    Term id,
        spec_ref; /* the latter TERM_NONE: nobody but the walk knows of `spec`, which is its own */
    int mode;
    int64_t limit;
    Term cursor;  /* the next bucket; for trees {LastKey}, or 0 at the beginning */
    Term results; /* newest first */
    int64_t count;
    Term failed; /* what was raised, TERM_NONE: nothing */
} Walk;

static bool walk_backward(const Walk *walk)
{
    return (walk->mode & MODE_BACKWARD) != 0;
}
static SelectOp walk_op(const Walk *walk)
{
    return (SelectOp) (walk->mode & MODE_OP);
}

/* ---- one object ---- */

static void collect(Walk *walk, const EtsNode *node, Term value)
{
    Space *space = bif_space(walk->p);
    Term copy = value == node->object ? ets_object_copy(space, node) : term_copy(space, value);
    if (copy == TERM_LIMIT) {
        walk->failed = ATOM_system_limit;
        return;
    }
    walk->results = make_cons(space, copy, walk->results);
    walk->count++;
}

static void replace(Walk *walk, EtsNode *node, Term value)
{
    EtsTable *table = walk->table;
    bool fits = term_is_tuple(value) && tuple_arity(value) >= table->keypos &&
                term_equal_exact(ets_key_of(table, value), ets_node_key(table, node));
    EtsNode *new_node = fits ? ets_node_create(value) : NULL;
    if (new_node == NULL) {
        walk->failed = fits ? ATOM_system_limit : ATOM_badarg;
        return;
    }
    ets_replace(table, node, new_node);
    walk->count++;
}

/* May free the node. */
static void visit(Walk *walk, EtsNode *node)
{
    Term value = match_spec_run(walk->spec, walk->p, node->object);
    if (value == TERM_NONE) {
        return;
    }
    switch (walk_op(walk)) {
    case SELECT_COLLECT:
        collect(walk, node, value);
        break;
    case SELECT_COUNT:
        walk->count += value == ATOM_true;
        break;
    case SELECT_DELETE:
        if (value == ATOM_true) {
            ets_remove(walk->table, node);
            walk->count++;
        }
        break;
    case SELECT_REPLACE:
        replace(walk, node, value);
        break;
    }
}

/* ---- steps: true when the walk is at its end ---- */

enum { BUCKETS_AHEAD = 8 };

/* Nodes lie anywhere: what is soon to be visited is fetched meanwhile. */
static inline void fetch_bucket(const EtsTable *table, size_t bucket)
{
    if (bucket < table->buckets) {
        const EtsNode *node = table->segments[bucket / ETS_SEGMENT][bucket % ETS_SEGMENT];
        __builtin_prefetch(node);
        __builtin_prefetch((const char *) node + 64);
    }
}

static bool step_hash(Walk *walk)
{
    EtsTable *table = walk->table;
    size_t bucket = (size_t) small_value(walk->cursor);
    size_t visited = 0;
    for (; bucket < table->buckets; bucket++) {
        if (visited >= STEP_NODES || walk->failed != TERM_NONE ||
            ((walk->mode & MODE_LIMITED) && walk->count >= walk->limit)) {
            break;
        }
        EtsNode *node = table->segments[bucket / ETS_SEGMENT][bucket % ETS_SEGMENT];
        fetch_bucket(table, bucket + BUCKETS_AHEAD);
        visited += node == NULL && bucket % 8 == 0;
        while (node != NULL) {
            EtsNode *next = node->next;
            if (!node->deleted && walk->failed == TERM_NONE) {
                visit(walk, node);
            }
            visited++;
            node = next;
        }
    }
    bif_charge(walk->p, visited);
    walk->cursor = term_small((int64_t) bucket);
    return bucket >= table->buckets;
}

static int key_order(void *walk_at, Term key)
{
    const Walk *walk = walk_at;
    return match_spec_key_order(walk->spec, walk->table->keypos, key);
}

/* Keys that cannot match, by what the specification says of their first parts, are not walked over.
 */
static EtsNode *first_in_tree(Walk *walk, bool bounded)
{
    bool backward = walk_backward(walk);
    if (term_is_tuple(walk->cursor)) {
        return ets_tree_near(walk->table, tuple_elements(walk->cursor)[0], backward, false);
    }
    return bounded ? ets_tree_enter(walk->table, key_order, walk, backward)
                   : ets_first_node(walk->table, backward);
}

static bool step_tree(Walk *walk)
{
    bool backward = walk_backward(walk);
    bool bounded = match_spec_bounds_keys(walk->spec, walk->table->keypos);
    EtsNode *node = first_in_tree(walk, bounded);
    size_t visited = 0;
    Term last = TERM_NONE;
    while (node != NULL && visited < STEP_NODES && walk->failed == TERM_NONE &&
           !((walk->mode & MODE_LIMITED) && walk->count >= walk->limit)) {
        EtsNode *next = ets_next_node(walk->table, node, backward);
        int order = bounded ? key_order(walk, ets_node_key(walk->table, node)) : 0;
        if (backward ? order < 0 : order > 0) {
            node = NULL;
            break;
        }
        visited++;
        bool is_last = next == NULL || visited == STEP_NODES || (walk->mode & MODE_LIMITED);
        if (is_last && next != NULL) {
            last = term_copy(bif_space(walk->p), ets_node_key(walk->table, node));
        }
        visit(walk, node);
        node = next;
    }
    bif_charge(walk->p, visited);
    if (last != TERM_NONE) {
        if (last == TERM_LIMIT) {
            walk->failed = ATOM_system_limit;
        }
        walk->cursor = make_tuple(bif_space(walk->p), &last, 1);
    }
    return node == NULL;
}

/* Objects of one key, newest first: the results are wanted oldest first. */
static void visit_key(Walk *walk, Term key)
{
    EtsNode *few[64], **nodes = few;
    size_t count = 0, capacity = COUNT_OF(few);
    for (EtsNode *node = ets_find(walk->table, key); node != NULL;
         node = ets_find_next(walk->table, node)) {
        if (count == capacity) {
            EtsNode **more = mem_alloc(capacity * 2 * sizeof *more);
            memcpy(more, nodes, count * sizeof *more);
            if (nodes != few) {
                mem_free(nodes);
            }
            nodes = more;
            capacity *= 2;
        }
        nodes[count++] = node;
    }
    bif_charge(walk->p, count);
    for (size_t i = 0; i < count && walk->failed == TERM_NONE; i++) {
        visit(walk, nodes[i]);
    }
    if (nodes != few) {
        mem_free(nodes);
    }
}

/* True when every clause names its key: then only those keys are looked at. */
static bool has_keys(const Walk *walk)
{
    size_t clauses = match_spec_clauses(walk->spec);
    for (size_t i = 0; i < clauses; i++) {
        if (match_spec_key(walk->spec, i, walk->table->keypos) == TERM_NONE) {
            return false;
        }
    }
    return clauses <= KEYS_MOST;
}

/* Each key once: those of a tree in order, others as the clauses name them. */
static void visit_keys(Walk *walk)
{
    Term keys[KEYS_MOST];
    size_t count = 0, clauses = match_spec_clauses(walk->spec);
    for (size_t i = 0; i < clauses; i++) {
        Term key = match_spec_key(walk->spec, i, walk->table->keypos);
        size_t at = count;
        if (walk->is_tree) {
            for (at = 0; at < count; at++) {
                int order = term_compare(key, keys[at]);
                if (order == 0 || (walk_backward(walk) ? order > 0 : order < 0)) {
                    break;
                }
            }
        }
        bool seen = at < count && term_equal(keys[at], key);
        for (size_t j = 0; j < count && !walk->is_tree && !seen; j++) {
            seen = term_equal_exact(keys[j], key);
        }
        if (!seen) {
            memmove(keys + at + 1, keys + at, (count++ - at) * sizeof *keys);
            keys[at] = key;
        }
    }
    for (size_t i = 0; i < count && walk->failed == TERM_NONE; i++) {
        visit_key(walk, keys[i]);
    }
}

/* ---- ends ---- */

static void walk_fix(Walk *walk)
{
    if (walk->table->type != ETS_ORDERED_SET && !(walk->mode & MODE_FIXED)) {
        walk->mode |= MODE_FIXED;
        ets_fix(walk->table, walk->p->pid);
    }
}

static void walk_unfix(Walk *walk)
{
    if (walk->mode & MODE_FIXED) {
        walk->mode &= ~MODE_FIXED;
        ets_unfix(walk->table, walk->p->pid);
    }
}

static Term reversed(Process *p, Term list)
{
    Term out = TERM_NIL;
    for (; term_is_cons(list); list = cons_tail(list)) {
        out = make_cons(bif_space(p), cons_head(list), out);
    }
    return out;
}

/* What others can hold on to the specification by. */
static Term spec_ref(Walk *walk)
{
    if (walk->spec_ref == TERM_NONE) {
        match_spec_retain(walk->spec);
        walk->spec_ref = match_spec_ref(bif_space(walk->p), walk->spec);
    }
    return walk->spec_ref;
}

/* {Results, Continuation} of a limited walk, or '$end_of_table'. `ended`: nothing is left. Objects
 * of one key are found newest first and wanted oldest first; what is ordered stays as it was found.
 */
static Term limited_answer(Walk *walk, bool ended)
{
    Process *p = walk->p;
    Space *space = bif_space(p);
    if (walk->count == 0 && ended) {
        return ATOM_end_of_table;
    }
    Term rest = walk->results, list = TERM_NIL; /* the last ones first, then those before */
    if (walk->count > walk->limit) {
        rest = reversed(p, rest);
        for (int64_t i = 0; i < walk->limit && term_is_cons(rest); i++) {
            list = make_cons(space, cons_head(rest), list);
            rest = cons_tail(rest);
        }
    } else {
        list = rest;
        rest = TERM_NIL;
    }
    list = walk->is_tree ? reversed(p, list) : list;
    if (ended && term_is_nil(rest)) {
        return make_tuple2(space, list, ATOM_end_of_table);
    }
    const Term elements[] = {walk->id,
                             spec_ref(walk),
                             term_small(walk->mode),
                             make_int64(space, walk->limit),
                             ended ? ATOM_end_of_table : walk->cursor,
                             rest,
                             term_small(0)};
    return make_tuple2(space, list, make_tuple(space, elements, COUNT_OF(elements)));
}

static Term answer(Walk *walk, bool ended)
{
    if (walk->mode & MODE_TRUE) {
        return ATOM_true; /* match_delete does not count */
    }
    if (walk_op(walk) != SELECT_COLLECT) {
        return make_int64(bif_space(walk->p), walk->count);
    }
    if (walk->mode & MODE_LIMITED) {
        return limited_answer(walk, ended);
    }
    return walk->results;
}

/* Goes on for one step, from a table that is not locked yet. Hash tables are locked for writing
 * where a walk needs several steps, since it fixes them. */
static Term walk_on(Walk *walk, bool may_use_keys)
{
    Process *p = walk->p;
    SelectOp op = walk_op(walk);
    bool changes = op == SELECT_DELETE || op == SELECT_REPLACE;
    EtsTable *table = ets_lock(p, walk->id, changes ? ETS_WRITE : ETS_READ);
    if (table == NULL) {
        return ets_refused(p, walk->id, changes ? ETS_WRITE : ETS_READ);
    }
    walk->table = table;
    bool needs_fix =
        !walk->is_tree && (changes || ets_counts(table).size + table->buckets / 8 > STEP_NODES / 2);
    if (op == SELECT_REPLACE &&
        (table->type == ETS_BAG || !match_spec_keeps_key(walk->spec, table->keypos))) {
        bool is_bag = table->type == ETS_BAG;
        ets_unlock(table);
        return is_bag ? bif_error_info(p, ATOM_badarg, ATOM_table_type) : bif_badarg(p);
    }
    if (may_use_keys && has_keys(walk)) {
        visit_keys(walk);
        ets_unlock(table);
        if (walk->failed != TERM_NONE) {
            return bif_error(p, walk->failed);
        }
        return answer(walk, true);
    }
    bool unlimited = !(walk->mode & MODE_LIMITED);
    if (needs_fix && unlimited && !(walk->mode & MODE_FIXED)) {
        if (!changes) {
            /* Fixing needs the lock for writing. */
            magic_retain(&table->magic);
            ets_unlock(table);
            rw_lock_write(&table->lock);
            bool dead = table->dead;
            if (!dead) {
                walk_fix(walk);
            }
            ets_unlock(table);
            magic_release(&table->magic);
            return dead ? ets_refused(p, walk->id, ETS_READ) : walk_on(walk, false);
        }
        walk_fix(walk);
    }
    bool ended = walk->is_tree ? step_tree(walk) : step_hash(walk);
    bool stop = ended || walk->failed != TERM_NONE ||
                ((walk->mode & MODE_LIMITED) && walk->count >= walk->limit);
    if (stop && (walk->mode & MODE_FIXED)) {
        if (!changes) {
            magic_retain(&table->magic);
            ets_unlock(table);
            rw_lock_write(&table->lock);
            if (!table->dead) {
                walk_unfix(walk);
            }
            ets_unlock(table);
            magic_release(&table->magic);
        } else {
            walk_unfix(walk);
            ets_unlock(table);
        }
    } else {
        ets_unlock(table);
    }
    if (walk->failed != TERM_NONE) {
        return bif_error(p, walk->failed);
    }
    if (stop) {
        return answer(walk, ended);
    }
    Space *space = bif_space(p);
    const Term args[] = {
        walk->id,     spec_ref(walk), term_small(walk->mode),        make_int64(space, walk->limit),
        walk->cursor, walk->results,  make_int64(space, walk->count)};
    return bif_call(p, ATOM_ets, ATOM_dollar_select, args, COUNT_OF(args));
}

/* The state of a walk from seven terms; false: they are none. Its results may be improper, and not
 * be as many as counted. */
static bool walk_from(Walk *walk, Process *p, const Term terms[7])
{
    int64_t mode, count;
    *walk = (Walk){.p = p,
                   .id = terms[0],
                   .spec_ref = terms[1],
                   .spec = match_spec_from(terms[1]),
                   .cursor = terms[4],
                   .results = terms[5],
                   .failed = TERM_NONE};
    if (walk->spec == NULL || !term_to_index(terms[2], &mode) || mode > MODE_ALL ||
        !term_to_index(terms[3], &walk->limit) || !term_to_index(terms[6], &count)) {
        return false;
    }
    walk->mode = (int) mode;
    walk->count = count;
    EtsTable *table = ets_lookup(terms[0]);
    if (table == NULL) {
        return false;
    }
    walk->is_tree = table->type == ETS_ORDERED_SET;
    return terms[4] == ATOM_end_of_table ||
           (walk->is_tree ? terms[4] == term_small(0) || tuple_is(terms[4], 1)
                          : term_is_small(terms[4]) && small_value(terms[4]) >= 0);
}

Term bif_ets_select_more(Process *p, const Term args[])
{
    Walk walk;
    return walk_from(&walk, p, args) && args[4] != ATOM_end_of_table ? walk_on(&walk, false)
                                                                     : bif_badarg(p);
}

/* Begins a walk with a specification. */
static Term begin(Process *p, Term id, MatchSpec *spec, int mode, Term limit)
{
    Walk walk = {.p = p,
                 .spec = spec,
                 .spec_ref = TERM_NONE,
                 .mode = mode,
                 .cursor = term_small(0),
                 .results = TERM_NIL,
                 .failed = TERM_NONE};
    EtsTable *table = ets_lock(p, id, ETS_READ);
    if (table == NULL) {
        return ets_refused(p, id, ETS_READ);
    }
    walk.id = ets_ref(bif_space(p), table);
    walk.is_tree = table->type == ETS_ORDERED_SET;
    ets_unlock(table);
    if (limit != TERM_NONE) {
        if (!term_to_int64(limit, &walk.limit) || walk.limit < 1) {
            return bif_badarg(p);
        }
        walk.mode |= MODE_LIMITED;
    } else if (walk.is_tree && (mode & MODE_OP) == SELECT_COLLECT) {
        walk.mode ^= MODE_BACKWARD; /* results are put in front of each other */
    }
    return walk_on(&walk, true);
}

/* Takes over the specification. NULL: badarg. */
static Term start(Process *p, Term id, MatchSpec *spec, int mode, Term limit)
{
    if (spec == NULL) {
        bool replaces = (mode & MODE_OP) == SELECT_REPLACE;
        EtsTable *table = replaces ? ets_lock(p, id, ETS_WRITE) : NULL;
        bool is_bag = table != NULL && table->type == ETS_BAG;
        if (table != NULL) {
            ets_unlock(table);
        }
        return is_bag ? bif_error_info(p, ATOM_badarg, ATOM_table_type)
                      : ets_refused(p, id, replaces ? ETS_WRITE : ETS_READ);
    }
    Term result = begin(p, id, spec, mode, limit);
    match_spec_release(spec);
    return result;
}

Term bif_ets_select2(Process *p, const Term args[])
{
    return start(p, args[0], match_spec_compile(args[1]), SELECT_COLLECT, TERM_NONE);
}
Term bif_ets_select3(Process *p, const Term args[])
{
    return start(p, args[0], match_spec_compile(args[1]), SELECT_COLLECT, args[2]);
}
Term bif_ets_select_reverse2(Process *p, const Term args[])
{
    return start(p, args[0], match_spec_compile(args[1]), SELECT_COLLECT | MODE_BACKWARD,
                 TERM_NONE);
}
Term bif_ets_select_reverse3(Process *p, const Term args[])
{
    return start(p, args[0], match_spec_compile(args[1]), SELECT_COLLECT | MODE_BACKWARD, args[2]);
}
Term bif_ets_select_count(Process *p, const Term args[])
{
    return start(p, args[0], match_spec_compile(args[1]), SELECT_COUNT, TERM_NONE);
}
Term bif_ets_select_delete(Process *p, const Term args[])
{
    return start(p, args[0], match_spec_compile(args[1]), SELECT_DELETE, TERM_NONE);
}
Term bif_ets_select_replace(Process *p, const Term args[])
{
    return start(p, args[0], match_spec_compile(args[1]), SELECT_REPLACE, TERM_NONE);
}

static Term match(Process *p, const Term args[], MatchBody body, int mode, Term limit)
{
    return start(p, args[0], match_spec_of_pattern(args[1], body), mode, limit);
}

Term bif_ets_match2(Process *p, const Term args[])
{
    return match(p, args, MATCH_BODY_VARIABLES, SELECT_COLLECT, TERM_NONE);
}
Term bif_ets_match3(Process *p, const Term args[])
{
    return match(p, args, MATCH_BODY_VARIABLES, SELECT_COLLECT, args[2]);
}
Term bif_ets_match_object2(Process *p, const Term args[])
{
    return match(p, args, MATCH_BODY_OBJECT, SELECT_COLLECT, TERM_NONE);
}
Term bif_ets_match_object3(Process *p, const Term args[])
{
    return match(p, args, MATCH_BODY_OBJECT, SELECT_COLLECT, args[2]);
}
Term bif_ets_match_delete(Process *p, const Term args[])
{
    return match(p, args, MATCH_BODY_TRUE, SELECT_DELETE | MODE_TRUE, TERM_NONE);
}

/* select(Continuation) and its kin. */
Term bif_ets_select1(Process *p, const Term args[])
{
    if (args[0] == ATOM_end_of_table) {
        return ATOM_end_of_table;
    }
    Walk walk;
    if (!tuple_is(args[0], 7) || !walk_from(&walk, p, tuple_elements(args[0])) ||
        !(walk.mode & MODE_LIMITED) || (walk.mode & MODE_FIXED) || walk.limit < 1 ||
        walk_op(&walk) != SELECT_COLLECT) {
        return bif_badarg(p);
    }
    walk.count = list_length(walk.results);
    if (walk.count < 0) {
        return bif_badarg(p);
    }
    walk.results = reversed(p, walk.results);
    if (walk.cursor == ATOM_end_of_table) {
        return limited_answer(&walk, true);
    }
    return walk.count >= walk.limit ? limited_answer(&walk, false) : walk_on(&walk, false);
}

/* ---- specifications without tables ---- */

Term bif_ets_match_spec_compile(Process *p, const Term args[])
{
    MatchSpec *spec = match_spec_compile(args[0]);
    return spec == NULL ? bif_badarg(p) : match_spec_ref(bif_space(p), spec);
}

Term bif_ets_is_compiled_ms(Process *p, const Term args[])
{
    return term_bool(match_spec_from(args[0]) != NULL);
}

/* match_spec_run_r(List, Compiled, Before): results newest first, in steps. */
Term bif_ets_match_spec_run(Process *p, const Term args[])
{
    MatchSpec *spec = match_spec_from(args[1]);
    Term list = args[0], results = args[2];
    if (spec == NULL) {
        return bif_badarg(p);
    }
    size_t count = 0;
    for (; term_is_cons(list) && count < STEP_NODES; list = cons_tail(list), count++) {
        Term value = match_spec_run(spec, p, cons_head(list));
        if (value != TERM_NONE) {
            /* Parts of the specification may be in it. */
            Term copy = term_copy(bif_space(p), value);
            if (copy == TERM_LIMIT) {
                return bif_system_limit(p);
            }
            results = make_cons(bif_space(p), copy, results);
        }
    }
    bif_charge(p, count);
    if (term_is_cons(list)) {
        const Term next[] = {list, args[1], results};
        return bif_call(p, ATOM_ets, atom_of("match_spec_run_r"), next, COUNT_OF(next));
    }
    return term_is_nil(list) ? results : bif_badarg(p);
}
