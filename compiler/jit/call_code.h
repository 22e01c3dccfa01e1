/* compiler/jit/call_code.h
 * What both tiers write for calls. */
#ifndef MUSTER_JIT_CALL_CODE_H
#define MUSTER_JIT_CALL_CODE_H

#include "compiler/jit/machine.h"
#include "runtime/term/loaded.h"

/* From a function's slot code, where its native code is named. */
enum { NATIVE_FIELD = (int) offsetof(CodeHeader, native) - (int) sizeof(CodeHeader) };

/* The places in slot code that native return addresses stand for: malloc'd, of whoever compiles. */
typedef struct ReturnPoints {
    Code *at;
    uint32_t count, capacity;
} ReturnPoints;
/* The number of a new one, the payload of m_return_point. */
uint32_t return_points_add(ReturnPoints *points, Code at);

/* R0 = the code of the fun that the instruction made, an object of KIND_fun in `fun`; its captured
 * values go to slots from `first_free` on. On at `exit` if it has not so many arguments, or the
 * stack no room. `fun` stays, the others are written. */
typedef struct FunRegisters {
    MachineRegister fun, entry, left, from, to, value;
} FunRegisters;
void call_code_fun(Machine *m, const FunRegisters *r, uint32_t arguments, int32_t first_free,
                   MachineLabel exit);
/* The same of what may be a fun of an exported function, any boxed object in `fun`. */
void call_code_export_fun(Machine *m, MachineRegister fun, MachineRegister entry,
                          uint32_t arguments, MachineLabel exit);

#endif
