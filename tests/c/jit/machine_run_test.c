/* tests/c/jit/machine_run_test.c
 * Every operation with every combination of registers, run as machine code and compared with what
 * it means (model.h): all registers, memory, and where it goes. */
#include "tests/c/jit/model.h"

#include "runtime/term/mem.h"
#include "tests/c/test.h"

#ifndef SAMPLE
#define SAMPLE 1 /* try one case in so many: emulators are slow */
#endif

static Bench bench;
static Machine machine;
static uint64_t seed = 1;

typedef struct Case {
    MachineInstruction instruction;
    State before;
    uint8_t *code;
} Case;
enum { CASES = 1024 };
static Case *cases;
static uint32_t case_count;
static uint64_t cases_run;

static const uint64_t numbers[] = {
    0,
    1,
    2,
    3,
    4,
    5,
    7,
    8,
    9,
    16,
    31,
    32,
    63,
    64,
    65,
    100,
    127,
    128,
    129,
    255,
    256,
    4095,
    4096,
    32767,
    32768,
    65535,
    65536,
    0x00FF00,
    0x7FFFFFFF,
    0x80000000,
    0xFFFFFFFF,
    0x100000000,
    0x123456789ABCDEF,
    0x7FFFFFFFFFFFFFFF,
    0x8000000000000000,
    0x5555555555555555,
    0x00FF00FF00FF00FF,
    0xFFFF0000FFFF0000,
    0x1FFFFFFFFFFFFFFF,
    0xE000000000000000,
    0x4000000000000000,
    0xAAAAAAAAAAAAAAAA,
    0xFFFFFFFF80000000,
    0xFFFFFFFF7FFFFFFF,
};

static uint64_t some_number(void)
{
    uint64_t value = test_random(&seed);
    switch (value % 4) {
    case 0:
        return test_random(&seed) >> (test_random(&seed) & 63);
    case 1:
        return -(numbers[(value >> 8) % COUNT_OF(numbers)]);
    default:
        return numbers[(value >> 8) % COUNT_OF(numbers)];
    }
}

static uint64_t some_double(void)
{
    static const double values[] = {0.0,   -0.0,  1.0,         -1.0,   0.5,      1.5,
                                    -2.75, 1e300, -1e-300,     5e-324, INFINITY, -INFINITY,
                                    NAN,   3.0,   123456789.0, -4e18,  0x1p62};
    uint64_t value = test_random(&seed);
    if (value % 4 == 0) {
        return model_bits((double) (int64_t) test_random(&seed) / 65536.0);
    }
    return model_bits(values[(value >> 8) % COUNT_OF(values)]);
}

static void fill(State *s)
{
    for (uint32_t r = 0; r < 16; r++) {
        s->r[r] = some_number();
        s->f[r] = some_double();
    }
    for (uint32_t i = 0; i < MODEL_MEMORY; i += 8) {
        uint64_t value = some_number();
        memcpy(s->memory + i, &value, 8);
    }
}

static void fail_case(const Case *c, const char *what, uint32_t which, uint64_t expected,
                      uint64_t found)
{
    printf("%s %u: expected %#llx, found %#llx, after: ", what, which,
           (unsigned long long) expected, (unsigned long long) found);
    machine_dump_one(&c->instruction, stdout);
    printf("\n");
    for (uint32_t r = 0; r < R_SCRATCH; r++) {
        printf("  r%u %#llx f%u %g\n", r, (unsigned long long) c->before.r[r], r,
               model_double(c->before.f[r]));
    }
    fail();
}

static bool same_float(const MachineInstruction *i, uint64_t a, uint64_t b)
{
    bool any_nan = i->op >= M_FADD && i->op <= M_FSQRT;
    return a == b || (any_nan && isnan(model_double(a)) && isnan(model_double(b)));
}

static void run_case(const Case *c)
{
    State expected = c->before;
    State *found = bench.state;
    if (!model_step(&c->instruction, &expected, (uintptr_t) found->memory)) {
        return;
    }
    *found = c->before;
    bench_run(&bench, c->code);
    cases_run++;
    if (found->taken != expected.taken) {
        fail_case(c, "taken", 0, expected.taken, found->taken);
    }
    for (uint32_t r = 0; r < R_SCRATCH; r++) {
        if (found->r[r] != expected.r[r]) {
            fail_case(c, "r", r, expected.r[r], found->r[r]);
        }
        if (!same_float(&c->instruction, expected.f[r], found->f[r])) {
            fail_case(c, "f", r, expected.f[r], found->f[r]);
        }
    }
    for (uint32_t i = 0; i < MODEL_MEMORY; i++) {
        if (found->memory[i] != expected.memory[i]) {
            fail_case(c, "memory", i, expected.memory[i], found->memory[i]);
        }
    }
}

static void run_all(void)
{
    bench_runnable(&bench);
    for (uint32_t i = 0; i < case_count; i++) {
        run_case(&cases[i]);
    }
    bench_writable(&bench);
    case_count = 0;
}

static size_t start_used;

static void start(void)
{
    cases = mem_alloc(CASES * sizeof *cases);
    machine_init(&machine);
    bench_init(&bench, machine_features_here());
    start_used = bench.used;
    cases_run = 0;
}

static void stop(void)
{
    run_all();
    assert_true(cases_run > 0);
    bench_finish(&bench);
    machine_finish(&machine);
    mem_free(cases);
}

static bool in_sample(void)
{
    return SAMPLE == 1 || test_random(&seed) % SAMPLE == 0;
}

/* Adds the case, on a state that fits: what is addressed lies in the memory. */
static void try(MachineInstruction i, bool addresses)
{
    Case *c;
    if (!in_sample()) {
        return;
    }
    if (case_count == CASES) {
        run_all();
    }
    if (case_count == 0) {
        bench.used = start_used;
    }
    c = &cases[case_count];
    fill(&c->before);
    if (addresses) {
        uint64_t at = (uintptr_t) bench.state->memory + test_random(&seed) % (MODEL_MEMORY - 8);
        MachineMemory *memory = &i.memory;
        uint64_t *base = memory->base == R_NONE ? NULL : &c->before.r[memory->base];
        uint64_t *index = memory->index == R_NONE ? NULL : &c->before.r[memory->index];
        if (base != NULL && base != index) {
            *base = at - (index == NULL ? 0 : *index << memory->scale) -
                    (uint64_t) (int64_t) memory->disp;
        } else if (base != NULL) {
            *base = test_random(&seed) >> 40;
            memory->disp = (int32_t) (at - *base - (*base << memory->scale));
        } else if (index != NULL) {
            *index = test_random(&seed) >> 40;
            memory->disp = (int32_t) (at - (*index << memory->scale));
        } else {
            memory->disp = (int32_t) at;
        }
    }
    c->instruction = i;
    c->code = bench_case(&bench, &machine, i);
    case_count++;
}

static const int32_t displacements[] = {0,    8,    -8,    127,   128,        -128,
                                        -129, 255,  256,   -256,  -257,       1000,
                                        4095, 4096, 32760, 32761, 0x7FFFFFFF, -0x7FFFFFFF - 1};

static MachineMemory some_memory(void)
{
    uint64_t chance = test_random(&seed);
    MachineMemory memory = {R_NONE, R_NONE, 0, 0};
    if (chance % 16 != 0) {
        memory.base = (chance >> 8) % R_SCRATCH;
    }
    if ((chance >> 4) % 2 == 0) {
        memory.index = (chance >> 16) % R_SCRATCH;
        memory.index = memory.index == R_SP ? R_HEAP : memory.index;
        memory.scale = (chance >> 24) % 4;
    }
    memory.disp = displacements[(chance >> 32) % COUNT_OF(displacements)];
    return memory;
}

#define EACH_REGISTER(r) (uint32_t r = 0; r < R_SCRATCH; r++)
#define EACH_FLOAT(f) (uint32_t f = 0; f < F_SCRATCH; f++)

/* All forms of `d = a op b`. */
static void try_binary(uint32_t op)
{
    for
        EACH_REGISTER(d)
        {
        for
            EACH_REGISTER(a)
            {
            for
                EACH_REGISTER(b)
                {
                    try((MachineInstruction){.op = op, .d = d, .a = a, .b = b}, false);
                }
            for (uint32_t k = 0; k < COUNT_OF(numbers) / 2; k++) {
                try((MachineInstruction){.op = op,
                                         .form = FORM_CONSTANT,
                                         .d = d,
                                         .a = a,
                                         .constant = (int64_t) some_number()},
                    false);
            }
            for (uint32_t k = 0; k < 12; k++) {
                try(
                    (MachineInstruction){
                        .op = op, .form = FORM_MEMORY, .d = d, .a = a, .memory = some_memory()},
                    true);
            }
            }
        }
    for (uint32_t k = 0; k < COUNT_OF(numbers); k++) {
        for (int32_t sign = -1; sign <= 1; sign += 2) {
            int64_t constant = (int64_t) (numbers[k] * (uint64_t) (int64_t) sign);
            for
                EACH_REGISTER(a)
                {
                    try(
                        (MachineInstruction){
                            .op = op, .form = FORM_CONSTANT, .d = a, .a = a, .constant = constant},
                        false);
                    try(
                        (MachineInstruction){
                            .op = op, .form = FORM_CONSTANT, .d = R2, .a = a, .constant = constant},
                        false);
                }
        }
    }
}

TEST(sums_and_logic)
{
    start();
    for (uint32_t op = M_ADD; op <= M_XOR; op++) {
        try_binary(op);
    }
    stop();
}

TEST(products_and_quotients)
{
    start();
    try_binary(M_MUL);
    for (uint32_t op = M_MUL_HIGH; op <= M_REM; op++) {
        try_binary(op);
    }
    stop();
}

TEST(shifts_and_rotations)
{
    start();
    for (uint32_t op = M_SHL; op <= M_ROR; op++) {
        try_binary(op);
    }
    stop();
}

TEST(processors_without_extensions)
{
    start();
    bench.options.features = 0;
    for (uint32_t op = M_SHL; op <= M_ROR; op++) {
        try_binary(op);
    }
    for (uint32_t op = M_LEADING_ZEROS; op <= M_COUNT_ONES; op++) {
        for
            EACH_REGISTER(d)
            {
            for
                EACH_REGISTER(a)
                {
                    try((MachineInstruction){.op = op, .d = d, .a = a}, false);
                }
            }
    }
    stop();
}

TEST(sums_that_branch)
{
    start();
    try_binary(M_ADD_OVERFLOW);
    try_binary(M_SUB_OVERFLOW);
    try_binary(M_MUL_OVERFLOW);
    try_binary(M_SUB_NEGATIVE);
    stop();
}

TEST(operations_on_one_register)
{
    static const uint8_t ops[] = {
        M_MOVE, M_NEG, M_NOT, M_NEG_OVERFLOW, M_LEADING_ZEROS, M_TRAILING_ZEROS, M_COUNT_ONES};
    static const uint8_t swapped[] = {WIDTH_64, WIDTH_U32, WIDTH_U16};
    start();
    for
        EACH_REGISTER(d)
        {
        for
            EACH_REGISTER(a)
            {
                for (uint32_t round = 0; round < 6; round++) {
                    for (uint32_t k = 0; k < COUNT_OF(ops); k++) {
                        try((MachineInstruction){.op = ops[k], .d = d, .a = a}, false);
                    }
                    for (uint32_t width = WIDTH_64; width <= WIDTH_S32; width++) {
                        try((MachineInstruction){.op = M_EXTEND, .width = width, .d = d, .a = a},
                            false);
                    }
                    for (uint32_t k = 0; k < COUNT_OF(swapped); k++) {
                        try(
                            (MachineInstruction){
                                .op = M_SWAP_BYTES, .width = swapped[k], .d = d, .a = a},
                            false);
                    }
                }
            }
        }
    stop();
}

TEST(constants)
{
    start();
    for
        EACH_REGISTER(d)
        {
            for (uint32_t k = 0; k < 300; k++) {
                try((MachineInstruction){.op = k % 2 == 0 ? M_CONST : M_ADDRESS,
                                         .d = d,
                                         .constant = (int64_t) some_number()},
                    false);
            }
        }
    for
        EACH_FLOAT(d)
        {
            for (uint32_t k = 0; k < 100; k++) {
                try((MachineInstruction){.op = M_FCONST,
                                         .d = d,
                                         .constant = (int64_t) some_double()},
                    false);
            }
        }
    stop();
}

static void try_memory(MachineMemory memory)
{
    for (uint32_t width = WIDTH_64; width <= WIDTH_S32; width++) {
        uint32_t r = test_random(&seed) % R_SCRATCH;
        try((MachineInstruction){.op = M_LOAD, .width = width, .d = r, .memory = memory}, true);
        try((MachineInstruction){.op = M_STORE, .width = width, .a = r, .memory = memory}, true);
        try((MachineInstruction){.op = M_STORE_IMM,
                                 .width = width,
                                 .constant = (int64_t) some_number(),
                                 .memory = memory},
            true);
    }
    uint32_t r = test_random(&seed) % R_SCRATCH;
    try((MachineInstruction){.op = M_LEA, .d = r, .memory = memory}, false);
    try((MachineInstruction){.op = M_FLOAD, .d = r, .memory = memory}, true);
    try((MachineInstruction){.op = M_FSTORE, .a = r, .memory = memory}, true);
}

TEST(memory_of_every_form)
{
    start();
    for (uint32_t base = 0; base <= R_SCRATCH; base++) {
        for (uint32_t index = 0; index <= R_SCRATCH; index++) {
            for (uint32_t k = 0; k < COUNT_OF(displacements); k++) {
                MachineMemory memory = {base == R_SCRATCH ? R_NONE : base,
                                        index == R_SCRATCH ? R_NONE : index,
                                        index == R_SCRATCH ? 0 : k % 4, displacements[k]};
                if (index != R_SP) {
                    try_memory(memory);
                }
            }
        }
    }
    stop();
}

TEST(loads_and_stores_of_every_register)
{
    start();
    for (uint32_t width = WIDTH_64; width <= WIDTH_S32; width++) {
        for
            EACH_REGISTER(r)
            {
            for
                EACH_REGISTER(base)
                {
                    MachineMemory memory = m_at((MachineRegister) base, 24);
                    try(
                        (MachineInstruction){
                            .op = M_LOAD, .width = width, .d = r, .memory = memory},
                        true);
                    try(
                        (MachineInstruction){
                            .op = M_STORE, .width = width, .a = r, .memory = memory},
                        true);
                }
            }
    }
    stop();
}

TEST(memory_that_counts)
{
    static const uint8_t down[] = {WIDTH_64, WIDTH_U32, WIDTH_S32};
    start();
    for (uint32_t k = 0; k < 6000; k++) {
        uint32_t width = test_random(&seed) % (WIDTH_S32 + 1);
        try((MachineInstruction){.op = M_MEMORY_ADD,
                                 .width = width,
                                 .constant = (int64_t) some_number(),
                                 .memory = some_memory()},
            true);
        try((MachineInstruction){.op = M_MEMORY_SUB_NEGATIVE,
                                 .width = down[k % 3],
                                 .constant = (int64_t) some_number(),
                                 .memory = some_memory()},
            true);
        try((MachineInstruction){.op = M_MEMORY_SUB_NEGATIVE,
                                 .width = down[k % 3],
                                 .constant = 1,
                                 .memory = some_memory()},
            true);
    }
    stop();
}

TEST(comparisons)
{
    start();
    for (uint32_t condition = M_EQ; condition <= M_ULE; condition++) {
        for
            EACH_REGISTER(a)
            {
            for
                EACH_REGISTER(b)
                {
                    for (uint32_t k = 0; k < 4; k++) {
                        try(
                            (MachineInstruction){
                                .op = M_BRANCH, .condition = condition, .a = a, .b = b},
                            false);
                    }
                }
            for (uint32_t k = 0; k < 4 * COUNT_OF(numbers); k++) {
                try((MachineInstruction){.op = M_BRANCH,
                                         .form = FORM_CONSTANT,
                                         .condition = condition,
                                         .a = a,
                                         .constant = (int64_t) some_number()},
                    false);
            }
            for (uint32_t k = 0; k < 40; k++) {
                try((MachineInstruction){.op = M_BRANCH,
                                         .form = FORM_MEMORY,
                                         .condition = condition,
                                         .a = a,
                                         .memory = some_memory()},
                    true);
            }
            }
    }
    stop();
}

TEST(comparisons_of_memory)
{
    start();
    for (uint32_t k = 0; k < 60000; k++) {
        uint64_t chance = test_random(&seed);
        uint32_t condition = chance % (M_ULE + 1), width = (chance >> 8) % (WIDTH_S32 + 1);
        uint64_t constant = some_number();
        if ((chance >> 16) % 2 == 0) {
            constant = model_extend((MachineWidth) width, constant);
        }
        try((MachineInstruction){.op = M_BRANCH_MEMORY,
                                 .condition = condition,
                                 .width = width,
                                 .constant = (int64_t) constant,
                                 .memory = some_memory()},
            true);
    }
    stop();
}

TEST(tests_of_bits)
{
    start();
    for (uint32_t condition = M_EQ; condition <= M_NE; condition++) {
        for
            EACH_REGISTER(a)
            {
            for
                EACH_REGISTER(b)
                {
                    try(
                        (MachineInstruction){
                            .op = M_BRANCH_BITS, .condition = condition, .a = a, .b = b},
                        false);
                }
            for (uint32_t k = 0; k < 300; k++) {
                uint64_t bits = k < 64 ? (uint64_t) 1 << k : some_number();
                try((MachineInstruction){.op = M_BRANCH_BITS,
                                         .form = FORM_CONSTANT,
                                         .condition = condition,
                                         .a = a,
                                         .constant = (int64_t) bits},
                    false);
                try((MachineInstruction){.op = M_BRANCH_BITS_MEMORY,
                                         .width = test_random(&seed) % (WIDTH_S32 + 1),
                                         .condition = condition,
                                         .constant = (int64_t) bits,
                                         .memory = some_memory()},
                    true);
            }
            }
    }
    stop();
}

TEST(conditions_as_values)
{
    start();
    for (uint32_t condition = M_EQ; condition <= M_ULE; condition++) {
        for
            EACH_REGISTER(d)
            {
            for
                EACH_REGISTER(a)
                {
                for
                    EACH_REGISTER(b)
                    {
                        try(
                            (MachineInstruction){
                                .op = M_SET, .condition = condition, .d = d, .a = a, .b = b},
                            false);
                    }
                for (uint32_t k = 0; k < 8; k++) {
                    try((MachineInstruction){.op = M_SET,
                                             .form = FORM_CONSTANT,
                                             .condition = condition,
                                             .d = d,
                                             .a = a,
                                             .constant = (int64_t) some_number()},
                        false);
                }
                }
            }
    }
    for (uint32_t k = 0; k < 100000; k++) {
        uint64_t chance = test_random(&seed);
        try((MachineInstruction){.op = M_SELECT,
                                 .form = chance >> 60 & 1,
                                 .condition = chance % (M_ULE + 1),
                                 .d = (chance >> 8) % R_SCRATCH,
                                 .a = (chance >> 16) % R_SCRATCH,
                                 .b = (chance >> 24) % R_SCRATCH,
                                 .c = (chance >> 32) % R_SCRATCH,
                                 .e = (chance >> 40) % R_SCRATCH,
                                 .constant = (int64_t) some_number()},
            false);
    }
    stop();
}

TEST(floats)
{
    start();
    for (uint32_t op = M_FADD; op <= M_FDIV; op++) {
        for
            EACH_FLOAT(d)
            {
            for
                EACH_FLOAT(a)
                {
                for
                    EACH_FLOAT(b)
                    {
                        try((MachineInstruction){.op = op, .d = d, .a = a, .b = b}, false);
                    }
                }
            }
    }
    for
        EACH_FLOAT(d)
        {
        for
            EACH_FLOAT(a)
            {
                for (uint32_t k = 0; k < 20; k++) {
                    try((MachineInstruction){.op = M_FMOVE, .d = d, .a = a}, false);
                    try((MachineInstruction){.op = M_FSQRT, .d = d, .a = a}, false);
                    try((MachineInstruction){.op = M_FNEG, .d = d, .a = a}, false);
                    try((MachineInstruction){.op = M_FABS, .d = d, .a = a}, false);
                    try((MachineInstruction){.op = M_INT_TO_FLOAT, .d = d, .a = a}, false);
                    try((MachineInstruction){.op = M_FLOAT_TO_INT, .d = d, .a = a}, false);
                    try((MachineInstruction){.op = M_BITS_TO_FLOAT, .d = d, .a = a}, false);
                    try((MachineInstruction){.op = M_FLOAT_TO_BITS, .d = d, .a = a}, false);
                }
            }
        }
    stop();
}

TEST(comparisons_of_floats)
{
    start();
    for (uint32_t condition = M_FEQ; condition <= M_FNOT_GE; condition++) {
        for
            EACH_FLOAT(a)
            {
            for
                EACH_FLOAT(b)
                {
                    for (uint32_t k = 0; k < 8; k++) {
                        uint32_t d = test_random(&seed) % R_SCRATCH;
                        try(
                            (MachineInstruction){
                                .op = M_FBRANCH, .condition = condition, .a = a, .b = b},
                            false);
                        try(
                            (MachineInstruction){
                                .op = M_FSET, .condition = condition, .d = d, .a = a, .b = b},
                            false);
                    }
                }
            }
    }
    stop();
}
