%% A variable bound in every branch of case, if or receive is usable after.
-module(variables_bound_in_all_branches_are_exported).
-export([main/0]).

main() ->
    [io:format("~w~n", [[a(X), b(X), c(X), d(X)]]) || X <- [1, 2, 3]].

a(X) ->
    case X of
        1 -> Y = one, Z = 1;
        _ -> Y = many, Z = 2
    end,
    {Y, Z}.

b(X) ->
    if X > 2 -> R = big, ok; true -> R = small end,
    R.

c(X) ->
    self() ! X,
    receive 1 -> V = got_one; N -> V = {got, N} end,
    V.

d(X) ->
    Y = begin Z = X * 2, Z + 1 end,
    {Y, Z}.
