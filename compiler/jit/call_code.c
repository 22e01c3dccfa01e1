/* compiler/jit/call_code.c: see call_code.h. */
#include "compiler/jit/call_code.h"

#include "compiler/jit/native_code.h"
#include "proc/process.h"
#include "runtime/term/mem.h"

uint32_t return_points_add(ReturnPoints *points, Code at)
{
    if (points->count == points->capacity) {
        points->capacity = points->capacity * 2 + 16;
        points->at = mem_realloc(points->at, points->capacity * sizeof *points->at);
    }
    points->at[points->count] = at;
    return points->count++;
}

void call_code_fun(Machine *m, const FunRegisters *r, uint32_t arguments, int32_t first_free,
                   MachineLabel exit)
{
    MachineLabel loop = m_label(m), end = m_label(m);
    m_load(m, WIDTH_64, r->entry, m_at(r->fun, 8 - TAG_BOXED));
    m_branch_memory_imm(m, M_NE, WIDTH_U32, m_at(r->entry, offsetof(FunEntry, arity)), arguments,
                        exit);
    m_load(m, WIDTH_U32, r->left, m_at(r->entry, offsetof(FunEntry, free_count)));
    m_branch_imm(m, M_EQ, r->left, 0, end);
    m_lea(m, r->to, m_at(R_SP, -8 * (first_free + 2)));
    m_shl_imm(m, r->value, r->left, 3);
    m_sub(m, r->to, r->to, r->value);
    m_branch_mem(m, M_ULT, r->to, m_at(R_PROCESS, offsetof(Process, heap.space.limit)), exit);
    m_lea(m, r->to, m_at(R_SP, -8 * first_free));
    m_lea(m, r->from, m_at(r->fun, 16 - TAG_BOXED));
    m_bind(m, loop);
    m_load(m, WIDTH_64, r->value, m_at(r->from, 0));
    m_store(m, WIDTH_64, r->value, m_at(r->to, 0));
    m_add_imm(m, r->from, r->from, 8);
    m_add_imm(m, r->to, r->to, -8);
    m_sub_imm(m, r->left, r->left, 1);
    m_branch_imm(m, M_NE, r->left, 0, loop);
    m_bind(m, end);
    m_load(m, WIDTH_64, R0, m_at(r->entry, offsetof(CodeFun, entry)));
}

void call_code_export_fun(Machine *m, MachineRegister fun, MachineRegister entry,
                          uint32_t arguments, MachineLabel exit)
{
    m_branch_memory_imm(m, M_NE, WIDTH_U16, m_at(fun, -TAG_BOXED),
                        (int64_t) (HEADER(KIND_export, 0) & 0xFFFF), exit);
    m_load(m, WIDTH_64, entry, m_at(fun, 8 - TAG_BOXED));
    m_branch_memory_imm(m, M_NE, WIDTH_U32, m_at(entry, offsetof(Export, arity)), arguments, exit);
    m_load(m, WIDTH_64, R0, m_at(entry, offsetof(CodeExport, entry)));
}
