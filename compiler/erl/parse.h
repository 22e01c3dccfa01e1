/* compiler/erl/parse.h
 * Source text to syntax tree: scanner, preprocessor and parser of the whole language of OTP 27.
 *
 * Every entry returns a unit with all forms that could be read and adds a Diagnostic for each that
 * could not: after an error the parser goes on behind the next full stop, as erlc does. The unit is
 * the caller's (erl_unit_destroy) and is returned even when there were errors. Nothing here needs
 * a scheduler or a process; any thread may call. Input of any size and any bytes is safe: what is
 * nested deeper than AST_HEIGHT_MAX is refused with a diagnostic. */
#ifndef MUSTER_COMPILER_ERL_PARSE_H
#define MUSTER_COMPILER_ERL_PARSE_H

#include "compiler/erl/ast.h"
#include "compiler/erl/diagnostic.h"

/* Finds the file that -include_lib("app/include/x.hrl") means, or x.hrl alone; answers a path from
 * mem_alloc (the parser frees it), or NULL. Called when the path, taken as that of -include, is not
 * there. */
typedef char *(*IncludeLibResolver)(void *context, const char *path);
/* Reads a file: bytes from mem_alloc (the parser frees them), or NULL. For headers that are
 * embedded in the binary: asked before the file system for every include. */
typedef char *(*IncludeReader)(void *context, const char *path, size_t *size_bytes);

typedef struct MacroDefinition {
    const char *name;
    const char *value; /* source text of tokens; NULL: `true`, as -D NAME of erlc */
} MacroDefinition;

typedef struct ErlParseOptions {
    const char *const *include_dirs; /* searched after the including file's own directory */
    size_t include_dir_count;
    const MacroDefinition *macros;
    size_t macro_count;
    IncludeLibResolver include_lib; /* NULL: none is found */
    IncludeReader read_include;     /* NULL: the file system only */
    void *context;                  /* for both */
    Term default_module;            /* what ?MODULE is where the text has no -module; 0: nothing */
    bool skip_shebang;              /* an escript: a first line that starts with #! is no source */
    bool disable_maybe;             /* as erlc's -disable-feature maybe_expr */
    bool names_are_short;           /* of included files: as option deterministic has them */
    const char *source_name;        /* what ?FILE says; NULL: the path as given */
    uint32_t first_line;            /* its number; 0: 1 */
    bool latin1;                    /* default encoding, where no comment says; else UTF-8 */
} ErlParseOptions;

/* A module. `options` may be NULL. A file that cannot be read is a Diagnostic. */
ErlUnit *erl_parse_file(const char *path, const ErlParseOptions *options, Diagnostics *diagnostics);
/* The same from memory; `name` stands for the file in messages and ?FILE. */
ErlUnit *erl_parse_text(const char *name, const char *text, size_t size_bytes,
                        const ErlParseOptions *options, Diagnostics *diagnostics);

/* `Expr, Expr …` up to a full stop or the end of the text: no macros, as in the shell. The unit has
 * no forms. False: it is no such thing; the diagnostics say why. */
bool erl_parse_expressions(ErlUnit *unit, const char *name, const char *text, size_t size_bytes,
                           NodeList *out, Diagnostics *diagnostics);
/* One term, as file:consult reads it. TERM_NONE: there was an error. In the unit's Space. */
Term erl_parse_term(ErlUnit *unit, const char *name, const char *text, size_t size_bytes,
                    Diagnostics *diagnostics);

#endif
