/* compiler/core/reuse.h
 * What a pattern has just taken apart is not built again: in `f({ok, V}) -> {ok, V}` the tuple of
 * the body is the argument. Terms do not change, so nobody can tell but by the memory. */
#ifndef MUSTER_COMPILER_CORE_REUSE_H
#define MUSTER_COMPILER_CORE_REUSE_H

#include "compiler/core/core.h"

/* Replaces such tuples and lists in the bodies of `function` (not in functions inside it) by
 * variables, which the patterns then bind, too. To be called before live_function. Recurses over
 * the core, as the generator does. */
void reuse_function(CoreModule *module, CoreFunction *function);

#endif
