%% Lists and tuples nested a million levels: built, compared, sent, collected.
-module(terms_nested_a_million_deep).
-export([main/0]).

main() ->
    A = nest(1000000, []),
    B = nest(1000000, []),
    io:format("~w ~w~n", [A =:= B, A < nest(1000001, [])]),
    T1 = tuples(1000000, a),
    T2 = tuples(1000000, b),
    io:format("~w ~w ~w~n", [T1 =:= T2, T1 < T2, T1 == tuples(1000000, a)]),
    erlang:garbage_collect(),
    Self = self(),
    spawn(fun() -> receive {X, Y} -> Self ! {depth(X, 0), is_tuple(Y)} end end) ! {A, T1},
    receive R -> io:format("~w~n", [R]) end,
    M = maps_deep(100000, #{}),
    io:format("~w~n", [M =:= maps_deep(100000, #{})]),
    io:format("~w~n", [byte_size(term_to_binary(nest(100000, []))) > 100000]).

nest(0, Acc) -> Acc;
nest(N, Acc) -> nest(N - 1, [Acc]).

tuples(0, Acc) -> Acc;
tuples(N, Acc) -> tuples(N - 1, {N, Acc}).

maps_deep(0, Acc) -> Acc;
maps_deep(N, Acc) -> maps_deep(N - 1, #{k => Acc}).

depth([], D) -> D;
depth([X], D) -> depth(X, D + 1).
