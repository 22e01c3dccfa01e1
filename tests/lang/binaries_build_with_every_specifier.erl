%% Constructing binaries: sizes, units, signs, byte orders, types.
-module(binaries_build_with_every_specifier).
-export([main/0]).

main() ->
    P = fun(B) -> io:format("~w~n", [B]) end,
    X = id(16#1234),
    P(<<X>>), P(<<X:16>>), P(<<X:16/little>>), P(<<X:16/big>>), P(<<X:32>>), P(<<X:12>>), P(<<X:4/integer-unit:3>>),
    P(<<(id(-2)):8>>), P(<<(id(-2)):16/signed-little>>), P(<<(id(1 bsl 70)):80>>), P(<<(id(1 bsl 70)):80/little>>),
    P(<<(id(-1)):70>>), P(<<1.5:64/float>>), P(<<1.5:32/float>>), P(<<(id(1.5)):64/float-little>>), P(<<(id(2)):32/float>>),
    P(<<1.5:16/float>>),
    B = id(<<"abcdef">>),
    P(<<B/binary>>), P(<<B:3/binary>>), P(<<B:2/binary, 0, B:1/binary>>), P(<<(id(<<5:3>>))/bitstring, 1:5>>), P(<<B:2/binary-unit:4>>),
    P(<<"text", 0, "more">>), P(<<"hi":16>>), P(<<"hi":16/little>>), P(<<"äö"/utf8>>), P(<<"ä"/utf16>>), P(<<"ä"/utf16-little>>),
    P(<<"ä"/utf32>>), P(<<(id(16#1F600))/utf8>>), P(<<(id(16#1F600))/utf16>>), P(<<(id(16#20AC))/utf32-little>>),
    N = id(3), P(<<X:N>>), P(<<X:(N * 8)>>), P(<<0:N/unit:8>>), P(<<B:N/binary>>),
    P(<<>>), P(<<1:1, 0:1, 1:1>>), P(<<1:1, B/binary>>), P(<<X:0>>), P(<<3:2, 1:7, 255:7>>),
    P(<<X:16/native>> =:= <<X:16/little>> orelse <<X:16/native>> =:= <<X:16/big>>).

id(X) -> X.
