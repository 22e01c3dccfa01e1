/* runtime/term/loaded.h
 * What loaded code consists of: exports, functions, modules. Who may do what with them says
 * runtime/code.h; the native compilers read them here. */
#ifndef MUSTER_TERM_LOADED_H
#define MUSTER_TERM_LOADED_H

#include "runtime/term/code.h"
#include "runtime/term/instruction.h"

typedef struct Process Process;
typedef Term (*BifFunction)(Process *p, const Term args[]);

typedef struct LoadedModule LoadedModule;
typedef struct Function Function;

typedef struct CodeExport {
    Export identity; /* first */
    _Atomic(Code)
        entry;       /* never NULL: the function, a stub for a built-in, or the undefined stub */
    BifFunction bif; /* NULL: not a built-in */
    uint8_t bif_flags;
    uint8_t special;              /* SPECIAL_…: the interpreter does it itself */
    const void *host;             /* BIF_HOST: muster_functions.c knows */
    _Atomic(Function *) function; /* current version, or NULL */
    struct CodeExport *next;
    _Alignas(8) uint8_t stub[sizeof(CodeHeader) + 16]; /* header and instruction of the stub */
} CodeExport;

typedef struct Handler { /* offsets in the module's code */
    uint32_t start, end, target;
    uint32_t depth; /* slots below, the frame word included */
} Handler;

typedef struct Safepoint {
    uint32_t offset; /* in the module's code */
    uint16_t depth;  /* slots, the frame word included */
    uint16_t map;    /* 0: all of them hold terms; else which (index into maps) */
} Safepoint;

typedef struct CodeLine {
    uint32_t offset, file, line;
} CodeLine;

struct Function {
    Term module, name;
    uint32_t arity; /* captured values included */
    uint32_t free_count;
    uint32_t frame_words; /* most slots in use, frame word and outgoing arguments included */
    uint32_t code_offset, code_end; /* in module->code */
    LoadedModule *owner;
    Handler *handlers;
    uint32_t handler_count;
    Safepoint *safepoints; /* by offset */
    uint32_t safepoint_count;
    CodeLine *lines;
    uint32_t line_count;
    uint32_t line;
    bool is_exported;
    uint32_t index; /* in owner->functions */
    struct NativeCode
        *native; /* compiler/jit/native_code.h; NULL: none. See compiler/jit/thread.c */
    struct NativeCode *natives; /* all versions ever made, the last one first */
    uint8_t native_state;       /* private to that, as are: */
    uint8_t native_versions;    /* how often it was compiled */
    uint8_t native_samples;     /* how often it was found to run, since it was put off */
    uint8_t native_put_off;     /* how often it was to wait for what it calls */
    struct Profile *profiles;   /* compiler/jit/feedback.h */
};

/* A fun's entry as terms point to it, and where its code is. See runtime/code_fun.c. */
typedef struct CodeFun {
    FunEntry identity;   /* first */
    _Atomic(Code) entry; /* the function, or its stub while there is no such code */
    LoadedModule *owner; /* whose code it is; NULL: none */
    struct CodeFun *next;
    _Alignas(8) uint8_t stub[sizeof(CodeHeader) + 16];
} CodeFun;

struct LoadedModule {
    Term name;
    uint8_t *code;
    uint32_t code_bytes;
    Function *functions;
    uint32_t function_count;
    void *tables; /* of all functions: handlers, safepoints, lines */
    CodeFun **funs;
    uint32_t *fun_functions; /* index of each one's function */
    uint32_t fun_count;
    uint64_t *maps; /* bit sets: maps[map_starts[i]] … */
    uint32_t *map_starts;
    uint32_t map_count;
    Term *files; /* literals */
    uint32_t file_count;
    Term attributes, compile_info, exports, functions_list; /* literals */
    uint8_t digest[16];
    int32_t on_load_function;  /* index, or -1 */
    _Atomic(bool) is_waiting;  /* its on_load function has not returned: nobody sees it yet */
    Term on_load_runner;       /* the pid that runs it, or TERM_NONE; under the code lock */
    _Atomic(char *) told_file; /* where code:load_binary/3 was told that it is from: from mem_alloc;
                                * NULL: it was not; set once */
    _Atomic(bool) is_old;
    bool is_refused;       /* old, but was never current */
    struct CodeSide *side; /* tables that instructions point to */
    struct LiteralArea *literals;
    LoadedModule *next;
};

/* Of the function's instruction at `at`; NULL: unknown. */
static inline const CodeLine *function_line_at(const Function *function, Code at)
{
    uint32_t offset, low = 0, high = function->line_count;
    if (high == 0) {
        return NULL;
    }
    offset = (uint32_t) (at - function->owner->code);
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (function->lines[middle].offset <= offset) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low > 0 ? &function->lines[low - 1] : NULL;
}

#endif
