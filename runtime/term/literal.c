/* runtime/term/literal.c
 * The literal range: addresses reserved once, when the program is loaded, and given memory bit by
 * bit. Bumped under a lock and never freed. Who is handed a literal sees its contents by the same
 * way that it got the term, so readers take no lock.
 *
 * The bounds are set before any thread but the first runs (a constructor), and never change:
 * pointer_is_literal reads them plainly. */
#include "runtime/term/copy.h"
#include "runtime/term/space.h"

#include <pthread.h>
#include <sys/mman.h>

Term *literal_range_start, *literal_range_end;

#define RESERVE_MAX_BYTES ((size_t) 64 << 30)
#define RESERVE_MIN_BYTES ((size_t) 1 << 20)
enum { COMMIT_STEP_BYTES = 256 * 1024 };

/* There in sanitizer builds, where the search for leaks must look into literals as well. */
extern void __lsan_register_root_region(const void *start, size_t size_bytes) __attribute__((weak));

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
/* Under the lock. */
static Term *top;
static Term *committed_end; /* readable and writable up to here */
static Term *off_heap;      /* what literals hold; never dropped */
static size_t off_heap_bytes;

__attribute__((constructor)) static void reserve(void)
{
    /* Less where the address space is limited (ulimit -v). */
    for (size_t size = RESERVE_MAX_BYTES; size >= RESERVE_MIN_BYTES; size /= 4) {
        void *start =
            mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (start != MAP_FAILED) {
            literal_range_start = top = committed_end = start;
            literal_range_end = literal_range_start + size / sizeof(Term);
            return;
        }
    }
}

/* Under the lock. False when the range is full or there is no memory. */
static bool commit(size_t words)
{
    if (words > (size_t) (literal_range_end - top)) {
        return false;
    }
    if (words <= (size_t) (committed_end - top)) {
        return true;
    }
    size_t missing = (words - (size_t) (committed_end - top)) * sizeof(Term);
    size_t bytes = (missing + COMMIT_STEP_BYTES - 1) / COMMIT_STEP_BYTES * COMMIT_STEP_BYTES;
    /* The range's size is a multiple of the step. */
    if (mprotect(committed_end, bytes, PROT_READ | PROT_WRITE) != 0) {
        return false;
    }
    if (__lsan_register_root_region != NULL) {
        __lsan_register_root_region(committed_end, bytes);
    }
    committed_end += bytes / sizeof(Term);
    return true;
}

Term literal_intern(Term t)
{
    size_t words = term_copy_words(t);
    if (words == 0) {
        return t;
    }
    pthread_mutex_lock(&lock);
    Term literal = TERM_NONE;
    if (commit(words)) {
        Term *end = top + words;
        literal = term_copy_to(t, &top, &off_heap, &off_heap_bytes);
        CHECK(top <= end);
    }
    pthread_mutex_unlock(&lock);
    return literal;
}
