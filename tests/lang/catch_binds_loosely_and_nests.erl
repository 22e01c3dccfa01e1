%% Where catch may stand, what it returns inside of larger expressions.
-module(catch_binds_loosely_and_nests).
-export([main/0]).

main() ->
    A = (catch throw(1)),
    B = [catch throw(2), 3],
    C = {catch exit(x), catch ok},
    io:format("~w ~w ~w~n", [A, B, C]),
    io:format("~w~n", [catch throw(catch throw(in))]),
    X = case catch list_to_atom(id(5)) of {'EXIT', {badarg, _}} -> badarg; V -> V end,
    io:format("~w~n", [X]),
    catch throw(ignored),
    io:format("~w~n", [begin catch error(ignored), value end]),
    F = fun() -> catch throw(from_fun) end,
    io:format("~w~n", [F()]),
    io:format("~w~n", [deep(1000)]),
    io:format("~w~n", [lists:sum([catch throw(N) || N <- lists:seq(1, 100)])]),
    io:format("~w~n", [element(1, catch 1 + a)]).

deep(0) -> throw(0);
deep(N) -> case catch deep(N - 1) of M when is_integer(M) -> throw_or_return(M + 1, N) end.

throw_or_return(M, 1000) -> M;
throw_or_return(M, _) -> throw(M).

id(X) -> X.
