/* runtime/bif_store.c
 * The built-ins of `store`: terms to bytes in the calling process, the work on the blocking pool,
 * bytes to terms in the answer. An entry's value in the file is the external form of the value
 * followed by that of the key, whose ordered form (store_key.h) cannot be turned back. */
#include "runtime/bif_data.h"
#include "runtime/bif_tables.h"
#include "runtime/job.h"
#include "runtime/store.h"
#include "runtime/store_key.h"
#include "runtime/term/external.h"
#include "runtime/term/world.h"

#include <pthread.h>

/* ---- handles ---- */

static const char store_type, cursor_type;

typedef struct StoreHandle {
    Magic magic; /* first */
    Store *store;
} StoreHandle;

/* The lock is held while a job uses the cursor. */
typedef struct CursorHandle {
    Magic magic; /* first */
    pthread_mutex_t lock;
    StoreCursor *cursor;
    BlockingJob closing;
} CursorHandle;

static void store_handle_destroy(Magic *magic)
{
    StoreHandle *handle = (StoreHandle *) magic;
    store_release(handle->store);
    mem_free(handle);
}

static void close_cursor(BlockingJob *job)
{
    CursorHandle *handle = (CursorHandle *) ((char *) job - offsetof(CursorHandle, closing));
    store_cursor_close(handle->cursor);
    pthread_mutex_destroy(&handle->lock);
    mem_free(handle);
}

static void cursor_handle_destroy(Magic *magic)
{
    CursorHandle *handle = (CursorHandle *) magic;
    handle->closing = (BlockingJob){.work = close_cursor};
    blocking_submit(&handle->closing);
}

/* ---- jobs ---- */

typedef struct StoreJob {
    Job base; /* first */
    Store *store;
    CursorHandle *cursor;
    char *path;
    StoreSync sync;
    ByteBuffer key, batch;
    StoreRange range;
    int64_t count;
    bool failed, ended;
    StoreError error;
    uint8_t *value;
    size_t value_bytes;
    ByteBuffer rows;
    StoreCursor *opened; /* a cursor that has no handle yet */
} StoreJob;

static void job_finish(Job *base)
{
    StoreJob *job = (StoreJob *) base;
    mem_free(job->path);
    mem_free(job->key.bytes);
    mem_free(job->batch.bytes);
    mem_free(job->range.from.bytes);
    mem_free(job->range.to.bytes);
    mem_free(job->value);
    mem_free(job->rows.bytes);
    if (job->cursor != NULL) {
        magic_release(&job->cursor->magic);
    }
    if (job->store != NULL) {
        store_release(job->store);
    }
    mem_free(job);
}

static Term answer_error(StoreJob *job, Space *space)
{
    Term text = make_binary(space, job->error.text, strlen(job->error.text));
    Term why = make_tuple2(space, atom_of(job->error.name), text);
    return make_tuple2(space, ATOM_error, why);
}

static Term answer_ok(Job *base, Space *space)
{
    StoreJob *job = (StoreJob *) base;
    return job->failed ? answer_error(job, space) : ATOM_ok;
}

static StoreJob *create_job(void (*work)(Job *job), Term (*answer)(Job *job, Space *space))
{
    StoreJob *job = mem_alloc_zero(sizeof *job);
    job->base.work = work;
    job->base.answer = answer;
    job->base.finish = job_finish;
    return job;
}

static Term badarg(Process *p, StoreJob *job)
{
    job_finish(&job->base);
    return bif_badarg(p);
}

static bool take_store(StoreJob *job, Term t)
{
    StoreHandle *handle = (StoreHandle *) magic_of(t, &store_type);
    if (handle == NULL) {
        return false;
    }
    job->store = handle->store;
    store_retain(job->store);
    return true;
}

#define RETURN_REPLY_IF_AWAITED(p) \
    if (reply_is_awaited(p)) { \
        return reply_take(p); \
    }

/* ---- keys ---- */

/* key(Term): its ordered bytes. */
Term bif_store_key_1(Process *p, const Term args[])
{
    ByteBuffer key = {0};
    if (!store_key_encode(args[0], &key)) {
        mem_free(key.bytes);
        return bif_badarg(p);
    }
    Term binary = make_binary(bif_space(p), key.bytes, key.size_bytes);
    mem_free(key.bytes);
    return bif_result(p, binary);
}

/* ---- opening and closing ---- */

static void work_open(Job *base)
{
    StoreJob *job = (StoreJob *) base;
    job->store = store_open(job->path, job->sync, &job->error);
    job->failed = job->store == NULL;
}

static Term answer_open(Job *base, Space *space)
{
    StoreJob *job = (StoreJob *) base;
    if (job->failed) {
        return answer_error(job, space);
    }
    StoreHandle *handle = mem_alloc(sizeof *handle);
    *handle = (StoreHandle){.magic = {1, store_handle_destroy, &store_type}, .store = job->store};
    job->store = NULL; /* its reference is the handle's */
    Term ref = make_magic_ref(space, &handle->magic, world_unique_number());
    return make_tuple2(space, ATOM_ok, ref);
}

/* open(Path, full | normal | off) */
Term bif_store_open_2(Process *p, const Term args[])
{
    RETURN_REPLY_IF_AWAITED(p);
    StoreJob *job = create_job(work_open, answer_open);
    job->path = term_to_utf8(args[0], NULL);
    job->sync = args[1] == atom_of("off")      ? STORE_SYNC_OFF
                : args[1] == atom_of("normal") ? STORE_SYNC_NORMAL
                                               : STORE_SYNC_FULL;
    return job->path == NULL ? badarg(p, job) : job_start(p, &job->base);
}

static void work_close(Job *base)
{
    store_close(((StoreJob *) base)->store);
}

Term bif_store_close_1(Process *p, const Term args[])
{
    RETURN_REPLY_IF_AWAITED(p);
    StoreJob *job = create_job(work_close, answer_ok);
    return take_store(job, args[0]) ? job_start(p, &job->base) : badarg(p, job);
}

/* ---- reading ---- */

static void work_get(Job *base)
{
    StoreJob *job = (StoreJob *) base;
    job->failed = !store_read(job->store, &job->key, &job->value, &job->value_bytes, &job->error);
}

static Term answer_get(Job *base, Space *space)
{
    StoreJob *job = (StoreJob *) base;
    size_t used;
    if (job->failed) {
        return answer_error(job, space);
    }
    if (job->value == NULL) {
        return atom_of("none");
    }
    Term value = external_to_term(space, job->value, job->value_bytes, false, &used);
    if (value == TERM_LIMIT) {
        return TERM_LIMIT;
    }
    return value == TERM_NONE ? atom_of("corrupt") : make_tuple2(space, ATOM_ok, value);
}

/* get(Store, Key): {ok, Value} or none. */
Term bif_store_get_2(Process *p, const Term args[])
{
    RETURN_REPLY_IF_AWAITED(p);
    StoreJob *job = create_job(work_get, answer_get);
    if (!take_store(job, args[0]) || !store_key_encode(args[1], &job->key)) {
        return badarg(p, job);
    }
    return job_start(p, &job->base);
}

static void work_size(Job *base)
{
    StoreJob *job = (StoreJob *) base;
    job->failed = !store_count(job->store, &job->count, &job->error);
}

static Term answer_size(Job *base, Space *space)
{
    StoreJob *job = (StoreJob *) base;
    return job->failed ? answer_error(job, space) : make_int64(space, job->count);
}

Term bif_store_size_1(Process *p, const Term args[])
{
    RETURN_REPLY_IF_AWAITED(p);
    StoreJob *job = create_job(work_size, answer_size);
    return take_store(job, args[0]) ? job_start(p, &job->base) : badarg(p, job);
}

static void work_backup(Job *base)
{
    StoreJob *job = (StoreJob *) base;
    job->failed = !store_backup(job->store, job->path, &job->error);
}

Term bif_store_backup_2(Process *p, const Term args[])
{
    RETURN_REPLY_IF_AWAITED(p);
    StoreJob *job = create_job(work_backup, answer_ok);
    job->path = term_to_utf8(args[1], NULL);
    return take_store(job, args[0]) && job->path != NULL ? job_start(p, &job->base)
                                                         : badarg(p, job);
}

/* ---- writing ---- */

static void work_write(Job *base)
{
    StoreJob *job = (StoreJob *) base;
    job->failed = !store_write(job->store, &job->batch, &job->error);
}

/* The value, then the key. */
static bool add_put(ByteBuffer *batch, const ByteBuffer *ordered, Term key, Term value)
{
    uint8_t *parts[2] = {NULL, NULL}, *both = NULL;
    size_t sizes[2];
    bool done = external_write(value, &EXTERNAL_DEFAULTS, &parts[0], &sizes[0]) &&
                external_write(key, &EXTERNAL_DEFAULTS, &parts[1], &sizes[1]) &&
                (both = mem_try_alloc(sizes[0] + sizes[1])) != NULL;
    if (done) {
        memcpy(both, parts[0], sizes[0]);
        memcpy(both + sizes[0], parts[1], sizes[1]);
        done = store_batch_add(batch, STORE_PUT, ordered, both, sizes[0] + sizes[1]);
    }
    mem_free(parts[0]);
    mem_free(parts[1]);
    mem_free(both);
    return done;
}

static bool add_write(ByteBuffer *batch, Term write)
{
    ByteBuffer key = {0};
    bool done = false;
    if (write == atom_of("clear")) {
        return store_batch_add(batch, STORE_CLEAR, NULL, NULL, 0);
    }
    if (tuple_is(write, 3) && tuple_elements(write)[0] == atom_of("put")) {
        const Term *parts = tuple_elements(write);
        done = store_key_encode(parts[1], &key) && add_put(batch, &key, parts[1], parts[2]);
    } else if (tuple_is(write, 2) && tuple_elements(write)[0] == atom_of("delete")) {
        done = store_key_encode(tuple_elements(write)[1], &key) &&
               store_batch_add(batch, STORE_DELETE, &key, NULL, 0);
    }
    mem_free(key.bytes);
    return done;
}

/* write(Store, [{put, Key, Value} | {delete, Key} | clear]): all or none. */
Term bif_store_write_2(Process *p, const Term args[])
{
    RETURN_REPLY_IF_AWAITED(p);
    StoreJob *job = create_job(work_write, answer_ok);
    bool fine = take_store(job, args[0]);
    Term list = args[1];
    for (; fine && term_is_cons(list); list = cons_tail(list)) {
        fine = add_write(&job->batch, cons_head(list));
    }
    bif_charge(p, job->batch.size_bytes / 64);
    return fine && term_is_nil(list) ? job_start(p, &job->base) : badarg(p, job);
}

/* ---- ranges ---- */

static void work_cursor(Job *base)
{
    StoreJob *job = (StoreJob *) base;
    job->opened = store_cursor_open(job->store, &job->range, &job->error);
    job->failed = job->opened == NULL;
}

static Term answer_cursor(Job *base, Space *space)
{
    StoreJob *job = (StoreJob *) base;
    if (job->failed) {
        return answer_error(job, space);
    }
    CursorHandle *handle = mem_alloc_zero(sizeof *handle);
    handle->magic = (Magic){1, cursor_handle_destroy, &cursor_type};
    handle->cursor = job->opened;
    pthread_mutex_init(&handle->lock, NULL);
    Term ref = make_magic_ref(space, &handle->magic, world_unique_number());
    return make_tuple2(space, ATOM_ok, ref);
}

/* A bound: none, {with, Key} or {without, Key}. */
static bool take_bound(Term bound, ByteBuffer *key, bool *without)
{
    if (bound == atom_of("none")) {
        return true;
    }
    if (!tuple_is(bound, 2)) {
        return false;
    }
    *without = tuple_elements(bound)[0] == atom_of("without");
    return store_key_encode(tuple_elements(bound)[1], key);
}

/* cursor(Store, From, To, Backwards) */
Term bif_store_cursor_4(Process *p, const Term args[])
{
    RETURN_REPLY_IF_AWAITED(p);
    StoreJob *job = create_job(work_cursor, answer_cursor);
    job->range.backwards = args[3] == ATOM_true;
    bool fine = take_store(job, args[0]) &&
                take_bound(args[1], &job->range.from, &job->range.without_from) &&
                take_bound(args[2], &job->range.to, &job->range.without_to);
    return fine ? job_start(p, &job->base) : badarg(p, job);
}

enum { NEXT_BYTES = 256 * 1024 };

static void work_next(Job *base)
{
    StoreJob *job = (StoreJob *) base;
    pthread_mutex_lock(&job->cursor->lock);
    job->failed = !store_cursor_next(job->cursor->cursor, (size_t) job->count, NEXT_BYTES,
                                     &job->rows, &job->ended, &job->error);
    pthread_mutex_unlock(&job->cursor->lock);
}

static Term answer_next(Job *base, Space *space)
{
    StoreJob *job = (StoreJob *) base;
    ListBuilder list;
    if (job->failed) {
        return answer_error(job, space);
    }
    list_start(&list, space);
    for (size_t at = 0; at < job->rows.size_bytes;) {
        uint64_t size;
        size_t used, rest;
        memcpy(&size, job->rows.bytes + at, sizeof size);
        const uint8_t *bytes = job->rows.bytes + at + sizeof size;
        at += sizeof size + size;
        Term value = external_to_term(space, bytes, size, false, &used);
        if (value == TERM_NONE || value == TERM_LIMIT) {
            return value == TERM_LIMIT ? value : atom_of("corrupt");
        }
        Term key = external_to_term(space, bytes + used, size - used, false, &rest);
        if (key == TERM_NONE || key == TERM_LIMIT) {
            return key == TERM_LIMIT ? key : atom_of("corrupt");
        }
        list_add(&list, make_tuple2(space, key, value));
    }
    Term rows = list_end(&list, TERM_NIL);
    return rows == TERM_LIMIT ? rows
                              : make_tuple2(space, atom_of(job->ended ? "ended" : "more"), rows);
}

/* next(Cursor, MostRows): {more | ended, [{Key, Value}]}. */
Term bif_store_next_2(Process *p, const Term args[])
{
    RETURN_REPLY_IF_AWAITED(p);
    StoreJob *job = create_job(work_next, answer_next);
    CursorHandle *handle = (CursorHandle *) magic_of(args[0], &cursor_type);
    if (handle == NULL || !term_to_index(args[1], &job->count)) {
        return badarg(p, job);
    }
    magic_retain(&handle->magic);
    job->cursor = handle;
    return job_start(p, &job->base);
}
