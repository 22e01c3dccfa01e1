%% A handler goes on with a loop's next round, with values of other kinds than the loop began with: what native code
%% expects of a loop's variables must hold on that way, too.
-module(loops_that_handlers_go_on_with).
-export([main/0]).

main() ->
    Arguments = [{9, 1.5, -1.0e15, 3.0, 0}, {9, 2.5, 7.0, 3, x}, {8, 4.0, 2, [], 1.0}, {11, 1, 2, 3, 4}],
    [io:format("~w~n", [[try l(N, A, C, D, E) catch Class:R -> {Class, R} end || _ <- lists:seq(1, 8)]])
     || {N, A, C, D, E} <- Arguments],
    [io:format("~w~n", [[m(N, A, B) || _ <- lists:seq(1, 8)]]) || {N, A, B} <- [{9, 1.5, 2.5}, {9, 1, 2.5}, {8, 3, 1 bsl 70}]].

l(N, A, _C, _D, E) when N rem 2 =:= 1 ->
    l(N - 1, 0, 0, try id(E) catch _:V when is_atom(V) -> -5; _:_ -> A end, 0);
l(N, A, _C, D, _E) when N > 0 ->
    l(N - 1, 1.5, math:sqrt(abs(A)), 0, D);
l(_, A, C, D, E) ->
    {A, C, D, E}.

%% The handler's way is taken.
m(N, A, B) when N rem 3 =:= 1 ->
    m(N - 1, try raise(N, A) catch throw:{V} -> -V; throw:V -> V; error:_ -> B end, B);
m(N, A, B) when N > 0 ->
    m(N - 1, A * 0.5, A + B);
m(_, A, B) ->
    {A, B}.

raise(4, A) -> throw(A);
raise(7, A) -> throw({A});
raise(_, A) -> A + x.

id(x) -> throw(x);
id(X) -> X.
