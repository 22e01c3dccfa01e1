/* compiler/core/match.c
 * Clauses to decision trees.
 *
 * A row is a clause that may still match, with the tests left. Where the first row has none left,
 * it matches (if its guard holds; else the rows after it go on). Otherwise one place is tested: the
 * one of the first row's that the most rows from the top test too. Those rows are sorted by what
 * they want there (an atom, a tuple of three …), one test or switch tells which, and each group
 * goes on by itself; the rows below the first that does not care are tried when that fails. Every
 * pattern is compiled once, so code is linear in the source. Sorting keeps the order of clauses,
 * since a value that belongs to one group belongs to no other. */
#include "compiler/core/generate_internal.h"

#include "runtime/term/compare.h"

/* ---- a row that matches ---- */

static void bind(Gen *g, CoreVar *var, Place *place)
{
    uint32_t slot = place_slot(g, place);
    if (var->has_place) {
        gen_load(g, slot);
        gen_store(g, var->slot);
    } else {
        slot_bind(g, var, slot);
    }
}

/* Variables that the pattern or guard itself reads. */
void bind_early(Gen *g, Row *row)
{
    for (Bind *at = *row->early_end; at != NULL; at = at->next) {
        if (at->var != NULL && at->var->is_used_early) {
            bind(g, at->var, at->place);
        }
    }
    row->early_end = row->bind_end;
}

static void bind_late(Gen *g, Row *row)
{
    for (Bind *at = row->binds; at != NULL; at = at->next) {
        if (at->var != NULL && !at->var->is_used_early) {
            bind(g, at->var, at->place);
        }
    }
}

static void check_equal(Gen *g, Row *row, Label *fail)
{
    for (Bind *at = row->binds; at != NULL; at = at->next) {
        if (at->var == NULL) {
            gen_load(g, place_slot(g, at->place));
            gen_expr(g, at->value, WANT_PUSH);
            gen_compare(g, OP_test_eq_exact, fail);
        }
    }
}

static void go_on(Gen *g, Matching *m, Row *row)
{
    if (m->kind == MATCH_STATEMENT) {
        return;
    }
    if (m->kind == MATCH_RECEIVE) {
        gen_op(g, OP_receive_take, 0, 0);
    }
    if (m->kind == MATCH_HANDLERS && row->clause->trace != NULL && row->clause->trace->uses != 0) {
        CoreVar *trace = row->clause->trace;
        gen_load(g, m->trace_slot);
        gen_op(g, OP_build_trace, 1, 1);
        if (trace->has_place) {
            gen_store(g, trace->slot);
        } else {
            slot_bind(g, trace, g->depth - 1);
        }
    }
    if (!m->has_bits) {
        temporaries_die(g, m->base);
    }
    deaths_on_entry(g, m->deaths, row->index);
    bool was_looking = g->is_looking;
    g->is_looking = false;
    gen_expr(g, row->clause->body, m->want);
    g->is_looking = was_looking;
    if (m->want != WANT_RETURN) {
        gen_jump(g, m->join);
    }
}

static void finish_row(Gen *g, Matching *m, Row *row, Label *fail)
{
    Label *outer_guard = g->guard;
    g->guard = fail;
    bind_early(g, row);
    check_equal(g, row, fail);
    g->guard = outer_guard;
    if (row->clause != NULL && row->clause->guard != NULL) {
        gen_guard(g, row->clause->guard, fail);
    }
    bind_late(g, row);
    go_on(g, m, row);
}

static bool can_fail(const Row *row)
{
    if (row->clause != NULL && row->clause->guard != NULL) {
        return true;
    }
    for (const Bind *at = row->binds; at != NULL; at = at->next) {
        if (at->var == NULL) {
            return true;
        }
    }
    return false;
}

/* ---- which place ---- */

enum { PLACES_TRIED = 8 };

static uint32_t rows_testing(Row **rows, uint32_t count, const Place *place)
{
    uint32_t n = 1;
    while (n < count && row_test(rows[n], place) != NULL) {
        n++;
    }
    return n;
}

static Place *choose_place(Row **rows, uint32_t count, uint32_t *testing)
{
    Place *best = rows[0]->tests->place;
    *testing = rows_testing(rows, count, best);
    int tried = 1;
    for (Test *at = rows[0]->tests->next; at != NULL && tried < PLACES_TRIED && *testing < count;
         at = at->next, tried++) {
        uint32_t n = rows_testing(rows, count, at->place);
        if (n > *testing) {
            best = at->place;
            *testing = n;
        }
    }
    return best;
}

/* ---- groups ---- */

typedef enum Class {
    CLASS_ATOM,
    CLASS_SMALL,
    CLASS_NIL,
    CLASS_CONS,
    CLASS_TUPLE,
    CLASS_MAP,
    CLASS_BINARY,
    CLASS_LITERAL,
    CLASS_COUNT
} Class;

typedef struct Group {
    Class class;
    Term key; /* ATOM, SMALL, LITERAL: the value; TUPLE: the arity as a small */
    Row **rows;
    uint32_t count, capacity;
    struct Group *next; /* of the same class */
} Group;

typedef struct Groups {
    Group *first[CLASS_COUNT], *last[CLASS_COUNT];
    uint32_t count[CLASS_COUNT];
    Class order[CLASS_COUNT]; /* by first row */
    uint32_t class_count;
    Group **table; /* by key: open addressing, or NULL while few */
    uint32_t table_size;
} Groups;

static Class class_of(const CorePattern *pattern, Term *key)
{
    *key = TERM_NONE;
    switch (pattern->kind) {
    case PATTERN_CONS:
        return CLASS_CONS;
    case PATTERN_TUPLE:
        *key = term_small(pattern->tuple.count);
        return CLASS_TUPLE;
    case PATTERN_MAP:
        return CLASS_MAP;
    case PATTERN_BINARY:
        return CLASS_BINARY;
    default:
        break;
    }
    *key = pattern->literal;
    return term_is_atom(*key)    ? CLASS_ATOM
           : term_is_small(*key) ? CLASS_SMALL
           : term_is_nil(*key)   ? CLASS_NIL
                                 : CLASS_LITERAL;
}

/* A literal cons or tuple as a pattern of its parts. */
static CorePattern *open_literal(Gen *g, CorePattern *pattern)
{
    Term literal = pattern->literal;
    if (term_is_cons(literal)) {
        CorePattern *cons = core_pattern(g->core, PATTERN_CONS);
        cons->pair.left = core_pattern_literal(g->core, cons_head(literal));
        cons->pair.right = core_pattern_literal(g->core, cons_tail(literal));
        return cons;
    }
    uint32_t arity = (uint32_t) tuple_arity(literal);
    CorePattern *tuple = core_pattern(g->core, PATTERN_TUPLE);
    tuple->tuple.count = arity;
    tuple->tuple.items = ARENA_ARRAY(g->arena, CorePattern *, arity);
    for (uint32_t i = 0; i < arity; i++) {
        tuple->tuple.items[i] = core_pattern_literal(g->core, tuple_elements(literal)[i]);
    }
    return tuple;
}

static bool is_structure(const CorePattern *pattern)
{
    return pattern->kind == PATTERN_LITERAL &&
           (term_is_cons(pattern->literal) || term_is_tuple(pattern->literal));
}

/* Lists and tuples that are literal are compared whole, unless many are or others look inside. */
enum { LITERALS_COMPARED = 3 };

static void open_literals(Gen *g, Row **rows, uint32_t count, const Place *place)
{
    uint32_t literals = 0;
    bool is_inside =
        place->how == PLACE_VIRTUAL || place->fact == FACT_CONS || place->fact == FACT_TUPLE;
    for (uint32_t i = 0; i < count; i++) {
        const CorePattern *pattern = row_test(rows[i], place)->pattern;
        literals += is_structure(pattern);
        is_inside |= pattern->kind == PATTERN_CONS || pattern->kind == PATTERN_TUPLE;
    }
    if (literals <= LITERALS_COMPARED && !is_inside) {
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        Test *test = row_test(rows[i], place);
        if (is_structure(test->pattern)) {
            test->pattern = open_literal(g, test->pattern);
        }
    }
}

static uint32_t key_hash(Class class, Term key)
{
    return (uint32_t) (((key >> 2) + (uint64_t) class * 31) * 0x9E3779B97F4A7C15u >> 40);
}

static bool is_group(const Group *group, Class class, Term key)
{
    return group->class == class &&
           (group->key == key || (class == CLASS_LITERAL && term_equal_exact(group->key, key)));
}

static Group *find_group(const Groups *groups, Class class, Term key, uint32_t *slot)
{
    if (groups->table == NULL || class == CLASS_LITERAL) {
        Group *group = groups->first[class];
        while (group != NULL && !is_group(group, class, key)) {
            group = group->next;
        }
        return group;
    }
    uint32_t mask = groups->table_size - 1;
    uint32_t at = key_hash(class, key) & mask;
    while (groups->table[at] != NULL && !is_group(groups->table[at], class, key)) {
        at = (at + 1) & mask;
    }
    *slot = at;
    return groups->table[at];
}

static void add_to_group(Gen *g, Groups *groups, Row *row, Class class, Term key)
{
    uint32_t slot = 0;
    Group *group = find_group(groups, class, key, &slot);
    if (group == NULL) {
        group = ARENA_NEW(g->arena, Group);
        group->class = class;
        group->key = key;
        if (groups->first[class] == NULL) {
            groups->first[class] = group;
            groups->order[groups->class_count++] = class;
        } else {
            groups->last[class]->next = group;
        }
        groups->last[class] = group;
        groups->count[class]++;
        if (groups->table != NULL && class != CLASS_LITERAL) {
            groups->table[slot] = group;
        }
    }
    if (group->count == group->capacity) {
        group->capacity = group->capacity * 2 + 2;
        Row **rows = ARENA_ARRAY(g->arena, Row *, group->capacity);
        if (group->count != 0) {
            memcpy(rows, group->rows, group->count * sizeof rows[0]);
        }
        group->rows = rows;
    }
    group->rows[group->count++] = row;
}

static void make_groups(Gen *g, Groups *groups, Row **rows, uint32_t count, const Place *place)
{
    memset(groups, 0, sizeof *groups);
    open_literals(g, rows, count, place);
    if (count > 16) {
        groups->table_size = 64;
        while (groups->table_size < count * 2) {
            groups->table_size *= 2;
        }
        groups->table = arena_alloc_zero(g->arena, groups->table_size * sizeof groups->table[0]);
    }
    for (uint32_t i = 0; i < count; i++) {
        Term key;
        Class class = class_of(row_test(rows[i], place)->pattern, &key);
        add_to_group(g, groups, rows[i], class, key);
    }
}

/* ---- what is known already ---- */

typedef enum Known { KNOWN_NOT, KNOWN_YES, KNOWN_NO } Known;

static Known is_known(const Place *place, const Group *group)
{
    switch (place->fact) {
    case FACT_NONE:
        return KNOWN_NOT;
    case FACT_CONS:
        return group->class == CLASS_CONS ? KNOWN_YES : KNOWN_NO;
    case FACT_TUPLE:
        return group->class != CLASS_TUPLE  ? KNOWN_NO
               : place->known == TERM_NONE  ? KNOWN_NOT
               : place->known == group->key ? KNOWN_YES
                                            : KNOWN_NO;
    case FACT_MAP:
        return group->class == CLASS_MAP ? KNOWN_YES : KNOWN_NO;
    case FACT_LITERAL:
        if (group->key != TERM_NONE && is_group(group, group->class, place->known)) {
            return KNOWN_YES;
        }
        return term_is_pointer(place->known) ? KNOWN_NOT : KNOWN_NO;
    }
    return KNOWN_NOT;
}

/* ---- one group: what is inside of the value ---- */

static Test *take_test(Row *row, const Place *place)
{
    Test *test = row_test(row, place);
    row_remove(row, test);
    return test;
}

static void enter_cons(Gen *g, Row **rows, uint32_t count, Place *place)
{
    Place *head = place_child(g, place, PLACE_HEAD, 0);
    Place *tail = place_child(g, place, PLACE_TAIL, 0);
    bool needs_both = false;
    for (uint32_t i = 0; i < count; i++) {
        CorePattern *pattern = take_test(rows[i], place)->pattern;
        needs_both |= i == 0 && !pattern_is_unused(pattern->pair.left) &&
                      !pattern_is_unused(pattern->pair.right);
        row_add(g, rows[i], tail, pattern->pair.right);
        row_add(g, rows[i], head, pattern->pair.left);
    }
    if (needs_both && head->slot == CORE_NO_SLOT && tail->slot == CORE_NO_SLOT) {
        gen_op1(g, OP_get_list, place_slot(g, place), 0, 2);
        place_set_slot(g, head, g->depth - 2);
        place_set_slot(g, tail, g->depth - 1);
    }
}

static void enter_tuple(Gen *g, Row **rows, uint32_t count, Place *place)
{
    for (uint32_t i = 0; i < count; i++) {
        CorePattern *pattern = take_test(rows[i], place)->pattern;
        for (uint32_t e = pattern->tuple.count; e-- > 0;) {
            if (!pattern_is_unused(pattern->tuple.items[e])) {
                row_add(g, rows[i], place_child(g, place, PLACE_ELEMENT, e),
                        pattern->tuple.items[e]);
            }
        }
    }
}

static bool is_same_key(const Core *a, const Core *b)
{
    if (a->kind == CORE_LITERAL && b->kind == CORE_LITERAL) {
        return term_equal_exact(a->literal, b->literal);
    }
    return a->kind == CORE_VAR && b->kind == CORE_VAR && a->var == b->var;
}

static Place *key_place(Gen *g, Place *map, Core *key)
{
    Place **at = &map->children;
    uint32_t tried = 0;
    for (; *at != NULL && tried < 64; at = &(*at)->next, tried++) {
        if ((*at)->how == PLACE_KEY && is_same_key((*at)->key, key)) {
            return *at;
        }
    }
    Place *place = place_new(g, PLACE_KEY, CORE_NO_SLOT);
    place->parent = map;
    place->key = key;
    place->next = *at;
    *at = place;
    return place;
}

static void enter_map(Gen *g, Row **rows, uint32_t count, Place *place)
{
    for (uint32_t i = 0; i < count; i++) {
        CorePattern *pattern = take_test(rows[i], place)->pattern;
        for (uint32_t k = pattern->map.count; k-- > 0;) {
            Test *test = ARENA_NEW(g->arena, Test);
            test->place = key_place(g, place, pattern->map.keys[k]);
            test->pattern = pattern->map.values[k];
            test->next = rows[i]->tests;
            rows[i]->tests = test;
        }
    }
}

static void enter_binary(Gen *g, Row **rows, uint32_t count, Place *place, uint32_t slot)
{
    Place *bits = place_new(g, PLACE_BITS, slot);
    bits->parent = place;
    for (uint32_t i = 0; i < count; i++) {
        CorePattern *pattern = take_test(rows[i], place)->pattern;
        Test *test = ARENA_NEW(g->arena, Test);
        test->place = bits;
        test->segments = pattern->binary.segments;
        test->segment_count = pattern->binary.count;
        test->next = rows[i]->tests;
        rows[i]->tests = test;
    }
}

/* All rows want the same atom as first element: the tag of a record. */
static Term common_tag(Group *group, const Place *place)
{
    Term tag = TERM_NONE;
    for (uint32_t i = 0; i < group->count; i++) {
        const CorePattern *pattern = row_test(group->rows[i], place)->pattern;
        if (pattern->tuple.count == 0 || pattern->tuple.items[0]->kind != PATTERN_LITERAL ||
            !term_is_atom(pattern->tuple.items[0]->literal) ||
            (tag != TERM_NONE && tag != pattern->tuple.items[0]->literal)) {
            return TERM_NONE;
        }
        tag = pattern->tuple.items[0]->literal;
    }
    return tag;
}

/* ---- one group: the test ---- */

static void test_tuple(Gen *g, Group *group, Place *place, Label *next)
{
    uint64_t arity = (uint64_t) small_value(group->key);
    Term tag = common_tag(group, place);
    if (tag == TERM_NONE) {
        gen_test(g, OP_test_arity, place_slot(g, place), &arity, 1, next);
        place_set_fact(g, place, FACT_TUPLE, group->key);
        return;
    }
    uint32_t slot = place_slot(g, place);
    if (g->reachable) {
        uint64_t operands[2] = {arity, module_atom(g->module, tag)};
        gen_test(g, OP_test_record, slot, operands, 2, next);
    }
    place_set_fact(g, place, FACT_TUPLE, group->key);
    place_set_fact(g, place_child(g, place, PLACE_ELEMENT, 0), FACT_LITERAL, tag);
}

static void test_literal(Gen *g, Group *group, Place *place, Label *next)
{
    uint32_t slot = place_slot(g, place);
    if (!g->reachable) {
        return;
    }
    uint64_t operand;
    if (group->class == CLASS_NIL) {
        gen_test(g, OP_test_nil, slot, NULL, 0, next);
    } else if (group->class == CLASS_SMALL) {
        operand = (uint64_t) small_value(group->key);
        gen_test(g, OP_test_is_int, slot, &operand, 1, next);
    } else if (group->class == CLASS_ATOM) {
        operand = module_atom(g->module, group->key);
        gen_test(g, OP_test_is_atom, slot, &operand, 1, next);
    } else {
        operand = module_literal(g->module, group->key);
        gen_test(g, OP_test_is_literal, slot, &operand, 1, next);
    }
    place_set_fact(g, place, FACT_LITERAL, group->key);
}

/* Goes on when the value belongs to the group, else to `next`. */
static void test_group(Gen *g, Group *group, Place *place, Label *next)
{
    switch (group->class) {
    case CLASS_CONS:
        gen_test(g, OP_test_cons, place_slot(g, place), NULL, 0, next);
        place_set_fact(g, place, FACT_CONS, TERM_NONE);
        break;
    case CLASS_TUPLE:
        test_tuple(g, group, place, next);
        break;
    case CLASS_MAP:
        gen_test(g, OP_test_map, place_slot(g, place), NULL, 0, next);
        place_set_fact(g, place, FACT_MAP, TERM_NONE);
        break;
    case CLASS_BINARY: {
        uint32_t slot = place_slot(g, place);
        if (g->reachable) {
            emit2(g->emitter, OP_bs_start, slot, label_at(g, next, g->depth));
        }
        gen_depth(g, 0, 3);
        break;
    }
    default:
        test_literal(g, group, place, next);
        break;
    }
}

/* The value belongs to the group: its rows. */
static void enter_group(Gen *g, Matching *m, Group *group, Place *place, Label *fail)
{
    Row **rows = group->rows;
    uint32_t count = group->count;
    switch (group->class) {
    case CLASS_CONS:
        enter_cons(g, rows, count, place);
        break;
    case CLASS_TUPLE:
        enter_tuple(g, rows, count, place);
        break;
    case CLASS_MAP:
        enter_map(g, rows, count, place);
        break;
    case CLASS_BINARY:
        m->has_bits = true;
        enter_binary(g, rows, count, place, g->depth - 3);
        break;
    default:
        for (uint32_t i = 0; i < count; i++) {
            take_test(rows[i], place);
        }
    }
    match_rows(g, m, rows, count, fail);
}

/* ---- a switch over groups of one class ---- */

enum { SWITCH_FROM = 3 };

static void switch_groups(Gen *g, Matching *m, Groups *groups, Class class, Place *place,
                          Label *next, Label *fail)
{
    uint32_t count = groups->count[class];
    Label *labels = ARENA_ARRAY(g->arena, Label, count);
    int64_t *keys = ARENA_ARRAY(g->arena, int64_t, count);
    uint32_t *ids = ARENA_ARRAY(g->arena, uint32_t, count);
    uint32_t slot = place_slot(g, place);
    if (class == CLASS_TUPLE) {
        gen_test(g, OP_test_tuple, slot, NULL, 0, next);
    }
    if (!g->reachable) {
        return;
    }
    uint32_t i = 0;
    for (Group *group = groups->first[class]; group != NULL; group = group->next, i++) {
        label_init(&labels[i], g->depth, false);
        ids[i] = label_at(g, &labels[i], g->depth);
        keys[i] = class == CLASS_ATOM ? (int64_t) module_atom(g->module, group->key)
                                      : small_value(group->key);
    }
    Opcode op = class == CLASS_ATOM    ? OP_switch_atom
                : class == CLASS_SMALL ? OP_switch_int
                                       : OP_switch_arity;
    emit_switch(g->emitter, op, slot, label_at(g, next, g->depth), keys, ids, count);
    gen_stop(g);
    i = 0;
    for (Group *group = groups->first[class]; group != NULL; group = group->next, i++) {
        uint32_t mark = trail_mark(g);
        label_place(g, &labels[i]);
        place_set_fact(g, place, class == CLASS_TUPLE ? FACT_TUPLE : FACT_LITERAL, group->key);
        enter_group(g, m, group, place, fail);
        trail_undo(g, mark);
    }
}

/* ---- the rows that test one place ---- */

/* Groups of one class, one test after the other; `after` when none is it. */
static void chain_groups(Gen *g, Matching *m, Groups *groups, Class class, Place *place,
                         Label *after, Label *fail)
{
    bool is_tested = false; /* what is left goes to `after` by the last test */
    for (Group *group = groups->first[class]; group != NULL; group = group->next) {
        Known known = is_known(place, group);
        if (known == KNOWN_NO) {
            continue;
        }
        uint32_t mark = trail_mark(g);
        if (known == KNOWN_YES && class != CLASS_BINARY) {
            enter_group(g, m, group, place, fail);
            trail_undo(g, mark);
            return;
        }
        bool is_end = group->next == NULL;
        Label here, *next = is_end ? after : &here;
        label_init(&here, g->depth, false);
        test_group(g, group, place, next);
        enter_group(g, m, group, place, fail);
        is_tested = is_end;
        if (!is_end) {
            label_place(g, &here);
        }
        trail_undo(g, mark);
    }
    if (!is_tested) {
        gen_jump(g, after);
    }
}

/* The group that the value belongs to for all that is known; NULL: a test must tell. */
static Group *known_group(const Groups *groups, const Place *place)
{
    for (uint32_t i = 0; place->fact != FACT_NONE && i < groups->class_count; i++) {
        for (Group *group = groups->first[groups->order[i]]; group != NULL; group = group->next) {
            if (group->class != CLASS_BINARY && is_known(place, group) == KNOWN_YES) {
                return group;
            }
        }
    }
    return NULL;
}

static void match_values(Gen *g, Matching *m, Row **rows, uint32_t count, Place *place, Label *fail)
{
    Groups groups;
    make_groups(g, &groups, rows, count, place);
    Group *known =
        place->how == PLACE_VIRTUAL ? groups.first[CLASS_TUPLE] : known_group(&groups, place);
    if (known != NULL) {
        enter_group(g, m, known, place, fail);
        return;
    }
    place_slot(g, place);
    for (uint32_t i = 0; i < groups.class_count; i++) {
        Class class = groups.order[i];
        bool is_last = i + 1 == groups.class_count;
        Label here, *next = is_last ? fail : &here;
        label_init(&here, g->depth, false);
        bool can_switch = class == CLASS_ATOM || class == CLASS_SMALL || class == CLASS_TUPLE;
        if (can_switch && groups.count[class] >= SWITCH_FROM && place->fact == FACT_NONE) {
            switch_groups(g, m, &groups, class, place, next, fail);
        } else {
            chain_groups(g, m, &groups, class, place, next, fail);
        }
        if (!is_last) {
            label_place(g, &here);
        }
    }
}

/* ---- map keys ---- */

static void match_key(Gen *g, Matching *m, Row **rows, uint32_t count, Place *place, Label *fail)
{
    bool needs_value = false;
    for (uint32_t i = 0; i < count; i++) {
        needs_value |= !pattern_is_unused(row_test(rows[i], place)->pattern);
    }
    uint32_t map = place_slot(g, place->parent);
    Label *outer_guard = g->guard;
    g->guard = fail;
    gen_expr(g, place->key, WANT_PUSH);
    g->guard = outer_guard;
    gen_depth(g, 1, 0);
    if (g->reachable) {
        emit2(g->emitter, needs_value ? OP_get_map : OP_test_map_key, map,
              label_at(g, fail, g->depth));
    }
    Place *value = place_new(g, PLACE_SLOT, CORE_NO_SLOT);
    if (needs_value) {
        value->slot = g->depth;
        gen_depth(g, 0, 1);
    }
    for (uint32_t i = 0; i < count; i++) {
        CorePattern *pattern = take_test(rows[i], place)->pattern;
        if (!pattern_is_unused(pattern)) {
            row_add(g, rows[i], value, pattern);
        }
    }
    match_rows(g, m, rows, count, fail);
}

/* ---- rows ---- */

/* Rows above the split may move on in bits that rows below look at from here: positions kept. */
typedef struct SavedBits {
    uint32_t slots[8];
    uint32_t count;
} SavedBits;

static bool any_tests_slot(Row **rows, uint32_t count, uint32_t slot)
{
    for (uint32_t i = 0; i < count; i++) {
        for (const Test *at = rows[i]->tests; at != NULL; at = at->next) {
            if (at->place->how == PLACE_BITS && at->place->slot == slot) {
                return true;
            }
        }
    }
    return false;
}

static void save_bits(Gen *g, Row **rows, uint32_t split, uint32_t count, SavedBits *saved)
{
    saved->count = 0;
    for (uint32_t i = split; i < count; i++) {
        for (const Test *at = rows[i]->tests; at != NULL; at = at->next) {
            if (at->place->how != PLACE_BITS) {
                continue;
            }
            bool is_saved = false;
            for (uint32_t s = 0; s < saved->count; s++) {
                is_saved |= saved->slots[s] == at->place->slot;
            }
            if (is_saved || !any_tests_slot(rows, split, at->place->slot)) {
                continue;
            }
            if (saved->count == COUNT_OF(saved->slots)) {
                gen_fail(g, "too many binaries are matched at once");
                return;
            }
            saved->slots[saved->count++] = at->place->slot;
            gen_op1(g, OP_bs_position, at->place->slot, 0, 1);
        }
    }
}

static void restore_bits(Gen *g, const SavedBits *saved)
{
    for (uint32_t s = saved->count; s-- > 0;) {
        gen_op1(g, OP_bs_restore, saved->slots[s], 1, 0);
    }
}

static void match_place(Gen *g, Matching *m, Row **rows, uint32_t count, Place *place, Label *fail)
{
    if (place->how == PLACE_BITS) {
        match_bits(g, m, rows, count, place, fail);
    } else if (place->how == PLACE_KEY) {
        match_key(g, m, rows, count, place, fail);
    } else {
        match_values(g, m, rows, count, place, fail);
    }
}

void match_rows(Gen *g, Matching *m, Row **rows, uint32_t count, Label *fail)
{
    while (count > 0 && g->reachable) {
        uint32_t testing = 1;
        Place *place = rows[0]->tests == NULL ? NULL : choose_place(rows, count, &testing);
        if (place == NULL && !can_fail(rows[0])) {
            finish_row(g, m, rows[0], fail);
            return;
        }
        if (testing == count) {
            if (place == NULL) {
                finish_row(g, m, rows[0], fail);
            } else {
                match_place(g, m, rows, count, place, fail);
            }
            return;
        }
        SavedBits saved = {.count = 0};
        if (m->has_bits && place != NULL) {
            save_bits(g, rows, testing, count, &saved);
        }
        uint32_t mark = trail_mark(g);
        Label next;
        label_init(&next, g->depth, false);
        if (place == NULL) {
            finish_row(g, m, rows[0], &next);
        } else {
            match_place(g, m, rows, testing, place, &next);
        }
        label_place(g, &next);
        trail_undo(g, mark);
        restore_bits(g, &saved);
        rows += testing;
        count -= testing;
    }
    if (g->reachable) {
        gen_jump(g, fail);
    }
}
