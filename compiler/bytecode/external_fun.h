/* compiler/bytecode/external_fun.h
 * A term `fun M:F/A` points to the machine's one Export for that function, and only runtime/ makes
 * those. It sets this once, at start, before any module is made or read. NULL: such funs are
 * refused where a file or an assembly text has them. Any thread may call it; never NULL as an
 * answer. */
#ifndef MUSTER_COMPILER_BYTECODE_EXTERNAL_FUN_H
#define MUSTER_COMPILER_BYTECODE_EXTERNAL_FUN_H

#include "runtime/term/code.h"
#include "runtime/term/space.h"

extern Export *(*external_fun_export)(Term module, Term function, uint32_t arity);

/* The term `fun module:function/arity`; TERM_NONE when external_fun_export is NULL. */
Term make_external_fun(Space *space, Term module, Term function, uint32_t arity);

#endif
