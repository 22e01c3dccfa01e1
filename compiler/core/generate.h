/* compiler/core/generate.h
 * From core to bytecode: decision trees for patterns, values in slots, labels, handlers, lines. */
#ifndef MUSTER_COMPILER_CORE_GENERATE_H
#define MUSTER_COMPILER_CORE_GENERATE_H

#include "compiler/core/core.h"

typedef struct GenerateError {
    CoreAt at;
    char text[128]; /* empty: none */
} GenerateError;

/* Adds all functions of `core` to `module`, and each CoreFunction.index. False: a function is too
 * large (or core is wrong, which is a bug of the front end): `error` says which. Recurses over the
 * core: to be called on a stack for deep trees (ast_run_deep). */
bool core_generate(CoreModule *core, Module *module, GenerateError *error);

#endif
