%% Maps of a few atom keys, read and updated N times.
-module(map_small).
-export([run/1, default/0]).

default() -> 25000000.

run(N) ->
    M = loop(N, #{count => 0, sum => 0, min => N, max => 0, name => "state"}),
    {maps:get(count, M), maps:get(sum, M), maps:get(min, M), maps:get(max, M)}.

loop(0, M) -> M;
loop(N, #{count := C, sum := S, max := Max} = M) ->
    loop(N - 1, M#{count := C + 1, sum := (S + N) band 16#FFFFFF, max := max(Max, N)}).
