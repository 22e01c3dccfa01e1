%% trace_of_what_was_inlined.erl: calls of a small function are traced, whether or not native code had it in
%% the code of its caller before.
-module(trace_of_what_was_inlined).
-export([main/0]).

main() ->
    Worker = spawn_link(fun work/0),
    io:format("~w~n", [ask(Worker, 300000)]),
    erlang:trace_pattern({?MODULE, weight, 1}, true, [local]),
    erlang:trace(Worker, true, [call]),
    io:format("~w~n", [ask(Worker, 5)]),
    erlang:trace(Worker, false, [call]),
    erlang:trace_pattern({?MODULE, weight, 1}, false, [local]),
    io:format("~w~n", [calls()]),
    io:format("~w~n", [ask(Worker, 300000)]),
    io:format("~w~n", [calls()]).

ask(Worker, N) ->
    Worker ! {self(), N},
    receive {Worker, Total} -> Total end.

work() ->
    receive {From, N} -> From ! {self(), total(N, 0)} end,
    work().

total(0, A) -> A;
total(N, A) -> total(N - 1, A + weight(N)).

weight(N) -> N band 7.

calls() ->
    receive
        {trace, _, call, {?MODULE, F, Args}} -> [{F, Args} | calls()]
    after 100 -> []
    end.
