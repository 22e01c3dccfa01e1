%% Map expressions: build, update with => and :=, match, size.
-module(maps_literals_update_and_match).
-export([main/0]).

main() ->
    M = #{a => 1, "b" => 2, 3 => three, {c} => #{}},
    io:format("~w~n", [M]),
    io:format("~w~n", [M#{a => 10, new => 11}]),
    io:format("~w~n", [M#{a := 20}]),
    #{a := A, {c} := C} = M,
    io:format("~w ~w ~w~n", [A, C, map_size(M)]),
    K = 3,
    #{K := V} = M,
    io:format("~w~n", [V]),
    io:format("~w~n", [#{1 => a, 1.0 => b, 1 => c}]),
    io:format("~w~n", [try M#{nokey := 1} catch C1:R1 -> {C1, R1} end]),
    io:format("~w~n", [try (id(notmap))#{a => 1} catch C2:R2 -> {C2, R2} end]),
    io:format("~w~n", [try (id([]))#{a := 1} catch C3:R3 -> {C3, R3} end]),
    io:format("~w~n", [case M of #{zz := _} -> yes; #{a := 1} -> one; _ -> no end]),
    io:format("~w~n", [case M of #{a := X, "b" := Y} when X < Y -> {X, Y} end]),
    io:format("~w~n", [[is_map(M), is_map_key(a, M), is_map_key(b, M), map_get(a, M)]]).

id(X) -> X.
