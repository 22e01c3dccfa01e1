/* tests/c/runtime/restart_test.c
 * A host that starts and stops its machine again and again, whatever is going on in it. */
#include "runtime/muster.h"

#include "tests/c/test.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(MUSTER_ASSERTS)
enum { ROUNDS = 60, WARM = 20 };
#else
enum { ROUNDS = 200, WARM = 50 };
#endif
#define GROWTH_MOST ((size_t) 16 << 20)
#if defined(__SANITIZE_ADDRESS__) /* but then, it tells what was not freed */
enum { KEEPS_FREED = true };
#else
enum { KEEPS_FREED = false };
#endif

/* Everything at once: waits, loops, timers, tables, files, ports, jobs, names, unread mail. */
static const char source[] =
    "-module(busy).\n"
    "-export([start/1, sum/1]).\n"
    "start(Main) ->\n"
    "    undefined = whereis(busy), register(busy, self()), put(key, lists:seq(1, 1000)),\n"
    "    none = persistent_term:get(busy, none), persistent_term:put(busy, {some, value}),\n"
    "    T = ets:new(busy_table, [named_table, public]),\n"
    "    ets:insert(T, [{N, binary:copy(<<N>>, 100)} || N <- lists:seq(1, 100)]),\n"
    "    ets:new(heired, [{heir, self(), x}]),\n"
    "    spawn_link(fun Loop() -> Loop() end),\n"
    "    [spawn(fun() -> receive never -> ok end end) || _ <- lists:seq(1, 50)],\n"
    "    spawn(fun() -> [self() ! {N, lists:seq(1, 10)} || N <- lists:seq(1, 500)],\n"
    "                   receive never -> ok after 100000 -> ok end end),\n"
    "    erlang:send_after(100000, self(), lists:seq(1, 100)),\n"
    "    erlang:start_timer(100000, busy, <<1:100000>>),\n"
    "    {ok, File} = file:open(\"/dev/null\", [read, write]), put(file, File),\n"
    "    {ok, Raw} = file:open(\"/dev/null\", [read, raw, binary]), put(raw, Raw),\n"
    "    open_port({spawn_executable, \"/bin/cat\"}, [binary]),\n"
    "    P = open_port({spawn_executable, \"/bin/sleep\"}, [{args, [\"1\"]}, binary]),\n"
    "    port_command(P, binary:copy(<<0>>, 200000)),\n"
    "    spawn(fun() -> host:wait(1) end),\n"
    "    spawn(fun L() -> crypto:hash(sha256, binary:copy(<<1>>, 300000)), L() end),\n"
    "    spawn(fun L() -> L1 = lists:seq(1, 100000), lists:sum(L1), L() end),\n"
    "    monitor(process, spawn(fun() -> process_flag(trap_exit, true), receive x -> ok end "
    "end)),\n"
    "    Main ! ready,\n"
    "    receive never -> ok end.\n"
    "sum(L) -> lists:sum(L).\n";

static MusterTerm wait_a_little(MusterCall *call, const MusterTerm arguments[], void *data)
{
    struct timespec pause = {0, 3000000};
    nanosleep(&pause, NULL);
    return arguments[0];
}

static size_t entries_of(const char *directory)
{
    size_t count = 0;
    DIR *dir = opendir(directory);
    assert_non_null(dir);
    while (readdir(dir) != NULL) {
        count++;
    }
    closedir(dir);
    return count;
}

static size_t resident_bytes(void)
{
    size_t size = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    assert_non_null(file);
    assert_int_equal(2, fscanf(file, "%zu %zu", &size, &resident));
    fclose(file);
    return resident * (size_t) sysconf(_SC_PAGESIZE);
}

/* One life of the machine; in some rounds it is stopped when all is under way, in others at once.
 */
static void live(int round, MusterSpace *space)
{
    MusterOptions options = {.schedulers = 1 + (unsigned) round % 4, .no_smp = round % 5 == 4};
    char *errors = NULL;
    assert_true(muster_start(&options));
    assert_false(muster_start(&options));
    if (round == 0) {
        assert_true(muster_register("host", "wait", 1, wait_a_little, MUSTER_BLOCKS, NULL));
        MusterTerm loaded = muster_load(source, strlen(source), "busy.erl", &errors);
        assert_string_equal("", errors == NULL ? "" : errors);
        assert_true(loaded == muster_atom("busy"));
    }
    MusterMailbox *mailbox = muster_mailbox_create();
    MusterTerm pid = muster_mailbox_pid(mailbox);
    assert_true(muster_spawn("busy", "start", &pid, 1) != MUSTER_NONE);
    if (round % 3 != 0) {
        MusterTerm list = muster_from_text(space, "[1, 2, 3]"), answer;
        int64_t sum = 0;
        assert_true(muster_receive(mailbox, space, -1) == muster_atom("ready"));
        assert_int_equal(MUSTER_VALUE, muster_call("busy", "sum", &list, 1, space, -1, &answer));
        assert_true(muster_get_integer(answer, &sum));
        assert_int_equal(6, sum);
    }
    assert_int_equal(0, muster_stop());
    muster_mailbox_destroy(mailbox);
}

TEST(a_machine_that_is_started_and_stopped_leaves_nothing)
{
    size_t files = 0, threads = 0, resident = 0;
    for (int round = 0; round < ROUNDS; round++) {
        MusterSpace *space = muster_space_create();
        live(round, space);
        muster_space_destroy(space);
        if (round == WARM) {
            files = entries_of("/proc/self/fd");
            threads = entries_of("/proc/self/task");
            resident = resident_bytes();
        }
    }
    assert_int_equal(files, entries_of("/proc/self/fd"));
    for (int i = 0; i < 1000 && entries_of("/proc/self/task") > threads; i++) {
        struct timespec pause = {0, 1000000}; /* who has just ended may be seen still */
        nanosleep(&pause, NULL);
    }
    assert_true(entries_of("/proc/self/task") <= threads + 1); /* one compiles native code */
    size_t now = resident_bytes();
    if (now > resident + GROWTH_MOST && !KEEPS_FREED) {
        fail_msg("%zu bytes more after %d starts", now - resident, ROUNDS - WARM);
    }
}
