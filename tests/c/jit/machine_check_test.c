/* tests/c/jit/machine_check_test.c
 * Registers that are read though they need not hold anything are found, and no others. */
#include "compiler/jit/machine_check.h"

#include "tests/c/test.h"

enum { FIXED = 1u << R_PROCESS | 1u << R_HEAP | 1u << R_SP };

static Machine m;
static MachineLabel entry;

static void start(void)
{
    machine_init(&m);
    entry = m_label(&m);
    m_bind(&m, entry);
}

/* The index of what is wrong; UINT32_MAX: nothing. */
static uint32_t wrong(void)
{
    uint32_t where;
    bool fine = machine_check(&m, FIXED, &entry, 1, &where);
    assert_int_equal(fine, where == UINT32_MAX);
    machine_finish(&m);
    return where;
}

static void nothing(void) {}

TEST(a_register_is_read_before_it_is_written)
{
    uint32_t at;
    start();
    m_load(&m, WIDTH_64, R1, m_at(R_SP, -8));
    at = m.count;
    m_add(&m, R0, R1, R2);
    m_return(&m);
    assert_int_equal(wrong(), at);
}

TEST(a_register_of_an_address_is_read)
{
    uint32_t at;
    start();
    at = m.count;
    m_store_imm(&m, WIDTH_64, 1, m_at_index(R_SP, R3, 3, 0));
    m_return(&m);
    assert_int_equal(wrong(), at);
}

TEST(a_call_of_c_loses_what_c_does_not_keep)
{
    uint32_t at;
    start();
    m_const(&m, R1, 1);
    m_const(&m, R9, 2);
    m_call_c(&m, (const void *) nothing);
    m_add(&m, R0, R0, R9);
    at = m.count;
    m_add(&m, R0, R0, R1);
    m_return(&m);
    assert_int_equal(wrong(), at);
}

TEST(a_call_loses_everything_but_its_result)
{
    uint32_t at;
    start();
    m_const(&m, R9, 2);
    m_call(&m, entry);
    m_store(&m, WIDTH_64, R0, m_at(R_SP, -8));
    at = m.count;
    m_store(&m, WIDTH_64, R9, m_at(R_SP, -16));
    m_return(&m);
    assert_int_equal(wrong(), at);
}

/* What a slow path does that collects and tries again: only what it loads again is there. */
static void retry(bool loads_again)
{
    MachineLabel slow, again, done;
    start();
    slow = m_label(&m);
    again = m_label(&m);
    done = m_label(&m);
    m_load(&m, WIDTH_64, R1, m_at(R_SP, -8));
    m_bind(&m, slow);
    m_branch_mem(&m, M_UGT, R1, m_at(R_PROCESS, 8), done);
    m_lea_label(&m, R2, again);
    m_store(&m, WIDTH_64, R2, m_at(R_PROCESS, 16));
    m_jump_mem(&m, m_at(R_PROCESS, 24));
    m_bind(&m, again);
    if (loads_again) {
        m_load(&m, WIDTH_64, R1, m_at(R_SP, -8));
    }
    m_jump(&m, slow);
    m_bind(&m, done);
    m_move(&m, R0, R1);
    m_return(&m);
}

TEST(a_register_is_not_loaded_again_behind_a_collection)
{
    retry(false);
    assert_int_not_equal(wrong(), UINT32_MAX);
    retry(true);
    assert_int_equal(wrong(), UINT32_MAX);
}

TEST(where_ways_meet_what_all_have_written_is_known)
{
    for (int both = 0; both < 2; both++) {
        MachineLabel other, meet;
        start();
        other = m_label(&m);
        meet = m_label(&m);
        m_branch_imm(&m, M_EQ, R0, 0, other);
        m_const(&m, R5, 1);
        m_jump(&m, meet);
        m_bind(&m, other);
        if (both) {
            m_const(&m, R5, 2);
        }
        m_bind(&m, meet);
        m_move(&m, R0, R5);
        m_return(&m);
        assert_int_equal(wrong() == UINT32_MAX, both);
    }
}

TEST(a_loop_is_followed_until_nothing_changes)
{
    MachineLabel loop;
    start();
    loop = m_label(&m);
    m_const(&m, R1, 100);
    m_const(&m, R2, 0);
    m_bind(&m, loop);
    m_add(&m, R2, R2, R1);
    m_sub_imm(&m, R1, R1, 1);
    m_call_c(&m, (const void *) nothing);
    m_branch_imm(&m, M_NE, R0, 0, loop); /* R1 and R2 are lost */
    m_return(&m);
    assert_int_not_equal(wrong(), UINT32_MAX);
}

TEST(floats_are_followed_too)
{
    uint32_t at;
    start();
    m_fconst(&m, F1, 1.5);
    m_call_c(&m, (const void *) nothing);
    at = m.count;
    m_fadd(&m, F0, F0, F1);
    m_return(&m);
    assert_int_equal(wrong(), at);
}
