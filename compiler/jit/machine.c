/* compiler/jit/machine.c
 * The list of machine-level instructions, and its text. */
#include "compiler/jit/machine.h"

#include "runtime/term/mem.h"

#include <inttypes.h>

static const char *const texts[M_OP_COUNT] = {
#define MACHINE(name, text) text,
#include "compiler/jit/machine.def"
#undef MACHINE
};

void machine_init(Machine *m)
{
    *m = (Machine){0};
}

static void forget_tables(Machine *m)
{
    for (uint32_t i = 0; i < m->table_count; i++) {
        mem_free(m->tables[i].labels);
    }
    m->table_count = 0;
}

void machine_finish(Machine *m)
{
    forget_tables(m);
    mem_free(m->tables);
    mem_free(m->code);
    *m = (Machine){0};
}

void machine_clear(Machine *m)
{
    forget_tables(m);
    m->count = m->label_count = 0;
}

uint32_t m_append(Machine *m, MachineInstruction i)
{
    if (m->count == m->capacity) {
        m->capacity = m->capacity == 0 ? 256 : m->capacity * 2;
        m->code = mem_realloc(m->code, m->capacity * sizeof *m->code);
    }
    m->code[m->count] = i;
    return m->count++;
}

void m_jump_table(Machine *m, MachineRegister a, const MachineLabel labels[], uint32_t count)
{
    MachineTable *table;
    if (m->table_count == m->table_capacity) {
        m->table_capacity = m->table_capacity == 0 ? 8 : m->table_capacity * 2;
        m->tables = mem_realloc(m->tables, m->table_capacity * sizeof *m->tables);
    }
    table = &m->tables[m->table_count];
    table->count = count;
    table->labels = mem_alloc((count == 0 ? 1 : count) * sizeof *labels);
    memcpy(table->labels, labels, count * sizeof *labels);
    m_append(m, (MachineInstruction){.op = M_JUMP_TABLE, .a = a, .constant = m->table_count++});
}

/* ---- text ---- */

static const char *register_name(uint32_t r)
{
    static const char *const names[] = {"r0",      "r1",   "r2", "r3",     "r4",  "r5",
                                        "r6",      "r7",   "r8", "r9",     "r10", "r11",
                                        "process", "heap", "sp", "scratch"};
    return r < COUNT_OF(names) ? names[r] : "none";
}

static const char *condition_text(uint32_t condition)
{
    static const char *const texts_of[] = {
        "==", "!=",     "<", ">=",    ">",  "<=",     "u<", "u>=",   "u>", "u<=",
        "==", "not ==", "<", "not <", "<=", "not <=", ">",  "not >", ">=", "not >="};
    ASSERT(condition < COUNT_OF(texts_of));
    return texts_of[condition];
}

static const char *width_text(uint32_t width)
{
    static const char *const names[] = {"", "u8", "s8", "u16", "s16", "u32", "s32"};
    ASSERT(width < COUNT_OF(names));
    return names[width];
}

static void print_constant(int64_t value, FILE *out)
{
    if (value > -1000000 && value < 1000000) {
        fprintf(out, "%" PRId64, value);
    } else {
        fprintf(out, "0x%" PRIx64, (uint64_t) value);
    }
}

static void print_memory(const MachineMemory *memory, FILE *out)
{
    const char *between = "";
    fputc('[', out);
    if (memory->base != R_NONE) {
        fputs(register_name(memory->base), out);
        between = " + ";
    }
    if (memory->index != R_NONE) {
        fprintf(out, "%s%s", between, register_name(memory->index));
        if (memory->scale != 0) {
            fprintf(out, " * %u", 1u << memory->scale);
        }
        between = " + ";
    }
    if (memory->disp < 0 && between[0] != 0) {
        fprintf(out, " - %" PRId64, -(int64_t) memory->disp);
    } else if (memory->disp != 0 || between[0] == 0) {
        fprintf(out, "%s%" PRId32, between, memory->disp);
    }
    fputc(']', out);
}

static void print_source(const MachineInstruction *i, FILE *out)
{
    switch ((MachineForm) i->form) {
    case FORM_REGISTER:
        fputs(register_name(i->b), out);
        break;
    case FORM_CONSTANT:
        print_constant(i->constant, out);
        break;
    case FORM_MEMORY:
        print_memory(&i->memory, out);
        break;
    }
}

static void print_part(const MachineInstruction *i, char which, FILE *out)
{
    switch (which) {
    case 'd':
        fputs(register_name(i->d), out);
        break;
    case 'a':
        fputs(register_name(i->a), out);
        break;
    case 'c':
        fputs(register_name(i->c), out);
        break;
    case 'e':
        fputs(register_name(i->e), out);
        break;
    case 'D':
        fprintf(out, "f%u", i->d);
        break;
    case 'A':
        fprintf(out, "f%u", i->a);
        break;
    case 'B':
        fprintf(out, "f%u", i->b);
        break;
    case 'b':
        print_source(i, out);
        break;
    case 'm':
        fputs(width_text(i->width), out);
        print_memory(&i->memory, out);
        break;
    case 'w':
        fputs(width_text(i->width), out);
        break;
    case 'r':
        fputs(condition_text(i->condition), out);
        break;
    case 'l':
        fprintf(out, "L%" PRIu32, i->label);
        break;
    case 'i':
        print_constant(i->constant, out);
        break;
    case 'p':
        fprintf(out, "0x%" PRIx64, (uint64_t) i->constant);
        break;
    default:
        CHECK(!"a part that machine.def does not name");
    }
}

void machine_dump_one(const MachineInstruction *i, FILE *out)
{
    for (const char *text = texts[i->op]; *text != 0; text++) {
        if (*text == '%') {
            print_part(i, *++text, out);
        } else {
            fputc(*text, out);
        }
    }
}

void machine_dump(const Machine *m, FILE *out)
{
    for (uint32_t at = 0; at < m->count; at++) {
        const MachineInstruction *i = &m->code[at];
        fputs(i->op == M_LABEL || i->op == M_MARK ? "" : "    ", out);
        machine_dump_one(i, out);
        if (i->op == M_JUMP_TABLE) {
            const MachineTable *table = &m->tables[i->constant];
            for (uint32_t each = 0; each < table->count; each++) {
                fprintf(out, " L%" PRIu32, table->labels[each]);
            }
        }
        fputc('\n', out);
    }
}
