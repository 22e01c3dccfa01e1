%% Points of an N by N picture inside the set: floats in a tight loop.
-module(mandelbrot).
-export([run/1, default/0]).

default() -> 900.

run(N) -> rows(0, N, 0).

rows(N, N, Count) -> Count;
rows(Y, N, Count) -> rows(Y + 1, N, columns(0, N, 2.0 * Y / N - 1.0, Count)).

columns(N, N, _, Count) -> Count;
columns(X, N, Ci, Count) ->
    Cr = 2.0 * X / N - 1.5,
    columns(X + 1, N, Ci, Count + point(0.0, 0.0, Cr, Ci, 50)).

point(_, _, _, _, 0) -> 1;
point(Zr, Zi, Cr, Ci, Left) ->
    R2 = Zr * Zr,
    I2 = Zi * Zi,
    if
        R2 + I2 > 4.0 -> 0;
        true -> point(R2 - I2 + Cr, 2.0 * Zr * Zi + Ci, Cr, Ci, Left - 1)
    end.
