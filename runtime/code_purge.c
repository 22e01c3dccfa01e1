/* runtime/code_purge.c
 * Purging: freeing a version of a module that is no longer current. What is done in which order,
 * and who is killed, is in stdlib/muster_purge.erl; here is what it takes:
 *
 *   start     the version's funs lead to their stubs, its literals are declared to be leaving
 *   is_known  every thread passed a quiescent point: no process comes newly into the code, no term
 *             with such a literal is on its way
 *   ...       each process is asked whether it has frames in the code, then to take what it refers
 *             to of the literals into its heap
 *   end       the version is taken out of all tables, and freed when every thread was quiescent
 *
 *   purge     under code_lock */
#include "runtime/code.h"

#include "compiler/jit/thread.h"
#include "proc/mailbox.h"
#include "proc/thread.h"
#include "runtime/code_internal.h"
#include "runtime/interpret.h"
#include "runtime/term/literal.h"

static struct Purge {
    LoadedModule *module; /* NULL: nothing is purged */
    Term purger;
    uint64_t grace;
} purge;

/* Under code_lock. */
static void give_up(void)
{
    literal_leave(NULL);
    code_funs_attach(purge.module, true);
    purge.module = NULL;
}

/* Under code_lock. */
static LoadedModule *find(Term name, bool refused)
{
    LoadedModule *at = *code_module_slot(name);
    while (at != NULL && (at->name != name || !at->is_old || at->is_refused != refused)) {
        at = at->next;
    }
    return at;
}

const LoadedModule *code_purged(Term name)
{
    pthread_mutex_lock(&code_lock);
    const LoadedModule *module =
        purge.module != NULL && purge.module->name == name ? purge.module : NULL;
    pthread_mutex_unlock(&code_lock);
    return module;
}

PurgeStart code_purge_start(Term name, bool refused, Term purger)
{
    PurgeStart started = PURGE_STARTED;
    pthread_mutex_lock(&code_lock);
    if (purge.module != NULL && purge.purger != purger && process_exists(purge.purger)) {
        started = PURGE_BUSY;
    } else {
        if (purge.module != NULL) { /* its purger was killed */
            give_up();
        }
        purge.module = find(name, refused);
        purge.purger = purger;
        started = purge.module == NULL ? PURGE_NOTHING : PURGE_STARTED;
    }
    if (started == PURGE_STARTED) {
        code_funs_detach(purge.module);
        literal_leave(purge.module->literals);
        purge.grace = thread_grace_begin();
    }
    pthread_mutex_unlock(&code_lock);
    return started;
}

bool code_purge_is_known(void)
{
    pthread_mutex_lock(&code_lock);
    uint64_t grace = purge.grace;
    pthread_mutex_unlock(&code_lock);
    return thread_grace_is_over(grace);
}

bool code_purge_concerns(const FunEntry *fun)
{
    bool concerns = false;
    pthread_mutex_lock(&code_lock);
    if (purge.module != NULL && purge.module->name == fun->module) {
        for (uint32_t i = 0; i < purge.module->fun_count && !concerns; i++) {
            concerns = &purge.module->funs[i]->identity == fun;
        }
        concerns = concerns && process_exists(purge.purger);
    }
    pthread_mutex_unlock(&code_lock);
    return concerns;
}

bool code_purge_literals(Process *p)
{
    pthread_mutex_lock(&code_lock);
    /* It stays while the purger, who waits for this, lives; else there is nothing to be done. */
    const LiteralArea *area = purge.module != NULL ? purge.module->literals : NULL;
    pthread_mutex_unlock(&code_lock);
    if (area == NULL || area->words == 0 || p->frame == NULL) {
        return true;
    }
    p->heap.stack_top = p->frame - (frames_top_depth(p) - 1);
    if (mailbox_adopt(p, (Region){area->start, area->words}) &&
        heap_take_literals(&p->heap, area, process_roots(p)) != GC_NO_MEMORY) {
        return true;
    }
    p->exception_class = ATOM_error;
    process_exit(p, ATOM_system_limit);
    return false;
}

void code_purge_abort(Term purger)
{
    pthread_mutex_lock(&code_lock);
    if (purge.module != NULL && purge.purger == purger) {
        give_up();
    }
    pthread_mutex_unlock(&code_lock);
}

static void release(void *block)
{
    LoadedModule *module = block;
    jit_free_module(module);
    code_free(module);
}

void code_purge_end(Term purger)
{
    LoadedModule *module = NULL;
    pthread_mutex_lock(&code_lock);
    if (purge.module != NULL && purge.purger == purger) {
        module = purge.module;
        purge.module = NULL;
        LoadedModule **at = code_module_slot(module->name);
        while (*at != module) {
            at = &(*at)->next;
        }
        __atomic_store_n(at, module->next, __ATOMIC_RELEASE);
        code_remove_range(module);
        literal_leave(NULL);
    }
    pthread_mutex_unlock(&code_lock);
    if (module != NULL) {
        jit_forget_module(module);
        thread_retire(module, release);
    }
}
