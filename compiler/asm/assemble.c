/* compiler/asm/assemble.c
 * Assembly text to a module. The functions are declared by a first look at the lines that begin
 * with `function`, so that calls may name those that come later; then the text is read once, each
 * statement doing its work at once. */
#include "compiler/asm/assemble.h"

#include "compiler/asm/token.h"
#include "compiler/bytecode/module_internal.h"
#include "runtime/term/arith.h"
#include "runtime/term/bits.h"

#include <stdio.h>

enum { MAX_ARITY = 255, PLAIN_OPERANDS_MAX = 4 };

typedef struct LabelUse {
    bool is_placed;
    const char *used_from; /* the first use; NULL: none */
    const char *used_line_start;
    uint32_t used_line;
} LabelUse;

typedef struct Assembler {
    Lexer lexer;
    Module *module;
    Emitter *emitter;
    TableIndex functions; /* by name and arity */
    bool *is_defined;     /* by function */
    LabelUse *labels;
    uint32_t label_count, label_capacity;
    uint32_t label_max; /* a text has no more labels than characters */
} Assembler;

/* ---- small parts ---- */

static uint64_t number(Assembler *assembler, uint64_t max, const char *what)
{
    Lexer *lexer = &assembler->lexer;
    uint64_t value = 0;
    if (lexer->kind != TOKEN_NUMBER || !term_to_uint64(lexer->value, &value) || value > max) {
        lexer_expected(lexer, what);
        return 0;
    }
    lexer_next(lexer);
    return value;
}

/* The number after a letter: of L12 or s3. */
static uint64_t lettered(Assembler *assembler, TokenKind kind, char letter, uint64_t max,
                         const char *what)
{
    Lexer *lexer = &assembler->lexer;
    uint64_t value = 0;
    bool is_fine = lexer->kind == kind && lexer->size_bytes > 1 && lexer->size_bytes <= 20 &&
                   *lexer->from == letter;
    for (size_t i = 1; is_fine && i < lexer->size_bytes; i++) {
        char c = lexer->from[i];
        is_fine = c >= '0' && c <= '9' && value <= (UINT64_MAX - 9) / 10;
        value = value * 10 + (uint64_t) (c - '0');
    }
    if (!is_fine || value > max) {
        lexer_expected(lexer, what);
        return 0;
    }
    lexer_next(lexer);
    return value;
}

static uint32_t label(Assembler *assembler)
{
    Lexer *lexer = &assembler->lexer;
    const char *from = lexer->from, *line_start = lexer->from_line_start;
    uint32_t line = lexer->from_line;
    uint32_t index =
        (uint32_t) lettered(assembler, TOKEN_NAME, 'L', assembler->label_max, "a label");
    if (lexer->has_error) {
        return 0;
    }
    while (assembler->label_count <= index) {
        if (assembler->label_count == assembler->label_capacity) {
            assembler->label_capacity =
                assembler->label_capacity < 16 ? 16 : assembler->label_capacity * 2;
            assembler->labels =
                mem_realloc(assembler->labels, assembler->label_capacity * sizeof(LabelUse));
        }
        assembler->labels[assembler->label_count] = (LabelUse){0};
        emit_new_label(assembler->emitter);
        assembler->label_count++;
    }
    LabelUse *use = &assembler->labels[index];
    if (use->used_from == NULL) {
        *use = (LabelUse){use->is_placed, from, line_start, line};
    }
    return index;
}

typedef struct FunctionKey {
    const Module *module;
    Term name;
    uint32_t arity;
} FunctionKey;

static uint64_t function_hash(Term name, uint32_t arity)
{
    return hash_mix(name ^ arity);
}

static uint64_t function_entry_hash(const void *context, uint32_t position)
{
    const ModuleFunction *function = &((const FunctionKey *) context)->module->functions[position];
    return function_hash(function->name, function->arity);
}

static bool function_entry_matches(const void *context, uint32_t position)
{
    const FunctionKey *key = context;
    const ModuleFunction *function = &key->module->functions[position];
    return function->name == key->name && function->arity == key->arity;
}

/* NAME/ARITY as a function of the module. `declares`: a new one is fine. */
static uint32_t function_name(Assembler *assembler, bool declares)
{
    Lexer *lexer = &assembler->lexer;
    Lexer start = *lexer;
    FunctionKey key = {.module = assembler->module, .name = lexer_atom(lexer)};
    lexer_expect(lexer, TOKEN_SYMBOL, "/");
    key.arity = (uint32_t) number(assembler, MAX_ARITY, "an arity of 0 to 255");
    if (lexer->has_error) {
        return 0;
    }
    uint64_t hash = function_hash(key.name, key.arity);
    uint32_t index = table_index_find(&assembler->functions, hash, function_entry_matches, &key);
    if (index == UINT32_MAX && declares) {
        index = module_declare(assembler->module, key.name, key.arity);
        table_index_add(&assembler->functions, hash, index, function_entry_hash, &key);
    } else if (index == UINT32_MAX) {
        *lexer = start;
        lexer_error(lexer, "there is no function %s/%u", atom_name(key.name), key.arity);
        return 0;
    }
    return index;
}

/* MODULE:NAME/ARITY */
static ModuleImport import_name(Assembler *assembler)
{
    Lexer *lexer = &assembler->lexer;
    ModuleImport import = {.module = lexer_atom(lexer)};
    lexer_expect(lexer, TOKEN_SYMBOL, ":");
    import.function = lexer_atom(lexer);
    lexer_expect(lexer, TOKEN_SYMBOL, "/");
    import.arity = (uint32_t) number(assembler, MAX_ARITY, "an arity of 0 to 255");
    return import;
}

/* ---- operands ---- */

static bool index_operand(Lexer *lexer, uint64_t *out)
{
    if (lexer->kind != TOKEN_INDEX) {
        return false;
    }
    *out = lexer->index;
    lexer_next(lexer);
    return true;
}

static uint64_t literal_operand(Assembler *assembler)
{
    uint64_t index;
    if (index_operand(&assembler->lexer, &index)) {
        return index;
    }
    Term literal = lexer_term(&assembler->lexer);
    return literal == TERM_NONE ? 0 : module_literal(assembler->module, literal);
}

static int64_t signed_operand(Assembler *assembler)
{
    Lexer *lexer = &assembler->lexer;
    int64_t value = 0;
    if (lexer->kind != TOKEN_NUMBER || !term_to_int64(lexer->value, &value)) {
        lexer_expected(lexer, "an integer of 64 bits");
        return 0;
    }
    lexer_next(lexer);
    return value;
}

static uint64_t atom_operand(Assembler *assembler)
{
    uint64_t index;
    if (index_operand(&assembler->lexer, &index)) {
        return index;
    }
    Term atom = lexer_atom(&assembler->lexer);
    return atom == TERM_NONE ? 0 : module_atom(assembler->module, atom);
}

static uint64_t import_operand(Assembler *assembler)
{
    uint64_t index;
    if (index_operand(&assembler->lexer, &index)) {
        return index;
    }
    ModuleImport import = import_name(assembler);
    return assembler->lexer.has_error
               ? 0
               : module_import(assembler->module, import.module, import.function, import.arity);
}

static uint64_t plain_operand(Assembler *assembler, char kind)
{
    Lexer *lexer = &assembler->lexer;
    uint64_t index;
    switch (kind) {
    case 'v':
        return lettered(assembler, TOKEN_WORD, 's', UINT64_MAX, "a slot such as s0");
    case 'l':
        return label(assembler);
    case 'g':
        if (lexer_accept(lexer, TOKEN_SYMBOL, "-")) {
            return 0;
        }
        return (uint64_t) label(assembler) + 1;
    case 'n':
        return number(assembler, UINT64_MAX, "a number");
    case 'f':
        return index_operand(lexer, &index) ? index : function_name(assembler, false);
    case 'i':
        return import_operand(assembler);
    case 'F':
        if (!index_operand(lexer, &index)) {
            lexer_expected(lexer, "a fun such as #0");
            return 0;
        }
        return index;
    case 'a':
        return atom_operand(assembler);
    case 'k':
        return literal_operand(assembler);
    default:
        ASSERT(kind == 's');
        return (uint64_t) signed_operand(assembler);
    }
}

/* ---- switches ---- */

typedef struct Cases {
    int64_t *keys;
    uint32_t *labels;
    uint32_t count, capacity;
} Cases;

static void add_case(Cases *cases, int64_t key, uint32_t label)
{
    if (cases->count == cases->capacity) {
        cases->capacity = cases->capacity < 8 ? 8 : cases->capacity * 2;
        cases->keys = mem_realloc(cases->keys, cases->capacity * sizeof *cases->keys);
        cases->labels = mem_realloc(cases->labels, cases->capacity * sizeof *cases->labels);
    }
    cases->keys[cases->count] = key;
    cases->labels[cases->count++] = label;
}

static void switch_instruction(Assembler *assembler, Opcode op)
{
    Lexer *lexer = &assembler->lexer;
    Cases cases = {0};
    uint32_t slot =
        (uint32_t) lettered(assembler, TOKEN_WORD, 's', UINT32_MAX, "a slot such as s0");
    lexer_expect(lexer, TOKEN_WORD, "else");
    uint32_t otherwise = label(assembler);
    lexer_expect(lexer, TOKEN_SYMBOL, "[");
    if (!lexer_is(lexer, TOKEN_SYMBOL, "]")) {
        do {
            int64_t key = op == OP_switch_int ? signed_operand(assembler)
                          : op == OP_switch_atom
                              ? (int64_t) atom_operand(assembler)
                              : (int64_t) number(assembler, INT64_MAX, "an arity");
            lexer_expect(lexer, TOKEN_SYMBOL, "->");
            add_case(&cases, key, label(assembler));
        } while (lexer_accept(lexer, TOKEN_SYMBOL, ","));
    }
    lexer_expect(lexer, TOKEN_SYMBOL, "]");
    if (!lexer->has_error) {
        emit_switch(assembler->emitter, op, slot, otherwise, cases.keys, cases.labels, cases.count);
    }
    mem_free(cases.keys);
    mem_free(cases.labels);
}

/* ---- bs_build ---- */

static SegmentType segment_type(Lexer *lexer)
{
    static const char *const names[] = {"integer", "float", "bits",   "utf8",
                                        "utf16",   "utf32", "literal"};
    static_assert(COUNT_OF(names) == SEGMENT_LITERAL + 1, "in the order of SegmentType");
    for (unsigned i = 0; i < COUNT_OF(names); i++) {
        if (lexer_accept(lexer, TOKEN_WORD, names[i])) {
            return (SegmentType) i;
        }
    }
    lexer_expected(lexer, "a type of segment");
    return SEGMENT_INTEGER;
}

static uint32_t segment_flags(Assembler *assembler)
{
    static const struct {
        const char *name;
        uint32_t flag;
    } names[] = {{"little", BITS_LITTLE},
                 {"signed", BITS_SIGNED},
                 {"native", BITS_NATIVE},
                 {"sized", SEGMENT_SIZED}};
    Lexer *lexer = &assembler->lexer;
    uint32_t flags = 0;
    do {
        unsigned i = 0;
        while (i < COUNT_OF(names) && !lexer_accept(lexer, TOKEN_WORD, names[i].name)) {
            i++;
        }
        flags |=
            i < COUNT_OF(names) ? names[i].flag : (uint32_t) number(assembler, UINT32_MAX, "flags");
    } while (lexer_accept(lexer, TOKEN_SYMBOL, "+"));
    return flags;
}

static Segment segment(Assembler *assembler)
{
    Lexer *lexer = &assembler->lexer;
    Segment segment = {.type = segment_type(lexer)};
    lexer_expect(lexer, TOKEN_WORD, "unit");
    segment.unit = (uint32_t) number(assembler, UINT32_MAX, "a unit");
    lexer_expect(lexer, TOKEN_WORD, "flags");
    segment.flags = segment_flags(assembler);
    if (segment.type == SEGMENT_LITERAL) {
        segment.literal = (uint32_t) literal_operand(assembler);
    }
    return segment;
}

static void bs_build_instruction(Assembler *assembler)
{
    Lexer *lexer = &assembler->lexer;
    Segment *segments = NULL;
    uint32_t count = 0, capacity = 0;
    lexer_expect(lexer, TOKEN_SYMBOL, "[");
    if (!lexer_is(lexer, TOKEN_SYMBOL, "]")) {
        do {
            if (count == capacity) {
                capacity = capacity < 8 ? 8 : capacity * 2;
                segments = mem_realloc(segments, capacity * sizeof *segments);
            }
            segments[count++] = segment(assembler);
        } while (lexer_accept(lexer, TOKEN_SYMBOL, ","));
    }
    lexer_expect(lexer, TOKEN_SYMBOL, "]");
    uint64_t guard = plain_operand(assembler, 'g');
    if (!lexer->has_error) {
        emit_bs_build(assembler->emitter, segments, count, (uint32_t) guard);
    }
    mem_free(segments);
}

/* ---- statements of a function ---- */

static Opcode find_opcode(const Lexer *lexer)
{
    for (Opcode op = 0; op < OP_COUNT; op++) {
        const char *name = opcode_info[op].name;
        if (*name == *lexer->from && lexer_is(lexer, TOKEN_WORD, name)) {
            return op;
        }
    }
    return OP_COUNT;
}

static void instruction(Assembler *assembler)
{
    Lexer *lexer = &assembler->lexer;
    Opcode op = lexer->kind == TOKEN_WORD ? find_opcode(lexer) : OP_COUNT;
    if (op == OP_COUNT) {
        lexer_expected(lexer, "an instruction, a label or `end`");
        return;
    }
    lexer_next(lexer);
    if (op == OP_switch_atom || op == OP_switch_int || op == OP_switch_arity) {
        switch_instruction(assembler, op);
    } else if (op == OP_bs_build) {
        bs_build_instruction(assembler);
    } else {
        uint64_t operands[PLAIN_OPERANDS_MAX];
        const char *kinds = opcode_info[op].operands;
        unsigned count = 0;
        for (; kinds[count] != '\0'; count++) {
            CHECK(count < PLAIN_OPERANDS_MAX);
            operands[count] = plain_operand(assembler, kinds[count]);
        }
        if (!lexer->has_error) {
            emit_operands(assembler->emitter, op, operands, count);
        }
    }
}

static void bytes_statement(Assembler *assembler)
{
    Lexer *lexer = &assembler->lexer;
    while (lexer->kind == TOKEN_NUMBER) {
        uint8_t byte = (uint8_t) number(assembler, 255, "a byte");
        emit_raw(assembler->emitter, &byte, 1);
    }
}

static void line_statement(Assembler *assembler)
{
    Lexer *lexer = &assembler->lexer;
    uint32_t line = (uint32_t) number(assembler, INT32_MAX, "a line number"), file = 0;
    if (lexer_accept(lexer, TOKEN_WORD, "file")) {
        uint32_t max = assembler->module->file_count;
        file = (uint32_t) number(assembler, max == 0 ? 0 : max - 1, "the number of a file above");
    }
    if (!lexer->has_error) {
        emit_line(assembler->emitter, file, line);
    }
}

static void handler_statement(Assembler *assembler)
{
    Lexer *lexer = &assembler->lexer;
    ModuleHandler handler;
    handler.start_label = label(assembler);
    handler.end_label = label(assembler);
    lexer_expect(lexer, TOKEN_WORD, "to");
    handler.target_label = label(assembler);
    lexer_expect(lexer, TOKEN_WORD, "depth");
    handler.depth = (uint32_t) number(assembler, UINT32_MAX, "a depth");
    if (!lexer->has_error) {
        emit_handler(assembler->emitter, handler);
    }
}

static void label_statement(Assembler *assembler)
{
    Lexer *lexer = &assembler->lexer;
    Lexer start = *lexer;
    uint32_t index = label(assembler);
    if (lexer->has_error) {
        return;
    }
    LabelUse *use = &assembler->labels[index];
    if (use->is_placed) {
        *lexer = start;
        lexer_error(lexer, "label L%u is already placed", index);
        return;
    }
    use->is_placed = true;
    if (lexer_expect(lexer, TOKEN_SYMBOL, ":")) {
        emit_label(assembler->emitter, index);
    }
}

static void end_statement_line(Lexer *lexer)
{
    if (lexer->kind != TOKEN_NEWLINE && lexer->kind != TOKEN_END) {
        lexer_expected(lexer, "the end of the line");
    }
}

static void skip_newlines(Lexer *lexer)
{
    while (lexer->kind == TOKEN_NEWLINE) {
        lexer_next(lexer);
    }
}

/* Every label that something refers to must be somewhere. */
static void check_labels(Assembler *assembler)
{
    Lexer *lexer = &assembler->lexer;
    for (uint32_t i = 0; i < assembler->label_count; i++) {
        const LabelUse *use = &assembler->labels[i];
        if (!use->is_placed && use->used_from != NULL) {
            lexer->from = use->used_from;
            lexer->from_line_start = use->used_line_start;
            lexer->from_line = use->used_line;
            lexer_error(lexer, "label L%u is nowhere in this function", i);
        }
    }
}

/* After `function`. */
static void function_statement(Assembler *assembler)
{
    Lexer *lexer = &assembler->lexer;
    Lexer start = *lexer;
    uint32_t index = function_name(assembler, false);
    if (lexer->has_error) {
        return;
    }
    ModuleFunction *function = &assembler->module->functions[index];
    if (assembler->is_defined[index]) {
        *lexer = start;
        lexer_error(lexer, "function %s/%u is already there", atom_name(function->name),
                    function->arity);
        return;
    }
    assembler->is_defined[index] = true;
    function->is_exported = lexer_accept(lexer, TOKEN_WORD, "exported");
    if (lexer_accept(lexer, TOKEN_WORD, "line")) {
        function->line = (uint32_t) number(assembler, INT32_MAX, "a line number");
    }
    end_statement_line(lexer);
    emit_begin(assembler->emitter, index);
    assembler->label_count = 0;
    for (;;) {
        skip_newlines(lexer);
        if (lexer->has_error || lexer_accept(lexer, TOKEN_WORD, "end")) {
            break;
        }
        if (lexer->kind == TOKEN_NAME) {
            label_statement(assembler);
            continue; /* an instruction may follow on the line */
        }
        if (lexer_accept(lexer, TOKEN_WORD, "handler")) {
            handler_statement(assembler);
        } else if (lexer_accept(lexer, TOKEN_WORD, "line")) {
            line_statement(assembler);
        } else if (lexer_accept(lexer, TOKEN_WORD, "bytes")) {
            bytes_statement(assembler);
        } else {
            instruction(assembler);
        }
        end_statement_line(lexer);
    }
    if (!lexer->has_error) {
        check_labels(assembler);
    }
    if (!lexer->has_error) {
        emit_end(assembler->emitter);
    }
}

/* ---- statements of the module ---- */

/* #N, where N must be `next`. */
static void table_number(Assembler *assembler, uint32_t next)
{
    Lexer *lexer = &assembler->lexer;
    if (lexer->kind != TOKEN_INDEX || lexer->index != next) {
        char what[32];
        snprintf(what, sizeof what, "#%u", next);
        lexer_expected(lexer, what);
        return;
    }
    lexer_next(lexer);
}

static void atoms_statement(Assembler *assembler)
{
    Lexer *lexer = &assembler->lexer;
    while (lexer->kind == TOKEN_WORD || lexer->kind == TOKEN_QUOTED) {
        Lexer start = *lexer;
        uint32_t count = assembler->module->atom_count;
        Term atom = lexer_atom(lexer);
        if (atom == TERM_NONE) {
            return;
        }
        module_atom(assembler->module, atom);
        if (assembler->module->atom_count == count) {
            *lexer = start;
            lexer_error(lexer, "the atom is already there");
        }
    }
}

static void import_statement(Assembler *assembler)
{
    Lexer *lexer = &assembler->lexer;
    Lexer start = *lexer;
    uint32_t count = assembler->module->import_count;
    ModuleImport import = import_name(assembler);
    if (!lexer->has_error) {
        module_import(assembler->module, import.module, import.function, import.arity);
        if (assembler->module->import_count == count) {
            *lexer = start;
            lexer_error(lexer, "the import is already there");
        }
    }
}

static void file_statement(Assembler *assembler)
{
    Lexer *lexer = &assembler->lexer;
    if (lexer->kind != TOKEN_STRING && !lexer_is(lexer, TOKEN_SYMBOL, "[")) {
        lexer_expected(lexer, "a string");
        return;
    }
    Lexer start = *lexer;
    Term name = lexer_term(lexer);
    if (name == TERM_NONE) {
        return;
    }
    Term rest = name;
    while (term_is_cons(rest) && term_is_small(cons_head(rest)) &&
           code_point_is_valid(small_value(cons_head(rest)))) {
        rest = cons_tail(rest);
    }
    if (rest != TERM_NIL) {
        *lexer = start;
        lexer_expected(lexer, "a string");
        return;
    }
    module_append_file(assembler->module, name);
}

static void fun_statement(Assembler *assembler)
{
    Lexer *lexer = &assembler->lexer;
    table_number(assembler, assembler->module->fun_count);
    uint32_t function = function_name(assembler, false);
    lexer_expect(lexer, TOKEN_WORD, "free");
    if (!lexer->has_error) {
        uint32_t free_count =
            (uint32_t) number(assembler, assembler->module->functions[function].arity,
                              "a count up to the function's arity");
        module_fun(assembler->module, function, free_count);
    }
}

static void on_load_statement(Assembler *assembler)
{
    Lexer *lexer = &assembler->lexer;
    Lexer start = *lexer;
    uint32_t function = function_name(assembler, false);
    if (!lexer->has_error) {
        if (assembler->module->functions[function].arity != 0) {
            *lexer = start;
            lexer_expected(lexer, "a function of no arguments");
        }
        assembler->module->on_load_function = (int32_t) function;
    }
}

static void term_statement(Assembler *assembler, Term *out)
{
    Term t = lexer_term(&assembler->lexer);
    if (t != TERM_NONE) {
        *out = t;
    }
}

static void module_statement(Assembler *assembler)
{
    Lexer *lexer = &assembler->lexer;
    Module *module = assembler->module;
    if (lexer_accept(lexer, TOKEN_WORD, "function")) {
        function_statement(assembler);
    } else if (lexer_accept(lexer, TOKEN_WORD, "atoms")) {
        atoms_statement(assembler);
    } else if (lexer_accept(lexer, TOKEN_WORD, "import")) {
        import_statement(assembler);
    } else if (lexer_accept(lexer, TOKEN_WORD, "literal")) {
        table_number(assembler, module->literal_count);
        Term literal = lexer_term(lexer);
        if (literal != TERM_NONE) {
            module_append_literal(module, literal);
        }
    } else if (lexer_accept(lexer, TOKEN_WORD, "file")) {
        file_statement(assembler);
    } else if (lexer_accept(lexer, TOKEN_WORD, "fun")) {
        fun_statement(assembler);
    } else if (lexer_accept(lexer, TOKEN_WORD, "attributes")) {
        term_statement(assembler, &module->attributes);
    } else if (lexer_accept(lexer, TOKEN_WORD, "compile")) {
        term_statement(assembler, &module->compile_info);
    } else if (lexer_accept(lexer, TOKEN_WORD, "on_load")) {
        on_load_statement(assembler);
    } else {
        lexer_expected(lexer, "`function`, or another word that begins a line");
    }
    end_statement_line(lexer);
}

/* Declares the functions of all lines that begin with `function`; what is wrong with one is found
 * again, and told, when its line is read. */
static void declare_functions(Assembler *assembler)
{
    static const char word[] = "function ";
    const char *end = assembler->lexer.end;
    Lexer saved = assembler->lexer;
    AssembleError ignored;
    for (const char *line = assembler->lexer.start; line < end;) {
        if ((size_t) (end - line) > sizeof word && memcmp(line, word, sizeof word - 1) == 0) {
            lexer_init(&assembler->lexer, line + sizeof word - 1,
                       (size_t) (end - line) - (sizeof word - 1), saved.space, &ignored);
            lexer_next(&assembler->lexer);
            function_name(assembler, true);
        }
        const char *newline = memchr(line, '\n', (size_t) (end - line));
        line = newline == NULL ? end : newline + 1;
    }
    assembler->lexer = saved;
    assembler->is_defined = mem_alloc_zero(assembler->module->function_count + 1);
}

static void read_text(Assembler *assembler)
{
    Lexer *lexer = &assembler->lexer;
    lexer_next(lexer);
    skip_newlines(lexer);
    if (!lexer_expect(lexer, TOKEN_WORD, "module")) {
        return;
    }
    Term name = lexer_atom(lexer);
    if (name == TERM_NONE) {
        return;
    }
    assembler->module->name = name;
    end_statement_line(lexer);
    declare_functions(assembler);
    for (skip_newlines(lexer); lexer->kind != TOKEN_END && !lexer->has_error;
         skip_newlines(lexer)) {
        module_statement(assembler);
    }
    for (uint32_t i = 0; i < assembler->module->function_count && !lexer->has_error; i++) {
        const ModuleFunction *function = &assembler->module->functions[i];
        if (!assembler->is_defined[i]) {
            lexer_error(lexer, "function %s/%u is declared inside of something else",
                        atom_name(function->name), function->arity);
        }
    }
}

Module *assemble(const char *text, size_t size_bytes, AssembleError *error)
{
    Assembler assembler = {.module = module_create(ATOM_empty)};
    assembler.label_max = size_bytes < UINT32_MAX - 1 ? (uint32_t) size_bytes : UINT32_MAX - 1;
    assembler.emitter = emitter_create(assembler.module);
    lexer_init(&assembler.lexer, text, size_bytes, arena_space(assembler.module->arena), error);
    read_text(&assembler);
    bool has_error = assembler.lexer.has_error;
    emitter_destroy(assembler.emitter);
    table_index_finish(&assembler.functions);
    mem_free(assembler.labels);
    mem_free(assembler.is_defined);
    if (has_error) {
        module_destroy(assembler.module);
        return NULL;
    }
    module_set_digest(assembler.module);
    return assembler.module;
}
