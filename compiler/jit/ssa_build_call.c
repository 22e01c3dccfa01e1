/* compiler/jit/ssa_build_call.c
 * Calls, returns, loops, built-ins. */
#include "compiler/jit/ssa_build.h"
#include "runtime/term/atom.h"

/* Slots in `needed` hold what they held; all else is lost. */
static void read_again(Builder *b, const uint64_t *needed)
{
    uint32_t count = build_needed(b, needed);
    for (uint32_t i = 0; i < count; i++) {
        b->values[i] = b->state[b->slots[i]];
    }
    memset(b->state, 0, b->slot_count * sizeof(SsaNode *));
    for (uint32_t i = 0; i < count; i++) {
        SsaNode *value = b->values[i], *again;
        if (value == NULL) {
            continue;
        }
        if (value->op == SSA_CONST || value->op == SSA_RAW) {
            build_set(b->state, b->slots[i], value);
            continue;
        }
        again = build_node(b, SSA_SLOT, NULL, NULL);
        again->constant = b->slots[i];
        again->like = value;
        build_set(b->state, b->slots[i], again);
    }
}

/* Behind a call: every slot that is needed from here on is read anew, `result` aside. What is
 * inlined from here on may have come to be traced. */
static void after_call(Builder *b, uint32_t result_slot)
{
    const uint64_t *behind = slot_code_behind(b->context->code, b->now);
    SsaNode *result = build_node(b, SSA_RESULT, NULL, NULL);
    b->state[b->context->base + result_slot] = NULL;
    read_again(b, behind);
    build_define(b, result_slot, result);
    build_node(b, SSA_CURRENT, NULL, NULL)->frame = build_frame_of(b, b->now + 1, behind);
}

static void call(Builder *b, Instruction i)
{
    SsaNode *node;
    if (build_inlined(b, i) || build_inlined_fun(b, i)) {
        return;
    }
    node = ssa_node(b->f, SSA_CALL, 0);
    node->frame = build_frame(b);
    node->condition = (uint8_t) i;
    node->origin = b->pc + instruction_bytes[i];
    node->constant = frame_info(node->origin)->slots;
    ssa_append(b->block, node);
    after_call(b, (uint32_t) node->constant);
}

/* A tail call in a function that is inlined where its result is wanted: a call from its frame,
 * which comes back to its caller. */
static void last_call(Builder *b, Instruction i)
{
    Context *inner = b->context, *called = inner;
    const SlotCode *code;
    SsaNode *node = ssa_node(b->f, SSA_CALL, 0);
    uint32_t now = b->now;
    while (called->is_tail) {
        called = called->outer;
    }
    code = called->outer->code;
    node->condition = (uint8_t) i;
    node->frame = build_frame(b);
    node->origin =
        slot_code_pc(code, called->call) + instruction_bytes[code_instruction(code, called->call)];
    node->constant = 0;
    ssa_append(b->block, node);
    b->context = called->outer;
    b->now = called->call;
    after_call(b, called->base - called->outer->base);
    b->context = inner;
    b->now = now;
    build_go_to_place(b, inner->returns);
}

/* A tail call of the compiled function from its own frame. */
static bool is_again(const Builder *b, Instruction i)
{
    const Context *root = b->context;
    while (root->outer != NULL) {
        root = root->outer;
    }
    return root->code->at[0].is_loop && b->context->base == 0 &&
           build_callee(i, b->pc) == b->f->function;
}

/* The same of an inlined one. */
static bool is_inlined_again(const Builder *b, Instruction i)
{
    const SlotCode *code = b->context->code;
    return b->context->outer != NULL && code->at[0].is_loop &&
           build_callee(i, b->pc) == code->function;
}

static void tail_call(Builder *b, Instruction i)
{
    SsaNode *node;
    if (is_again(b, i)) {
        build_again(b);
        return;
    }
    if (is_inlined_again(b, i)) {
        build_inlined_again(b);
        return;
    }
    if (build_inlined(b, i) || build_inlined_fun(b, i)) {
        return;
    }
    if (b->context->returns != NULL) {
        last_call(b, i);
        return;
    }
    node = ssa_node(b->f, SSA_TAIL_CALL, 0);
    node->condition = (uint8_t) i;
    node->frame = build_frame(b);
    ssa_append(b->block, node);
    ssa_set_successors(b->f, b->block, 0);
    b->block = NULL;
}

static void loop(Builder *b)
{
    uint32_t target = slot_code_target(b->context->code, b->now, field_s32(b->pc, 4));
    SsaNode *node = build_node(b, SSA_COUNT, NULL, NULL);
    node->frame = build_frame_at(b, target);
    build_jump(b, field_s32(b->pc, 4));
}

static void give_back(Builder *b, SsaNode *value)
{
    if (b->context->returns != NULL) {
        build_define(b, 0, value);
        build_go_to_place(b, b->context->returns);
        return;
    }
    build_node(b, SSA_RETURN, value, NULL);
    ssa_set_successors(b->f, b->block, 0);
    b->block = NULL;
}

/* ---- receive ---- */

/* Signals that come have all in memory, as at a call. Nothing is done by looking again, so exits
 * behind it may go on here. */
static void receive_peek(Builder *b)
{
    const uint64_t *needed = b->context->code->at[b->now].live;
    SsaNode *message, *none;
    build_node(b, SSA_PEEK, NULL, NULL)->frame = build_frame(b);
    message = build_node(b, SSA_RESULT, NULL, NULL);
    read_again(b, needed);
    build_node(b, SSA_CURRENT, NULL, NULL)->frame = build_frame_of(b, b->now, needed);
    none = build_node(b, SSA_IS_WORD, message, NULL);
    none->constant = TERM_NONE;
    build_branch(b, build_node(b, SSA_NOT, none, NULL), field_s32(b->pc, 8));
    build_define(b, build_slot(b, 4), message);
}

static void receive(Builder *b, Instruction i)
{
    switch (i) {
    case I_receive_from:
        build_node(b, SSA_RECEIVE_FROM, build_use(b, build_slot(b, 4)), NULL);
        break;
    case I_receive_peek:
        receive_peek(b);
        break;
    case I_receive_take:
        build_node(b, SSA_TAKE, NULL, NULL)->frame = build_frame(b);
        break;
    case I_receive_next:
        build_node(b, SSA_PASS, NULL, NULL);
        loop(b);
        break;
    default: /* they wait, which is the interpreter's; a message brings it back to the loop */
        build_leave(b);
    }
}

/* ---- built-ins ---- */

static void builtin(Builder *b)
{
    uint32_t count = field_u16(b->pc, 6);
    SsaNode *node = ssa_node(b->f, SSA_CALL_BIF, count);
    node->frame = build_frame(b);
    for (uint32_t i = 0; i < count; i++) {
        node->inputs[i] = build_operand(b, i);
    }
    node->constant = field_u64(b->pc, 16);
    ssa_append(b->block, node);
}

void build_call(Builder *b, Instruction i)
{
    switch (i) {
    case I_loop:
        loop(b);
        break;
    case I_bif:
        build_guard_builtin(b);
        break;
    case I_call_bif:
        if (build_known_builtin(b)) {
            break;
        }
        builtin(b);
        after_call(b, build_slot(b, 4));
        build_node(b, SSA_COLLECT, NULL, NULL)->frame =
            build_frame_of(b, b->now + 1, slot_code_behind(b->context->code, b->now));
        break;
    case I_call:
    case I_call_export:
    case I_call_fun:
    case I_call_dynamic:
        call(b, i);
        break;
    case I_tail_call:
    case I_tail_call_export:
    case I_tail_call_fun:
    case I_tail_call_dynamic:
        tail_call(b, i);
        break;
    case I_receive_from:
    case I_receive_peek:
    case I_receive_take:
    case I_receive_next:
    case I_receive_wait:
    case I_receive_wait_until:
        receive(b, i);
        break;
    case I_return:
        give_back(b, build_use(b, build_slot(b, 4)));
        break;
    case I_return_const:
        give_back(b, build_constant(b, field_u64(b->pc, 8)));
        break;
    default:
        build_refuse(b);
    }
}
