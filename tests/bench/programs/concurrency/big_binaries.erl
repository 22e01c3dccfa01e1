%% Sends a binary of a megabyte, which is shared, through ten processes, N times.
-module(big_binaries).
-export([run/1, default/0]).

default() -> 80000.

run(N) ->
    Bin = binary:copy(<<"0123456789abcdef">>, 65536),
    Self = self(),
    First = lists:foldl(fun(_, Next) -> spawn_link(fun() -> pass(Next) end) end, Self, lists:seq(1, 10)),
    Sum = trips(N, First, Bin, 0),
    First ! stop,
    receive stop -> Sum end.

trips(0, _, _, Sum) -> Sum;
trips(N, First, Bin, Sum) ->
    First ! {bin, Bin},
    receive {bin, <<C, _/binary>> = B} -> trips(N - 1, First, Bin, (Sum + C + byte_size(B)) band 16#FFFFFFF) end.

pass(Next) ->
    receive
        stop -> Next ! stop;
        M -> Next ! M, pass(Next)
    end.
