/* runtime/match_spec.c: running what match_spec_compile.c made; see match_spec.h. */
#include "runtime/match_spec_internal.h"

typedef struct Run {
    const MatchSpec *spec;
    const Clause *clause;
    Process *p;
    Term object;
    Term *slots;
    MatchAct *act;
    void *state;
    bool in_body; /* what fails there is the atom 'EXIT' */
} Run;

/* ---- heads ---- */

/* Pushes the values under the pattern's keys, the first on top; false: a key is missing. */
static bool push_map_values(Term pattern, Term map, Term *stack, size_t *depth, size_t count)
{
    MapWalk walk;
    Term key, any;
    map_walk_start(&walk, pattern);
    size_t at = *depth + count;
    *depth = at;
    while (map_walk_next(&walk, &key, &any)) {
        Term value = map_get(map, key);
        if (value == TERM_NONE) {
            return false;
        }
        stack[--at] = value;
    }
    return true;
}

static bool head_matches(Run *run, Term *stack)
{
    size_t depth = 1;
    stack[0] = run->object;
    const HeadStep *step = run->clause->head;
    for (size_t i = run->clause->head_count; i > 0; i--, step++) {
        Term t = stack[--depth];
        switch (step->op) {
        case HEAD_ANY:
            break;
        case HEAD_BIND:
            run->slots[step->n] = t;
            break;
        case HEAD_SAME:
            if (!term_equal_exact(run->slots[step->n], t)) {
                return false;
            }
            break;
        case HEAD_CONST:
            if (!term_equal_exact(step->term, t)) {
                return false;
            }
            break;
        case HEAD_TUPLE:
            if (!tuple_is(t, step->n)) {
                return false;
            }
            for (size_t j = step->n; j-- > 0;) {
                stack[depth++] = tuple_elements(t)[j];
            }
            break;
        case HEAD_CONS:
            if (!term_is_cons(t)) {
                return false;
            }
            stack[depth++] = cons_tail(t);
            stack[depth++] = cons_head(t);
            break;
        case HEAD_MAP:
            if (!term_is_map(t) || !push_map_values(step->term, t, stack, &depth, step->n)) {
                return false;
            }
            break;
        }
    }
    return true;
}

/* ---- expressions: TERM_NONE where one fails ---- */

static Term eval(Run *run, uint32_t index);

/* The values of all variables, in order of their numbers. */
static Term eval_variables(Run *run)
{
    const Clause *clause = run->clause;
    Term list = TERM_NIL;
    uint32_t below = UINT32_MAX;
    for (uint32_t done = 0; done < clause->slot_count; done++) {
        uint32_t best = 0;
        bool any = false;
        for (uint32_t i = 0; i < clause->slot_count; i++) {
            if (clause->slots[i] < below && (!any || clause->slots[i] > clause->slots[best])) {
                best = i;
                any = true;
            }
        }
        below = clause->slots[best];
        list = make_cons(bif_space(run->p), run->slots[best], list);
    }
    return list;
}

static bool eval_arguments(Run *run, const Expr *expr, Term out[])
{
    for (uint32_t i = 0; i < expr->count; i++) {
        out[i] = eval(run, run->spec->arguments[expr->first + i]);
        if (out[i] == TERM_NONE) {
            return false;
        }
    }
    return true;
}

static Term eval_construction(Run *run, const Expr *expr)
{
    Space *space = bif_space(run->p);
    Term few[16];
    Term *values = expr->count <= COUNT_OF(few) ? few : mem_alloc(expr->count * sizeof(Term));
    Term result = TERM_NONE;
    if (eval_arguments(run, expr, values)) {
        switch (expr->kind) {
        case EXPR_TUPLE:
            result = make_tuple(space, values, expr->count);
            break;
        case EXPR_CONS:
            result = make_list(space, values, expr->count - 1, values[expr->count - 1]);
            break;
        case EXPR_MAP:
            result = map_from_pairs(space, values, expr->count / 2);
            break;
        case EXPR_ACTION:
            result = run->act == NULL ? ATOM_true
                                      : run->act(run->state, (MatchAction) small_value(expr->term),
                                                 values, expr->count);
            break;
        default:
            result = expr->function(run->p, values);
        }
    }
    if (values != few) {
        mem_free(values);
    }
    return result == TERM_LIMIT ? TERM_NONE : result;
}

static Term eval_logic(Run *run, const Expr *expr)
{
    bool is_and = expr->kind == EXPR_AND || expr->kind == EXPR_ANDALSO;
    bool is_short = expr->kind == EXPR_ANDALSO || expr->kind == EXPR_ORELSE;
    bool result = is_and;
    for (uint32_t i = 0; i < expr->count; i++) {
        Term value = eval(run, run->spec->arguments[expr->first + i]);
        if (value != ATOM_true && value != ATOM_false) {
            return TERM_NONE;
        }
        bool is_true = value == ATOM_true;
        result = is_and ? result && is_true : result || is_true;
        if (is_short && result != is_and) {
            break;
        }
    }
    return term_bool(result);
}

static Term eval_expr(Run *run, const Expr *expr)
{
    switch (expr->kind) {
    case EXPR_CONST:
        return expr->term;
    case EXPR_SLOT:
        return run->slots[expr->count];
    case EXPR_OBJECT:
        return run->object;
    case EXPR_VARIABLES:
        return eval_variables(run);
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_ANDALSO:
    case EXPR_ORELSE:
        return eval_logic(run, expr);
    default:
        return eval_construction(run, expr);
    }
}

static Term eval(Run *run, uint32_t index)
{
    Term value = eval_expr(run, &run->spec->exprs[index]);
    return UNLIKELY(value == TERM_NONE) && run->in_body ? ATOM_EXIT : value;
}

static bool guards_hold(Run *run)
{
    for (size_t i = 0; i < run->clause->guard_count; i++) {
        if (eval(run, run->clause->guards[i]) != ATOM_true) {
            return false;
        }
    }
    return true;
}

static Term body_value(Run *run)
{
    Term value = ATOM_true; /* of a trace's empty body */
    run->in_body = true;
    for (size_t i = 0; i < run->clause->body_count; i++) {
        value = eval(run, run->clause->body[i]);
    }
    return value;
}

Term match_spec_run(const MatchSpec *spec, Process *p, Term object)
{
    return match_spec_run_trace(spec, p, object, NULL, NULL);
}

Term match_spec_run_trace(const MatchSpec *spec, Process *p, Term object, MatchAct *act,
                          void *state)
{
    Term few[128];
    size_t words = spec->most_slots + spec->most_stack;
    Term *slots = words <= COUNT_OF(few) ? few : mem_alloc(words * sizeof(Term));
    Term value = TERM_NONE;
    for (size_t i = 0; i < spec->clause_count; i++) {
        Run run = {spec, &spec->clauses[i], p, object, slots, act, state, false};
        if (head_matches(&run, slots + spec->most_slots) && guards_hold(&run)) {
            value = body_value(&run);
            break;
        }
    }
    if (slots != few) {
        mem_free(slots);
    }
    return value;
}

/* ---- what is known beforehand ---- */

size_t match_spec_clauses(const MatchSpec *spec)
{
    return spec->clause_count;
}

/* The step of the subpattern at `keypos`, NULL: the head is no tuple, or too short. */
static const HeadStep *key_step(const Clause *clause, size_t keypos)
{
    const HeadStep *step = clause->head;
    if (step->op != HEAD_TUPLE || step->n < keypos) {
        return NULL;
    }
    step++;
    for (size_t i = 1; i < keypos; i++) {
        step += step->size;
    }
    return step;
}

Term match_spec_key(const MatchSpec *spec, size_t index, size_t keypos)
{
    const Clause *clause = &spec->clauses[index];
    const HeadStep *head = clause->head;
    if (head->op == HEAD_CONST && term_is_tuple(head->term) && tuple_arity(head->term) >= keypos) {
        return tuple_elements(head->term)[keypos - 1];
    }
    const HeadStep *step = key_step(clause, keypos);
    return step != NULL && step->op == HEAD_CONST ? step->term : TERM_NONE;
}

/* The pattern of the clause's keys, TERM_NONE: any term. */
static Term key_pattern(const Clause *clause, size_t keypos)
{
    Term head = clause->head->term;
    return term_is_tuple(head) && tuple_arity(head) >= keypos ? tuple_elements(head)[keypos - 1]
                                                              : TERM_NONE;
}

static bool is_open(Term pattern)
{
    uint32_t number;
    return pattern == TERM_NONE || pattern == ATOM_underscore || term_is_map(pattern) ||
           match_variable(pattern, &number);
}

/* As match_spec_key_order, for one pattern. *open: what the pattern says is at its end. Patterns
 * deeper than `depth` say nothing. */
static int pattern_order(Term pattern, Term key, int depth, bool *open)
{
    while (true) {
        if (depth == 0 || is_open(pattern)) {
            *open = true;
            return 0;
        }
        if (term_is_tuple(pattern) && term_is_tuple(key) &&
            tuple_arity(pattern) == tuple_arity(key)) {
            int order = 0;
            for (size_t i = 0; i < tuple_arity(key) && order == 0 && !*open; i++) {
                order = pattern_order(tuple_elements(pattern)[i], tuple_elements(key)[i], depth - 1,
                                      open);
            }
            return order;
        }
        if (!term_is_cons(pattern) || !term_is_cons(key)) {
            return term_compare(key, pattern);
        }
        int order = pattern_order(cons_head(pattern), cons_head(key), depth - 1, open);
        if (order != 0 || *open) {
            return order;
        }
        pattern = cons_tail(pattern);
        key = cons_tail(key);
    }
}

enum { KEY_DEPTH_MOST = 30 };

int match_spec_key_order(const MatchSpec *spec, size_t keypos, Term key)
{
    int all = 0;
    for (size_t i = 0; i < spec->clause_count; i++) {
        bool open = false;
        int order =
            pattern_order(key_pattern(&spec->clauses[i], keypos), key, KEY_DEPTH_MOST, &open);
        order = (order > 0) - (order < 0);
        if (order == 0 || order == -all) {
            return 0;
        }
        all = order;
    }
    return all;
}

bool match_spec_bounds_keys(const MatchSpec *spec, size_t keypos)
{
    for (size_t i = 0; i < spec->clause_count; i++) {
        if (is_open(key_pattern(&spec->clauses[i], keypos))) {
            return false;
        }
    }
    return spec->clause_count > 0;
}

/* {element, Keypos, '$_'} */
static bool is_key_of_object(const MatchSpec *spec, const Expr *expr, size_t keypos)
{
    if (expr->kind != EXPR_CALL || expr->term != ATOM_element) {
        return false;
    }
    const Expr *index = &spec->exprs[spec->arguments[expr->first]];
    return index->kind == EXPR_CONST && index->term == term_small((int64_t) keypos) &&
           spec->exprs[spec->arguments[expr->first + 1]].kind == EXPR_OBJECT;
}

/* Whether the expression gives this constant. */
static bool builds_constant(const MatchSpec *spec, Term t, const Expr *expr)
{
    const uint32_t *parts = &spec->arguments[expr->first];
    if (expr->kind == EXPR_CONST) {
        return term_equal_exact(t, expr->term);
    }
    if (expr->kind == EXPR_CONS) {
        for (uint32_t i = 0; i + 1 < expr->count; i++, t = cons_tail(t)) {
            if (!term_is_cons(t) || !builds_constant(spec, cons_head(t), &spec->exprs[parts[i]])) {
                return false;
            }
        }
        return builds_constant(spec, t, &spec->exprs[parts[expr->count - 1]]);
    }
    if (expr->kind != EXPR_TUPLE || !tuple_is(t, expr->count)) {
        return false;
    }
    for (uint32_t i = 0; i < expr->count; i++) {
        if (!builds_constant(spec, tuple_elements(t)[i], &spec->exprs[parts[i]])) {
            return false;
        }
    }
    return true;
}

/* Whether the expression gives what the subpattern has matched. As deep as expressions can be. */
static bool builds_again(const MatchSpec *spec, const HeadStep *step, const Expr *expr)
{
    if (step->op == HEAD_BIND || step->op == HEAD_SAME) {
        return expr->kind == EXPR_SLOT && expr->count == step->n;
    }
    if (expr->kind == EXPR_CONST) {
        return step->constant && term_equal_exact(step->term, expr->term);
    }
    if (step->op == HEAD_CONST) {
        return builds_constant(spec, step->term, expr);
    }
    const uint32_t *parts = &spec->arguments[expr->first];
    if (expr->kind == EXPR_CONS) { /* all heads, then the tail */
        uint32_t i = 0;
        for (; i + 1 < expr->count && step->op == HEAD_CONS; i++) {
            if (!builds_again(spec, step + 1, &spec->exprs[parts[i]])) {
                return false;
            }
            step += 1 + step[1].size;
        }
        if (step->op == HEAD_CONST) {
            Expr rest = {.kind = EXPR_CONS, .first = expr->first + i, .count = expr->count - i};
            return builds_constant(spec, step->term, &rest);
        }
        return i + 1 == expr->count && builds_again(spec, step, &spec->exprs[parts[i]]);
    }
    if (step->op != HEAD_TUPLE || expr->kind != EXPR_TUPLE || expr->count != step->n) {
        return false;
    }
    const HeadStep *child = step + 1;
    for (uint32_t i = 0; i < step->n; i++, child += child->size) {
        if (!builds_again(spec, child, &spec->exprs[parts[i]])) {
            return false;
        }
    }
    return true;
}

static bool clause_keeps_key(const MatchSpec *spec, size_t number, size_t keypos)
{
    const Clause *clause = &spec->clauses[number];
    Term known = match_spec_key(spec, number, keypos); /* TERM_NONE: any */
    const Expr *value = &spec->exprs[clause->body[clause->body_count - 1]];
    if (value->kind == EXPR_OBJECT) {
        return true;
    }
    const HeadStep *step = key_step(clause, keypos);
    if (value->kind == EXPR_SLOT) {
        return clause->head->op == HEAD_BIND && clause->head->n == value->count;
    }
    if (value->kind == EXPR_CONST && known != TERM_NONE) {
        return term_is_tuple(value->term) && tuple_arity(value->term) >= keypos &&
               term_equal_exact(tuple_elements(value->term)[keypos - 1], known);
    }
    if (value->kind != EXPR_TUPLE || value->count < keypos) {
        return false;
    }
    const Expr *key = &spec->exprs[spec->arguments[value->first + keypos - 1]];
    if (is_key_of_object(spec, key, keypos) ||
        (known != TERM_NONE && builds_constant(spec, known, key))) {
        return true;
    }
    return step != NULL && builds_again(spec, step, key);
}

bool match_spec_keeps_key(const MatchSpec *spec, size_t keypos)
{
    for (size_t i = 0; i < spec->clause_count; i++) {
        if (!clause_keeps_key(spec, i, keypos)) {
            return false;
        }
    }
    return true;
}
