%% Macro arguments with commas in brackets, macros in macros, in patterns, guards and attributes.
-module(macros_overloaded_and_recursive_arguments).
-export([main/0]).

-define(TAG, tagged).
-define(T(X), {?TAG, X}).
-define(IS(X), is_integer(X), X > 0).
-define(LOG(F, A), io:format("[~w] " F "~n", [?LINE | A])).
-define(APPLY(F, Args), apply(F, Args)).
-define(IF(C, T, E), case C of true -> T; false -> E end).
-define(MAP, #{a => 1, b => {2, [3, 4]}}).
-define(STR(X), ??X).
-define(CAT(A, B), A ++ ??B).
-define(A1, ?A2).
-define(A2, ?A3).
-define(A3, end_of_chain).
-export([?TAG/0]).

main() ->
    ?LOG("first ~w", [?T(1)]),
    ?LOG("second ~w ~w", [f(?T(5)), f(?T(-5))]),
    io:format("~w~n", [?APPLY(fun(A, B) -> {A, B} end, [1, (fun() -> 2 end)()])]),
    io:format("~w~n", [?IF(1 < 2, [yes, yes], {no, no})]),
    io:format("~w~n", [?MAP]),
    io:format("~p~n", [?STR({a, [1, 2], "s", fun(X) -> X end})]),
    io:format("~p~n", [?CAT("x=", 1 + 2)]),
    io:format("~w~n", [?A1]),
    io:format("~p~n", [?STR(?A3)]),
    io:format("~w~n", [tagged()]),
    #{a := A1} = ?MAP,
    io:format("~w~n", [A1]).

f(?T(X)) when ?IS(X) -> {positive, X};
f({?TAG, X}) -> {other, X}.

?TAG() -> ?FUNCTION_NAME.
