%% Matches that must fail, and the errors of construction.
-module(binary_match_failures).
-export([main/0]).

main() ->
    Cs = [fun() -> <<_:16>> = id(<<1>>) end, fun() -> <<1, _/binary>> = id(<<2, 3>>) end, fun() -> <<_/binary>> = id(<<1:1>>) end,
          fun() -> <<_/utf8>> = id(<<255>>) end, fun() -> <<_/utf16>> = id(<<16#D8, 0>>) end, fun() -> <<_/utf32>> = id(<<0, 17, 0, 0>>) end,
          fun() -> N = id(-1), <<_:N>> = id(<<1>>) end, fun() -> <<L, _:L/binary>> = id(<<5, 1>>) end,
          fun() -> <<F:64/float>> = id(<<16#7FF0000000000000:64>>), F end, fun() -> <<X>> = id(notbin), X end,
          fun() -> <<(id(a))>> end, fun() -> <<(id(1.5)):8>> end, fun() -> <<1:(id(-1))>> end, fun() -> <<1:(id(a))>> end,
          fun() -> <<(id([1]))/binary>> end, fun() -> <<(id(<<1:1>>))/binary>> end, fun() -> <<(id(<<1>>)):2/binary>> end,
          fun() -> <<(id(16#D800))/utf8>> end, fun() -> <<(id(16#110000))/utf8>> end, fun() -> <<(id(-1))/utf16>> end,
          fun() -> <<(id(1)):13/float>> end, fun() -> <<(id(a)):64/float>> end,
          fun() -> <<(id(16#D800))/utf32>> end, fun() -> <<_:7, _/binary>> = id(<<1, 2>>) end],
    [io:format("~w~n", [try {ok, F()} catch C:R -> {C, R} end]) || F <- Cs].

id(X) -> X.
