/* compiler/jit/code_memory.c
 * Executable memory from the system, by the ways that it may leave open. */
#include "compiler/jit/code_memory.h"

#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MEMBARRIER_SYNC_CORE = 1 << 5, MEMBARRIER_REGISTER_SYNC_CORE = 1 << 6 };

static const size_t first_commit = (size_t) 256 << 10;
static char refusal[160];

static bool refused(const char **why, const char *what)
{
    snprintf(refusal, sizeof refusal, "%s: %s", what, strerror(errno));
    *why = refusal;
    return false;
}

/* Addresses within a near call's reach of `near`, if any are free. */
static uint8_t *reserve(size_t bytes, const void *near)
{
    const uintptr_t step = (uintptr_t) 64 << 20, reach = (uintptr_t) 1800 << 20;
    uintptr_t origin = (uintptr_t) near & ~(uintptr_t) 0xFFFFF;
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    void *at;
    for (uintptr_t distance = step; distance + bytes < reach; distance += step) {
        const uintptr_t tries[2] = {origin - bytes - distance, origin + reach - distance};
        for (int i = 0; i < 2; i++) {
            if ((i == 0 && origin < bytes + distance + step) || tries[i] > UINTPTR_MAX - bytes) {
                continue;
            }
            at = mmap((void *) tries[i], bytes, PROT_NONE, flags | MAP_FIXED_NOREPLACE, -1, 0);
            if (at == (void *) tries[i]) {
                return at;
            }
            if (at != MAP_FAILED) { /* an old kernel took it for a wish */
                munmap(at, bytes);
            }
        }
    }
    at = mmap(NULL, bytes, PROT_NONE, flags, -1, 0);
    return at == MAP_FAILED ? NULL : at;
}

static bool commit_twice(CodeMemory *memory, size_t bytes)
{
    size_t old = memory->committed_bytes;
    return mprotect(memory->write + old, bytes - old, PROT_READ | PROT_WRITE) == 0 &&
           mprotect(memory->run + old, bytes - old, PROT_READ | PROT_EXEC) == 0;
}

static bool commit_switched(CodeMemory *memory, size_t bytes)
{
    /* Pages are made readable when written; this asks whether they may be executable at all. */
    return mprotect(memory->run + memory->committed_bytes, bytes - memory->committed_bytes,
                    PROT_READ | PROT_EXEC) == 0;
}

bool code_memory_grow(CodeMemory *memory, size_t bytes)
{
    size_t to = memory->committed_bytes == 0 ? first_commit : memory->committed_bytes;
    if (bytes <= memory->committed_bytes) {
        return true;
    }
    if (bytes > memory->limit_bytes) {
        return false;
    }
    while (to < bytes) {
        to *= 2;
    }
    to = to > memory->limit_bytes ? memory->limit_bytes : to;
    if (!(memory->write != NULL ? commit_twice(memory, to) : commit_switched(memory, to))) {
        return false;
    }
    memory->committed_bytes = to;
    return true;
}

/* True: the memory is mapped twice. Nameless shared memory, of which mremap makes a second view,
 * and no memfd: perf takes code in a file for the file's own and does not ask for our names
 * (perf_map). */
static bool begin_twice(CodeMemory *memory, size_t limit_bytes)
{
    memory->write =
        mmap(NULL, limit_bytes, PROT_NONE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory->write != MAP_FAILED) {
        if (mremap(memory->write, 0, limit_bytes, MREMAP_MAYMOVE | MREMAP_FIXED, memory->run) !=
                MAP_FAILED &&
            code_memory_grow(memory, 1)) {
            return true;
        }
        munmap(memory->write, limit_bytes);
    }
    memory->write = NULL;
    /* Whatever was mapped: reserved as before. */
    return mmap(memory->run, limit_bytes, PROT_NONE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0) == MAP_FAILED;
}

bool code_memory_create(CodeMemory *memory, size_t limit_bytes, const void *near, const char **why)
{
    size_t page = (size_t) sysconf(_SC_PAGESIZE);
    limit_bytes = (limit_bytes + page - 1) & ~(page - 1);
    *memory = (CodeMemory){.limit_bytes = limit_bytes, .page_bytes = 1};
    memory->run = reserve(limit_bytes, near);
    if (memory->run == NULL) {
        return refused(why, "no addresses for native code");
    }
    if (!begin_twice(memory, limit_bytes)) {
        memory->page_bytes = page;
        if (!code_memory_grow(memory, 1)) {
            refused(why, "no executable memory");
            munmap(memory->run, limit_bytes);
            return false;
        }
    }
    syscall(SYS_membarrier, MEMBARRIER_REGISTER_SYNC_CORE, 0, 0); /* unknown: code_memory_written */
    return true;
}

void code_memory_destroy(CodeMemory *memory)
{
    munmap(memory->run, memory->limit_bytes);
    if (memory->write != NULL) {
        munmap(memory->write, memory->limit_bytes);
    }
    *memory = (CodeMemory){0};
}

uint8_t *code_memory_write(CodeMemory *memory, size_t offset, size_t bytes)
{
    if (memory->write != NULL) {
        return memory->write + offset;
    }
    ASSERT(offset % memory->page_bytes == 0);
    ASSERT(bytes % memory->page_bytes == 0);
    if (mprotect(memory->run + offset, bytes, PROT_READ | PROT_WRITE) != 0) {
        return NULL;
    }
    return memory->run + offset;
}

bool code_memory_written(CodeMemory *memory, size_t offset, size_t bytes, bool again)
{
    char *start = (char *) memory->run + offset;
    if (memory->write == NULL && mprotect(start, bytes, PROT_READ | PROT_EXEC) != 0) {
        return false;
    }
    __builtin___clear_cache(start, start + bytes);
    /* Other processors may have fetched what was there: each passes a barrier before it goes on. On
     * x86-64 they see stores to what they have not fetched by themselves. Kernels without the call
     * (before 4.16) are older than the processors on which it matters. */
#if !defined(__x86_64__)
    again = true;
#endif
    if (again) {
        syscall(SYS_membarrier, MEMBARRIER_SYNC_CORE, 0, 0);
    }
    return true;
}
