/* compiler/jit/ssa_build_inline.c
 * Calls of small functions of the same module: their code in place of the call.
 *
 * The frame of such a function is where the call would put it, so its arguments are in place and an
 * exit leaves frames as if the call had been made: what lives of its caller's slots is in memory,
 * and its frame word is the slot code behind the call (RAW). Its reduction is counted where the
 * function begins (ENTER). A tail call takes its caller's frame over.
 *
 * It may make calls itself: then the frames above it are part of the call's frame. A function that
 * calls itself is put into itself a few times. Calls may change what is traced, so behind each it
 * is asked whether the code is still the function's (CURRENT).
 *
 * A fun's function is put where the fun is called, if it is known which that is, or one or two were
 * seen there: then that is checked. */
#include "compiler/jit/history.h"
#include "compiler/jit/ssa_build.h"
#include "compiler/jit/ssa_infer.h"
#include "runtime/term/atom.h"

enum {
    LEAF_MOST = 60,       /* instructions of one that calls nobody */
    CALLING_MOST = 24,    /* of another */
    LOOP_MOST = 80,       /* of one that calls but itself, and that last */
    ALL_MOST = 400,       /* of all that are inlined in one */
    RECURSION_MOST = 256, /* of all copies of a function in itself */
    DEPTH_MOST = 3,
    RECURSION_DEPTH_MOST = 4, /* of a function in itself */
    SLOTS_MOST = 64           /* of one */
};

struct SsaInlinable {
    SsaInlinable *next;
    const Function *function;
    SlotCode *code; /* NULL: it is not inlinable */
    const char *why_not;
    uint32_t times; /* that it may be in itself */
    bool is_loop;   /* its tail calls of itself go back to its start */
};

/* ---- which ---- */

/* Neither receives, nor makes what only other code knows how to. */
static bool is_plain(Instruction i)
{
    return i != I_build_trace && (i < I_receive_from || (i >= I_bs_start && i <= I_bs_build));
}

static bool is_call(Instruction i)
{
    return (instruction_may[i] & INSTRUCTION_CALLS) || i == I_tail_call ||
           i == I_tail_call_export || i == I_tail_call_fun || i == I_tail_call_dynamic;
}

/* How often a function of `count` instructions that calls itself at `calls` places may be put into
 * itself: each time every copy gets so many more. */
static uint32_t times_of(uint32_t count, uint32_t calls)
{
    uint32_t times = 0, copies = calls, all = calls * count;
    while (calls > 0 && times < RECURSION_DEPTH_MOST && all <= RECURSION_MOST) {
        times++;
        copies *= calls;
        all += copies * count;
    }
    return times;
}

static bool is_inner_loop(Ssa *f, const Function *function);

/* NULL, or why not. */
static const char *look_at(Ssa *f, SsaInlinable *it)
{
    const Function *function = it->function;
    uint32_t calls = 0, own_calls = 0;
    bool calls_loop = false;
    SlotCode *code;
    if (function->owner != f->function->owner) {
        return "it is of another module";
    }
    if (function->handler_count > 0) {
        return "it handles exceptions";
    }
    if (function->code_end - function->code_offset > LOOP_MOST * 24) {
        return "it is too large";
    }
    code = ARENA_NEW(&f->arena, SlotCode);
    if (!slot_code_decode(code, function, &f->arena) || code->slot_count > SLOTS_MOST) {
        return "it has too many variables";
    }
    build_find_again(code);
    for (uint32_t n = 0; n < code->count; n++) {
        it->is_loop |= code->at[n].is_loop;
    }
    for (uint32_t n = 0; n < code->count; n++) {
        Instruction i = (Instruction) code->at[n].instruction;
        const Function *callee = build_callee(i, slot_code_pc(code, n));
        if (!is_plain(i)) {
            return "it receives or asks for a stack trace";
        }
        if (callee == function && i == I_tail_call) {
            continue;
        }
        if (it->is_loop && is_call(i) && i != I_call_bif) {
            return "it loops and calls others";
        }
        if (it->is_loop && i == I_bs_build) { /* what grows does so no faster within others */
            return "it loops and builds bitstrings";
        }
        calls += is_call(i);
        own_calls += callee == function;
        calls_loop |= callee != NULL && callee != function && is_inner_loop(f, callee);
    }
    if (code->count > (it->is_loop ? LOOP_MOST : calls > 0 ? CALLING_MOST : LEAF_MOST)) {
        return "it is too large";
    }
    if (own_calls > 0 && calls_loop) {
        return "it calls itself, and a loop that is put into it";
    }
    it->code = code;
    it->times = times_of(code->count, own_calls);
    return NULL;
}

static SsaInlinable *inlinable(Ssa *f, const Function *function)
{
    SsaInlinable *it = f->inlinables;
    while (it != NULL && it->function != function) {
        it = it->next;
    }
    if (it == NULL) {
        it = ARENA_NEW(&f->arena, SsaInlinable);
        *it = (SsaInlinable){.next = f->inlinables, .function = function};
        f->inlinables = it;
        it->why_not = look_at(f, it);
    }
    return it;
}

/* Loops are put where they are called once it is known what they work on. */
static bool is_settled(const Ssa *f, const Function *function, bool *soon)
{
    return f->input->is_settled == NULL || f->input->is_settled(function, soon);
}

/* Who calls such a loop and itself is put nowhere: the loops are where the time goes. */
static bool is_inner_loop(Ssa *f, const Function *function)
{
    const SsaInlinable *it = inlinable(f, function);
    return it->why_not == NULL && it->is_loop && is_settled(f, function, &(bool){false});
}

uint32_t build_inline_slots(const SlotCode *code)
{
    for (uint32_t n = 0; n < code->count; n++) {
        if (is_call((Instruction) code->at[n].instruction)) {
            return RECURSION_DEPTH_MOST * SLOTS_MOST;
        }
    }
    return 0;
}

/* ---- doing it ---- */

static void note(Ssa *f, SlotCode *code, uint32_t base)
{
    uint32_t words = base + code->function->frame_words, slots = base + code->slot_count;
    f->inlined =
        ssa_grow(f, f->inlined, f->inlined_count, &f->inlined_capacity, sizeof *f->inlined);
    f->inlined[f->inlined_count++] = code;
    if (base == 0) {
        f->heirs = ssa_grow(f, f->heirs, f->heir_count, &f->heir_capacity, sizeof *f->heirs);
        f->heirs[f->heir_count++] = code->function;
    }
    f->inlined_instructions += code->count;
    f->frame_words = words > f->frame_words ? words : f->frame_words;
    f->slot_count = slots > f->slot_count ? slots : f->slot_count;
}

/* `why_not` NULL: it is. */
static void tell(const Builder *b, const Function *function, const char *why_not)
{
    FILE *out = b->f->input->decisions;
    if (out == NULL) {
        return;
    }
    const Function *caller = b->context->code->function;
    fprintf(out, "; line %u: ", history_line(caller, b->pc));
    if (function == NULL) {
        fputs("the fun called", out);
    } else {
        fprintf(out, "%s/%u", atom_name(function->name), function->arity);
    }
    fprintf(out, why_not == NULL ? " is inlined" : " is not inlined: %s", why_not);
    if (caller != b->f->function) {
        fprintf(out, ", in %s/%u", atom_name(caller->name), caller->arity);
    }
    fputc('\n', out);
}

/* May the function be put where the builder is? NULL, or why not. */
static const char *misfit(const Builder *b, const SsaInlinable *it)
{
    uint32_t depth = 0, within = 0;
    bool soon = false;
    if (it->why_not != NULL) {
        return it->why_not;
    }
    if (it->is_loop && it->function == b->f->function) {
        return "it is the loop that is compiled";
    }
    if (it->is_loop && !is_settled(b->f, it->function, &soon)) {
        b->f->waits |= soon;
        return "it loops, and is not optimised yet";
    }
    for (const Context *at = b->context; at != NULL; at = at->outer) {
        within += at->code->function == it->function;
        depth += at->outer != NULL;
    }
    return depth >= (within > 0 ? RECURSION_DEPTH_MOST : DEPTH_MOST) ? "it is too deep in others"
           : within > it->times ? "it is in itself often enough"
           : b->f->inlined_instructions + it->code->count > ALL_MOST || !build_has_room(b)
               ? "too much is inlined already"
           : b->f->input->may_inline != NULL && !b->f->input->may_inline(it->function)
               ? "its calls are traced"
               : NULL;
}

static void put(Builder *b, SlotCode *code, bool is_tail, Place *returns)
{
    Context *outer = b->context;
    Context context = {.outer = outer, .code = code, .call = b->now, .is_tail = is_tail};
    uint32_t now = b->now;
    Code pc = b->pc;
    context.places = ARENA_ZEROED(&b->f->arena, Place, code->count);
    context.base = outer->base;
    context.returns = outer->returns;
    if (!is_tail) {
        Code back = pc + instruction_bytes[code_instruction(outer->code, now)];
        SsaNode *word = build_node(b, SSA_RAW, NULL, NULL);
        word->constant = (uint64_t) (uintptr_t) back;
        context.base += frame_info(back)->slots;
        context.returns = returns;
        build_set(b->state, context.base, word);
    }
    note(b->f, code, context.base);
    b->context = &context;
    build_node(b, SSA_ENTER, NULL, NULL)->frame = build_frame_at_entry(b);
    build_walk(b);
    b->context = outer;
    b->now = now;
    b->pc = pc;
    b->frame = NULL;
    b->block = NULL;
}

bool build_inlined(Builder *b, Instruction i)
{
    const Function *function = build_callee(i, b->pc);
    const SsaInlinable *it = function != NULL ? inlinable(b->f, function) : NULL;
    const char *why_not;
    Place returns = {0};
    if (it == NULL) {
        return false;
    }
    why_not = misfit(b, it);
    tell(b, function, why_not);
    if (why_not != NULL) {
        return false;
    }
    put(b, it->code, i == I_tail_call, &returns);
    if (returns.edge_count > 0) {
        build_meet(b, &returns, &b->context->code->at[b->now + 1]);
    }
    return true;
}

/* ---- funs ---- */

/* The function of that fun, if it is one of the module's, and no built-in stands for it. */
static const Function *function_of(const Ssa *f, const FunEntry *fun)
{
    const LoadedModule *module = f->function->owner;
    for (uint32_t i = 0; i < module->fun_count; i++) {
        if (&module->funs[i]->identity == fun) {
            const Function *function = &module->functions[module->fun_functions[i]];
            Code entry = atomic_load_explicit(&module->funs[i]->entry, memory_order_relaxed);
            return entry == module->code + function->code_offset ? function : NULL;
        }
    }
    return NULL;
}

/* What was seen of the value, by way of what it is made of. */
static void find_likely(const Ssa *f, SsaNode *value, uint32_t depth)
{
    SsaNode *of = value->op == SSA_SLOT ? ssa_now(value->like)
                  : value->count > 0    ? ssa_input(value, 0)
                                        : NULL;
    if (of != NULL && value->op != SSA_CONST && depth > 0) {
        find_likely(f, of, depth - 1);
    }
    infer_likely(f, value);
}

/* The funs that the call is likely to be of; none: nothing is known, or there were too many. True:
 * it can be no other. */
static bool likely_funs(Builder *b, SsaNode *value, FunsSeen *seen)
{
    enum { STEPS_MOST = 10 };
    const SsaNode *bare = ssa_bare(value);
    while (bare->op == SSA_SLOT && bare->like != NULL) { /* the same, read behind a call */
        bare = ssa_bare(bare->like);
    }
    if (bare->op == SSA_FUN) {
        funs_seen_add(seen, (const FunEntry *) bare->constant);
        return true;
    }
    if (bare->op == SSA_CONST) {
        if (term_is_boxed(bare->constant) && boxed_kind(bare->constant) == KIND_fun) {
            funs_seen_add(seen, fun_entry(bare->constant));
        }
        return true;
    }
    if (b->f->input->is_careful) {
        return false;
    }
    find_likely(b->f, value, STEPS_MOST);
    if (value->shape != 0) {
        *seen = value->profile->nodes[value->shape].funs;
    }
    if (b->f->input->funs_failed != NULL) {
        b->f->input->funs_failed(b->f->function, b->pc, seen);
    }
    if (seen->count > FUNS_MOST) {
        seen->count = 0;
    }
    return false;
}

/* Its captured values follow the arguments; then its code. */
static void put_fun(Builder *b, SlotCode *code, SsaNode *value, uint32_t first, bool is_tail,
                    Place *returns)
{
    SsaNode *bare = ssa_bare(value);
    for (uint32_t i = 0; i < code->function->free_count; i++) {
        SsaNode *captured = bare->op == SSA_FUN ? ssa_input(bare, i) : NULL;
        if (captured == NULL) {
            captured = build_node(b, SSA_CAPTURED, value, NULL);
            captured->constant = i;
        }
        build_define(b, first + i, captured);
    }
    put(b, code, is_tail, returns);
}

static SsaNode *fun_node(Builder *b, SsaOp op, SsaNode *value, const FunEntry *fun)
{
    SsaNode *node = build_node(b, op, value, NULL);
    node->constant = (uint64_t) (uintptr_t) fun;
    return node;
}

/* Leaves unless the value is the only fun that is left. */
static void guard_fun(Builder *b, SsaNode *value, const FunEntry *fun, SsaFrame *frame,
                      bool is_only)
{
    SsaNode *node = fun_node(b, SSA_GUARD_FUN, value, fun);
    node->frame = frame;
    node->origin = b->pc;
    node->reason = GUESS_FUN;
    node->condition = !is_only;
}

/* Values that are no funs raise: that is rare enough for each to leave. */
static SsaNode *check_fun(Builder *b, SsaNode *value, SsaFrame *frame)
{
    SsaNode *node = build_node(b, SSA_CHECK, value, NULL);
    node->filter = type_of_kinds(IS_FUN);
    node->frame = frame;
    build_substitute(b, value, node);
    return node;
}

bool build_inlined_fun(Builder *b, Instruction i)
{
    bool is_tail = i == I_tail_call_fun, is_known;
    uint32_t arity, slot;
    const SsaInlinable *its[FUNS_MOST];
    FunsSeen seen = {0};
    SsaFrame *frame;
    SsaNode *value;
    Place returns = {0};
    if (i != I_call_fun && !is_tail) {
        return false;
    }
    arity = field_u16(b->pc, 4);
    slot = is_tail ? arity + 1 : frame_info(b->pc + instruction_bytes[i])->slots;
    value = build_use(b, slot);
    is_known = likely_funs(b, value, &seen);
    for (uint32_t k = 0; k < seen.count; k++) {
        const Function *function = function_of(b->f, seen.funs[k]);
        const char *why_not = "it is of another module, or built in";
        if (function != NULL && seen.funs[k]->arity == arity) {
            its[k] = inlinable(b->f, function);
            why_not = misfit(b, its[k]);
        }
        tell(b, function, why_not);
        if (why_not != NULL) {
            return false;
        }
    }
    if (seen.count == 0) {
        tell(b, NULL, "which one it is, is not known, or there were many");
        return false;
    }
    frame = build_frame(b);
    slot = is_tail ? arity + 1 : slot + arity + 1; /* of the first captured value */
    if (!is_known) {
        value = check_fun(b, value, frame);
    }
    for (uint32_t k = 0; k < seen.count; k++) {
        SsaNode **other_state = NULL;
        SsaBlock *other = NULL;
        if (k + 1 < seen.count) {
            other = build_split(b, fun_node(b, SSA_IS_FUN_OF, value, seen.funs[k]), &other_state);
        } else if (!is_known) {
            guard_fun(b, value, seen.funs[k], frame, seen.count == 1);
        }
        put_fun(b, its[k]->code, value, slot, is_tail, &returns);
        b->block = other;
        b->state = other_state;
    }
    if (returns.edge_count > 0) {
        build_meet(b, &returns, &b->context->code->at[b->now + 1]);
    }
    return true;
}
