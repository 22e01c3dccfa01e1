/* runtime/term/mem_large.c: see mem_large.h.
 *
 * What is kept has two bounds, its amount and its age. The amount is a quarter of what is in use,
 * and a little more: that is most of what comes back soon, for a collection of all a heap is much
 * rarer than one of what is young. The age is for programs that have done with collecting.
 *
 * A kept piece serves a block of its size or a smaller one. Where all are too small the largest
 * grows: its pages move to other addresses, and only what is new has to be cleared.
 *
 * Rejected: leaving this to jemalloc (oversize_threshold:0), which keeps pieces of all sizes for
 * ten seconds, and cannot make one of several: programs with large heaps took twice the memory. */
#include "runtime/term/mem_large.h"

#include <pthread.h>
#include <sys/mman.h>

enum { LARGE_PAGE_BYTES = 2 << 20, PIECES_MOST = 16 };
#define SPARE_BYTES ((size_t) 16 << 20)
#define KEPT_BYTES_MOST ((size_t) 128 << 20)
#define BLOCK_MAX_BYTES ((size_t) 1 << 46)

/* Whole large pages, mapped. */
typedef struct Piece {
    char *start;
    size_t bytes;
    bool is_aged; /* it was there when mem_large_age was called last */
} Piece;

/* All of it under the lock. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Piece pieces[PIECES_MOST];
static unsigned piece_count;
static size_t kept_bytes, used_bytes;
static bool keeps;

static size_t whole_pages(size_t size_bytes)
{
    return (size_bytes + LARGE_PAGE_BYTES - 1) & ~(size_t) (LARGE_PAGE_BYTES - 1);
}

/* ---- the kernel ---- */

/* Addresses for a block, aligned. */
static char *map(size_t bytes, int protection)
{
    char *start = mmap(NULL, bytes + LARGE_PAGE_BYTES, protection,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (start == MAP_FAILED) {
        return NULL;
    }
    size_t skip = -(uintptr_t) start & (LARGE_PAGE_BYTES - 1);
    if (skip != 0) {
        munmap(start, skip);
    }
    munmap(start + skip + bytes, LARGE_PAGE_BYTES - skip);
    return start + skip;
}

static void unmap(Piece piece)
{
    munmap(piece.start, piece.bytes);
}

static char *map_block(size_t bytes)
{
    char *block = map(bytes, PROT_READ | PROT_WRITE);
    if (block != NULL) {
        madvise(block, bytes, MADV_HUGEPAGE); /* a wish; nothing depends on it */
    }
    return block;
}

/* A block out of a piece that is too small. */
static char *enlarge(Piece piece, size_t bytes)
{
    char *block = map(bytes, PROT_NONE);
    if (block != NULL && mremap(piece.start, piece.bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED,
                                block) == MAP_FAILED) {
        munmap(block, bytes);
        block = NULL;
    }
    if (UNLIKELY(block == NULL)) {
        unmap(piece);
        block = map_block(bytes);
    }
    return block;
}

/* ---- pieces; the lock is held ---- */

static void put(Piece piece)
{
    ASSERT(piece_count < PIECES_MOST);
    pieces[piece_count++] = piece;
    kept_bytes += piece.bytes;
}

static Piece take_out(unsigned index)
{
    Piece piece = pieces[index];
    pieces[index] = pieces[--piece_count];
    kept_bytes -= piece.bytes;
    return piece;
}

static unsigned largest(void)
{
    unsigned best = 0;
    for (unsigned i = 1; i < piece_count; i++) {
        best = pieces[i].bytes > pieces[best].bytes ? i : best;
    }
    return best;
}

/* The smallest that is large enough, or the end of it; else the largest; else nothing. */
static Piece take_for(size_t bytes)
{
    if (piece_count == 0) {
        return (Piece){NULL, 0, false};
    }
    unsigned best = largest();
    for (unsigned i = 0; i < piece_count; i++) {
        if (pieces[i].bytes >= bytes && pieces[i].bytes < pieces[best].bytes) {
            best = i;
        }
    }
    Piece piece = take_out(best);
    if (piece.bytes > bytes) {
        put((Piece){piece.start + bytes, piece.bytes - bytes, piece.is_aged});
        piece.bytes = bytes;
    }
    return piece;
}

/* Takes out what is too much, or a part of it. False: nothing is. */
static bool take_surplus(Piece *out)
{
    size_t most = whole_pages(used_bytes / 4) + SPARE_BYTES;
    most = !keeps ? 0 : most < KEPT_BYTES_MOST ? most : KEPT_BYTES_MOST;
    if (kept_bytes <= most) {
        return false;
    }
    size_t surplus = kept_bytes - most;
    *out = take_out(largest());
    if (out->bytes > surplus) { /* the end of it: heaps are filled from the beginning */
        out->bytes -= surplus;
        put(*out);
        *out = (Piece){out->start + out->bytes, surplus, false};
    }
    return true;
}

static bool take_aged(Piece *out)
{
    for (unsigned i = 0; i < piece_count; i++) {
        if (pieces[i].is_aged) {
            *out = take_out(i);
            return true;
        }
    }
    return false;
}

/* ---- blocks ---- */

/* Gives back what `take` takes out. The lock is not held. */
static void give_back(bool (*take)(Piece *out))
{
    Piece piece;
    for (;;) {
        pthread_mutex_lock(&lock);
        bool found = take(&piece);
        pthread_mutex_unlock(&lock);
        if (!found) {
            return;
        }
        unmap(piece);
    }
}

static void count_used(size_t more_bytes, size_t fewer_bytes)
{
    pthread_mutex_lock(&lock);
    used_bytes += more_bytes - fewer_bytes;
    pthread_mutex_unlock(&lock);
}

void *mem_large_take(size_t size_bytes)
{
    if (UNLIKELY(size_bytes > BLOCK_MAX_BYTES)) {
        return NULL;
    }
    size_t bytes = whole_pages(size_bytes);
    pthread_mutex_lock(&lock);
    used_bytes += bytes;
    Piece piece = take_for(bytes);
    pthread_mutex_unlock(&lock);
    char *block = piece.start == NULL   ? map_block(bytes)
                  : piece.bytes < bytes ? enlarge(piece, bytes)
                                        : piece.start;
    if (UNLIKELY(block == NULL)) {
        count_used(0, bytes);
    }
    return block;
}

void mem_large_leave(void *block, size_t size_bytes)
{
    Piece piece = {block, whole_pages(size_bytes), false};
    pthread_mutex_lock(&lock);
    used_bytes -= piece.bytes;
    bool stays = keeps && piece_count < PIECES_MOST;
    if (stays) {
        put(piece);
    }
    pthread_mutex_unlock(&lock);
    if (!stays) {
        unmap(piece);
    }
    give_back(take_surplus);
}

void mem_large_cut(void *block, size_t size_bytes, size_t new_size_bytes)
{
    ASSERT(new_size_bytes <= size_bytes);
    size_t bytes = whole_pages(new_size_bytes), cut_bytes = whole_pages(size_bytes) - bytes;
    if (cut_bytes != 0) {
        munmap((char *) block + bytes, cut_bytes);
        count_used(0, cut_bytes);
    }
}

/* ---- keeping ---- */

void mem_large_keep(bool on)
{
    pthread_mutex_lock(&lock);
    keeps = on;
    pthread_mutex_unlock(&lock);
    give_back(take_surplus);
}

void mem_large_age(void)
{
    give_back(take_aged);
    pthread_mutex_lock(&lock);
    for (unsigned i = 0; i < piece_count; i++) {
        pieces[i].is_aged = true;
    }
    pthread_mutex_unlock(&lock);
}

MemLargeStats mem_large_stats(void)
{
    pthread_mutex_lock(&lock);
    MemLargeStats stats = {used_bytes, kept_bytes};
    pthread_mutex_unlock(&lock);
    return stats;
}
