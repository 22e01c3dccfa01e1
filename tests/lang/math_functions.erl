%% The math module, and its errors.
-module(math_functions).
-export([main/0]).

main() ->
    P = fun(X) -> io:format("~.10f~n", [X]) end,
    P(math:sin(1)), P(math:cos(1.0)), P(math:tan(0.5)), P(math:asin(0.5)), P(math:acos(0.5)), P(math:atan(1)), P(math:atan2(1, -1)),
    P(math:exp(1)), P(math:log(10)), P(math:log2(8)), P(math:log10(1000)), P(math:pow(2, 0.5)), P(math:sqrt(2)), P(math:pi()),
    P(math:sinh(1)), P(math:cosh(1)), P(math:tanh(1)), P(math:ceil(1.2)), P(math:floor(-1.2)), P(math:fmod(7.5, 2)),
    io:format("~w~n", [[try F() catch C:R -> {C, R} end
                        || F <- [fun() -> math:sqrt(-1) end, fun() -> math:log(0) end, fun() -> math:log(-1) end, fun() -> math:acos(2) end,
                                 fun() -> math:exp(1000) end, fun() -> math:pow(0, -1) end, fun() -> math:sin(a) end, fun() -> math:fmod(1, 0) end]]]).
