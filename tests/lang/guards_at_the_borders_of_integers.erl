%% What arithmetic and comparisons take a value for must be checked even where the result is not used,
%% or is known without it: values that are no small integers, or no floats, at such places.
-module(guards_at_the_borders_of_integers).
-export([main/0]).

above([], A) -> A;
above([H | T], A) when H > 2305843009213693951 -> above(T, A + 1);
above([H | T], A) -> [H | above(T, A)].

below([], A) -> A;
below([H | T], A) when H < -2305843009213693952 -> below(T, A + 1);
below([H | T], A) -> [H | below(T, A)].

times_zero(0, A, B) -> {A, B};
times_zero(N, A, B) -> times_zero(N - 1, -1, N * A + B * 0).

unused(A, B) ->
    _ = A + B,
    _ = A * 0,
    is_integer(A) andalso is_integer(B).

start_by_type(0, A) -> A;
start_by_type(N, A) -> start_by_type(N - 1, A * 1.5).

same_zero(A, B) -> {A * 1.0 =:= B * 1.0, A * 1.0 == B * 1.0}.

main() ->
    Values = [1, 2305843009213693951, 2305843009213693952, -2305843009213693952,
              -2305843009213693953, 1 bsl 70, 1.5, 1.0e300, [], atom, {1}],
    io:format("~w~n~w~n", [above(Values, 0), below(Values, 0)]),
    io:format("~w~n", [[catch_of(fun() -> times_zero(3, A, B) end)
                        || A <- [1, 2.5, 1 bsl 70], B <- [1, 2.5, 1 bsl 70, x]]]),
    io:format("~w~n", [[catch_of(fun() -> unused(A, B) end)
                        || A <- [1, 2305843009213693951, 1.5, x], B <- [1, 1 bsl 61]]]),
    io:format("~w~n", [[catch_of(fun() -> start_by_type(N, A) end)
                        || N <- [0, 2], A <- [1, 2.0, x, []]]]),
    io:format("~w~n", [same_zero(0.0, list_to_float("-0.0"))]).

catch_of(F) ->
    try F() catch Class:Reason -> {Class, Reason} end.
