/* compiler/core/generate_expr.c
 * Expressions, bodies and case. Each is written for what is wanted of its value: pushed, dropped or
 * returned. */
#include "compiler/core/generate_internal.h"

void gen_finish(Gen *g, Want want)
{
    if (want == WANT_DROP) {
        gen_drop(g, 1);
    } else if (want == WANT_RETURN) {
        gen_return(g);
    }
}

uint32_t var_slot(Gen *g, CoreVar *var)
{
    if (var->slot >= g->depth) {
        if (g->reachable) {
            gen_fail(g, "internal error: a variable is used where it is not bound");
        }
        return 0;
    }
    return var->slot;
}

uint32_t gen_slot(Gen *g, Core *core)
{
    if (core->kind == CORE_VAR) {
        return var_slot(g, core->var);
    }
    gen_expr(g, core, WANT_PUSH);
    return g->depth - 1;
}

uint32_t gen_slot_to_test(Gen *g, Core *core)
{
    uint32_t slot = gen_slot(g, core);
    bool is_own = core->kind != CORE_VAR || slot >= SLOTS_MAX;
    if (is_own || g->guard == NULL || (!g->is_looking && g->shapes[slot] == FACT_NONE)) {
        return slot;
    }
    gen_load(g, slot);
    return g->depth - 1;
}

void join_init(Gen *g, Label *join, Want want)
{
    label_init(join, g->depth + (want == WANT_PUSH), want == WANT_PUSH);
}

void join_place(Gen *g, Label *join, Want want)
{
    if (want != WANT_RETURN) {
        label_place(g, join);
    } else {
        g->depth = join->depth;
    }
}

/* ---- bodies ---- */

void gen_statement(Gen *g, Core *core)
{
    if (core->kind == CORE_MATCH || core->kind == CORE_MAYBE_MATCH) {
        gen_match_expr(g, core, WANT_DROP);
    } else {
        gen_expr(g, core, WANT_DROP);
    }
}

/* What was pushed above `depth` for statements goes; a wanted value stays. */
static void close_frame(Gen *g, uint32_t depth, const Dying *dying, Want want)
{
    if (g->reachable) {
        slots_dropped(g, depth, dying);
    }
    if (want == WANT_PUSH) {
        gen_slide(g, g->depth - 1 - depth);
    } else if (want == WANT_DROP) {
        gen_drop(g, g->depth - depth);
    }
    g->depth = depth + (want == WANT_PUSH);
}

void gen_body(Gen *g, Core *core, Want want)
{
    uint32_t depth = g->depth;
    const Dying *dying = g->dying;
    for (uint32_t i = 0; i < core->place_count; i++) {
        CoreVar *var = core->places[i];
        gen_hole(g);
        slot_bind(g, var, g->depth - 1);
        var->has_place = true;
    }
    for (uint32_t i = 0; i + 1 < core->count; i++) {
        gen_statement(g, core->items[i]);
    }
    if (core->count != 0) {
        gen_expr(g, core->items[core->count - 1], want);
    }
    for (uint32_t i = 0; i < core->place_count; i++) {
        core->places[i]->has_place = false;
    }
    close_frame(g, depth, dying, want);
}

/* ---- places of values ---- */

static bool takes_apart(const CorePattern *pattern, uint32_t arity)
{
    switch (pattern->kind) {
    case PATTERN_ANY:
        return true;
    case PATTERN_TUPLE:
        return pattern->tuple.count == arity;
    case PATTERN_LITERAL:
        return term_is_tuple(pattern->literal) && tuple_arity(pattern->literal) == arity;
    default:
        return false;
    }
}

Place *gen_place(Gen *g, Core *core, CorePattern *const patterns[], uint32_t count)
{
    bool is_virtual = core->kind == CORE_TUPLE && core->count != 0;
    for (uint32_t i = 0; is_virtual && i < count; i++) {
        is_virtual = takes_apart(patterns[i], core->count);
    }
    if (!is_virtual) {
        return place_new(g, PLACE_SLOT, gen_slot(g, core));
    }
    Place *tuple = place_new(g, PLACE_VIRTUAL, CORE_NO_SLOT);
    tuple->index = core->count;
    for (uint32_t i = 0; i < core->count; i++) {
        uint32_t slot = gen_slot(g, core->items[i]);
        place_child(g, tuple, PLACE_ELEMENT, i)->slot = slot;
    }
    return tuple;
}

void gen_match_failure(Gen *g, Label *fail, Place *place, Term reason, CoreAt at)
{
    ColdKind kind = place == NULL                 ? COLD_FAIL
                    : place->how == PLACE_VIRTUAL ? COLD_FAIL_VIRTUAL
                                                  : COLD_FAIL_VALUE;
    Cold *cold = gen_cold(g, kind, reason, at, fail->depth);
    cold->tuple = place;
    cold->slot = place == NULL ? 0 : place->slot;
    label_move(g, fail, &cold->label);
}

/* ---- matches ---- */

static void match_one(Gen *g, Place *place, CorePattern *pattern, Label *fail)
{
    Matching matching = {.kind = MATCH_STATEMENT};
    Row *row = row_new(g, NULL, 0);
    row_add(g, row, place, pattern);
    uint32_t mark = trail_mark(g);
    match_rows(g, &matching, &row, 1, fail);
    trail_undo(g, mark); /* what is known of places; the variables stay bound */
    for (Bind *at = row->binds; at != NULL; at = at->next) {
        if (at->var != NULL && !at->var->has_place) {
            slot_bind(g, at->var, at->var->slot);
        }
    }
}

static void fail_maybe(Gen *g, Label *fail, uint32_t slot)
{
    if (g->maybe == NULL) {
        gen_fail(g, "internal error: ?= outside of maybe");
        return;
    }
    MaybeStub *stub = ARENA_NEW(g->arena, MaybeStub);
    *stub = (MaybeStub){.slot = slot, .next = g->maybe->stubs};
    label_move(g, fail, &stub->label);
    g->maybe->stubs = stub;
}

/* WANT_DROP leaves what was pushed: the variables' slots. */
void gen_match_expr(Gen *g, Core *core, Want want)
{
    CorePattern *pattern = core->match.pattern;
    Core *value = core->match.value;
    uint32_t depth = g->depth;
    const Dying *dying = g->dying;
    if (pattern_is_unused(pattern) && want != WANT_PUSH) {
        gen_expr(g, value, want);
        return;
    }
    Place *place = want == WANT_DROP && core->kind == CORE_MATCH
                       ? gen_place(g, value, &pattern, 1)
                       : place_new(g, PLACE_SLOT, gen_slot(g, value));
    Label fail;
    label_init(&fail, g->depth, false);
    match_one(g, place, pattern, &fail);
    if (core->kind == CORE_MAYBE_MATCH) {
        fail_maybe(g, &fail, place->slot);
    } else {
        gen_match_failure(g, &fail, place, ATOM_OF(badmatch), core_at(core));
    }
    if (want == WANT_DROP) {
        if (place->how == PLACE_VIRTUAL) {
            uses_end(g, value->items, value->count);
        }
        use_ends(g, value);
        if (core->match.pattern->kind != PATTERN_BINARY) {
            temporaries_die(g, depth);
        }
        return;
    }
    if (want == WANT_PUSH && place->slot == depth) { /* the value is where it is wanted */
        gen_drop(g, g->depth - 1 - depth);
        return;
    }
    gen_load(g, place->slot);
    use_ends(g, value);
    if (want == WANT_RETURN) {
        gen_return(g);
    }
    close_frame(g, depth, dying, want);
}

/* ---- case ---- */

/* case Boolean of true -> A; false -> B end: a jump, and no value. */
static bool is_boolean_case(const Core *core, uint32_t *true_clause)
{
    if (core->choice.value == NULL || core->choice.count != 2 ||
        !core_is_boolean(core->choice.value)) {
        return false;
    }
    for (uint32_t i = 0; i < 2; i++) {
        const CoreClause *clause = core->choice.clauses[i];
        const CorePattern *pattern = clause->patterns[0];
        bool is_literal = pattern->kind == PATTERN_LITERAL &&
                          (pattern->literal == ATOM_OF(true) || pattern->literal == ATOM_OF(false));
        bool is_else = i == 1 && pattern_is_unused(pattern);
        if (clause->guard != NULL || (!is_literal && !is_else)) {
            return false;
        }
    }
    Term first = core->choice.clauses[0]->patterns[0]->literal;
    const CorePattern *second = core->choice.clauses[1]->patterns[0];
    *true_clause = first == ATOM_OF(true) ? 0 : 1;
    return second->kind != PATTERN_LITERAL || second->literal != first;
}

static void gen_boolean_case(Gen *g, Core *core, uint32_t true_clause, Want want)
{
    Label join, otherwise;
    join_init(g, &join, want);
    label_init(&otherwise, g->depth, false);
    gen_condition(g, core->choice.value, true_clause == 0, &otherwise);
    uint32_t mark = trail_mark(g);
    const CoreDeaths *deaths = core->choice.deaths;
    deaths_on_entry(g, deaths, 0);
    gen_expr(g, core->choice.clauses[0]->body, want);
    if (want != WANT_RETURN) {
        gen_jump(g, &join);
    }
    label_place(g, &otherwise);
    trail_undo(g, mark);
    deaths_on_entry(g, deaths, 1);
    gen_expr(g, core->choice.clauses[1]->body, want);
    if (want != WANT_RETURN) {
        gen_jump(g, &join);
    }
    trail_undo(g, mark);
    join_place(g, &join, want);
    deaths_after(g, deaths);
}

static Place *case_place(Gen *g, Core *core)
{
    uint32_t count = core->choice.count;
    CorePattern **patterns = ARENA_ARRAY(g->arena, CorePattern *, count);
    for (uint32_t i = 0; i < count; i++) {
        patterns[i] = core->choice.clauses[i]->patterns[0];
    }
    Core *value = core->choice.value;
    if (value->kind == CORE_MATCH) { /* what it binds is seen in the clauses */
        CorePattern *pattern = value->match.pattern;
        Place *place = place_new(g, PLACE_SLOT, gen_slot(g, value->match.value));
        Label fail;
        label_init(&fail, g->depth, false);
        match_one(g, place, pattern, &fail);
        gen_match_failure(g, &fail, place, ATOM_OF(badmatch), core_at(value));
        return place;
    }
    return gen_place(g, value, patterns, count);
}

void gen_case(Gen *g, Core *core, Want want)
{
    uint32_t true_clause;
    if (is_boolean_case(core, &true_clause)) {
        gen_boolean_case(g, core, true_clause, want);
        return;
    }
    Label join, fail;
    join_init(g, &join, want);
    uint32_t base = g->depth;
    Place *place = core->choice.value == NULL ? NULL : case_place(g, core);
    label_init(&fail, g->depth, false);
    Matching matching = {.kind = MATCH_CLAUSES,
                         .want = want,
                         .join = &join,
                         .deaths = core->choice.deaths,
                         .base = base};
    uint32_t count = core->choice.count;
    Row **rows = ARENA_ARRAY(g->arena, Row *, count);
    for (uint32_t i = 0; i < count; i++) {
        rows[i] = row_new(g, core->choice.clauses[i], i);
        if (place != NULL) {
            row_add(g, rows[i], place, core->choice.clauses[i]->patterns[0]);
        }
    }
    uint32_t mark = trail_mark(g);
    match_rows(g, &matching, rows, count, &fail);
    trail_undo(g, mark);
    gen_match_failure(g, &fail, place, core->choice.reason, core_at(core));
    join_place(g, &join, want);
    deaths_after(g, core->choice.deaths);
}

/* ---- andalso, orelse as values ---- */

static void gen_short_circuit(Gen *g, Core *core, Want want)
{
    bool each = core->kind == CORE_ANDALSO;
    Label join, out;
    join_init(g, &join, want);
    label_init(&out, g->depth, false);
    for (uint32_t i = 0; i + 1 < core->count; i++) {
        gen_condition(g, core->items[i], each, &out);
    }
    gen_expr(g, core->items[core->count - 1], want);
    if (want != WANT_RETURN) {
        gen_jump(g, &join);
    }
    label_place(g, &out);
    if (want != WANT_DROP) {
        gen_literal(g, each ? ATOM_OF(false) : ATOM_OF(true));
        gen_finish(g, want);
    }
    if (want != WANT_RETURN) {
        gen_jump(g, &join);
    }
    join_place(g, &join, want);
}

/* A condition that no single instruction gives a value for. */
static void gen_condition_value(Gen *g, Core *core)
{
    Label join, otherwise;
    join_init(g, &join, WANT_PUSH);
    label_init(&otherwise, g->depth, false);
    gen_condition(g, core, true, &otherwise);
    gen_literal(g, ATOM_OF(true));
    gen_jump(g, &join);
    label_place(g, &otherwise);
    gen_literal(g, ATOM_OF(false));
    gen_jump(g, &join);
    join_place(g, &join, WANT_PUSH);
}

/* ---- operators and built-ins ---- */

static void gen_operator(Gen *g, Core *core)
{
    for (uint32_t i = 0; i < core->count; i++) {
        gen_expr(g, core->items[i], WANT_PUSH);
    }
    if (core->op >= OP_eq_exact && core->op <= OP_ge) {
        gen_op(g, (Opcode) core->op, 2, 1);
        return;
    }
    if (g->guard == NULL) {
        gen_line(g, core_at(core));
    }
    gen_guarded(g, (Opcode) core->op, core->count);
}

static Term test_name(Opcode op)
{
    switch (op) {
#define AUTO_IMPORTED(name, arity, use)
#define TYPE_TEST(name, instruction) \
    case OP_##instruction: \
        return atom_of(#name);
#include "compiler/erl/auto_imported.def"
#undef AUTO_IMPORTED
#undef TYPE_TEST
    default:
        return ATOM_OF(undefined);
    }
}

static void gen_bif(Gen *g, CoreAt at, Term name, Core **args, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        gen_expr(g, args[i], WANT_PUSH);
    }
    if (g->guard == NULL) {
        gen_line(g, at);
    }
    uint32_t guard = gen_guard_operand(g, g->depth - count);
    if (g->reachable) {
        emit3(g->emitter, OP_bif, count, module_import(g->module, ATOM_OF(erlang), name, count),
              guard);
    }
    gen_depth(g, count, 1);
}

static void gen_items(Gen *g, Core *core)
{
    for (uint32_t i = 0; i < core->count; i++) {
        gen_expr(g, core->items[i], WANT_PUSH);
    }
}

static void gen_fun(Gen *g, Core *core)
{
    uint32_t count = core->call.count;
    for (uint32_t i = 0; i < count; i++) {
        gen_expr(g, core->call.args[i], WANT_PUSH);
    }
    uint32_t fun = 0;
    if (g->reachable) {
        fun = module_fun(g->module, core->call.function->index, count);
    }
    gen_op2(g, OP_make_fun, fun, count, count, 1);
}

static void gen_failure(Gen *g, Core *core, Want want)
{
    uint32_t depth = g->depth;
    if (core->remote.count != 0) {
        gen_expr(g, core->remote.args[0], WANT_PUSH);
    }
    gen_line(g, core_at(core));
    uint32_t reason = module_atom(g->module, core->remote.function);
    if (core->remote.count != 0) {
        gen_op1(g, OP_fail_value, reason, 1, 0);
    } else {
        gen_op1(g, OP_fail, reason, 0, 0);
    }
    gen_stop(g);
    g->depth = depth + (want == WANT_PUSH);
}

/* ---- all ---- */

/* Those that only push a value. */
static void push_value(Gen *g, Core *core)
{
    switch ((CoreKind) core->kind) {
    case CORE_LITERAL:
        gen_literal(g, core->literal);
        break;
    case CORE_VAR:
        gen_load(g, var_slot(g, core->var));
        use_ends(g, core);
        break;
    case CORE_LIST:
        gen_list(g, core);
        break;
    case CORE_TUPLE:
        gen_items(g, core);
        gen_op1(g, OP_make_tuple, core->count, core->count, 1);
        break;
    case CORE_MAP:
        gen_map(g, core);
        break;
    case CORE_BINARY:
        gen_binary(g, core);
        break;
    case CORE_FUN:
        gen_fun(g, core);
        break;
    case CORE_OPERATOR:
        gen_operator(g, core);
        break;
    case CORE_TEST:
        gen_bif(g, core_at(core), test_name((Opcode) core->op), core->items, 1);
        break;
    case CORE_BIF:
        gen_bif(g, core_at(core), core->remote.function, core->remote.args, core->remote.count);
        break;
    case CORE_RECORD_TEST:
    case CORE_ALTERNATIVES:
        gen_condition_value(g, core);
        break;
    case CORE_RECORD_GET:
        gen_record_get(g, core);
        break;
    default:
        gen_record_set(g, core);
        break;
    }
}

void gen_expr(Gen *g, Core *core, Want want)
{
    switch ((CoreKind) core->kind) {
    case CORE_LITERAL:
    case CORE_VAR:
        if (want == WANT_DROP) {
            return;
        }
        break;
    case CORE_CALL:
    case CORE_CALL_REMOTE:
    case CORE_CALL_FUN:
    case CORE_CALL_DYNAMIC:
        gen_call(g, core, want);
        return;
    case CORE_ANDALSO:
    case CORE_ORELSE:
        gen_short_circuit(g, core, want);
        return;
    case CORE_BODY:
        gen_body(g, core, want);
        return;
    case CORE_MATCH:
    case CORE_MAYBE_MATCH: {
        uint32_t depth = g->depth;
        const Dying *dying = g->dying;
        gen_match_expr(g, core, want);
        close_frame(g, depth, dying, want);
        return;
    }
    case CORE_CASE:
        gen_case(g, core, want);
        return;
    case CORE_RECEIVE:
        gen_receive(g, core, want);
        return;
    case CORE_TRY:
        gen_try(g, core, want);
        return;
    case CORE_CATCH:
        gen_catch(g, core, want);
        return;
    case CORE_MAYBE:
        gen_maybe(g, core, want);
        return;
    case CORE_FAIL:
        gen_failure(g, core, want);
        return;
    default:
        break;
    }
    push_value(g, core);
    gen_finish(g, want);
}
