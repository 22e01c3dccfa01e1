/* runtime/interpret_help.c: see interpret_help.h. Collection, exceptions, receive, maps. */
#include "runtime/interpret_help.h"

#include "proc/thread.h"

#include "runtime/library.h"
#include "runtime/term/arith.h"
#include "runtime/term/compare.h"
#include "runtime/term/map.h"
#include "runtime/term/mem.h"
#include "runtime/report.h"
#include "runtime/system_monitor.h"
#include "runtime/term/print.h"
#include "runtime/term/world.h"
#include "runtime/trace.h"
#include "sched/blocking.h"
#include "sched/timer.h"

/* ---- collection ---- */

/* What a collection may cost: about a millisecond; about three, where nobody would notice. Handing
 * it to another thread takes long, too, and that thread's cache knows nothing of the heap. */
enum { COLLECT_HERE_WORDS = 400000, COLLECT_ALONE_WORDS = 1200000, ALONE_NS = 4000000 };

typedef struct CollectJob {
    BlockingJob job;
    size_t words, stack_words;
    GcResult result;
} CollectJob;

/* Messages count, too, where they are the heap's business. */
static bool is_over_max(Process *p)
{
    const Heap *heap = &p->heap;
    return UNLIKELY(heap->max_words != 0) && !(p->flags & PROCESS_OFF_HEAP_QUEUE) &&
           heap_used_words(heap) + mailbox_words(&p->mailbox) > heap->max_words;
}

/* True when moving the limit is enough. */
static bool has_room(const Heap *heap, size_t words, size_t stack_words)
{
    return !heap->needs_collection && words + stack_words + 2 * HEAP_MARGIN_WORDS <=
                                          (size_t) (heap->stack_top - heap->space.top);
}

static GcResult collect(Process *p, size_t words, size_t stack_words)
{
    Heap *heap = &p->heap;
    size_t frames_room = frames_room_words(p);
    if (stack_words < frames_room) {
        stack_words = frames_room;
    }
    if (has_room(heap, words, stack_words) && !gc_stress) {
        return heap_make_room(heap, words, stack_words, process_roots(p));
    }
    uint32_t run = (uint32_t) (SLICE_REDUCTIONS - p->reductions);
    heap_worked(heap, (uint32_t) p->reductions_done + run, run);
    GcResult result;
    int64_t used_before = meter_heap_words(p);
    bool is_watched = system_monitor_looks(MONITOR_LONG_GC | MONITOR_LARGE_HEAP);
    uint64_t since_ns = is_watched ? world_monotonic_ns() : 0;
    if (heap->needs_collection || gc_stress) {
        result = heap_collect(heap, heap_wants_major(heap), words, stack_words, process_roots(p));
        result = result == GC_OK && is_over_max(p) ? GC_MAX_HEAP_SIZE : result;
    } else {
        result = heap_make_room(heap, words, stack_words, process_roots(p));
    }
    if (UNLIKELY(p->flags & PROCESS_TRACED)) {
        meters_collected(p, used_before - meter_heap_words(p));
    }
    if (is_watched) {
        system_monitor_collected(p, world_monotonic_ns() - since_ns);
    }
    process_publish_figures(p);
    return result;
}

static GcResult collect_now(Process *p, size_t words, size_t stack_words)
{
    if (LIKELY(!(p->flags & PROCESS_TRACED)) || !trace_wants(p, TRACE_GC) ||
        (!p->heap.needs_collection && !gc_stress && has_room(&p->heap, words, stack_words))) {
        return collect(p, words, stack_words);
    }
    bool major = heap_wants_major(&p->heap);
    trace_collection(p, major ? ATOM_gc_major_start : ATOM_gc_minor_start);
    GcResult result = collect(p, words, stack_words);
    trace_collection(p, major ? ATOM_gc_major_end : ATOM_gc_minor_end);
    return result;
}

static GcOutcome collect_ended(Process *p, GcResult result)
{
    if (result == GC_OK) {
        return GC_DONE;
    }
    if (result == GC_MAX_HEAP_SIZE) {
        report_max_heap(p);
        if (p->flags & PROCESS_MAX_HEAP_NO_KILL) {
            return GC_DONE;
        }
        process_exit(p, ATOM_killed);
        return GC_ENDED;
    }
    p->exception_class = ATOM_error;
    process_exit(p, ATOM_system_limit);
    return GC_ENDED;
}

static GcOutcome collect_here(Process *p, size_t words, size_t stack_words)
{
    GcResult result = collect_now(p, words, stack_words);
    if (gc_stress && result == GC_OK) { /* so that the next one to build collects again */
        p->heap.space.limit = p->heap.space.top + words;
    }
    return collect_ended(p, result);
}

static void collect_job_work(BlockingJob *job)
{
    CollectJob *collect = (CollectJob *) job;
    bool entered = thread_enter(); /* what leads from frames to code may be replaced meanwhile */
    collect->result = collect_now(job->process, collect->words, collect->stack_words);
    if (collect->result != GC_OK) {
        /* What the owner does then needs its scheduler: it finds no room and comes here again. */
        job->process->heap.max_heap_reached = collect->result == GC_MAX_HEAP_SIZE;
    }
    mem_free(collect);
    thread_leave(entered);
}

static size_t top_frame_words(const Process *p)
{
    Function *function = code_function_at((Code) p->pc);
    return function != NULL ? function->frame_words : 16;
}

/* Roots down to the end of the top frame, and how much room its function wants where 0 is asked. */
static size_t prepare_collection(Process *p, size_t stack_words)
{
    p->heap.stack_top = p->frame - (frames_top_depth(p) - 1);
    return stack_words != 0 ? stack_words : top_frame_words(p);
}

/* Whether the next collection would hold up others. */
static bool collects_long(const Process *p)
{
    size_t cost = heap_collect_cost_words(&p->heap, heap_wants_major(&p->heap));
    return UNLIKELY(cost > COLLECT_HERE_WORDS) &&
           (cost > COLLECT_ALONE_WORDS || !sched_may_linger(ALONE_NS));
}

GcOutcome help_collect(Process *p, size_t words, size_t stack_words)
{
    stack_words = prepare_collection(p, stack_words);
    if (sched_current != NULL && world.kind == WORLD_REAL && collects_long(p) &&
        !has_room(&p->heap, words, stack_words) && p->heap.max_words == 0) {
        CollectJob *job = mem_alloc_zero(sizeof *job);
        job->job.work = collect_job_work;
        job->words = words;
        job->stack_words = stack_words;
        blocking_submit_for(&job->job, p);
        return GC_ELSEWHERE;
    }
    return collect_here(p, words, stack_words);
}

GcOutcome help_collect_here(Process *p, size_t words, size_t stack_words)
{
    return collect_here(p, words, prepare_collection(p, stack_words));
}

_Thread_local uint32_t trap_rooted;

bool help_trap_room(Process *p, size_t words)
{
    GcOutcome outcome;
    uint32_t depth = frames_top_depth(p);
    p->heap.stack_top = p->frame - (depth - 1);
    trap_rooted = trap.count;
    outcome = collect_ended(p, collect_now(p, 0, words + 8));
    trap_rooted = 0;
    return outcome == GC_DONE;
}

/* ---- values ---- */

Term help_compare(CompareKind which, Term a, Term b)
{
    bool result;
    switch (which) {
    case COMPARE_EQ_EXACT:
        result = term_equal_exact(a, b);
        break;
    case COMPARE_NE_EXACT:
        result = !term_equal_exact(a, b);
        break;
    case COMPARE_EQ:
        result = term_equal(a, b);
        break;
    case COMPARE_NE:
        result = !term_equal(a, b);
        break;
    case COMPARE_LT:
        result = term_compare(a, b) < 0;
        break;
    case COMPARE_LE:
        result = term_compare(a, b) <= 0;
        break;
    case COMPARE_GT:
        result = term_compare(a, b) > 0;
        break;
    default:
        result = term_compare(a, b) >= 0;
        break;
    }
    return term_bool(result);
}

Term *help_operands(size_t count)
{
    return mem_alloc(count * sizeof(Term));
}
void help_operands_done(Term *operands)
{
    mem_free(operands);
}

static Term raise_here(Process *p, Term reason)
{
    p->exception_class = ATOM_error;
    p->exception_reason = reason;
    exception_capture(p, (Code) p->pc, TERM_NONE);
    return TERM_NONE;
}

Term help_make_map(Process *p, const Term pairs[], size_t count)
{
    Term map = map_from_pairs(&p->heap.space, pairs, count);
    return map == TERM_LIMIT ? raise_here(p, ATOM_system_limit) : map;
}

Term help_map_put(Process *p, const Term operands[], size_t count, bool exact)
{
    Term map = operands[0];
    if (!term_is_map(map)) {
        return raise_here(p, make_tuple2(&p->heap.space, ATOM_badmap, map));
    }
    for (size_t i = 0; exact && i < count; i++) {
        if (map_get(map, operands[1 + 2 * i]) == TERM_NONE) {
            return raise_here(p, make_tuple2(&p->heap.space, ATOM_badkey, operands[1 + 2 * i]));
        }
    }
    map = map_put_pairs(&p->heap.space, map, operands + 1, count);
    return map == TERM_LIMIT ? raise_here(p, ATOM_system_limit) : map;
}

/* ---- failures ---- */

static Term args_list(Process *p, const Term args[], uint32_t count)
{
    return make_list(&p->heap.space, args, count, TERM_NIL);
}

/* The module that can say what was wrong in a call of one of this module's built-ins; TERM_NONE:
 * none can. As in OTP. */
static Term error_module_of(Term module)
{
    static const char *const of_erts[] = {"erlang", "atomics", "counters", "persistent_term"};
    static const char *const of_stdlib[] = {"binary", "ets", "lists",  "maps",
                                            "math",   "re",  "unicode"};
    const char *name = atom_name(module);
    for (size_t i = 0; i < COUNT_OF(of_erts); i++) {
        if (strcmp(of_erts[i], name) == 0) {
            return ATOM_erl_erts_errors;
        }
    }
    for (size_t i = 0; i < COUNT_OF(of_stdlib); i++) {
        if (strcmp(of_stdlib[i], name) == 0) {
            return ATOM_erl_stdlib_errors;
        }
    }
    return strcmp(name, "os") == 0 ? atom_of("erl_kernel_errors") : TERM_NONE;
}

/* As OTP marks failures of its own built-ins. */
static Term builtin_info(Process *p, Term module)
{
    Term error_module = error_module_of(module);
    if (error_module == TERM_NONE) {
        return TERM_NIL;
    }
    Term pair[2] = {ATOM_module, error_module};
    Term map = map_from_pairs(&p->heap.space, pair, 1);
    return make_cons(&p->heap.space, make_tuple2(&p->heap.space, ATOM_error_info, map), TERM_NIL);
}

static Term instruction_name(Code at)
{
    static const struct {
        uint8_t instruction;
        const char *name;
    } names[] = {
        {I_add, "+"},
        {I_subtract, "-"},
        {I_multiply, "*"},
        {I_int_divide, "div"},
        {I_remainder, "rem"},
        {I_bit_and, "band"},
        {I_bit_or, "bor"},
        {I_bit_xor, "bxor"},
        {I_shift_left, "bsl"},
        {I_shift_right, "bsr"},
        {I_add_imm, "+"},
        {I_subtract_imm, "-"},
        {I_multiply_imm, "*"},
        {I_int_divide_imm, "div"},
        {I_remainder_imm, "rem"},
        {I_bit_and_imm, "band"},
        {I_bit_or_imm, "bor"},
        {I_bit_xor_imm, "bxor"},
        {I_shift_left_imm, "bsl"},
        {I_shift_right_imm, "bsr"},
        {I_divide, "/"},
        {I_negate, "-"},
        {I_bit_not, "bnot"},
        {I_not, "not"},
    };
    static Term atoms[COUNT_OF(names)]; /* of those asked for; whoever makes one makes the same */
    uint32_t word;
    memcpy(&word, at, sizeof word);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (instruction_words[names[i].instruction] == word) {
            Term atom = __atomic_load_n(&atoms[i], __ATOMIC_ACQUIRE);
            if (UNLIKELY(atom == 0)) {
                atom = atom_of(names[i].name);
                __atomic_store_n(&atoms[i], atom, __ATOMIC_RELEASE);
            }
            return atom;
        }
    }
    return ATOM_undefined;
}

void help_arithmetic_failed(Process *p, Code at, Term result, Term a, Term b)
{
    Term args[2] = {a, b};
    Term name = instruction_name(at);
    uint32_t word;
    memcpy(&word, at, sizeof word);
    if (result != TERM_LIMIT &&
        (word == instruction_words[I_add_imm] || /* as OTP's code does */
         word == instruction_words[I_subtract_imm] || word == instruction_words[I_divide])) {
        p->exception_class = ATOM_error;
        p->exception_reason = ATOM_badarith;
        exception_capture(p, at, TERM_NONE);
        return;
    }
    Term list = args_list(p, args, b == TERM_NONE ? 1 : 2);
    p->exception_class = ATOM_error;
    p->exception_reason = result == TERM_LIMIT               ? ATOM_system_limit
                          : word == instruction_words[I_not] ? ATOM_badarg
                                                             : ATOM_badarith;
    exception_capture(p, at,
                      exception_entry(p, ATOM_erlang, name, list, builtin_info(p, ATOM_erlang)));
}

void help_logic_failed(Process *p, Code at, LogicKind which, Term a, Term b)
{
    static const char *const names[] = {"and", "or", "xor"};
    Term args[2] = {a, b};
    p->exception_class = ATOM_error;
    p->exception_reason = ATOM_badarg;
    exception_capture(p, at,
                      exception_entry(p, ATOM_erlang, atom_of(names[which]), args_list(p, args, 2),
                                      builtin_info(p, ATOM_erlang)));
}

void help_bif_failed(Process *p, Code at, const CodeExport *export, const Term args[])
{
    const Export *id = &export->identity;
    Term info;
    if (p->exception_trace != TERM_NONE && p->exception_trace != TERM_LIMIT) {
        if (p->exception_trace == TERM_TRAP) { /* bif_error_info: the cause is kept in saved */
            Term pairs[4] = {ATOM_cause, p->saved[3], ATOM_module, error_module_of(id->module)};
            Term map = map_from_pairs(&p->heap.space, pairs, 2);
            info = make_cons(&p->heap.space, make_tuple2(&p->heap.space, ATOM_error_info, map),
                             TERM_NIL);
            p->saved[3] = TERM_NIL;
            exception_capture(
                p, at,
                exception_entry(p, id->module, id->function, args_list(p, args, id->arity), info));
        }
        return; /* erlang:raise/3 gave one */
    }
    if (p->exception_trace == TERM_LIMIT) { /* exit, throw, error: not of the built-in's making */
        exception_capture(p, at, TERM_NONE);
        return;
    }
    exception_capture(p, at,
                      exception_entry(p, id->module, id->function, args_list(p, args, id->arity),
                                      builtin_info(p, id->module)));
}

static Term args_below(Process *p, const Term *first, uint32_t count)
{
    Term list = TERM_NIL;
    for (uint32_t i = count; i-- > 0;) {
        list = make_cons(&p->heap.space, first[-(int64_t) i], list);
    }
    return list;
}

void help_bad_fun(Process *p, Code at, Term fun, const Term *first, uint32_t count)
{
    Space *space = &p->heap.space;
    p->exception_class = ATOM_error;
    p->exception_reason = term_is_fun(fun)
                              ? make_tuple2(space, ATOM_badarity,
                                            make_tuple2(space, fun, args_below(p, first, count)))
                              : make_tuple2(space, ATOM_badfun, fun);
    exception_capture(p, code_function_at(at) != NULL ? at : NULL, TERM_NONE);
}

void help_bad_apply(Process *p, Code at, Term module, Term function, const Term *first,
                    uint32_t count)
{
    Term args[3] = {module, function, args_below(p, first, count)};
    p->exception_class = ATOM_error;
    p->exception_reason = ATOM_badarg;
    exception_capture(p, at,
                      exception_entry(p, ATOM_erlang, atom_of("apply"), args_list(p, args, 3),
                                      builtin_info(p, ATOM_erlang)));
}

void help_fail(Process *p, Code at, Term reason)
{
    p->exception_class = ATOM_error;
    p->exception_reason = reason;
    exception_capture(p, at, TERM_NONE);
}

void help_function_clause(Process *p, Term *fp, Code at)
{
    Function *function = code_function_at(at);
    Term list = args_below(p, fp - 1, function->arity);
    Term info = TERM_NIL, file;
    uint32_t line = code_line_at(function, at, &file);
    Space *space = &p->heap.space;
    if (line != 0) {
        info = make_cons(space, make_tuple2(space, ATOM_line, term_small(line)), TERM_NIL);
        info = make_cons(space, make_tuple2(space, ATOM_file, file), info);
    }
    p->exception_class = ATOM_error;
    p->exception_reason = ATOM_function_clause;
    exception_capture(p, NULL, exception_entry(p, function->module, function->name, list, info));
}

void help_undefined(Process *p, Term *fp, CodeExport *export)
{
    const Export *id = &export->identity;
    Term list = args_below(p, fp - 1, id->arity);
    p->exception_class = ATOM_error;
    p->exception_reason = ATOM_undef;
    exception_capture(p, NULL, exception_entry(p, id->module, id->function, list, TERM_NIL));
}

static Term error_handler_of(const Process *p)
{
    return p->extra == NULL || p->extra->error_handler == TERM_NONE ? ATOM_error_handler
                                                                    : p->extra->error_handler;
}

void help_no_fun(Process *p, const Term *fp, const CodeFun *fun)
{
    uint32_t arity = fun->identity.arity, captured = fun->identity.free_count;
    Term *object = space_alloc(bif_space(p), 2 + captured);
    object[0] = HEADER(KIND_fun, 1 + (size_t) captured);
    object[1] = (Term) &fun->identity;
    for (uint32_t i = 0; i < captured; i++) {
        object[2 + i] = fp[-1 - (int32_t) (arity + i)];
    }
    const Term args[] = {fun->identity.module, term_boxed(object), args_below(p, fp - 1, arity)};
    bif_call(p, error_handler_of(p), ATOM_undefined_lambda, args, 3);
}

/* Does a call of this go to the process's own error handler? Not what that consists of. */
static bool has_own_handler(const Process *p, const Export *id)
{
    Term handler = error_handler_of(p);
    return handler != ATOM_error_handler &&
           !(handler == id->module &&
             (id->function == ATOM_undefined_function || id->function == ATOM_undefined_lambda));
}

/* What a process's own error handler, or the module itself, makes of a call that it lacks. False:
 * nothing. Else trap is set. */
static bool handle_undefined(Process *p, const Term *fp, const Export *id)
{
    if (has_own_handler(p, id)) {
        const Term args[] = {id->module, id->function, args_below(p, fp - 1, id->arity)};
        bif_call(p, error_handler_of(p), ATOM_undefined_function, args, 3);
        return true;
    }
    const CodeExport *own = code_export_find(id->module, ATOM_handle_undefined_function, 2);
    if (own != NULL && code_export_is_defined(own)) {
        const Term args[] = {id->function, args_below(p, fp - 1, id->arity)};
        bif_call(p, id->module, ATOM_handle_undefined_function, args, 2);
        return true;
    }
    return false;
}

AutoloadResult help_autoload(Process *p, const Term *fp, CodeExport *export)
{
    const Export *id = &export->identity;
    CodeFound found = CODE_NOT_FOUND;
    /* The library, on which any code stands, is no handler's business: in OTP most of it is there.
     */
    if (!code_export_is_defined(export) && code_autoload != NULL &&
        code_module(id->module) == NULL &&
        (!has_own_handler(p, id) || library_embedded(atom_name(id->module)) != NULL)) {
        found = code_autoload(id->module);
    }
    /* In this order: a module stops waiting after its exports were defined. */
    if (code_waiting(id->module) != NULL && !code_export_is_defined(export)) {
        Term args[3] = {id->module, id->function, args_below(p, fp - 1, id->arity)};
        bif_call(p, atom_of("muster_on_load"), atom_of("call"), args, 3);
        return AUTOLOAD_CALL;
    }
    if (found == CODE_IS_SOURCE) {
        Term args[3] = {id->module, id->function, args_below(p, fp - 1, id->arity)};
        bif_call(p, atom_of("muster_autoload"), atom_of("call"), args, 3);
        return AUTOLOAD_CALL;
    }
    if (code_export_is_defined(export)) {
        return AUTOLOAD_DONE;
    }
    return handle_undefined(p, fp, id) ? AUTOLOAD_CALL : AUTOLOAD_NONE;
}

bool debug_crash;

void help_uncaught(Process *p)
{
    Term class_ = p->exception_class, reason = exception_exit_reason(p);
    if (debug_crash) {
        term_dump(reason);
    }
    if (class_ != ATOM_exit) {
        report_uncaught(p, reason);
    }
    process_exit(p, reason);
}

/* ---- receive ---- */

void help_receive_disarm(Process *p)
{
    p->flags &= ~(uint32_t) PROCESS_RECEIVE_ARMED;
    timer_cancel_receive(p);
}

static WaitResult receive_is_over(Process *p)
{
    if (UNLIKELY(p->flags & PROCESS_TRACED)) {
        trace_event(p, TRACED_TIMED_OUT, TERM_NONE);
    }
    return WAIT_OVER;
}

WaitResult help_receive_wait(Process *p, Term timeout)
{
    int64_t ms;
    if (p->flags & PROCESS_RECEIVE_ARMED) {
        if (p->flags & PROCESS_TIMED_OUT) {
            help_receive_disarm(p);
            return receive_is_over(p);
        }
        return WAIT_MORE;
    }
    if (timeout == ATOM_infinity) {
        return WAIT_MORE;
    }
    if (!term_to_int64(timeout, &ms) || ms < 0 || ms > UINT32_MAX) {
        return WAIT_BAD;
    }
    if (ms == 0) {
        return receive_is_over(p);
    }
    p->flags |= PROCESS_RECEIVE_ARMED;
    timer_start_receive(p, timer_deadline((uint64_t) ms));
    return WAIT_MORE;
}

/* ---- built-ins that wait ---- */

/* The built-in is called again through its stub: a frame of its own, which returns here. */
void help_keep_call(Process *p, Term *fp, const Term args[], uint32_t count)
{
    Code pc = (Code) p->pc;
    uint32_t size, slots;
    const CodeExport *export;
    memcpy(&size, pc + 8, sizeof size);
    memcpy(&export, pc + 16, sizeof export);
    slots = frame_info(pc + size)->slots;
    /* The arguments' own slots are there (the operands were pushed, at least in name). */
    p->frame = fp - slots;
    p->frame[0] = (Term) (pc + size);
    for (uint32_t i = 0; i < count; i++) {
        p->frame[-1 - (int32_t) i] = args[i];
    }
    p->pc = (const uint32_t *) export->entry;
    p->live = count;
}

static void leave_work(BlockingJob *job)
{
    Process *p = job->process;
    const CodeExport *export;
    Term args[UINT8_MAX + 1];
    bool entered = thread_enter();
    memcpy(&export, (Code) p->pc + 8, sizeof export);
    for (uint32_t i = 0; i < p->live; i++) {
        args[i] = p->frame[-1 - (int32_t) i];
    }
    Term result = export->bif(p, args);
    CHECK(result != TERM_TRAP);
    if (result == TERM_NONE) {
        p->flags |= PROCESS_BIF_FAILED; /* the stub raises what is set */
    } else {
        p->frame[-1] = result;
        p->pc = (const uint32_t *) stub_return_entry;
        p->live = 1;
    }
    mem_free(job);
    thread_leave(entered);
}

void help_leave(Process *p)
{
    BlockingJob *job = mem_alloc_zero(sizeof *job);
    job->work = leave_work;
    blocking_submit_for(job, p);
}

RunResult help_hibernate(Process *p)
{
    Term *frame = p->heap.block_end - 1;
    frame[0] = (Term) stub_exit_return;
    for (uint32_t i = 0; i < 3; i++) {
        frame[-1 - (int32_t) i] = trap.args[i];
    }
    p->frame = frame;
    p->pc = (const uint32_t *) stub_hibernate_entry;
    p->live = 3;
    p->flags |= PROCESS_HIBERNATED;
    p->heap.stack_top = frame - 3;
    mailbox_reset(p);
    heap_compact(&p->heap, process_roots(p));
    return mailbox_peek(p) != NULL          ? RUN_YIELDED
           : (p->flags & PROCESS_EXITING)   ? RUN_EXITED
           : (p->flags & PROCESS_SUSPENDED) ? RUN_SUSPENDED
                                            : RUN_WAITING;
}

bool help_apply_list(Process *p, Term module, Term function, Term list)
{
    uint32_t count = 0;
    for (Term at = list; term_is_cons(at) && count < 255; at = cons_tail(at)) {
        trap.args[count++] = cons_head(at);
    }
    trap.count = count;
    trap.kind = TRAP_CALL;
    trap.entry = code_export(module, function, count)->entry;
    return true;
}
