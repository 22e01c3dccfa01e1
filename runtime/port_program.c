/* runtime/port_program.c
 * posix_spawn on the blocking pool: it does not copy our address space, and a slow file system
 * holds up nobody. A child that ends is noticed by its pidfd in the poller or, where the system has
 * none, by a thread of its own that waits for it. */
#include "runtime/port_program.h"

#include "runtime/port_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* ---- children that end ---- */

typedef struct Child {
    BlockingJob job; /* first; for the thread that waits */
    pid_t pid;
    int pid_fd;
    int status;
    Term port;
    Watch *watch;
} Child;

/* As a shell gives it. */
static int exit_status(int status)
{
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void tell_port(const Child *child)
{
    Port *port = port_lock(child->port);
    if (port != NULL) {
        stream_program_exited(port, exit_status(child->status));
        port_unlock(port);
    }
}

static void child_ready(Watch *watch, unsigned events, void *state)
{
    Child *child = state;
    if (waitpid(child->pid, &child->status, WNOHANG) == 0 && !(events & POLL_GONE)) {
        poller_arm(watch, POLL_READ);
        return;
    }
    tell_port(child);
    poller_remove(watch);
    close(child->pid_fd);
    mem_free(child); /* `ready` runs once for each time it is armed */
}

static void child_done(BlockingJob *job)
{
    tell_port((const Child *) job);
    mem_free(job);
}

static void *wait_for_child(void *state)
{
    Child *child = state;
    while (waitpid(child->pid, &child->status, 0) < 0 && errno == EINTR) {
    }
    child->job.done = child_done;
    blocking_complete(&child->job);
    return NULL;
}

static void wait_on_thread(Child *child)
{
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, 65536);
    if (pthread_create(&thread, &attributes, wait_for_child, child) != 0) {
        mem_free(child); /* it stays a zombie, and its port never hears of its end */
    }
    pthread_attr_destroy(&attributes);
}

static void watch_child(Term port, pid_t pid)
{
    Child *child = mem_alloc_zero(sizeof *child);
    child->pid = pid;
    child->port = port;
#ifdef SYS_pidfd_open
    child->pid_fd = (int) syscall(SYS_pidfd_open, pid, 0);
#else
    child->pid_fd = -1;
#endif
    if (child->pid_fd >= 0) {
        child->watch = poller_add(child->pid_fd, child_ready, child);
        if (child->watch != NULL) {
            poller_arm(child->watch, POLL_READ);
            return;
        }
        close(child->pid_fd);
    }
    wait_on_thread(child);
}

/* ---- starting ---- */

/* Two descriptors, both above those that the child's are given. */
static bool make_pipe(int ends[2])
{
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return false;
    }
    for (int i = 0; i < 2; i++) {
        if (ends[i] <= 4) {
            int moved = fcntl(ends[i], F_DUPFD_CLOEXEC, 5);
            close(ends[i]);
            ends[i] = moved;
        }
    }
    return ends[0] >= 0 && ends[1] >= 0;
}

static void close_pipe(int ends[2])
{
    for (int i = 0; i < 2; i++) {
        if (ends[i] >= 0) {
            close(ends[i]);
            ends[i] = -1;
        }
    }
}

static bool directory_is_good(const char *name)
{
    struct stat status;
    return stat(name, &status) == 0 && (S_ISDIR(status.st_mode) || (errno = ENOTDIR, false)) &&
           access(name, X_OK) == 0;
}

static int run(ProgramJob *job, const int to_child[2], const int from_child[2])
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    pid_t pid;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
    if (job->directory != NULL) {
        posix_spawn_file_actions_addchdir_np(&actions, job->directory);
    }
    if (job->out) {
        posix_spawn_file_actions_adddup2(&actions, to_child[0], job->use_stdio ? 0 : 3);
    }
    if (job->in) {
        posix_spawn_file_actions_adddup2(&actions, from_child[1], job->use_stdio ? 1 : 4);
        if (job->stderr_to_stdout) {
            posix_spawn_file_actions_adddup2(&actions, from_child[1], 2);
        }
    }
    posix_spawn_file_actions_addclosefrom_np(&actions, job->use_stdio ? 3 : 5);
    int error = posix_spawn(&pid, job->file != NULL ? job->file : "/bin/sh", &actions, &attributes,
                            job->argv, job->environment != NULL ? job->environment : environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (error == 0) {
        job->pid = (int) pid;
    }
    return error;
}

static void work(Job *base)
{
    ProgramJob *job = (ProgramJob *) base;
    int to_child[2] = {-1, -1}, from_child[2] = {-1, -1};
    if (job->file != NULL && access(job->file, X_OK) != 0) {
        job->error = errno;
        return;
    }
    if ((job->out && !make_pipe(to_child)) || (job->in && !make_pipe(from_child))) {
        job->error = errno;
        close_pipe(to_child);
        close_pipe(from_child);
        return;
    }
    if (job->directory != NULL && !directory_is_good(job->directory)) {
        job->exit_status = errno;
        dprintf(STDERR_FILENO, "spawn: Could not cd to %s\r\n", job->directory);
    } else {
        job->exit_status = run(job, to_child, from_child);
    }
    if (job->out) {
        close(to_child[0]);
        job->out_fd = to_child[1];
        fcntl(job->out_fd, F_SETFL, O_NONBLOCK);
    }
    if (job->in) {
        close(from_child[1]);
        job->in_fd = from_child[0];
        fcntl(job->in_fd, F_SETFL, O_NONBLOCK);
    }
}

/* The port may have ended meanwhile; then what was made is closed again. */
static Term answer(Job *base, Space *space)
{
    ProgramJob *job = (ProgramJob *) base;
    Port *port = job->port;
    lock_acquire(&port->lock);
    if (job->error != 0) {
        stream_forget(port);
        port_unlock(port);
        return errno_result(space, job->error);
    }
    stream_program_started(port, job->pid);
    if (job->pid != 0) {
        watch_child(port->self, job->pid);
    }
    stream_start(port, job->in_fd, job->out_fd, false);
    if (job->pid == 0) {
        stream_program_exited(port, job->exit_status);
    }
    port_unlock(port);
    return ATOM_ok;
}

ProgramJob *program_job(void)
{
    ProgramJob *job = mem_alloc_zero(sizeof *job);
    job->base.work = work;
    job->base.answer = answer;
    job->base.finish = program_job_destroy;
    job->in_fd = job->out_fd = -1;
    return job;
}

static void free_strings(char **strings)
{
    for (char **at = strings; at != NULL && *at != NULL; at++) {
        mem_free(*at);
    }
    mem_free(strings);
}

void program_job_destroy(Job *base)
{
    ProgramJob *job = (ProgramJob *) base;
    free_strings(job->argv);
    free_strings(job->environment);
    mem_free(job->file);
    mem_free(job->directory);
    mem_free(job);
}

Term program_start(Process *p, ProgramJob *job)
{
    return job_start(p, &job->base);
}
