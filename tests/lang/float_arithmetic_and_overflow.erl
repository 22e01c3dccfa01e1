%% Float operations, mixed operands and badarith on overflow.
-module(float_arithmetic_and_overflow).
-export([main/0]).

main() ->
    io:format("~w~n", [[1 + 2.0, 3 * 1.5, 2.5 - 1, 5 / 2, 1.0e308 * id(0.1), -id(2.5), +id(2.5)]]),
    io:format("~w~n", [[try_it(fun() -> id(1.0e308) * id(10) end), try_it(fun() -> id(1.0e308) + id(1.0e308) end),
                        try_it(fun() -> float(id(1 bsl 2000)) end), try_it(fun() -> id(1 bsl 2000) + id(1.0) end),
                        try_it(fun() -> id(-1.0e308) - id(1.0e308) end)]]),
    io:format("~w~n", [[trunc(2.7), trunc(-2.7), round(2.5), round(-2.5), round(2.4), round(0.49999999999999994),
                        floor(-2.5), ceil(-2.5), floor(2.5), ceil(2.5)]]),
    io:format("~w~n", [[trunc(1.0e30), round(1.0e25), trunc(-1.5e19), floor(1.0e20), ceil(4.0)]]),
    io:format("~w~n", [[float(3), float(1 bsl 60), float(-(1 bsl 64)), abs(-3.5), abs(3.5)]]),
    io:format("~w~n", [[math:pi() > 3.14, math:sqrt(16), math:pow(2, 10), math:floor(2.7), math:fmod(7, 3)]]).

id(X) -> X.

try_it(F) -> try F() catch C:R -> {C, R} end.
