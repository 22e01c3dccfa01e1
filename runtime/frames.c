/* runtime/frames.c
 * Walking frames, for the collector and for stack traces, and the first frame of a process. */
#include "runtime/interpret.h"
#include "runtime/native.h"

Code stub_exit_return, stub_hibernate_entry, stub_return_entry, stub_trace_return;

/* Stubs that are not of an export: header, then instructions, made once. */
enum { STUB = sizeof(CodeHeader) };
static _Alignas(8) uint8_t exit_stub[STUB + 16], hibernate_stub[STUB + 8], return_stub[STUB + 8];
static _Alignas(8) uint8_t trace_stub[STUB + 16];
enum { CALL_FUN_STUBS = 8 };
static _Alignas(8) uint8_t call_fun_stubs[CALL_FUN_STUBS][STUB + 8];

static Code stub_header(uint8_t *stub, uint32_t frame_words, uint32_t arity)
{
    code_header_init((CodeHeader *) stub, frame_words, arity);
    return stub + STUB;
}

static void stub_word(Code at, Instruction kind)
{
    memcpy((uint8_t *) at, &instruction_words[kind], 4);
}

void stubs_init(void)
{
    /* The first frame's return point: information of no slots, then the end. */
    Code at = stub_header(exit_stub, 8, 0);
    stub_exit_return = at + sizeof(FrameInfo);
    stub_word(stub_exit_return, I_stub_exit);
    at = stub_header(trace_stub, 8, 0);
    stub_trace_return = at + sizeof(FrameInfo);
    *(FrameInfo *) (trace_stub + STUB) =
        (FrameInfo){.slots = TRACE_FRAME_SLOTS, .back = sizeof(FrameInfo)};
    stub_word(stub_trace_return, I_trace_return);
    stub_hibernate_entry = stub_header(hibernate_stub, 8, 3);
    stub_word(stub_hibernate_entry, I_stub_hibernate);
    stub_return_entry = stub_header(return_stub, 8, 1);
    stub_word(stub_return_entry, I_return);
    *(int16_t *) (return_stub + STUB + 4) = -1;
    for (uint32_t i = 0; i < CALL_FUN_STUBS; i++) {
        Code entry = stub_header(call_fun_stubs[i], i + 6, i + 1);
        stub_word(entry, I_tail_call_fun);
        memcpy((uint8_t *) entry + 4, &(uint16_t){(uint16_t) i}, 2);
    }
}

Code stub_call_fun_entry(uint32_t arguments)
{
    CHECK(arguments < CALL_FUN_STUBS);
    return call_fun_stubs[arguments] + sizeof(CodeHeader);
}

void frames_first(Process *child, const SpawnOptions *options, const Term args[], size_t count)
{
    Term *frame = child->heap.block_end - 1;
    const CodeExport *export = options->entry;
    frame[0] = (Term) stub_exit_return;
    for (size_t i = 0; i < count; i++) {
        frame[-1 - (int64_t) i] = args[i];
    }
    if (options->fun != TERM_NONE) { /* behind the arguments */
        frame[-1 - (int64_t) count] = args[count];
        child->pc = (const uint32_t *) stub_call_fun_entry((uint32_t) count);
        child->live = (uint32_t) count + 1;
    } else {
        child->pc = (const uint32_t *) export->entry;
        child->live = (uint32_t) count;
    }
    child->frame = frame;
    child->heap.stack_top = frame - child->live;
    if (child->heap.space.limit > child->heap.stack_top) {
        child->heap.space.limit = child->heap.stack_top;
    }
}

/* Which slots of a function's frame are live: bit i - 1 for slot i; NULL: all. */
static const uint64_t *live_bits(const Function *function, uint32_t map)
{
    return map == 0 ? NULL : function->owner->maps + function->owner->map_starts[map];
}

static void visit_slots(GcVisitor *visitor, Term *fp, uint32_t slots, const uint64_t *bits)
{
    if (slots <= 1) {
        return;
    }
    if (bits == NULL) {
        gc_visit(visitor, fp - (slots - 1), slots - 1);
        return;
    }
    for (uint32_t i = 1; i < slots; i++) {
        if (bits[(i - 1) / 64] >> ((i - 1) % 64) & 1) {
            gc_visit(visitor, fp - i, 1);
        }
    }
}

uint32_t frames_top_depth(const Process *p)
{
    const Safepoint *safepoint;
    Function *function;
    if (p->live != LIVE_BY_SAFEPOINT) {
        return p->live + 1;
    }
    function = code_function_at((Code) p->pc);
    CHECK(function != NULL);
    safepoint = code_safepoint_at(function, (Code) p->pc);
    CHECK(safepoint != NULL);
    return safepoint->depth;
}

size_t frames_room_words(const Process *p)
{
    Term *fp = p->frame;
    size_t room = 0, most = code_most_frame_words;
    Code at;
    while ((size_t) (fp - p->heap.stack_top) < most && (at = frame_above(&fp)) != NULL) {
        size_t below = (size_t) (fp - p->heap.stack_top);
        size_t words = code_header(at - frame_info(at)->back)->frame_words;
        if (words > below && words - below > room) {
            room = words - below;
        }
    }
    return room;
}

void frames_visit(Process *p, GcVisitor *visitor)
{
    Term *fp;
    Code at;
    if (p->frame == NULL) {
        return;
    }
    p->frame = (Term *) ((char *) p->frame + gc_stack_delta_bytes(visitor));
    fp = p->frame;
    if (trap_rooted > 0) {
        gc_visit(visitor, trap.args, trap_rooted);
    }
    if (p->live != LIVE_BY_SAFEPOINT) {
        visit_slots(visitor, fp, p->live + 1, NULL);
    } else {
        Function *function = code_function_at((Code) p->pc);
        const Safepoint *safepoint = code_safepoint_at(function, (Code) p->pc);
        CHECK(safepoint != NULL);
        visit_slots(visitor, fp, safepoint->depth, live_bits(function, safepoint->map));
    }
    while ((at = frame_above(&fp)) != NULL) {
        const FrameInfo *info = frame_info(at);
        visit_slots(visitor, fp, info->slots,
                    info->map == 0 ? NULL : live_bits(frame_function(at), info->map));
    }
}

void frames_each(Process *p, bool (*visit)(Function *function, Code at, void *state), void *state)
{
    Term *fp = p->frame;
    Code at;
    static Function hibernating;
    Function *top;
    if (fp == NULL) {
        return;
    }
    top = code_function_at((Code) p->pc);
    if ((Code) p->pc == stub_hibernate_entry) {
        hibernating = (Function){.module = ATOM_erlang, .name = ATOM_hibernate, .arity = 3};
        top = &hibernating;
    }
    if (!visit(top, (Code) p->pc, state)) {
        return;
    }
    while ((at = frame_above(&fp)) != NULL) {
        if (!visit(frame_function(at), at - 1, state)) {
            return;
        }
    }
}
