/* compiler/jit/stack_rows.c
 * Where the return address is, instruction by instruction: what a debugger needs to find callers.
 * Found from what the instructions do to the stack pointer. */
#include "compiler/jit/machine.h"

#include "runtime/term/mem.h"

/* The stack pointer's last known copy, while C has the stack. */
typedef struct Saved {
    MachineStackBase base; /* STACK_POINTER: there is none */
    uint8_t reg;
    int32_t disp;
} Saved;

/* How much `i` adds to the stack pointer; false: it does something else. */
static bool moves_stack(const MachineInstruction *i, int64_t *by)
{
    *by = 0;
    if (i->d != R_SP) {
        return false;
    }
    if (i->op == M_LEA && i->memory.base == R_SP && i->memory.index == R_NONE) {
        *by = i->memory.disp;
        return true;
    }
    if ((i->op == M_ADD || i->op == M_SUB) && i->form == FORM_CONSTANT && i->a == R_SP) {
        *by = i->op == M_ADD ? i->constant : (int64_t) (0 - (uint64_t) i->constant);
        return true;
    }
    return false;
}

static void add_row(MachineCode *code, MachineStackRow row)
{
    MachineStackRow *last =
        code->stack_row_count == 0 ? NULL : &code->stack_rows[code->stack_row_count - 1];
    if (last != NULL && last->base == row.base && last->reg == row.reg && last->disp == row.disp &&
        last->distance == row.distance) {
        return;
    }
    if (last != NULL && last->offset == row.offset) {
        *last = row;
        return;
    }
    if ((code->stack_row_count & (code->stack_row_count + 1)) == 0) { /* full: 1, 3, 7 … */
        code->stack_rows = mem_realloc(code->stack_rows,
                                       2 * (code->stack_row_count + 1) * sizeof *code->stack_rows);
    }
    code->stack_rows[code->stack_row_count++] = row;
}

void machine_stack_rows(const Machine *m, MachineCode *code)
{
    int64_t distance = 8, by;
    Saved saved = {STACK_POINTER, 0, 0};
    Saved now = saved;
    for (uint32_t at = 0; at < m->count; at++) {
        const MachineInstruction *i = &m->code[at];
        bool writes_sp =
            i->d == R_SP && i->op <= M_NEG_OVERFLOW && i->op != M_STORE && i->op != M_STORE_IMM;
        if (i->op == M_LABEL) {
            distance = 8;
            now = saved = (Saved){STACK_POINTER, 0, 0};
        } else if (i->op == M_MOVE && i->a == R_SP) {
            saved = (Saved){STACK_REGISTER, i->d, 0};
        } else if (i->op == M_STORE && i->a == R_SP && i->width == WIDTH_64 &&
                   i->memory.base != R_NONE && i->memory.index == R_NONE) {
            saved = (Saved){STACK_MEMORY, i->memory.base, i->memory.disp};
        } else if (i->op == M_C_STACK) {
            now = saved;
        } else if (moves_stack(i, &by)) {
            if (now.base == STACK_POINTER) {
                distance = (int64_t) ((uint64_t) distance - (uint64_t) by); /* whatever code says */
            }
        } else if (writes_sp) {
            now = (Saved){STACK_POINTER, 0, 0};
        }
        add_row(code, (MachineStackRow){code->instruction_offsets[i->op == M_LABEL ? at : at + 1],
                                        (uint8_t) now.base, now.reg, now.disp, (int32_t) distance});
    }
}
