/* runtime/port_program.h
 * Running a program whose standard input and output are a port's. */
#ifndef MUSTER_RUNTIME_PORT_PROGRAM_H
#define MUSTER_RUNTIME_PORT_PROGRAM_H

#include "runtime/job.h"

/* What to run. Strings are mem_alloc'd and belong to the job. */
typedef struct ProgramJob {
    Job base;           /* first */
    struct Port *port;  /* open, and not started before the job is done: so it stays */
    char *file;         /* {spawn_executable, File}, else NULL: argv is run by the shell */
    char **argv;        /* NULL at the end */
    char **environment; /* NULL at the end; NULL: ours */
    char *directory;    /* NULL: ours */
    bool in, out;       /* from the port's point of view: it reads, it writes */
    bool use_stdio;     /* else descriptors 3 and 4 */
    bool stderr_to_stdout;
    /* results */
    int error; /* errno: there is no such program */
    int pid, in_fd, out_fd;
    int exit_status; /* pid 0: it could not be run, as if it had ended so */
} ProgramJob;

ProgramJob *program_job(void);
void program_job_destroy(Job *job);
/* Starts the job: the process awaits `ok` or {error, Reason} (job.h), and `port`, a stream, gets
 * its descriptors. Takes over the job. Returns TERM_TRAP. */
Term program_start(Process *p, ProgramJob *job);
/* A copy of our environment as it is now: strings and NULL, all mem_alloc'd (bif_os.c). */
char **environment_copy(void);

#endif
