%% Matching binaries: sizes computed from earlier fields, signs, orders, floats, tails.
-module(binaries_match_with_every_specifier).
-export([main/0]).

main() ->
    B = id(<<1, 2, 3, 4, 5, 6, 7, 8, 255, 254>>),
    <<A:4, C:12, D:16/little, Rest/binary>> = B,
    io:format("~w ~w ~w ~w~n", [A, C, D, Rest]),
    <<_:64, S:8/signed, U:8>> = B,
    io:format("~w ~w~n", [S, U]),
    <<_:64, S2:16/signed-little>> = B,
    io:format("~w~n", [S2]),
    <<F:64/float, F32:32/float>> = id(<<1.25:64/float, -0.5:32/float>>),
    io:format("~w ~w~n", [F, F32]),
    <<Len, Data:Len/binary, Tail/binary>> = id(<<3, "abcdef">>),
    io:format("~w ~w ~w~n", [Len, Data, Tail]),
    <<N, Bits:N/bitstring, R/bitstring>> = id(<<5, 16#FF>>),
    io:format("~w ~w ~w~n", [N, Bits, R]),
    <<Sz, V:(Sz * 8), _/binary>> = id(<<2, 1, 0, 9>>),
    io:format("~w~n", [V]),
    <<Big:80>> = B,
    io:format("~w~n", [Big]),
    <<BigL:80/little-signed>> = B,
    io:format("~w~n", [BigL]),
    <<X:3, Y:70, _/bits>> = B,
    io:format("~w ~w~n", [X, Y]),
    <<"ab", Z/binary>> = id(<<"abc">>),
    io:format("~w~n", [Z]),
    <<Ch/utf8, Ch2/utf8, _/binary>> = id(<<"å€"/utf8>>),
    io:format("~w ~w~n", [Ch, Ch2]),
    <<Q:2/unit:8, _/binary-unit:1>> = B,
    io:format("~w~n", [Q]),
    io:format("~w~n", [[m(V1) || V1 <- [<<>>, <<1>>, <<1:1>>, <<2, 5>>, <<"GET /">>, <<0:16>>, <<1.5/float>>, <<200, 1, 2>>, not_binary]]]).

m(<<>>) -> empty;
m(<<1>>) -> one;
m(<<_:1>>) -> bit;
m(<<2, X>>) -> {two, X};
m(<<"GET ", P/binary>>) -> {get, P};
m(<<0:16>>) -> zero16;
m(<<F/float>>) -> {float, F};
m(<<200, T/binary>> = All) -> {T, byte_size(All)};
m(_) -> none.

id(X) -> X.
