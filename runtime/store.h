/* runtime/store.h
 * A table of keys and values in a file, on SQLite. Keys are bytes, ordered as such. What a write
 * has reported as done survives the end of the machine at any moment, and no write is ever half
 * there.
 *
 * One connection writes, in the order in which writes come. Readers have connections of their own:
 * each sees the table as it was when it began, whatever is written meanwhile. All functions but
 * store_retain and store_release may block: they are for threads of the blocking pool. Any thread
 * may call them at any time. */
#ifndef MUSTER_RUNTIME_STORE_H
#define MUSTER_RUNTIME_STORE_H

#include "runtime/bif.h"

typedef struct Store Store;

/* Why something failed: a short name, and SQLite's words. */
typedef struct StoreError {
    char name[24];
    char text[200];
} StoreError;

typedef enum StoreSync {
    STORE_SYNC_OFF,    /* survives the end of the machine, not that of the computer */
    STORE_SYNC_NORMAL, /* a power failure may take back the latest writes */
    STORE_SYNC_FULL,   /* nothing is lost */
} StoreSync;

/* Opens or makes the file. One reference; NULL: `error` says why. */
Store *store_open(const char *path, StoreSync sync, StoreError *error);
void store_retain(Store *store);
/* The last reference closes, on the blocking pool. Any thread. */
void store_release(Store *store);
/* Waits for a write under way. What is called later fails with "closed"; cursors go on. */
void store_close(Store *store);

/* A list of writes, made all or not at all. */
typedef enum StoreWrite { STORE_PUT = 1, STORE_DELETE, STORE_CLEAR } StoreWrite;
/* Appends one; key and value are copied. False: no memory. */
bool store_batch_add(ByteBuffer *batch, StoreWrite what, const ByteBuffer *key,
                     const uint8_t *value, size_t value_bytes);
bool store_write(Store *store, const ByteBuffer *batch, StoreError *error);

/* The value of a key: `*value` is the caller's (mem_free), NULL when there is none. */
bool store_read(Store *store, const ByteBuffer *key, uint8_t **value, size_t *value_bytes,
                StoreError *error);
bool store_count(Store *store, int64_t *count, StoreError *error);
/* A copy of the table, as it is now, in a new file. */
bool store_backup(Store *store, const char *path, StoreError *error);

/* ---- ranges ---- */

/* Bounds; without bytes: none. */
typedef struct StoreRange {
    ByteBuffer from, to;
    bool without_from, without_to; /* the bound itself is not meant */
    bool backwards;
} StoreRange;

/* Walks a range as it was when the cursor was made. One thread at a time; holds a reference. */
typedef struct StoreCursor StoreCursor;
/* Takes over the range's bytes, also when it fails (NULL). */
StoreCursor *store_cursor_open(Store *store, StoreRange *range, StoreError *error);
void store_cursor_close(StoreCursor *cursor);
/* Appends values, each after its size (8 bytes), until `most_rows` or about `most_bytes`. `*ended`:
 * there are no more. */
bool store_cursor_next(StoreCursor *cursor, size_t most_rows, size_t most_bytes, ByteBuffer *rows,
                       bool *ended, StoreError *error);

#endif
