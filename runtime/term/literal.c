/* runtime/term/literal.c
 * The literal range: addresses reserved once, when the program is loaded, and given memory bit by
 * bit. Taken and given back under a lock. Who is handed a literal sees its contents by the same
 * way that it got the term, so readers take no lock.
 *
 * The bounds are set before any thread but the first runs (a constructor), and never change:
 * pointer_is_literal reads them plainly. */
#include "runtime/term/literal.h"

#include "runtime/term/copy.h"
#include "runtime/term/mem.h"

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

/* ---- rooms ----
 * Areas lie in rooms of whole lines. Rooms given back are kept by address, neighbours as one. */

typedef struct Room {
    struct Room *next;
    Term *start;
    size_t words;
} Room;

enum { LINE_WORDS = 8, GIVE_BACK_WORDS = 1 << 16, PAGE_WORDS = 512 };
static Room *rooms; /* under the lock */

static size_t room_words(size_t words)
{
    return (words + LINE_WORDS - 1) / LINE_WORDS * LINE_WORDS;
}

/* Under the lock: the first that is large enough, else new memory. NULL: there is none. */
static Term *take_room(size_t words)
{
    for (Room **at = &rooms; *at != NULL; at = &(*at)->next) {
        Room *room = *at;
        if (room->words >= words) {
            Term *start = room->start;
            room->start += words;
            room->words -= words;
            if (room->words == 0) {
                *at = room->next;
                mem_free(room);
            }
            return start;
        }
    }
    if (!commit(words)) {
        return NULL;
    }
    Term *start = top;
    top += words;
    return start;
}

/* False: the next one lies elsewhere. */
static bool join_next(Room *room)
{
    Room *next = room->next;
    if (next == NULL || room->start + room->words != next->start) {
        return false;
    }
    room->words += next->words;
    room->next = next->next;
    mem_free(next);
    return true;
}

/* The whole pages between these. */
static void give_pages(const Term *start, const Term *end)
{
    uintptr_t page = PAGE_WORDS * sizeof(Term), from = ((uintptr_t) start + page - 1) & ~(page - 1);
    uintptr_t to = (uintptr_t) end & ~(page - 1);
    if (from < to) {
        madvise((void *) from, to - from, MADV_DONTNEED);
    }
}

static const Term *pages_around(const Term *at, const Room *room)
{
    return at - room->start > PAGE_WORDS ? at - PAGE_WORDS : room->start;
}

/* Under the lock. The pages of rooms that have become large go back to the system: all of them, or,
 * where a neighbour's went already, those of the part that is new. */
static void give_room(Term *start, size_t words)
{
    Room **at = &rooms, *before = NULL;
    while (*at != NULL && (*at)->start < start) {
        before = *at;
        at = &before->next;
    }
    Room *room = mem_alloc(sizeof *room);
    *room = (Room){*at, start, words};
    *at = room;
    size_t largest = room->next != NULL ? room->next->words : 0;
    largest = join_next(room) ? largest : 0;
    size_t words_before = before != NULL ? before->words : 0;
    if (before != NULL && join_next(before)) {
        largest = words_before > largest ? words_before : largest;
        room = before;
    }
    const Term *end = room->start + room->words;
    if (room->words >= GIVE_BACK_WORDS && largest < GIVE_BACK_WORDS) {
        give_pages(room->start, end);
    } else if (room->words >= GIVE_BACK_WORDS) {
        const Term *to = start + words;
        give_pages(pages_around(start, room), end - to > PAGE_WORDS ? to + PAGE_WORDS : end);
    }
}

/* ---- areas ---- */

LiteralArea *literal_area_create(Term *const terms[], size_t count)
{
    size_t words = 0;
    for (size_t i = 0; i < count; i++) {
        words += term_flat_words(*terms[i]);
    }
    LiteralArea *area = mem_alloc_zero(sizeof *area);
    if (words == 0) {
        return area;
    }
    pthread_mutex_lock(&lock);
    area->start = take_room(room_words(words));
    pthread_mutex_unlock(&lock);
    if (area->start == NULL) {
        mem_free(area);
        return NULL;
    }
    Term *at = area->start;
    size_t off_heap_bytes = 0;
    for (size_t i = 0; i < count; i++) {
        *terms[i] = term_copy_flat_to(*terms[i], &at, &area->off_heap, &off_heap_bytes);
    }
    area->words = (size_t) (at - area->start);
    CHECK(area->words == words);
    return area;
}

void literal_area_destroy(LiteralArea *area)
{
    if (area == NULL) {
        return;
    }
    if (area->off_heap != NULL) {
        off_heap_drop_all(area->off_heap);
    }
    if (area->words > 0) {
        pthread_mutex_lock(&lock);
        give_room(area->start, room_words(area->words));
        pthread_mutex_unlock(&lock);
    }
    mem_free(area);
}

Term literal_intern(Term t)
{
    Term *terms[] = {&t};
    LiteralArea *area = literal_area_create(terms, 1);
    if (area == NULL) {
        return TERM_NONE;
    }
    mem_free(area); /* it stays */
    return t;
}

size_t literal_bytes(void)
{
    pthread_mutex_lock(&lock);
    size_t words = (size_t) (top - literal_range_start);
    for (const Room *room = rooms; room != NULL; room = room->next) {
        words -= room->words;
    }
    pthread_mutex_unlock(&lock);
    return words * sizeof(Term);
}

/* ---- leaving ---- */

volatile uint32_t literal_leaving_turn;
_Thread_local LiteralLeaving literal_leaving __attribute__((tls_model("initial-exec")));
/* Under the lock. */
static Term *leaving_start;
static size_t leaving_words;

void literal_leave(const LiteralArea *area)
{
    pthread_mutex_lock(&lock);
    leaving_start = area != NULL ? area->start : NULL;
    leaving_words = area != NULL ? area->words : 0;
    __atomic_store_n(&literal_leaving_turn, literal_leaving_turn + 1, __ATOMIC_RELEASE);
    pthread_mutex_unlock(&lock);
}

void literal_leaving_look(void)
{
    pthread_mutex_lock(&lock);
    literal_leaving = (LiteralLeaving){leaving_start, leaving_words, literal_leaving_turn};
    pthread_mutex_unlock(&lock);
}
