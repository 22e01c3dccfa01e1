/* compiler/bytecode/disassemble.c
 * A module as assembly text: what compiler/asm reads back to the same module (see
 * compiler/asm/assemble.h for the language). Anything after a % is for the human reader.
 *
 * The code need not be verified: what cannot be decoded is shown as bytes. */
#include "compiler/bytecode/module_internal.h"
#include "runtime/term/bits.h"
#include "runtime/term/print.h"

#include <stdlib.h>

enum { LINE_COLUMNS = 96, COMMENT_COLUMN = 40, COMMENT_BYTES = 60 };

static const char *const segment_names[] = {"integer", "float", "bits",   "utf8",
                                            "utf16",   "utf32", "literal"};
static const char *const flag_names[] = {"little", "signed", "native", NULL, NULL, NULL, "sized"};
static_assert(BITS_LITTLE == 1 && BITS_SIGNED == 2 && BITS_NATIVE == 4 && SEGMENT_SIZED == 64,
              "flag_names has them by bit");

/* ---- names and terms ---- */

static void add_function_name(Text *out, Term name, uint32_t arity)
{
    atom_print(out, name);
    text_addf(out, "/%u", arity);
}

static void add_character(Text *out, uint32_t c)
{
    if (c == '"' || c == '\\') {
        text_addf(out, "\\%c", (char) c);
    } else if (c < ' ' || c == 0x7F) {
        text_addf(out, "\\x{%X}", c);
    } else {
        text_add_code_point(out, c);
    }
}

/* A list of characters as a string; any other term as such. */
static void add_string(Text *out, Term list)
{
    Term rest = list;
    for (; term_is_cons(rest); rest = cons_tail(rest)) {
        Term head = cons_head(rest);
        if (!term_is_small(head) || !code_point_is_valid(small_value(head))) {
            break;
        }
    }
    if (rest != TERM_NIL || list == TERM_NIL) {
        term_print(out, list, 0);
        return;
    }
    text_add_string(out, "\"");
    for (; term_is_cons(list); list = cons_tail(list)) {
        add_character(out, (uint32_t) small_value(cons_head(list)));
    }
    text_add_string(out, "\"");
}

/* ---- a function's code ---- */

typedef struct Listing {
    const Module *module;
    const ModuleFunction *function;
    Text *out;
    size_t line_start; /* in out */
    const uint8_t *at, *end;
    uint32_t *order; /* labels by offset */
    uint32_t next_label, next_line;
    Text comment;
} Listing;

static int label_compare(const void *a, const void *b, void *context)
{
    const uint32_t *labels = context;
    uint32_t left = *(const uint32_t *) a, right = *(const uint32_t *) b;
    if (labels[left] != labels[right]) {
        return labels[left] < labels[right] ? -1 : 1;
    }
    return left < right ? -1 : left > right;
}

static void add_comment(Listing *listing, Term t)
{
    term_print(&listing->comment, t, COMMENT_BYTES);
}

static void add_index(Listing *listing, uint64_t index)
{
    text_addf(listing->out, " #%llu", (unsigned long long) index);
}

static void add_atom(Listing *listing, uint64_t index)
{
    if (index < listing->module->atom_count) {
        text_add_string(listing->out, " ");
        atom_print(listing->out, listing->module->atoms[index]);
    } else {
        add_index(listing, index);
    }
}

static void add_import(Listing *listing, uint64_t index)
{
    if (index >= listing->module->import_count) {
        add_index(listing, index);
        return;
    }
    const ModuleImport *import = &listing->module->imports[index];
    text_add_string(listing->out, " ");
    atom_print(listing->out, import->module);
    text_add_string(listing->out, ":");
    add_function_name(listing->out, import->function, import->arity);
}

static void add_function(Listing *listing, uint64_t index)
{
    if (index >= listing->module->function_count) {
        add_index(listing, index);
        return;
    }
    const ModuleFunction *function = &listing->module->functions[index];
    text_add_string(listing->out, " ");
    add_function_name(listing->out, function->name, function->arity);
}

static void add_literal(Listing *listing, uint64_t index)
{
    add_index(listing, index);
    if (index < listing->module->literal_count) {
        add_comment(listing, listing->module->literals[index]);
    }
}

static void add_fun(Listing *listing, uint64_t index)
{
    add_index(listing, index);
    if (index < listing->module->fun_count) {
        const ModuleFunction *function =
            &listing->module->functions[listing->module->funs[index].function];
        add_function_name(&listing->comment, function->name, function->arity);
    }
}

static bool add_table(Listing *listing, char kind)
{
    uint64_t label, count, key;
    int64_t number;
    Text *out = listing->out;
    if (!code_read_unsigned(&listing->at, listing->end, &label) ||
        !code_read_unsigned(&listing->at, listing->end, &count) ||
        count > (size_t) (listing->end - listing->at) / 2) {
        return false;
    }
    text_addf(out, " else L%llu [", (unsigned long long) label);
    for (uint64_t i = 0; i < count; i++) {
        if (kind == 'I' ? !code_read_signed(&listing->at, listing->end, &number)
                        : !code_read_unsigned(&listing->at, listing->end, &key)) {
            return false;
        }
        if (!code_read_unsigned(&listing->at, listing->end, &label)) {
            return false;
        }
        text_add_string(out, count > 4 ? "\n       " : "");
        if (kind == 'A') {
            add_atom(listing, key);
        } else if (kind == 'I') {
            text_addf(out, " %lld", (long long) number);
        } else {
            text_addf(out, " %llu", (unsigned long long) key);
        }
        text_addf(out, " -> L%llu", (unsigned long long) label);
        text_add_string(out, i + 1 < count ? "," : " ");
    }
    text_add_string(out, "]");
    return true;
}

static void add_flags(Text *out, uint64_t flags)
{
    const char *between = "";
    for (unsigned i = 0; i < COUNT_OF(flag_names); i++) {
        if (((flags >> i) & 1) != 0 && flag_names[i] != NULL) {
            text_addf(out, "%s%s", between, flag_names[i]);
            between = "+";
            flags &= ~((uint64_t) 1 << i);
        }
    }
    if (flags != 0 || *between == '\0') {
        text_addf(out, "%s%llu", between, (unsigned long long) flags);
    }
}

static bool add_segments(Listing *listing)
{
    uint64_t count, type, unit, flags, literal;
    Text *out = listing->out;
    if (!code_read_unsigned(&listing->at, listing->end, &count)) {
        return false;
    }
    text_add_string(out, " [");
    for (uint64_t i = 0; i < count; i++) {
        if (!code_read_unsigned(&listing->at, listing->end, &type) ||
            !code_read_unsigned(&listing->at, listing->end, &unit) ||
            !code_read_unsigned(&listing->at, listing->end, &flags) ||
            type >= COUNT_OF(segment_names)) {
            return false;
        }
        text_addf(out, "%s unit %llu flags ", segment_names[type], (unsigned long long) unit);
        add_flags(out, flags);
        if (type == SEGMENT_LITERAL) {
            if (!code_read_unsigned(&listing->at, listing->end, &literal)) {
                return false;
            }
            text_add_string(&listing->comment, listing->comment.size_bytes > 0 ? ", " : "");
            add_literal(listing, literal);
        }
        text_add_string(out, i + 1 < count ? ", " : "");
    }
    text_add_string(out, "]");
    return true;
}

static bool add_operand(Listing *listing, char kind)
{
    Text *out = listing->out;
    uint64_t value;
    int64_t number;
    if (strchr("AIR", kind) != NULL) {
        return add_table(listing, kind);
    }
    if (kind == 'S') {
        return add_segments(listing);
    }
    if (kind == 's') {
        if (!code_read_signed(&listing->at, listing->end, &number)) {
            return false;
        }
        text_addf(out, " %lld", (long long) number);
        return true;
    }
    if (!code_read_unsigned(&listing->at, listing->end, &value)) {
        return false;
    }
    switch (kind) {
    case 'v':
        text_addf(out, " s%llu", (unsigned long long) value);
        break;
    case 'l':
        text_addf(out, " L%llu", (unsigned long long) value);
        break;
    case 'g':
        if (value == 0) {
            text_add_string(out, " -");
        } else {
            text_addf(out, " L%llu", (unsigned long long) value - 1);
        }
        break;
    case 'f':
        add_function(listing, value);
        break;
    case 'i':
        add_import(listing, value);
        break;
    case 'F':
        add_fun(listing, value);
        break;
    case 'a':
        add_atom(listing, value);
        break;
    case 'k':
        add_literal(listing, value);
        break;
    default:
        ASSERT(kind == 'n');
        text_addf(out, " %llu", (unsigned long long) value);
    }
    return true;
}

static void end_line(Listing *listing)
{
    Text *out = listing->out;
    if (listing->comment.size_bytes > 0) {
        size_t columns = out->size_bytes - listing->line_start;
        text_addf(out, "%*s %% ", columns < COMMENT_COLUMN ? (int) (COMMENT_COLUMN - columns) : 1,
                  "");
        text_add(out, listing->comment.bytes, listing->comment.size_bytes);
        listing->comment.size_bytes = 0;
    }
    text_add_string(out, "\n");
}

/* One instruction; what is none becomes bytes, up to the function's end. */
static void add_instruction(Listing *listing)
{
    Text *out = listing->out;
    const uint8_t *start = listing->at;
    size_t text_start = out->size_bytes;
    listing->line_start = text_start;
    bool is_decoded = *listing->at < OP_COUNT;
    if (is_decoded) {
        const OpcodeInfo *info = &opcode_info[*listing->at++];
        text_addf(out, "    %s", info->name);
        for (const char *kind = info->operands; *kind != '\0' && is_decoded; kind++) {
            is_decoded = add_operand(listing, *kind);
        }
    }
    if (!is_decoded) {
        out->size_bytes = text_start;
        listing->comment.size_bytes = 0;
        text_add_string(out, "    bytes");
        for (listing->at = start; listing->at < listing->end; listing->at++) {
            text_addf(out, " %u", *listing->at);
        }
    }
    end_line(listing);
}

static void add_places(Listing *listing, uint32_t offset)
{
    const ModuleFunction *function = listing->function;
    for (; listing->next_label < function->label_count; listing->next_label++) {
        uint32_t label = listing->order[listing->next_label];
        if (function->labels[label] > offset) {
            break;
        }
        text_addf(listing->out, "L%u:%s\n", label,
                  function->labels[label] == offset ? "" : " % lies inside the instruction above");
    }
    for (; listing->next_line < function->line_count; listing->next_line++) {
        const ModuleLine *line = &function->lines[listing->next_line];
        if (line->offset > offset) {
            break;
        }
        text_addf(listing->out, "    line %u", line->line);
        if (line->file != 0) {
            text_addf(listing->out, " file %u", line->file);
        }
        text_add_string(listing->out, "\n");
    }
}

static void add_code(const Module *module, const ModuleFunction *function, Text *out)
{
    Listing listing = {.module = module, .function = function, .out = out};
    listing.at = module->code + function->code_start;
    listing.end = listing.at + function->code_size;
    listing.order = mem_alloc(function->label_count * sizeof(uint32_t));
    for (uint32_t i = 0; i < function->label_count; i++) {
        listing.order[i] = i;
    }
    qsort_r(listing.order, function->label_count, sizeof(uint32_t), label_compare,
            function->labels);
    const uint8_t *start = listing.at;
    while (listing.at < listing.end) {
        add_places(&listing, (uint32_t) (listing.at - start));
        add_instruction(&listing);
    }
    add_places(&listing, UINT32_MAX);
    mem_free(listing.order);
    text_finish(&listing.comment);
}

static void add_whole_function(const Module *module, const ModuleFunction *function, Text *out)
{
    text_add_string(out, "\nfunction ");
    add_function_name(out, function->name, function->arity);
    if (function->is_exported) {
        text_add_string(out, " exported");
    }
    text_addf(out, " line %u\n", function->line);
    for (uint32_t i = 0; i < function->handler_count; i++) {
        const ModuleHandler *handler = &function->handlers[i];
        text_addf(out, "    handler L%u L%u to L%u depth %u\n", handler->start_label,
                  handler->end_label, handler->target_label, handler->depth);
    }
    add_code(module, function, out);
    text_add_string(out, "end\n");
}

/* ---- the tables ---- */

static void add_atoms(const Module *module, Text *out)
{
    size_t line_start = 0;
    for (uint32_t i = 0; i < module->atom_count; i++) {
        if (line_start == 0 || out->size_bytes - line_start > LINE_COLUMNS - 16) {
            text_add_string(out, line_start == 0 ? "atoms" : "\natoms");
            line_start = out->size_bytes;
        }
        text_add_string(out, " ");
        atom_print(out, module->atoms[i]);
    }
    text_add_string(out, line_start == 0 ? "" : "\n");
}

static void add_tables(const Module *module, Text *out)
{
    for (uint32_t i = 0; i < module->file_count; i++) {
        text_add_string(out, "file ");
        add_string(out, module->files[i]);
        text_add_string(out, "\n");
    }
    add_atoms(module, out);
    for (uint32_t i = 0; i < module->import_count; i++) {
        const ModuleImport *import = &module->imports[i];
        text_add_string(out, "import ");
        atom_print(out, import->module);
        text_add_string(out, ":");
        add_function_name(out, import->function, import->arity);
        text_add_string(out, "\n");
    }
    for (uint32_t i = 0; i < module->literal_count; i++) {
        text_addf(out, "literal #%u ", i);
        term_print(out, module->literals[i], 0);
        text_add_string(out, "\n");
    }
    for (uint32_t i = 0; i < module->fun_count; i++) {
        const ModuleFunction *function = &module->functions[module->funs[i].function];
        text_addf(out, "fun #%u ", i);
        add_function_name(out, function->name, function->arity);
        text_addf(out, " free %u\n", module->funs[i].free_count);
    }
}

void module_disassemble(const Module *module, Text *out)
{
    text_add_string(out, "module ");
    atom_print(out, module->name);
    text_add_string(out, "\n");
    if (module->on_load_function >= 0) {
        const ModuleFunction *function = &module->functions[module->on_load_function];
        text_add_string(out, "on_load ");
        add_function_name(out, function->name, function->arity);
        text_add_string(out, "\n");
    }
    text_add_string(out, "attributes ");
    term_print(out, module->attributes, 0);
    text_add_string(out, "\ncompile ");
    term_print(out, module->compile_info, 0);
    text_add_string(out, "\n");
    add_tables(module, out);
    for (uint32_t i = 0; i < module->function_count; i++) {
        add_whole_function(module, &module->functions[i], out);
    }
}
