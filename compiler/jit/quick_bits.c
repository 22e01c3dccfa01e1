/* compiler/jit/quick_bits.c
 * The bit syntax. */
#include "compiler/jit/quick_internal.h"

void quick_bits(Quick *q, Instruction i)
{
    (void) i;
    quick_leave(q);
}
