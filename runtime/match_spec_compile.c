/* runtime/match_spec_compile.c
 * From a term to a MatchSpec. Heads may be of any depth; expressions only as deep as
 * EXPR_DEPTH_MOST, since they are compiled and run by recursion. */
#include "runtime/match_spec_internal.h"

#include "runtime/bif_tables.h"
#include "runtime/term/copy.h"
#include "runtime/term/world.h"

static const char match_spec_type;
enum { EXPR_DEPTH_MOST = 500, EXPR_NONE = -1 };

bool match_variable(Term t, uint32_t *number)
{
    if (!term_is_atom(t)) {
        return false;
    }
    const char *name = atom_name(t);
    size_t size = atom_name_bytes(t);
    if (size < 2 || size > 10 || name[0] != '$') {
        return false;
    }
    uint32_t value = 0;
    for (size_t i = 1; i < size; i++) {
        if (name[i] < '0' || name[i] > '9') {
            return false;
        }
        value = value * 10 + (uint32_t) (name[i] - '0');
    }
    *number = value;
    return true;
}

/* ---- heads ---- */

typedef struct HeadCompiler {
    HeadStep *steps;
    size_t count, capacity;
    Term *stack;
    size_t depth, stack_capacity;
    Clause *clause;
} HeadCompiler;

static void head_push(HeadCompiler *c, Term t)
{
    if (c->depth == c->stack_capacity) {
        c->stack_capacity = c->stack_capacity * 2 + 32;
        c->stack = mem_realloc(c->stack, c->stack_capacity * sizeof(Term));
    }
    c->stack[c->depth++] = t;
}

static HeadStep *head_step(HeadCompiler *c, HeadOp op, Term t, size_t n)
{
    if (c->count == c->capacity) {
        c->capacity = c->capacity * 2 + 16;
        c->steps = mem_realloc(c->steps, c->capacity * sizeof *c->steps);
    }
    HeadStep *step = &c->steps[c->count++];
    *step = (HeadStep){.op = op, .n = (uint32_t) n, .term = t};
    return step;
}

/* The slot of a variable; `*is_new`: it had none yet. */
static uint32_t head_slot(Clause *clause, uint32_t number, bool *is_new)
{
    for (uint32_t i = 0; i < clause->slot_count; i++) {
        if (clause->slots[i] == number) {
            *is_new = false;
            return i;
        }
    }
    *is_new = true;
    clause->slots = mem_realloc(clause->slots, (clause->slot_count + 1) * sizeof(uint32_t));
    clause->slots[clause->slot_count] = number;
    return clause->slot_count++;
}

static void head_children(HeadCompiler *c, Term t)
{
    if (term_is_cons(t)) {
        head_push(c, cons_tail(t));
        head_push(c, cons_head(t));
    } else if (term_is_tuple(t)) {
        for (size_t i = tuple_arity(t); i-- > 0;) {
            head_push(c, tuple_elements(t)[i]);
        }
    } else {
        size_t start = c->depth;
        MapWalk walk;
        Term key, value;
        map_walk_start(&walk, t);
        while (map_walk_next(&walk, &key, &value)) {
            head_push(c, value);
        }
        for (size_t i = start, j = c->depth; i + 1 < j; i++) {
            j--;
            Term other = c->stack[i];
            c->stack[i] = c->stack[j];
            c->stack[j] = other;
        }
    }
}

static void head_compile_term(HeadCompiler *c, Term t)
{
    uint32_t number;
    if (t == ATOM_underscore) {
        head_step(c, HEAD_ANY, t, 0);
    } else if (match_variable(t, &number)) {
        bool is_new;
        uint32_t slot = head_slot(c->clause, number, &is_new);
        head_step(c, is_new ? HEAD_BIND : HEAD_SAME, t, slot);
    } else if (term_is_cons(t)) {
        head_step(c, HEAD_CONS, t, 2);
        head_children(c, t);
    } else if (term_is_tuple(t)) {
        head_step(c, HEAD_TUPLE, t, tuple_arity(t));
        head_children(c, t);
    } else if (term_is_map(t)) {
        head_step(c, HEAD_MAP, t, map_size(t));
        head_children(c, t);
    } else {
        head_step(c, HEAD_CONST, t, 0);
    }
}

/* Sizes of the subpatterns, and which are constant, from the end backwards. */
static void head_measure(HeadStep *steps, size_t count)
{
    for (size_t i = count; i-- > 0;) {
        HeadStep *step = &steps[i];
        step->size = 1;
        step->constant = step->op == HEAD_CONST || step->op == HEAD_TUPLE || step->op == HEAD_CONS;
        size_t children =
            step->op == HEAD_TUPLE || step->op == HEAD_CONS || step->op == HEAD_MAP ? step->n : 0;
        for (; children > 0; children--) {
            const HeadStep *child = &steps[i + step->size];
            step->constant = step->constant && child->constant;
            step->size += child->size;
        }
    }
}

/* Constant subpatterns become one step. Returns how many steps are left. */
static size_t head_fold(HeadStep *steps, size_t count)
{
    size_t out = 0;
    for (size_t i = 0; i < count;) {
        HeadStep step = steps[i];
        i += step.constant ? step.size : 1;
        if (step.constant) {
            step.op = HEAD_CONST;
        }
        steps[out++] = step;
    }
    return out;
}

/* Keys of maps are looked up: they cannot be variables. */
static bool keys_are_good(Term t)
{
    MapWalk walk;
    Term key, value;
    uint32_t number;
    if (!term_is_map(t)) {
        return true;
    }
    map_walk_start(&walk, t);
    while (map_walk_next(&walk, &key, &value)) {
        if (key == ATOM_underscore || match_variable(key, &number)) {
            return false;
        }
    }
    return true;
}

/* False: it is no head. */
static bool head_compile(Clause *clause, Term head)
{
    HeadCompiler c = {.clause = clause};
    bool good = true;
    head_push(&c, head);
    while (c.depth > 0) {
        Term t = c.stack[--c.depth];
        good = good && keys_are_good(t);
        head_compile_term(&c, t);
    }
    mem_free(c.stack);
    head_measure(c.steps, c.count);
    clause->head_count = head_fold(c.steps, c.count);
    head_measure(c.steps, clause->head_count);
    clause->head = c.steps;
    return good;
}

/* ---- expressions ---- */

static const struct {
    const char *name;
    uint8_t arity;
    BifFunction function;
} guard_functions[] = {
#define BIF(module, name, arity, c_function, flags) \
    {(flags) &BIF_GUARD && sizeof(module) == sizeof("erlang") ? name : NULL, arity, c_function},
#include "runtime/bif_tables.def"
#undef BIF
};

static BifFunction guard_function(const char *name, size_t arity)
{
    for (size_t i = 0; i < COUNT_OF(guard_functions); i++) {
        if (guard_functions[i].name != NULL && guard_functions[i].arity == arity &&
            strcmp(guard_functions[i].name, name) == 0) {
            return guard_functions[i].function;
        }
    }
    return NULL;
}

enum { ACTION_NONE = -1 };
static int action_named(const char *name, size_t arity)
{
    static const struct {
        const char *name;
        size_t least, most;
    } actions[] = {
#define ACTION(name, least, most) {#name, least, most},
        MATCH_ACTIONS(ACTION)
#undef ACTION
    };
    for (unsigned i = 0; i < COUNT_OF(actions); i++) {
        if (strcmp(actions[i].name, name) == 0 && arity >= actions[i].least &&
            arity <= actions[i].most) {
            return (int) i;
        }
    }
    return ACTION_NONE;
}

static int64_t expr_new(MatchSpec *spec, Expr expr)
{
    if (spec->expr_count == spec->expr_capacity) {
        spec->expr_capacity = spec->expr_capacity * 2 + 16;
        spec->exprs = mem_realloc(spec->exprs, spec->expr_capacity * sizeof *spec->exprs);
    }
    spec->exprs[spec->expr_count] = expr;
    return (int64_t) spec->expr_count++;
}

/* Room for the arguments of one expression; returns the index of the first. */
static uint32_t arguments_new(MatchSpec *spec, size_t count)
{
    size_t first = spec->argument_count;
    if (first + count > spec->argument_capacity) {
        spec->argument_capacity = (first + count) * 2 + 16;
        spec->arguments =
            mem_realloc(spec->arguments, spec->argument_capacity * sizeof *spec->arguments);
    }
    spec->argument_count += count;
    return (uint32_t) first;
}

static int64_t expr_compile(MatchSpec *spec, const Clause *clause, Term t, int depth);

static int64_t expr_of_terms(MatchSpec *spec, const Clause *clause, Expr expr, const Term terms[],
                             size_t count, int depth)
{
    expr.first = arguments_new(spec, count);
    expr.count = (uint32_t) count;
    for (size_t i = 0; i < count; i++) {
        int64_t argument = expr_compile(spec, clause, terms[i], depth + 1);
        if (argument < 0) {
            return EXPR_NONE;
        }
        spec->arguments[expr.first + i] = (uint32_t) argument;
    }
    return expr_new(spec, expr);
}

static int64_t expr_const(MatchSpec *spec, Term t)
{
    return expr_new(spec, (Expr){.kind = EXPR_CONST, .term = t});
}

static int64_t expr_of_atom(MatchSpec *spec, const Clause *clause, Term atom)
{
    uint32_t number;
    if (atom == ATOM_dollar_underscore) {
        return expr_new(spec, (Expr){.kind = EXPR_OBJECT});
    }
    if (atom == ATOM_dollar_dollar) {
        return expr_new(spec, (Expr){.kind = EXPR_VARIABLES});
    }
    if (!match_variable(atom, &number)) {
        return expr_const(spec, atom);
    }
    for (uint32_t i = 0; i < clause->slot_count; i++) {
        if (clause->slots[i] == number) {
            return expr_new(spec, (Expr){.kind = EXPR_SLOT, .count = i});
        }
    }
    return EXPR_NONE; /* not bound by the head */
}

/* {Name, Argument…}, {const, Term} or {{Element…}} */
static int64_t expr_of_tuple(MatchSpec *spec, const Clause *clause, Term t, int depth)
{
    size_t arity = tuple_arity(t);
    const Term *elements = tuple_elements(t);
    if (arity == 1 && term_is_tuple(elements[0])) {
        return expr_of_terms(spec, clause, (Expr){.kind = EXPR_TUPLE}, tuple_elements(elements[0]),
                             tuple_arity(elements[0]), depth);
    }
    if (arity == 0 || !term_is_atom(elements[0])) {
        return EXPR_NONE;
    }
    if (elements[0] == ATOM_const) {
        return arity == 2 ? expr_const(spec, elements[1]) : EXPR_NONE;
    }
    const char *name = atom_name(elements[0]);
    static const struct {
        const char *name;
        ExprKind kind;
    } forms[] = {
        {"and", EXPR_AND}, {"or", EXPR_OR}, {"andalso", EXPR_ANDALSO}, {"orelse", EXPR_ORELSE}};
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        if (strcmp(forms[i].name, name) == 0) {
            return arity == 1 ? EXPR_NONE
                              : expr_of_terms(spec, clause, (Expr){.kind = forms[i].kind},
                                              elements + 1, arity - 1, depth);
        }
    }
    int action = spec->is_trace ? action_named(name, arity - 1) : ACTION_NONE;
    bool is_question = action == ACTION_is_seq_trace || action == ACTION_get_tcw;
    if (action != ACTION_NONE && (spec->may_act || is_question)) {
        return expr_of_terms(spec, clause, (Expr){.kind = EXPR_ACTION, .term = term_small(action)},
                             elements + 1, arity - 1, depth);
    }
    BifFunction function = guard_function(name, arity - 1);
    bool is_short_record = arity == 3 && strcmp(name, "is_record") == 0;
    if (function == NULL || is_short_record) {
        return EXPR_NONE;
    }
    return expr_of_terms(spec, clause,
                         (Expr){.kind = EXPR_CALL, .term = elements[0], .function = function},
                         elements + 1, arity - 1, depth);
}

/* Lists by a loop: they may be long, though not deep. */
static int64_t expr_of_list(MatchSpec *spec, const Clause *clause, Term t, int depth)
{
    int64_t length = 0;
    Term at = t;
    for (; term_is_cons(at); at = cons_tail(at)) {
        length++;
    }
    Expr expr = {.kind = EXPR_CONS, .count = (uint32_t) length + 1};
    expr.first = arguments_new(spec, (size_t) length + 1);
    size_t i = 0;
    for (at = t;; at = cons_tail(at)) {
        Term element = term_is_cons(at) ? cons_head(at) : at;
        int64_t argument = expr_compile(spec, clause, element, depth + 1);
        if (argument < 0) {
            return EXPR_NONE;
        }
        spec->arguments[expr.first + i++] = (uint32_t) argument;
        if (!term_is_cons(at)) {
            return expr_new(spec, expr);
        }
    }
}

static int64_t expr_of_map(MatchSpec *spec, const Clause *clause, Term t, int depth)
{
    size_t count = map_size(t) * 2, i = 0;
    Term *terms = mem_alloc((count + 1) * sizeof *terms);
    MapWalk walk;
    map_walk_start(&walk, t);
    while (map_walk_next(&walk, &terms[i], &terms[i + 1])) {
        i += 2;
    }
    int64_t expr = expr_of_terms(spec, clause, (Expr){.kind = EXPR_MAP}, terms, count, depth);
    mem_free(terms);
    return expr;
}

static int64_t expr_compile(MatchSpec *spec, const Clause *clause, Term t, int depth)
{
    if (depth > EXPR_DEPTH_MOST) {
        return EXPR_NONE;
    }
    return term_is_atom(t)    ? expr_of_atom(spec, clause, t)
           : term_is_tuple(t) ? expr_of_tuple(spec, clause, t, depth)
           : term_is_cons(t)  ? expr_of_list(spec, clause, t, depth)
           : term_is_map(t)   ? expr_of_map(spec, clause, t, depth)
                              : expr_const(spec, t);
}

/* ---- clauses ---- */

static bool compile_list(MatchSpec *spec, const Clause *clause, Term list, uint32_t **out,
                         size_t *count)
{
    int64_t length = list_length(list);
    if (length < 0) {
        return false;
    }
    *out = mem_alloc(((size_t) length + 1) * sizeof **out);
    for (; term_is_cons(list); list = cons_tail(list)) {
        int64_t expr = expr_compile(spec, clause, cons_head(list), 0);
        if (expr < 0) {
            return false;
        }
        (*out)[(*count)++] = (uint32_t) expr;
    }
    return true;
}

/* Words that the head's stack can come to hold: each step leaves at most its parts. */
static size_t stack_words(const Clause *clause)
{
    size_t words = 1;
    for (size_t i = 0; i < clause->head_count; i++) {
        const HeadStep *step = &clause->head[i];
        bool has_parts = step->op == HEAD_TUPLE || step->op == HEAD_CONS || step->op == HEAD_MAP;
        words += has_parts ? step->n : 0;
    }
    return words;
}

static bool compile_clause(MatchSpec *spec, Clause *clause, Term t)
{
    if (!tuple_is(t, 3)) {
        return false;
    }
    const Term *elements = tuple_elements(t);
    uint32_t number;
    Term head = elements[0];
    if (spec->is_trace && term_is_tuple(head)) { /* it is taken for the list of its elements */
        head =
            make_list(arena_space(spec->arena), tuple_elements(head), tuple_arity(head), TERM_NIL);
    }
    if (spec->is_trace && list_length(head) < 0 && head != ATOM_underscore &&
        !match_variable(head, &number)) {
        return false;
    }
    if (!head_compile(clause, head)) {
        return false;
    }
    if (clause->slot_count > spec->most_slots) {
        spec->most_slots = clause->slot_count;
    }
    size_t stack = stack_words(clause);
    if (stack > spec->most_stack) {
        spec->most_stack = stack;
    }
    spec->may_act = false;
    if (!compile_list(spec, clause, elements[1], &clause->guards, &clause->guard_count)) {
        return false;
    }
    spec->may_act = spec->is_trace;
    return compile_list(spec, clause, elements[2], &clause->body, &clause->body_count) &&
           (clause->body_count > 0 || spec->is_trace);
}

static void spec_destroy(Magic *magic)
{
    MatchSpec *spec = (MatchSpec *) magic;
    for (size_t i = 0; i < spec->clause_count; i++) {
        Clause *clause = &spec->clauses[i];
        mem_free(clause->head);
        mem_free(clause->guards);
        mem_free(clause->body);
        mem_free(clause->slots);
    }
    mem_free(spec->clauses);
    mem_free(spec->exprs);
    mem_free(spec->arguments);
    arena_space_destroy(spec->arena);
    mem_free(spec);
}

static MatchSpec *compile(Term term, bool is_trace)
{
    int64_t count = list_length(term);
    if (count < 0) {
        return NULL;
    }
    MatchSpec *spec = mem_alloc_zero(sizeof *spec);
    spec->magic = (Magic){1, spec_destroy, &match_spec_type};
    spec->is_trace = is_trace;
    enum { MORE_WORDS = 32 }; /* what compiling adds to most */
    spec->arena = arena_space_create_for(term_flat_words(term) + MORE_WORDS);
    spec->term = term_copy_flat(arena_space(spec->arena), term);
    spec->clauses = mem_alloc_zero(((size_t) count + 1) * sizeof *spec->clauses);
    bool ok = spec->term != TERM_LIMIT;
    for (Term at = spec->term; ok && term_is_cons(at); at = cons_tail(at)) {
        ok = compile_clause(spec, &spec->clauses[spec->clause_count++], cons_head(at));
    }
    if (!ok) {
        match_spec_release(spec);
        return NULL;
    }
    return spec;
}

MatchSpec *match_spec_compile(Term term)
{
    return compile(term, false);
}
MatchSpec *match_spec_compile_trace(Term term)
{
    return compile(term, true);
}
Term match_spec_term(const MatchSpec *spec)
{
    return spec->term;
}

MatchSpec *match_spec_of_pattern(Term pattern, MatchBody body)
{
    static const Term bodies[] = {ATOM_dollar_dollar, ATOM_dollar_underscore, ATOM_true};
    Term words[8];
    Space space = {.top = words, .limit = words + COUNT_OF(words)}; /* all that this takes */
    Term clause = make_tuple3(&space, pattern, TERM_NIL, make_cons(&space, bodies[body], TERM_NIL));
    return match_spec_compile(make_cons(&space, clause, TERM_NIL));
}

void match_spec_retain(MatchSpec *spec)
{
    magic_retain(&spec->magic);
}
void match_spec_release(MatchSpec *spec)
{
    magic_release(&spec->magic);
}

Term match_spec_ref(Space *space, MatchSpec *spec)
{
    return make_magic_ref(space, &spec->magic, world_unique_number());
}

MatchSpec *match_spec_from(Term ref)
{
    return (MatchSpec *) magic_of(ref, &match_spec_type);
}
