/* compiler/bytecode/module_internal.h
 * What the files of compiler/bytecode share: how a Module is owned, and growing bytes. */
#ifndef MUSTER_COMPILER_BYTECODE_MODULE_INTERNAL_H
#define MUSTER_COMPILER_BYTECODE_MODULE_INTERNAL_H

#include "compiler/bytecode/module.h"
#include "runtime/term/mem.h"

/* ---- growing bytes ---- */

typedef struct Bytes {
    uint8_t *data; /* mem_free it */
    size_t size, capacity;
} Bytes;
void bytes_reserve(Bytes *bytes, size_t more); /* room for `more` bytes after `size` */
static inline void bytes_add_byte(Bytes *bytes, uint8_t byte)
{
    if (UNLIKELY(bytes->size == bytes->capacity)) {
        bytes_reserve(bytes, 1);
    }
    bytes->data[bytes->size++] = byte;
}
void bytes_add(Bytes *bytes, const void *data, size_t size);
void bytes_add_unsigned(Bytes *bytes, uint64_t value); /* LEB128 */
void bytes_add_signed(Bytes *bytes, int64_t value);    /* LEB128 of the zigzag form */

/* ---- an index over a table: hash to position. Does not hold the entries ---- */

typedef struct TableIndex {
    uint32_t *slots; /* position + 1; 0: free */
    uint32_t slot_count, used;
} TableIndex;
typedef bool TableMatch(const void *context, uint32_t position);
/* The position of a matching entry, or UINT32_MAX. */
uint32_t table_index_find(const TableIndex *index, uint64_t hash, TableMatch *match,
                          const void *context);
/* `hash_of` rehashes the entries already there when the table grows. */
void table_index_add(TableIndex *index, uint64_t hash, uint32_t position,
                     uint64_t (*hash_of)(const void *context, uint32_t position),
                     const void *context);
void table_index_finish(TableIndex *index);

static inline uint64_t hash_mix(uint64_t h)
{
    h ^= h >> 32;
    h *= 0x9E3779B97F4A7C15u;
    return h ^ (h >> 29);
}

/* ---- an owned module ---- */

/* Blocks that live as long as the module: the tables of its functions. */
typedef struct PoolChunk PoolChunk;

typedef struct OwnedModule {
    Module module; /* first: a Module is an OwnedModule */
    uint32_t atom_capacity, literal_capacity, import_capacity, function_capacity, fun_capacity,
        file_capacity, code_capacity;
    TableIndex atom_index, literal_index, import_index;
    /* Literals in their written form: what makes two of them the same. Bytes of literal i are
     * literal_ends[i - 1] … literal_ends[i]. */
    Bytes literal_bytes;
    size_t *literal_ends;
    PoolChunk *pool;
    char *pool_top, *pool_limit;
} OwnedModule;

static inline OwnedModule *module_owned(Module *module)
{
    return (OwnedModule *) module;
}

/* Contents unset; aligned to 8 bytes. */
void *module_pool_alloc(Module *module, size_t size_bytes);
/* The next allocations, up to `size_bytes` in all, come from one block. */
void module_pool_reserve(Module *module, size_t size_bytes);
/* Room for `size_bytes` more of code. */
void module_code_reserve(Module *module, size_t size_bytes);

/* New entries whatever is there already: tables as a text gives them. The term is in the module's
 * arena; a file's name is a list of characters. */
uint32_t module_append_literal(Module *module, Term literal);
uint32_t module_append_file(Module *module, Term name);

/* Any instruction without tables; `count` must be right. */
void emit_operands(Emitter *emitter, Opcode op, const uint64_t operands[], unsigned count);
/* Code that may be none. */
void emit_raw(Emitter *emitter, const uint8_t *bytes, size_t size_bytes);

/* ---- terms as bytes (module_terms.c) ---- */

/* Which number stands for an atom, in what is written. */
typedef uint32_t AtomNumber(void *context, Term atom);
/* Appends the written form of `t`. Equal bytes: equal terms, -0.0 and 0.0 kept apart. False: there
 * is something in it that a file cannot hold (a pid, a local fun …). */
bool terms_write(Bytes *out, Term t, AtomNumber *atom_number, void *context);
/* Reads one into `space`. NULL, or what is wrong; then `*at` is near the place. */
const char *terms_read(Space *space, const uint8_t **at, const uint8_t *end, const Term atoms[],
                       uint32_t atom_count, Term *out);

#endif
