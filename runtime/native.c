/* runtime/native.c: see native.h. Start, the entry and exit of native code, and its C functions. */
#include "runtime/native.h"

#include <stdio.h>

#include "compiler/jit/cache.h"
#include "compiler/jit/listing.h"
#include "compiler/jit/native_code.h"
#include "compiler/jit/thread.h"
#include "runtime/bif_tables.h"
#include "runtime/interpret_help.h"
#include "runtime/term/world.h"

enum { THRESHOLD_DEFAULT = 1000 };

NativeOptions native_options;
bool native_exit_stress;
#ifdef MUSTER_ASSERTS
bool native_check_code = true;
#else
bool native_check_code;
#endif
uintptr_t native_start, native_bytes;
Code native_bridge;
/* What every header's `native` is until the function is compiled. NULL: there is no native code. */
static const void *native_interpret;
static const void *native_built_in; /* what it is in the stub of a pure built-in */
static int32_t threshold = -1;

/* ---- entering and leaving ---- */

#if defined(__x86_64__)
void native_leave(void);

/* Never called: it holds the two pieces of assembly.
 *
 * native_enter(process, address, value, activation): saves what C keeps, then the stack pointer in
 * the activation, and goes over to the process's stack.
 * native_leave (R0 kind, R1 place, R2 value): the way back. */
__attribute__((used, noinline)) static void assembly(void)
{
    __asm__ volatile(".globl native_enter\n"
                     ".hidden native_enter\n"
                     ".type native_enter, @function\n"
                     "native_enter:\n"
                     "push %%rbx\n push %%rbp\n push %%r12\n push %%r13\n push %%r14\n push %%r15\n"
                     "sub $8, %%rsp\n"
                     "mov %%rsp, %c[c_stack](%%rcx)\n"
                     "mov %%rcx, %%rbp\n"
                     "mov %%rdi, %%rbx\n"
                     "mov %c[top](%%rbx), %%r15\n"
                     "movslq %c[reductions](%%rbx), %%r14\n"
                     "mov %%rdx, %%rax\n"
                     "mov %c[frame](%%rbx), %%rsp\n"
                     "jmp *%%rsi\n"
                     ".size native_enter, . - native_enter\n"
                     ".globl native_leave\n"
                     ".hidden native_leave\n"
                     ".type native_leave, @function\n"
                     "native_leave:\n"
                     "mov %%rdi, %c[pc](%%rbx)\n"
                     "mov %%rsp, %c[frame](%%rbx)\n"
                     "mov %%r15, %c[top](%%rbx)\n"
                     "mov %%r14d, %c[reductions](%%rbx)\n"
                     "mov %%rsi, %%rdx\n"
                     "mov %c[c_stack](%%rbp), %%rsp\n"
                     "add $8, %%rsp\n"
                     "pop %%r15\n pop %%r14\n pop %%r13\n pop %%r12\n pop %%rbp\n pop %%rbx\n"
                     "ret\n"
                     ".size native_leave, . - native_leave\n"
                     :
                     : [c_stack] "i"(offsetof(NativeActivation, c_stack)),
                       [top] "i"(offsetof(Process, heap.space.top)),
                       [reductions] "i"(offsetof(Process, reductions)),
                       [frame] "i"(offsetof(Process, frame)), [pc] "i"(offsetof(Process, pc)));
}
#define HAS_NATIVE 1
#else
NativeExit native_enter(Process *p, const void *address, Term value, NativeActivation *activation)
{
    (void) p, (void) address, (void) value, (void) activation;
    CHECK(!"there is no native code on this machine");
}
static void native_leave(void) {}
#define HAS_NATIVE 0
#endif

/* ---- C functions of native code ---- */

static void receive_take(Process *p)
{
    mailbox_take(p);
    help_receive_done(p);
}

static Term build_map(Process *p, Code instruction, const Term operands[])
{
    uint32_t count = field_u16(instruction, 6);
    switch (instruction_at(instruction)) {
    case I_make_map:
        return help_make_map(p, operands, count / 2);
    default:
        return help_map_put(p, operands, count / 2, instruction_at(instruction) == I_map_update);
    }
}

static Term build_trace(Process *p, const Term args[])
{
    return exception_trace_list(p, p->frame, args[0]);
}

static Term bs_build(Process *p, Code instruction, const Term operands[])
{
    return help_bs_build(p, (const SegmentList *) field_u64(instruction, 16), operands);
}

static const CodeExport *export_named(Term module, Term function, uint32_t arity)
{
    return term_is_atom(module) && term_is_atom(function) ? code_export(module, function, arity)
                                                          : NULL;
}

static void box_float(Process *p, Term *slot)
{
    double value;
    memcpy(&value, slot, sizeof value);
    *slot = make_float(&p->heap.space, value);
}

static Term build_tuple(Process *p, const Term *elements, uint64_t count, uint64_t floats)
{
    Term *tuple = space_alloc(&p->heap.space, count + 1);
    tuple[0] = HEADER(KIND_tuple, count);
    memcpy(tuple + 1, elements, count * sizeof *elements);
    for (uint64_t i = 0; i < count; i++) {
        if (floats >> i & 1) {
            box_float(p, &tuple[i + 1]);
        }
    }
    return term_boxed(tuple);
}

static Term *make_room(Process *p, uint64_t words)
{
    return space_alloc(&p->heap.space, words);
}

/* What native code does when the instruction at p->pc raises, or its built-in has failed: goes to
 * the handler's native code; NULL: `p` is at a handler for the interpreter, or there is none. */
static const void *raise_native(Process *p, NativeActivation *activation, uint64_t is_bif)
{
    Code at = (Code) p->pc;
    Function *function;
    Term *fp = p->frame;
    switch (LIKELY(is_bif) ? I_call_bif : instruction_at(at)) {
    case I_call_bif:
        help_bif_failed(p, at, (const CodeExport *) field_u64(at, 16), activation->args);
        break;
    case I_raise:
        p->exception_class = fp[field_s16(at, 4)];
        p->exception_reason = fp[field_s16(at, 6)];
        p->exception_trace = fp[field_s16(at, 8)];
        break;
    case I_fail_value:
        help_fail(p, at, make_tuple2(&p->heap.space, field_imm(at, 8), fp[field_s16(at, 4)]));
        break;
    case I_fail:
        help_fail(p, at, field_imm(at, 4));
        break;
    default:
        help_function_clause(p, fp, at);
    }
    help_receive_done(p);
    activation->is_caught = exception_unwind(p, &p->frame, (Code *) &p->pc, &function);
    if (!activation->is_caught || !native_is_code((Code) p->frame[0])) {
        return NULL;
    }
    return native_place(function, (Code) p->pc).address;
}

/* Calls the built-in that the stub at `entry` is for, with the arguments in the frame. One that is
 * pure may leave, but nothing has happened then: the interpreter calls it again. */
static Term call_built_in(Process *p, Code entry, NativeActivation *activation)
{
    const CodeExport *export = (const CodeExport *) field_u64(entry, 8);
    uint32_t count = export->identity.arity;
    const Term *fp = p->frame;
    for (uint32_t i = 0; i < count; i++) {
        activation->args[i] = fp[-1 - (int32_t) i];
    }
    p->pc = (const uint32_t *) entry;
    p->live = count;
    Term result = __atomic_load_n(&export->bif, __ATOMIC_RELAXED)(p, activation->args);
    if (UNLIKELY(result == TERM_NONE)) {
        p->flags |= PROCESS_BIF_FAILED; /* the stub raises what is set */
    }
    return result;
}

static NativeRuntime native_runtime = {
    .leave = (const void *) native_leave,
    .exit_interpret = EXIT_INTERPRET,
    .exit_call = EXIT_CALL,
    .exit_entry = EXIT_ENTRY,
    .exit_yield = EXIT_YIELD,
    .exit_bif = EXIT_BIF,
    .exit_collect = EXIT_COLLECT,
    .exit_heap = EXIT_HEAP,
    .exit_room = EXIT_ROOM,
    .exit_guess = EXIT_GUESS,
    .exit_raised = EXIT_RAISED,
    .activation_args = offsetof(NativeActivation, args),
    .activation_c_stack = offsetof(NativeActivation, c_stack),
    .activation_resume = offsetof(NativeActivation, resume),
    .activation_saved = offsetof(NativeActivation, saved),
    .activation_guess = offsetof(NativeActivation, guess),
    .activation_until_exit = offsetof(NativeActivation, until_exit),
    .exit_stress = &native_exit_stress,
    .check_code = &native_check_code,
    .args_most = COUNT_OF(((NativeActivation *) NULL)->args),
    .live_by_safepoint = LIVE_BY_SAFEPOINT,
    .box_float = box_float,
    .build_tuple = build_tuple,
    .make_room = make_room,
    .build_map = build_map,
    .bs_build = bs_build,
    .receive_take = receive_take,
    .bs_byte = help_bs_byte,
    .bs_integer = help_bs_integer,
    .bs_get = help_bs_get,
    .bs_get_rest = help_bs_rest,
    .export_named = export_named,
    .math_sqrt = bif_math_sqrt,
    .list_reverse1 = bif_reverse1,
    .list_reverse2 = bif_reverse2,
    .list_append = bif_append,
    .build_trace = build_trace,
    .bs_make_rest = help_bs_make_rest,
    .bs_utf = help_bs_utf,
    .bs_match = help_bs_match,
};

/* ---- start ---- */

/* R1 the place, R2 a built-in's result. */
static void write_raise(Machine *m, MachineLabel special, MachineLabel raise)
{
    const MachineRegister activation = (MachineRegister) R_ACTIVATION;
    const MachineRegister left = (MachineRegister) R_REDUCTIONS;
    MachineMemory reductions = m_at(R_PROCESS, offsetof(Process, reductions));
    MachineMemory frame = m_at(R_PROCESS, offsetof(Process, frame));
    MachineMemory top = m_at(R_PROCESS, offsetof(Process, heap.space.top));
    MachineMemory pc = m_at(R_PROCESS, offsetof(Process, pc));
    MachineLabel leave = m_label(m), failed = m_label(m), go_on = m_label(m);
    m_bind(m, special);
    m_branch_imm(m, M_EQ, R2, (int64_t) TERM_NONE, failed);
    m_const(m, R0, EXIT_BIF);
    m_jump_address(m, native_runtime.leave);
    m_bind(m, failed);
    m_const(m, R3, true);
    m_jump(m, go_on);
    m_align(m, 16);
    m_bind(m, raise);
    m_const(m, R3, false);
    m_bind(m, go_on);
    m_store(m, WIDTH_64, R1, pc);
    m_store(m, WIDTH_64, R_SP, frame);
    m_store(m, WIDTH_64, R_HEAP, top);
    m_store(m, WIDTH_U32, left, reductions);
    m_move(m, R1, R_PROCESS);
    m_move(m, R2, activation);
    m_c_stack(m, m_at(activation, (int32_t) native_runtime.activation_c_stack));
    m_call_c(m, (const void *) raise_native);
    m_load(m, WIDTH_64, R_SP, frame);
    m_load(m, WIDTH_64, R_HEAP, top);
    m_load(m, WIDTH_S32, left, reductions);
    m_branch_imm(m, M_EQ, R0, 0, leave);
    m_jump_register(m, R0);
    m_bind(m, leave);
    m_load(m, WIDTH_64, R1, pc);
    m_const(m, R0, EXIT_RAISED);
    m_jump_address(m, native_runtime.leave);
}

/* R0 the stub of a built-in, whose arguments are in the frame: its result, or the interpreter. */
static void write_built_in(Machine *m)
{
    const MachineRegister activation = (MachineRegister) R_ACTIVATION;
    const MachineRegister left = (MachineRegister) R_REDUCTIONS;
    MachineMemory reductions = m_at(R_PROCESS, offsetof(Process, reductions));
    MachineMemory frame = m_at(R_PROCESS, offsetof(Process, frame));
    MachineMemory top = m_at(R_PROCESS, offsetof(Process, heap.space.top));
    MachineLabel leave = m_label(m);
    m_store(m, WIDTH_64, R_SP, frame);
    m_store(m, WIDTH_64, R_HEAP, top);
    m_store(m, WIDTH_U32, left, reductions);
    m_move(m, R2, R0);
    m_move(m, R1, R_PROCESS);
    m_move(m, R3, activation);
    m_c_stack(m, m_at(activation, (int32_t) native_runtime.activation_c_stack));
    m_call_c(m, (const void *) call_built_in);
    m_load(m, WIDTH_64, R_SP, frame);
    m_load(m, WIDTH_64, R_HEAP, top);
    m_load(m, WIDTH_S32, left, reductions);
    m_branch_imm(m, M_EQ, R0, (int64_t) TERM_NONE, leave);
    m_branch_imm(m, M_EQ, R0, (int64_t) TERM_TRAP, leave);
    m_return(m);
    m_bind(m, leave);
    m_load(m, WIDTH_64, R1, m_at(R_PROCESS, offsetof(Process, pc)));
    m_const(m, R0, EXIT_CALL);
    m_jump_address(m, native_runtime.leave);
}

/* The stubs: a function that is not native is entered by the interpreter; a bridge returns to it;
 * a built-in called as a function; and what raises. */
static bool make_stubs(void)
{
    Machine m;
    MachineCode code;
    MachineOptions options = cache_machine_options();
    MachineLabel interpret, bridge, built_in, special, raise;
    CacheBlock *block;
    machine_init(&m);
    interpret = m_label(&m);
    bridge = m_label(&m);
    built_in = m_label(&m);
    special = m_label(&m);
    raise = m_label(&m);
    m_bind(&m, interpret);
    m_move(&m, R1, R0);
    m_const(&m, R0, EXIT_CALL);
    m_jump_address(&m, native_runtime.leave);
    m_align(&m, 16);
    m_bind(&m, bridge);
    m_move(&m, R2, R0);
    m_const(&m, R0, EXIT_RETURN);
    m_jump_address(&m, native_runtime.leave);
    m_align(&m, 16);
    m_bind(&m, built_in);
    write_built_in(&m);
    m_align(&m, 16);
    write_raise(&m, special, raise);
    machine_encode(&m, &options, &code);
    block = cache_add(&code, "muster native stubs", NULL, NULL, 0);
    if (block != NULL) {
        native_interpret = block->start + code.label_offsets[interpret];
        native_bridge = block->start + code.label_offsets[bridge];
        native_built_in = block->start + code.label_offsets[built_in];
        native_runtime.raise = block->start + code.label_offsets[raise];
        native_runtime.special = block->start + code.label_offsets[special];
    }
    machine_code_finish(&code);
    machine_finish(&m);
    return block != NULL;
}

/* A debugger started us: it is told what native code there is as it comes. (One that attaches later
 * says `call cache_tell_gdb()`.) */
static bool is_debugged(void)
{
    FILE *file = fopen("/proc/self/status", "re");
    char line[160];
    int tracer = 0;
    while (file != NULL && tracer == 0 && fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "TracerPid: %d", &tracer) == 1) {
            break;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return tracer != 0;
}

void native_init(void)
{
    CacheOptions options = {.limit_bytes = native_options.cache_bytes,
                            .perf_map = native_options.perf,
                            .gdb = is_debugged()};
    const char *why = NULL;
#if defined(__SANITIZE_THREAD__)
    return; /* it follows neither the stacks nor the stores of native code */
#endif
    if (native_options.off || !HAS_NATIVE || native_interpret != NULL) {
        return;
    }
    if (!cache_create(&options, &why) || !make_stubs()) {
        fprintf(stderr, "muster: no native code, all is interpreted: %s\n",
                why != NULL ? why : "the code cache is too small");
        return;
    }
    native_start = cache_start;
    native_bytes = cache_bytes;
    threshold = native_options.threshold > 0 ? native_options.threshold : THRESHOLD_DEFAULT;
    jit_start(&native_runtime, world_monotonic_ns,
              native_options.tier == TIER_QUICK  ? JIT_QUICK
              : native_options.tier == TIER_BOTH ? JIT_BOTH
                                                 : JIT_OPTIMISED,
              threshold == 1);
}

void native_stop(void)
{
    if (native_bytes != 0) {
        jit_stop();
    }
}

void code_header_init(CodeHeader *header, uint32_t frame_words, uint32_t arity)
{
    *header = (CodeHeader){
        .frame_words = frame_words, .arity = arity, .native = native_interpret, .countdown = -1};
}

void code_header_built_in(CodeHeader *header)
{
    header->native = native_built_in;
}

void code_header_count(CodeHeader *header)
{
    __atomic_store_n(&header->countdown, threshold > 0 ? threshold - 1 : -1, __ATOMIC_RELAXED);
}

/* ---- tracing ---- */

void code_header_trace(CodeHeader *header)
{
    __atomic_store_n(&header->traced, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&header->countdown, 0, __ATOMIC_RELAXED);
}

NativeCode *native_trace(Function *function)
{
    CodeHeader *header = code_header(function->owner->code + function->code_offset);
    NativeCode *native = native_bytes != 0 ? jit_withhold(function, native_interpret) : NULL;
    code_header_trace(header);
    return native;
}

void native_untrace(Function *function, NativeCode *native)
{
    CodeHeader *header = code_header(function->owner->code + function->code_offset);
    code_header_count(header);
    __atomic_store_n(&header->traced, 0, __ATOMIC_RELAXED);
    if (native_bytes != 0) {
        jit_release(function, native);
    }
}

/* ---- places ---- */

static NativeTarget place_in(const NativeCode *native, Code at)
{
    uint32_t offset = (uint32_t) (at - native->function->owner->code);
    uint32_t low = 0, high = native->place_count;
    if (offset == native->function->code_offset) {
        return (NativeTarget){native->start + native->body_offset, native->function->arity + 1};
    }
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (native->places[middle].slot_offset < offset) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < native->place_count && native->places[low].slot_offset == offset
               ? (NativeTarget){native->start + native->places[low].native_offset,
                                native->places[low].depth}
               : (NativeTarget){NULL, 0};
}

NativeTarget native_place(const Function *function, Code at)
{
    const NativeCode *native = __atomic_load_n(&function->native, __ATOMIC_ACQUIRE);
    return native != NULL ? place_in(native, at) : (NativeTarget){NULL, 0};
}

NativeTarget native_hot(CodeHeader *header, Code at)
{
    Function *function = header->function;
    const NativeCode *native = __atomic_load_n(&function->native, __ATOMIC_ACQUIRE);
    if (native_bytes == 0) { /* its countdown was at 0 because it was traced, which has ended */
        return (NativeTarget){NULL, 0};
    }
    if (native == NULL) {
        __atomic_store_n(&header->countdown, -1, __ATOMIC_RELAXED);
        if (UNLIKELY(__atomic_load_n(&header->traced, __ATOMIC_RELAXED))) { /* meanwhile */
            __atomic_store_n(&header->countdown, 0, __ATOMIC_RELAXED);
            return (NativeTarget){NULL, 0};
        }
        jit_request(function);
        native = __atomic_load_n(&function->native, __ATOMIC_ACQUIRE);
    }
    return native != NULL ? place_in(native, at) : (NativeTarget){NULL, 0};
}

void native_found(Code at, const Term *frame)
{
    Function *function = code_function_at(at);
    if (function != NULL) {
        jit_sample(function, at, frame);
    }
}

void native_guess_failed(Guess *guess, Term value)
{
    jit_guess_failed(guess, value);
}

void native_settle(void)
{
    jit_settle();
}

void native_print_stats(void)
{
    JitStats stats;
    CacheStats cache;
    if (native_bytes == 0) {
        fprintf(stderr, "jit: none\n");
        return;
    }
    jit_stats(&stats);
    cache_stats(&cache);
    fprintf(
        stderr,
        "jit: %llu functions compiled of %llu asked for (%llu by the optimiser, %llu of them again "
        "because guesses failed), in %.1f ms (%.1f MB of slot code a "
        "second); slot code %llu bytes, native %llu (%.2f a byte), maps %llu; cache %zu of %zu "
        "bytes used\n",
        (unsigned long long) stats.functions, (unsigned long long) stats.requests,
        (unsigned long long) stats.optimised, (unsigned long long) stats.again,
        (double) stats.compile_ns / 1e6,
        stats.compile_ns == 0 ? 0.0
                              : (double) stats.slot_code_bytes * 1e3 / (double) stats.compile_ns,
        (unsigned long long) stats.slot_code_bytes, (unsigned long long) stats.code_bytes,
        stats.slot_code_bytes == 0 ? 0.0
                                   : (double) stats.code_bytes / (double) stats.slot_code_bytes,
        (unsigned long long) stats.place_bytes, cache.used_bytes, cache.limit_bytes);
}

bool native_show(const LoadedModule *module, const char *name, bool ir, FILE *out)
{
    bool found = false;
    for (uint32_t i = 0; i < module->function_count; i++) {
        const Function *function = &module->functions[i];
        char text[300];
        snprintf(text, sizeof text, "%s/%u", atom_name(function->name), function->arity);
        if (name != NULL && strcmp(name, atom_name(function->name)) != 0 &&
            strcmp(name, text) != 0) {
            continue;
        }
        found = true;
        if (!listing_function(function, &native_runtime, ir, out)) {
            fprintf(out, "%s: too large for native code\n\n", text);
        }
    }
    return found;
}
