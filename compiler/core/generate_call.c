/* compiler/core/generate_call.c
 * Calls. Arguments are evaluated where the call wants them. */
#include "compiler/core/generate_internal.h"

static void push_all(Gen *g, Core *const args[], uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        gen_expr(g, args[i], WANT_PUSH);
    }
}

/* ---- calls of the function itself, last ---- */

static bool is_unchanged(const Core *arg, uint32_t index)
{
    return arg->kind == CORE_VAR && arg->var->slot == index;
}

/* Going back to the start pays where parameters stay as they are: each then costs nothing, every
 * other one a store more than a tail call. */
static bool is_loop_cheaper(const Core *core)
{
    uint32_t unchanged = 0;
    for (uint32_t i = 0; i < core->call.count; i++) {
        unchanged += is_unchanged(core->call.args[i], i);
    }
    return unchanged * 2 + 2 >= core->call.count;
}

static void gen_loop(Gen *g, Core *core)
{
    uint32_t count = core->call.count;
    for (uint32_t i = 0; i < count; i++) {
        if (is_unchanged(core->call.args[i], i)) {
            slot_keep(g, i); /* another argument may have the variable's last use */
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!is_unchanged(core->call.args[i], i)) {
            gen_expr(g, core->call.args[i], WANT_PUSH);
        }
    }
    for (uint32_t i = count; i-- > 0;) {
        if (!is_unchanged(core->call.args[i], i)) {
            gen_store(g, i);
        }
    }
    gen_drop(g, g->depth - g->frame);
    gen_line(g, core_at(core));
    gen_op1(g, OP_loop, g->entry_label, 0, 0);
    gen_stop(g);
}

/* ---- all calls ---- */

static void gen_local(Gen *g, Core *core, Want want)
{
    uint32_t count = core->call.count, function = core->call.function->index;
    if (want != WANT_RETURN) {
        uint32_t hole = g->depth;
        gen_hole(g);
        push_all(g, core->call.args, count);
        kill_dying(g, hole);
        gen_line(g, core_at(core));
        gen_op2(g, OP_call, count, function, count + 1, 1);
        return;
    }
    if (core->call.function == g->function && is_loop_cheaper(core)) {
        gen_loop(g, core);
        return;
    }
    push_all(g, core->call.args, count);
    gen_line(g, core_at(core));
    gen_op2(g, OP_tail_call, count, function, count, 0);
    gen_stop(g);
}

static void gen_remote(Gen *g, Core *core, Want want)
{
    uint32_t count = core->remote.count, hole = g->depth;
    if (want != WANT_RETURN) {
        gen_hole(g);
    }
    push_all(g, core->remote.args, count);
    if (want != WANT_RETURN && core->remote.module != ATOM_OF(erlang)) {
        kill_dying(g, hole); /* those of erlang do not run for long */
    }
    gen_line(g, core_at(core));
    uint32_t import = 0;
    if (g->reachable) {
        import = module_import(g->module, core->remote.module, core->remote.function, count);
    }
    if (want != WANT_RETURN) {
        gen_op2(g, OP_call_import, count, import, count + 1, 1);
    } else {
        gen_op2(g, OP_tail_call_import, count, import, count, 0);
        gen_stop(g);
    }
}

/* A fun, or module and function, below the arguments: `targets` is 1 or 2. */
static void gen_computed(Gen *g, Core *core, Want want, uint32_t targets, Opcode call,
                         Opcode tail_call)
{
    uint32_t hole = g->depth;
    push_all(g, core->items, core->count);
    if (want != WANT_RETURN) {
        kill_dying(g, hole);
    }
    gen_line(g, core_at(core));
    uint32_t count = core->count - targets;
    if (want != WANT_RETURN) {
        gen_op1(g, call, count, core->count, 1);
    } else {
        gen_op1(g, tail_call, count, core->count, 0);
        gen_stop(g);
    }
}

void gen_call(Gen *g, Core *core, Want want)
{
    uint32_t depth = g->depth;
    switch ((CoreKind) core->kind) {
    case CORE_CALL:
        gen_local(g, core, want);
        break;
    case CORE_CALL_REMOTE:
        gen_remote(g, core, want);
        break;
    case CORE_CALL_FUN:
        gen_computed(g, core, want, 1, OP_call_fun, OP_tail_call_fun);
        break;
    default:
        gen_computed(g, core, want, 2, OP_call_dynamic, OP_tail_call_dynamic);
        break;
    }
    if (want == WANT_DROP) {
        gen_drop(g, 1);
    }
    g->depth = depth + (want == WANT_PUSH);
}
