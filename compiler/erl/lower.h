/* compiler/erl/lower.h
 * From the syntax tree of a module to core: names resolved, records, comprehensions and constant
 * expressions expanded.
 *
 * The tree should have passed the checks (lint): what they would have refused is answered here with
 * a diagnostic or with code that raises, never with a crash. */
#ifndef MUSTER_COMPILER_ERL_LOWER_H
#define MUSTER_COMPILER_ERL_LOWER_H

#include "compiler/core/core.h"
#include "compiler/erl/ast.h"
#include "compiler/erl/diagnostic.h"

typedef struct LowerOptions {
    Term options; /* as -compile has them, a list; 0: none */
} LowerOptions;

typedef struct Lowered {
    CoreModule *core;      /* in the unit's arena and Space */
    CoreFunction *on_load; /* or NULL */
    Term attributes;       /* for Module.attributes */
} Lowered;

/* Files of the unit are numbered into `module`. False: there were errors. Call on a deep stack
 * (ast_run_deep). */
bool erl_lower(ErlUnit *unit, Module *module, const LowerOptions *options, Diagnostics *diagnostics,
               Lowered *out);

#endif
