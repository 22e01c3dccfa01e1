%% The old catch: values, throws, errors and exits.
-module(catch_expression_of_each_class).
-export([main/0]).

main() ->
    io:format("~w~n", [catch 1 + 2]),
    io:format("~w~n", [catch throw(ball)]),
    io:format("~w~n", [catch exit(bye)]),
    {'EXIT', {Reason, Stack}} = (catch error(oops)),
    io:format("~w ~w~n", [Reason, is_list(Stack)]),
    {'EXIT', {{badmatch, V}, [{M, F, A, _} | _]}} = (catch match(id(2))),
    io:format("~w ~w ~w ~w~n", [V, M, F, A]),
    X = (catch throw({nested, catch throw(inside)})),
    io:format("~w~n", [X]),
    io:format("~w~n", [[catch throw(I) || I <- [1, 2, 3]]]),
    Y = catch_me(catch id(quiet)),
    io:format("~w~n", [Y]).

match(X) -> 1 = X.

catch_me(V) -> {got, V}.

id(X) -> X.
