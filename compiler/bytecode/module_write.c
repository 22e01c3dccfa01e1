/* compiler/bytecode/module_write.c
 * A module as a file (see file_format.h). Sections are written side by side, as the atom table is
 * known only when all else is. */
#include "compiler/bytecode/file_format.h"
#include "compiler/bytecode/md5.h"
#include "compiler/bytecode/module_internal.h"

#include <zlib.h>

const uint8_t file_magic[FILE_MAGIC_BYTES] = {0xAB, 'M', 'u', 's', 't', 'e', 'r', '\n'};
const char section_names[SECTION_COUNT][5] = {"Head", "Atom", "Lits", "Impo", "Func", "Funs",
                                              "Attr", "Code", "File", "Line", "Info"};
const char more_section_name[5] = "More";

/* ---- atoms of what is written ---- */

typedef struct AtomTable {
    Term *atoms;
    uint32_t count, capacity;
    TableIndex index;
    Term wanted; /* for the comparison */
} AtomTable;

static uint64_t table_atom_hash(const void *context, uint32_t position)
{
    return hash_mix(((const AtomTable *) context)->atoms[position]);
}

static bool table_atom_matches(const void *context, uint32_t position)
{
    const AtomTable *table = context;
    return table->atoms[position] == table->wanted;
}

static uint32_t atom_number(void *context, Term atom)
{
    AtomTable *table = context;
    table->wanted = atom;
    uint32_t at = table_index_find(&table->index, hash_mix(atom), table_atom_matches, table);
    if (at == UINT32_MAX) {
        if (table->count == table->capacity) {
            table->capacity = table->capacity < 32 ? 32 : table->capacity * 2;
            table->atoms = mem_realloc(table->atoms, table->capacity * sizeof(Term));
        }
        at = table->count++;
        table->atoms[at] = atom;
        table_index_add(&table->index, hash_mix(atom), at, table_atom_hash, table);
    }
    return at;
}

static void atom_table_finish(AtomTable *table)
{
    mem_free(table->atoms);
    table_index_finish(&table->index);
}

static void write_atoms(Bytes *out, const AtomTable *table)
{
    bytes_add_unsigned(out, table->count);
    for (uint32_t i = 0; i < table->count; i++) {
        size_t size = atom_name_bytes(table->atoms[i]);
        bytes_add_unsigned(out, size);
        bytes_add(out, atom_name(table->atoms[i]), size);
    }
}

bool module_can_hold(Term t)
{
    AtomTable atoms = {0};
    Bytes bytes = {0};
    bool can = terms_write(&bytes, t, atom_number, &atoms);
    mem_free(bytes.data);
    atom_table_finish(&atoms);
    return can;
}

/* ---- writing ---- */

typedef struct ModuleWriter {
    const Module *module;
    AtomTable atoms;
    Bytes sections[SECTION_COUNT];
    uint8_t digest[16];
} ModuleWriter;

static void write_term(ModuleWriter *writer, Section section, Term t)
{
    bool is_writable = terms_write(&writer->sections[section], t, atom_number, &writer->atoms);
    CHECK(is_writable);
}

static void write_function(ModuleWriter *writer, const ModuleFunction *function)
{
    Bytes *out = &writer->sections[SECTION_FUNC];
    bytes_add_unsigned(out, atom_number(&writer->atoms, function->name));
    bytes_add_unsigned(out, function->arity);
    bytes_add_unsigned(out, function->is_exported);
    bytes_add_unsigned(out, function->code_size);
    bytes_add_unsigned(out, function->label_count);
    for (uint32_t i = 0; i < function->label_count; i++) {
        bytes_add_unsigned(out, function->labels[i]);
    }
    bytes_add_unsigned(out, function->handler_count);
    for (uint32_t i = 0; i < function->handler_count; i++) {
        const ModuleHandler *handler = &function->handlers[i];
        bytes_add_unsigned(out, handler->start_label);
        bytes_add_unsigned(out, handler->end_label);
        bytes_add_unsigned(out, handler->target_label);
        bytes_add_unsigned(out, handler->depth);
    }
    bytes_add(&writer->sections[SECTION_CODE], writer->module->code + function->code_start,
              function->code_size);
}

static void write_lines(ModuleWriter *writer, const ModuleFunction *function)
{
    Bytes *out = &writer->sections[SECTION_LINE];
    bytes_add_unsigned(out, function->line);
    bytes_add_unsigned(out, function->line_count);
    uint32_t offset = 0, line = function->line;
    for (uint32_t i = 0; i < function->line_count; i++) {
        const ModuleLine *entry = &function->lines[i];
        bytes_add_unsigned(out, entry->offset - offset);
        bytes_add_signed(out, (int64_t) entry->line - line);
        bytes_add_unsigned(out, entry->file);
        offset = entry->offset;
        line = entry->line;
    }
}

static void write_tables(ModuleWriter *writer)
{
    const Module *module = writer->module;
    Bytes *out = &writer->sections[SECTION_LITS];
    bytes_add_unsigned(out, module->literal_count);
    for (uint32_t i = 0; i < module->literal_count; i++) {
        write_term(writer, SECTION_LITS, module->literals[i]);
    }
    out = &writer->sections[SECTION_IMPO];
    bytes_add_unsigned(out, module->import_count);
    for (uint32_t i = 0; i < module->import_count; i++) {
        bytes_add_unsigned(out, atom_number(&writer->atoms, module->imports[i].module));
        bytes_add_unsigned(out, atom_number(&writer->atoms, module->imports[i].function));
        bytes_add_unsigned(out, module->imports[i].arity);
    }
    bytes_add_unsigned(&writer->sections[SECTION_FUNC], module->function_count);
    for (uint32_t i = 0; i < module->function_count; i++) {
        write_function(writer, &module->functions[i]);
        write_lines(writer, &module->functions[i]);
    }
    out = &writer->sections[SECTION_FUNS];
    bytes_add_unsigned(out, module->fun_count);
    for (uint32_t i = 0; i < module->fun_count; i++) {
        bytes_add_unsigned(out, module->funs[i].function);
        bytes_add_unsigned(out, module->funs[i].free_count);
    }
    write_term(writer, SECTION_ATTR, module->attributes);
    bytes_add_unsigned(&writer->sections[SECTION_FILE], module->file_count);
    for (uint32_t i = 0; i < module->file_count; i++) {
        write_term(writer, SECTION_FILE, module->files[i]);
    }
}

static void write_info(ModuleWriter *writer)
{
    AtomTable atoms = {0};
    Bytes term = {0};
    if (!terms_write(&term, writer->module->compile_info, atom_number, &atoms)) {
        /* An option has a pid, fun … in it: no file can hold that. */
        term.size = 0;
        bool is_writable = terms_write(&term, TERM_NIL, atom_number, &atoms);
        CHECK(is_writable);
    }
    write_atoms(&writer->sections[SECTION_INFO], &atoms);
    bytes_add(&writer->sections[SECTION_INFO], term.data, term.size);
    mem_free(term.data);
    atom_table_finish(&atoms);
}

static void module_writer_run(ModuleWriter *writer, const Module *module)
{
    *writer = (ModuleWriter){.module = module};
    for (uint32_t i = 0; i < module->atom_count; i++) {
        atom_number(&writer->atoms, module->atoms[i]);
    }
    Bytes *head = &writer->sections[SECTION_HEAD];
    bytes_add_unsigned(head, atom_number(&writer->atoms, module->name));
    bytes_add_unsigned(head, (uint64_t) (module->on_load_function + 1));
    write_tables(writer);
    write_atoms(&writer->sections[SECTION_ATOM], &writer->atoms);
    Md5 md5;
    md5_init(&md5);
    md5_add(&md5, head->data, head->size);
    for (Section section = SECTION_ATOM; section <= SECTION_CODE; section++) {
        uint64_t size = writer->sections[section].size;
        md5_add(&md5, &size, sizeof size);
        md5_add(&md5, writer->sections[section].data, size);
    }
    md5_finish(&md5, writer->digest);
    bytes_add(head, writer->digest, sizeof writer->digest);
}

static void module_writer_finish(ModuleWriter *writer)
{
    atom_table_finish(&writer->atoms);
    for (Section section = 0; section < SECTION_COUNT; section++) {
        mem_free(writer->sections[section].data);
    }
}

void module_set_digest(Module *module)
{
    ModuleWriter writer;
    module_writer_run(&writer, module);
    memcpy(module->digest, writer.digest, sizeof module->digest);
    module_writer_finish(&writer);
}

static void put32(uint8_t *at, size_t value)
{
    uint32_t word = (uint32_t) value;
    memcpy(at, &word, sizeof word);
}

static void seal(uint8_t *file, size_t size)
{
    put32(file + 8, FILE_VERSION);
    put32(file + 16, size);
    put32(file + 12, crc32(0, file + FILE_CRC_FROM, (uInt) (size - FILE_CRC_FROM)));
}

/* Where the sections end that every file has; 0: it is no module's file. */
static size_t sections_end(const uint8_t *file, size_t file_bytes)
{
    if (file_bytes < FILE_HEADER_BYTES || memcmp(file, file_magic, FILE_MAGIC_BYTES) != 0) {
        return 0;
    }
    size_t at = FILE_HEADER_BYTES;
    for (Section section = 0; section < SECTION_COUNT; section++) {
        uint32_t size;
        if (file_bytes - at < 8 || memcmp(file + at, section_names[section], 4) != 0) {
            return 0;
        }
        memcpy(&size, file + at + 4, sizeof size);
        if (size > file_bytes - at - 8) {
            return 0;
        }
        at += 8 + size;
    }
    return at;
}

uint8_t *module_file_with(const uint8_t *file, size_t file_bytes, const uint8_t *more,
                          size_t more_bytes, size_t *size_bytes)
{
    size_t end = sections_end(file, file_bytes);
    if (end == 0 || more_bytes > UINT32_MAX - 8 - end) {
        return NULL;
    }
    *size_bytes = end + 8 + more_bytes;
    uint8_t *all = mem_try_alloc(*size_bytes);
    if (all == NULL) {
        return NULL;
    }
    memcpy(all, file, end);
    memcpy(all + end, more_section_name, 4);
    put32(all + end + 4, more_bytes);
    memcpy(all + end + 8, more, more_bytes);
    seal(all, *size_bytes);
    return all;
}

uint8_t *module_write(const Module *module, size_t *size_bytes)
{
    ModuleWriter writer;
    module_writer_run(&writer, module);
    write_info(&writer);
    Bytes file = {0};
    bytes_add(&file, file_magic, FILE_MAGIC_BYTES);
    bytes_reserve(&file, FILE_HEADER_BYTES - FILE_MAGIC_BYTES);
    file.size = FILE_HEADER_BYTES;
    for (Section section = 0; section < SECTION_COUNT; section++) {
        uint32_t size = (uint32_t) writer.sections[section].size;
        bytes_add(&file, section_names[section], 4);
        bytes_add(&file, &size, sizeof size);
        bytes_add(&file, writer.sections[section].data, size);
    }
    module_writer_finish(&writer);
    if (file.size > UINT32_MAX) {
        machine_stop("module %s is too large for a file", atom_name(module->name));
    }
    seal(file.data, file.size);
    *size_bytes = file.size;
    return file.data;
}
