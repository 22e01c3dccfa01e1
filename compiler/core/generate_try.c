/* compiler/core/generate_try.c
 * try, catch, receive and maybe.
 *
 * What is protected is a range of code; an exception inside goes to the handler's label with class,
 * reason and stack trace on top of the depth that the range began with. */
#include "compiler/core/generate_internal.h"

/* ---- protected ranges ---- */

typedef struct Range {
    bool is_reachable;
    uint32_t start, depth;
    Cold *cold; /* what is put off inside has to be written inside */
    const Dying *dying;
} Range;

static void range_start(Gen *g, Range *range)
{
    range->is_reachable = g->reachable;
    range->start = label_here(g);
    range->depth = g->depth;
    range->cold = g->cold;
    range->dying = g->dying;
}

/* After this the handler is to be written: class, reason and trace are on top. `out` is where the
 * code in the range goes on, when it does: place it after the handler. */
static void range_end(Gen *g, Range *range, Label *out)
{
    gen_jump(g, out);
    gen_all_cold(g, range->cold);
    uint32_t end = label_here(g);
    uint32_t handler = label_here(g);
    ModuleHandler entry = {range->start, end, handler, range->depth};
    if (range->is_reachable) {
        emit_handler(g->emitter, entry);
    }
    g->reachable = range->is_reachable;
    slots_dropped(g, range->depth, range->dying);
    g->depth = range->depth + 3;
}

/* ---- catch ---- */

static void gen_exit_tuple(Gen *g)
{
    gen_op1(g, OP_make_tuple, 2, 2, 1);
}

/* The value of `catch` for class, reason and trace at `depth`. */
static void catch_value(Gen *g, uint32_t depth, Label *join)
{
    Label not_throw, not_error;
    label_init(&not_throw, g->depth, false);
    label_init(&not_error, g->depth, false);
    uint64_t class = module_atom(g->module, ATOM_OF(throw));
    gen_test(g, OP_test_is_atom, depth, &class, 1, &not_throw);
    gen_load(g, depth + 1);
    gen_jump(g, join);
    label_place(g, &not_throw);
    class = module_atom(g->module, ATOM_OF(error));
    gen_test(g, OP_test_is_atom, depth, &class, 1, &not_error);
    gen_literal(g, ATOM_OF(EXIT));
    gen_load(g, depth + 1);
    gen_load(g, depth + 2);
    gen_op(g, OP_build_trace, 1, 1);
    gen_exit_tuple(g);
    gen_exit_tuple(g);
    gen_jump(g, join);
    label_place(g, &not_error);
    gen_literal(g, ATOM_OF(EXIT));
    gen_load(g, depth + 1);
    gen_exit_tuple(g);
    gen_jump(g, join);
}

void gen_catch(Gen *g, Core *core, Want want)
{
    Range range;
    Label join;
    uint32_t depth = g->depth;
    label_init(&join, depth + 1, true);
    range_start(g, &range);
    gen_expr(g, core->items[0], WANT_PUSH);
    range_end(g, &range, &join);
    catch_value(g, depth, &join);
    label_place(g, &join);
    gen_finish(g, want);
    g->depth = depth + (want == WANT_PUSH);
}

/* ---- try ---- */

static void gen_raise(Gen *g)
{
    gen_op(g, OP_raise, 3, 0);
    gen_stop(g);
}

static void gen_handlers(Gen *g, struct CoreTry *try_, Want want, Label *join, uint32_t depth)
{
    Label fail;
    label_init(&fail, depth + 3, false);
    Matching matching = {.kind = MATCH_HANDLERS,
                         .want = want,
                         .join = join,
                         .deaths = try_->deaths,
                         .base = depth,
                         .trace_slot = depth + 2};
    Place *class = place_new(g, PLACE_SLOT, depth);
    Place *reason = place_new(g, PLACE_SLOT, depth + 1);
    Row **rows = ARENA_ARRAY(g->arena, Row *, try_->handler_count);
    for (uint32_t i = 0; i < try_->handler_count; i++) {
        rows[i] = row_new(g, try_->handlers[i], i);
        row_add(g, rows[i], reason, try_->handlers[i]->patterns[1]);
        row_add(g, rows[i], class, try_->handlers[i]->patterns[0]);
    }
    uint32_t mark = trail_mark(g);
    match_rows(g, &matching, rows, try_->handler_count, &fail);
    label_place(g, &fail);
    trail_undo(g, mark);
    if (g->reachable) {
        gen_raise(g);
    }
}

/* The `of` clauses, for the value at `depth`. */
static void gen_of(Gen *g, Core *core, Want want, Label *join, uint32_t depth)
{
    struct CoreTry *try_ = core->try_;
    Label fail;
    label_init(&fail, g->depth, false);
    Matching matching = {.kind = MATCH_CLAUSES,
                         .want = want,
                         .join = join,
                         .deaths = try_->of_deaths,
                         .base = depth};
    Place *value = place_new(g, PLACE_SLOT, depth);
    Row **rows = ARENA_ARRAY(g->arena, Row *, try_->of_count);
    for (uint32_t i = 0; i < try_->of_count; i++) {
        rows[i] = row_new(g, try_->of[i], i);
        row_add(g, rows[i], value, try_->of[i]->patterns[0]);
    }
    uint32_t mark = trail_mark(g);
    match_rows(g, &matching, rows, try_->of_count, &fail);
    trail_undo(g, mark);
    gen_match_failure(g, &fail, value, ATOM_OF(try_clause), core_at(core));
}

/* Without `after`. */
static void gen_try_clauses(Gen *g, Core *core, Want want)
{
    struct CoreTry *try_ = core->try_;
    uint32_t depth = g->depth;
    Range range;
    Label normal, join;
    join_init(g, &join, want);
    label_init(&normal, depth + 1, true);
    if (try_->handler_count == 0) {
        gen_expr(g, try_->body, WANT_PUSH);
        gen_jump(g, &normal);
    } else {
        range_start(g, &range);
        gen_expr(g, try_->body, WANT_PUSH);
        range_end(g, &range, &normal);
        gen_handlers(g, try_, want, &join, depth);
    }
    label_place(g, &normal);
    if (try_->of_count != 0) {
        gen_of(g, core, want, &join, depth);
    } else {
        gen_finish(g, want);
        if (want != WANT_RETURN) {
            gen_jump(g, &join);
        }
    }
    join_place(g, &join, want);
    deaths_after(g, try_->of_deaths);
    deaths_after(g, try_->deaths);
}

void gen_try(Gen *g, Core *core, Want want)
{
    struct CoreTry *try_ = core->try_;
    uint32_t depth = g->depth;
    if (try_->after == NULL) {
        gen_try_clauses(g, core, want);
        g->depth = depth + (want == WANT_PUSH);
        return;
    }
    Range range;
    Label normal;
    label_init(&normal, depth + 1, true);
    range_start(g, &range);
    gen_try_clauses(g, core, WANT_PUSH);
    range_end(g, &range, &normal);
    uint32_t mark = trail_mark(g);
    gen_expr(g, try_->after, WANT_DROP);
    gen_raise(g);
    trail_undo(g, mark);
    label_place(g, &normal);
    gen_expr(g, try_->after, WANT_DROP);
    gen_finish(g, want);
    g->depth = depth + (want == WANT_PUSH);
}

/* ---- receive ---- */

static bool is_infinity(const Core *core)
{
    return core->kind == CORE_LITERAL && core->literal == ATOM_OF(infinity);
}

void gen_receive(Gen *g, Core *core, Want want)
{
    uint32_t depth = g->depth;
    Label join, empty, next;
    join_init(g, &join, want);
    Core *timeout = core->receive->timeout;
    bool waits_for_ever = timeout == NULL || is_infinity(timeout);
    kill_dying(g, depth); /* it may wait for long */
    uint32_t timeout_slot = waits_for_ever ? 0 : gen_slot(g, timeout);
    if (core->receive->from != NULL) {
        gen_op1(g, OP_receive_from, var_slot(g, core->receive->from), 0, 0);
    }
    uint32_t base = g->depth;
    uint32_t loop = label_here(g);
    label_init(&empty, base, false);
    label_init(&next, base + 1, false);
    gen_line(g, core_at(core));
    if (g->reachable) {
        emit1(g->emitter, OP_receive_peek, label_at(g, &empty, base));
    }
    g->depth = base + 1;
    Matching matching = {.kind = MATCH_RECEIVE,
                         .want = want,
                         .join = &join,
                         .deaths = core->receive->deaths,
                         .base = depth};
    Place *message = place_new(g, PLACE_SLOT, base);
    uint32_t count = core->receive->count;
    Row **rows = ARENA_ARRAY(g->arena, Row *, count);
    for (uint32_t i = 0; i < count; i++) {
        rows[i] = row_new(g, core->receive->clauses[i], i);
        row_add(g, rows[i], message, core->receive->clauses[i]->patterns[0]);
    }
    uint32_t mark = trail_mark(g);
    bool was_looking = g->is_looking;
    g->is_looking = true;
    match_rows(g, &matching, rows, count, &next);
    g->is_looking = was_looking;
    label_place(g, &next);
    trail_undo(g, mark);
    gen_op1(g, OP_receive_next, loop, 1, 0);
    gen_stop(g);
    label_place(g, &empty);
    gen_line(g, core_at(core));
    if (waits_for_ever) {
        gen_op1(g, OP_receive_wait, loop, 0, 0);
        gen_stop(g);
    } else {
        gen_op2(g, OP_receive_wait_until, timeout_slot, loop, 0, 0);
        mark = trail_mark(g);
        gen_expr(g, core->receive->after, want);
        trail_undo(g, mark);
        if (want != WANT_RETURN) {
            gen_jump(g, &join);
        }
    }
    join_place(g, &join, want);
    g->depth = depth + (want == WANT_PUSH);
    deaths_after(g, core->receive->deaths);
}

/* ---- maybe ---- */

void gen_maybe(Gen *g, Core *core, Want want)
{
    uint32_t depth = g->depth;
    Label join, otherwise;
    join_init(g, &join, want);
    label_init(&otherwise, depth + 1, true);
    MaybeFrame frame = {NULL, g->maybe};
    g->maybe = &frame;
    uint32_t mark = trail_mark(g);
    gen_expr(g, core->maybe.body, want);
    if (want != WANT_RETURN) {
        gen_jump(g, &join);
    }
    trail_undo(g, mark);
    g->maybe = frame.outer;
    for (MaybeStub *stub = frame.stubs; stub != NULL; stub = stub->next) {
        label_place(g, &stub->label);
        gen_load(g, stub->slot);
        gen_jump(g, &otherwise);
    }
    label_place(g, &otherwise);
    if (core->maybe.count == 0) {
        gen_finish(g, want);
        if (want != WANT_RETURN) {
            gen_jump(g, &join);
        }
    } else {
        Label fail;
        label_init(&fail, g->depth, false);
        Matching matching = {.kind = MATCH_CLAUSES,
                             .want = want,
                             .join = &join,
                             .deaths = core->maybe.deaths,
                             .base = depth};
        Place *value = place_new(g, PLACE_SLOT, depth);
        Row **rows = ARENA_ARRAY(g->arena, Row *, core->maybe.count);
        for (uint32_t i = 0; i < core->maybe.count; i++) {
            rows[i] = row_new(g, core->maybe.clauses[i], i);
            row_add(g, rows[i], value, core->maybe.clauses[i]->patterns[0]);
        }
        match_rows(g, &matching, rows, core->maybe.count, &fail);
        trail_undo(g, mark);
        gen_match_failure(g, &fail, value, ATOM_OF(else_clause), core_at(core));
    }
    join_place(g, &join, want);
    g->depth = depth + (want == WANT_PUSH);
    deaths_after(g, core->maybe.deaths);
}
