/* compiler/asm/assemble.h
 * Assembly text to a module: what module_disassemble writes, and what people write by hand.
 *
 *   module NAME                       first of all
 *   on_load NAME/0
 *   attributes TERM                   a list of {Name, Values}
 *   compile TERM
 *   file "NAME"                       one line each; the first is the module's own
 *   atoms ATOM ATOM …
 *   import MODULE:FUNCTION/ARITY
 *   literal #N TERM                   N counts from 0
 *   fun #N NAME/ARITY free N          N counts from 0
 *   function NAME/ARITY [exported] [line N]      at the start of a line
 *       handler L1 L2 to L3 depth N   code from L1 up to L2 raises to L3; inner ones first
 *       line N [file N]               what follows comes from there
 *       INSTRUCTION OPERANDS          see docs/BYTECODE.md
 *       bytes N N …                   code as it is
 *   L1:                               labels may be anywhere between instructions
 *   end
 *
 * Operands: slots s0 s1 …; labels L0 L1 …; a guard label or - for none; numbers; atoms; functions
 * NAME/ARITY; imports MODULE:NAME/ARITY; funs #N; literals #N, or a term. An atom or import need
 * not be in the tables. Any of these also goes by its number in its table, as #N. Then switch_atom
 * s0 else L1 [ok -> L2, error -> L3] bs_build [integer unit 8 flags sized+little, literal unit 1
 * flags 0 #0] -
 *
 * A line ends a statement, but not inside of brackets; % starts a comment. */
#ifndef MUSTER_COMPILER_ASM_ASSEMBLE_H
#define MUSTER_COMPILER_ASM_ASSEMBLE_H

#include "compiler/bytecode/module.h"

typedef struct AssembleError {
    uint32_t line, column; /* from 1; columns in code points */
    char text[256];        /* "expected a label, found `foo`" */
} AssembleError;

/* NULL: `error` says where and why. The code is as good as its text: the loader verifies it. */
Module *assemble(const char *text, size_t size_bytes, AssembleError *error);

#endif
