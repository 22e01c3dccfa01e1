%% and/or/xor/not are strict, andalso/orelse are not, and both check their operands.
-module(boolean_operators_strict_and_short).
-export([main/0]).

main() ->
    Bs = [true, false],
    [io:format("~w ~w: ~w ~w ~w ~w ~w~n", [A, B, A and B, A or B, A xor B, A andalso B, A orelse B]) || A <- Bs, B <- Bs],
    io:format("~w~n", [[not A || A <- Bs]]),
    io:format("~w~n", [[t(F) || F <- [fun() -> id(1) and true end, fun() -> true or id(a) end, fun() -> not id(5) end,
                                     fun() -> id(1) andalso true end, fun() -> id(false) andalso error(no) end,
                                     fun() -> id(true) orelse error(no) end, fun() -> id(true) andalso 42 end,
                                     fun() -> id(false) orelse "str" end, fun() -> id(x) orelse true end,
                                     fun() -> id(false) and error(evaluated) end, fun() -> id(false) xor id(0) end]]]).

id(X) -> X.

t(F) -> try F() catch C:R -> {C, R} end.
