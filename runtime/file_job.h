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

/* An open file. `fd` is -1 once it is closed. The lock is held while a job uses the descriptor, and
 * by built-ins that find in the buffers what they need; those never wait for it. */
typedef struct File {
    Magic magic; /* first */
    pthread_mutex_t lock;
    int fd;
    /* read_ahead (bif_file_buffer.c): bytes read and not asked for yet. ahead 0: only such as came
     * with a line */
    size_t ahead;
    ByteBuffer unread; /* from unread_at on */
    size_t unread_at;
    /* delayed_write: bytes to be written when there are so many, or the flusher says so */
    size_t unwritten_most;
    ByteBuffer unwritten;
    Term flusher; /* pid; TERM_NONE: nothing is delayed */
    bool flusher_knows;
    int failed; /* errno of what was written late, for who asks next */
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
    int error; /* errno value; 0: fine */
    int64_t value;
    bool at_end;
    Binary *binary; /* `value` bytes of it */
    struct stat status;
    int access;       /* R_OK and W_OK that this process has */
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

/* ---- buffers (bif_file_buffer.c); the lock is held ---- */
/* Writes all, at the place in the file when `at` is negative; errno value or 0. */
int file_write_all(int fd, const uint8_t *bytes, size_t size, int64_t at);
/* Writes what is unwritten; a failure is kept in file->failed. */
void file_flush(File *file);
/* What every operation but reading and writing begins with. Nothing is unwritten then, and with
 * `go_back` the descriptor's place is where the reader believes to be. errno value or 0: of this,
 * or of what was written late. */
int file_settle(File *file, bool go_back);
/* Locks job->file and settles it; false: job->error says why. Unlock in either case. */
bool file_job_lock(FileJob *job, bool go_back);
void file_job_unlock(FileJob *job);
/* Tells the flusher, if there is one, that the file is closed. On a scheduler, without the lock. */
void file_tell_flusher(const File *file, Term what);
/* Whether bytes are there that were not asked for yet. */
bool file_job_has_unread(const FileJob *job);
/* As file_job_read, of a file that is read ahead, or has unread bytes. */
void file_job_read_ahead(FileJob *job);
/* {ok, Binary}, eof or {error, Reason} of a job that read. */
Term file_read_answer(Job *base, Space *space);
/* What the buffers can do at once, without a job (not holding the lock); false: start one. */
bool file_read_now(Process *p, File *file, int64_t count, Term *result);
bool file_write_now(Process *p, File *file, Term iodata, Term *result);

/* Begins each built-in that starts a job. */
#define RETURN_REPLY_IF_AWAITED(p) \
    if (reply_is_awaited(p)) { \
        return reply_take(p); \
    }

#endif
