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
 * Values that persistent_term has no more are literals, too: an area alone leaves in the same way.
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
    LoadedModule *module; /* or */
    LiteralArea *area;    /* both NULL: nothing is purged */
    Term purger;
    uint64_t grace;
} purge;

/* Under code_lock. */
static void give_up(void)
{
    literal_leave(NULL);
    if (purge.module != NULL) {
        code_funs_attach(purge.module, true);
    }
    purge.module = NULL;
    purge.area = NULL;
}

/* Under code_lock. False: another purger is at it. */
static bool may_begin(Term purger)
{
    bool is_on = purge.module != NULL || purge.area != NULL;
    if (is_on && purge.purger != purger && process_exists(purge.purger)) {
        return false;
    }
    if (is_on) { /* its purger was killed */
        give_up();
    }
    return true;
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
    if (!may_begin(purger)) {
        started = PURGE_BUSY;
    } else {
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

PurgeStart code_purge_start_area(LiteralArea *area, Term purger)
{
    pthread_mutex_lock(&code_lock);
    bool begins = may_begin(purger);
    if (begins) {
        purge.area = area;
        purge.purger = purger;
        literal_leave(area);
        purge.grace = thread_grace_begin();
    }
    pthread_mutex_unlock(&code_lock);
    return begins ? PURGE_STARTED : PURGE_BUSY;
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
    const LiteralArea *area = purge.module != NULL ? purge.module->literals : purge.area;
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
    if (purge.purger == purger && (purge.module != NULL || purge.area != NULL)) {
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

static void release_area(void *block)
{
    literal_area_destroy(block);
}

/* Under code_lock. */
static void take_out(LoadedModule *module)
{
    LoadedModule **at = code_module_slot(module->name);
    while (*at != module) {
        at = &(*at)->next;
    }
    __atomic_store_n(at, module->next, __ATOMIC_RELEASE);
    code_remove_range(module);
}

bool code_purge_end(Term purger)
{
    LoadedModule *module = NULL;
    LiteralArea *area = NULL;
    pthread_mutex_lock(&code_lock);
    if (purge.purger == purger && (purge.module != NULL || purge.area != NULL)) {
        module = purge.module;
        area = purge.area;
        purge.module = NULL;
        purge.area = NULL;
        if (module != NULL) {
            take_out(module);
        }
        literal_leave(NULL);
    }
    pthread_mutex_unlock(&code_lock);
    if (module != NULL) {
        jit_forget_module(module);
        thread_retire(module, release);
    }
    if (area != NULL) {
        thread_retire(area, release_area);
    }
    return module != NULL || area != NULL;
}
