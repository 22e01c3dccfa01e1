/* runtime/bif_file_buffer.c
 * The buffers of raw files opened with `read_ahead` or `delayed_write`. They are the handle's, so
 * that small pieces cost neither a trip to the blocking pool nor a message: what a buffer can do at
 * once is done by the built-in, on the scheduler; only when it is full or empty a job begins.
 *
 * Late writes need somebody who sees that it is time, and that the file's owner has ended: a
 * process, the flusher (stdlib/muster_buffered_file.erl). It is told when a first byte waits, once
 * for as long as it takes it to flush, and when the file is closed.
 *
 * Rejected: a process that has the file and is asked for every piece (a fifth of the speed). */
#include "runtime/bif_tables.h"
#include "runtime/file_job.h"

#include <string.h>
#include <unistd.h>

enum { LINE_AHEAD = 256 }; /* for a line of a file that is not read ahead, otherwise */

static size_t unread_count(const File *file)
{
    return file->unread.size_bytes - file->unread_at;
}
static const uint8_t *unread_start(const File *file)
{
    return file->unread.bytes + file->unread_at;
}

/* Whether the buffers may be used as they are. The lock is held. */
static bool is_clean(const File *file)
{
    return file->fd >= 0 && file->failed == 0;
}

/* ---- late writes ---- */

int file_write_all(int fd, const uint8_t *bytes, size_t size, int64_t at)
{
    while (size > 0) {
        ssize_t written = at < 0 ? write(fd, bytes, size) : pwrite(fd, bytes, size, at);
        if (written < 0) {
            if (errno == EINTR) {
                continue;
            }
            return errno;
        }
        bytes += written;
        size -= (size_t) written;
        at += at < 0 ? 0 : written;
    }
    return 0;
}

void file_flush(File *file)
{
    ByteBuffer *unwritten = &file->unwritten;
    if (unwritten->size_bytes > 0 && file->failed == 0) {
        file->failed = file_write_all(file->fd, unwritten->bytes, unwritten->size_bytes, -1);
    }
    unwritten->size_bytes = 0;
}

void file_tell_flusher(const File *file, Term what)
{
    Message *message = file->flusher == TERM_NONE ? NULL : message_of(what);
    if (message != NULL) {
        process_send_message(file->flusher, message);
    }
}

static void flush_work(Job *base)
{
    FileJob *job = (FileJob *) base;
    pthread_mutex_lock(&job->file->lock);
    file_flush(job->file);
    job->file->flusher_knows = job->flags != 0;
    pthread_mutex_unlock(&job->file->lock);
}

static Term start_flush(Process *p, File *file, bool flusher_knows)
{
    FileJob *job = file_job(flush_work, NULL);
    magic_retain(&file->magic);
    job->file = file;
    job->flags = flusher_knows;
    return file_job_start(p, job);
}

/* flush(Handle): by the flusher. A failure is for who asks next. */
Term bif_file_flush(Process *p, const Term args[])
{
    RETURN_REPLY_IF_AWAITED(p)
    File *file = file_of(args[0]);
    if (file == NULL) {
        return bif_badarg(p);
    }
    Term result = start_flush(p, file, false);
    magic_release(&file->magic);
    return result;
}

bool file_write_now(Process *p, File *file, Term iodata, Term *result)
{
    if (file->flusher == TERM_NONE || pthread_mutex_trylock(&file->lock) != 0) {
        return false;
    }
    bool is_now = is_clean(file) && unread_count(file) == 0, is_first = false, is_full = false;
    if (is_now) {
        *result = iodata_bytes(iodata, &file->unwritten) ? ATOM_ok : TERM_NONE;
        is_first = file->unwritten.size_bytes > 0 && !file->flusher_knows;
        is_full =
            file->unwritten.size_bytes > 0 && file->unwritten.size_bytes >= file->unwritten_most;
        file->flusher_knows |= is_first;
    }
    pthread_mutex_unlock(&file->lock);
    if (is_first) {
        file_tell_flusher(file, ATOM_flush);
    }
    if (is_now && *result == TERM_NONE) {
        *result = bif_badarg(p);
    } else if (is_full) {
        *result = start_flush(p, file, true);
    }
    return is_now;
}

/* ---- bytes read ahead ---- */

/* Reads `more` bytes behind those there are, or to the end of the file; errno value or 0. */
static int read_more(File *file, size_t more)
{
    ByteBuffer *unread = &file->unread;
    size_t kept = unread_count(file);
    if (kept + more > unread->capacity_bytes) {
        uint8_t *bytes = mem_try_realloc(unread->bytes, kept + more);
        if (bytes == NULL) {
            return ENOMEM;
        }
        unread->bytes = bytes;
        unread->capacity_bytes = kept + more;
    }
    memmove(unread->bytes, unread->bytes + file->unread_at, kept);
    file->unread_at = 0;
    unread->size_bytes = kept;
    while (unread->size_bytes < kept + more) {
        ssize_t got =
            read(file->fd, unread->bytes + unread->size_bytes, kept + more - unread->size_bytes);
        if (got == 0) {
            break;
        }
        if (got > 0) {
            unread->size_bytes += (size_t) got;
        } else if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

static int go_back(File *file)
{
    int64_t count = (int64_t) unread_count(file);
    if (count > 0 && lseek(file->fd, -count, SEEK_CUR) < 0) {
        return errno;
    }
    file->unread_at = file->unread.size_bytes = 0;
    return 0;
}

int file_settle(File *file, bool back)
{
    file_flush(file);
    int failed = file->failed;
    file->failed = 0;
    return failed == 0 && back ? go_back(file) : failed;
}

bool file_job_lock(FileJob *job, bool back)
{
    pthread_mutex_lock(&job->file->lock);
    job->error = job->file->fd < 0 ? EINVAL : file_settle(job->file, back);
    return job->error == 0;
}
void file_job_unlock(FileJob *job)
{
    pthread_mutex_unlock(&job->file->lock);
}

/* Takes `used` bytes; the first `count` of them, in a binary of their own, are the answer. */
static void take(FileJob *job, size_t count, size_t used)
{
    File *file = job->file;
    job->binary = binary_create(count, count == 0 ? 1 : count);
    if (job->binary == NULL) {
        job->error = ENOMEM;
        return;
    }
    memcpy(job->binary->bytes, unread_start(file), count);
    job->binary->used_bits = count * 8;
    job->value = (int64_t) count;
    file->unread_at += used;
}

bool file_job_has_unread(const FileJob *job)
{
    return unread_count(job->file) > 0;
}

void file_job_read_ahead(FileJob *job)
{
    File *file = job->file;
    size_t wanted = (size_t) job->count, have = unread_count(file);
    if (have < wanted) {
        job->error = read_more(file, wanted - have > file->ahead ? wanted - have : file->ahead);
    }
    have = unread_count(file);
    job->at_end = have == 0 && wanted > 0;
    if (job->error == 0 && !job->at_end) {
        size_t count = have < wanted ? have : wanted;
        take(job, count, count);
    }
}

/* The first `count` bytes as the answer, then `used` of them are gone. The lock is held. */
static Term answer_now(Process *p, File *file, size_t count, size_t used)
{
    Space *space = bif_space(p);
    Term binary = make_binary(space, unread_start(file), count);
    if (binary == TERM_LIMIT) {
        return bif_system_limit(p);
    }
    file->unread_at += used;
    bif_charge(p, count / 512);
    return make_tuple2(space, ATOM_ok, binary);
}

/* Locks the file if nothing that is to be done first keeps a reader from its buffer. */
static bool lock_unread(File *file)
{
    if (pthread_mutex_trylock(&file->lock) != 0) {
        return false;
    }
    if (!is_clean(file) || file->unwritten.size_bytes > 0 || unread_count(file) == 0) {
        pthread_mutex_unlock(&file->lock);
        return false;
    }
    return true;
}

bool file_read_now(Process *p, File *file, int64_t count, Term *result)
{
    if (!lock_unread(file)) {
        return false;
    }
    bool is_there = unread_count(file) >= (size_t) count;
    if (is_there) {
        *result = answer_now(p, file, (size_t) count, (size_t) count);
    }
    pthread_mutex_unlock(&file->lock);
    return is_there;
}

/* ---- lines ---- */

/* Bytes of the first line with its end, when that is there; 0: it is not, in the first `from` bytes
 * in any case. */
static size_t line_size(const File *file, size_t from)
{
    const uint8_t *start = unread_start(file);
    const uint8_t *end =
        unread_count(file) == from ? NULL : memchr(start + from, '\n', unread_count(file) - from);
    return end == NULL ? 0 : (size_t) (end - start) + 1;
}

/* How much of the line that is to be taken is the answer: \r\n becomes \n, in place. */
static size_t line_end(File *file, size_t size)
{
    uint8_t *end = file->unread.bytes + file->unread_at + size;
    if (size >= 2 && end[-1] == '\n' && end[-2] == '\r') {
        end[-2] = '\n';
        return size - 1;
    }
    return size;
}

static void read_line_work(Job *base)
{
    FileJob *job = (FileJob *) base;
    File *file = job->file;
    if (file_job_lock(job, false)) {
        size_t size = line_size(file, 0);
        bool is_end = false;
        while (size == 0 && !is_end && job->error == 0) {
            size_t before = unread_count(file), more = before > LINE_AHEAD ? before : LINE_AHEAD;
            job->error = read_more(file, more > file->ahead ? more : file->ahead);
            is_end = unread_count(file) == before;
            size = line_size(file, before);
        }
        size = size == 0 ? unread_count(file) : size; /* the last one */
        job->at_end = size == 0;
        if (job->error == 0 && size > 0) {
            take(job, line_end(file, size), size);
        }
    }
    file_job_unlock(job);
}

/* As file_read_now. */
static bool read_line_now(Process *p, File *file, Term *result)
{
    if (!lock_unread(file)) {
        return false;
    }
    size_t size = line_size(file, 0);
    if (size > 0) {
        *result = answer_now(p, file, line_end(file, size), size);
    }
    pthread_mutex_unlock(&file->lock);
    return size > 0;
}

/* read_line(Handle): with \n at its end, if it is not the last one. */
Term bif_file_read_line(Process *p, const Term args[])
{
    RETURN_REPLY_IF_AWAITED(p)
    File *file = file_of(args[0]);
    if (file == NULL) {
        return bif_badarg(p);
    }
    Term result;
    if (read_line_now(p, file, &result)) {
        magic_release(&file->magic);
        return result;
    }
    FileJob *job = file_job(read_line_work, file_read_answer);
    job->file = file;
    return file_job_start(p, job);
}

/* ---- setting up ---- */

/* buffer(Handle, Ahead, Most, Flusher): before anybody else has the handle. Flusher false: writes
 * are not delayed. */
Term bif_file_buffer(Process *p, const Term args[])
{
    int64_t ahead, most;
    File *file = file_of(args[0]);
    if (file == NULL || !term_to_index(args[1], &ahead) || !term_to_index(args[2], &most) ||
        (!term_is_pid(args[3]) && args[3] != ATOM_false)) {
        if (file != NULL) {
            magic_release(&file->magic);
        }
        return bif_badarg(p);
    }
    file->ahead = (size_t) ahead;
    file->unwritten_most = (size_t) most;
    file->flusher = term_is_pid(args[3]) ? args[3] : TERM_NONE;
    magic_release(&file->magic);
    return ATOM_ok;
}
