/* compiler/jit/ssa_build_inline.c
 * Calls of small functions of the same module that call nobody: their code in place of the call.
 *
 * The frame of such a function is where the call would put it, so its arguments are in place and an
 * exit leaves frames as if the call had been made: what lives of its caller's slots is in memory,
 * and its frame word is the slot code behind the call (RAW). Its reduction is counted where the
 * function begins (ENTER). A tail call takes its caller's frame over. */
#include "compiler/jit/ssa_build.h"

enum {
    INSTRUCTIONS_MOST = 40, /* of one such function */
    ALL_MOST = 400,         /* of all that are inlined in one */
    DEPTH_MOST = 3
};

static Function *callee_of(Instruction i, Code pc)
{
    return i == I_call || i == I_tail_call ? code_header(pc + field_s32(pc, 4))->function : NULL;
}

/* What the walk makes without calls and without loops. */
static bool is_plain(Instruction i)
{
    switch (i) {
    case I_loop:
    case I_tail_call_export:
    case I_tail_call_fun:
    case I_tail_call_dynamic:
    case I_make_map:
    case I_build_trace:
        return false;
    default: /* receiving and binaries come last */
        return i < I_receive_from && !(instruction_may[i] & INSTRUCTION_CALLS);
    }
}

/* Its slot code, or NULL. */
static SlotCode *inlinable(Ssa *f, const Function *function, uint32_t depth)
{
    SlotCode *code;
    if (function == NULL || function == f->function || depth > DEPTH_MOST ||
        function->owner != f->function->owner || function->handler_count > 0 ||
        function->code_end - function->code_offset > INSTRUCTIONS_MOST * 24 ||
        (f->input->may_inline != NULL && !f->input->may_inline(function))) {
        return NULL;
    }
    code = ARENA_NEW(&f->arena, SlotCode);
    if (!slot_code_decode(code, function, &f->arena) || code->count > INSTRUCTIONS_MOST) {
        return NULL;
    }
    for (uint32_t n = 0; n < code->count; n++) {
        Instruction i = (Instruction) code->at[n].instruction;
        if (code->at[n].is_loop) {
            return NULL;
        }
        if (i == I_tail_call ? inlinable(f, callee_of(i, slot_code_pc(code, n)), depth + 1) == NULL
                             : !is_plain(i)) {
            return NULL;
        }
    }
    return code;
}

static uint32_t slots_of(Ssa *f, const SlotCode *code, uint32_t depth)
{
    uint32_t most = code->slot_count;
    for (uint32_t n = 0; n < code->count; n++) {
        Instruction i = (Instruction) code->at[n].instruction;
        Code pc = slot_code_pc(code, n);
        const SlotCode *callee = inlinable(f, callee_of(i, pc), depth);
        uint32_t base = i == I_call ? frame_info(pc + instruction_bytes[i])->slots : 0;
        if (callee != NULL && base + slots_of(f, callee, depth + 1) > most) {
            most = base + slots_of(f, callee, depth + 1);
        }
    }
    return most;
}

uint32_t build_inline_slots(Ssa *f, const SlotCode *code)
{
    return slots_of(f, code, 1) - code->slot_count;
}

static void note(Ssa *f, const SlotCode *code, uint32_t base)
{
    uint32_t words = base + code->function->frame_words;
    f->inlined =
        ssa_grow(f, f->inlined, f->inlined_count, &f->inlined_capacity, sizeof *f->inlined);
    f->inlined[f->inlined_count++] = code->function;
    f->inlined_instructions += code->count;
    f->frame_words = words > f->frame_words ? words : f->frame_words;
}

/* All arguments are live at an entry, whether they are needed or not. */
static void enter(Builder *b)
{
    const SlotCode *code = b->context->code;
    uint64_t *needed = ARENA_ZEROED(&b->f->arena, uint64_t, code->live_words);
    for (uint32_t slot = 1; slot <= code->function->arity; slot++) {
        needed[slot / 64] |= (uint64_t) 1 << (slot % 64);
    }
    build_node(b, SSA_ENTER, NULL, NULL)->frame = build_frame_of(b, 0, needed);
}

static uint32_t depth_of(const Context *context)
{
    return context->outer == NULL ? 0 : depth_of(context->outer) + 1;
}

bool build_inlined(Builder *b, Instruction i)
{
    Context *outer = b->context;
    Place returns = {0};
    Context context = {.outer = outer, .call = b->now, .is_tail = i == I_tail_call};
    uint32_t now = b->now;
    Code pc = b->pc;
    context.code = inlinable(b->f, callee_of(i, pc), depth_of(outer) + 1);
    if (context.code == NULL ||
        (outer->outer == NULL && b->f->inlined_instructions + context.code->count > ALL_MOST)) {
        return false;
    }
    context.places = ARENA_ZEROED(&b->f->arena, Place, context.code->count);
    context.base = outer->base;
    context.returns = outer->returns;
    if (!context.is_tail) {
        const FrameInfo *info = frame_info(pc + instruction_bytes[i]);
        SsaNode *word = build_node(b, SSA_RAW, NULL, NULL);
        word->constant = (uint64_t) (uintptr_t) (pc + instruction_bytes[i]);
        context.base += info->slots;
        context.returns = &returns;
        b->state[context.base] = word;
    }
    note(b->f, context.code, context.base);
    b->context = &context;
    enter(b);
    build_walk(b);
    b->context = outer;
    b->now = now;
    b->pc = pc;
    b->frame = NULL;
    b->block = NULL;
    if (returns.edge_count > 0) {
        build_meet(b, &returns, &outer->code->at[now + 1]);
    }
    return true;
}
