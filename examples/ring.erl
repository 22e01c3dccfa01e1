%% ring.erl: a message that runs around a ring of processes.
%%
%%     muster run examples/ring.erl
%%     muster run examples/ring.erl 100000 10        (processes, laps)
%%
%% The classic measure of an actor runtime. N processes are started; each knows only the next one.
%% A token goes around M times, so N * M messages are sent, one after the other: what is measured is
%% how long it takes to send a message, wake the receiver, and switch to it.
%%
%% Watch how the state of a process is simply the arguments of the function it runs: passer/1 calls
%% itself with the same Next for ever. That call is the last thing it does, so it needs no stack: a
%% process can run for years in constant space.
-module(ring).
-export([main/1]).

main([]) -> main(["1000", "1000"]);
main([Processes, Laps]) ->
    N = list_to_integer(Processes),
    M = list_to_integer(Laps),
    T0 = erlang:monotonic_time(microsecond),
    %% The main process is the first of the ring; the others are chained back to it.
    First = lists:foldl(fun(_, Next) -> spawn(fun() -> passer(Next) end) end, self(), lists:seq(2, N)),
    T1 = erlang:monotonic_time(microsecond),
    laps(M, First),
    T2 = erlang:monotonic_time(microsecond),
    First ! stop,
    receive stop -> ok end,
    io:format("~b processes started in ~b us~n", [N, T1 - T0]),
    io:format("~b messages sent in ~b us: ~b ns a hop~n", [N * M, T2 - T1, (T2 - T1) * 1000 div (N * M)]).

laps(0, _First) -> ok;
laps(Left, First) ->
    First ! {token, Left},
    receive {token, Left} -> laps(Left - 1, First) end.

%% Pass everything on; a stop goes around once and ends each process it meets.
passer(Next) ->
    receive
        stop -> Next ! stop;
        Token -> Next ! Token, passer(Next)
    end.
