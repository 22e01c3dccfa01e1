%% N digits of pi by the unbounded spigot: big-integer products and quotients.
-module(pidigits).
-export([run/1, default/0]).

default() -> 2300.

run(N) -> digits(N, 1, 0, 1, 1, []).

digits(0, _, _, _, _, Digits) -> lists:sum(Digits) * 1000 + length(Digits);
digits(Left, Q, R, T, K, Digits) ->
    D = (3 * Q + R) div T,
    case (4 * Q + R) div T of
        D when Q =< (D + 1) * T - 3 * Q - R, 4 * Q + R < (D + 1) * T ->
            digits(Left - 1, 10 * Q, 10 * (R - D * T), T, K, [D | Digits]);
        _ ->
            digits(Left, Q * K, (2 * Q + R) * (2 * K + 1), T * (2 * K + 1), K + 1, Digits)
    end.
