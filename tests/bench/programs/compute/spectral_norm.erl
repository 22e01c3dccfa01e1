%% Spectral norm of an N by N matrix given by a formula: floats and lists.
-module(spectral_norm).
-export([run/1, default/0]).

default() -> 550.

run(N) ->
    U = lists:duplicate(N, 1.0),
    {U2, V2} = loop(10, U, U, N),
    math:sqrt(dot(U2, V2, 0.0) / dot(V2, V2, 0.0)).

loop(0, U, V, _) -> {U, V};
loop(Left, U, _, N) ->
    V = at_a(U, N),
    loop(Left - 1, at_a(V, N), V, N).

at_a(U, N) -> times(fun at/2, times(fun a/2, U, N), N).

times(F, U, N) -> [row(F, I, 0, U, 0.0) || I <- lists:seq(0, N - 1)].

row(_, _, _, [], Sum) -> Sum;
row(F, I, J, [X | Rest], Sum) -> row(F, I, J + 1, Rest, Sum + F(I, J) * X).

a(I, J) -> 1.0 / ((I + J) * (I + J + 1) div 2 + I + 1).

at(I, J) -> a(J, I).

dot([], [], Sum) -> Sum;
dot([X | Xs], [Y | Ys], Sum) -> dot(Xs, Ys, Sum + X * Y).
