/* tests/c/runtime/optimise_test.c
 * What the optimiser makes of functions: which checks stay, what stays in registers. Every pass is
 * verified (ssa_verify), since it is traced. That the code does what it should is for tests/lang,
 * in the mode --jit=optimised. */
#include "compiler/compile.h"
#include "compiler/jit/ssa.h"
#include "runtime/interpret.h"
#include "runtime/term/atom.h"
#include "tests/c/test.h"

#include <stdio.h>
#include <stdlib.h>

static const char source[] =
    "-module(guest).\n"
    "-compile(export_all).\n"
    "fib(N) when N < 2 -> N;\n"
    "fib(N) -> fib(N - 1) + fib(N - 2).\n"
    "tak(X, Y, Z) when Y < X -> tak(tak(X-1, Y, Z), tak(Y-1, Z, X), tak(Z-1, X, Y));\n"
    "tak(_, _, Z) -> Z.\n"
    "sum([], A) -> A;\n"
    "sum([H | T], A) -> sum(T, A + H).\n"
    "harmonic(0, A) -> A;\n"
    "harmonic(N, A) -> harmonic(N - 1, A + 1.0 / N).\n"
    "orbit(Cr, Ci, Zr, Zi, N) when N > 0, Zr*Zr + Zi*Zi < 4.0 ->\n"
    "    orbit(Cr, Ci, Zr*Zr - Zi*Zi + Cr, 2.0*Zr*Zi + Ci, N - 1);\n"
    "orbit(_, _, _, _, N) -> N.\n"
    "up(I, N) when I < N -> up(I + 1, N);\n"
    "up(I, _) -> I.\n"
    "low(X) -> (X band 255) * 1000 + (X band 15).\n"
    "twice({point, X, Y}) -> {point, X, Y, X}.\n"
    "same(X) -> X * X + X * X.\n"
    "norm(X, Y) -> half(X) + half(Y).\n"
    "half(X) when X > 0 -> X div 2;\n"
    "half(_) -> 0.\n"
    "last(X) -> half(norm(X, 1)).\n"
    "size([H | _], T) when abs(H) > tuple_size(T) -> element(1, T);\n"
    "size(_, T) -> max(tuple_size(T), 3).\n"
    "grows(0, A) -> A;\n"
    "grows(N, A) -> grows(N - 1, A + N).\n"
    "waits() -> receive X -> X end.\n";

static LoadedModule *loaded;

static const Function *function(const char *name)
{
    if (loaded == NULL) {
        CompileOptions options = {
            .path = "guest.erl", .text = source, .text_bytes = sizeof source - 1};
        Diagnostics diagnostics;
        Module *module;
        char error[300];
        atoms_init();
        interpret_init();
        stubs_init();
        code_init();
        diagnostics_init(&diagnostics);
        module = compile_source(&options, &diagnostics);
        assert_non_null(module);
        loaded = code_translate(module, error, sizeof error);
        assert_non_null(loaded);
        module_destroy(module);
        diagnostics_finish(&diagnostics);
    }
    for (uint32_t i = 0; i < loaded->function_count; i++) {
        if (strcmp(atom_name(loaded->functions[i].name), name) == 0) {
            return &loaded->functions[i];
        }
    }
    fail();
    return NULL;
}

static Ssa f;

static void optimise_knowing(const char *name, OptimiserInput input)
{
    char *text = NULL;
    size_t size = 0;
    FILE *trace = open_memstream(&text, &size);
    input.function = function(name);
    input.trace = trace;
    ssa_init(&f, input.function);
    ssa_optimise(&f, &input);
    fclose(trace);
    free(text);
}

static void optimise(const char *name)
{
    optimise_knowing(name, (OptimiserInput){0});
}

static bool none(const Function *function)
{
    (void) function;
    return false;
}

/* Without other functions in it. */
static void optimise_alone(const char *name)
{
    optimise_knowing(name, (OptimiserInput){.may_inline = none});
}

/* Nodes of the operation, in loops of that depth or deeper. */
static uint32_t count(SsaOp op, uint32_t depth)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < f.order_count; i++) {
        for (const SsaNode *node = f.order[i]->first; node != NULL; node = node->next) {
            found += node->op == op && f.order[i]->loop_depth >= depth;
        }
    }
    return found;
}

/* Those among them that may leave. */
static uint32_t count_exits(SsaOp op)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < f.order_count; i++) {
        for (const SsaNode *node = f.order[i]->first; node != NULL; node = node->next) {
            found += node->op == op && node->frame != NULL;
        }
    }
    return found;
}

TEST(fib_checks_its_argument_once_and_what_calls_gave)
{
    optimise_alone("fib");
    assert_null(f.refused);
    assert_int_equal(count(SSA_GUARD_TYPE, 0), 3);
    assert_int_equal(count(SSA_SUB, 0), 2);
    assert_int_equal(count_exits(SSA_SUB), 0); /* N is 2 or more */
    assert_int_equal(count(SSA_ADD, 0), 1);
    assert_int_equal(count_exits(SSA_ADD), 1);
    assert_int_equal(count(SSA_ARITH, 0), 0);
    ssa_finish(&f);
}

TEST(tak_compares_small_integers)
{
    optimise_alone("tak");
    assert_null(f.refused);
    assert_int_equal(count(SSA_ARITH, 0), 0);
    assert_int_equal(count(SSA_CALL, 0), 3);
    assert_int_equal(count(SSA_TAIL_CALL, 0), 0); /* it goes back */
    assert_int_equal(count(SSA_AGAIN, 1), 1);
    ssa_finish(&f);
}

TEST(a_function_is_put_into_itself_as_far_as_it_stays_small)
{
    optimise("fib");
    assert_null(f.refused);
    assert_int_equal(count(SSA_ENTER, 0), 2 + 4 + 8 + 16);
    assert_int_equal(count(SSA_CALL, 0), 32);
    assert_int_equal(count(SSA_ARITH, 0), 0);
    ssa_finish(&f);
}

TEST(reductions_in_a_row_are_counted_at_once)
{
    uint32_t counted = 0;
    optimise("norm");
    assert_null(f.refused);
    for (uint32_t i = 0; i < f.order_count; i++) {
        for (const SsaNode *node = f.order[i]->first; node != NULL; node = node->next) {
            if (node->op == SSA_ENTER) { /* the first on the way takes both */
                assert_int_equal(node->counts, counted == 0 ? 2 : 0);
                assert_int_equal(node->ahead, counted == 0 ? 0 : 1);
                counted++;
            }
        }
    }
    assert_int_equal(counted, 2);
    assert_int_equal(count(SSA_COUNT_AHEAD, 0), 0);
    ssa_finish(&f);
}

TEST(a_loop_over_a_list_asks_for_a_cell_first)
{
    uint32_t ends = 0;
    optimise("sum");
    assert_null(f.refused);
    for (uint32_t i = 0; i < f.order_count; i++) {
        const SsaBlock *block = f.order[i];
        const SsaNode *test = block->last->op == SSA_BRANCH ? ssa_input(block->last, 0) : NULL;
        if (test != NULL && test->op == SSA_IS_KIND && test->constant == IS_NIL) {
            const SsaBlock *before = block->predecessors[0];
            while (before->last->op == SSA_JUMP) {
                before = before->predecessors[0];
            }
            assert_int_equal(before->last->op, SSA_BRANCH);
            assert_int_equal(ssa_input(before->last, 0)->constant, IS_CONS);
            ends++;
        }
    }
    assert_int_equal(ends, 1);
    ssa_finish(&f);
}

TEST(a_sum_over_a_list_checks_each_element_and_not_the_sum)
{
    optimise("sum");
    assert_null(f.refused);
    assert_int_equal(count(SSA_GUARD_TYPE, 1), 1);
    assert_int_equal(count(SSA_ADD, 1), 1);
    assert_int_equal(count(SSA_ARITH, 0), 0);
    ssa_finish(&f);
}

TEST(floats_stay_in_registers_through_a_loop)
{
    optimise("harmonic");
    assert_null(f.refused);
    assert_int_equal(count(SSA_FADD, 1), 1);
    assert_int_equal(count(SSA_FDIV, 1), 1);
    assert_int_equal(count(SSA_BOX, 1), 0);
    assert_int_equal(count(SSA_UNBOX, 1), 0);
    assert_int_equal(count(SSA_GUARD_TYPE, 1), 0);
    assert_int_equal(count(SSA_BOX, 0), 1); /* what it returns */
    ssa_finish(&f);
    optimise("orbit");
    assert_null(f.refused);
    assert_int_equal(count(SSA_FMUL, 1), 4); /* squares are shared by test and step */
    assert_int_equal(count(SSA_BOX, 1), 0);
    assert_int_equal(count(SSA_UNBOX, 1), 0); /* what does not change is unboxed before */
    assert_int_equal(count(SSA_GUARD_TYPE, 1), 0);
    ssa_finish(&f);
}

TEST(a_number_below_another_does_not_overflow)
{
    optimise("up");
    assert_null(f.refused);
    assert_int_equal(count(SSA_ADD, 1), 1);
    assert_int_equal(count_exits(SSA_ADD), 0);
    ssa_finish(&f);
}

TEST(ranges_come_from_masks)
{
    optimise("low");
    assert_null(f.refused);
    assert_int_equal(count(SSA_GUARD_TYPE, 0), 1);
    assert_int_equal(count_exits(SSA_MUL) + count_exits(SSA_ADD), 0);
    ssa_finish(&f);
}

TEST(elements_are_loaded_once)
{
    optimise("twice");
    assert_null(f.refused);
    assert_int_equal(count(SSA_ELEMENT, 0), 3); /* the tag, X, Y */
    assert_int_equal(count(SSA_TUPLE, 0), 1);
    assert_int_equal(count(SSA_HEAP, 0), 1);
    ssa_finish(&f);
}

TEST(equal_products_are_one)
{
    optimise("same");
    assert_null(f.refused);
    assert_int_equal(count(SSA_MUL, 0), 1);
    assert_int_equal(count(SSA_ADD, 0), 1);
    ssa_finish(&f);
}

TEST(a_message_is_looked_at_and_taken)
{
    optimise("waits");
    assert_null(f.refused);
    assert_int_equal(count(SSA_PEEK, 0), 1);
    assert_int_equal(count(SSA_TAKE, 0), 1);
    ssa_finish(&f);
}

/* ---- types ---- */

static Type some_type(uint64_t *seed)
{
    uint64_t chance = test_random(seed);
    Type t = type_of_kinds(chance & IS_ANY);
    if (t.kinds & IS_SMALL) {
        int64_t a = (int64_t) (test_random(seed) % 2000) - 1000;
        t.low = a;
        t.high = a + (int64_t) (test_random(seed) % 100);
    }
    if (t.kinds & IS_TUPLE) {
        t.arity_1 = (uint16_t) (test_random(seed) % 4);
    }
    return t;
}

/* Join and meet are bounds, whatever the order. */
TEST(types_are_a_lattice)
{
    uint64_t seed = 11;
    for (uint32_t i = 0; i < 20000; i++) {
        Type a = some_type(&seed), b = some_type(&seed);
        Type join = type_join(a, b), meet = type_meet(a, b);
        assert_true(type_equal(join, type_join(b, a)));
        assert_true(type_equal(type_meet(a, join), a));
        assert_true(type_equal(type_meet(b, join), b));
        assert_true(type_equal(type_join(meet, a), a));
        assert_true(type_equal(type_join(meet, b), b));
        assert_true(type_equal(type_join(a, a), a));
        assert_true(type_equal(type_join(a, TYPE_NONE), a));
        assert_true(type_equal(type_meet(a, TYPE_ANY), a));
    }
}

TEST(small_functions_are_not_called)
{
    optimise("norm");
    assert_int_equal(count(SSA_CALL, 0), 0);
    assert_int_equal(count(SSA_ENTER, 0), 2);
    assert_int_equal(f.inlined_count, 2);
    ssa_finish(&f);
}

/* Its frame then is where the caller's was, whose words it needs. */
TEST(who_is_inlined_for_a_tail_call_is_known)
{
    optimise("norm");
    assert_int_equal(f.heir_count, 0);
    ssa_finish(&f);
    optimise("last");
    assert_int_equal(f.inlined_count, 4);
    assert_int_equal(f.heir_count, 1);
    assert_ptr_equal(f.heirs[0], function("half"));
    ssa_finish(&f);
}

TEST(guard_builtins_become_tests_and_parts)
{
    optimise("size");
    assert_int_equal(count(SSA_BIF, 0), 0);
    assert_int_equal(count(SSA_ABS, 0), 1);
    assert_int_equal(count(SSA_MAX, 0), 1);
    assert_int_equal(count(SSA_ELEMENT_AT, 0), 1);
    ssa_finish(&f);
}

static uint32_t sums_overflow(const Function *of, Code origin, GuessReason reason, uint32_t slot)
{
    (void) of, (void) origin, (void) slot;
    return reason == GUESS_RESULT ? IS_OTHER : 0;
}

TEST(what_failed_before_is_not_guessed_again)
{
    optimise("grows");
    assert_int_equal(count(SSA_ARITH, 0), 0);
    ssa_finish(&f);
    optimise_knowing("grows", (OptimiserInput){.failed = sums_overflow});
    assert_true(count(SSA_ARITH, 0) > 0);
    ssa_finish(&f);
    optimise_knowing("grows", (OptimiserInput){.is_careful = true});
    assert_int_equal(count_exits(SSA_GUARD_TYPE), 0);
    ssa_finish(&f);
}

TEST(what_samples_saw_is_guessed)
{
    Profile profile = {0};
    Term frame[3] = {immediate_float(1.5), term_small(3), 0};
    profile.place = function("grows")->owner->code + function("grows")->code_offset;
    profile_look(&profile, frame + 2, 3, UINT64_MAX);
    optimise_knowing("grows", (OptimiserInput){.profiles = &profile});
    assert_true(count(SSA_FADD, 0) > 0);
    ssa_finish(&f);
}
