%% Modules of the library hand on funs of their own functions for which there are built-ins: those are called, in
%% native code, too.
-module(funs_of_what_is_built_in).
-export([main/0]).

main() ->
    T = ets:new(t, [ordered_set]),
    ets:insert(T, [{N, N} || N <- lists:seq(1, 20)]),
    io:format("~p~n", [sum(T, 3000, 0)]).

sum(_, 0, Sum) -> Sum;
sum(T, N, Sum) ->
    Up = ets:foldl(fun({_, V}, A) -> V + A end, 0, T),
    Down = ets:foldr(fun({_, V}, A) -> V + A end, 0, T),
    sum(T, N - 1, Sum + Up + Down).
