%% number < atom < reference < fun < pid < tuple < map < nil < list < bitstring.
-module(term_order_over_all_types).
-export([main/0]).

main() ->
    Ordered = [-1.5, -1, 0, 1, 1.5, 1 bsl 70, a, ab, b, make_ref(), fun() -> ok end, self(), {}, {a}, {b}, {a, a},
               #{}, #{a => 1}, #{a => 2}, #{b => 1}, #{a => 1, b => 2}, [], [a], [a, b], [b], <<>>, <<0:3>>, <<0>>, <<1:1>>, <<255>>],
    Pairs = [{I, J, A, B} || {I, A} <- index(Ordered), {J, B} <- index(Ordered)],
    Bad = [{I, J} || {I, J, A, B} <- Pairs,
                     (I < J) =/= (A < B) orelse (I > J) =/= (A > B) orelse (I =< J) =/= (A =< B)
                     orelse (I >= J) =/= (A >= B) orelse (I =:= J) =/= (A =:= B) orelse (I =:= J) =/= (A == B)],
    io:format("~w pairs, wrong: ~w~n", [length(Pairs), Bad]),
    io:format("~w~n", [lists:sort(Ordered) =:= Ordered]),
    io:format("~w~n", [lists:sort(lists:reverse(Ordered)) =:= Ordered]).

index(L) -> lists:zip(lists:seq(1, length(L)), L).
