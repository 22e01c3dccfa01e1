/* compiler/jit/machine_check.h
 * Whether code reads only registers that hold something: a value that was kept in a register over a
 * call, or over a collection, which lose it, is found here before it is ever run. */
#ifndef MUSTER_JIT_MACHINE_CHECK_H
#define MUSTER_JIT_MACHINE_CHECK_H

#include "compiler/jit/machine.h"

/* True: on every way from the entries, each register is written before it is read. C calls keep
 * R_KEPT_BY_C; calls of Muster's code, and whoever comes to an entry or to a label whose address
 * was taken, keep only the registers in `fixed`. At entries R0 is known, too. False: the
 * instruction at *where reads one that need not hold anything. */
bool machine_check(const Machine *m, uint32_t fixed, const MachineLabel entries[],
                   uint32_t entry_count, uint32_t *where);

#endif
