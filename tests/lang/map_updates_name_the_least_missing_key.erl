%% Of several literal keys in a row that are missing, M#{K := V} names the least in the order of terms.
-module(map_updates_name_the_least_missing_key).
-export([main/0]).

main() ->
    M = id(#{b => 1, 2 => x}), V = id(v), K = id(k),
    [io:format("~p~n", [failure(F)])
     || F <- [fun() -> M#{d := 1, c := 2, a := 3} end,
              fun() -> M#{42.0 := V, 42 := V} end,
              fun() -> M#{42 => V, 42.0 := V, 42 := V} end,
              fun() -> M#{1.0 := V, 1.0 => V} end,
              fun() -> M#{"s" := V, {t} := V, x := V, 1 := V} end,
              fun() -> M#{z := V, K := V, a := V} end,
              fun() -> M#{K := V, z := V, a := V} end,
              fun() -> M#{b := 2, 2 := y} end,
              fun() -> M#{b := 2, b := 3} end,
              fun() -> (id(not_a_map))#{z := V, a := V} end]].

failure(F) -> try F() catch error:Reason -> Reason end.

id(X) -> X.
