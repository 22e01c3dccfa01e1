%% An error inside or/and/not makes the whole test fail, but not the alternatives after ;.
-module(guards_with_nested_boolean_errors).
-export([main/0]).

main() ->
    Vals = [1, 0, a, [], {1}, true, false, 2.0, <<1>>],
    [io:format("~w: ~w~n", [V, [T(V) || T <- tests()]]) || V <- Vals].

tests() ->
    [fun(X) when X > 0 or (hd(X) =:= 1) -> yes; (_) -> no end,
     fun(X) when X > 0 orelse hd(X) =:= 1 -> yes; (_) -> no end,
     fun(X) when not (X + 1 > 0) -> yes; (_) -> no end,
     fun(X) when X; X + 1 > 1 -> yes; (_) -> no end,
     fun(X) when X =:= 1 andalso X -> yes; (_) -> no end,
     fun(X) when (X andalso true) orelse X =:= a -> yes; (_) -> no end,
     fun(X) when is_integer(X) andalso X rem 2 =:= 1; is_list(X) -> yes; (_) -> no end,
     fun(X) when not is_atom(X), X == 2 -> yes; (_) -> no end,
     fun(X) when X xor true -> yes; (_) -> no end,
     fun(X) when element(1, X) =:= 1; size(X) =:= 1, is_binary(X) -> yes; (_) -> no end,
     fun(X) when is_float(1 / X) -> yes; (_) -> no end,
     fun(X) when (X =:= true) =:= (X =:= X) -> yes; (_) -> no end].
