/* runtime/bif_signal.c
 * Signals of the operating system, for os:set_signal/2. The handler, which may do next to nothing,
 * writes the signal's number into a pipe; a thread reads it and starts a process that passes it on
 * (muster_signal:deliver/1). The thread begins with the first signal that is to be handled. */
#include "runtime/bif_tables.h"
#include "runtime/machine.h"
#include "sched/sched.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static const struct {
    const char *name;
    int number;
} signal_names[] = {
    {"sighup", SIGHUP},   {"sigquit", SIGQUIT}, {"sigabrt", SIGABRT}, {"sigalrm", SIGALRM},
    {"sigterm", SIGTERM}, {"sigusr1", SIGUSR1}, {"sigusr2", SIGUSR2}, {"sigchld", SIGCHLD},
    {"sigstop", SIGSTOP}, {"sigtstp", SIGTSTP}, {"sigcont", SIGCONT}, {"sigwinch", SIGWINCH},
    {"siginfo", SIGPWR},  {"sigint", SIGINT},
};

static pthread_mutex_t setting = PTHREAD_MUTEX_INITIALIZER;
static int arrivals[2] = {-1, -1}; /* the pipe; set once, before the first handler */

static void on_signal(int number)
{
    int saved = errno;
    uint8_t byte = (uint8_t) number;
    if (write(arrivals[1], &byte, 1) < 0) {
        /* Full: 64 Ki signals wait already. */
    }
    errno = saved;
}

static void *deliver(void *argument)
{
    uint8_t byte;
    (void) argument;
    for (;;) {
        ssize_t size = read(arrivals[0], &byte, 1);
        if (size == 0 || (size < 0 && errno != EINTR)) {
            return NULL;
        }
        for (size_t i = 0; size > 0 && !sched_is_halting() && i < COUNT_OF(signal_names); i++) {
            if (signal_names[i].number == byte) {
                Term name = atom_of(signal_names[i].name);
                machine_spawn(atom_of("muster_signal"), atom_of("deliver"), &name, 1);
            }
        }
    }
}

static bool start_delivery(void)
{
    pthread_t thread;
    sigset_t all, before;
    if (arrivals[0] >= 0) {
        return true;
    }
    if (pipe2(arrivals, O_CLOEXEC) != 0) {
        return false;
    }
    sigfillset(&all); /* signals go to the others */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(&thread, NULL, deliver, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (started) {
        pthread_detach(thread);
    }
    return started;
}

/* signal(Name, default | ignore | handle): false when there is no such signal. */
Term bif_signal_2(Process *p, const Term args[])
{
    int number = 0;
    struct sigaction action = {.sa_flags = SA_RESTART};
    for (size_t i = 0; i < COUNT_OF(signal_names); i++) {
        if (args[0] == atom_of(signal_names[i].name)) {
            number = signal_names[i].number;
        }
    }
    if (number == 0) {
        return ATOM_false;
    }
    action.sa_handler = args[1] == atom_of("handle")   ? on_signal
                        : args[1] == atom_of("ignore") ? SIG_IGN
                                                       : SIG_DFL;
    pthread_mutex_lock(&setting);
    bool done = (action.sa_handler != on_signal || start_delivery()) &&
                (sigaction(number, &action, NULL) == 0 || number == SIGSTOP); /* as in OTP */
    pthread_mutex_unlock(&setting);
    return term_bool(done);
}
