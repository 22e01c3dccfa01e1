%% Map patterns in heads, nested, with bound keys and aliases.
-module(map_patterns_in_function_heads).
-export([main/0]).

main() ->
    [io:format("~w -> ~w~n", [M, kind(M)])
     || M <- [#{}, #{type => circle, r => 2}, #{type => rect, w => 2, h => 3}, #{type => other}, not_a_map,
              #{inner => #{inner => #{x => deep}}}, #{[1] => a}, #{1.0 => f, 1 => i}]],
    io:format("~w ~w~n", [lookup(k, #{k => v}), lookup(z, #{k => v})]).

kind(#{type := circle, r := R}) -> {circle, R * R};
kind(#{type := rect, w := W, h := H} = M) -> {rect, W * H, map_size(M)};
kind(#{inner := #{inner := #{x := X}}}) -> {nested, X};
kind(#{[1] := V}) -> {list_key, V};
kind(#{1 := I, 1.0 := F}) -> {numbers, I, F};
kind(#{type := T}) -> {unknown, T};
kind(#{} = M) when map_size(M) =:= 0 -> empty;
kind(_) -> no_match.

lookup(K, M) ->
    case M of
        #{K := V} -> {found, V};
        #{} -> none
    end.
