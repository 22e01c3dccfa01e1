/* proc/process.c
 * Making and ending processes, their roots and small change. The table is in table.c, the process
 * dictionary in dictionary.c.
 *
 * A process ends in steps, so that one with a hundred thousand links does not hold up its
 * scheduler: hide it from name and pid, close its inbox and refuse what was there, tell each
 * relation, free the queue, free the rest. The struct itself is retired: others may be looking at
 * its inbox. */
#include "proc/process.h"

#include "proc/registry.h"
#include "proc/seq_token.h"
#include "proc/signal_receive.h"
#include "proc/table.h"
#include "proc/thread_state.h"
#include "runtime/term/copy.h"
#include "runtime/term/mem.h"
#include "runtime/term/print.h"
#include "runtime/term/ref.h"

#include <stdio.h>

enum {
    MIN_HEAP_WORDS = 60,
    FREE_PROCESSES_MOST = 1024,
    STEP_RELATIONS = 512,   /* told in one step, with a small reason */
    STEP_MESSAGES = 8192,   /* freed in one step */
    STEP_REASON_WORDS = 32, /* of reason cost as much as one relation */
};

ProcessHooks process_hooks;
uint32_t process_min_heap_words = MIN_HEAP_WORDS;
uint16_t process_fullsweep_after = UINT16_MAX;
size_t process_max_heap_words;
uint32_t process_max_heap_flags;

/* ---- structs, recycled by each thread ---- */

static Process *take_struct(void)
{
    Thread *self = thread_self;
    Process *p = self->free_processes;
    if (LIKELY(p != NULL)) {
        self->free_processes = p->next;
        self->free_process_count--;
    } else {
        p = mem_alloc(sizeof *p);
    }
    memset(p, 0, sizeof *p);
    return p;
}

static void free_struct(void *block)
{
    Thread *self = thread_self;
    Process *p = block;
    if (self == NULL || self->free_process_count >= FREE_PROCESSES_MOST) {
        mem_free_sized(p, sizeof *p);
        return;
    }
    p->next = self->free_processes;
    self->free_processes = p;
    self->free_process_count++;
}

void process_thread_leaves(Thread *thread)
{
    table_thread_leaves(thread);
    while (thread->free_processes != NULL) {
        Process *p = thread->free_processes;
        thread->free_processes = p->next;
        mem_free_sized(p, sizeof *p);
    }
    thread->free_process_count = 0;
}

/* ---- making ---- */

void spawn_options_init(SpawnOptions *options)
{
    *options = (SpawnOptions){
        .module = ATOM_undefined,
        .function = ATOM_undefined,
        .fun = TERM_NONE,
        .tag = TERM_NONE,
        .priority = PRIORITY_NORMAL,
        .fullsweep_after = process_fullsweep_after,
        .min_heap_words = process_min_heap_words,
        .max_heap_words = process_max_heap_words,
        .flags = process_max_heap_flags,
        .group_leader = TERM_NONE,
    };
}

/* Copies into the child's heap. */
static bool copy_in(Process *child, Term from, Term *to)
{
    *to = from;
    if (term_is_literal(from)) {
        return true;
    }
    *to = term_copy(&child->heap.space, from);
    return *to != TERM_LIMIT;
}

enum { ARGS_MOST = 256 };

static bool copy_args(Process *child, const SpawnOptions *options, const Term args[], size_t count)
{
    Term copies[ARGS_MOST + 1];
    CHECK(count <= ARGS_MOST);
    for (size_t i = 0; i < count; i++) {
        if (!copy_in(child, args[i], &copies[i])) {
            return false;
        }
    }
    if (!copy_in(child, options->fun, &copies[count]) ||
        !copy_in(child, child->group_leader, &child->group_leader)) {
        return false;
    }
    process_hooks.first_frame(child, options, copies, count);
    return true;
}

static void relate_to_parent(Process *child, Process *parent, const SpawnOptions *options,
                             Term *monitor_ref)
{
    if (options->link) {
        relations_insert(child, RELATION_LINK, parent->pid);
        relations_insert(parent, RELATION_LINK, child->pid);
    }
    if (options->monitor) {
        *monitor_ref =
            signal_new_monitor(parent, child->pid, TERM_NONE, options->alias, options->tag);
        Relation *watcher = relations_insert(child, RELATION_WATCHER, ref_number(*monitor_ref));
        watcher->other = parent->pid;
        watcher->alias = options->alias != ALIAS_NONE;
    }
}

Process *process_spawn(Process *parent, const SpawnOptions *options, const Term args[],
                       size_t count, Term *monitor_ref)
{
    Term pid = table_reserve();
    if (UNLIKELY(pid == TERM_NONE)) {
        return NULL;
    }
    size_t words = options->stack_words;
    for (size_t i = 0; i < count; i++) {
        words += term_copy_words(args[i]);
    }
    if (options->fun != TERM_NONE) {
        words += term_copy_words(options->fun);
    }
    words += words / 3 + 2 * HEAP_MARGIN_WORDS; /* heap_init keeps a part for the stack */
    Process *p = take_struct();
    if (!heap_init(&p->heap, words > options->min_heap_words ? words : options->min_heap_words,
                   options->fullsweep_after, options->max_heap_words)) {
        free_struct(p);
        table_release(pid);
        return NULL;
    }
    p->pid = pid;
    p->parent = parent == NULL ? ATOM_undefined : parent->pid;
    p->group_leader =
        options->group_leader != TERM_NONE ? options->group_leader : parent->group_leader;
    p->exception_class = p->exception_reason = p->exception_trace = TERM_NONE;
    p->initial_module = atom_index(options->module);
    p->initial_function = atom_index(options->function);
    p->initial_arity = (uint8_t) options->arity;
    p->priority = options->priority;
    p->flags = options->flags;
    mailbox_init(&p->mailbox);
    if (!copy_args(p, options, args, count)) {
        heap_finish(&p->heap);
        free_struct(p);
        table_release(pid);
        return NULL;
    }
    process_publish_figures(p);
    relate_to_parent(p, parent, options, monitor_ref);
    if (UNLIKELY(parent != NULL && parent->flags & PROCESS_SEQ_TOKEN)) {
        seq_token_spawn(parent, p);
    }
    table_publish(p);
    return p;
}

/* ---- ending ---- */

void process_exit(Process *p, Term reason)
{
    if (!(p->flags & PROCESS_EXITING)) {
        p->exception_class = ATOM_exit;
        p->exception_reason = reason;
        p->flags |= PROCESS_EXITING;
    }
}

/* From here on nobody reaches the process. */
static void hide(Process *p)
{
    if (process_hooks.exited != NULL) {
        process_hooks.exited(p, p->exception_reason);
    }
    if (AO_int_load_acquire(&p->timer.wheel) != 0) {
        process_hooks.cancel_receive_timer(p);
    }
    registry_close(p);
    table_release(p->pid);
    for (Message *message = mailbox_close(&p->mailbox); message != NULL;) {
        Message *next = message->next;
        signal_refuse(p->pid, message);
        message = next;
    }
}

/* Exiting processes are not asked before literals leave. */
static void keep_reason(Process *p)
{
    if (!(p->flags & PROCESS_REASON_KEPT)) {
        Term kept = term_copy_flat(&p->heap.space, p->exception_reason);
        p->exception_reason = kept == TERM_LIMIT ? ATOM_system_limit : kept;
        p->flags |= PROCESS_REASON_KEPT;
    }
}

/* Tells some relations, links first, as OTP does; true when all were told. */
static bool tell_relations(Process *p, ProcessExtra *extra)
{
    Relations *relations = extra->relations;
    if (relations == NULL) {
        return true;
    }
    Term reason = p->exception_reason;
    size_t cost = 1 + term_copy_words(reason) / STEP_REASON_WORDS;
    size_t used = relations->used;
    for (size_t spent = 0; extra->exit_position < 2 * used; extra->exit_position++) {
        bool links = extra->exit_position < used;
        const Relation *relation = &relations->entries[extra->exit_position - (links ? 0 : used)];
        if (relation->used && (relation->kind == RELATION_LINK) == links) {
            if (spent >= STEP_RELATIONS) {
                keep_reason(p);
                return false;
            }
            signal_end(p, relation, reason);
            spent += cost;
        }
    }
    return true;
}

/* Frees some messages; true when all are freed. */
static bool free_messages(Process *p)
{
    Mailbox *mailbox = &p->mailbox;
    for (size_t freed = 0; mailbox->count > STEP_MESSAGES; freed++) {
        if (freed == STEP_MESSAGES) {
            return false;
        }
        Message *message = mailbox->first;
        mailbox->first = message->next;
        mailbox->count--;
        message_destroy(message);
    }
    return true;
}

static void free_extra(ProcessExtra *extra)
{
    if (extra != NULL) {
        relations_destroy(extra->relations);
        mem_free(extra->dictionary);
        mem_free(extra->old_marks);
        if (extra->seq_token != NULL) {
            seq_token_release(extra->seq_token);
        }
        mem_free_sized(extra, sizeof *extra);
    }
}

enum { EXIT_HIDE, EXIT_TELL, EXIT_FREE };

bool process_exit_step(Process *p)
{
    ASSERT(p->flags & PROCESS_EXITING);
    bool begun = p->extra != NULL && p->extra->exit_stage != EXIT_HIDE;
    if (!begun) {
        hide(p);
    }
    if (UNLIKELY(p->mailbox.count > STEP_MESSAGES)) {
        process_extra(p); /* remembers how far it got */
    }
    ProcessExtra *extra = p->extra;
    if (extra != NULL) {
        if (extra->exit_stage <= EXIT_TELL) {
            extra->exit_stage = EXIT_TELL;
            if (!tell_relations(p, extra)) {
                return false;
            }
            extra->exit_stage = EXIT_FREE;
        }
        if (!free_messages(p)) {
            return false;
        }
    }
    mailbox_finish(&p->mailbox);
    heap_finish(&p->heap);
    free_extra(extra);
    p->extra = NULL;
    thread_retire(p, free_struct);
    return true;
}

static void discard(Process *p, void *unused)
{
    if (process_hooks.exited != NULL) {
        process_hooks.exited(p, TERM_NONE);
    }
    for (Message *message = mailbox_close(&p->mailbox); message != NULL;) {
        Message *next = message->next;
        message_destroy(message);
        message = next;
    }
    mailbox_finish(&p->mailbox);
    heap_finish(&p->heap);
    free_extra(p->extra);
    table_release(p->pid);
    thread_retire(p, free_struct);
}

void processes_finish(void)
{
    processes_each(discard, NULL);
    thread_drain();
}

/* ---- roots and the rest ---- */

void process_visit_roots(Process *p, GcVisitor *visitor)
{
    gc_visit(visitor, &p->exception_class, 3);
    gc_visit(visitor, p->saved, COUNT_OF(p->saved));
    gc_visit(visitor, &p->group_leader, 1);
    if (p->extra != NULL) {
        gc_visit(visitor, p->extra->dictionary, 2 * (size_t) p->extra->dictionary_capacity);
    }
    mailbox_visit_roots(&p->mailbox, visitor);
    process_hooks.visit_frames(p, visitor);
}
static_assert(offsetof(Process, exception_trace) - offsetof(Process, exception_class) ==
                  2 * sizeof(Term),
              "visited as one run of slots");

static void visit_owner(void *owner, GcVisitor *visitor)
{
    process_visit_roots(owner, visitor);
}

GcRoots process_roots(Process *p)
{
    return (GcRoots){visit_owner, p};
}

ProcessExtra *process_extra(Process *p)
{
    if (p->extra == NULL) {
        p->extra = mem_alloc_zero(sizeof *p->extra);
        p->extra->error_handler = TERM_NONE;
    }
    return p->extra;
}

void process_publish_figures(Process *p)
{
    const Heap *heap = &p->heap;
    AO_store(&p->figures.total_words, heap_total_words(heap));
    AO_store(&p->figures.used_words, heap_used_words(heap));
    AO_store(&p->figures.off_heap_bytes, heap->space.off_heap_bytes + heap->old_off_heap_bytes);
}

size_t process_memory_bytes(Process *p)
{
    size_t bytes = sizeof *p + heap_total_words(&p->heap) * sizeof(Term);
    if (p->extra != NULL) {
        bytes += sizeof *p->extra + 2 * p->extra->dictionary_capacity * sizeof(Term);
        if (p->extra->relations != NULL) {
            bytes += sizeof(Relations) + p->extra->relations->capacity * sizeof(Relation);
        }
    }
    for (const Message *message = p->mailbox.first; message != NULL; message = message->next) {
        bytes += sizeof(Fragment) + message->words * sizeof(Term);
    }
    return bytes;
}

void process_dump(Process *p)
{
    Text text = {0};
    text_add_string(&text, "process ");
    term_print(&text, p->pid, 0);
    text_add_string(&text, " ");
    term_print(&text, term_atom(p->initial_module), 0);
    text_add_string(&text, ":");
    term_print(&text, term_atom(p->initial_function), 0);
    text_addf(&text, "/%u flags %#x messages %u heap %zu words", p->initial_arity, p->flags,
              p->mailbox.count, heap_used_words(&p->heap));
    fprintf(stderr, "%s\n", text.bytes);
    text_finish(&text);
}
