/* compiler/jit/machine_check.c: see machine_check.h.
 * A set of known registers for each label, the intersection of what comes there; passes over the
 * code until no set shrinks. What an instruction reads and writes, its text in machine.def says. */
#include "compiler/jit/machine_check.h"

#include "runtime/term/mem.h"

static const char *const texts[M_OP_COUNT] = {
#define MACHINE(name, text) text,
#include "compiler/jit/machine.def"
#undef MACHINE
};

enum { FLOATS = 16 }; /* general registers are bits 0 … 15, floats from here on */
#define ALL_KNOWN UINT32_MAX

static uint32_t general(uint32_t reg)
{
    return reg < R_NONE ? 1u << reg : 0;
}

static uint32_t of_memory(const MachineMemory *memory)
{
    return general(memory->base) | general(memory->index);
}

static uint32_t part(const MachineInstruction *i, char which)
{
    switch (which) {
    case 'd':
        return general(i->d);
    case 'a':
        return general(i->a);
    case 'c':
        return general(i->c);
    case 'e':
        return general(i->e);
    case 'D':
        return 1u << (FLOATS + i->d);
    case 'A':
        return 1u << (FLOATS + i->a);
    case 'B':
        return 1u << (FLOATS + i->b);
    case 'm':
        return of_memory(&i->memory);
    case 'b':
        return i->form == FORM_REGISTER ? general(i->b)
               : i->form == FORM_MEMORY ? of_memory(&i->memory)
                                        : 0;
    default:
        return 0;
    }
}

static void effects(const MachineInstruction *i, uint32_t *reads, uint32_t *writes)
{
    const char *text = texts[i->op];
    *reads = *writes = 0;
    if (text[0] == '%' && (text[1] == 'd' || text[1] == 'D')) {
        *writes = part(i, text[1]);
        text += 2;
    }
    for (; *text != 0; text++) {
        if (*text == '%') {
            *reads |= part(i, *++text);
        }
    }
    if (i->op == M_RETURN) {
        *reads |= 1u << R0;
    }
    /* The stack pointer is no value. */
    *reads &= ~(1u << R_SP | 1u << R_SCRATCH);
}

static bool ends(MachineOp op)
{
    switch (op) {
    case M_JUMP:
    case M_JUMP_REGISTER:
    case M_JUMP_MEMORY:
    case M_JUMP_ADDRESS:
    case M_JUMP_TABLE:
    case M_RETURN:
    case M_LEAVE_TO_C:
    case M_STOP:
        return true;
    default:
        return false;
    }
}

typedef struct Check {
    const Machine *m;
    uint32_t fixed;
    uint32_t *known; /* at each label */
    bool changed;
} Check;

static void meet(Check *check, MachineLabel label, uint32_t known)
{
    if (check->known[label] & ~known) {
        check->known[label] &= known;
        check->changed = true;
    }
}

/* What is known behind the instruction; its labels learn what comes to them. */
static uint32_t step(Check *check, const MachineInstruction *i, uint32_t known)
{
    uint32_t reads, writes;
    effects(i, &reads, &writes);
    known |= writes;
    switch ((MachineOp) i->op) {
    case M_CALL_C:
    case M_CALL_C_REGISTER:
        return (known & (R_KEPT_BY_C | check->fixed)) | 1u << R0 | 1u << (FLOATS + F0);
    case M_CALL:
    case M_CALL_REGISTER:
    case M_CALL_MEMORY:
    case M_CALL_ADDRESS:
        return (known & check->fixed) | 1u << R0;
    case M_LEA_LABEL:
        meet(check, i->label, check->fixed);
        return known;
    case M_JUMP_TABLE: {
        const MachineTable *table = &check->m->tables[i->constant];
        for (uint32_t n = 0; n < table->count; n++) {
            meet(check, table->labels[n], known & ~general(i->a)); /* it is destroyed */
        }
        return known;
    }
    default:
        if (i->op != M_LABEL && strstr(texts[i->op], "%l") != NULL) {
            meet(check, i->label, known);
        }
        return known;
    }
}

static void pass(Check *check)
{
    uint32_t known = ALL_KNOWN; /* nothing comes here */
    for (uint32_t at = 0; at < check->m->count; at++) {
        const MachineInstruction *i = &check->m->code[at];
        if (i->op == M_LABEL) {
            meet(check, i->label, known);
            known = check->known[i->label];
            continue;
        }
        known = step(check, i, known);
        if (ends((MachineOp) i->op)) {
            known = ALL_KNOWN;
        }
    }
}

/* The first instruction that reads what is not known; UINT32_MAX: none. */
static uint32_t first_wrong(Check *check)
{
    uint32_t known = ALL_KNOWN;
    for (uint32_t at = 0; at < check->m->count; at++) {
        const MachineInstruction *i = &check->m->code[at];
        uint32_t reads, writes;
        if (i->op == M_LABEL) {
            known = check->known[i->label];
            continue;
        }
        effects(i, &reads, &writes);
        if (reads & ~known) {
            return at;
        }
        known = ends((MachineOp) i->op) ? ALL_KNOWN : step(check, i, known);
    }
    return UINT32_MAX;
}

bool machine_check(const Machine *m, uint32_t fixed, const MachineLabel entries[],
                   uint32_t entry_count, uint32_t *where)
{
    Check check = {.m = m, .fixed = fixed};
    check.known = mem_alloc((m->label_count + 1) * sizeof *check.known);
    for (uint32_t i = 0; i < m->label_count; i++) {
        check.known[i] = ALL_KNOWN;
    }
    for (uint32_t i = 0; i < entry_count; i++) {
        check.known[entries[i]] = fixed | 1u << R0;
    }
    do {
        check.changed = false;
        pass(&check);
    } while (check.changed);
    *where = first_wrong(&check);
    mem_free(check.known);
    return *where == UINT32_MAX;
}
