/* tests/c/jit/bench.h
 * Runs code made of the machine-level IR: whole functions, or one instruction with every register
 * set before it and read after it, so that all that it changes is seen. */
#ifndef MUSTER_TESTS_JIT_BENCH_H
#define MUSTER_TESTS_JIT_BENCH_H

#include "compiler/jit/machine.h"

#include <stdlib.h>
#include <sys/mman.h>

enum { MODEL_MEMORY = 256 };

typedef struct State {
    uint64_t r[16], f[16];
    uint64_t taken;
    uint64_t c_stack, target; /* of the code that runs a case */
    uint8_t memory[MODEL_MEMORY];
} State;

/* Executable memory, and a state below 2^31 so that code reaches it without a register. */
typedef struct Bench {
    State *state;
    uint8_t *code;
    size_t capacity, used;
    void (*enter)(void); /* loads the registers from the state and goes to state->target */
    void *leave;         /* stores them and returns to the caller of enter */
    MachineOptions options;
} Bench;

static inline void *bench_low_memory(size_t size)
{
    for (uintptr_t hint = 0x10000000; hint < 0x70000000; hint += 0x1000000) {
        void *block =
            mmap((void *) hint, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        CHECK(block != MAP_FAILED);
        if ((uintptr_t) block < 0x7FFF0000) {
            return block;
        }
        munmap(block, size);
    }
    CHECK(!"memory below 2 GB");
    return NULL;
}

static inline MachineMemory bench_field(const Bench *bench, size_t offset)
{
    return m_at(R_NONE, (int32_t) ((uintptr_t) bench->state + offset));
}

/* Appends the code of `m`; label_offsets (of the code) may be asked for. */
static inline uint8_t *bench_add(Bench *bench, const Machine *m)
{
    MachineCode code;
    uint8_t *at = bench->code + bench->used;
    machine_encode(m, &bench->options, &code);
    CHECK(bench->used + code.size <= bench->capacity);
    machine_code_place(&code, at, (uintptr_t) at, 0);
    bench->used += (code.size + 15) & ~(size_t) 15;
    machine_code_finish(&code);
    return at;
}

static inline void bench_writable(Bench *bench)
{
    CHECK(mprotect(bench->code, bench->capacity, PROT_READ | PROT_WRITE) == 0);
}
static inline void bench_runnable(Bench *bench)
{
    CHECK(mprotect(bench->code, bench->capacity, PROT_READ | PROT_EXEC) == 0);
    __builtin___clear_cache((char *) bench->code, (char *) bench->code + bench->used);
}

static inline void bench_init(Bench *bench, uint32_t features)
{
    Machine m;
    bench->options = (MachineOptions){TARGET_HERE, features, 0, 0};
    bench->capacity = 8 << 20;
    bench->used = 0;
    bench->state = bench_low_memory(sizeof *bench->state);
    bench->code =
        mmap(NULL, bench->capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(bench->code != MAP_FAILED);
    machine_init(&m);
    m_enter_from_c(&m, bench_field(bench, offsetof(State, c_stack)));
    for (uint32_t f = 0; f < F_SCRATCH; f++) {
        m_fload(&m, (MachineFloat) f, bench_field(bench, offsetof(State, f) + 8 * f));
    }
    for (uint32_t r = 0; r < R_SCRATCH; r++) {
        m_load(&m, WIDTH_64, (MachineRegister) r, bench_field(bench, offsetof(State, r) + 8 * r));
    }
    m_jump_mem(&m, bench_field(bench, offsetof(State, target)));
    bench->enter = (void (*)(void)) bench_add(bench, &m);
    machine_clear(&m);
    for (uint32_t r = 0; r < R_SCRATCH; r++) {
        m_store(&m, WIDTH_64, (MachineRegister) r, bench_field(bench, offsetof(State, r) + 8 * r));
    }
    for (uint32_t f = 0; f < F_SCRATCH; f++) {
        m_fstore(&m, (MachineFloat) f, bench_field(bench, offsetof(State, f) + 8 * f));
    }
    m_leave_to_c(&m, bench_field(bench, offsetof(State, c_stack)));
    bench->leave = bench_add(bench, &m);
    machine_finish(&m);
}

static inline void bench_finish(Bench *bench)
{
    munmap(bench->code, bench->capacity);
    munmap(bench->state, sizeof *bench->state);
}

/* Code that does `i` and says in state->taken whether it went to the label. */
static inline uint8_t *bench_case(Bench *bench, Machine *m, MachineInstruction i)
{
    machine_clear(m);
    i.label = m_label(m);
    m_append(m, i);
    m_store_imm(m, WIDTH_64, 0, bench_field(bench, offsetof(State, taken)));
    m_jump_address(m, bench->leave);
    m_bind(m, i.label);
    m_store_imm(m, WIDTH_64, 1, bench_field(bench, offsetof(State, taken)));
    m_jump_address(m, bench->leave);
    return bench_add(bench, m);
}

/* Runs `code` on the state. */
static inline void bench_run(Bench *bench, const uint8_t *code)
{
    bench->state->target = (uint64_t) (uintptr_t) code;
    bench->enter();
}

#endif
