/* tests/c/jit/machine_flow_test.c
 * Where code goes: labels near and far, calls on a stack of its own, C, tables, return points. */
#include "tests/c/jit/bench.h"

#include "tests/c/test.h"

static Bench bench;
static Machine m;

typedef uint64_t (*Function)(uint64_t a, uint64_t b, uint64_t c);

static void start(void)
{
    bench_init(&bench, machine_features_here());
    machine_init(&m);
}

static void stop(void)
{
    bench_finish(&bench);
    machine_finish(&m);
}

static Function finish(void)
{
    uint8_t *at = bench_add(&bench, &m);
    bench_runnable(&bench);
    return (Function) at;
}

static MachineMemory c_stack(void)
{
    return bench_field(&bench, offsetof(State, c_stack));
}

TEST(a_loop)
{
    MachineLabel again, done;
    start();
    again = m_label(&m);
    done = m_label(&m);
    m_enter_from_c(&m, c_stack());
    m_const(&m, R0, 0);
    m_bind(&m, again);
    m_branch_imm(&m, M_EQ, R1, 0, done);
    m_add(&m, R0, R0, R1);
    m_sub_imm(&m, R1, R1, 1);
    m_jump(&m, again);
    m_bind(&m, done);
    m_leave_to_c(&m, c_stack());
    assert_int_equal(finish()(100, 0, 0), 5050);
    stop();
}

/* A branch over `padding` bytes of data, forward and backward, taken and not. */
static void branch_over(uint32_t padding, bool conditional)
{
    MachineLabel back, forward, out;
    Function function;
    start();
    back = m_label(&m);
    forward = m_label(&m);
    out = m_label(&m);
    m_enter_from_c(&m, c_stack());
    if (conditional) {
        m_branch_imm(&m, M_EQ, R1, 1, forward);
        m_const(&m, R0, 7);
        m_jump(&m, out);
    } else {
        m_jump(&m, forward);
    }
    m_bind(&m, back);
    m_const(&m, R0, 42);
    m_bind(&m, out);
    m_leave_to_c(&m, c_stack());
    for (uint32_t i = 0; i < padding / 8; i++) {
        m_data(&m, 0xCCCCCCCCCCCCCCCC);
    }
    for (uint32_t i = 0; i < padding % 8; i++) {
        m_return(&m);
    }
    m_bind(&m, forward);
    if (conditional) {
        m_branch_bits_imm(&m, M_NE, R1, 1, back);
    }
    m_jump(&m, back);
    function = finish();
    assert_int_equal(function(1, 0, 0), 42);
    assert_int_equal(function(0, 0, 0), conditional ? 7 : 42);
    stop();
}

TEST(branches_near_and_far)
{
    for (uint32_t padding = 80; padding < 140; padding++) {
        branch_over(padding, false);
        branch_over(padding, true);
    }
    for (uint32_t padding = 32700; padding < 32800; padding += 8) {
        branch_over(padding, true);
    }
    branch_over(100000, true);
    branch_over(0x100000 - 64, true);
    branch_over(0x100000 + 4096, true);
    branch_over(0x300000, true);
    branch_over(0x300000, false);
}

/* Branches of several hundred labels back and forth with alignment between: what reaches at first
 * may no longer when others grew. */
TEST(branches_that_push_each_other_apart)
{
    enum { COUNT = 400 };
    MachineLabel labels[COUNT], out;
    uint32_t targets[COUNT];
    uint64_t seed = 5, at = 0, steps = 0;
    start();
    for (uint32_t i = 0; i < COUNT; i++) {
        labels[i] = m_label(&m);
        targets[i] = (uint32_t) (test_random(&seed) % (i % 2 == 0 ? COUNT : 20 + i / 2));
    }
    out = m_label(&m);
    m_enter_from_c(&m, c_stack());
    m_const(&m, R0, 0);
    for (uint32_t i = 0; i < COUNT; i++) {
        m_bind(&m, labels[i]);
        m_add_imm(&m, R0, R0, 1);
        if (i % 7 == 0) {
            m_align(&m, 16);
        }
        m_sub_negative_imm(&m, R1, R1, 1, out);
        m_branch_bits_imm(&m, M_EQ, R1, 3, labels[targets[i]]);
    }
    m_bind(&m, out);
    m_leave_to_c(&m, c_stack());
    for (int64_t left = 10000; at < COUNT;) {
        steps++;
        if (--left < 0) {
            break;
        }
        at = (left & 3) == 0 ? targets[at] : at + 1;
    }
    assert_int_equal(finish()(10000, 0, 0), steps);
    stop();
}

static uint64_t process_stack[512];

/* fib, on a stack of its own, slots below the stack pointer, as Muster's code does. */
TEST(calls_on_another_stack)
{
    MachineLabel fib, base;
    Function function;
    start();
    fib = m_label(&m);
    base = m_label(&m);
    m_enter_from_c(&m, c_stack());
    m_address(&m, R_SP, &process_stack[500]);
    m_store(&m, WIDTH_64, R1, m_at(R_SP, -16)); /* slot 1 of the callee's frame */
    m_call(&m, fib);
    m_return_point(&m, 77);
    m_leave_to_c(&m, c_stack());
    m_bind(&m, fib); /* argument in slot 1 */
    m_load(&m, WIDTH_64, R1, m_at(R_SP, -8));
    m_branch_imm(&m, M_LT, R1, 2, base);
    m_sub_imm(&m, R1, R1, 1);
    m_store(&m, WIDTH_64, R1, m_at(R_SP, -8 * 4));
    m_sub_imm(&m, R_SP, R_SP, 16);
    m_call(&m, fib);
    m_return_point(&m, 0xFFFFFFFF);
    m_add_imm(&m, R_SP, R_SP, 16);
    m_store(&m, WIDTH_64, R0, m_at(R_SP, -16));
    m_load(&m, WIDTH_64, R1, m_at(R_SP, -8));
    m_sub_imm(&m, R1, R1, 2);
    m_store(&m, WIDTH_64, R1, m_at(R_SP, -8 * 5));
    m_sub_imm(&m, R_SP, R_SP, 24);
    m_call(&m, fib);
    m_return_point(&m, 0x12345678);
    m_add_imm(&m, R_SP, R_SP, 24);
    m_add_mem(&m, R0, R0, m_at(R_SP, -16));
    m_return(&m);
    m_bind(&m, base);
    m_move(&m, R0, R1);
    m_return(&m);
    function = finish();
    assert_int_equal(function(20, 0, 0), 6765);
    stop();
}

static uint64_t seen_return;

static uint64_t look_at_return(uint64_t frame_word)
{
    seen_return = frame_word;
    return 5;
}

TEST(a_return_point_is_found_at_the_return_address)
{
    MachineLabel callee;
    uint32_t payload = 0;
    start();
    callee = m_label(&m);
    m_enter_from_c(&m, c_stack());
    m_address(&m, R_SP, &process_stack[500]);
    m_call(&m, callee);
    m_return_point(&m, 0xDEADBEEF);
    m_leave_to_c(&m, c_stack());
    m_bind(&m, callee);
    m_load(&m, WIDTH_64, R1, m_at(R_SP, 0));
    m_move(&m, R8, R_SP); /* C keeps it */
    m_c_stack(&m, c_stack());
    m_call_c(&m, (const void *) look_at_return);
    m_move(&m, R_SP, R8);
    m_return(&m);
    assert_int_equal(finish()(0, 0, 0), 5);
    assert_true(machine_return_point((const uint8_t *) seen_return, &payload));
    assert_int_equal(payload, 0xDEADBEEF);
    assert_false(machine_return_point((const uint8_t *) seen_return + 4, &payload));
    assert_int_equal(process_stack[499], seen_return);
    stop();
}

static uint64_t sum_of_six(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
    uint64_t local[2];
    assert_true(((uintptr_t) local & 7) == 0);
    return a + 10 * b + 100 * c + 1000 * d + 10000 * e + 100000 * f;
}

static double difference(double a, double b)
{
    return a - b;
}

TEST(c_functions_get_arguments_and_give_results)
{
    start();
    m_enter_from_c(&m, c_stack());
    m_move(&m, R10, R3);
    for (uint32_t i = 1; i <= 6; i++) {
        m_const(&m, (MachineRegister) (R0 + i), i);
    }
    m_c_stack(&m, c_stack());
    m_call_c(&m, (const void *) sum_of_six);
    m_move(&m, R9, R0);
    m_fconst(&m, F0, 7.5);
    m_fconst(&m, F1, 2.5);
    m_address(&m, R2, (const void *) difference);
    m_call_c_register(&m, R2);
    m_float_to_int(&m, R0, F0);
    m_mul_imm(&m, R0, R0, 1000000);
    m_add(&m, R0, R0, R9);
    m_add(&m, R0, R0, R10);
    m_leave_to_c(&m, c_stack());
    assert_int_equal(finish()(1, 2, 70000000), 75654321);
    stop();
}

TEST(a_jump_table)
{
    enum { COUNT = 37 };
    MachineLabel labels[COUNT], out;
    Function function;
    start();
    out = m_label(&m);
    for (uint32_t i = 0; i < COUNT; i++) {
        labels[i] = m_label(&m);
    }
    for (uint32_t r = R1; r < R_SP; r++) {
        machine_clear(&m);
        out = m_label(&m);
        for (uint32_t i = 0; i < COUNT; i++) {
            labels[i] = m_label(&m);
        }
        m_enter_from_c(&m, c_stack());
        m_move(&m, (MachineRegister) r, R1);
        m_jump_table(&m, (MachineRegister) r, labels, COUNT);
        for (uint32_t i = 0; i < COUNT; i++) {
            m_bind(&m, labels[i]);
            m_const(&m, R0, 1000 + i * i);
            m_jump(&m, out);
        }
        m_bind(&m, out);
        m_leave_to_c(&m, c_stack());
        function = finish();
        for (uint32_t i = 0; i < COUNT; i++) {
            assert_int_equal(function(i, 0, 0), 1000 + i * i);
        }
        bench_writable(&bench);
    }
    stop();
}

TEST(labels_as_data_and_addresses)
{
    MachineLabel place, table;
    Function function;
    start();
    place = m_label(&m);
    table = m_label(&m);
    m_enter_from_c(&m, c_stack());
    m_lea_label(&m, R2, table);
    m_load(&m, WIDTH_S32, R3, m_at(R2, 0));
    m_add(&m, R3, R3, R2);
    m_jump_register(&m, R3);
    m_stop(&m);
    m_align(&m, 8);
    m_bind(&m, table);
    m_data_label(&m, place);
    m_align(&m, 8);
    m_data(&m, 0x1122334455667788);
    m_bind(&m, place);
    m_load(&m, WIDTH_64, R0, m_at(R2, 8));
    m_leave_to_c(&m, c_stack());
    function = finish();
    assert_true(function(0, 0, 0) == 0x1122334455667788);
    stop();
}

TEST(calls_and_jumps_to_addresses_near_far_and_in_memory)
{
    uint8_t *triple;
    Function function;
    start();
    m_mul_imm(&m, R0, R1, 3);
    m_return(&m);
    triple = bench_add(&bench, &m);
    for (int near = 0; near <= 1; near++) {
        MachineLabel back;
        uint64_t where[2] = {(uintptr_t) triple, 0};
        if (near) {
            bench.options.low = (uintptr_t) bench.code;
            bench.options.high = (uintptr_t) bench.code + bench.capacity;
        }
        machine_clear(&m);
        back = m_label(&m);
        m_enter_from_c(&m, c_stack());
        m_address(&m, R_SP, &process_stack[500]);
        m_call_address(&m, triple);
        m_return_point(&m, 1);
        m_move(&m, R1, R0);
        m_address(&m, R5, where);
        m_call_mem(&m, m_at(R5, 0));
        m_return_point(&m, 2);
        m_move(&m, R1, R0);
        m_load(&m, WIDTH_64, R6, m_at(R5, 0));
        m_call_register(&m, R6);
        m_return_point(&m, 3);
        m_move(&m, R1, R0);
        /* jump there with the frame word written by hand */
        m_lea_label(&m, R7, back);
        m_store(&m, WIDTH_64, R7, m_at(R_SP, -8));
        m_sub_imm(&m, R_SP, R_SP, 8);
        m_jump_address(&m, triple);
        m_bind(&m, back);
        m_leave_to_c(&m, c_stack());
        function = finish();
        assert_int_equal(function(2, 0, 0), 162);
        bench_writable(&bench);
    }
    stop();
}

TEST(offsets_tell_where_instructions_and_labels_are)
{
    MachineCode code;
    MachineLabel first, second, never;
    start();
    first = m_label(&m);
    second = m_label(&m);
    never = m_label(&m);
    (void) never;
    m_jump(&m, second);
    m_bind(&m, first);
    m_mark(&m, 12);
    m_return(&m);
    m_align(&m, 64);
    m_bind(&m, second);
    m_jump(&m, first);
    machine_encode(&m, &bench.options, &code);
    assert_int_equal(code.label_offsets[0], code.instruction_offsets[1]);
    assert_int_equal(code.label_offsets[1], 64);
    assert_int_equal(code.label_offsets[2], UINT32_MAX);
    assert_int_equal(code.instruction_offsets[6], 64);
    assert_int_equal(code.instruction_offsets[7], code.size);
    machine_code_finish(&code);
    stop();
}

TEST(the_text_of_instructions)
{
    static const char *const expected =
        "    r0 = -5\n    r1 = u8[r2 + r3 * 4 - 12]\n    [sp - 8] = r4\nL0:\n"
        "    r1 = r1 + 0xffffffffff, overflow: L0\n    if r1 u< [heap]: L0\n"
        "    if (process and 3) == 0: L0\n    f1 = f2 / f3\n    if f1 not < f2: L0\n"
        "    jump table 0 [r5] L0 L0\n    return\n";
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    MachineLabel labels[2];
    machine_init(&m);
    labels[0] = labels[1] = m_label(&m);
    m_const(&m, R0, -5);
    m_load(&m, WIDTH_U8, R1, m_at_index(R2, R3, 2, -12));
    m_store(&m, WIDTH_64, R4, m_at(R_SP, -8));
    m_bind(&m, labels[0]);
    m_add_overflow_imm(&m, R1, R1, 0xFFFFFFFFFF, labels[0]);
    m_branch_mem(&m, M_ULT, R1, m_at(R_HEAP, 0), labels[0]);
    m_branch_bits_imm(&m, M_EQ, R_PROCESS, 3, labels[0]);
    m_fdiv(&m, F1, F2, F3);
    m_fbranch(&m, M_FNOT_LT, F1, F2, labels[0]);
    m_jump_table(&m, R5, labels, 2);
    m_return(&m);
    machine_dump(&m, out);
    fclose(out);
    assert_string_equal(text, expected);
    free(text);
    machine_finish(&m);
}
