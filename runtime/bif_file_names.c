/* runtime/bif_file_names.c
 * What names lead to: directories, links, information, programs. */
#include "runtime/bif_tables.h"
#include "runtime/file_job.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static Term start_on_name(Process *p, void (*work)(Job *), Term (*answer)(Job *, Space *),
                          Term name)
{
    RETURN_REPLY_IF_AWAITED(p)
    FileJob *job = file_job(work, answer);
    return file_job_name(&job->name, name) ? file_job_start(p, job) : file_job_badarg(p, job);
}

static Term start_on_names(Process *p, void (*work)(Job *), const Term args[])
{
    RETURN_REPLY_IF_AWAITED(p)
    FileJob *job = file_job(work, NULL);
    return file_job_name(&job->name, args[0]) && file_job_name(&job->name2, args[1])
               ? file_job_start(p, job)
               : file_job_badarg(p, job);
}

/* A work that is one call of the system. */
#define CALL(work, call) \
    static void work(Job *base) \
    { \
        FileJob *job = (FileJob *) base; \
        file_job_note(job, call); \
    }
CALL(make_dir_work, mkdir(job->name, 0777))
CALL(delete_work, unlink(job->name))
CALL(make_link_work, link(job->name, job->name2))
CALL(make_symlink_work, symlink(job->name, job->name2))
CALL(set_cwd_work, chdir(job->name))
CALL(change_mode_work, chmod(job->name, (mode_t) job->at))
CALL(change_owner_work, chown(job->name, (uid_t) job->at, (gid_t) job->count))

static bool is_directory(const char *name, const char *other)
{
    struct stat a, b;
    return stat(name, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}

/* Two things can be wrong with a directory at once: that it is the current one is said first, and
 * that the root was meant. */
static void del_dir_work(Job *base)
{
    FileJob *job = (FileJob *) base;
    if (!file_job_note(job, rmdir(job->name)) && job->error == ENOTEMPTY &&
        is_directory(job->name, ".")) {
        job->error = EINVAL;
    }
}

static void rename_work(Job *base)
{
    FileJob *job = (FileJob *) base;
    if (!file_job_note(job, rename(job->name, job->name2)) && job->error == EBUSY &&
        is_directory(job->name, "/")) {
        job->error = EINVAL;
    }
}

Term bif_file_make_dir(Process *p, const Term args[])
{
    return start_on_name(p, make_dir_work, NULL, args[0]);
}
Term bif_file_del_dir(Process *p, const Term args[])
{
    return start_on_name(p, del_dir_work, NULL, args[0]);
}
Term bif_file_delete(Process *p, const Term args[])
{
    return start_on_name(p, delete_work, NULL, args[0]);
}
Term bif_file_set_cwd(Process *p, const Term args[])
{
    return start_on_name(p, set_cwd_work, NULL, args[0]);
}
Term bif_file_rename(Process *p, const Term args[])
{
    return start_on_names(p, rename_work, args);
}
Term bif_file_make_link(Process *p, const Term args[])
{
    return start_on_names(p, make_link_work, args);
}
Term bif_file_make_symlink(Process *p, const Term args[])
{
    return start_on_names(p, make_symlink_work, args);
}

/* ---- names as answers ---- */

static Term name_answer(Job *base, Space *space)
{
    FileJob *job = (FileJob *) base;
    Term error = file_job_error(job, space);
    return error != TERM_NONE ? error
                              : make_tuple2(space, ATOM_ok, file_name_term(space, job->name2));
}

static void read_link_work(Job *base)
{
    FileJob *job = (FileJob *) base;
    char target[PATH_MAX + 1];
    if (file_job_note(job, readlink(job->name, target, PATH_MAX))) {
        target[job->value] = 0;
        job->name2 = mem_copy_string(target);
    }
}

Term bif_file_read_link(Process *p, const Term args[])
{
    return start_on_name(p, read_link_work, name_answer, args[0]);
}

static void get_cwd_work(Job *base)
{
    FileJob *job = (FileJob *) base;
    char directory[PATH_MAX];
    if (file_job_note(job, getcwd(directory, sizeof directory) == NULL ? -1 : 0)) {
        job->name2 = mem_copy_string(directory);
    }
}

Term bif_file_get_cwd(Process *p, const Term args[])
{
    RETURN_REPLY_IF_AWAITED(p)
    return file_job_start(p, file_job(get_cwd_work, name_answer));
}

static void names_add(ByteBuffer *names, const char *name)
{
    size_t size = strlen(name) + 1;
    if (names->capacity_bytes - names->size_bytes < size) {
        names->capacity_bytes = (names->capacity_bytes + size) * 2 + 1024;
        names->bytes = mem_realloc(names->bytes, names->capacity_bytes);
    }
    memcpy(names->bytes + names->size_bytes, name, size);
    names->size_bytes += size;
}

static void list_dir_work(Job *base)
{
    FileJob *job = (FileJob *) base;
    DIR *directory = opendir(job->name);
    if (directory == NULL) {
        job->error = errno;
        return;
    }
    struct dirent *entry;
    while ((entry = readdir(directory)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            names_add(&job->names, entry->d_name);
        }
    }
    closedir(directory);
}

static Term list_dir_answer(Job *base, Space *space)
{
    FileJob *job = (FileJob *) base;
    Term error = file_job_error(job, space);
    if (error != TERM_NONE) {
        return error;
    }
    Term list = TERM_NIL;
    for (size_t at = 0; at < job->names.size_bytes;) {
        const char *name = (const char *) job->names.bytes + at;
        list = make_cons(space, file_name_term(space, name), list);
        at += strlen(name) + 1;
    }
    return make_tuple2(space, ATOM_ok, list);
}

Term bif_file_list_dir(Process *p, const Term args[])
{
    return start_on_name(p, list_dir_work, list_dir_answer, args[0]);
}

/* ---- information ---- */

static const char *type_name(mode_t mode)
{
    return S_ISREG(mode)                    ? "regular"
           : S_ISDIR(mode)                  ? "directory"
           : S_ISLNK(mode)                  ? "symlink"
           : S_ISCHR(mode) || S_ISBLK(mode) ? "device"
                                            : "other";
}

static const char *access_name(int access)
{
    return access == (R_OK | W_OK) ? "read_write"
           : access == R_OK        ? "read"
           : access == W_OK        ? "write"
                                   : "none";
}

/* {ok, {Size, Type, Access, Atime, Mtime, Ctime, Mode, Links, Major, Minor, Inode, Uid, Gid}} */
static Term info_answer(Job *base, Space *space)
{
    FileJob *job = (FileJob *) base;
    Term error = file_job_error(job, space);
    if (error != TERM_NONE) {
        return error;
    }
    const struct stat *status = &job->status;
    const Term elements[] = {
        make_int64(space, status->st_size),  atom_of(type_name(status->st_mode)),
        atom_of(access_name(job->access)),   make_int64(space, status->st_atime),
        make_int64(space, status->st_mtime), make_int64(space, status->st_ctime),
        make_uint64(space, status->st_mode), make_uint64(space, status->st_nlink),
        make_uint64(space, status->st_dev),  make_uint64(space, status->st_rdev),
        make_uint64(space, status->st_ino),  make_uint64(space, status->st_uid),
        make_uint64(space, status->st_gid),
    };
    Term info = make_tuple(space, elements, COUNT_OF(elements));
    return make_tuple2(space, ATOM_ok, info);
}

static int access_of(const char *path)
{
    return (access(path, R_OK) == 0 ? R_OK : 0) | (access(path, W_OK) == 0 ? W_OK : 0);
}

static void info_work(Job *base)
{
    FileJob *job = (FileJob *) base;
    int result = job->flags ? stat(job->name, &job->status) : lstat(job->name, &job->status);
    if (file_job_note(job, result)) {
        job->access = access_of(job->name);
    }
}

/* info(Name, FollowLinks) */
Term bif_file_info(Process *p, const Term args[])
{
    RETURN_REPLY_IF_AWAITED(p)
    FileJob *job = file_job(info_work, info_answer);
    job->flags = args[1] == ATOM_true;
    return file_job_name(&job->name, args[0]) ? file_job_start(p, job) : file_job_badarg(p, job);
}

static void handle_info_work(Job *base)
{
    FileJob *job = (FileJob *) base;
    if (file_job_lock(job, false) && file_job_note(job, fstat(job->file->fd, &job->status))) {
        char path[32]; /* what the file allows, not what it was opened for */
        snprintf(path, sizeof path, "/proc/self/fd/%d", job->file->fd);
        job->access = access_of(path);
    }
    file_job_unlock(job);
}

Term bif_file_handle_info(Process *p, const Term args[])
{
    RETURN_REPLY_IF_AWAITED(p)
    FileJob *job = file_job(handle_info_work, info_answer);
    job->file = file_of(args[0]);
    return job->file == NULL ? file_job_badarg(p, job) : file_job_start(p, job);
}

static Term start_change(Process *p, void (*work)(Job *), Term name, Term first, Term second)
{
    RETURN_REPLY_IF_AWAITED(p)
    FileJob *job = file_job(work, NULL);
    return file_job_name(&job->name, name) && term_to_int64(first, &job->at) &&
                   term_to_int64(second, &job->count)
               ? file_job_start(p, job)
               : file_job_badarg(p, job);
}

static void change_time_work(Job *base)
{
    FileJob *job = (FileJob *) base;
    const struct timespec times[2] = {{.tv_sec = job->at}, {.tv_sec = job->count}};
    file_job_note(job, utimensat(AT_FDCWD, job->name, times, 0));
}

Term bif_file_change_mode(Process *p, const Term args[])
{
    return start_change(p, change_mode_work, args[0], args[1], term_small(0));
}
/* change_owner(Name, Uid, Gid): -1 leaves it */
Term bif_file_change_owner(Process *p, const Term args[])
{
    return start_change(p, change_owner_work, args[0], args[1], args[2]);
}
/* change_time(Name, Atime, Mtime), in seconds since 1970 */
Term bif_file_change_time(Process *p, const Term args[])
{
    return start_change(p, change_time_work, args[0], args[1], args[2]);
}

/* ---- programs ---- */

static void is_executable_work(Job *base)
{
    FileJob *job = (FileJob *) base;
    struct stat status;
    job->value =
        stat(job->name, &status) == 0 && S_ISREG(status.st_mode) && access(job->name, X_OK) == 0;
}

static Term bool_answer(Job *base, Space *space)
{
    return term_bool(((FileJob *) base)->value);
}

Term bif_file_is_executable(Process *p, const Term args[])
{
    return start_on_name(p, is_executable_work, bool_answer, args[0]);
}
