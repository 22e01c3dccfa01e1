/* compiler/jit/thread.c
 *
 *   field                 written by                     read by        order
 *   queue, states, stats  any thread                     the same       under the lock
 *   Function.native       who compiled                   any thread     release / acquire
 *   CodeHeader.native     who compiled, after the above  native code    release / plain (an aligned
 *                                                                       word; the code it leads to
 * was complete before) CodeHeader.countdown  who compiled, last             interpreters   release
 * / relaxed: who reads 0 then asks Function.native */
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

/* Function.native_state: nobody asked for it; it is to get its first code; it has that; it is to
 * get better code; it has the best that it will get; it is to be interpreted. */
enum {
    STATE_NONE,
    STATE_QUEUED,
    STATE_QUICK,
    STATE_AGAIN,
    STATE_OPTIMISED,
    STATE_FINAL,
    STATE_WITHHELD
};
enum {
    SAMPLES = 4, /* until quick code is replaced */
    PUT_OFF_MOST = 2,
    FAILURES = 20, /* of a guess, until the function is compiled without it */
    VERSIONS_MOST = 12
};

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
static bool stopping, has_thread, waits;
static JitTier tier;
static pthread_t thread;
static JitStats stats;

/* Who enters the function from now on makes room for what its native code needs; so do collections
 * for its frames. */
static void ask_for_words(const Function *function, uint32_t words)
{
    CodeHeader *header = code_header(function->owner->code + function->code_offset);
    uint32_t most = code_most_frame_words;
    while (most < words && !atomic_compare_exchange_weak(&code_most_frame_words, &most, words)) {
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
    for (uint32_t i = 0; i < result->heir_count; i++) {
        /* A frame of the inlined one is its own by what the stack says; the code that it returns
         * to is this function's, with this function's registers in memory. */
        ask_for_words(result->heirs[i], result->frame_words);
    }
    native->start = native->block->start + code->label_offsets[result->entry];
    native->body_offset = code->label_offsets[result->body] - code->label_offsets[result->entry];
    native->place_count = 0;
    for (uint32_t i = 0; i < result->place_count; i++) {
        uint32_t offset = code->label_offsets[result->places[i].label];
        if (offset != UINT32_MAX) {
            native->places[native->place_count++] =
                (NativePlace){result->places[i].slot_offset, result->places[i].depth,
                              offset - code->label_offsets[result->entry]};
        }
    }
    __atomic_fetch_add(&stats.code_bytes, code->size, __ATOMIC_RELAXED);
    __atomic_fetch_add(&stats.place_bytes, bytes, __ATOMIC_RELAXED);
    return native;
}

static void check_code(const Function *function, const QuickResult *result)
{
    const uint32_t fixed =
        1u << R_PROCESS | 1u << R_HEAP | 1u << R_SP | 1u << R_ACTIVATION | 1u << R_REDUCTIONS;
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

/* Kinds for which guesses of any of the function's versions failed. */
static uint32_t failed(const Function *function, Code origin, GuessReason reason, uint32_t slot)
{
    uint32_t kinds = 0;
    for (const NativeCode *at = function->natives; at != NULL; at = at->older) {
        for (Guess *guess = at->guesses; guess != NULL; guess = guess->next) {
            if (guess->origin == origin && guess->reason == reason && guess->slot == slot) {
                kinds |= atomic_load_explicit(&guess->kinds, memory_order_relaxed);
            }
        }
    }
    return kinds;
}

static void funs_failed(const Function *function, Code origin, FunsSeen *seen)
{
    for (const NativeCode *at = function->natives; at != NULL; at = at->older) {
        for (Guess *guess = at->guesses; guess != NULL; guess = guess->next) {
            const FunEntry *fun = atomic_load_explicit(&guess->fun, memory_order_relaxed);
            if (guess->origin == origin && guess->reason == GUESS_FUN &&
                atomic_load_explicit(&guess->count, memory_order_relaxed) > 0) {
                funs_seen_add(seen, fun);
            }
        }
    }
}

/* Not while its calls are traced. */
static bool may_inline(const Function *function)
{
    return __atomic_load_n(&function->native_state, __ATOMIC_RELAXED) != STATE_WITHHELD;
}

/* Has it been optimised, so that its profiles are complete? Where it is at once, there are none. */
static bool is_settled(const Function *function, bool *soon)
{
    pthread_mutex_lock(&lock);
    uint8_t state = function->native_state;
    pthread_mutex_unlock(&lock);
    bool settled = tier != JIT_BOTH || state == STATE_OPTIMISED || state == STATE_FINAL;
    *soon = !settled && (state == STATE_QUEUED || state == STATE_QUICK || state == STATE_AGAIN);
    return settled;
}

static const Profile *profiles_of(const Function *function)
{
    return is_settled(function, &(bool){false}) ? function->profiles : NULL;
}

void jit_input(const Function *function, OptimiserInput *input)
{
    *input = (OptimiserInput){
        .function = function,
        .profiles = function->profiles,
        .profiles_of = profiles_of,
        .is_settled = is_settled,
        .may_put_off = function->natives != NULL && !function->natives->is_optimised &&
                       function->native_put_off < PUT_OFF_MOST,
        .failed = failed,
        .funs_failed = funs_failed,
        .may_inline = may_inline,
        .is_careful = function->native_versions + 1 >= VERSIONS_MOST,
    };
}

/* NULL: it got none; *put_off: for now. */
static NativeCode *compile(Function *function, bool optimise, bool *put_off)
{
    QuickResult result;
    MachineCode code;
    MachineOptions options = cache_machine_options();
    NativeCode *native;
    OptimiserInput input;
    jit_input(function, &input);
    if (optimise) {
        optimise = optimise_compile(&input, runtime, &result, put_off) == NULL;
    }
    if (!optimise && (function->natives != NULL || !quick_compile(function, runtime, &result))) {
        return NULL;
    }
    if (*runtime->check_code) {
        check_code(function, &result);
    }
    machine_encode(&result.machine, &options, &code);
    native = make_native(function, &result, &code);
    if (native != NULL) {
        native->is_optimised = optimise;
        native->guesses = result.guesses;
        native->older = function->natives;
        function->natives = native;
        native->inlined = result.inlined;
        native->inlined_count = result.inlined_count;
    } else {
        guess_destroy_all(result.guesses);
        mem_free(result.inlined);
    }
    machine_code_finish(&code);
    quick_result_finish(&result);
    return native;
}

/* The state in which the function is when it has this code, or (NULL) got none. */
static uint8_t state_with(const Function *function, const NativeCode *native)
{
    if (native == NULL || function->native_versions >= VERSIONS_MOST) {
        return STATE_FINAL;
    }
    return native->is_optimised ? STATE_OPTIMISED : tier == JIT_BOTH ? STATE_QUICK : STATE_FINAL;
}

static void publish(Function *function, NativeCode *native)
{
    CodeHeader *header = code_header(function->owner->code + function->code_offset);
    /* In this order: who sees the countdown at 0 must find the code. */
    __atomic_store_n(&function->native, native, __ATOMIC_RELEASE);
    __atomic_store_n(&header->native, native->start, __ATOMIC_RELEASE);
    __atomic_store_n(&header->countdown, 0, __ATOMIC_RELEASE);
}

/* Is it still to be compiled? It may have come to be traced, or its module to go. */
static bool is_wanted(const Function *function)
{
    pthread_mutex_lock(&lock);
    bool wanted = function->native_state == STATE_QUEUED || function->native_state == STATE_AGAIN;
    pthread_mutex_unlock(&lock);
    return wanted;
}

static void compile_and_publish(Function *function)
{
    uint64_t start = clock_ns != NULL ? clock_ns() : 0;
    NativeCode *native = NULL;
    pthread_mutex_lock(&compiling);
    bool wanted = is_wanted(function), first_time = function->natives == NULL, put_off = false;
    if (wanted) {
        native = compile(function, tier == JIT_OPTIMISED || !first_time, &put_off);
    }
    if (native != NULL) {
        publish(function, native);
    }
    pthread_mutex_lock(&lock);
    if (put_off) { /* until it was found to run as often once more */
        function->native_put_off++;
        function->native_samples = 0;
        function->native_state =
            function->native_state == STATE_AGAIN ? STATE_QUICK : function->native_state;
    } else if (wanted) {
        function->native_versions++;
        if (function->native_state != STATE_FINAL) { /* its module goes */
            function->native_state = state_with(function, native);
        }
    }
    if (native != NULL) {
        stats.functions++;
        stats.optimised += native->is_optimised;
        stats.again += !first_time && native->older->is_optimised;
        stats.slot_code_bytes += function->code_end - function->code_offset;
    } else if (wanted && first_time) {
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

void jit_start(const NativeRuntime *given, uint64_t (*clock)(void), JitTier wanted, bool wait)
{
    tier = wanted;
    waits = wait;
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

/* Goes from one state to the next that is queued, if it is in that; compiles or lets the thread do
 * it. */
static void request(Function *function, uint8_t from, uint8_t to)
{
    bool ours;
    pthread_mutex_lock(&lock);
    ours = !stopping && function->native_state == from;
    if (ours) {
        function->native_state = to;
        stats.requests++;
        if (!waits) {
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
    if (ours && waits) {
        compile_and_publish(function);
    }
}

void jit_request(Function *function)
{
    request(function, STATE_NONE, STATE_QUEUED);
}

/* Slots below 64 that hold terms at the function's entry or the safepoint `at`, and how many there
 * are. */
static uint64_t live_slots(const Function *function, Code at, uint32_t *slots)
{
    const LoadedModule *module = function->owner;
    uint32_t offset = (uint32_t) (at - module->code);
    *slots = 0;
    if (offset == function->code_offset) {
        *slots = function->arity + 1;
        return UINT64_MAX;
    }
    for (uint32_t i = 0; i < function->safepoint_count; i++) {
        const Safepoint *safepoint = &function->safepoints[i];
        if (safepoint->offset == offset) {
            *slots = safepoint->depth;
            return safepoint->map == 0 ? UINT64_MAX
                                       : module->maps[module->map_starts[safepoint->map]] << 1;
        }
    }
    return 0;
}

static Profile *profile_of(Function *function, Code place)
{
    Profile *profile = function->profiles;
    while (profile != NULL && profile->place != place) {
        profile = profile->next;
    }
    if (profile == NULL) {
        profile = mem_alloc_zero(sizeof *profile);
        profile->place = place;
        profile->next = function->profiles;
        function->profiles = profile;
    }
    return profile;
}

void jit_sample(Function *function, Code at, const Term *frame)
{
    uint32_t slots;
    bool enough;
    if (__atomic_load_n(&function->native_state, __ATOMIC_RELAXED) != STATE_QUICK) {
        return;
    }
    pthread_mutex_lock(&lock);
    if (function->native_state == STATE_QUICK) { /* else the compiler may be reading them */
        Profile *profile = profile_of(function, at);
        uint64_t live = live_slots(function, at, &slots);
        profile_look(profile, frame, slots, live);
        function->native_samples++;
    }
    enough = function->native_samples >= SAMPLES;
    pthread_mutex_unlock(&lock);
    if (enough) {
        request(function, STATE_QUICK, STATE_AGAIN);
    }
}

static bool is_of(const NativeCode *native, const Guess *guess)
{
    const Guess *at = native != NULL ? native->guesses : NULL;
    while (at != NULL && at != guess) {
        at = at->next;
    }
    return at != NULL;
}

void jit_guess_failed(Guess *guess, Term value)
{
    Function *function = (Function *) guess->function;
    uint32_t count = guess_failed(guess, value);
    if ((waits || count % FAILURES == 0) &&
        is_of(__atomic_load_n(&function->native, __ATOMIC_ACQUIRE), guess)) {
        request(function, STATE_OPTIMISED, STATE_AGAIN);
    }
}

void jit_settle(void)
{
    pthread_mutex_lock(&lock);
    while (has_thread && !stopping && (first != NULL || at_work != NULL)) {
        pthread_cond_wait(&done, &lock);
    }
    pthread_mutex_unlock(&lock);
}

void jit_forget_module(const LoadedModule *module)
{
    pthread_mutex_lock(&lock);
    for (uint32_t i = 0; i < module->function_count; i++) {
        module->functions[i].native_state = STATE_FINAL; /* no request any more */
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

static bool inlines(const NativeCode *native, const Function *function)
{
    uint32_t i = 0;
    while (i < native->inlined_count && native->inlined[i] != function) {
        i++;
    }
    return i < native->inlined_count;
}

/* If the code of `function` has `inlined` in it an older version takes its place, or there is none
 * until it is hot again. Under `compiling`. */
static void withdraw_inlining(Function *function, const Function *inlined, const void *interpret)
{
    CodeHeader *header = code_header(function->owner->code + function->code_offset);
    NativeCode *native = function->native;
    if (native == NULL || !inlines(native, inlined)) {
        return;
    }
    while (native != NULL && inlines(native, inlined)) {
        native = native->older;
    }
    __atomic_store_n(&function->native, native, __ATOMIC_RELEASE);
    __atomic_store_n(&header->native, native != NULL ? native->start : interpret, __ATOMIC_RELEASE);
    pthread_mutex_lock(&lock);
    function->native_state = native != NULL ? state_with(function, native) : STATE_NONE;
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
    for (uint32_t i = 0; i < function->owner->function_count; i++) {
        withdraw_inlining(&function->owner->functions[i], function, interpret);
    }
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
    function->native_state = native != NULL ? state_with(function, native) : STATE_NONE;
    pthread_mutex_unlock(&lock);
    pthread_mutex_unlock(&compiling);
}

void jit_free_module(LoadedModule *module)
{
    for (uint32_t i = 0; i < module->function_count; i++) {
        Function *function = &module->functions[i];
        for (NativeCode *native = function->natives, *older; native != NULL; native = older) {
            older = native->older;
            cache_free(native->block);
            guess_destroy_all(native->guesses);
            mem_free(native->inlined);
            mem_free(native);
        }
        for (Profile *profile = function->profiles, *next; profile != NULL; profile = next) {
            next = profile->next;
            mem_free(profile);
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
