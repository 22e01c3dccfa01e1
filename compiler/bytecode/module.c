/* compiler/bytecode/module.c
 * A module under construction: its tables, each entry once. Tables are plain arrays that double; an
 * index beside the array finds an entry by hash. What belongs to functions (labels, handlers,
 * lines) lies in blocks that are freed with the module. */
#include "compiler/bytecode/module_internal.h"

#include "runtime/term/compare.h"
#include "runtime/term/copy.h"
#include "runtime/term/print.h"

/* ---- growing bytes ---- */

void bytes_reserve(Bytes *bytes, size_t more)
{
    if (more <= bytes->capacity - bytes->size) {
        return;
    }
    size_t capacity = bytes->capacity * 2 < 64 ? 64 : bytes->capacity * 2;
    if (capacity < bytes->size + more) {
        capacity = bytes->size + more;
    }
    bytes->data = mem_realloc(bytes->data, capacity);
    bytes->capacity = capacity;
}

void bytes_add(Bytes *bytes, const void *data, size_t size)
{
    if (size != 0) {
        bytes_reserve(bytes, size);
        memcpy(bytes->data + bytes->size, data, size);
        bytes->size += size;
    }
}

void bytes_add_unsigned(Bytes *bytes, uint64_t value)
{
    for (; value >= 0x80; value >>= 7) {
        bytes_add_byte(bytes, (uint8_t) (value | 0x80));
    }
    bytes_add_byte(bytes, (uint8_t) value);
}

void bytes_add_signed(Bytes *bytes, int64_t value)
{
    bytes_add_unsigned(bytes, ((uint64_t) value << 1) ^ (uint64_t) (value >> 63));
}

/* ---- indices ---- */

uint32_t table_index_find(const TableIndex *index, uint64_t hash, TableMatch *match,
                          const void *context)
{
    if (index->slot_count == 0) {
        return UINT32_MAX;
    }
    uint32_t mask = index->slot_count - 1;
    for (uint32_t at = (uint32_t) hash & mask; index->slots[at] != 0; at = (at + 1) & mask) {
        if (match(context, index->slots[at] - 1)) {
            return index->slots[at] - 1;
        }
    }
    return UINT32_MAX;
}

static void index_put(TableIndex *index, uint64_t hash, uint32_t position)
{
    uint32_t mask = index->slot_count - 1;
    uint32_t at = (uint32_t) hash & mask;
    while (index->slots[at] != 0) {
        at = (at + 1) & mask;
    }
    index->slots[at] = position + 1;
}

void table_index_add(TableIndex *index, uint64_t hash, uint32_t position,
                     uint64_t (*hash_of)(const void *context, uint32_t position),
                     const void *context)
{
    if ((index->used + 1) * 4 > index->slot_count * 3) {
        uint32_t *old = index->slots;
        uint32_t old_count = index->slot_count;
        index->slot_count = old_count == 0 ? 32 : old_count * 2;
        index->slots = mem_alloc_zero(index->slot_count * sizeof(uint32_t));
        for (uint32_t i = 0; i < old_count; i++) {
            if (old[i] != 0) {
                index_put(index, hash_of(context, old[i] - 1), old[i] - 1);
            }
        }
        mem_free(old);
    }
    index_put(index, hash, position);
    index->used++;
}

void table_index_finish(TableIndex *index)
{
    mem_free(index->slots);
}

/* ---- the module itself ---- */

struct PoolChunk {
    PoolChunk *next;
    Term data[];
};

enum { POOL_CHUNK_BYTES = 4096 };

Module *module_create(Term name)
{
    ASSERT(term_is_atom(name));
    OwnedModule *owned = mem_alloc_zero(sizeof *owned);
    Module *module = &owned->module;
    module->name = name;
    module->attributes = module->compile_info = TERM_NIL;
    module->on_load_function = -1;
    module->arena = arena_space_create();
    return module;
}

void module_destroy(Module *module)
{
    if (module == NULL) {
        return;
    }
    OwnedModule *owned = module_owned(module);
    arena_space_destroy(module->arena);
    for (PoolChunk *chunk = owned->pool; chunk != NULL;) {
        PoolChunk *next = chunk->next;
        mem_free(chunk);
        chunk = next;
    }
    mem_free(module->atoms);
    mem_free(module->literals);
    mem_free(module->imports);
    mem_free(module->functions);
    mem_free(module->funs);
    mem_free(module->files);
    mem_free(module->code);
    table_index_finish(&owned->atom_index);
    table_index_finish(&owned->literal_index);
    table_index_finish(&owned->import_index);
    mem_free(owned->literal_bytes.data);
    mem_free(owned->literal_ends);
    mem_free(owned);
}

void module_pool_reserve(Module *module, size_t size_bytes)
{
    OwnedModule *owned = module_owned(module);
    if (size_bytes <= (size_t) (owned->pool_limit - owned->pool_top)) {
        return;
    }
    PoolChunk *chunk = mem_alloc(sizeof *chunk + size_bytes);
    chunk->next = owned->pool;
    owned->pool = chunk;
    owned->pool_top = (char *) chunk->data;
    owned->pool_limit = owned->pool_top + size_bytes;
}

void *module_pool_alloc(Module *module, size_t size_bytes)
{
    OwnedModule *owned = module_owned(module);
    size_t rounded = (size_bytes + 7) & ~(size_t) 7;
    if (rounded > (size_t) (owned->pool_limit - owned->pool_top)) {
        module_pool_reserve(module, rounded > POOL_CHUNK_BYTES ? rounded : POOL_CHUNK_BYTES);
    }
    void *at = owned->pool_top;
    owned->pool_top += rounded;
    return at;
}

void module_code_reserve(Module *module, size_t size_bytes)
{
    OwnedModule *owned = module_owned(module);
    if (size_bytes <= owned->code_capacity - module->code_size) {
        return;
    }
    size_t capacity =
        (size_t) owned->code_capacity * 2 < 1024 ? 1024 : (size_t) owned->code_capacity * 2;
    if (capacity < module->code_size + size_bytes) {
        capacity = module->code_size + size_bytes;
    }
    if (capacity > UINT32_MAX) {
        machine_stop("the code of module %s is too large", atom_name(module->name));
    }
    module->code = mem_realloc(module->code, capacity);
    owned->code_capacity = (uint32_t) capacity;
}

/* Room for one more entry. */
static void *table_grow(void *items, uint32_t count, uint32_t *capacity, size_t item_bytes)
{
    if (count < *capacity) {
        return items;
    }
    *capacity = *capacity < 8 ? 8 : *capacity * 2;
    return mem_realloc(items, *capacity * item_bytes);
}
#define TABLE_GROW(module, table, count, capacity) \
    ((module)->table = table_grow((module)->table, (module)->count, \
                                  &module_owned(module)->capacity, sizeof *(module)->table))

/* ---- atoms ---- */

typedef struct AtomKey {
    const Module *module;
    Term atom;
} AtomKey;

static uint64_t atom_entry_hash(const void *context, uint32_t position)
{
    return hash_mix(((const AtomKey *) context)->module->atoms[position]);
}

static bool atom_entry_matches(const void *context, uint32_t position)
{
    const AtomKey *key = context;
    return key->module->atoms[position] == key->atom;
}

uint32_t module_atom(Module *module, Term atom)
{
    ASSERT(term_is_atom(atom));
    TableIndex *index = &module_owned(module)->atom_index;
    AtomKey key = {module, atom};
    uint32_t at = table_index_find(index, hash_mix(atom), atom_entry_matches, &key);
    if (at == UINT32_MAX) {
        TABLE_GROW(module, atoms, atom_count, atom_capacity);
        at = module->atom_count++;
        module->atoms[at] = atom;
        table_index_add(index, hash_mix(atom), at, atom_entry_hash, &key);
    }
    return at;
}

/* ---- literals ---- */

static uint32_t atom_as_itself(void *context, Term atom)
{
    (void) context;
    return atom_index(atom);
}

static uint64_t bytes_hash(const uint8_t *data, size_t size)
{
    uint64_t hash = size;
    for (; size >= 8; data += 8, size -= 8) {
        uint64_t word;
        memcpy(&word, data, 8);
        hash = hash_mix(hash ^ word) + 1;
    }
    for (; size > 0; data++, size--) {
        hash = hash_mix(hash ^ *data) + 1;
    }
    return hash;
}

typedef struct LiteralKey {
    const OwnedModule *owned;
    const uint8_t *data;
    size_t size;
} LiteralKey;

static const uint8_t *literal_data(const OwnedModule *owned, uint32_t position, size_t *size)
{
    size_t start = position == 0 ? 0 : owned->literal_ends[position - 1];
    *size = owned->literal_ends[position] - start;
    return owned->literal_bytes.data + start;
}

static uint64_t literal_entry_hash(const void *context, uint32_t position)
{
    size_t size;
    const uint8_t *data = literal_data(((const LiteralKey *) context)->owned, position, &size);
    return bytes_hash(data, size);
}

static bool literal_entry_matches(const void *context, uint32_t position)
{
    const LiteralKey *key = context;
    size_t size;
    const uint8_t *data = literal_data(key->owned, position, &size);
    return size == key->size && memcmp(data, key->data, size) == 0;
}

static uint32_t append_literal(Module *module, Term t, LiteralKey *key, uint64_t hash)
{
    OwnedModule *owned = module_owned(module);
    uint32_t at = module->literal_count;
    uint32_t capacity = owned->literal_capacity;
    TABLE_GROW(module, literals, literal_count, literal_capacity);
    if (owned->literal_capacity != capacity) {
        owned->literal_ends =
            mem_realloc(owned->literal_ends, owned->literal_capacity * sizeof(size_t));
    }
    module->literals[at] = t;
    owned->literal_ends[at] = owned->literal_bytes.size;
    module->literal_count++;
    table_index_add(&owned->literal_index, hash, at, literal_entry_hash, key);
    return at;
}

/* Leaves the written form at the end of literal_bytes. */
static LiteralKey literal_key(Module *module, Term literal)
{
    OwnedModule *owned = module_owned(module);
    Bytes *bytes = &owned->literal_bytes;
    size_t start = bytes->size;
    bool is_writable = terms_write(bytes, literal, atom_as_itself, NULL);
    CHECK(is_writable); /* front ends make literals of what source text can say */
    return (LiteralKey){owned, bytes->data + start, bytes->size - start};
}

uint32_t module_literal(Module *module, Term literal)
{
    OwnedModule *owned = module_owned(module);
    LiteralKey key = literal_key(module, literal);
    uint64_t hash = bytes_hash(key.data, key.size);
    uint32_t at = table_index_find(&owned->literal_index, hash, literal_entry_matches, &key);
    if (at != UINT32_MAX) {
        owned->literal_bytes.size -= key.size;
        return at;
    }
    Term copy = term_copy_flat(arena_space(module->arena), literal);
    if (copy == TERM_LIMIT) {
        machine_stop("out of memory for the literals of module %s", atom_name(module->name));
    }
    return append_literal(module, copy, &key, hash);
}

uint32_t module_append_literal(Module *module, Term literal)
{
    LiteralKey key = literal_key(module, literal);
    return append_literal(module, literal, &key, bytes_hash(key.data, key.size));
}

/* ---- imports ---- */

typedef struct ImportKey {
    const Module *module;
    ModuleImport import;
} ImportKey;

static uint64_t import_hash(const ModuleImport *import)
{
    return hash_mix(hash_mix(import->module) ^ (import->function + import->arity));
}

static uint64_t import_entry_hash(const void *context, uint32_t position)
{
    return import_hash(&((const ImportKey *) context)->module->imports[position]);
}

static bool import_entry_matches(const void *context, uint32_t position)
{
    const ImportKey *key = context;
    const ModuleImport *import = &key->module->imports[position];
    return import->module == key->import.module && import->function == key->import.function &&
           import->arity == key->import.arity;
}

uint32_t module_import(Module *module, Term mod, Term function, uint32_t arity)
{
    ASSERT(term_is_atom(mod));
    ASSERT(term_is_atom(function));
    TableIndex *index = &module_owned(module)->import_index;
    ImportKey key = {module, {mod, function, arity}};
    uint64_t hash = import_hash(&key.import);
    uint32_t at = table_index_find(index, hash, import_entry_matches, &key);
    if (at == UINT32_MAX) {
        TABLE_GROW(module, imports, import_count, import_capacity);
        at = module->import_count++;
        module->imports[at] = key.import;
        table_index_add(index, hash, at, import_entry_hash, &key);
    }
    return at;
}

/* ---- the rest ---- */

uint32_t module_file(Module *module, const char *utf8_name)
{
    Term name = make_string_utf8(arena_space(module->arena), utf8_name, strlen(utf8_name));
    if (name == TERM_LIMIT) {
        machine_stop("out of memory for the file names of module %s", atom_name(module->name));
    }
    for (uint32_t i = 0; i < module->file_count; i++) {
        if (term_equal_exact(module->files[i], name)) {
            return i;
        }
    }
    return module_append_file(module, name);
}

uint32_t module_append_file(Module *module, Term name)
{
    TABLE_GROW(module, files, file_count, file_capacity);
    module->files[module->file_count] = name;
    return module->file_count++;
}

uint32_t module_declare(Module *module, Term name, uint32_t arity)
{
    ASSERT(term_is_atom(name));
    TABLE_GROW(module, functions, function_count, function_capacity);
    ModuleFunction *function = &module->functions[module->function_count];
    *function = (ModuleFunction){.name = name, .arity = arity};
    return module->function_count++;
}

uint32_t module_fun(Module *module, uint32_t function, uint32_t free_count)
{
    ASSERT(function < module->function_count);
    TABLE_GROW(module, funs, fun_count, fun_capacity);
    module->funs[module->fun_count] = (ModuleFun){function, free_count};
    return module->fun_count++;
}
