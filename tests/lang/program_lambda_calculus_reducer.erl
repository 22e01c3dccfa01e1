%% A whole program: substitution with fresh names, normal order, Church numerals.
-module(program_lambda_calculus_reducer).
-export([main/0]).

main() ->
    Num = fun(N) -> {lam, f, {lam, x, lists:foldl(fun(_, B) -> {app, {var, f}, B} end, {var, x}, lists:seq(1, N))}} end,
    Plus = {lam, m, {lam, n, {lam, f, {lam, x, {app, {app, {var, m}, {var, f}}, {app, {app, {var, n}, {var, f}}, {var, x}}}}}}},
    Times = {lam, m, {lam, n, {lam, f, {app, {var, m}, {app, {var, n}, {var, f}}}}}},
    Exp = {lam, m, {lam, n, {app, {var, n}, {var, m}}}},
    [io:format("~w~n", [count(normal({app, {app, Op, Num(A)}, Num(B)}))]) || {Op, A, B} <- [{Plus, 2, 3}, {Times, 4, 5}, {Exp, 2, 5}]],
    K = {lam, x, {lam, y, {var, x}}},
    Omega = {app, {lam, x, {app, {var, x}, {var, x}}}, {lam, x, {app, {var, x}, {var, x}}}},
    io:format("~w~n", [normal({app, {app, K, {var, kept}}, Omega})]).

normal(T) -> case step(T) of none -> T; T2 -> normal(T2) end.

step({app, {lam, X, B}, A}) -> subst(B, X, A);
step({app, F, A}) ->
    case step(F) of
        none -> case step(A) of none -> none; A2 -> {app, F, A2} end;
        F2 -> {app, F2, A}
    end;
step({lam, X, B}) -> case step(B) of none -> none; B2 -> {lam, X, B2} end;
step({var, _}) -> none.

subst({var, X}, X, A) -> A;
subst({var, _} = V, _, _) -> V;
subst({app, F, B}, X, A) -> {app, subst(F, X, A), subst(B, X, A)};
subst({lam, X, _} = L, X, _) -> L;
subst({lam, Y, B}, X, A) ->
    case lists:member(Y, free(A)) of
        false -> {lam, Y, subst(B, X, A)};
        true -> Z = fresh(), {lam, Z, subst(subst(B, Y, {var, Z}), X, A)}
    end.

free({var, X}) -> [X];
free({app, F, A}) -> free(F) ++ free(A);
free({lam, X, B}) -> [Y || Y <- free(B), Y =/= X].

fresh() -> N = case get(n) of undefined -> 0; M -> M end, put(n, N + 1), {v, N}.

count({lam, F, {lam, X, B}}) -> count(B, F, X);
count({lam, F, {var, F}}) -> 1.
count({var, X}, _, X) -> 0;
count({app, {var, F}, B}, F, X) -> 1 + count(B, F, X).
