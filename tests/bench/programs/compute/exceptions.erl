%% Throws and catches N times, shallow, from ten calls down, and through after.
-module(exceptions).
-export([run/1, default/0]).

default() -> 4000000.

run(N) -> loop(N, 0).

loop(0, Sum) -> Sum;
loop(N, Sum) ->
    A = try thrower(N) catch throw:{odd, V} -> V; throw:even -> 2 end,
    B = try deep(10, N) catch error:{bottom, V2} -> V2 end,
    C = try careful(N) of R -> R catch exit:_ -> 1 end,
    loop(N - 1, (Sum + A + B + C) band 16#FFFFFFF).

thrower(N) when N band 1 =:= 1 -> throw({odd, N});
thrower(_) -> throw(even).

deep(0, N) -> error({bottom, N band 7});
deep(D, N) -> 1 + deep(D - 1, N).

careful(N) ->
    try
        if N rem 3 =:= 0 -> exit(third); true -> N band 3 end
    after
        put(last, N)
    end.
