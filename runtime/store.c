/* runtime/store.c
 * The file is a SQLite database in WAL mode with one table, keys as its primary key. WAL gives what
 * store.h promises: readers have snapshots, a commit is one append to the log, and opening after a
 * crash replays whole commits only.
 *
 *   field           written by                      read by    guard
 *   references      any holder                      the same   add relaxed, drop release / acquire
 * at 0 writer, put …   store_write, store_close        the same   write_lock idle, closed    any
 * thread                      the same   readers_lock */
#include "runtime/store.h"

#include "runtime/term/mem.h"
#include "sched/blocking.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>

enum { READERS_KEPT = 8, BUSY_TIMEOUT_MS = 10000, APPLICATION_ID = 0x4D537431 /* "MSt1" */ };

/* A connection that reads, with its prepared statements. */
typedef struct Reader {
    struct Reader *next;
    sqlite3 *db;
    sqlite3_stmt *get;
} Reader;

struct Store {
    size_t references;
    char *path;
    pthread_mutex_t write_lock;
    sqlite3 *writer; /* NULL: closed */
    sqlite3_stmt *put, *delete;
    pthread_mutex_t readers_lock;
    Reader *idle;
    size_t idle_count;
    bool closed;
    BlockingJob closing;
};

/* ---- errors ---- */

static const struct {
    int code;
    const char *name;
} error_names[] = {
    {SQLITE_PERM, "eacces"},     {SQLITE_BUSY, "busy"},         {SQLITE_LOCKED, "busy"},
    {SQLITE_NOMEM, "enomem"},    {SQLITE_READONLY, "readonly"}, {SQLITE_IOERR, "eio"},
    {SQLITE_CORRUPT, "corrupt"}, {SQLITE_FULL, "enospc"},       {SQLITE_CANTOPEN, "cannot_open"},
    {SQLITE_TOOBIG, "too_big"},  {SQLITE_AUTH, "eacces"},       {SQLITE_NOTADB, "no_store"},
};

static void set_error(StoreError *error, const char *name, const char *text)
{
    snprintf(error->name, sizeof error->name, "%s", name);
    snprintf(error->text, sizeof error->text, "%s", text);
}

static bool failed(StoreError *error, sqlite3 *db, int code)
{
    const char *name = "error";
    for (size_t i = 0; i < COUNT_OF(error_names); i++) {
        if (error_names[i].code == (code & 0xFF)) {
            name = error_names[i].name;
        }
    }
    set_error(error, name, db != NULL ? sqlite3_errmsg(db) : sqlite3_errstr(code));
    /* What the system said, where that says more. */
    const char *why = db != NULL ? strerrordesc_np(sqlite3_system_errno(db)) : NULL;
    if (((code & 0xFF) == SQLITE_CANTOPEN || (code & 0xFF) == SQLITE_IOERR) && why != NULL &&
        sqlite3_system_errno(db) != 0) {
        snprintf(error->text, sizeof error->text, "%s: %s", sqlite3_errmsg(db), why);
    }
    return false;
}

static bool execute(sqlite3 *db, const char *sql, StoreError *error)
{
    int code = sqlite3_exec(db, sql, NULL, NULL, NULL);
    return code == SQLITE_OK || failed(error, db, code);
}

static bool prepare(sqlite3 *db, const char *sql, sqlite3_stmt **out, StoreError *error)
{
    int code = sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL);
    return code == SQLITE_OK || failed(error, db, code);
}

/* ---- opening and closing ---- */

static sqlite3 *connect_to(const char *path, int flags, StoreError *error)
{
    sqlite3 *db = NULL;
    int code =
        sqlite3_open_v2(path, &db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    if (code != SQLITE_OK) {
        failed(error, db, code);
        sqlite3_close(db);
        return NULL;
    }
    sqlite3_busy_timeout(db, BUSY_TIMEOUT_MS);
    return db;
}

/* A file of another program is left alone. */
static bool check_kind(sqlite3 *db, StoreError *error)
{
    sqlite3_stmt *statement;
    if (!prepare(db, "SELECT (SELECT count(*) FROM sqlite_schema), * FROM pragma_application_id",
                 &statement, error)) {
        return false;
    }
    int code = sqlite3_step(statement);
    bool is_new = code == SQLITE_ROW && sqlite3_column_int(statement, 0) == 0;
    bool is_ours = code == SQLITE_ROW && sqlite3_column_int(statement, 1) == APPLICATION_ID;
    sqlite3_finalize(statement);
    if (code != SQLITE_ROW) {
        return failed(error, db, code);
    }
    if (!is_new && !is_ours) {
        set_error(error, "no_store", "the file is a database of another program");
        return false;
    }
    return true;
}

static bool set_up(Store *store, StoreSync sync, StoreError *error)
{
    static const char *const levels[] = {"PRAGMA synchronous=OFF", "PRAGMA synchronous=NORMAL",
                                         "PRAGMA synchronous=FULL"};
    char identify[64];
    sqlite3 *db = store->writer;
    snprintf(identify, sizeof identify, "PRAGMA application_id=%d", APPLICATION_ID);
    return check_kind(db, error) && execute(db, "PRAGMA journal_mode=WAL", error) &&
           execute(db, levels[sync], error) && execute(db, identify, error) &&
           execute(db,
                   "CREATE TABLE IF NOT EXISTS entries (key BLOB PRIMARY KEY, value BLOB NOT NULL)"
                   " WITHOUT ROWID",
                   error) &&
           prepare(db, "INSERT OR REPLACE INTO entries VALUES (?1, ?2)", &store->put, error) &&
           prepare(db, "DELETE FROM entries WHERE key = ?1", &store->delete, error);
}

static void close_writer(Store *store)
{
    sqlite3_finalize(store->put);
    sqlite3_finalize(store->delete);
    sqlite3_close(store->writer);
    store->writer = NULL;
    store->put = store->delete = NULL;
}

static void reader_destroy(Reader *reader)
{
    sqlite3_finalize(reader->get);
    sqlite3_close(reader->db);
    mem_free(reader);
}

static void store_destroy(Store *store)
{
    store_close(store);
    pthread_mutex_destroy(&store->write_lock);
    pthread_mutex_destroy(&store->readers_lock);
    mem_free(store->path);
    mem_free(store);
}

Store *store_open(const char *path, StoreSync sync, StoreError *error)
{
    Store *store = mem_alloc_zero(sizeof *store);
    store->references = 1;
    store->path = mem_copy_string(path);
    pthread_mutex_init(&store->write_lock, NULL);
    pthread_mutex_init(&store->readers_lock, NULL);
    store->writer = connect_to(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error);
    if (store->writer == NULL || !set_up(store, sync, error)) {
        store_destroy(store);
        return NULL;
    }
    return store;
}

void store_close(Store *store)
{
    pthread_mutex_lock(&store->write_lock);
    if (store->writer != NULL) {
        close_writer(store);
    }
    pthread_mutex_unlock(&store->write_lock);
    pthread_mutex_lock(&store->readers_lock);
    Reader *reader = store->idle;
    store->idle = NULL;
    store->idle_count = 0;
    store->closed = true;
    pthread_mutex_unlock(&store->readers_lock);
    while (reader != NULL) {
        Reader *next = reader->next;
        reader_destroy(reader);
        reader = next;
    }
}

void store_retain(Store *store)
{
    __atomic_add_fetch(&store->references, 1, __ATOMIC_RELAXED);
}

static void close_on_pool(BlockingJob *job)
{
    Store *store = (Store *) ((char *) job - offsetof(Store, closing));
    store_destroy(store);
}

void store_release(Store *store)
{
    if (__atomic_sub_fetch(&store->references, 1, __ATOMIC_ACQ_REL) == 0) {
        store->closing = (BlockingJob){.work = close_on_pool};
        blocking_submit(&store->closing);
    }
}

/* ---- readers ---- */

static Reader *reader_acquire(Store *store, StoreError *error)
{
    pthread_mutex_lock(&store->readers_lock);
    Reader *reader = store->idle;
    bool closed = store->closed;
    if (reader != NULL) {
        store->idle = reader->next;
        store->idle_count--;
    }
    pthread_mutex_unlock(&store->readers_lock);
    if (closed) {
        set_error(error, "closed", "the store is closed");
        return NULL;
    }
    if (reader != NULL) {
        return reader;
    }
    sqlite3 *db = connect_to(store->path, SQLITE_OPEN_READWRITE, error);
    if (db == NULL) {
        return NULL;
    }
    reader = mem_alloc_zero(sizeof *reader);
    reader->db = db;
    if (!prepare(db, "SELECT value FROM entries WHERE key = ?1", &reader->get, error)) {
        reader_destroy(reader);
        return NULL;
    }
    return reader;
}

static void reader_release(Store *store, Reader *reader)
{
    pthread_mutex_lock(&store->readers_lock);
    bool keep = !store->closed && store->idle_count < READERS_KEPT;
    if (keep) {
        reader->next = store->idle;
        store->idle = reader;
        store->idle_count++;
    }
    pthread_mutex_unlock(&store->readers_lock);
    if (!keep) {
        reader_destroy(reader);
    }
}

static uint8_t *copy_bytes(const void *bytes, size_t size)
{
    uint8_t *copy = mem_try_alloc(size + 1);
    if (copy != NULL && size > 0) {
        memcpy(copy, bytes, size);
    }
    return copy;
}

bool store_read(Store *store, const ByteBuffer *key, uint8_t **value, size_t *value_bytes,
                StoreError *error)
{
    Reader *reader = reader_acquire(store, error);
    *value = NULL;
    if (reader == NULL) {
        return false;
    }
    sqlite3_stmt *get = reader->get;
    sqlite3_bind_blob64(get, 1, key->bytes, key->size_bytes, SQLITE_STATIC);
    int code = sqlite3_step(get);
    bool done = code == SQLITE_DONE;
    if (code == SQLITE_ROW) {
        *value_bytes = (size_t) sqlite3_column_bytes(get, 0);
        *value = copy_bytes(sqlite3_column_blob(get, 0), *value_bytes);
        done = *value != NULL || failed(error, NULL, SQLITE_NOMEM);
    } else if (!done) {
        failed(error, reader->db, code);
    }
    sqlite3_reset(get);
    sqlite3_clear_bindings(get);
    reader_release(store, reader);
    return done;
}

bool store_count(Store *store, int64_t *count, StoreError *error)
{
    Reader *reader = reader_acquire(store, error);
    sqlite3_stmt *statement;
    if (reader == NULL) {
        return false;
    }
    bool done = prepare(reader->db, "SELECT count(*) FROM entries", &statement, error);
    if (done) {
        int code = sqlite3_step(statement);
        done = code == SQLITE_ROW || failed(error, reader->db, code);
        *count = sqlite3_column_int64(statement, 0);
        sqlite3_finalize(statement);
    }
    reader_release(store, reader);
    return done;
}

bool store_backup(Store *store, const char *path, StoreError *error)
{
    Reader *reader = reader_acquire(store, error);
    sqlite3_stmt *statement;
    if (reader == NULL) {
        return false;
    }
    bool done = prepare(reader->db, "VACUUM INTO ?1", &statement, error);
    if (done) {
        sqlite3_bind_text(statement, 1, path, -1, SQLITE_STATIC);
        int code = sqlite3_step(statement);
        done = code == SQLITE_DONE || failed(error, reader->db, code);
        sqlite3_finalize(statement);
    }
    reader_release(store, reader);
    return done;
}

/* ---- writing ---- */

static bool append(ByteBuffer *buffer, const void *bytes, size_t size)
{
    size_t needed = buffer->size_bytes + size;
    if (needed > buffer->capacity_bytes) {
        size_t capacity = needed * 2 + 64;
        uint8_t *grown = mem_try_alloc(capacity);
        if (grown == NULL) {
            return false;
        }
        if (buffer->size_bytes > 0) {
            memcpy(grown, buffer->bytes, buffer->size_bytes);
        }
        mem_free(buffer->bytes);
        buffer->bytes = grown;
        buffer->capacity_bytes = capacity;
    }
    if (size > 0) {
        memcpy(buffer->bytes + buffer->size_bytes, bytes, size);
    }
    buffer->size_bytes = needed;
    return true;
}

/* In a batch: what, size of the key, size of the value (8 bytes each), key, value. */
enum { BATCH_HEAD = 24 };

bool store_batch_add(ByteBuffer *batch, StoreWrite what, const ByteBuffer *key,
                     const uint8_t *value, size_t value_bytes)
{
    uint64_t head[3] = {what, key == NULL ? 0 : key->size_bytes, value_bytes};
    return append(batch, head, sizeof head) &&
           (key == NULL || append(batch, key->bytes, key->size_bytes)) &&
           append(batch, value, value_bytes);
}

static bool step(sqlite3 *db, sqlite3_stmt *statement, StoreError *error)
{
    int code = sqlite3_step(statement);
    bool done = code == SQLITE_DONE || failed(error, db, code);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return done;
}

static bool write_all(Store *store, const ByteBuffer *batch, StoreError *error)
{
    for (size_t at = 0; at < batch->size_bytes;) {
        uint64_t head[3];
        memcpy(head, batch->bytes + at, sizeof head);
        const uint8_t *key = batch->bytes + at + BATCH_HEAD, *value = key + head[1];
        sqlite3_stmt *statement = head[0] == STORE_PUT ? store->put : store->delete;
        at += BATCH_HEAD + head[1] + head[2];
        if (head[0] == STORE_CLEAR) {
            if (!execute(store->writer, "DELETE FROM entries", error)) {
                return false;
            }
            continue;
        }
        int code = sqlite3_bind_blob64(statement, 1, key, head[1], SQLITE_STATIC);
        if (code == SQLITE_OK && head[0] == STORE_PUT) {
            code = sqlite3_bind_blob64(statement, 2, value, head[2], SQLITE_STATIC);
        }
        if (code != SQLITE_OK) {
            return failed(error, store->writer, code);
        }
        if (!step(store->writer, statement, error)) {
            return false;
        }
    }
    return true;
}

bool store_write(Store *store, const ByteBuffer *batch, StoreError *error)
{
    pthread_mutex_lock(&store->write_lock);
    bool done = store->writer != NULL;
    if (!done) {
        set_error(error, "closed", "the store is closed");
    } else {
        done = execute(store->writer, "BEGIN IMMEDIATE", error);
        if (done && (!write_all(store, batch, error) || !execute(store->writer, "COMMIT", error))) {
            StoreError ignored; /* it may have been rolled back already */
            execute(store->writer, "ROLLBACK", &ignored);
            done = false;
        }
    }
    pthread_mutex_unlock(&store->write_lock);
    return done;
}

/* ---- cursors ---- */

struct StoreCursor {
    Store *store;
    Reader *reader;
    sqlite3_stmt *statement; /* holds the snapshot */
    StoreRange range;        /* its bytes are bound */
    bool ended;
};

static bool start_walk(StoreCursor *cursor, StoreError *error)
{
    char sql[160];
    const StoreRange *range = &cursor->range;
    snprintf(sql, sizeof sql, "SELECT value FROM entries WHERE %s%s%s ORDER BY key%s",
             range->from.bytes == NULL ? "1"
             : range->without_from     ? "key > ?1"
                                       : "key >= ?1",
             range->to.bytes == NULL ? "" : " AND ",
             range->to.bytes == NULL ? ""
             : range->without_to     ? "key < ?2"
                                     : "key <= ?2",
             range->backwards ? " DESC" : "");
    if (!prepare(cursor->reader->db, sql, &cursor->statement, error)) {
        return false;
    }
    if (range->from.bytes != NULL) {
        sqlite3_bind_blob64(cursor->statement, 1, range->from.bytes, range->from.size_bytes,
                            SQLITE_STATIC);
    }
    if (range->to.bytes != NULL) {
        sqlite3_bind_blob64(cursor->statement, 2, range->to.bytes, range->to.size_bytes,
                            SQLITE_STATIC);
    }
    return true;
}

StoreCursor *store_cursor_open(Store *store, StoreRange *range, StoreError *error)
{
    StoreCursor *cursor = mem_alloc_zero(sizeof *cursor);
    cursor->store = store;
    cursor->range = *range;
    *range = (StoreRange){0};
    store_retain(store);
    cursor->reader = reader_acquire(store, error);
    if (cursor->reader == NULL || !start_walk(cursor, error)) {
        store_cursor_close(cursor);
        return NULL;
    }
    return cursor;
}

void store_cursor_close(StoreCursor *cursor)
{
    sqlite3_finalize(cursor->statement);
    if (cursor->reader != NULL) {
        reader_release(cursor->store, cursor->reader);
    }
    mem_free(cursor->range.from.bytes);
    mem_free(cursor->range.to.bytes);
    store_release(cursor->store);
    mem_free(cursor);
}

bool store_cursor_next(StoreCursor *cursor, size_t most_rows, size_t most_bytes, ByteBuffer *rows,
                       bool *ended, StoreError *error)
{
    for (size_t count = 0; count < most_rows && rows->size_bytes < most_bytes && !cursor->ended;
         count++) {
        int code = sqlite3_step(cursor->statement);
        if (code == SQLITE_DONE) {
            cursor->ended = true;
            break;
        }
        if (code != SQLITE_ROW) {
            return failed(error, cursor->reader->db, code);
        }
        uint64_t size = (uint64_t) sqlite3_column_bytes(cursor->statement, 0);
        if (!append(rows, &size, sizeof size) ||
            !append(rows, sqlite3_column_blob(cursor->statement, 0), size)) {
            return failed(error, NULL, SQLITE_NOMEM);
        }
    }
    *ended = cursor->ended;
    return true;
}
