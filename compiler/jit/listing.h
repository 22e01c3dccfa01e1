/* compiler/jit/listing.h
 * Native code for people: slot code, machine-level IR and machine code side by side. */
#ifndef MUSTER_JIT_LISTING_H
#define MUSTER_JIT_LISTING_H

#include <stdio.h>

#include "compiler/jit/optimise.h"

/* One instruction of slot code, without newline. Slots are s1 …; places are bytes from the start of
 * the function. */
void listing_slot_code(const Function *function, uint32_t offset, FILE *out);

/* All of a function: what became of it, if it ran (history.h); what is inlined, and why the rest is
 * not; what is guessed; and of both tiers each line of source (from the file, where it can be
 * read), the slot code of it, and what that became. `ir`: the machine-level IR and the optimiser's
 * language after each pass, too. Machine code is shown by capstone's shared library where that is
 * installed, else in bytes. False: the function is not compiled (too large). */
bool listing_function(const Function *function, const NativeRuntime *runtime, bool ir, FILE *out);

#endif
