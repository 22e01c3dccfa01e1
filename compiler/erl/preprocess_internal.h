/* compiler/erl/preprocess_internal.h
 * What the preprocessor's files share: preprocess.c (forms, directives), preprocess_file.c (files
 * and includes), preprocess_macro.c (definitions), preprocess_expand.c (calls), preprocess_if.c
 * (conditions). */
#ifndef MUSTER_COMPILER_ERL_PREPROCESS_INTERNAL_H
#define MUSTER_COMPILER_ERL_PREPROCESS_INTERNAL_H

#include "compiler/erl/parse_internal.h"
#include "compiler/erl/preprocess.h"

/* ---- macros ---- */

typedef enum MacroKind {
    MACRO_PLAIN,
    MACRO_FILE,
    MACRO_LINE,
    MACRO_FUNCTION_NAME,
    MACRO_FUNCTION_ARITY,
    MACRO_FEATURE_AVAILABLE,
    MACRO_FEATURE_ENABLED
} MacroKind;

enum { ARITY_NONE = -1 /* defined without parentheses */, FORM_ARITY_UNKNOWN = -2 };

/* One definition: of one name and arity. Parameters in the body are marked in Token.unused, with
 * their index from 1. */
typedef struct MacroBody {
    struct MacroBody *next; /* of the same name */
    struct Macro *macro;
    const Token *tokens;
    uint32_t count;
    int32_t arity;
    MacroKind kind;
    bool has_calls;   /* a `?` is in it */
    uint32_t checked; /* the epoch in which it was found to be free of circles */
    bool in_check;
} MacroBody;

typedef struct Macro {
    Term name;         /* 0: a free slot */
    MacroBody *bodies; /* NULL: undefined again */
    bool is_predefined;
} Macro;

typedef struct MacroTable {
    Macro **slots; /* open addressing by atom */
    uint32_t slot_count, used;
    uint32_t epoch; /* changes with every definition */
} MacroTable;

void macros_init(Preprocessor *pp);
void macros_finish(Preprocessor *pp);
Macro *macro_find(Preprocessor *pp, Term name); /* NULL: not defined */
Macro *macro_make(Preprocessor *pp, Term name);
/* Tokens are copied. */
MacroBody *macro_add(Preprocessor *pp, Macro *macro, int32_t arity, const Token *tokens,
                     uint32_t count);
MacroBody *macro_body_of(const Macro *macro, int32_t arity);
static inline bool macro_is_defined(Preprocessor *pp, Term name)
{
    return macro_find(pp, name) != NULL;
}
void macro_define_command_line(Preprocessor *pp, const MacroDefinition *definition);
void macro_define_module(Preprocessor *pp, Term module);
void directive_define(Preprocessor *pp);
void directive_undef(Preprocessor *pp);

/* ---- files ---- */

typedef struct Frame {
    Scanner scanner;
    Source source;
    const char *path;      /* to search next to it */
    const char *name;      /* what ?FILE says; -file changes it */
    const char *read_name; /* the name before any -file */
    uint32_t line_shift;   /* what -file has added to the lines */
    uint32_t condition_base;
} Frame;

typedef struct Condition {
    enum { CONDITION_TAKING, CONDITION_WAITING, CONDITION_DONE } state;
    const char *name; /* of the directive that opened this part: ifdef … else */
    bool is_else;
} Condition;

enum { INCLUDE_DEPTH_MAX = 200, INCLUDE_SAME_MAX = 8 };

struct Preprocessor {
    ErlUnit *unit;
    const ErlParseOptions *options;
    Diagnostics *diagnostics;
    Lexicon lexicon;
    Arena arena;      /* macros, names of files */
    Arena form_arena; /* of one form */
    Frame **frames;
    uint32_t frame_count, frame_capacity;
    Condition *conditions;
    uint32_t condition_count, condition_capacity;
    MacroTable macros;
    TokenList raw;      /* the form as written */
    TokenList expanded; /* and with its macros expanded */
    bool raw_has_calls;
    bool past_prefix; /* no -feature any more */
    /* Of the expansion in progress: */
    struct Spans *spans;
    size_t copied_tokens;      /* into arguments and bodies */
    int32_t form_arity;        /* of the function; negative: not known, or none */
    Token file_token;          /* what ?FILE is … */
    const char *file_token_of; /* … for this name */
    Parser parser;             /* for conditions */
};

static inline Frame *top_frame(Preprocessor *pp)
{
    return pp->frames[pp->frame_count - 1];
}

void frame_push(Preprocessor *pp, Source *source, const char *path, const char *name);
void frame_pop(Preprocessor *pp);
void directive_include(Preprocessor *pp);
void directive_include_lib(Preprocessor *pp);
/* After expansion, where the form is a -file: renames and renumbers. False: badly formed, reported.
 */
bool preprocess_file_attribute(Preprocessor *pp, const Token *tokens, uint32_t count);
void add_file_form(Preprocessor *pp, Location at, const char *name, uint32_t line);

/* ---- expansion ---- */

/* Expands `tokens` into pp->expanded. False: reported. */
bool expand_macros(Preprocessor *pp, const Token *tokens, uint32_t count);

/* ---- conditions ---- */

void directive_ifdef(Preprocessor *pp);
void directive_ifndef(Preprocessor *pp);
void directive_if(Preprocessor *pp);
void directive_elif(Preprocessor *pp);
void directive_else(Preprocessor *pp);
void directive_endif(Preprocessor *pp);
bool is_skipping(const Preprocessor *pp);
/* At the end of a file: those still open are errors. */
void conditions_close(Preprocessor *pp, Location at);

/* ---- errors of epp ---- */

void pp_error(Preprocessor *pp, Location at, Term descriptor, const char *format, ...)
    PRINTF_LIKE(4, 5);
/* {bad, Name}: "badly formed 'name'" */
void pp_bad(Preprocessor *pp, Location at, const char *name);
Term pp_string(Preprocessor *pp, const char *text);
static inline Space *pp_space(Preprocessor *pp)
{
    return erl_unit_space(pp->unit);
}

/* The form's tokens from 2 on against a pattern: the place of the first that differs, in `*at`, and
 * false. TOKEN_ERROR in the pattern is an atom or a variable. */
bool pp_match(Preprocessor *pp, const uint8_t pattern[], size_t count, Location *at);

#endif
