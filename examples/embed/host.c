/* examples/embed/host.c
 * A C program with Erlang inside. After `make`, from the repository's root:
 *
 *     cc -I runtime examples/embed/host.c libmuster.so -Wl,-rpath,"$PWD" -o host && ./host
 *
 * (or, after `make install`: cc examples/embed/host.c -lmuster -o host)
 *
 * It shows the four ways in which the two talk:
 *
 *   1. C calls an Erlang function and reads what it returns       muster_call
 *   2. Erlang calls a C function, one that blocks among them      muster_register
 *   3. C sends messages to a process                              muster_send
 *   4. processes send messages to C                               muster_receive
 *
 * Terms lie in a MusterSpace: make one, build and receive terms in it, destroy it, and all of them
 * are gone. Nothing else has to be freed. */
#include "muster.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* The Erlang side. It could as well be a file beside the program, or bytecode linked into it. */
static const char source[] =
    "-module(station).\n"
    "-export([start/2, average/1]).\n"
    "\n"
    "%% Reads a sensor every so often, until told to stop, and reports to Host.\n"
    "start(Host, Count) ->\n"
    "    Sensors = [spawn_link(fun() -> sensor(Host, N) end) || N <- lists:seq(1, Count)],\n"
    "    receive stop -> [exit(S, shutdown) || S <- Sensors], Host ! stopped end.\n"
    "\n"
    "sensor(Host, N) ->\n"
    "    Host ! {reading, N, board:read_sensor(N)},  %% a C function that takes its time\n"
    "    receive after 10 -> sensor(Host, N) end.\n"
    "\n"
    "average(Values) -> lists:sum(Values) / length(Values).\n";

/* A built-in: board:read_sensor(N). It was registered with MUSTER_BLOCKS, so it may sleep: the
 * process that called it waits, the others go on. */
static MusterTerm read_sensor(MusterCall *call, const MusterTerm arguments[], void *data)
{
    const double *base = data;
    struct timespec while_it_measures = {0, 5 * 1000 * 1000};
    int64_t number;
    if (!muster_get_integer(arguments[0], &number)) {
        return muster_raise(call, muster_atom("badarg"));
    }
    nanosleep(&while_it_measures, NULL);
    return muster_float(muster_call_space(call), *base + (double) number / 4);
}

int main(void)
{
    static double base = 20.0;
    enum { SENSORS = 4, READINGS = 12 };
    double sum = 0, average = 0;
    char *errors;

    if (!muster_start(NULL)) {
        fprintf(stderr, "the machine does not start\n");
        return 1;
    }
    muster_register("board", "read_sensor", 1, read_sensor, MUSTER_BLOCKS, &base);
    if (muster_load(source, strlen(source), "station.erl", &errors) == MUSTER_NONE) {
        fprintf(stderr, "%s", errors);
        muster_free(errors);
        return 1;
    }

    MusterSpace *space = muster_space_create();
    MusterMailbox *mailbox = muster_mailbox_create();
    MusterTerm arguments[2] = {muster_mailbox_pid(mailbox), muster_integer(space, SENSORS)};
    MusterTerm station = muster_spawn("station", "start", arguments, 2);

    /* Messages come from all sensors, in any order: {reading, Number, Value}. */
    MusterTerm values = muster_nil();
    for (int i = 0; i < READINGS; i++) {
        MusterTerm message = muster_receive(mailbox, space, 10000);
        double value;
        if (message == MUSTER_NONE || !muster_get_float(muster_element(message, 2), &value)) {
            fprintf(stderr, "no reading\n");
            return 1;
        }
        sum += value;
        values = muster_cons(space, muster_element(message, 2), values);
    }

    MusterTerm result;
    if (muster_call("station", "average", &values, 1, space, 1000, &result) == MUSTER_VALUE &&
        muster_get_float(result, &average)) {
        printf("%d readings of %d sensors; Erlang and C agree on the average: %s\n", READINGS,
               SENSORS, fabs(average - sum / READINGS) < 1e-9 ? "yes" : "no");
    }

    muster_send(station, muster_atom("stop"));
    for (MusterTerm last = MUSTER_NONE; last != muster_atom("stopped");) {
        last = muster_receive(mailbox, space, 10000);
        if (last == MUSTER_NONE) {
            fprintf(stderr, "the station does not stop\n");
            return 1;
        }
    }
    printf("stopped\n");

    muster_mailbox_destroy(mailbox);
    muster_space_destroy(space);
    return muster_stop();
}
