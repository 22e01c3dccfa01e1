%% Maps compare by size, then keys in order, then values; integer keys sort before floats.
-module(map_order_by_size_keys_values).
-export([main/0]).

main() ->
    Pairs = [{#{a => 1}, #{a => 2}}, {#{a => 2}, #{b => 1}}, {#{a => 1, b => 1}, #{c => 1}}, {#{1 => x}, #{1.0 => x}},
             {#{1 => x}, #{2.0 => x}}, {#{2 => x}, #{1.0 => x}}, {#{a => 1}, #{a => 1.0}}, {#{}, #{}}, {#{[1] => x}, #{[2] => w}}],
    [io:format("~w ~w: ~w ~w ~w~n", [A, B, A < B, A == B, A > B]) || {A, B} <- Pairs],
    L1 = maps:from_list([{I, x} || I <- lists:seq(1, 50)]),
    L2 = maps:from_list([{I, x} || I <- lists:seq(2, 51)]),
    L3 = L1#{50 := y},
    io:format("~w~n", [[L1 < L2, L1 < L3, L1 == L1#{1 := x}, L1 > L2, L1 =:= maps:from_list(maps:to_list(L1))]]).
