%% Ten million self and mutual tail calls in a small heap.
-module(tail_calls_run_in_constant_space).
-export([main/0]).

main() ->
    io:format("~w~n", [loop(5000000, 0)]),
    io:format("~w~n", [even(2000000)]),
    F = fun Loop(0) -> done; Loop(N) -> Loop(N - 1) end,
    io:format("~w~n", [F(1000000)]),
    io:format("~w~n", [via_apply(500000)]),
    io:format("~w~n", [in_case(1000000, a)]),
    {total_heap_size, Words} = process_info(self(), total_heap_size),
    io:format("~w~n", [Words < 1000000]).

loop(0, Acc) -> Acc;
loop(N, Acc) -> loop(N - 1, Acc + 1).

even(0) -> true;
even(N) -> odd(N - 1).

odd(0) -> false;
odd(N) -> even(N - 1).

via_apply(0) -> done;
via_apply(N) -> F = fun via_apply/1, F(N - 1).

in_case(N, S) ->
    case S of
        a when N > 0 -> in_case(N - 1, b);
        b when N > 0 -> if true -> in_case(N - 1, a) end;
        _ -> S
    end.
