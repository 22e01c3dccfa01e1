%% Many clauses with overlapping patterns and guards.
-module(function_clauses_are_tried_in_order).
-export([main/0]).

main() ->
    Args = [{0, []}, {0, x}, {1, []}, {5, [a]}, {-5, [a, b]}, {1.5, []}, {a, b}, {"s", "t"}, {{}, #{}}, {5, 5}, {[1], 1}, {[], []}],
    [io:format("~w ~w -> ~w~n", [A, B, f(A, B)]) || {A, B} <- Args].

f(0, []) -> zero_nil;
f(0, _) -> zero;
f(N, []) when is_integer(N), N > 0 -> {pos, nil};
f(N, [X]) when N > 0 -> {pos, X};
f(N, [_ | T]) when is_integer(N), N < 0 -> {neg, T};
f(X, X) -> same;
f([X], X) -> inside;
f(N, _) when is_float(N); is_atom(N) -> float_or_atom;
f([H | _], [H2 | _]) when H =/= H2 -> {heads, H, H2};
f({}, M) when map_size(M) =:= 0 -> empties;
f(_, _) -> other.
