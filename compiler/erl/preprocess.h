/* compiler/erl/preprocess.h
 * The preprocessor: from texts to forms as rows of tokens, with directives obeyed, files included
 * and macros expanded. Mistakes are added to the diagnostics and leave an error form. */
#ifndef MUSTER_COMPILER_ERL_PREPROCESS_H
#define MUSTER_COMPILER_ERL_PREPROCESS_H

#include "compiler/erl/abstract.h"
#include "compiler/erl/parse.h"
#include "compiler/erl/scan.h"
#include "compiler/erl/source.h"

typedef struct Preprocessor Preprocessor;

/* Takes over `source`. `path` is where the text was read from (its folder is searched for
 * includes), `name` what ?FILE says. */
Preprocessor *preprocessor_create(ErlUnit *unit, const ErlParseOptions *options,
                                  Diagnostics *diagnostics, Source *source, const char *path,
                                  const char *name);
void preprocessor_destroy(Preprocessor *preprocessor);

/* The next form's tokens: they end with TOKEN_DOT, or with TOKEN_EOF where a text ends in the
 * middle of a form. They are valid until the next call. NULL: the end; `*end` is where. Adds the
 * forms for files entered and left, errors and warnings to the unit. */
const Token *preprocess_next(Preprocessor *preprocessor, Location *end);
/* The form that was returned last had macros in it. */
bool preprocess_had_macros(const Preprocessor *preprocessor);
/* To be told of each form that was read: -module defines macros, and -feature must come first. */
void preprocess_note_form(Preprocessor *preprocessor, const Form *form);

/* A text as epp gives it form by form. Terms are built in `space`. */
typedef struct PreprocessedTerms {
    Term forms;  /* [{ok, Tokens} | {error | warning, Info} | {eof, Location}] */
    Term macros; /* those defined after the last of them, as epp:macro_defs/1 */
} PreprocessedTerms;
/* At most `limit` forms. Runs on a deep stack by itself. */
void preprocess_to_terms(Space *space, const char *name, const char *text, size_t size_bytes,
                         const ErlParseOptions *options, AbstractLocations locations,
                         uint32_t limit, PreprocessedTerms *out);

/* Reports an error or warning with erl's descriptor, and adds the form for it. */
void unit_report(ErlUnit *unit, Diagnostics *diagnostics, Severity severity, Location at,
                 const char *module, Term descriptor, const char *text);

#endif
