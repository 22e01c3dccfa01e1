/* compiler/jit/code_memory.h
 * Executable memory that is never writable and executable in one mapping.
 *
 * Mapped twice: shared memory has a view to run (`run`) and one to write. Where that is refused,
 * pages are made writable, written, and made executable; then who writes must write whole pages
 * that nobody runs (`page_bytes` is what to round to; 1 when mapped twice). */
#ifndef MUSTER_JIT_CODE_MEMORY_H
#define MUSTER_JIT_CODE_MEMORY_H

#include "runtime/term/base.h"

typedef struct CodeMemory {
    uint8_t *run;
    uint8_t *write; /* NULL: pages are switched */
    size_t limit_bytes;
    size_t committed_bytes;
    size_t page_bytes;
} CodeMemory;

/* Reserves `limit_bytes` of addresses, near `near` where possible. False: `why` says what was
 * refused. */
bool code_memory_create(CodeMemory *memory, size_t limit_bytes, const void *near, const char **why);
void code_memory_destroy(CodeMemory *memory);
/* At least the first `bytes` can be used. False: over the limit, or refused. */
bool code_memory_grow(CodeMemory *memory, size_t bytes);
/* Where to write what will run at run + offset; NULL: refused. Followed by code_memory_written,
 * which is false if the code cannot be run. */
uint8_t *code_memory_write(CodeMemory *memory, size_t offset, size_t bytes);
/* `again`: these addresses held code before. */
bool code_memory_written(CodeMemory *memory, size_t offset, size_t bytes, bool again);

#endif
