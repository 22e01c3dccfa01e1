%% integer_to_list, list_to_integer, floats and binaries, in all bases.
-module(numbers_to_text_and_back).
-export([main/0]).

main() ->
    Ns = [0, 1, -1, 255, -255, 1 bsl 64, -(1 bsl 100), 123456789012345678901234567890],
    [io:format("~s ~s ~s ~s~n", [integer_to_list(N), integer_to_list(N, 16), integer_to_list(N, 2), integer_to_list(N, 36)]) || N <- Ns],
    true = lists:all(fun(N) -> lists:all(fun(B) -> list_to_integer(integer_to_list(N, B), B) =:= N end, lists:seq(2, 36)) end, Ns),
    true = lists:all(fun(N) -> binary_to_integer(integer_to_binary(N)) =:= N end, Ns),
    io:format("~w~n", [[list_to_integer("+17"), list_to_integer("-0"), list_to_integer("ff", 16), list_to_integer("FF", 16), binary_to_integer(<<"-123">>)]]),
    io:format("~w~n", [[list_to_float("1.5"), list_to_float("-2.5e3"), list_to_float("1.0e-10"), binary_to_float(<<"0.1">>)]]),
    io:format("~w~n", [[try F() catch C:R -> {C, R} end
                        || F <- [fun() -> list_to_integer("") end, fun() -> list_to_integer("1x") end, fun() -> list_to_integer("12", 2) end,
                                 fun() -> list_to_integer("1", 37) end, fun() -> list_to_float("1") end, fun() -> list_to_float("1.") end,
                                 fun() -> list_to_float(".5") end, fun() -> list_to_float("1.0e999") end, fun() -> binary_to_integer(<<>>) end,
                                 fun() -> binary_to_integer(<<"-">>) end, fun() -> integer_to_list(a) end, fun() -> list_to_integer("1 ") end]]]),
    io:format("~s ~s~n", [float_to_list(1.0e100), float_to_list(0.1)]),
    io:format("~s ~s ~s~n", [float_to_list(12.345, [{decimals, 2}]), float_to_list(-0.05, [{decimals, 1}]), float_to_list(1.0e10, [short])]).
