/* compiler/jit/cache.c
 * Blocks, return points, and the free places between them. Free places of both kinds (bytes of
 * code, numbers of points) are kept as sorted lists of ranges; the first that is large enough is
 * taken. */
#include "compiler/jit/cache.h"

#include "compiler/jit/cache_symbols.h"
#include "compiler/jit/code_memory.h"
#include "runtime/term/mem.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>

uintptr_t cache_start, cache_bytes;
_Atomic(const void *) *cache_points;

enum { BLOCK_ALIGNMENT = 64, BYTES_PER_POINT = 16 };
#if defined(__x86_64__)
enum { STOP_BYTE = 0xCC }; /* int3 */
#else
enum { STOP_BYTE = 0 }; /* udf */
#endif

typedef struct Range {
    size_t start, count;
} Range;
typedef struct Ranges { /* free ones, ascending, not touching; all from `end` on is free, too */
    Range *ranges;
    size_t count, capacity;
    size_t end, limit;
} Ranges;

static struct {
    pthread_mutex_t lock;
    CodeMemory memory;
    Ranges bytes, points;
    _Atomic(const void *) *point_table;
    size_t point_limit;
    CacheBlock **blocks; /* by address */
    size_t block_count, block_capacity;
    CacheStats stats;
    bool perf_map, gdb;
} cache = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* ---- ranges ---- */

/* SIZE_MAX: none is free. */
static size_t ranges_take(Ranges *ranges, size_t count, bool *again)
{
    size_t start;
    *again = false;
    if (count == 0) {
        return 0;
    }
    for (size_t i = 0; i < ranges->count; i++) {
        Range *range = &ranges->ranges[i];
        if (range->count >= count) {
            start = range->start;
            range->start += count;
            range->count -= count;
            if (range->count == 0) {
                ranges->count--;
                memmove(range, range + 1, (ranges->count - i) * sizeof *range);
            }
            *again = true;
            return start;
        }
    }
    if (ranges->limit - ranges->end < count) {
        return SIZE_MAX;
    }
    start = ranges->end;
    ranges->end += count;
    return start;
}

static void ranges_give(Ranges *ranges, size_t start, size_t count)
{
    size_t i = 0;
    if (count == 0) {
        return;
    }
    while (i < ranges->count && ranges->ranges[i].start < start) {
        i++;
    }
    if (i > 0 && ranges->ranges[i - 1].start + ranges->ranges[i - 1].count == start) {
        i--;
        ranges->ranges[i].count += count;
    } else {
        if (ranges->count == ranges->capacity) {
            ranges->capacity = ranges->capacity == 0 ? 16 : ranges->capacity * 2;
            ranges->ranges = mem_realloc(ranges->ranges, ranges->capacity * sizeof(Range));
        }
        memmove(&ranges->ranges[i + 1], &ranges->ranges[i], (ranges->count - i) * sizeof(Range));
        ranges->ranges[i] = (Range){start, count};
        ranges->count++;
    }
    if (i + 1 < ranges->count &&
        ranges->ranges[i].start + ranges->ranges[i].count == ranges->ranges[i + 1].start) {
        ranges->ranges[i].count += ranges->ranges[i + 1].count;
        ranges->count--;
        memmove(&ranges->ranges[i + 1], &ranges->ranges[i + 2],
                (ranges->count - i - 1) * sizeof(Range));
    }
}

/* ---- the cache ---- */

bool cache_create(const CacheOptions *options, const char **why)
{
    size_t limit = options->limit_bytes == 0 ? CACHE_DEFAULT_BYTES : options->limit_bytes;
    void *table;
    CHECK(cache_bytes == 0);
    if (TARGET_HERE == TARGET_NONE) {
        *why = "no native code for this processor";
        return false;
    }
    if (limit > (size_t) 1 << 30) { /* all calls within the cache must reach */
        limit = (size_t) 1 << 30;
    }
    if (!code_memory_create(&cache.memory, limit, (const void *) (uintptr_t) cache_create, why)) {
        return false;
    }
    limit = cache.memory.limit_bytes;
    cache.point_limit = limit / BYTES_PER_POINT;
    table = mmap(NULL, cache.point_limit * sizeof *cache.point_table, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (table == MAP_FAILED) {
        code_memory_destroy(&cache.memory);
        *why = "no addresses for the table of return points";
        return false;
    }
    cache.point_table = table;
    cache_points = table;
    cache.bytes.limit = limit;
    cache.points.limit = cache.point_limit;
    cache.stats.limit_bytes = limit;
    cache.stats.mapped_twice = cache.memory.write != NULL;
    cache.perf_map = options->perf_map && perf_map_open();
    cache.gdb = options->gdb;
    cache_start = (uintptr_t) cache.memory.run;
    cache_bytes = limit;
    return true;
}

static void block_destroy(CacheBlock *block)
{
    if (block->symbols != NULL) {
        gdb_forget(block->symbols);
    }
    mem_free(block->rows);
    mem_free(block->name);
    mem_free(block);
}

void cache_destroy(void)
{
    for (size_t i = 0; i < cache.block_count; i++) {
        block_destroy(cache.blocks[i]);
    }
    mem_free(cache.blocks);
    mem_free(cache.bytes.ranges);
    mem_free(cache.points.ranges);
    munmap((void *) cache.point_table, cache.point_limit * sizeof *cache.point_table);
    code_memory_destroy(&cache.memory);
    perf_map_close();
    memset(&cache, 0, sizeof cache);
    pthread_mutex_init(&cache.lock, NULL);
    cache_start = cache_bytes = 0;
}

MachineOptions cache_machine_options(void)
{
    return (MachineOptions){TARGET_HERE, machine_features_here(), cache_start,
                            cache_start + cache_bytes};
}

/* Where the block for `address` is, or would be. */
static size_t block_index(uintptr_t address)
{
    size_t low = 0, high = cache.block_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if ((uintptr_t) cache.blocks[middle]->start <= address) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void blocks_insert(CacheBlock *block)
{
    size_t at = block_index((uintptr_t) block->start);
    if (cache.block_count == cache.block_capacity) {
        cache.block_capacity = cache.block_capacity == 0 ? 64 : cache.block_capacity * 2;
        cache.blocks = mem_realloc(cache.blocks, cache.block_capacity * sizeof *cache.blocks);
    }
    memmove(&cache.blocks[at + 1], &cache.blocks[at],
            (cache.block_count - at) * sizeof *cache.blocks);
    cache.blocks[at] = block;
    cache.block_count++;
}

static void tell_gdb(CacheBlock *block)
{
    if (block->symbols == NULL) {
        block->symbols =
            gdb_describe(block->start, block->bytes, block->name, block->rows, block->row_bytes);
        gdb_register(block->symbols);
    }
}

/* Takes places for the code and its points, and writes it. */
static bool place(CacheBlock *block, const MachineCode *code)
{
    bool again, points_again;
    size_t first, offset = ranges_take(&cache.bytes, block->block_bytes, &again);
    uint8_t *to;
    if (offset == SIZE_MAX) {
        return false;
    }
    first = ranges_take(&cache.points, block->point_count, &points_again);
    if (first == SIZE_MAX) {
        ranges_give(&cache.bytes, offset, block->block_bytes);
        return false;
    }
    block->start = cache.memory.run + offset;
    block->first_point = (uint32_t) first;
    if (code_memory_grow(&cache.memory, offset + block->block_bytes)) {
        to = code_memory_write(&cache.memory, offset, block->block_bytes);
        if (to != NULL) {
            machine_code_place(code, to, (uintptr_t) block->start, block->first_point);
            memset(to + code->size, STOP_BYTE, block->block_bytes - code->size);
            if (code_memory_written(&cache.memory, offset, block->block_bytes, again)) {
                return true;
            }
        }
    }
    ranges_give(&cache.bytes, offset, block->block_bytes);
    ranges_give(&cache.points, first, block->point_count);
    return false;
}

CacheBlock *cache_add(const MachineCode *code, const char *name, void *owner,
                      const void *const points[], uint32_t point_count)
{
    size_t page = cache.memory.page_bytes;
    size_t alignment = page > BLOCK_ALIGNMENT ? page : BLOCK_ALIGNMENT;
    CacheBlock *block;
    CHECK(point_count == code->return_point_count);
    if (cache_bytes == 0 || code->size > cache_bytes) {
        return NULL;
    }
    block = mem_alloc_zero(sizeof *block);
    block->bytes = (uint32_t) code->size;
    block->block_bytes = (uint32_t) ((code->size + alignment - 1) & ~(alignment - 1));
    block->point_count = point_count;
    block->name = mem_copy_string(name);
    block->owner = owner;
    block->rows = gdb_rows(code->stack_rows, code->stack_row_count, &block->row_bytes);
    pthread_mutex_lock(&cache.lock);
    if (!place(block, code)) {
        cache.stats.refused++;
        pthread_mutex_unlock(&cache.lock);
        block_destroy(block);
        return NULL;
    }
    for (uint32_t i = 0; i < point_count; i++) {
        /* Release: what the compiler made for this place comes first. A reader has the address from
         * a frame that ran this code, so it reads after us. */
        atomic_store_explicit(&cache.point_table[block->first_point + i], points[i],
                              memory_order_release);
    }
    blocks_insert(block);
    cache.stats.block_count++;
    cache.stats.point_count += point_count;
    cache.stats.used_bytes += block->block_bytes;
    cache.stats.code_bytes += block->bytes;
    if (cache.perf_map) {
        perf_map_add(block->start, block->bytes, block->name);
    }
    if (cache.gdb) {
        tell_gdb(block);
    }
    pthread_mutex_unlock(&cache.lock);
    return block;
}

void cache_free(CacheBlock *block)
{
    size_t offset = (uintptr_t) block->start - cache_start, at;
    uint8_t *to;
    pthread_mutex_lock(&cache.lock);
    at = block_index((uintptr_t) block->start) - 1;
    CHECK(cache.blocks[at] == block);
    cache.block_count--;
    memmove(&cache.blocks[at], &cache.blocks[at + 1],
            (cache.block_count - at) * sizeof *cache.blocks);
    for (uint32_t i = 0; i < block->point_count; i++) {
        atomic_store_explicit(&cache.point_table[block->first_point + i], NULL,
                              memory_order_release);
    }
    to = code_memory_write(&cache.memory, offset, block->block_bytes);
    if (to != NULL) {
        memset(to, STOP_BYTE, block->block_bytes);
        code_memory_written(&cache.memory, offset, block->block_bytes, true);
    }
    ranges_give(&cache.bytes, offset, block->block_bytes);
    ranges_give(&cache.points, block->first_point, block->point_count);
    cache.stats.block_count--;
    cache.stats.freed_blocks++;
    cache.stats.point_count -= block->point_count;
    cache.stats.used_bytes -= block->block_bytes;
    cache.stats.code_bytes -= block->bytes;
    block_destroy(block);
    pthread_mutex_unlock(&cache.lock);
}

const void *cache_point(const void *return_address)
{
    uint32_t number;
    if ((uintptr_t) return_address - cache_start > cache_bytes - 8 ||
        !machine_return_point(return_address, &number) || number >= cache.point_limit) {
        return NULL;
    }
    return atomic_load_explicit(&cache.point_table[number], memory_order_acquire);
}

CacheBlock *cache_find(const void *address)
{
    CacheBlock *block = NULL;
    size_t at;
    pthread_mutex_lock(&cache.lock);
    at = block_index((uintptr_t) address);
    if (at > 0) {
        block = cache.blocks[at - 1];
        if ((uintptr_t) address - (uintptr_t) block->start >= block->bytes) {
            block = NULL;
        }
    }
    pthread_mutex_unlock(&cache.lock);
    return block;
}

void cache_stats(CacheStats *stats)
{
    pthread_mutex_lock(&cache.lock);
    *stats = cache.stats;
    stats->committed_bytes = cache.memory.committed_bytes;
    pthread_mutex_unlock(&cache.lock);
}

void cache_tell_gdb(void)
{
    /* GDB may have stopped the machine anywhere: rather nothing than to wait for ever. */
    if (pthread_mutex_trylock(&cache.lock) != 0) {
        return;
    }
    cache.gdb = true;
    for (size_t i = 0; i < cache.block_count; i++) {
        tell_gdb(cache.blocks[i]);
    }
    pthread_mutex_unlock(&cache.lock);
}
