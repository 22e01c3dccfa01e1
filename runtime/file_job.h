/* runtime/file_job.h
 * Private to bif_file*.c: the job of a file operation. It owns copies of what it works on, so that
 * the process may end meanwhile. */
#ifndef MUSTER_RUNTIME_FILE_JOB_H
#define MUSTER_RUNTIME_FILE_JOB_H

#include "runtime/bif_data.h"
#include "runtime/job.h"

#include <errno.h>
#include <pthread.h>
#include <sys/stat.h>

/* An open file. `fd` is -1 once it is closed. The lock is held while a job uses the descriptor. */
typedef struct File {
    Magic magic; /* first */
    pthread_mutex_t lock;
    int fd;
    bool append;
} File;
File *file_create(int fd);
/* The file of a handle, retained; NULL: it is none. */
File *file_of(Term t);

typedef struct FileJob {
    Job base; /* first */
    char *name, *name2;
    uint8_t *bytes; /* to be written */
    size_t size;
    int64_t at, count;
    int flags;
    File *file;
    /* results */
    int error;      /* errno value; 0: fine */
    int64_t value;
    bool at_end;
    Binary *binary; /* `value` bytes of it */
    struct stat status;
    int access;      /* R_OK and W_OK that this process has */
    ByteBuffer names; /* NUL after each */
} FileJob;

/* A job with `work` and, unless NULL, `answer` (else: ok or {error, Reason}). */
FileJob *file_job(void (*work)(Job *job), Term (*answer)(Job *job, Space *space));
Term file_job_start(Process *p, FileJob *job);
/* Frees a job that is not to be started and raises badarg. */
Term file_job_badarg(Process *p, FileJob *job);
/* {error, Reason} when the job failed, else TERM_NONE. */
Term file_job_error(const FileJob *job, Space *space);
/* Notes what a call returned, and errno when it is negative. */
static inline bool file_job_note(FileJob *job, int64_t result)
{
    job->error = result < 0 ? errno : 0;
    job->value = result;
    return result >= 0;
}
/* A name as given to the system; false: the term is none. */
bool file_job_name(char **out, Term name);
/* Gives away job->binary. */
Term file_job_binary(FileJob *job, Space *space);
/* A name that the system gave: characters, or a binary when it is not UTF-8. */
Term file_name_term(Space *space, const char *name);
/* Reads up to job->count bytes, or to the end when that is negative; into job->binary. */
void file_job_read(FileJob *job, int fd, bool at_place);

/* Begins each built-in that starts a job. */
#define RETURN_REPLY_IF_AWAITED(p) \
    if (reply_is_awaited(p)) { \
        return reply_take(p); \
    }

#endif
