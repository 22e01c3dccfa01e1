/* sched/blocking.c: see blocking.h.
 *
 * In WORLD_SERIAL one thread does the jobs in the order they came, and the scheduler gives them a
 * moment at the end of each slice (blocking_settle): what a file operation's completion finds
 * runnable then does not depend on how fast the disk was. */
#include "sched/blocking.h"

#include "proc/atomic.h"
#include "proc/thread.h"
#include "runtime/term/world.h"
#include "sched/busy_time.h"
#include "sched/idle.h"
#include "sched/sched.h"
#include "sched/stall.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#define IDLE_NS ((uint64_t) 10000000000)
#define FINISH_NS ((uint64_t) 1000000000)
enum { SETTLE_NS = 50000000, STACK_BYTES = 1 << 20 };
/* How long a thread looks for more work before it sleeps: about what it costs to be woken. Work
 * comes in series, as a program writes its lines. */
enum { LOOK_NS = 20000, LOOKS_A_TIME = 64 };

/* Under the mutex. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work_came = PTHREAD_COND_INITIALIZER;
static pthread_cond_t work_done = PTHREAD_COND_INITIALIZER;
static BlockingJob *first, **last = &first;
static unsigned thread_count, idle_threads, threads_most;
static bool finishing, may_look, is_looked; /* one thread at a time looks for work */
/* Jobs not begun. Written under the mutex; who looks for work reads it without, a hint. */
static volatile AO_t queued_count;

/* How long the threads have worked: each has a place of its own, as far as there are any. */
enum { PLACES = 64 };
static BusyTime busy[PLACES];
static uint64_t places_taken; /* under the mutex */

/* Jobs not finished: any thread, fetch-and-add full. */
static volatile AO_t unfinished;
/* Jobs ever submitted: any thread, fetch-and-add full. */
static volatile AO_t submitted;
/* Completions, newest first: any thread pushes, a scheduler takes all. Compare-and-swap full. */
static volatile AO_t completions;

void blocking_init(unsigned most)
{
    threads_most = world.kind == WORLD_REAL ? most : 1;
    may_look = world.kind == WORLD_REAL && sysconf(_SC_NPROCESSORS_ONLN) > 1;
    finishing = false;
}

void blocking_complete(BlockingJob *job)
{
    AO_t old;
    do {
        old = AO_load(&completions);
        job->next = (BlockingJob *) old;
        /* Full. Release, for blocking_run_completions. Full, for the look at who sleeps. */
    } while (!AO_compare_and_swap_full(&completions, old, (AO_t) job));
    idle_wake_one();
}

bool blocking_has_completions(void)
{
    return AO_load_acquire(&completions) != 0;
}

size_t blocking_run_completions(void)
{
    if (AO_load(&completions) == 0) {
        return 0;
    }
    BlockingJob *newest = (BlockingJob *) atomic_swap_full(&completions, 0);
    BlockingJob *oldest = NULL;
    while (newest != NULL) {
        BlockingJob *next = newest->next;
        newest->next = oldest;
        oldest = newest;
        newest = next;
    }
    size_t count = 0;
    while (oldest != NULL) {
        BlockingJob *next = oldest->next;
        oldest->done(oldest);
        oldest = next;
        count++;
    }
    return count;
}

/* ---- the pool ---- */

static void finish_job(BlockingJob *job)
{
    /* The work may have freed a job without `done` and without a process: read them before. */
    void (*done)(BlockingJob *) = job->done;
    Process *p = job->process;
    if (UNLIKELY(sched_stall)) {
        stall_now_and_then();
    }
    job->work(job);
    if (p != NULL) {
        sched_resume(p);
    } else if (done != NULL) {
        blocking_complete(job);
    }
    AO_fetch_and_add_full(&unfinished, (AO_t) -1);
}

/* The mutex is held, and left for a while. */
static void look_for_work(void)
{
    is_looked = true;
    pthread_mutex_unlock(&mutex);
    uint64_t until = world_monotonic_ns() + LOOK_NS;
    while (AO_load(&queued_count) == 0 && world_monotonic_ns() < until) {
        for (int i = 0; i < LOOKS_A_TIME && AO_load(&queued_count) == 0; i++) {
            cpu_relax();
        }
    }
    pthread_mutex_lock(&mutex);
    is_looked = false;
}

/* The mutex is held. False: this thread should end. */
static bool wait_for_work(void)
{
    if (may_look && !is_looked && !finishing) {
        look_for_work();
        if (first != NULL) {
            return true;
        }
    }
    struct timespec until;
    world_host_deadline(IDLE_NS, &until);
    idle_threads++;
    int result = 0;
    while (first == NULL && !finishing && result == 0) {
        result = pthread_cond_timedwait(&work_came, &mutex, &until);
    }
    idle_threads--;
    return first != NULL;
}

/* The mutex is held. */
static unsigned take_place(void)
{
    unsigned place = ~places_taken == 0 ? PLACES : (unsigned) __builtin_ctzll(~places_taken);
    if (place < PLACES) {
        places_taken |= (uint64_t) 1 << place;
    }
    return place;
}

/* The mutex is held. */
static void leave_place(unsigned place)
{
    if (place < PLACES) {
        places_taken &= ~((uint64_t) 1 << place);
    }
}

uint64_t blocking_busy_ns(unsigned index, uint64_t *wall_ns)
{
    static const BusyTime never;
    uint64_t now_ns;
    uint64_t busy_ns = busy_time_ns(index < PLACES ? &busy[index] : &never, &now_ns);
    *wall_ns = now_ns - world.start_monotonic_ns;
    return busy_ns;
}

/* The mutex is held. */
static void work_till_idle(unsigned place)
{
    while (first != NULL || wait_for_work()) {
        BlockingJob *job = first;
        first = job->next;
        AO_store(&queued_count, AO_load(&queued_count) - 1);
        if (first == NULL) {
            last = &first;
        }
        pthread_mutex_unlock(&mutex);
        if (place < PLACES) {
            busy_time_begin(&busy[place], world_monotonic_ns());
        }
        finish_job(job);
        if (place < PLACES) {
            busy_time_end(&busy[place], world_monotonic_ns());
        }
        pthread_mutex_lock(&mutex);
        pthread_cond_broadcast(&work_done);
    }
}

static void *pool_main(void *unused)
{
    pthread_mutex_lock(&mutex);
    unsigned place = take_place();
    work_till_idle(place);
    while (thread_is_registered()) {
        /* Not at its very end, when it counts as gone and another machine may be starting. */
        pthread_mutex_unlock(&mutex);
        thread_unregister();
        pthread_mutex_lock(&mutex);
        work_till_idle(place); /* what came meanwhile */
    }
    leave_place(place);
    thread_count--;
    pthread_cond_broadcast(&work_done);
    pthread_mutex_unlock(&mutex);
    return NULL;
}

/* The mutex is held. */
static void start_thread(void)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    pthread_t thread;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&thread, &attributes, pool_main, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    if (error == 0) {
        thread_count++;
    } else if (thread_count == 0) {
        machine_stop("cannot start a thread for blocking work: %s", strerror(error));
    }
}

static void submit(BlockingJob *job)
{
    AO_fetch_and_add_full(&unfinished, 1);
    AO_fetch_and_add_full(&submitted, 1);
    job->next = NULL;
    pthread_mutex_lock(&mutex);
    *last = job;
    last = &job->next;
    size_t queued = AO_load(&queued_count) + 1;
    AO_store(&queued_count, queued);
    if (queued > idle_threads + is_looked && thread_count < threads_most) {
        start_thread();
    }
    bool wakes = queued > is_looked; /* who looks takes one */
    pthread_mutex_unlock(&mutex);
    if (wakes) {
        pthread_cond_signal(&work_came);
    }
}

void blocking_submit(BlockingJob *job)
{
    job->process = NULL;
    submit(job);
}

void blocking_submit_for(BlockingJob *job, Process *p)
{
    job->process = p;
    job->done = NULL;
    submit(job);
}

void blocking_settle(void)
{
    /* Once for each submission: a job that takes long does not slow every slice down. */
    static AO_t settled;
    AO_t now = AO_load(&submitted);
    if (now == settled) {
        return;
    }
    settled = now;
    struct timespec until;
    world_host_deadline(SETTLE_NS, &until);
    pthread_mutex_lock(&mutex);
    int result = 0;
    while (AO_load_acquire(&unfinished) != 0 && result == 0) {
        result = pthread_cond_timedwait(&work_done, &mutex, &until);
    }
    pthread_mutex_unlock(&mutex);
}

bool blocking_finish(void)
{
    struct timespec until;
    world_host_deadline(FINISH_NS, &until);
    pthread_mutex_lock(&mutex);
    finishing = true;
    pthread_cond_broadcast(&work_came);
    int result = 0;
    while (thread_count > 0 && result == 0) {
        result = pthread_cond_timedwait(&work_done, &mutex, &until);
    }
    bool all_gone = thread_count == 0;
    pthread_mutex_unlock(&mutex);
    return all_gone;
}
