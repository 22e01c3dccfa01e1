/* compiler/jit/thread.c
 *
 *   field                 written by                     read by        order
 *   queue, states, stats  any thread                     the same       under the lock
 *   Function.native       who compiled                   any thread     release / acquire
 *   CodeHeader.native     who compiled, after the above  native code    release / plain (an aligned
 *                                                                       word; the code it leads to was
 *                                                                       complete before)
 *   CodeHeader.countdown  who compiled, last             interpreters   release / relaxed: who reads 0
 *                                                                       then asks Function.native */
#include "compiler/jit/thread.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>

#include "compiler/jit/cache.h"
#include "compiler/jit/machine_check.h"
#include "compiler/jit/optimise.h"
#include "runtime/term/atom.h"
#include "runtime/term/mem.h"

enum { STATE_NONE, STATE_QUEUED, STATE_DONE, STATE_FAILED, STATE_WITHHELD }; /* Function.native_state */

typedef struct Request {
    struct Request *next;
    Function *function;
} Request;

static const NativeRuntime *runtime;
static uint64_t (*clock_ns)(void);
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t compiling = PTHREAD_MUTEX_INITIALIZER; /* one at a time */
static pthread_cond_t came = PTHREAD_COND_INITIALIZER;
static pthread_cond_t done = PTHREAD_COND_INITIALIZER;
static Request *first, **last = &first;
static const LoadedModule *at_work; /* whose function the thread compiles */
static bool stopping, has_thread, optimise;
static pthread_t thread;
static JitStats stats;

/* Who enters the function from now on makes room for what its native code needs. */
static void ask_for_words(Function *function, uint32_t words)
{
    CodeHeader *header = code_header(function->owner->code + function->code_offset);
    uint32_t most = code_most_frame_words;
    while (most < words &&
           !atomic_compare_exchange_weak(&code_most_frame_words, &most, words)) {
    }
    if (header->frame_words < words) {
        __atomic_store_n(&header->frame_words, words, __ATOMIC_RELAXED);
    }
}

static NativeCode *make_native(Function *function, const QuickResult *result,
                               const MachineCode *code)
{
    char name[300];
    size_t bytes = sizeof(NativeCode) + result->place_count * sizeof(NativePlace);
    NativeCode *native = mem_alloc(bytes);
    snprintf(name, sizeof name, "%s:%s/%u", atom_name(function->module), atom_name(function->name),
             function->arity);
    native->block = cache_add(code, name, native, (const void *const *) result->return_points,
                              result->return_point_count);
    if (native->block == NULL) {
        mem_free(native);
        return NULL;
    }
    native->function = function;
    ask_for_words(function, result->frame_words);
    native->start = native->block->start + code->label_offsets[result->entry];
    native->body_offset = code->label_offsets[result->body] - code->label_offsets[result->entry];
    native->place_count = 0;
    for (uint32_t i = 0; i < result->place_count; i++) {
        uint32_t offset = code->label_offsets[result->places[i].label];
        if (offset != UINT32_MAX) {
            native->places[native->place_count++] = (NativePlace){
                result->places[i].slot_offset, result->places[i].depth,
                offset - code->label_offsets[result->entry]};
        }
    }
    __atomic_fetch_add(&stats.code_bytes, code->size, __ATOMIC_RELAXED);
    __atomic_fetch_add(&stats.place_bytes, bytes, __ATOMIC_RELAXED);
    return native;
}

static void check_code(const Function *function, const QuickResult *result)
{
    const uint32_t fixed = 1u << R_PROCESS | 1u << R_HEAP | 1u << R_SP | 1u << R_ACTIVATION |
                           1u << R_REDUCTIONS;
    MachineLabel *entries = mem_alloc((result->place_count + 2) * sizeof *entries);
    uint32_t where;
    entries[0] = result->entry;
    entries[1] = result->body;
    for (uint32_t i = 0; i < result->place_count; i++) {
        entries[i + 2] = result->places[i].label;
    }
    if (!machine_check(&result->machine, fixed, entries, result->place_count + 2, &where)) {
        machine_dump(&result->machine, stderr);
        fprintf(stderr, "%s:%s/%u, instruction %u: it reads what need not hold anything: ",
                atom_name(function->module), atom_name(function->name), function->arity, where);
        machine_dump_one(&result->machine.code[where], stderr);
        fputc('\n', stderr);
        CHECK(!"native code is wrong");
    }
    mem_free(entries);
}

static NativeCode *compile(Function *function)
{
    QuickResult result;
    MachineCode code;
    MachineOptions options = cache_machine_options();
    NativeCode *native;
    OptimiserInput input = {.function = function};
    if (!(optimise && optimise_compile(&input, runtime, &result) == NULL)) {
        if (!quick_compile(function, runtime, &result)) {
            return NULL;
        }
        if (*runtime->check_code) {
            check_code(function, &result);
        }
    }
    machine_encode(&result.machine, &options, &code);
    native = make_native(function, &result, &code);
    machine_code_finish(&code);
    quick_result_finish(&result);
    return native;
}

static void publish(Function *function, NativeCode *native)
{
    CodeHeader *header = code_header(function->owner->code + function->code_offset);
    /* In this order: who sees the countdown at 0 must find the code. */
    __atomic_store_n(&function->native, native, __ATOMIC_RELEASE);
    __atomic_store_n(&header->native, native->start, __ATOMIC_RELEASE);
    __atomic_store_n(&header->countdown, 0, __ATOMIC_RELEASE);
}

static bool is_withheld(const Function *function)
{
    pthread_mutex_lock(&lock);
    bool withheld = function->native_state == STATE_WITHHELD;
    pthread_mutex_unlock(&lock);
    return withheld;
}

static void compile_and_publish(Function *function)
{
    uint64_t start = clock_ns != NULL ? clock_ns() : 0;
    NativeCode *native = NULL;
    pthread_mutex_lock(&compiling);
    bool withheld = is_withheld(function);
    if (!withheld && function->native == NULL) {
        native = compile(function);
    }
    if (native != NULL) {
        publish(function, native);
    }
    pthread_mutex_lock(&lock);
    if (!withheld) {
        function->native_state = native != NULL ? STATE_DONE : STATE_FAILED;
    }
    if (native != NULL) {
        stats.functions++;
        stats.slot_code_bytes += function->code_end - function->code_offset;
    } else if (!withheld) {
        stats.failures++;
    }
    stats.compile_ns += clock_ns != NULL ? clock_ns() - start : 0;
    pthread_mutex_unlock(&lock);
    pthread_mutex_unlock(&compiling);
}

static void *thread_main(void *unused)
{
    (void) unused;
    pthread_mutex_lock(&lock);
    for (;;) {
        Request *request = first;
        if (stopping) {
            break;
        }
        if (request == NULL) {
            pthread_cond_wait(&came, &lock);
            continue;
        }
        first = request->next;
        if (first == NULL) {
            last = &first;
        }
        at_work = request->function->owner;
        pthread_mutex_unlock(&lock);
        compile_and_publish(request->function);
        mem_free(request);
        pthread_mutex_lock(&lock);
        at_work = NULL;
        pthread_cond_broadcast(&done);
    }
    pthread_mutex_unlock(&lock);
    return NULL;
}

/* Under the lock. Signals are not for it. */
static void start_thread(void)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    has_thread = pthread_create(&thread, NULL, thread_main, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void jit_start(const NativeRuntime *given, uint64_t (*clock)(void), bool at_once)
{
    optimise = at_once;
    runtime = given;
    clock_ns = clock;
    stopping = false;
}

void jit_stop(void)
{
    pthread_mutex_lock(&lock);
    stopping = true;
    pthread_cond_signal(&came);
    pthread_mutex_unlock(&lock);
    if (has_thread) {
        pthread_join(thread, NULL);
        has_thread = false;
    }
    while (first != NULL) {
        Request *next = first->next;
        mem_free(first);
        first = next;
    }
    last = &first;
}

void jit_request(Function *function, bool wait)
{
    bool ours;
    pthread_mutex_lock(&lock);
    ours = !stopping && function->native_state == STATE_NONE;
    if (ours) {
        function->native_state = STATE_QUEUED;
        stats.requests++;
        if (!wait) {
            Request *request = mem_alloc(sizeof *request);
            *request = (Request){NULL, function};
            *last = request;
            last = &request->next;
            if (!has_thread) {
                start_thread();
            }
            pthread_cond_signal(&came);
        }
    }
    pthread_mutex_unlock(&lock);
    if (ours && wait) {
        compile_and_publish(function);
    }
}

void jit_forget_module(const LoadedModule *module)
{
    pthread_mutex_lock(&lock);
    for (uint32_t i = 0; i < module->function_count; i++) {
        module->functions[i].native_state = STATE_DONE; /* no request any more */
    }
    last = &first;
    while (*last != NULL) {
        Request *request = *last;
        if (request->function->owner == module) {
            *last = request->next;
            mem_free(request);
        } else {
            last = &request->next;
        }
    }
    while (at_work == module) {
        pthread_cond_wait(&done, &lock);
    }
    pthread_mutex_unlock(&lock);
}

NativeCode *jit_withhold(Function *function, const void *interpret)
{
    CodeHeader *header = code_header(function->owner->code + function->code_offset);
    NativeCode *native;
    pthread_mutex_lock(&compiling);
    pthread_mutex_lock(&lock);
    function->native_state = STATE_WITHHELD;
    pthread_mutex_unlock(&lock);
    native = function->native;
    __atomic_store_n(&function->native, NULL, __ATOMIC_RELEASE);
    __atomic_store_n(&header->native, interpret, __ATOMIC_RELEASE);
    pthread_mutex_unlock(&compiling);
    return native;
}

void jit_release(Function *function, NativeCode *native)
{
    pthread_mutex_lock(&compiling);
    if (native != NULL) {
        publish(function, native);
    }
    pthread_mutex_lock(&lock);
    function->native_state = native != NULL ? STATE_DONE : STATE_NONE;
    pthread_mutex_unlock(&lock);
    pthread_mutex_unlock(&compiling);
}

void jit_free_module(LoadedModule *module)
{
    for (uint32_t i = 0; i < module->function_count; i++) {
        NativeCode *native = module->functions[i].native;
        if (native != NULL) {
            cache_free(native->block);
            mem_free(native);
        }
    }
}

void jit_stats(JitStats *out)
{
    pthread_mutex_lock(&lock);
    *out = stats;
    out->code_bytes = __atomic_load_n(&stats.code_bytes, __ATOMIC_RELAXED);
    out->place_bytes = __atomic_load_n(&stats.place_bytes, __ATOMIC_RELAXED);
    pthread_mutex_unlock(&lock);
}
