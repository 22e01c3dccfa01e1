/* runtime/bif_compile.h
 * What a module needs of Erlang code before it can be compiled: see bif_compile.c. */
#ifndef MUSTER_RUNTIME_BIF_COMPILE_H
#define MUSTER_RUNTIME_BIF_COMPILE_H

#include "compiler/erl/ast.h"

/* Has it -compile({parse_transform, M})? */
bool unit_has_transforms(const ErlUnit *unit);
/* Has it behaviours whose callbacks only their modules know? */
bool unit_has_foreign_behaviours(const ErlUnit *unit);

#endif
