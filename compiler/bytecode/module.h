/* compiler/bytecode/module.h
 * A compiled module: what the front ends produce, files hold, the assembler writes, the
 * disassembler shows and the loader verifies and takes. One portable format (see
 * docs/BYTECODE.md, generated from runtime/term/opcodes.def).
 *
 * In memory all tables are arrays owned by the Module; literals lie in its arena. */
#ifndef MUSTER_COMPILER_BYTECODE_MODULE_H
#define MUSTER_COMPILER_BYTECODE_MODULE_H

#include "runtime/term/atom.h"
#include "runtime/term/space.h"

typedef enum Opcode {
#define OPCODE(name, operands, pops, pushes, may, doc) OP_##name,
#include "runtime/term/opcodes.def"
#undef OPCODE
    OP_COUNT
} Opcode;

/* Segment types of bs_build. Flags are BITS_LITTLE … of runtime/term/bits.h, and SEGMENT_SIZED. */
typedef enum SegmentType {
    SEGMENT_INTEGER, /* sized, or 8 bits */
    SEGMENT_FLOAT,   /* sized, or 64 bits */
    SEGMENT_BITS,    /* sized, or all of it (then the unit is what its size must divide into) */
    SEGMENT_UTF8,
    SEGMENT_UTF16,
    SEGMENT_UTF32,
    SEGMENT_LITERAL, /* pops nothing: the bits of a literal */
} SegmentType;
enum { SEGMENT_SIZED = 64 };

typedef struct ModuleImport {
    Term module, function;
    uint32_t arity;
} ModuleImport;

typedef struct ModuleHandler { /* code from start up to end raises to target, at this depth */
    uint32_t start_label, end_label, target_label, depth;
} ModuleHandler;

typedef struct ModuleLine { /* from this code offset on: file and line (0: none) */
    uint32_t offset, file, line;
} ModuleLine;

typedef struct ModuleFunction {
    Term name;
    uint32_t arity; /* parameters, captured values of a fun included (they come last) */
    bool is_exported;
    uint32_t code_start, code_size; /* bytes in Module.code */
    uint32_t *labels;               /* offset of each label from code_start */
    uint32_t label_count;
    ModuleHandler *handlers; /* innermost first */
    uint32_t handler_count;
    ModuleLine *lines; /* by offset */
    uint32_t line_count;
    uint32_t line; /* of its first clause */
} ModuleFunction;

typedef struct ModuleFun { /* a fun expression, or `fun f/a` */
    uint32_t function;     /* index of the lifted function */
    uint32_t free_count;
} ModuleFun;

typedef struct Module {
    Term name;
    Term *atoms;
    uint32_t atom_count;
    Term *literals;
    uint32_t literal_count;
    ModuleImport *imports;
    uint32_t import_count;
    ModuleFunction *functions;
    uint32_t function_count;
    ModuleFun *funs;
    uint32_t fun_count;
    Term *files; /* names of source files, as lists of characters; index 0: the module's own */
    uint32_t file_count;
    Term attributes;    /* list of {Name, Values}, as module_info(attributes) */
    Term compile_info;  /* as module_info(compile) */
    uint8_t digest[16]; /* MD5 of what decides its behaviour: module_info(md5), fun uniq */
    uint8_t *code;
    uint32_t code_size;
    int32_t on_load_function; /* index, or -1 */
    ArenaSpace *arena;        /* literals, files, attributes */
} Module;

Module *module_create(Term name);
void module_destroy(Module *module); /* NULL is allowed */
/* Sets `digest`: once the module is complete, before it is loaded without having been a file. */
void module_set_digest(Module *module);

/* ---- making one ---- */
/* Literals and attributes may hold this: no pids, references, local funs. */
bool module_can_hold(Term t);
uint32_t module_atom(Module *module, Term atom);       /* index; the same for the same atom */
uint32_t module_literal(Module *module, Term literal); /* copied in; equal ones (=:=) are shared */
uint32_t module_import(Module *module, Term mod, Term function, uint32_t arity);
uint32_t module_file(Module *module, const char *utf8_name);
/* Reserves the index of a function whose code comes later (calls may refer to it at once). */
uint32_t module_declare(Module *module, Term name, uint32_t arity);
uint32_t module_fun(Module *module, uint32_t function, uint32_t free_count);

/* Emits the code of one function at a time. Labels are made first and placed later. */
typedef struct Emitter Emitter;
Emitter *emitter_create(Module *module);
void emitter_destroy(Emitter *emitter);
void emit_begin(Emitter *emitter, uint32_t function);
void emit_end(Emitter *emitter);
uint32_t emit_new_label(Emitter *emitter);
void emit_label(Emitter *emitter, uint32_t label);
/* Guard operands are 0 or label + 1. Signed operands are given as they are, cast to uint64_t. */
void emit0(Emitter *emitter, Opcode op);
void emit1(Emitter *emitter, Opcode op, uint64_t a);
void emit2(Emitter *emitter, Opcode op, uint64_t a, uint64_t b);
void emit3(Emitter *emitter, Opcode op, uint64_t a, uint64_t b, uint64_t c);
void emit4(Emitter *emitter, Opcode op, uint64_t a, uint64_t b, uint64_t c, uint64_t d);
/* switch_*: `keys` are atom indices, signed numbers or arities. */
void emit_switch(Emitter *emitter, Opcode op, uint32_t slot, uint32_t default_label,
                 const int64_t keys[], const uint32_t labels[], uint32_t count);
typedef struct Segment {
    SegmentType type;
    uint32_t unit, flags; /* unit of a literal: how many elements of the source it stands for */
    uint32_t literal;
} Segment;
/* Of a loaded instruction: literal is the index of the value among the operands (a literal is one,
 * too), the size comes right behind. */
typedef struct SegmentList {
    uint32_t count;
    Segment segments[];
} SegmentList;
void emit_bs_build(Emitter *emitter, const Segment segments[], uint32_t count, uint32_t guard);
/* What follows comes from this line (file: index of module_file). */
void emit_line(Emitter *emitter, uint32_t file, uint32_t line);
/* Inner ranges first. */
void emit_handler(Emitter *emitter, ModuleHandler handler);

/* ---- reading code ---- */
typedef struct OpcodeInfo {
    const char *name, *operands, *doc;
    int8_t pops, pushes; /* negative: POPS_… */
    uint8_t may;
} OpcodeInfo;
extern const OpcodeInfo opcode_info[OP_COUNT];
enum { POPS_N = -1, POPS_N1 = -2, POPS_N2 = -3, POPS_2N = -4, POPS_2N1 = -5, POPS_SEGMENTS = -6 };
enum { MAY_CALL = 1, MAY_ALLOCATE = 2, MAY_RAISE = 4, MAY_YIELD = 8, MAY_STOP = 16, MAY_JUMP = 32 };

/* LEB128. False: the bytes end, or the number is too large. */
bool code_read_unsigned(const uint8_t **at, const uint8_t *end, uint64_t *out);
bool code_read_signed(const uint8_t **at, const uint8_t *end, int64_t *out);

/* ---- files ---- */
/* The portable file as bytes: malloc'd, the caller frees with mem_free. */
uint8_t *module_write(const Module *module, size_t *size_bytes);
/* The file with these bytes as its section More, instead of what it had there; NULL: it is no such
 * file, or gets too large. mem_free it. */
uint8_t *module_file_with(const uint8_t *file, size_t file_bytes, const uint8_t *more,
                          size_t more_bytes, size_t *size_bytes);
/* NULL when the bytes are not a module: `error` (at least 256 bytes) then says where and why.
 * Checks the container (counts, indices, checksum); the loader verifies the code. */
Module *module_read(const uint8_t *bytes, size_t size_bytes, char *error, size_t error_bytes);
bool bytes_are_module(const uint8_t *bytes, size_t size_bytes);

/* Readable assembly of the whole module (muster disasm). */
struct Text;
void module_disassemble(const Module *module, struct Text *out);

#endif
