/* runtime/trace_measure.c: see trace_measure.h.
 *
 * A process has a meter for each measure: the function that it is in, and since when. A call adds
 * what went by since then to that function, and so does the end of one; where the caller is gone on
 * with is in the frame that waits for the end (trace_call.c). */
#include "runtime/trace_measure.h"

#include "runtime/bif_data.h"
#include "runtime/term/mem.h"
#include "runtime/term/world.h"
#include "runtime/trace_session.h"

#include <pthread.h>

typedef struct Row {
    Term pid; /* TERM_NONE: free */
    uint64_t calls, amount;
} Row;

struct Measured {
    Measured *next; /* of the same bucket */
    Measure what;
    Term module, function;
    uint32_t arity;
    bool is_on;
    Row *rows; /* a hash table by pid, at most half full */
    size_t row_count, row_capacity;
};

enum { BUCKETS = 256, ROWS_FIRST = 8 };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void measured_finish(MeasuredTable *table)
{
    for (size_t i = 0; table->buckets != NULL && i < BUCKETS; i++) {
        for (Measured *at = table->buckets[i], *next; at != NULL; at = next) {
            next = at->next;
            mem_free(at->rows);
            mem_free(at);
        }
    }
    mem_free(table->buckets);
    table->buckets = NULL;
}

Measured *measured_of(MeasuredTable *table, Measure what, Term module, Term function,
                      uint32_t arity)
{
    uint64_t hash = (module * 31 + function) * 31 + arity;
    pthread_mutex_lock(&lock);
    if (table->buckets == NULL) {
        table->buckets = mem_alloc_zero(BUCKETS * sizeof *table->buckets);
    }
    Measured **bucket = &table->buckets[hash * 0x9E3779B97F4A7C15 >> 56];
    Measured *at = *bucket;
    while (at != NULL && (at->what != what || at->module != module || at->function != function ||
                          at->arity != arity)) {
        at = at->next;
    }
    if (at == NULL) {
        at = mem_alloc_zero(sizeof *at);
        *at = (Measured){*bucket, what, module, function, arity, false, NULL, 0, 0};
        *bucket = at;
    }
    pthread_mutex_unlock(&lock);
    return at;
}

void measured_change(Measured *measured, MeasureChange change)
{
    pthread_mutex_lock(&lock);
    measured->is_on = change == MEASURE_ON || change == MEASURE_RESTART;
    if (change != MEASURE_PAUSE) {
        mem_free(measured->rows);
        measured->rows = NULL;
        measured->row_count = measured->row_capacity = 0;
    }
    pthread_mutex_unlock(&lock);
}

/* ---- rows. The lock is held. ---- */

static Row *row_place(Row *rows, size_t capacity, Term pid)
{
    size_t i = (size_t) (pid * 0x9E3779B97F4A7C15 >> 32) & (capacity - 1);
    while (rows[i].pid != TERM_NONE && rows[i].pid != pid) {
        i = (i + 1) & (capacity - 1);
    }
    return &rows[i];
}

static void rows_grow(Measured *measured)
{
    size_t capacity = measured->row_capacity == 0 ? ROWS_FIRST : 2 * measured->row_capacity;
    Row *rows = mem_alloc(capacity * sizeof *rows);
    for (size_t i = 0; i < capacity; i++) {
        rows[i] = (Row){TERM_NONE, 0, 0};
    }
    for (size_t i = 0; i < measured->row_capacity; i++) {
        if (measured->rows[i].pid != TERM_NONE) {
            *row_place(rows, capacity, measured->rows[i].pid) = measured->rows[i];
        }
    }
    mem_free(measured->rows);
    measured->rows = rows;
    measured->row_capacity = capacity;
}

static void add(Measured *measured, Term pid, uint64_t calls, uint64_t amount)
{
    pthread_mutex_lock(&lock);
    if (measured->is_on) {
        if (2 * measured->row_count >= measured->row_capacity) {
            rows_grow(measured);
        }
        Row *row = row_place(measured->rows, measured->row_capacity, pid);
        if (row->pid == TERM_NONE) {
            row->pid = pid;
            measured->row_count++;
        }
        row->calls += calls;
        row->amount += amount;
    }
    pthread_mutex_unlock(&lock);
}

Term measured_term(Space *space, Measured *measured)
{
    Term list = TERM_NIL;
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < measured->row_capacity; i++) {
        const Row *row = &measured->rows[i];
        if (row->pid == TERM_NONE) {
            continue;
        }
        Term calls = make_uint64(space, row->calls);
        uint64_t us = row->amount / 1000;
        Term entry = measured->what == MEASURE_MEMORY
                         ? make_tuple3(space, row->pid, calls, make_uint64(space, row->amount))
                         : make_tuple4(space, row->pid, calls, make_uint64(space, us / 1000000),
                                       term_small((int64_t) (us % 1000000)));
        list = make_cons(space, entry, list);
    }
    pthread_mutex_unlock(&lock);
    return list;
}

/* ---- meters ---- */

typedef struct Meter {
    Measured *current[MEASURES];
    uint64_t since[MEASURES];
    uint64_t collected_words; /* freed by collections since it was made */
    bool is_paused;
} Meter;

int64_t meter_heap_words(const Process *p)
{
    const Heap *heap = &p->heap;
    int64_t old = heap->old_block == NULL ? 0 : heap->old_top - heap->old_block;
    return heap->space.top - heap->block + old + (int64_t) heap->fragment_words;
}

/* What the meter shows; only differences mean something. */
static uint64_t reading(const Process *p, const Meter *meter, Measure what)
{
    return what == MEASURE_TIME ? world_monotonic_ns()
                                : (uint64_t) meter_heap_words(p) + meter->collected_words;
}

static void account(Process *p, Meter *meter, Measure what)
{
    uint64_t now = reading(p, meter, what);
    if (meter->current[what] != NULL) {
        int64_t amount = (int64_t) (now - meter->since[what]);
        add(meter->current[what], p->pid, 0, amount > 0 ? (uint64_t) amount : 0);
    }
    meter->since[what] = now;
}

Measured *meter_current(const Tracee *tracee, Measure what)
{
    return tracee->meter == NULL ? NULL : tracee->meter->current[what];
}

void meter_call(Process *p, Tracee *tracee, Measure what, Measured *called)
{
    if (tracee->meter == NULL) {
        tracee->meter = mem_alloc_zero(sizeof *tracee->meter);
    }
    account(p, tracee->meter, what);
    tracee->meter->current[what] = called;
    add(called, p->pid, 1, 0);
}

void meter_return(Process *p, Tracee *tracee, Measure what, Measured *to)
{
    if (tracee->meter != NULL) {
        account(p, tracee->meter, what);
        tracee->meter->current[what] = to;
    }
}

void meters_pause(Process *p)
{
    for (Tracee *at = p->extra->tracees; at != NULL; at = at->next) {
        if (at->meter != NULL) {
            account(p, at->meter, MEASURE_TIME);
            at->meter->is_paused = true;
        }
    }
}

void meters_resume(Process *p)
{
    for (Tracee *at = p->extra->tracees; at != NULL; at = at->next) {
        if (at->meter != NULL && at->meter->is_paused) {
            at->meter->since[MEASURE_TIME] = world_monotonic_ns();
            at->meter->is_paused = false;
        }
    }
}

void meters_collected(Process *p, int64_t words)
{
    for (Tracee *at = p->extra->tracees; at != NULL; at = at->next) {
        if (at->meter != NULL) {
            at->meter->collected_words += (uint64_t) words;
        }
    }
}

void meter_stop(Process *p, Tracee *tracee)
{
    if (tracee->meter != NULL) {
        for (Measure what = 0; what < MEASURES; what++) {
            account(p, tracee->meter, what);
        }
        mem_free(tracee->meter);
        tracee->meter = NULL;
    }
}
