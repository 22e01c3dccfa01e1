/* compiler/bytecode/module_read.c
 * A module out of a file (see file_format.h), which may be hostile: every number is checked before
 * it is used, and no count makes more memory than a small multiple of the file's size. What the
 * code does is not looked at: that is the loader's. */
#include "compiler/bytecode/file_format.h"
#include "compiler/bytecode/module_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <zlib.h>

enum { MAX_ARITY = 255 };

bool bytes_are_module(const uint8_t *bytes, size_t size_bytes)
{
    return size_bytes >= FILE_MAGIC_BYTES && memcmp(bytes, file_magic, FILE_MAGIC_BYTES) == 0;
}

typedef struct ModuleReader {
    const uint8_t *start;    /* of the file */
    const uint8_t *at, *end; /* in the section */
    Section section;
    Module *module;
    char *error;
    size_t error_bytes;
} ModuleReader;

/* Only the first failure counts. */
PRINTF_LIKE(2, 3) COLD static void note_error(ModuleReader *reader, const char *format, ...)
{
    if (reader->error_bytes > 0 && reader->error[0] == '\0') {
        int used = snprintf(reader->error, reader->error_bytes,
                            "byte %zu, section %s: ", (size_t) (reader->at - reader->start),
                            section_names[reader->section]);
        if (used >= 0 && (size_t) used < reader->error_bytes) {
            va_list args;
            va_start(args, format);
            vsnprintf(reader->error + used, reader->error_bytes - (size_t) used, format, args);
            va_end(args);
        }
    }
}
/* False, to be returned. */
#define refuse(...) (note_error(__VA_ARGS__), false)

/* A number up to `max`, of what `what` says. */
static inline bool read_number(ModuleReader *reader, uint32_t max, const char *what, uint32_t *out)
{
    if (LIKELY(reader->at < reader->end && *reader->at < 0x80 && *reader->at <= max)) {
        *out = *reader->at++;
        return true;
    }
    uint64_t value;
    const uint8_t *at = reader->at;
    if (!code_read_unsigned(&at, reader->end, &value)) {
        return refuse(reader, "no number for %s", what);
    }
    if (value > max) {
        return refuse(reader, "%s is %llu, more than %u", what, (unsigned long long) value, max);
    }
    reader->at = at;
    *out = (uint32_t) value;
    return true;
}

/* How many entries follow, each of at least `entry_bytes`: so a lie cannot ask for much memory. */
static bool read_count(ModuleReader *reader, size_t entry_bytes, const char *what, uint32_t *out)
{
    size_t left = (size_t) (reader->end - reader->at);
    size_t max = left / entry_bytes; /* its own byte is one too many: checked with the entries */
    return read_number(reader, (uint32_t) max, what, out);
}

static bool read_term(ModuleReader *reader, const Term atoms[], uint32_t atom_count, Term *out)
{
    const char *error = terms_read(arena_space(reader->module->arena), &reader->at, reader->end,
                                   atoms, atom_count, out);
    return error == NULL || refuse(reader, "%s", error);
}

static bool read_atom_index(ModuleReader *reader, const char *what, Term *out)
{
    uint32_t index;
    if (reader->module->atom_count == 0) {
        return refuse(reader, "there are no atoms");
    }
    if (!read_number(reader, reader->module->atom_count - 1, what, &index)) {
        return false;
    }
    *out = reader->module->atoms[index];
    return true;
}

static bool begin_section(ModuleReader *reader, const uint8_t *file_end, Section section)
{
    reader->section = section;
    uint32_t size;
    if (file_end - reader->at < 8) {
        return refuse(reader, "the file ends before it");
    }
    if (memcmp(reader->at, section_names[section], 4) != 0) {
        return refuse(reader, "another section is in its place");
    }
    memcpy(&size, reader->at + 4, sizeof size);
    reader->at += 8;
    if (size > (size_t) (file_end - reader->at)) {
        return refuse(reader, "it is longer than the file");
    }
    reader->end = reader->at + size;
    return true;
}

static bool end_section(ModuleReader *reader)
{
    return reader->at == reader->end ||
           refuse(reader, "%zu bytes too many", (size_t) (reader->end - reader->at));
}

/* An atom table; refuses an atom that occurs twice. */
static bool read_atom_table(ModuleReader *reader, Term **atoms_out, uint32_t *count_out)
{
    uint32_t count;
    if (!read_count(reader, 1, "count of atoms", &count)) {
        return false;
    }
    size_t slot_count = 16;
    while (slot_count < (size_t) count * 2) {
        slot_count *= 2;
    }
    Term *atoms = mem_alloc(count * sizeof(Term));
    Term *seen = mem_alloc_zero(slot_count * sizeof(Term)); /* 0 is no atom */
    bool is_fine = true;
    for (uint32_t i = 0; i < count && is_fine; i++) {
        uint32_t size;
        is_fine =
            read_number(reader, 4 * ATOM_MAX_CHARACTERS, "size of an atom", &size) &&
            (size <= (size_t) (reader->end - reader->at) || refuse(reader, "an atom ends early"));
        if (!is_fine) {
            break;
        }
        atoms[i] = atom_make((const char *) reader->at, size);
        if (!term_is_atom(atoms[i])) {
            is_fine =
                refuse(reader, atoms[i] == TERM_NONE ? "an atom is not UTF-8"
                                                     : "an atom is too long, or one too many");
            break;
        }
        reader->at += size;
        size_t slot = hash_mix(atoms[i]) & (slot_count - 1);
        for (; seen[slot] != 0 && is_fine; slot = (slot + 1) & (slot_count - 1)) {
            is_fine = seen[slot] != atoms[i] || refuse(reader, "an atom occurs twice");
        }
        seen[slot] = atoms[i];
    }
    mem_free(seen);
    *atoms_out = atoms;
    *count_out = count;
    return is_fine;
}

static bool read_atoms(ModuleReader *reader)
{
    return read_atom_table(reader, &reader->module->atoms, &reader->module->atom_count);
}

static bool read_literals(ModuleReader *reader)
{
    Module *module = reader->module;
    uint32_t count;
    if (!read_count(reader, 1, "count of literals", &count)) {
        return false;
    }
    module->literals = mem_alloc(count * sizeof(Term));
    for (uint32_t i = 0; i < count; i++) {
        if (!read_term(reader, module->atoms, module->atom_count, &module->literals[i])) {
            return false;
        }
        module->literal_count++;
    }
    return true;
}

/* Finds entries that occur twice. Keys of 0 are not allowed. */
typedef struct KeySet {
    struct Key {
        uint64_t high, low;
    } * slots;
    size_t slot_count;
} KeySet;

static void key_set_init(KeySet *set, uint32_t count)
{
    set->slot_count = 16;
    while (set->slot_count < (size_t) count * 2) {
        set->slot_count *= 2;
    }
    set->slots = mem_alloc_zero(set->slot_count * sizeof *set->slots);
}

static bool key_set_add(KeySet *set, uint64_t high, uint64_t low)
{
    size_t mask = set->slot_count - 1;
    size_t slot = hash_mix(hash_mix(high) ^ low) & mask;
    for (; set->slots[slot].high != 0; slot = (slot + 1) & mask) {
        if (set->slots[slot].high == high && set->slots[slot].low == low) {
            return false;
        }
    }
    set->slots[slot] = (struct Key){high, low};
    return true;
}

static bool read_imports(ModuleReader *reader)
{
    Module *module = reader->module;
    uint32_t count;
    if (!read_count(reader, 3, "count of imports", &count)) {
        return false;
    }
    module->imports = mem_alloc(count * sizeof *module->imports);
    KeySet set;
    key_set_init(&set, count);
    bool is_fine = true;
    for (uint32_t i = 0; i < count && is_fine; i++) {
        ModuleImport *import = &module->imports[i];
        is_fine = read_atom_index(reader, "module of an import", &import->module) &&
                  read_atom_index(reader, "function of an import", &import->function) &&
                  read_number(reader, MAX_ARITY, "arity of an import", &import->arity) &&
                  (key_set_add(&set, import->module, import->function << 8 | import->arity) ||
                   refuse(reader, "an import occurs twice"));
        module->import_count += is_fine;
    }
    mem_free(set.slots);
    return is_fine;
}

static bool read_handlers(ModuleReader *reader, ModuleFunction *function)
{
    uint32_t count;
    if (!read_count(reader, 4, "count of handlers", &count)) {
        return false;
    }
    if (count > 0 && function->label_count == 0) {
        return refuse(reader, "a handler, but no labels");
    }
    function->handlers = module_pool_alloc(reader->module, count * sizeof *function->handlers);
    uint32_t max = function->label_count - 1;
    for (uint32_t i = 0; i < count; i++) {
        ModuleHandler *handler = &function->handlers[i];
        if (!read_number(reader, max, "start of a handler", &handler->start_label) ||
            !read_number(reader, max, "end of a handler", &handler->end_label) ||
            !read_number(reader, max, "target of a handler", &handler->target_label) ||
            !read_number(reader, UINT32_MAX, "depth of a handler", &handler->depth)) {
            return false;
        }
    }
    function->handler_count = count;
    return true;
}

/* Its code begins at `code_start`; that there is so much is known when the code section is read. */
static bool read_function(ModuleReader *reader, ModuleFunction *function, uint32_t code_start)
{
    uint32_t flags, count;
    *function = (ModuleFunction){.code_start = code_start};
    if (!read_atom_index(reader, "name of a function", &function->name) ||
        !read_number(reader, MAX_ARITY, "arity of a function", &function->arity) ||
        !read_number(reader, 1, "flags of a function", &flags) ||
        !read_number(reader, UINT32_MAX - code_start, "size of code", &function->code_size) ||
        !read_count(reader, 1, "count of labels", &count)) {
        return false;
    }
    function->is_exported = flags & 1;
    function->labels = module_pool_alloc(reader->module, count * sizeof(uint32_t));
    function->label_count = count;
    for (uint32_t i = 0; i < count; i++) {
        if (!read_number(reader, function->code_size, "offset of a label", &function->labels[i])) {
            return false;
        }
    }
    return read_handlers(reader, function);
}

static bool read_functions(ModuleReader *reader)
{
    Module *module = reader->module;
    uint32_t count, code_start = 0;
    if (!read_count(reader, 6, "count of functions", &count)) {
        return false;
    }
    module->functions = mem_alloc(count * sizeof *module->functions);
    KeySet set;
    key_set_init(&set, count);
    bool is_fine = true;
    for (uint32_t i = 0; i < count && is_fine; i++) {
        ModuleFunction *function = &module->functions[i];
        is_fine = read_function(reader, function, code_start) &&
                  (key_set_add(&set, function->name, function->arity) ||
                   refuse(reader, "a function occurs twice"));
        code_start += is_fine ? function->code_size : 0;
        module->function_count += is_fine;
    }
    mem_free(set.slots);
    module->code_size = code_start;
    return is_fine;
}

static bool read_funs(ModuleReader *reader)
{
    Module *module = reader->module;
    uint32_t count;
    if (!read_count(reader, 2, "count of funs", &count)) {
        return false;
    }
    if (count > 0 && module->function_count == 0) {
        return refuse(reader, "a fun, but no functions");
    }
    module->funs = mem_alloc(count * sizeof *module->funs);
    for (uint32_t i = 0; i < count; i++) {
        ModuleFun *fun = &module->funs[i];
        if (!read_number(reader, module->function_count - 1, "function of a fun", &fun->function) ||
            !read_number(reader, module->functions[fun->function].arity, "captured values of a fun",
                         &fun->free_count)) {
            return false;
        }
        module->fun_count++;
    }
    return true;
}

static bool read_attributes(ModuleReader *reader)
{
    Module *module = reader->module;
    return read_term(reader, module->atoms, module->atom_count, &module->attributes);
}

static bool read_code(ModuleReader *reader)
{
    Module *module = reader->module;
    if ((size_t) (reader->end - reader->at) != module->code_size) {
        return refuse(reader, "%zu bytes of code, but the functions have %u",
                      (size_t) (reader->end - reader->at), module->code_size);
    }
    module->code = mem_alloc(module->code_size);
    memcpy(module->code, reader->at, module->code_size);
    reader->at = reader->end;
    return true;
}

static bool is_string(Term list)
{
    for (; term_is_cons(list); list = cons_tail(list)) {
        Term head = cons_head(list);
        if (!term_is_small(head) || small_value(head) < 0 || small_value(head) > 0x10FFFF) {
            return false;
        }
    }
    return list == TERM_NIL;
}

static bool read_files(ModuleReader *reader)
{
    Module *module = reader->module;
    uint32_t count;
    if (!read_count(reader, 1, "count of files", &count)) {
        return false;
    }
    module->files = mem_alloc(count * sizeof(Term));
    for (uint32_t i = 0; i < count; i++) {
        if (!read_term(reader, NULL, 0, &module->files[i])) {
            return false;
        }
        if (!is_string(module->files[i])) {
            return refuse(reader, "the name of a file is not a string");
        }
        module->file_count++;
    }
    return true;
}

static bool read_line(ModuleReader *reader, const ModuleFunction *function, bool is_first,
                      uint32_t *offset, uint32_t *line, ModuleLine *out)
{
    uint32_t more, file;
    int64_t difference;
    if (!read_number(reader, UINT32_MAX - *offset, "offset of a line", &more)) {
        return false;
    }
    if ((more == 0 && !is_first) || *offset + more >= function->code_size) {
        return refuse(reader, "a line out of order");
    }
    if (!code_read_signed(&reader->at, reader->end, &difference) || difference > INT32_MAX ||
        difference < -INT32_MAX || *line + difference < 0 || *line + difference > INT32_MAX) {
        return refuse(reader, "a bad line");
    }
    *offset += more;
    *line = (uint32_t) (*line + difference);
    if (!read_number(reader, reader->module->file_count == 0 ? 0 : reader->module->file_count - 1,
                     "file of a line", &file)) {
        return false;
    }
    *out = (ModuleLine){*offset, file, *line};
    return true;
}

static bool read_lines(ModuleReader *reader)
{
    for (uint32_t i = 0; i < reader->module->function_count; i++) {
        ModuleFunction *function = &reader->module->functions[i];
        uint32_t count;
        if (!read_number(reader, INT32_MAX, "line of a function", &function->line) ||
            !read_count(reader, 3, "count of lines", &count)) {
            return false;
        }
        function->lines = module_pool_alloc(reader->module, count * sizeof(ModuleLine));
        uint32_t offset = 0, line = function->line;
        for (uint32_t k = 0; k < count; k++) {
            if (!read_line(reader, function, k == 0, &offset, &line, &function->lines[k])) {
                return false;
            }
        }
        function->line_count = count;
    }
    return true;
}

static bool read_info(ModuleReader *reader)
{
    Term *atoms = NULL;
    uint32_t count;
    bool is_fine = read_atom_table(reader, &atoms, &count) &&
                   read_term(reader, atoms, count, &reader->module->compile_info);
    mem_free(atoms);
    return is_fine;
}

static bool check_header(ModuleReader *reader, size_t size_bytes)
{
    const uint8_t *bytes = reader->start;
    uint32_t version, crc, size;
    if (!bytes_are_module(bytes, size_bytes)) {
        return refuse(reader, "this is not a module of Muster");
    }
    if (size_bytes < FILE_HEADER_BYTES) {
        return refuse(reader, "the file ends in its header");
    }
    memcpy(&version, bytes + 8, 4);
    memcpy(&crc, bytes + 12, 4);
    memcpy(&size, bytes + 16, 4);
    if (version != FILE_VERSION) {
        return refuse(reader, "version %u of the format; this machine reads version %u", version,
                      FILE_VERSION);
    }
    if (size != size_bytes) {
        return refuse(reader, "%zu bytes of %u are there", size_bytes, size);
    }
    if (crc32(0, bytes + FILE_CRC_FROM, (uInt) (size - FILE_CRC_FROM)) != crc) {
        return refuse(reader, "the checksum is wrong: the file is damaged");
    }
    reader->at += FILE_HEADER_BYTES;
    return true;
}

/* Head comes first, but speaks of tables that come later. */
typedef struct Head {
    uint32_t name, on_load;
} Head;

static bool read_head(ModuleReader *reader, Head *head)
{
    if (!read_number(reader, UINT32_MAX, "name of the module", &head->name) ||
        !read_number(reader, INT32_MAX, "on_load function", &head->on_load)) {
        return false;
    }
    if (reader->end - reader->at < 16) {
        return refuse(reader, "no digest");
    }
    memcpy(reader->module->digest, reader->at, 16);
    reader->at += 16;
    return true;
}

static bool apply_head(ModuleReader *reader, Head head)
{
    Module *module = reader->module;
    reader->section = SECTION_HEAD;
    reader->at = reader->start + FILE_HEADER_BYTES;
    if (head.name >= module->atom_count) {
        return refuse(reader, "the module has no name");
    }
    if (head.on_load > module->function_count ||
        (head.on_load > 0 && module->functions[head.on_load - 1].arity != 0)) {
        return refuse(reader, "no such on_load function");
    }
    module->name = module->atoms[head.name];
    module->on_load_function = (int32_t) head.on_load - 1;
    return true;
}

/* The section that may be missing. */
static bool skip_more(ModuleReader *reader, const uint8_t *file_end)
{
    uint32_t size;
    if (reader->at == file_end) {
        return true;
    }
    if (file_end - reader->at < 8 || memcmp(reader->at, more_section_name, 4) != 0) {
        return false;
    }
    memcpy(&size, reader->at + 4, sizeof size);
    return size == (size_t) (file_end - reader->at - 8);
}

static bool read_sections(ModuleReader *reader, const uint8_t *file_end)
{
    static bool (*const read[SECTION_COUNT])(ModuleReader *) = {
        [SECTION_ATOM] = read_atoms,   [SECTION_LITS] = read_literals,
        [SECTION_IMPO] = read_imports, [SECTION_FUNC] = read_functions,
        [SECTION_FUNS] = read_funs,    [SECTION_ATTR] = read_attributes,
        [SECTION_CODE] = read_code,    [SECTION_FILE] = read_files,
        [SECTION_LINE] = read_lines,   [SECTION_INFO] = read_info,
    };
    Head head = {0};
    for (Section section = 0; section < SECTION_COUNT; section++) {
        if (!begin_section(reader, file_end, section) ||
            !(section == SECTION_HEAD ? read_head(reader, &head) : read[section](reader)) ||
            !end_section(reader)) {
            return false;
        }
    }
    if (!skip_more(reader, file_end)) {
        return refuse(reader, "there is more after it");
    }
    return apply_head(reader, head);
}

Module *module_read(const uint8_t *bytes, size_t size_bytes, char *error, size_t error_bytes)
{
    ModuleReader reader = {.start = bytes, .at = bytes, .error = error, .error_bytes = error_bytes};
    if (error_bytes > 0) {
        error[0] = '\0';
    }
    if (!check_header(&reader, size_bytes)) {
        return NULL;
    }
    reader.module = module_create(ATOM_empty);
    /* Labels and lines take about this; more comes in blocks. */
    module_pool_reserve(reader.module, size_bytes);
    if (!read_sections(&reader, bytes + size_bytes)) {
        module_destroy(reader.module);
        return NULL;
    }
    return reader.module;
}
