/* runtime/bif_file.c
 * Open files: read, write, seek. A handle is a magic reference; its file is closed when nobody
 * holds it any more. */
#include "runtime/bif_tables.h"
#include "runtime/file_job.h"
#include "runtime/term/world.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static const char file_type;

static void file_destroy(Magic *magic)
{
    File *file = (File *) magic;
    if (file->fd >= 0) {
        close(file->fd);
    }
    pthread_mutex_destroy(&file->lock);
    mem_free(file->unread.bytes);
    mem_free(file->unwritten.bytes);
    mem_free(file);
}

File *file_create(int fd)
{
    File *file = mem_alloc(sizeof *file);
    *file = (File){.magic = {1, file_destroy, &file_type}, .fd = fd, .flusher = TERM_NONE};
    pthread_mutex_init(&file->lock, NULL);
    return file;
}

File *file_of(Term t)
{
    Magic *magic = magic_of(t, &file_type);
    if (magic != NULL) {
        magic_retain(magic);
    }
    return (File *) magic;
}

/* ---- jobs ---- */

static void job_finish(Job *base)
{
    FileJob *job = (FileJob *) base;
    mem_free(job->name);
    mem_free(job->name2);
    mem_free(job->bytes);
    mem_free(job->names.bytes);
    if (job->binary != NULL) {
        binary_release(job->binary);
    }
    if (job->file != NULL) {
        magic_release(&job->file->magic);
    }
    mem_free(job);
}

static Term answer_ok(Job *base, Space *space)
{
    Term error = file_job_error((FileJob *) base, space);
    return error != TERM_NONE ? error : ATOM_ok;
}

FileJob *file_job(void (*work)(Job *job), Term (*answer)(Job *job, Space *space))
{
    FileJob *job = mem_alloc_zero(sizeof *job);
    job->base.work = work;
    job->base.answer = answer != NULL ? answer : answer_ok;
    job->base.finish = job_finish;
    return job;
}

Term file_job_start(Process *p, FileJob *job)
{
    return job_start(p, &job->base);
}

Term file_job_badarg(Process *p, FileJob *job)
{
    job_finish(&job->base);
    return bif_badarg(p);
}

Term file_job_error(const FileJob *job, Space *space)
{
    return job->error != 0 ? errno_result(space, job->error) : TERM_NONE;
}

bool file_job_name(char **out, Term name)
{
    *out = term_to_utf8(name, NULL);
    return *out != NULL;
}

Term file_job_binary(FileJob *job, Space *space)
{
    Binary *binary = job->binary;
    job->binary = NULL;
    size_t size = (size_t) job->value;
    if (size > BINARY_HEAP_MAX) {
        return make_binary_from(space, binary, size);
    }
    Term t = make_binary(space, binary->bytes, size);
    binary_release(binary);
    return t;
}

Term file_name_term(Space *space, const char *name)
{
    size_t size = strlen(name);
    for (size_t at = 0, used; at < size; at += used) {
        if (utf8_decode((const uint8_t *) name + at, size - at, &used) < 0) {
            return make_binary(space, name, size);
        }
    }
    return make_string_utf8(space, name, size);
}

/* ---- reading ---- */

enum { READ_STEP = 64 * 1024 };

/* One with more room and the same bytes; NULL: no memory, then `binary` is released. */
static Binary *binary_grow(Binary *binary, size_t used, size_t room)
{
    Binary *larger = binary_create(room, room);
    if (larger != NULL) {
        memcpy(larger->bytes, binary->bytes, used);
    }
    binary_release(binary);
    return larger;
}

void file_job_read(FileJob *job, int fd, bool at_place)
{
    bool to_end = job->count < 0;
    size_t room = to_end ? READ_STEP : (size_t) job->count;
    struct stat status;
    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode)) {
        off_t at = at_place ? job->at : lseek(fd, 0, SEEK_CUR);
        size_t left = at < status.st_size ? (size_t) (status.st_size - at) : 0;
        room = to_end || left < room ? left + 1 : room; /* one more sees the end */
    } else if (!to_end && room > 16 * READ_STEP) {
        room = 16 * READ_STEP;
    }
    room = !to_end && room > (size_t) job->count ? (size_t) job->count : room;
    Binary *binary = binary_create(room, room == 0 ? 1 : room);
    size_t used = 0;
    ssize_t got = 1;
    while (binary != NULL && got > 0 && (to_end || used < (size_t) job->count)) {
        if (used == room) {
            room = to_end || room * 2 < (size_t) job->count ? room * 2 : (size_t) job->count;
            binary = binary_grow(binary, used, room);
            continue;
        }
        got = at_place ? pread(fd, binary->bytes + used, room - used, job->at + (off_t) used)
                       : read(fd, binary->bytes + used, room - used);
        if (got < 0 && errno == EINTR) {
            got = 1;
            continue;
        }
        if (got < 0) {
            job->error = errno;
        } else {
            used += (size_t) got;
        }
    }
    if (binary == NULL) {
        job->error = ENOMEM;
    } else {
        binary->used_bits = used * 8;
    }
    job->at_end = used == 0 && job->count != 0;
    job->value = (int64_t) used;
    job->binary = binary;
}

static void read_work(Job *base)
{
    FileJob *job = (FileJob *) base;
    if (file_job_lock(job, false)) {
        if ((job->file->ahead > 0 || file_job_has_unread(job)) && !job->flags) {
            file_job_read_ahead(job);
        } else {
            file_job_read(job, job->file->fd, job->flags);
        }
    }
    file_job_unlock(job);
}

Term file_read_answer(Job *base, Space *space)
{
    FileJob *job = (FileJob *) base;
    if (job->error != 0 || job->at_end) {
        return job->error != 0 ? errno_result(space, job->error) : ATOM_eof;
    }
    return make_tuple2(space, ATOM_ok, file_job_binary(job, space));
}

static Term start_read(Process *p, Term handle, Term at, Term count)
{
    RETURN_REPLY_IF_AWAITED(p)
    File *file = file_of(handle);
    int64_t wanted;
    Term result;
    if (file != NULL && at == TERM_NONE && term_to_index(count, &wanted) &&
        file_read_now(p, file, wanted, &result)) {
        magic_release(&file->magic);
        return result;
    }
    FileJob *job = file_job(read_work, file_read_answer);
    job->file = file;
    job->flags = at != TERM_NONE;
    if (file == NULL || !term_to_index(count, &job->count) ||
        (at != TERM_NONE && !term_to_index(at, &job->at))) {
        return file_job_badarg(p, job);
    }
    return file_job_start(p, job);
}

Term bif_file_read(Process *p, const Term args[])
{
    return start_read(p, args[0], TERM_NONE, args[1]);
}
Term bif_file_pread(Process *p, const Term args[])
{
    return start_read(p, args[0], args[1], args[2]);
}

/* ---- writing ---- */

static void write_work(Job *base)
{
    FileJob *job = (FileJob *) base;
    if (file_job_lock(job, job->at < 0)) {
        job->error = file_write_all(job->file->fd, job->bytes, job->size, job->at);
    }
    file_job_unlock(job);
}

/* Copies iodata into the job; false: it is none. */
static bool take_bytes(FileJob *job, Term iodata)
{
    ByteBuffer buffer = {0};
    bool ok = iodata_bytes(iodata, &buffer);
    job->bytes = buffer.bytes;
    job->size = buffer.size_bytes;
    return ok;
}

static Term start_write(Process *p, Term handle, Term at, Term iodata)
{
    RETURN_REPLY_IF_AWAITED(p)
    File *file = file_of(handle);
    Term result;
    if (file != NULL && at == TERM_NONE && file_write_now(p, file, iodata, &result)) {
        magic_release(&file->magic);
        return result;
    }
    FileJob *job = file_job(write_work, NULL);
    job->file = file;
    job->at = -1;
    if (job->file == NULL || !take_bytes(job, iodata) ||
        (at != TERM_NONE && !term_to_index(at, &job->at))) {
        return file_job_badarg(p, job);
    }
    bif_charge(p, job->size / 512);
    return file_job_start(p, job);
}

Term bif_file_write(Process *p, const Term args[])
{
    return start_write(p, args[0], TERM_NONE, args[1]);
}
Term bif_file_pwrite(Process *p, const Term args[])
{
    return start_write(p, args[0], args[1], args[2]);
}

/* ---- open and close ---- */

static void open_work(Job *base)
{
    FileJob *job = (FileJob *) base;
    int directory = job->count == 0 ? 0 : O_DIRECTORY;
    int fd = open(job->name, job->flags | O_CLOEXEC | directory, 0666);
    struct stat status;
    if (!file_job_note(job, fd)) {
        return;
    }
    if (fstat(fd, &status) == 0 && S_ISDIR(status.st_mode) && job->count == 0) {
        close(fd);
        job->error = EISDIR;
        return;
    }
    job->file = file_create(fd);
}

static Term open_answer(Job *base, Space *space)
{
    FileJob *job = (FileJob *) base;
    if (job->file == NULL) {
        return errno_result(space, job->error);
    }
    magic_retain(&job->file->magic);
    Term handle = make_magic_ref(space, &job->file->magic, world_unique_number());
    return make_tuple2(space, ATOM_ok, handle);
}

/* A list of read, write, append, truncate, create, exclusive, sync. */
static bool open_flags(Term list, int *flags)
{
    bool reads = false, writes = false;
    *flags = 0;
    for (; term_is_cons(list); list = cons_tail(list)) {
        const char *name = term_is_atom(cons_head(list)) ? atom_name(cons_head(list)) : "";
        reads |= strcmp(name, "read") == 0;
        writes |= strcmp(name, "write") == 0;
        *flags |= strcmp(name, "append") == 0      ? O_APPEND
                  : strcmp(name, "truncate") == 0  ? O_TRUNC
                  : strcmp(name, "create") == 0    ? O_CREAT
                  : strcmp(name, "exclusive") == 0 ? O_EXCL
                  : strcmp(name, "sync") == 0      ? O_SYNC
                                                   : 0;
    }
    *flags |= writes ? (reads ? O_RDWR : O_WRONLY) : O_RDONLY;
    return term_is_nil(list);
}

/* open(Name, Flags, DirectoryToo): {ok, Handle} | {error, Reason} */
Term bif_file_open(Process *p, const Term args[])
{
    RETURN_REPLY_IF_AWAITED(p)
    FileJob *job = file_job(open_work, open_answer);
    if (!file_job_name(&job->name, args[0]) || !open_flags(args[1], &job->flags)) {
        return file_job_badarg(p, job);
    }
    job->count = args[2] == ATOM_true;
    return file_job_start(p, job);
}

static void close_work(Job *base)
{
    FileJob *job = (FileJob *) base;
    File *file = job->file;
    pthread_mutex_lock(&file->lock);
    if (file->fd < 0) {
        job->error = EINVAL;
    } else {
        int late = file_settle(file, false);
        if (file_job_note(job, close(file->fd))) {
            job->error = late;
        }
        file->fd = -1;
    }
    pthread_mutex_unlock(&file->lock);
}

static Term close_answer(Job *base, Space *space)
{
    FileJob *job = (FileJob *) base;
    file_tell_flusher(job->file, ATOM_close);
    return answer_ok(base, space);
}

/* ---- the rest ---- */

static void seek_work(Job *base)
{
    FileJob *job = (FileJob *) base;
    if (file_job_lock(job, true)) {
        file_job_note(job, lseek(job->file->fd, job->at, job->flags));
    }
    file_job_unlock(job);
}

static Term seek_answer(Job *base, Space *space)
{
    FileJob *job = (FileJob *) base;
    Term error = file_job_error(job, space);
    return error != TERM_NONE ? error : make_tuple2(space, ATOM_ok, make_int64(space, job->value));
}

/* seek(Handle, bof | cur | eof, Offset): {ok, Position} | {error, Reason} */
Term bif_file_seek(Process *p, const Term args[])
{
    RETURN_REPLY_IF_AWAITED(p)
    FileJob *job = file_job(seek_work, seek_answer);
    job->file = file_of(args[0]);
    job->flags = args[1] == ATOM_bof   ? SEEK_SET
                 : args[1] == ATOM_cur ? SEEK_CUR
                 : args[1] == ATOM_eof ? SEEK_END
                                       : -1;
    if (job->file == NULL || job->flags < 0 || !term_to_int64(args[2], &job->at)) {
        return file_job_badarg(p, job);
    }
    return file_job_start(p, job);
}

static void truncate_work(Job *base)
{
    FileJob *job = (FileJob *) base;
    if (file_job_lock(job, true)) {
        off_t at = lseek(job->file->fd, 0, SEEK_CUR);
        file_job_note(job, at < 0 ? -1 : ftruncate(job->file->fd, at));
    }
    file_job_unlock(job);
}

static void sync_work(Job *base)
{
    FileJob *job = (FileJob *) base;
    if (file_job_lock(job, false)) {
        int fd = job->file->fd;
        file_job_note(job, job->flags ? fdatasync(fd) : fsync(fd));
    }
    file_job_unlock(job);
}

static void allocate_work(Job *base)
{
    FileJob *job = (FileJob *) base;
    if (file_job_lock(job, false)) {
        job->error = posix_fallocate(job->file->fd, job->at, job->count);
    }
    file_job_unlock(job);
}

static Term start_on_handle(Process *p, void (*work)(Job *), Term handle, int flags)
{
    RETURN_REPLY_IF_AWAITED(p)
    FileJob *job = file_job(work, work == close_work ? close_answer : NULL);
    job->file = file_of(handle);
    job->flags = flags;
    return job->file == NULL ? file_job_badarg(p, job) : file_job_start(p, job);
}

Term bif_file_close(Process *p, const Term args[])
{
    return start_on_handle(p, close_work, args[0], 0);
}
Term bif_file_truncate(Process *p, const Term args[])
{
    return start_on_handle(p, truncate_work, args[0], 0);
}
/* sync(Handle, DataOnly) */
Term bif_file_sync(Process *p, const Term args[])
{
    return start_on_handle(p, sync_work, args[0], args[1] == ATOM_true);
}

Term bif_file_allocate(Process *p, const Term args[])
{
    RETURN_REPLY_IF_AWAITED(p)
    FileJob *job = file_job(allocate_work, NULL);
    job->file = file_of(args[0]);
    if (job->file == NULL || !term_to_index(args[1], &job->at) ||
        !term_to_index(args[2], &job->count)) {
        return file_job_badarg(p, job);
    }
    return file_job_start(p, job);
}

static void advise_work(Job *base)
{
    FileJob *job = (FileJob *) base;
    if (file_job_lock(job, false)) {
        job->error = posix_fadvise(job->file->fd, job->at, job->count, job->flags);
    }
    file_job_unlock(job);
}

static bool advice_of(Term name, int *out)
{
    static const struct {
        const char *name;
        int advice;
    } advices[] = {
        {"normal", POSIX_FADV_NORMAL},      {"sequential", POSIX_FADV_SEQUENTIAL},
        {"random", POSIX_FADV_RANDOM},      {"no_reuse", POSIX_FADV_NOREUSE},
        {"will_need", POSIX_FADV_WILLNEED}, {"dont_need", POSIX_FADV_DONTNEED},
    };
    for (size_t i = 0; i < COUNT_OF(advices); i++) {
        if (name == atom_of(advices[i].name)) {
            *out = advices[i].advice;
            return true;
        }
    }
    return false;
}

/* advise(Handle, At, Count, Advice) */
Term bif_file_advise(Process *p, const Term args[])
{
    RETURN_REPLY_IF_AWAITED(p)
    FileJob *job = file_job(advise_work, NULL);
    job->file = file_of(args[0]);
    if (job->file == NULL || !term_to_index(args[1], &job->at) ||
        !term_to_index(args[2], &job->count) || !advice_of(args[3], &job->flags)) {
        return file_job_badarg(p, job);
    }
    return file_job_start(p, job);
}

/* ---- whole files ---- */

static void read_file_work(Job *base)
{
    FileJob *job = (FileJob *) base;
    int fd = open(job->name, O_RDONLY | O_CLOEXEC);
    if (file_job_note(job, fd)) {
        job->count = -1;
        file_job_read(job, fd, false);
        close(fd);
    }
}

static Term read_file_answer(Job *base, Space *space)
{
    FileJob *job = (FileJob *) base;
    Term error = file_job_error(job, space);
    return error != TERM_NONE ? error : make_tuple2(space, ATOM_ok, file_job_binary(job, space));
}

Term bif_file_read_file(Process *p, const Term args[])
{
    RETURN_REPLY_IF_AWAITED(p)
    FileJob *job = file_job(read_file_work, read_file_answer);
    return file_job_name(&job->name, args[0]) ? file_job_start(p, job) : file_job_badarg(p, job);
}

static void write_file_work(Job *base)
{
    FileJob *job = (FileJob *) base;
    int fd = open(job->name, job->flags | O_CLOEXEC, 0666);
    if (file_job_note(job, fd)) {
        job->error = file_write_all(fd, job->bytes, job->size, -1);
        if (close(fd) != 0 && job->error == 0) {
            job->error = errno;
        }
    }
}

/* write_file(Name, Iodata, Flags) */
Term bif_file_write_file(Process *p, const Term args[])
{
    RETURN_REPLY_IF_AWAITED(p)
    FileJob *job = file_job(write_file_work, NULL);
    if (!file_job_name(&job->name, args[0]) || !take_bytes(job, args[1]) ||
        !open_flags(args[2], &job->flags)) {
        return file_job_badarg(p, job);
    }
    bif_charge(p, job->size / 512);
    return file_job_start(p, job);
}
