%% Quotients by whole numbers, and by and with constants, in loops: what is divided by 0, and what was not finite before.
-module(floats_divided_by_whole_numbers_in_loops).
-export([main/1]).
main(_) ->
    [io:format("~w ~w: ~p~n", [Kind, N, outcome(fun() -> t(Kind, N) end)])
     || Kind <- lists:seq(1, 15), N <- [5, 100, 3000, 20000]].

outcome(F) ->
    try F()
    catch
        Class:Reason:Trace -> {Class, Reason, hd([{Name, Args} || {?MODULE, Name, Args, _} <- Trace])}
    end.

t(1, N) -> a(N, 19000, 0.0);
t(2, N) -> a(N, -1, 0.0);
t(3, N) -> b(N, 1.0e145, 0.0);
t(4, N) -> c(N, 1.0);
t(5, N) -> d(N, 1.0e308, 0.0);
t(6, N) -> e(N, 1.0e-300, 0.0);
t(7, N) -> f(N, 1.0, []);
t(8, N) -> g(N, N - 2500, 0.0, 0.0);
t(9, N) -> h(N, [1.0, 2.5, 3, -4.0], 0.0);
t(10, N) -> i(N, N - 2500, 0.0, 0.0);
t(11, N) -> j(N, 2500, 0);
t(12, N) -> k(N, 2500, 0);
t(13, N) -> l(N, 1.0e100, 0);
t(14, N) -> m(N, 1.0e100, 0);
t(15, N) -> n(N, 2500, 0.0).

a(0, _, S) -> S;
a(N, Z, S) -> a(N - 1, Z, S + 1.0 / (N - Z)).

%% The dividend is not finite before.
b(0, X, S) -> {X, S};
b(N, X, S) -> b(N - 1, X * 1.01, S + (X * X * 1.0e-290) / (N + 1)).

c(0, X) -> X;
c(N, X) -> c(N - 1, (X * 1.1) / 1.0 + 0.5 * X).

d(0, X, S) -> {X, S};
d(N, X, S) -> Y = (X + X * 0.79) * 0.5, d(N - 1, X * 1.0001, Y / 2.0 - S * 1.0).

%% By constants below 1, and 0.0 as one that is not asked for.
e(0, X, S) -> {X, S};
e(N, X, S) -> e(N - 1, X / 0.5, S * 0.5 + X / 0.25).

f(0, X, L) -> {X, length(L), hd(L)};
f(N, X, L) -> f(N - 1, X * 3.0, [X * -3.0 / 3, X / (N + 0) | tl([1 | L])]).

g(0, _, S, T) -> {S, T};
g(N, Z, S, T) ->
    D = N - Z,
    case D > 0 of
        true -> g(N - 1, Z, S + S / D + 1.0, T);
        false -> g(N - 1, Z, S, T + T / D - 1.0)
    end.

h(0, _, S) -> S;
h(N, L = [X, Y, Z | _], S) -> h(N - 1, L, S + X / (N - 7) - Y / (N + 7) * (Z / N)).

i(0, _, S, T) -> {S, T};
i(N, Z, S, T) -> i(N - 1, Z, 0.0 / (N - Z) + S, T + (N - Z) / (N + 1)).

%% Where nothing is made of the quotient that would show it.
j(0, _, S) -> S;
j(N, Z, S) ->
    case 1.0 / (N - Z) > 0.01 of
        true -> j(N - 1, Z, S + 1);
        false -> j(N - 1, Z, S - 1)
    end.

k(0, _, S) -> S;
k(N, Z, S) ->
    case 0.0 / (N - Z) >= 0.0 of
        true -> k(N - 1, Z, S + 1);
        false -> k(N - 1, Z, S - 1)
    end.

l(0, X, S) -> {X, S};
l(N, X, S) ->
    case X * X / N > 1.0e201 of
        true -> l(N - 1, X * 1.05, S + 1);
        false -> l(N - 1, X * 1.05, S - 1)
    end.

m(0, X, S) -> {X, S};
m(N, X, S) ->
    case X * X * 0.5 > 1.0e201 of
        true -> m(N - 1, X * 1.05, S + 1);
        false -> m(N - 1, X * 1.05, S - 1)
    end.

n(0, _, Q) -> Q;
n(N, Z, _) -> n(N - 1, Z, 1.0 / (N - Z)).
