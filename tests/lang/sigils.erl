%% Sigils, as in OTP 27.
-module(sigils).
-export([main/0]).

main() ->
    io:format("~w~n", [~"abc"]),
    io:format("~w~n", [~"\x{e5}"]),
    io:format("~w~n", [~b"a\tb"]),
    io:format("~w~n", [~B"a\tb"]),
    io:format("~w~n", [~s"a\tb"]),
    io:format("~w~n", [~S"a\tb"]),
    io:format("~w~n", [[~s(x), ~s[x], ~s{x}, ~s<x>, ~s/x/, ~s|x|, ~s'x', ~s`x`, ~s#x#]]),
    io:format("~w~n", [~(\)y)]),
    io:format("~w~n", [~B(\)]),
    io:format("~p~n", [~s{a "quoted" word}]),
    io:format("~w~n", [~"""
        triple \n
        """]),
    io:format("~w~n", [~s"""
        tr\tiple
        """]),
    io:format("~w~n", [~S"""
        verbatim \
        """]),
    io:format("~w~n", [f(~"key")]).

f(~"key") -> matched;
f(_) -> not_matched.
