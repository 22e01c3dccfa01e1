%% Floats of loops that become too large, or nothing, in the middle of what is done without a look at each.
-module(loops_of_floats_that_stop_being_finite).
-export([main/1]).
main(_) ->
    [io:format("~w ~w: ~p~n", [Kind, N, outcome(fun() -> t(Kind, N) end)]) || Kind <- lists:seq(1, 9), N <- [10, 100, 3000]].

outcome(F) ->
    try F()
    catch
        Class:Reason:Trace -> {Class, Reason, hd([Name || {?MODULE, Name, _, _} <- Trace])}
    end.

t(1, N) -> a(N, 1.0, []);
t(2, N) -> b(N, 1.0, 2.0, 0.0);
t(3, N) -> c(N, 1.0e10);
t(4, N) -> d(N, [1.0, 2.0, 0.0, 3.0], 0.0);
t(5, N) -> e(N, {1.0, 1.0, 1.0}, []);
t(6, N) -> f(N, 1.0e308, 1.0e308, []);
t(7, N) -> g(N, 4.0, 1.0);
t(8, N) -> h(N, 1.0, -1.0);
t(9, N) -> i(N, 1.7e308, -1.7e308, {0.5, 0.5}).

a(0, X, L) -> {X, length(L), hd(L)};
a(N, X, L) -> a(N - 1, X * 2.0, [X * 2.0 | L]).

b(0, X, Y, Z)  -> {X, Y, Z};
b(N, X, Y, _) -> b(N - 1, X * 1.5, Y * Y * 0.9 + X, 1.0 / (Y * Y)).

c(0, X) -> X;
c(N, X) -> c(N - 1, X * X / (X + 1.0) - X / 3.0 + 1.0).

d(0, _, S) -> S;
d(N, L, S) -> d(N - 1, L, S + lists:sum([1.0 / (X + 1.0) || X <- L])).

e(0, S, L) -> {S, length(L)};
e(N, {A, B, C}, L) -> A2 = A * 1.7, B2 = B - A2, C2 = C / (B2 + 2.0), e(N - 1, {A2, B2, C2}, [{A2, B2} | L]).

f(0, A, B, L) -> {A, B, length(L)};
f(N, A, B, L) -> f(N - 1, A * 0.999, B * 1.0001, [B | tl([1 | L])]).

g(0, A, B) -> {A, B};
g(N, A, B) -> g(N - 1, A - 0.5, B + math:sqrt(A)).

h(0, A, B) -> {A, B};
h(N, A, B) -> h(N - 1, A / (B + N - 500), B + 0.0).

i(0, A, B, P) -> {A, B, P};
i(N, A, B, {X, Y}) -> i(N - 1, A * 0.9999, B * 0.9999, {Y * 0.99 + A * 0.0, X - B * 0.0}).
