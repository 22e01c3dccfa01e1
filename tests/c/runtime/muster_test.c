/* tests/c/runtime/muster_test.c
 * The C API: one machine for all tests, started by the first. */
#include "runtime/muster.h"

#include "tests/c/test.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char source[] =
    "-module(guest).\n"
    "-export([add/2, fail/1, echo/0, square_all/1, slow/1, forward/2, nap/0, boom/0]).\n"
    "add(A, B) -> A + B.\n"
    "fail(Why) -> throw(Why).\n"
    "echo() -> receive {From, stop} -> From ! stopped; {From, M} -> From ! {echo, M}, echo() end.\n"
    "square_all(L) -> lists:map(fun host:square/1, L).\n"
    "slow(N) -> Me = self(),\n"
    "    Pids = [spawn(fun() -> Me ! {self(), host:wait(X)} end) || X <- lists:seq(1, N)],\n"
    "    [receive {P, V} -> V end || P <- Pids].\n"
    "forward(To, X) -> To ! {self(), host:whoami(), X}.\n"
    "nap() -> receive never -> ok end.\n"
    "boom() -> try host:boom(why) catch C:R -> {C, R} end.\n";

static MusterTerm square(MusterCall *call, const MusterTerm arguments[], void *data)
{
    int64_t value;
    ++*(int *) data;
    return muster_get_integer(arguments[0], &value)
               ? muster_integer(muster_call_space(call), value * value)
               : muster_raise(call, muster_atom("no_integer"));
}

static MusterTerm wait_a_little(MusterCall *call, const MusterTerm arguments[], void *data)
{
    struct timespec pause = {0, 20000000};
    MusterTerm pair[2] = {muster_atom("waited"), arguments[0]};
    nanosleep(&pause, NULL);
    return muster_tuple(muster_call_space(call), pair, 2);
}

static MusterTerm who_am_i(MusterCall *call, const MusterTerm arguments[], void *data)
{
    return muster_call_self(call);
}

static MusterTerm boom(MusterCall *call, const MusterTerm arguments[], void *data)
{
    return muster_raise(call, arguments[0]);
}

static int squares;

static MusterSpace *begin(void)
{
    static bool up;
    if (!up) {
        up = true;
        char *errors;
        assert_true(muster_atom("square") == MUSTER_NONE);
        assert_false(muster_register("host", "square", 1, square, 0, &squares));
        assert_true(muster_start(NULL));
        assert_false(muster_start(NULL));
        assert_true(muster_register("host", "square", 1, square, 0, &squares));
        assert_false(muster_register("host", "square", 1, square, 0, &squares));
        assert_false(muster_register("erlang", "self", 0, square, 0, &squares));
        assert_true(muster_register("host", "wait", 1, wait_a_little, MUSTER_BLOCKS, NULL));
        assert_true(muster_register("host", "boom", 1, boom, MUSTER_BLOCKS, NULL));
        assert_true(muster_register("host", "whoami", 0, who_am_i, 0, NULL));
        assert_true(muster_load(source, strlen(source), "guest.erl", &errors) ==
                    muster_atom("guest"));
        assert_null(errors);
    }
    return muster_space_create();
}

static void assert_text(const char *text, MusterTerm term)
{
    char *shown;
    assert_true(term != MUSTER_NONE);
    shown = muster_to_text(term);
    assert_string_equal(text, shown);
    muster_free(shown);
}

TEST(terms_are_built_and_read)
{
    MusterSpace *space = begin();
    MusterTerm list[2] = {muster_integer(space, INT64_MIN), muster_float(space, 2.5)};
    MusterTerm pairs[4] = {muster_atom("k"), muster_string(space, "h\xC3\xA9"), muster_atom("b"),
                           muster_binary(space, "xyz", 3)};
    MusterTerm parts[2] = {muster_list(space, list, 2), muster_map(space, pairs, 2)};
    MusterTerm tuple = muster_tuple(space, parts, 2), head, rest, key, map;
    const uint8_t *bytes;
    size_t size;
    int64_t integer;
    double number;
    assert_text("{[-9223372036854775808,2.5],#{b => <<120,121,122>>,k => [104,233]}}", tuple);
    assert_int_equal(MUSTER_TUPLE, muster_kind(tuple));
    assert_int_equal(2, muster_size(tuple));
    rest = muster_element(tuple, 0);
    assert_true(muster_next(&rest, &head));
    assert_true(muster_get_integer(head, &integer) && integer == INT64_MIN);
    assert_true(muster_next(&rest, &head));
    assert_true(muster_get_float(head, &number) && number == 2.5);
    assert_false(muster_next(&rest, &head));
    map = muster_element(tuple, 1);
    key = muster_atom("b");
    assert_true(muster_get_binary(space, muster_map_get(map, key), &bytes, &size));
    assert_int_equal(3, size);
    assert_memory_equal("xyz", bytes, 3);
    assert_int_equal(2, muster_size(muster_map_pairs(space, map)));
    assert_true(muster_element(tuple, 2) == MUSTER_NONE);
    assert_true(muster_map_get(map, tuple) == MUSTER_NONE);
    assert_string_equal("b", muster_get_atom(key));
    assert_null(muster_get_atom(tuple));
    muster_space_destroy(space);
}

TEST(text_and_external_format_are_read_and_written)
{
    MusterSpace *space = begin();
    MusterTerm term = muster_from_text(space, "{ok, [1, <<\"two\">>, #{three => 3.0}]}");
    size_t size;
    uint8_t *bytes;
    assert_text("{ok,[1,<<116,119,111>>,#{three => 3.0}]}", term);
    bytes = muster_to_external(term, &size);
    assert_true(muster_equal(term, muster_from_external(space, bytes, size)));
    assert_true(muster_from_external(space, bytes, size - 1) == MUSTER_NONE);
    muster_free(bytes);
    assert_true(muster_from_text(space, "{ok, ") == MUSTER_NONE);
    assert_true(muster_from_text(space, "f(1)") == MUSTER_NONE);
    assert_true(muster_from_text(space, "") == MUSTER_NONE);
    assert_true(muster_string(space, "\xFF") == MUSTER_NONE);
    muster_space_destroy(space);
}

TEST(a_call_returns_a_value_or_an_exception)
{
    MusterSpace *space = begin();
    MusterTerm args[2] = {muster_integer(space, 40), muster_integer(space, 2)}, result;
    assert_int_equal(MUSTER_VALUE, muster_call("guest", "add", args, 2, space, -1, &result));
    assert_text("42", result);
    assert_int_equal(MUSTER_EXCEPTION, muster_call("guest", "fail", args, 1, space, -1, &result));
    assert_text("{throw,40}", result);
    assert_int_equal(MUSTER_EXCEPTION, muster_call("guest", "none", args, 1, space, -1, &result));
    assert_text("{error,undef}", result);
    assert_int_equal(MUSTER_TIMEOUT, muster_call("guest", "nap", NULL, 0, space, 30, &result));
    assert_true(result == MUSTER_NONE);
    muster_space_destroy(space);
}

TEST(messages_go_to_processes_and_come_back_in_order)
{
    MusterSpace *space = begin();
    MusterMailbox *mailbox = muster_mailbox_create();
    MusterTerm pid = muster_spawn("guest", "echo", NULL, 0), pair[2];
    assert_int_equal(MUSTER_PID, muster_kind(pid));
    pair[0] = muster_mailbox_pid(mailbox);
    for (int i = 0; i < 1000; i++) {
        pair[1] = muster_integer(space, i);
        assert_true(muster_send(pid, muster_tuple(space, pair, 2)));
    }
    for (int i = 0; i < 1000; i++) {
        int64_t value;
        MusterTerm message = muster_receive(mailbox, space, 10000);
        assert_true(muster_get_integer(muster_element(message, 1), &value) && value == i);
    }
    assert_true(muster_receive(mailbox, space, 10) == MUSTER_NONE);
    pair[1] = muster_atom("stop");
    muster_send(pid, muster_tuple(space, pair, 2));
    assert_text("stopped", muster_receive(mailbox, space, -1));
    for (int tries = 0; muster_is_alive(pid) && tries < 10000; tries++) {
        struct timespec pause = {0, 100000};
        nanosleep(&pause, NULL);
    }
    assert_false(muster_is_alive(pid));
    assert_false(muster_send(muster_atom("nobody"), pid));
    assert_true(muster_whereis("nobody") == MUSTER_NONE);
    assert_true(muster_whereis("user") != MUSTER_NONE);
    muster_mailbox_destroy(mailbox);
    muster_space_destroy(space);
}

TEST(code_calls_functions_of_the_host)
{
    MusterSpace *space = begin();
    MusterTerm list = muster_from_text(space, "[1, 2, -3]"), args[2], result, message;
    MusterMailbox *mailbox = muster_mailbox_create();
    squares = 0;
    assert_int_equal(MUSTER_VALUE,
                     muster_call("guest", "square_all", &list, 1, space, -1, &result));
    assert_text("[1,4,9]", result);
    assert_int_equal(3, squares);
    list = muster_from_text(space, "[x]");
    assert_int_equal(MUSTER_EXCEPTION,
                     muster_call("guest", "square_all", &list, 1, space, -1, &result));
    assert_text("{error,no_integer}", result);
    assert_int_equal(MUSTER_VALUE, muster_call("guest", "boom", NULL, 0, space, -1, &result));
    assert_text("{error,why}", result);
    args[0] = muster_mailbox_pid(mailbox);
    args[1] = muster_atom("x");
    assert_true(muster_spawn("guest", "forward", args, 2) != MUSTER_NONE);
    message = muster_receive(mailbox, space, -1);
    assert_true(muster_element(message, 0) == muster_element(message, 1));
    muster_mailbox_destroy(mailbox);
    muster_space_destroy(space);
}

TEST(functions_that_block_wait_side_by_side)
{
    MusterSpace *space = begin();
    MusterTerm count = muster_integer(space, 8), result;
    assert_int_equal(MUSTER_VALUE, muster_call("guest", "slow", &count, 1, space, -1, &result));
    assert_text("[{waited,1},{waited,2},{waited,3},{waited,4},{waited,5},{waited,6},{waited,7},"
                "{waited,8}]",
                result);
    muster_space_destroy(space);
}

TEST(a_module_that_is_wrong_is_refused_with_a_message)
{
    static const char wrong[] = "-module(wrong).\n-export([f/0]).\nf() -> X.\n";
    static const char unwilling[] = "-module(unwilling).\n-on_load(no/0).\nno() -> no.\n";
    static const char broken[] = "MUSTER\0\0\1\2\3 broken";
    MusterSpace *space = begin();
    char *errors;
    assert_true(muster_load(wrong, strlen(wrong), "wrong.erl", &errors) == MUSTER_NONE);
    assert_non_null(errors);
    assert_non_null(strstr(errors, "wrong.erl:3:8: variable 'X' is unbound"));
    muster_free(errors);
    assert_true(muster_load(unwilling, strlen(unwilling), "unwilling.erl", &errors) == MUSTER_NONE);
    assert_non_null(errors);
    muster_free(errors);
    assert_true(muster_load(broken, sizeof broken, "broken", &errors) == MUSTER_NONE);
    assert_non_null(errors);
    muster_free(errors);
    for (int i = 0; i < 4; i++) { /* new versions of a module that is in use */
        assert_true(muster_load(source, strlen(source), "guest.erl", NULL) != MUSTER_NONE);
    }
    muster_space_destroy(space);
}

static void load_version(const char *on_load, int version, bool accepted)
{
    char text[256];
    snprintf(text, sizeof text, "-module(versions).\n-export([version/0]).\n%s\nversion() -> %d.\n",
             on_load, version);
    assert_true((muster_load(text, strlen(text), "versions.erl", NULL) != MUSTER_NONE) == accepted);
}

static void assert_version(const char *version)
{
    MusterSpace *space = muster_space_create();
    MusterTerm result;
    assert_int_equal(MUSTER_VALUE, muster_call("versions", "version", NULL, 0, space, -1, &result));
    assert_text(version, result);
    muster_space_destroy(space);
}

TEST(a_version_whose_on_load_fails_leaves_the_one_before)
{
    muster_space_destroy(begin());
    load_version("", 1, true);
    assert_version("1");
    load_version("-on_load(no/0). no() -> {error, no}.", 2, false);
    assert_version("1");
    load_version("-on_load(yes/0). yes() -> 1 = versions:version(), ok.", 3, true);
    assert_version("3");
    load_version("-on_load(gone/0). gone() -> exit(self(), kill).", 4, false);
    assert_version("3");
    load_version("", 5, true);
    assert_version("5");
}

static void *caller(void *state)
{
    MusterSpace *space = muster_space_create();
    for (int i = 0; i < 50; i++) {
        MusterTerm args[2] = {muster_integer(space, i), muster_integer(space, i)}, result;
        int64_t sum;
        if (muster_call("guest", "add", args, 2, space, -1, &result) == MUSTER_VALUE &&
            muster_get_integer(result, &sum) && sum == 2 * i) {
            ++*(int *) state;
        }
    }
    muster_space_destroy(space);
    return NULL;
}

TEST(threads_of_the_host_call_at_once)
{
    pthread_t threads[4];
    int right[4] = {0};
    muster_space_destroy(begin());
    for (int i = 0; i < 4; i++) {
        assert_int_equal(0, pthread_create(&threads[i], NULL, caller, &right[i]));
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(50, right[i]);
    }
}

TEST(the_machine_stops_when_told) /* the last */
{
    MusterSpace *space = begin();
    MusterTerm code = muster_integer(space, 7), term = muster_from_text(space, "{still, [here]}");
    assert_true(muster_spawn("erlang", "halt", &code, 1) != MUSTER_NONE);
    assert_int_equal(7, muster_wait());
    assert_int_equal(7, muster_stop());
    assert_text("{still,[here]}", term);
    muster_space_destroy(space);
}
