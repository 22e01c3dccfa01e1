/* compiler/erl/lower_comprehension.c
 * Comprehensions: each generator becomes a function of the list (and, for binaries, of what was
 * made so far) that calls itself for the rest.
 *
 *   [E || P <- L, G]  is lc(L):  lc([P | T]) when G -> [E | lc(T)];  lc([_ | T]) -> lc(T);
 *                                lc([]) -> [];  lc(X) -> error({bad_generator, X})
 *
 * A generator inside gets its own function; where its list ends, it goes on with the outer one.
 * Map comprehensions make a list of pairs and a map of that at the end. */
#include "compiler/erl/lower_internal.h"

#include "runtime/term/bits.h"

#include <stdio.h>

/* How a comprehension goes on behind the element at hand. */
typedef struct Tail {
    CoreFunction *loop; /* call this with `rest`, or NULL: the value of `rest`, or [] */
    CoreVar *rest;
} Tail;

typedef struct Comprehension {
    const Node *node;
    NodeList qualifiers;
    bool is_binary;
    Want want;
} Comprehension;

static Core *from_qualifier(Lower *l, const Comprehension *c, uint32_t index, Tail tail,
                            CoreVar *made);

/* The value of a variable of this function or one around. */
static Core *value_of(Lower *l, CoreAt at, CoreVar *var)
{
    return core_use(l->core, at, core_capture(l->core, l->function, var, 0));
}

/* For lists: what follows. For binaries: what was made, the loop going on by itself. */
static Core *go_on(Lower *l, const Comprehension *c, CoreAt at, Tail tail, CoreVar *made)
{
    if (c->is_binary) {
        return value_of(l, at, made);
    }
    if (tail.rest == NULL) {
        return core_literal(l->core, at, TERM_NIL);
    }
    Core *rest = value_of(l, at, tail.rest);
    if (tail.loop == NULL) {
        return rest;
    }
    return core_call(l->core, CORE_CALL, at, l->function, tail.loop, &rest, 1);
}

static Core *one_element(Lower *l, const Comprehension *c, CoreAt at, Tail tail, CoreVar *made)
{
    const Node *result = c->node->comprehension.result;
    if (c->is_binary) {
        Core *value = lower_operand(l, result);
        Core *core = core_node(l->core, CORE_BINARY, at);
        bool is_open = value->kind == CORE_BINARY;
        uint32_t count = is_open ? value->binary.count : 1;
        core->binary.segments = ARENA_ARRAY(l->arena, CoreSegment, count + 1);
        core->binary.count = count + 1;
        core->binary.segments[0] = (CoreSegment){SEGMENT_BITS, 1, 0, value_of(l, at, made), NULL};
        if (is_open) {
            memcpy(core->binary.segments + 1, value->binary.segments, count * sizeof(CoreSegment));
        } else {
            core->binary.segments[1] = (CoreSegment){SEGMENT_BITS, 1, 0, value, NULL};
        }
        return core;
    }
    if (c->want == WANT_NO_VALUE) {
        Core *items[2] = {lower_body_as(l, (NodeList){(Node **) &c->node->comprehension.result, 1},
                                        WANT_NO_VALUE),
                          go_on(l, c, at, tail, made)};
        return core_items(l->core, CORE_BODY, at, items, 2);
    }
    Core *list = core_node(l->core, CORE_LIST, at);
    list->tail = go_on(l, c, at, tail, made);
    list->items = ARENA_ARRAY(l->arena, Core *, 1);
    list->count = 1;
    if (result->kind == NODE_MAP_FIELD_ASSOC) {
        Core *pair[2] = {lower_operand(l, result->pair.left), lower_operand(l, result->pair.right)};
        list->items[0] = core_fold(l->core, core_items(l->core, CORE_TUPLE, at, pair, 2));
    } else {
        list->items[0] = lower_operand(l, result);
    }
    return list;
}

/* ---- filters ---- */

static CoreClause *plain_clause(Lower *l, CorePattern *pattern, Core *guard, Core *body)
{
    CoreClause *clause = core_clause(l->core, pattern == NULL ? 0 : 1);
    if (pattern != NULL) {
        clause->patterns[0] = pattern;
    }
    clause->guard = guard;
    clause->body = body;
    clause->line = body->line;
    return clause;
}

static Core *choice(Lower *l, CoreAt at, Core *value, CoreClause *const clauses[], uint32_t count)
{
    Core *core = core_node(l->core, CORE_CASE, at);
    core->choice.value = value;
    core->choice.clauses = arena_copy(l->arena, clauses, count * sizeof clauses[0]);
    core->choice.count = count;
    core->choice.reason = value == NULL ? ATOM_OF(if_clause) : ATOM_OF(case_clause);
    return core;
}

static Core *in_scope(Lower *l, const Comprehension *c, uint32_t index, Tail tail, CoreVar *made)
{
    CoreAt at = lower_at(l, c->node->at);
    Core *body = core_node(l->core, CORE_BODY, at);
    uint32_t mark = scope_mark(l);
    Scope *scope = scope_open(l, body);
    Core *value = from_qualifier(l, c, index, tail, made);
    scope_close(l, scope);
    scope_undo(l, mark);
    body->items = ARENA_ARRAY(l->arena, Core *, 1);
    body->items[0] = value;
    body->count = 1;
    return body;
}

static Core *filter(Lower *l, const Comprehension *c, uint32_t index, Tail tail, CoreVar *made)
{
    const Node *node = c->qualifiers.items[index];
    CoreAt at = lower_at(l, node->at);
    CoreClause *clauses[3];
    if (is_guard_expr(l, node)) {
        Core *guard = lower_guard_expr(l, node);
        clauses[0] = plain_clause(l, NULL, guard, in_scope(l, c, index + 1, tail, made));
        clauses[1] = plain_clause(l, NULL, NULL, go_on(l, c, at, tail, made));
        return choice(l, at, NULL, clauses, 2);
    }
    Core *value = lower_body(l, (NodeList){(Node **) &c->qualifiers.items[index], 1});
    CoreVar *other = scope_temporary(l);
    clauses[0] = plain_clause(l, core_pattern_literal(l->core, ATOM_OF(true)), NULL,
                              in_scope(l, c, index + 1, tail, made));
    clauses[1] = plain_clause(l, core_pattern_literal(l->core, ATOM_OF(false)), NULL,
                              go_on(l, c, at, tail, made));
    Core *fail = core_fail(l->core, at, atom_of("bad_filter"), core_use(l->core, at, other));
    clauses[2] = plain_clause(l, core_pattern_var(l->core, other), NULL, fail);
    return choice(l, at, value, clauses, 3);
}

/* ---- generators ---- */

typedef enum GeneratorKind { OVER_LIST, OVER_BINARY, OVER_MAP } GeneratorKind;

typedef struct Generator {
    GeneratorKind kind;
    bool is_strict;
    const Node *pattern, *source;
} Generator;

/* False: it is a filter. */
static bool as_generator(const Node *node, Generator *out)
{
    switch ((NodeKind) node->kind) {
    case NODE_GENERATE:
        *out = (Generator){OVER_LIST, false};
        break;
    case NODE_GENERATE_STRICT:
        *out = (Generator){OVER_LIST, true};
        break;
    case NODE_B_GENERATE:
        *out = (Generator){OVER_BINARY, false};
        break;
    case NODE_B_GENERATE_STRICT:
        *out = (Generator){OVER_BINARY, true};
        break;
    case NODE_M_GENERATE:
        *out = (Generator){OVER_MAP, false};
        break;
    case NODE_M_GENERATE_STRICT:
        *out = (Generator){OVER_MAP, true};
        break;
    default:
        return false;
    }
    out->pattern = node->pair.left;
    out->source = node->pair.right;
    return true;
}

/* A map is walked as its list of pairs; an iterator of maps:iterator/1,2 will do too. */
static Core *map_as_list(Lower *l, CoreAt at, Core *map)
{
    CoreVar *is_map = scope_temporary(l), *iterator = scope_temporary(l);
    CoreVar *step = scope_temporary(l), *other = scope_temporary(l);
    Core *test_of = core_use(l->core, at, is_map);
    is_map->is_used_early = true;
    Core *test = core_items(l->core, CORE_TEST, at, &test_of, 1);
    test->op = OP_test_map;
    CoreVar *vars[3] = {is_map, iterator, step};
    Core *lists[3];
    for (int i = 0; i < 3; i++) {
        Core *value = core_use(l->core, at, vars[i]);
        lists[i] = core_remote(l->core, CORE_CALL_REMOTE, at, atom_of("maps"), atom_of("to_list"),
                               &value, 1);
    }
    CorePattern *any = core_pattern_var(l->core, NULL);
    CorePattern *cons = core_pattern(l->core, PATTERN_CONS);
    cons->pair.left = cons->pair.right = any;
    CorePattern *triple = core_pattern(l->core, PATTERN_TUPLE);
    triple->tuple.count = 3;
    triple->tuple.items = ARENA_ARRAY(l->arena, CorePattern *, 3);
    triple->tuple.items[0] = triple->tuple.items[1] = triple->tuple.items[2] = any;
    CorePattern *patterns[2] = {core_pattern(l->core, PATTERN_BOTH),
                                core_pattern(l->core, PATTERN_BOTH)};
    patterns[0]->pair.left = cons;
    patterns[0]->pair.right = core_pattern_var(l->core, iterator);
    patterns[1]->pair.left = triple;
    patterns[1]->pair.right = core_pattern_var(l->core, step);
    CoreClause *clauses[5] = {
        plain_clause(l, core_pattern_var(l->core, is_map), test, lists[0]),
        plain_clause(l, patterns[0], NULL, lists[1]),
        plain_clause(l, patterns[1], NULL, lists[2]),
        plain_clause(l, core_pattern_literal(l->core, atom_of("none")), NULL,
                     core_literal(l->core, at, TERM_NIL)),
        plain_clause(
            l, core_pattern_var(l->core, other), NULL,
            core_fail(l->core, at, atom_of("bad_generator"), core_use(l->core, at, other))),
    };
    return choice(l, at, map, clauses, 5);
}

static CorePattern *element_pattern(Lower *l, const Generator *generator)
{
    if (generator->kind != OVER_MAP) {
        return lower_pattern(l, generator->pattern);
    }
    CorePattern *pair = core_pattern(l->core, PATTERN_TUPLE);
    pair->tuple.count = 2;
    pair->tuple.items = ARENA_ARRAY(l->arena, CorePattern *, 2);
    pair->tuple.items[0] = lower_pattern(l, generator->pattern->pair.left);
    pair->tuple.items[1] = lower_pattern(l, generator->pattern->pair.right);
    return pair;
}

static CorePattern *cons_of(Lower *l, CorePattern *head, CoreVar *tail)
{
    CorePattern *cons = core_pattern(l->core, PATTERN_CONS);
    cons->pair.left = head;
    cons->pair.right = core_pattern_var(l->core, tail);
    return cons;
}

/* The segments of a binary generator's pattern, then what is left. For passing over an element
 * whose values do not match, values are dropped that no size needs. */
static CorePattern *bits_then(Lower *l, const Generator *generator, CoreVar *tail, bool is_skip)
{
    CorePattern *pattern = lower_binary_pattern(l, generator->pattern);
    uint32_t count = pattern->binary.count;
    CorePatternSegment *segments = ARENA_ARRAY(l->arena, CorePatternSegment, count + 1);
    if (count != 0) {
        memcpy(segments, pattern->binary.segments, count * sizeof segments[0]);
    }
    for (uint32_t i = 0; is_skip && i < count; i++) {
        CorePattern *value = segments[i].value;
        if (value->kind != PATTERN_VAR || value->var->uses == 0) {
            segments[i].value = core_pattern_var(l->core, NULL);
        }
    }
    segments[count] =
        (CorePatternSegment){SEGMENT_BITS, 1, 0, NULL, core_pattern_var(l->core, tail)};
    pattern->binary.segments = segments;
    pattern->binary.count = count + 1;
    return pattern;
}

static bool matches_anything(const CorePattern *pattern)
{
    return pattern->kind == PATTERN_VAR || pattern->kind == PATTERN_ANY;
}

/* No element of the list, or bits of that size, can be passed over. */
static bool takes_all(const CorePattern *pattern)
{
    if (pattern->kind == PATTERN_CONS) {
        return matches_anything(pattern->pair.left);
    }
    for (uint32_t i = 0; i < pattern->binary.count; i++) {
        if (!matches_anything(pattern->binary.segments[i].value)) {
            return false;
        }
    }
    return true;
}

/* Guards that follow the generator at `*index`, as one; NULL: none. Moves the index over them. */
static Core *following_guards(Lower *l, const Comprehension *c, uint32_t *index)
{
    Core *guards[16];
    uint32_t count = 0;
    while (*index < c->qualifiers.count && count < COUNT_OF(guards)) {
        const Node *node = c->qualifiers.items[*index];
        Generator generator;
        if (as_generator(node, &generator) || node->kind == NODE_ZIP || !is_guard_expr(l, node)) {
            break;
        }
        guards[count++] = lower_guard_expr(l, node);
        ++*index;
    }
    if (count < 2) {
        return count == 0 ? NULL : guards[0];
    }
    return core_items(l->core, CORE_ANDALSO, (CoreAt){guards[0]->line, guards[0]->file}, guards,
                      count);
}

/* Parameters: the list, and for binaries what was made. */
static CoreClause *loop_clause(Lower *l, const Comprehension *c, CorePattern *first, CoreVar **made)
{
    CoreClause *clause = core_clause(l->core, c->is_binary ? 2 : 1);
    clause->patterns[0] = first;
    *made = NULL;
    if (c->is_binary) {
        *made = scope_temporary(l);
        clause->patterns[1] = core_pattern_var(l->core, *made);
    }
    return clause;
}

static Core *loop_on(Lower *l, const Comprehension *c, CoreAt at, CoreVar *rest, Core *made)
{
    Core *args[2] = {core_use(l->core, at, rest), made};
    return core_call(l->core, CORE_CALL, at, l->function, l->function, args, c->is_binary ? 2 : 1);
}

/* The element matches: its value, then the rest of the list. */
static CoreClause *taking_clause(Lower *l, const Comprehension *c, const Generator *generator,
                                 uint32_t index, CoreAt at, bool *is_total)
{
    CoreVar *rest = scope_temporary(l), *made;
    uint32_t mark = scope_mark(l);
    Scope *scope = scope_open(l, NULL);
    head_start(l);
    CorePattern *pattern = generator->kind == OVER_BINARY
                               ? bits_then(l, generator, rest, false)
                               : cons_of(l, element_pattern(l, generator), rest);
    head_end(l);
    CoreClause *clause = loop_clause(l, c, pattern, &made);
    index++;
    clause->guard = following_guards(l, c, &index);
    *is_total = clause->guard == NULL && takes_all(pattern);
    clause->body = core_node(l->core, CORE_BODY, at);
    scope->body = clause->body;
    Core *value = from_qualifier(l, c, index, (Tail){l->function, rest}, made);
    clause->body->items = ARENA_ARRAY(l->arena, Core *, 1);
    clause->body->items[0] = c->is_binary ? loop_on(l, c, at, rest, value) : value;
    clause->body->count = 1;
    clause->line = at.line;
    scope_close(l, scope);
    scope_undo(l, mark);
    return clause;
}

static CoreClause *skipping_clause(Lower *l, const Comprehension *c, const Generator *generator,
                                   CoreAt at)
{
    CoreVar *rest = scope_temporary(l), *made;
    uint32_t mark = scope_mark(l);
    Scope *scope = scope_open(l, NULL);
    head_start(l);
    CorePattern *pattern;
    CoreVar *element = NULL;
    if (generator->kind == OVER_BINARY) {
        pattern = bits_then(l, generator, rest, true);
    } else {
        element = generator->is_strict ? scope_temporary(l) : NULL;
        pattern = cons_of(l, core_pattern_var(l->core, element), rest);
    }
    head_end(l);
    scope_close(l, scope);
    scope_undo(l, mark);
    CoreClause *clause = loop_clause(l, c, pattern, &made);
    if (element != NULL) {
        clause->body = core_fail(l->core, at, ATOM_OF(badmatch), core_use(l->core, at, element));
    } else {
        clause->body = loop_on(l, c, at, rest, made == NULL ? NULL : core_use(l->core, at, made));
    }
    return clause;
}

/* The list ends, or the bits are too few for one more element. */
static CoreClause *ending_clause(Lower *l, const Comprehension *c, const Generator *generator,
                                 CoreAt at, Tail tail)
{
    CorePattern *pattern = core_pattern_literal(l->core, TERM_NIL);
    Core *guard = NULL;
    if (generator->kind == OVER_BINARY) {
        CoreVar *bits = scope_temporary(l);
        bits->is_used_early = true;
        pattern = core_pattern_var(l->core, bits);
        Core *use = core_use(l->core, at, bits);
        guard = core_items(l->core, CORE_TEST, at, &use, 1);
        guard->op = OP_test_bitstring;
    }
    CoreVar *made;
    CoreClause *clause = loop_clause(l, c, pattern, &made);
    clause->guard = guard;
    clause->body = go_on(l, c, at, tail, made);
    return clause;
}

static CoreClause *failing_clause(Lower *l, const Comprehension *c, CoreAt at)
{
    CoreVar *other = scope_temporary(l), *made;
    CoreClause *clause = loop_clause(l, c, core_pattern_var(l->core, other), &made);
    clause->body = core_fail(l->core, at, atom_of("bad_generator"), core_use(l->core, at, other));
    return clause;
}

static const char *loop_kind(const Comprehension *c)
{
    return c->is_binary ? "lbc" : c->node->kind == NODE_MAP_COMPREHENSION ? "mc" : "lc";
}

static Core *generate(Lower *l, const Comprehension *c, const Generator *generator, uint32_t index,
                      Tail tail, CoreVar *made)
{
    CoreAt at = lower_at(l, c->qualifiers.items[index]->at);
    char kind[32];
    uint32_t arity = c->is_binary ? 2 : 1;
    snprintf(kind, sizeof kind, "%s$^%u/%u", loop_kind(c), l->name_count++, arity);
    Term name = fun_name(l, kind, l->lifted_count++);
    Core *source = lower_operand(l, generator->source);
    if (generator->kind == OVER_MAP) {
        source = map_as_list(l, at, source);
    }
    Core *args[2] = {source, c->is_binary ? value_of(l, at, made) : NULL};

    Inner inner;
    CoreFunction *function = inner_start(l, &inner, arity);
    function->name = name;
    function->at = at;
    CoreClause *clauses[4];
    uint32_t count = 0;
    bool is_total;
    clauses[count++] = taking_clause(l, c, generator, index, at, &is_total);
    if (!is_total) {
        clauses[count++] = skipping_clause(l, c, generator, at);
    }
    clauses[count++] = ending_clause(l, c, generator, at, tail);
    clauses[count++] = failing_clause(l, c, at);
    function->clauses = arena_copy(l->arena, clauses, count * sizeof clauses[0]);
    function->clause_count = count;
    inner_end(l, &inner);
    return core_call(l->core, CORE_CALL, at, l->function, function, args, arity);
}

/* The comprehension from that qualifier on, followed by `tail`; for binaries, added to `made`. */
static Core *from_qualifier(Lower *l, const Comprehension *c, uint32_t index, Tail tail,
                            CoreVar *made)
{
    if (index == c->qualifiers.count) {
        return one_element(l, c, lower_at(l, c->node->at), tail, made);
    }
    const Node *node = c->qualifiers.items[index];
    Generator generator;
    if (!as_generator(node, &generator)) {
        if (node->kind == NODE_ZIP) {
            lower_error(l, node->at, "zip generators are not supported");
        }
        return filter(l, c, index, tail, made);
    }
    if (generator.kind == OVER_BINARY && generator.pattern->kind != NODE_BIN) {
        lower_error(l, node->at, "illegal pattern");
        return go_on(l, c, lower_at(l, node->at), tail, made);
    }
    return generate(l, c, &generator, index, tail, made);
}

static Core *bind_first(Lower *l, CoreAt at, CoreVar *var, Core *value, Core *then)
{
    Core *match = core_node(l->core, CORE_MATCH, at);
    match->match.pattern = core_pattern_var(l->core, var);
    match->match.value = value;
    Core *items[2] = {match, then};
    return core_items(l->core, CORE_BODY, at, items, 2);
}

Core *lower_comprehension_onto(Lower *l, const Node *node, Core *more)
{
    CoreAt at = lower_at(l, node->at);
    Comprehension c = {node, node->comprehension.qualifiers, false, WANT_VALUE};
    if (more == NULL || (core_is_literal(more) && more->literal == TERM_NIL)) {
        return from_qualifier(l, &c, 0, (Tail){NULL, NULL}, NULL);
    }
    CoreVar *rest = scope_temporary(l);
    Core *list = from_qualifier(l, &c, 0, (Tail){NULL, rest}, NULL);
    return bind_first(l, at, rest, more, list);
}

Core *lower_comprehension(Lower *l, const Node *node, Want want)
{
    CoreAt at = lower_at(l, node->at);
    if (node->kind == NODE_BIN_COMPREHENSION) {
        Comprehension c = {node, node->comprehension.qualifiers, true, WANT_VALUE};
        CoreVar *made = scope_temporary(l);
        Core *empty = core_literal(l->core, at, make_binary(l->core->space, NULL, 0));
        Core *value = from_qualifier(l, &c, 0, (Tail){NULL, NULL}, made);
        return bind_first(l, at, made, empty, value);
    }
    if (want == WANT_NO_VALUE) {
        Comprehension c = {node, node->comprehension.qualifiers, false, want};
        return from_qualifier(l, &c, 0, (Tail){NULL, NULL}, NULL);
    }
    Core *list = lower_comprehension_onto(l, node, NULL);
    if (node->kind == NODE_MAP_COMPREHENSION) {
        return core_remote(l->core, CORE_CALL_REMOTE, at, atom_of("maps"), atom_of("from_list"),
                           &list, 1);
    }
    return list;
}
