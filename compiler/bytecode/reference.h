/* compiler/bytecode/reference.h
 * docs/BYTECODE.md, made from the opcode table. A test compares the file with this. */
#ifndef MUSTER_COMPILER_BYTECODE_REFERENCE_H
#define MUSTER_COMPILER_BYTECODE_REFERENCE_H

#include "runtime/term/print.h"

void bytecode_reference(Text *out);

#endif
