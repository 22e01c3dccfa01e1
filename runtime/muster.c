/* runtime/muster.c
 * The machine inside a host program: see muster.h. Everything a host does with processes goes
 * through what Erlang offers: messages, and a few processes of muster_host (stdlib). A mailbox of
 * the host is a process that hands each message to a queue here.
 *
 *   structure       written by                      under
 *   mailboxes       host threads                    mailboxes_lock
 *   a queue         its process, host threads       the mailbox's lock; `arrived` is signalled
 *   group_leader    muster_start, before others     - */
#include "runtime/muster.h"

#include "compiler/bytecode/external_fun.h"
#include "proc/registry.h"
#include "proc/thread.h"
#include "runtime/bif_process.h"
#include "runtime/bif_tables.h"
#include "runtime/interpret.h"
#include "runtime/library.h"
#include "runtime/machine.h"
#include "runtime/muster_internal.h"
#include "runtime/output.h"
#include "runtime/report.h"
#include "runtime/term/copy.h"
#include "runtime/term/mem.h"
#include "runtime/term/world.h"
#include "runtime/version.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>

enum { NS_A_MS = 1000000, LOOK_AROUND_MS = 50, REPORTS_MS = 2000, SCHEDULERS_MOST = 1024 };

static Term group_leader = ATOM_undefined;
static bool started;
bool muster_is_known;

/* ---- spawning ---- */

static Term spawn(const char *module, const char *function, const Term args[], size_t count,
                  uint32_t flags)
{
    Term module_atom = muster_atom(module), function_atom = muster_atom(function);
    SpawnOptions options;
    Term pid = MUSTER_NONE;
    Process *p;
    bool entered;
    if (module_atom == MUSTER_NONE || function_atom == MUSTER_NONE || count > UINT8_MAX) {
        return MUSTER_NONE;
    }
    entered = thread_enter();
    spawn_options_init(&options);
    options.module = module_atom;
    options.function = function_atom;
    options.arity = (uint32_t) count;
    options.fun = TERM_NONE;
    options.entry = code_export(module_atom, function_atom, (uint32_t) count);
    options.stack_words = (uint32_t) count + 8;
    options.group_leader = group_leader;
    options.flags |= flags;
    p = process_spawn(NULL, &options, args, count, NULL);
    if (p != NULL) {
        pid = p->pid;
        sched_spawned(p);
    }
    thread_leave(entered);
    return pid;
}

MusterTerm muster_spawn(const char *module, const char *function, const MusterTerm arguments[],
                        size_t count)
{
    return spawn(module, function, arguments, count, 0);
}

bool muster_send(MusterTerm to, MusterTerm message)
{
    bool entered = thread_enter();
    SendResult result = process_send(NULL, to, message, NULL);
    thread_leave(entered);
    return result == SEND_OK;
}

void muster_exit(MusterTerm pid, MusterTerm reason)
{
    bool entered = thread_enter();
    if (term_is_local_pid(pid)) {
        process_send_exit(NULL, pid, reason);
    }
    thread_leave(entered);
}

MusterTerm muster_whereis(const char *name)
{
    MusterTerm atom = muster_atom(name);
    bool entered = thread_enter();
    Term found = atom == MUSTER_NONE ? MUSTER_NONE : registry_find(atom);
    thread_leave(entered);
    return found;
}

bool muster_is_alive(MusterTerm pid)
{
    bool entered = thread_enter();
    bool alive = term_is_local_pid(pid) && process_exists(pid);
    thread_leave(entered);
    return alive;
}

/* ---- mailboxes ---- */

typedef struct Letter Letter;
struct Letter {
    Letter *next;
    ArenaSpace *arena;
    Term value;
};

struct MusterMailbox {
    MusterMailbox *next; /* in `mailboxes` */
    int64_t id;
    Term pid;
    pthread_mutex_t lock;
    pthread_cond_t arrived;
    Letter *first, **last;
};

static pthread_mutex_t mailboxes_lock = PTHREAD_MUTEX_INITIALIZER;
static MusterMailbox *mailboxes;
static int64_t last_id;

static void letter_destroy(Letter *letter)
{
    arena_space_destroy(letter->arena);
    mem_free(letter);
}

/* host_deliver(Id, Message): into the host's queue, if it is there still. */
Term bif_host_deliver_2(Process *p, const Term args[])
{
    Letter *letter = mem_alloc(sizeof *letter);
    MusterMailbox *mailbox;
    letter->next = NULL;
    letter->arena = arena_space_create();
    letter->value = term_copy_flat(arena_space(letter->arena), args[1]);
    if (letter->value == TERM_LIMIT) {
        letter_destroy(letter);
        return bif_error(p, ATOM_system_limit);
    }
    pthread_mutex_lock(&mailboxes_lock);
    mailbox = mailboxes;
    while (mailbox != NULL && term_small(mailbox->id) != args[0]) {
        mailbox = mailbox->next;
    }
    if (mailbox != NULL) {
        pthread_mutex_lock(&mailbox->lock);
        *mailbox->last = letter;
        mailbox->last = &letter->next;
        pthread_cond_signal(&mailbox->arrived);
        pthread_mutex_unlock(&mailbox->lock);
    }
    pthread_mutex_unlock(&mailboxes_lock);
    if (mailbox == NULL) {
        letter_destroy(letter);
    }
    return ATOM_ok;
}

MusterMailbox *muster_mailbox_create(void)
{
    MusterMailbox *mailbox = mem_alloc_zero(sizeof *mailbox);
    Term id;
    pthread_mutex_init(&mailbox->lock, NULL);
    pthread_cond_init(&mailbox->arrived, NULL);
    mailbox->last = &mailbox->first;
    pthread_mutex_lock(&mailboxes_lock);
    mailbox->id = ++last_id;
    mailbox->next = mailboxes;
    mailboxes = mailbox;
    pthread_mutex_unlock(&mailboxes_lock);
    id = term_small(mailbox->id);
    mailbox->pid = spawn("muster_host", "mailbox", &id, 1, 0);
    if (mailbox->pid == MUSTER_NONE) {
        muster_mailbox_destroy(mailbox);
        return NULL;
    }
    return mailbox;
}

MusterTerm muster_mailbox_pid(const MusterMailbox *mailbox)
{
    return mailbox->pid;
}

/* Waits, in pieces: nobody tells the host's threads that the machine halted. */
static Letter *take_letter(MusterMailbox *mailbox, int64_t timeout_ms)
{
    Letter *letter;
    pthread_mutex_lock(&mailbox->lock);
    while (mailbox->first == NULL && timeout_ms != 0 && !sched_is_halting()) {
        struct timespec until;
        int64_t piece = timeout_ms < 0 || timeout_ms > LOOK_AROUND_MS ? LOOK_AROUND_MS : timeout_ms;
        world_host_deadline((uint64_t) piece * NS_A_MS, &until);
        if (pthread_cond_timedwait(&mailbox->arrived, &mailbox->lock, &until) == ETIMEDOUT &&
            timeout_ms > 0) {
            timeout_ms -= piece;
        }
    }
    letter = mailbox->first;
    if (letter != NULL) {
        mailbox->first = letter->next;
        if (letter->next == NULL) {
            mailbox->last = &mailbox->first;
        }
    }
    pthread_mutex_unlock(&mailbox->lock);
    return letter;
}

MusterTerm muster_receive(MusterMailbox *mailbox, MusterSpace *space, int64_t timeout_ms)
{
    Letter *letter = take_letter(mailbox, timeout_ms);
    MusterTerm value;
    if (letter == NULL) {
        return MUSTER_NONE;
    }
    value = muster_copy(space, letter->value);
    letter_destroy(letter);
    return value;
}

void muster_mailbox_destroy(MusterMailbox *mailbox)
{
    pthread_mutex_lock(&mailboxes_lock);
    for (MusterMailbox **at = &mailboxes; *at != NULL; at = &(*at)->next) {
        if (*at == mailbox) {
            *at = mailbox->next;
            break;
        }
    }
    pthread_mutex_unlock(&mailboxes_lock);
    if (mailbox->pid != MUSTER_NONE && !sched_is_halting()) {
        muster_exit(mailbox->pid, ATOM_kill);
    }
    while (mailbox->first != NULL) {
        Letter *letter = mailbox->first;
        mailbox->first = letter->next;
        letter_destroy(letter);
    }
    pthread_cond_destroy(&mailbox->arrived);
    pthread_mutex_destroy(&mailbox->lock);
    mem_free(mailbox);
}

/* ---- calls ---- */

MusterOutcome muster_call(const char *module, const char *function, const MusterTerm arguments[],
                          size_t count, MusterSpace *space, int64_t timeout_ms, MusterTerm *result)
{
    MusterMailbox *mailbox = muster_mailbox_create();
    MusterSpace *scratch;
    MusterOutcome outcome = MUSTER_FAILED;
    Term answer, call[4];
    *result = MUSTER_NONE;
    if (mailbox == NULL) {
        return MUSTER_FAILED;
    }
    scratch = muster_space_create();
    call[0] = mailbox->pid;
    call[1] = muster_atom(module);
    call[2] = muster_atom(function);
    call[3] = muster_list(scratch, arguments, count);
    if (call[1] != MUSTER_NONE && call[2] != MUSTER_NONE && call[3] != MUSTER_NONE &&
        spawn("muster_host", "call", call, 4, 0) != MUSTER_NONE) {
        answer = muster_receive(mailbox, space, timeout_ms);
        outcome = answer == MUSTER_NONE                      ? MUSTER_TIMEOUT
                  : pair_key(answer) == atom_of("exception") ? MUSTER_EXCEPTION
                                                             : MUSTER_VALUE;
        if (answer != MUSTER_NONE) {
            *result = pair_value(answer);
        }
    }
    muster_space_destroy(scratch);
    muster_mailbox_destroy(mailbox);
    return outcome;
}

/* ---- code ---- */

static Module *compile(const void *text, size_t size_bytes, const char *name, Text *messages)
{
    Diagnostics diagnostics;
    CompileOptions options = {
        .path = name, .text = text, .text_bytes = size_bytes, .parse = &library_parse_options};
    Module *module;
    diagnostics_init(&diagnostics);
    module = compile_source(&options, &diagnostics);
    diagnostics_sort(&diagnostics);
    diagnostics_print(&diagnostics, name, text, size_bytes, messages);
    diagnostics_finish(&diagnostics);
    return module;
}

static bool has_old(Term name)
{
    bool entered = thread_enter();
    bool has = code_module(name) != NULL && code_old(name) != NULL;
    thread_leave(entered);
    return has;
}

/* As code:load_binary: what ran in the version before the last one ends. */
static void make_way(Term name)
{
    MusterSpace *space = muster_space_create();
    Term ignored;
    if (has_old(name)) {
        muster_call("code", "purge", &name, 1, space, -1, &ignored);
    }
    muster_space_destroy(space);
}

static bool run_on_load(Term name)
{
    MusterSpace *space = muster_space_create();
    Term args[2] = {name, ATOM_true}, answer;
    bool accepted =
        muster_call("muster_on_load", "finish", args, 2, space, -1, &answer) == MUSTER_VALUE &&
        answer == ATOM_true;
    muster_space_destroy(space);
    return accepted;
}

MusterTerm muster_load(const void *bytes, size_t size_bytes, const char *name, char **errors)
{
    char error[512];
    Text messages = {0};
    bool is_code = bytes_are_module(bytes, size_bytes);
    Module *module = is_code ? module_read(bytes, size_bytes, error, sizeof error)
                             : compile(bytes, size_bytes, name, &messages);
    Term loaded = MUSTER_NONE;
    if (module != NULL) {
        make_way(module->name);
        if (!code_load(module, error, sizeof error)) {
            text_addf(&messages, "%s: cannot be loaded: %s\n", name, error);
        } else if (code_waiting(module->name) != NULL && !run_on_load(module->name)) {
            text_addf(&messages, "%s: its on_load function refused it\n", name);
        } else {
            loaded = module->name;
        }
        module_destroy(module);
    } else if (is_code) {
        text_addf(&messages, "%s: %s\n", name, error);
    }
    if (errors != NULL) {
        *errors = messages.size_bytes > 0 ? mem_copy_string(messages.bytes) : NULL;
    }
    text_finish(&messages);
    return loaded;
}

/* ---- start and stop ---- */

const char *muster_version(void)
{
    return MUSTER_VERSION;
}

/* Processes of the host write through `user`. */
static bool start_io(void)
{
    MusterMailbox *mailbox = muster_mailbox_create();
    MusterSpace *space = muster_space_create();
    if (mailbox != NULL && spawn("muster_host", "start", &mailbox->pid, 1, 0) != MUSTER_NONE) {
        group_leader = muster_receive(mailbox, space, -1);
    }
    if (mailbox != NULL) {
        muster_mailbox_destroy(mailbox);
    }
    muster_space_destroy(space);
    return term_is_local_pid(group_leader);
}

static void init_once(void)
{
    if (!muster_is_known) {
        muster_is_known = true;
        atoms_init();
        external_fun_export = export_of;
        library_init();
    }
}

bool muster_start(const MusterOptions *given)
{
    MusterOptions options = {0};
    MachineOptions machine = {0};
    if (given != NULL) {
        options = *given;
    }
    if (started || options.schedulers > SCHEDULERS_MOST || options.max_processes > PROCESSES_MOST) {
        return false;
    }
    started = true;
    init_once();
    for (size_t i = 0; i < options.code_path_count; i++) {
        code_path_add(options.code_path[i], false);
    }
    machine.schedulers = options.schedulers;
    machine.no_smp = options.no_smp;
    machine.has_seed = options.has_seed;
    machine.seed = options.seed;
    machine.max_heap_words = options.max_heap_bytes / sizeof(Term);
    machine.max_processes = options.max_processes;
    machine_start(&machine);
    return start_io();
}

int muster_wait(void)
{
    return sched_wait();
}

int muster_stop(void)
{
    int code;
    if (!sched_is_halting()) {
        reports_wait(REPORTS_MS);
    }
    sched_halt(0);
    code = machine_wait();
    if (machine_end()) {
        group_leader = ATOM_undefined;
        started = false;
    }
    return code;
}
