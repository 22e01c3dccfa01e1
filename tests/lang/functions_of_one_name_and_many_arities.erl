%% f/0 to f/5 are different functions, local, exported, as funs and in specs.
-module(functions_of_one_name_and_many_arities).
-export([main/0]).

-export([f/0, f/2]).
-spec f() -> zero.
f() -> zero.
-spec f(term()) -> term().
f(A) -> {A, f()}.
f(A, B) -> {f(A), B}.
f(A, B, C) -> {f(A, B), C}.
f(A, B, C, D) -> {f(A, B, C), D}.
f(A, B, C, D, E) -> {f(A, B, C, D), E}.

main() ->
    io:format("~w~n", [f(1, 2, 3, 4, 5)]),
    io:format("~w~n", [[is_function(F, 2) || F <- [fun f/0, fun f/1, fun f/2]]]),
    io:format("~w ~w~n", [?MODULE:f(), ?MODULE:f(1, 2)]),
    io:format("~w~n", [try ?MODULE:f(1) catch error:undef -> private end]),
    io:format("~w~n", [[apply(?MODULE, f, A) || A <- [[], [x, y]]]]).
