/* gc/gc_stats.c
 * Figures of the collections of this run. Each thread counts in a record of its own, which stays
 * in a list for ever, for another thread when its own has ended; reading adds them up.
 *
 *   field     written by          read by   order
 *   records   any thread, once    reader    compare-and-swap release / load acquire
 *   taken     any thread          all       compare-and-swap acquire / store release, with counts
 *   counts    the record's owner  reader    relaxed: a sum that is a little old is fine
 *
 * Pauses go into buckets whose width grows with the value, eight to each doubling: the median and
 * the 99th percentile are known to within 6 %. */
#include "gc/collect.h"

#include <atomic_ops.h>
#include <pthread.h>

#include "runtime/term/mem.h"

enum { STEPS = 8, STEP_BITS = 3, BUCKETS = 64 * STEPS };

typedef struct Record Record;
struct Record {
    Record *next;
    volatile AO_t taken; /* by a thread that lives */
    volatile AO_t minor_count, major_count, copied, promoted, reclaimed, total_ns, max_ns;
    volatile AO_t buckets[BUCKETS];
};

static volatile AO_t records;
static _Thread_local Record *own;

static pthread_key_t leave_key;
static pthread_once_t leave_once = PTHREAD_ONCE_INIT;

static void leave(void *record)
{
    AO_store_release(&((Record *) record)->taken, 0);
}

static void make_leave_key(void)
{
    pthread_key_create(&leave_key, leave);
}

/* Of a thread that has ended, or a new one. */
static COLD Record *take_record(void)
{
    Record *record = (Record *) AO_load_acquire(&records);
    while (record != NULL &&
           (AO_load(&record->taken) || !AO_compare_and_swap_acquire(&record->taken, 0, 1))) {
        record = record->next;
    }
    if (record == NULL) {
        AO_t head;
        record = mem_alloc_zero(sizeof *record);
        AO_store(&record->taken, 1);
        do {
            head = AO_load(&records);
            record->next = (Record *) head;
            /* Release: the reader must see the zeros and the link. */
        } while (!AO_compare_and_swap_release(&records, head, (AO_t) record));
    }
    pthread_once(&leave_once, make_leave_key);
    pthread_setspecific(leave_key, record);
    return record;
}

static inline Record *own_record(void)
{
    if (UNLIKELY(own == NULL)) {
        own = take_record();
    }
    return own;
}

/* Only the owner writes, so no read-modify-write is needed. */
static void add(volatile AO_t *count, uint64_t value)
{
    AO_store(count, AO_load(count) + value);
}

static unsigned bucket_of(uint64_t ns)
{
    if (ns < STEPS) {
        return (unsigned) ns;
    }
    unsigned exponent = 63 - (unsigned) __builtin_clzll(ns);
    return (exponent - STEP_BITS + 1) * STEPS + (unsigned) (ns >> (exponent - STEP_BITS) & 7);
}

/* The middle of a bucket. */
static uint64_t bucket_ns(unsigned bucket)
{
    if (bucket < STEPS) {
        return bucket;
    }
    unsigned shift = bucket / STEPS - 1;
    return ((uint64_t) (STEPS + bucket % STEPS) << shift) + ((uint64_t) 1 << shift) / 2;
}

void gc_stats_add(const GcEvent *event)
{
    Record *record = own_record();
    add(event->major ? &record->major_count : &record->minor_count, 1);
    add(&record->copied, event->words_copied);
    add(&record->promoted, event->words_promoted);
    add(&record->reclaimed, event->words_reclaimed);
    if (gc_stats_enabled) {
        add(&record->total_ns, event->pause_ns);
        add(&record->buckets[bucket_of(event->pause_ns)], 1);
        if (event->pause_ns > AO_load(&record->max_ns)) {
            AO_store(&record->max_ns, event->pause_ns);
        }
    }
}

/* The value below which `rank` of the pauses lie. */
static uint64_t quantile(const uint64_t buckets[], uint64_t rank)
{
    uint64_t seen = 0;
    for (unsigned i = 0; i < BUCKETS; i++) {
        seen += buckets[i];
        if (seen > rank) {
            return bucket_ns(i);
        }
    }
    return 0;
}

void gc_stats_read(GcStats *out)
{
    uint64_t buckets[BUCKETS] = {0}, count = 0;
    *out = (GcStats){0};
    /* Acquire: pairs with the release in take_record. */
    for (Record *record = (Record *) AO_load_acquire(&records); record != NULL;
         record = record->next) {
        out->minor_count += AO_load(&record->minor_count);
        out->major_count += AO_load(&record->major_count);
        out->words_copied += AO_load(&record->copied);
        out->words_promoted += AO_load(&record->promoted);
        out->words_reclaimed += AO_load(&record->reclaimed);
        out->pause_total_ns += AO_load(&record->total_ns);
        uint64_t max_ns = AO_load(&record->max_ns);
        out->pause_max_ns = max_ns > out->pause_max_ns ? max_ns : out->pause_max_ns;
        for (unsigned i = 0; i < BUCKETS; i++) {
            uint64_t pauses = AO_load(&record->buckets[i]);
            buckets[i] += pauses;
            count += pauses;
        }
    }
    if (count > 0) {
        out->pause_median_ns = quantile(buckets, count / 2);
        out->pause_p99_ns = quantile(buckets, count - 1 - count / 100);
        if (out->pause_median_ns > out->pause_max_ns) {
            out->pause_median_ns = out->pause_max_ns;
        }
        if (out->pause_p99_ns > out->pause_max_ns) {
            out->pause_p99_ns = out->pause_max_ns;
        }
    }
}
