/* runtime/report.c
 * See report.h. The reporter is started by the first report and waits for messages
 * {uncaught, Pid, Reason, Microseconds, GroupLeader} and {max_heap, Pid, Figures, Microseconds,
 * GroupLeader}; after each it calls muster_machine:report_written/0.
 *
 *   made, written   any thread: add full / load acquire; pending while they differ
 *   reporter        whoever wins the swap from 0 / load acquire; a pid term */
#include "runtime/report.h"

#include "proc/atomic.h"
#include "proc/signal.h"
#include "runtime/bif_process.h"
#include "runtime/bif_tables.h"
#include "runtime/interpret.h"
#include "runtime/output.h"
#include "runtime/term/bits.h"
#include "runtime/term/copy.h"
#include "runtime/term/mem.h"
#include "runtime/term/print.h"
#include "runtime/term/world.h"

#include <time.h>
#include <unistd.h>

static volatile AO_t made, written, reporter;
static Lock starting;

enum { FRAME_WORDS = 16, FALLBACK_BYTES = 64 * 1024, NS_A_US = 1000 };

bool reports_pending(void)
{
    return AO_load_acquire(&made) != AO_load_acquire(&written);
}

void reports_wait(uint64_t timeout_ms)
{
    struct timespec pause = {0, 1000000};
    for (uint64_t waited = 0; waited < timeout_ms && reports_pending(); waited++) {
        nanosleep(&pause, NULL);
    }
}

void reports_forget(void)
{
    AO_store(&made, 0);
    AO_store(&written, 0);
    AO_store(&reporter, 0);
}

static void write_all(const uint8_t *bytes, size_t size_bytes)
{
    output_flush(STDOUT_FILENO);
    output_add(STDERR_FILENO, bytes, size_bytes);
    output_flush(STDERR_FILENO);
}

/* Without the library: the reporter itself failed. */
static void print_plainly(Term pid, Term reason)
{
    Text text = {0};
    text_add_string(&text, "Error in process ");
    term_print(&text, pid, 0);
    text_add_string(&text, " with exit value:\n");
    term_print(&text, reason, FALLBACK_BYTES);
    text_add_string(&text, "\n\n");
    write_all((const uint8_t *) text.bytes, text.size_bytes);
    text_finish(&text);
}

static Process *start_reporter(Process *p)
{
    SpawnOptions options;
    spawn_options_init(&options);
    options.module = ATOM_muster_report;
    options.function = ATOM_loop;
    options.entry = code_export(ATOM_muster_report, ATOM_loop, 0);
    options.stack_words = FRAME_WORDS;
    options.flags = PROCESS_SYSTEM;
    options.max_heap_words = 0;
    return process_spawn(p, &options, NULL, 0, NULL);
}

/* The reporter's pid, started when there is none; TERM_NONE: it cannot be. */
static Term reporter_pid(Process *p)
{
    Term pid = (Term) AO_load_acquire(&reporter);
    if (pid != 0 && process_exists(pid)) {
        return pid;
    }
    lock_acquire(&starting);
    pid = (Term) AO_load_acquire(&reporter);
    Process *started = NULL;
    if (pid == 0 || !process_exists(pid)) {
        started = start_reporter(p);
        pid = started == NULL ? TERM_NONE : started->pid;
        AO_store_release(&reporter, started == NULL ? 0 : (AO_t) pid);
    }
    lock_release(&starting);
    if (started != NULL) {
        sched_spawned(started);
    }
    return pid;
}

/* Hands {Kind, Pid, What, …} to the reporter. False: it cannot be. */
static bool report(Process *p, Space *space, Term kind, Term what)
{
    const Term parts[] = {
        kind,
        p->pid,
        what,
        make_int64(space, (int64_t) (world_system_ns() / NS_A_US)),
        p->group_leader,
    };
    AO_fetch_and_add1_full(&made);
    Term pid = reporter_pid(p);
    Message *message =
        pid == TERM_NONE ? NULL : message_of(make_tuple(space, parts, COUNT_OF(parts)));
    if (message == NULL) {
        AO_fetch_and_add1_full(&written);
        return false;
    }
    process_send_message(pid, message);
    return true;
}

void report_uncaught(Process *p, Term reason)
{
    if (p->flags & PROCESS_NO_REPORT) {
        return;
    }
    p->flags |= PROCESS_NO_REPORT;
    if (p->flags & PROCESS_SYSTEM) {
        print_plainly(p->pid, reason);
        if (p->initial_module == atom_index(ATOM_muster_report)) {
            AO_store_release(&written, AO_load_acquire(&made)); /* it will write no more */
        }
        return;
    }
    if (!report(p, &p->heap.space, ATOM_uncaught, reason)) {
        print_plainly(p->pid, reason);
    }
}

void report_max_heap(Process *p)
{
    if (p->flags & (PROCESS_MAX_HEAP_NO_LOG | PROCESS_SYSTEM)) {
        return;
    }
    ArenaSpace *arena = arena_space_create(); /* there is no more room in its heap */
    Space *space = arena_space(arena);
    size_t used = heap_used_words(&p->heap);
    if (!(p->flags & PROCESS_OFF_HEAP_QUEUE)) {
        used += mailbox_words(&p->mailbox);
    }
    const Term figures[] = {
        make_int64(space, (int64_t) p->heap.max_words),
        make_int64(space, (int64_t) used),
        term_bool(!(p->flags & PROCESS_MAX_HEAP_NO_KILL)),
        make_int64(space, (int64_t) p->mailbox.count),
        process_collector_figures(space, p),
    };
    report(p, space, ATOM_max_heap, make_list(space, figures, COUNT_OF(figures), TERM_NIL));
    arena_space_destroy(arena);
}

/* muster_machine:write_error(Bytes): to standard error, at once. */
Term bif_report_write_1(Process *p, const Term args[])
{
    ByteBuffer buffer = {0};
    if (!iodata_bytes(args[0], &buffer)) {
        mem_free(buffer.bytes);
        return bif_badarg(p);
    }
    write_all(buffer.bytes, buffer.size_bytes);
    mem_free(buffer.bytes);
    return ATOM_ok;
}

/* muster_machine:report_written(): one report less is pending. */
Term bif_report_written_0(Process *p, const Term args[])
{
    if (reports_pending()) {
        AO_fetch_and_add1_full(&written);
    }
    return ATOM_ok;
}
