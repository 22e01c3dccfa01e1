/* tests/c/runtime/verify_test.c
 * The verifier in runtime/translate*.c: what hostile bytecode is refused for, and what looks
 * hostile and is not. Each case is the body of a function f/1, in assembly text. */
#include <string.h>

#include "compiler/asm/assemble.h"
#include "runtime/code.h"
#include "runtime/interpret.h"
#include "runtime/term/atom.h"
#include "tests/c/test.h"

typedef struct Case {
    const char *reason; /* NULL: it is taken */
    const char *body;
} Case;

static void try_cases(const Case cases[], size_t count)
{
    static bool is_ready;
    if (!is_ready) {
        atoms_init();
        interpret_init();
        stubs_init();
        code_init();
        is_ready = true;
    }
    for (size_t i = 0; i < count; i++) {
        char text[2000], why[300] = "";
        snprintf(text, sizeof text, "module hostile\nfunction f/1 exported\n%s\nend\n",
                 cases[i].body);
        AssembleError error;
        Module *module = assemble(text, strlen(text), &error);
        if (module == NULL) {
            fail_msg("%u:%u: %s\n%s", error.line, error.column, error.text, text);
        }
        LoadedModule *loaded = code_translate(module, why, sizeof why);
        if ((loaded == NULL) != (cases[i].reason != NULL)) {
            fail_msg("%s: %s", loaded == NULL ? why : "was taken", text);
        }
        if (loaded != NULL) {
            code_drop(loaded);
        } else if (strstr(why, cases[i].reason) == NULL) {
            fail_msg("not `%s` but `%s`: %s", cases[i].reason, why, text);
        }
        module_destroy(module);
    }
}

TEST(slots_and_depths)
{
    static const Case cases[] = {
        {NULL, "load s0\n return"},
        {"pops more than there is", "drop 1\n return"},
        {"holds no value", "hole\n load s1\n return"},
        {"holds no value", "kill s0\n load s0\n return"},
        {"operand 0 is 1", "load s1\n return"},
        {"the function's end is reached", "load s0"},
        {"depth 2 at label 1, 1 from elsewhere", "test_nil s0 L1\n nil\nL1: nil\n return"},
        {"label 1 lies in code that nothing reaches",
         "jump L2\nL1: nil\n return\nL2: test_nil s0 L1\n nil\n return"},
        {"jump goes back", "L1: jump L1"},
        {"a test goes back", "L1: test_nil s0 L1\n nil\n return"},
        {"is not known to be of the kind needed", "get_head s0\n return"},
        {NULL, "test_cons s0 L1\n get_head s0\n return\nL1: nil\n return"},
        {"is no binary being matched", "bs_test_end s0 L1\nL1: nil\n return"},
        {"is no guard built-in", "load s0\n bif 1 erlang:exit/1 -\n return"},
        {"no hole below", "nil\n load s0\n call 1 f/1\n return"},
    };
    try_cases(cases, COUNT_OF(cases));
}

TEST(a_message_that_is_looked_at_is_nobodys_yet)
{
    static const Case cases[] = {
        {NULL, "L1: receive_peek L2\n receive_take\n return\nL2: receive_wait L1"},
        {NULL, "L1: receive_peek L2\n test_nil s1 L3\n receive_take\n return\n"
               "L3: receive_next L1\nL2: receive_wait L1"},
        {"no message was looked at", "receive_take\n load s0\n return"},
        {"no message was looked at",
         "L1: receive_peek L2\n receive_take\n receive_take\n return\nL2: receive_wait L1"},
        {"no message was looked at", "L1: load s0\n receive_next L1"},
        {"while a message is looked at", "L1: receive_peek L2\n return\nL2: receive_wait L1"},
        {"while a message is looked at",
         "L1: receive_peek L2\n receive_peek L2\n receive_take\n return\nL2: receive_wait L1"},
        {"while a message is looked at",
         "L1: receive_peek L2\n hole\n load s1\n call 1 f/1\n receive_take\n return\n"
         "L2: receive_wait L1"},
        {"while a message is looked at",
         "L1: receive_peek L2\n load s1\n fail_value badmatch\nL2: receive_wait L1"},
        {"while a message is looked at",
         "L1: receive_peek L2\n load s1\n int 1\n add -\n receive_take\n return\n"
         "L2: receive_wait L1"},
        {NULL, "L1: receive_peek L2\n load s1\n int 1\n add L3\n receive_take\n return\n"
               "L3: receive_next L1\nL2: receive_wait L1"},
        {"a message at label", "L1: receive_peek L2\n test_nil s1 L3\n receive_take\nL3: nil\n"
                               " return\nL2: receive_wait L1"},
        {"the message is not on top",
         "L1: receive_peek L2\n load s1\n receive_next L1\nL2: receive_wait L1"},
    };
    try_cases(cases, COUNT_OF(cases));
}

TEST(what_came_of_a_message_that_was_left_is_not_kept)
{
    static const Case cases[] = {
        /* Where receive goes on, slot 0 holds a value: not this one. */
        {"slot 0 is not as label", "L1: receive_peek L2\n load s1\n store s0\n receive_next L1\n"
                                   "L2: receive_wait L1"},
        {"slot 0 is not as label",
         "L1: kill s0\n receive_peek L2\n load s1\n store s0\n receive_next L1\n"
         "L2: receive_wait L1"},
        {"below its slot", "L1: receive_peek L2\n slide 1\n nil\n receive_next L1\n"
                           "L2: receive_wait L1"},
        {"below its slot", "nil\nL1: receive_peek L2\n make_tuple 2\n nil\n receive_next L1\n"
                           "L2: receive_wait L1"},
        /* A variable that is set by a clause, and read by its guard. */
        {NULL, "hole\nL1: receive_peek L2\n load s2\n store s1\n load s1\n load s0\n"
               "test_eq_exact L3\n receive_take\n drop 1\n load s1\n return\n"
               "L3: receive_next L1\nL2: receive_wait L1"},
        /* One that was taken stays, whatever is looked at next. */
        {NULL, "hole\nL1: receive_peek L2\n load s2\n store s1\n receive_take\n drop 1\n"
               "L4: receive_peek L5\n test_nil s2 L6\n receive_take\n drop 1\n load s1\n return\n"
               "L6: receive_next L4\nL5: receive_wait L4\nL2: receive_wait L1"},
    };
    try_cases(cases, COUNT_OF(cases));
}
