/* compiler/jit/cache_symbols.h
 * Names of native code for others: perf's map, and GDB's interface for code made at run time. The
 * caller (cache.c) holds its lock. */
#ifndef MUSTER_JIT_CACHE_SYMBOLS_H
#define MUSTER_JIT_CACHE_SYMBOLS_H

#include "compiler/jit/cache.h"

/* Opens the map; false: it cannot be written. */
bool perf_map_open(void);
void perf_map_close(void);
void perf_map_add(const void *start, size_t bytes, const char *name);

/* The rows in their short form, which the caller owns. */
uint8_t *gdb_rows(const MachineStackRow rows[], uint32_t row_count, size_t *bytes);
/* A description of the code: its name, and how to find callers from its stack rows. The caller owns
 * it and hands it to gdb_register, later to gdb_forget, which frees it. */
void *gdb_describe(const void *start, size_t bytes, const char *name, const uint8_t *rows,
                   size_t row_bytes);
void gdb_register(void *description);
void gdb_forget(void *description);

#endif
