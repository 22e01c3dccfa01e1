%% Many binary clauses on one function choose the right one.
-module(bit_syntax_in_function_heads).
-export([main/0]).

main() ->
    [io:format("~w -> ~w~n", [B, packet(B)])
     || B <- [<<1, 5:16, "hello", "rest">>, <<2, 1:1, 0:7, 300:16/little>>, <<3, -1:32/signed>>, <<4:4, 9:4, "x">>, <<5, 1.5:32/float>>, <<6, 3, 1, 2, 3, 4>>,
              <<"HTTP/1.1 200 OK">>, <<"HTTP/2 x">>, <<7, 0:3, 5:5, 0>>, <<1, 50:16, "short">>, <<>>, <<255>>, <<1:1>>]].

packet(<<1, L:16, Data:L/binary, Rest/binary>>) -> {data, Data, Rest};
packet(<<2, Flag:1, _:7, N:16/little>>) -> {number, Flag, N};
packet(<<3, N:32/signed>>) -> {signed, N};
packet(<<4:4, N:4, C>>) -> {nibbles, N, C};
packet(<<5, F:32/float>>) -> {float, F};
packet(<<6, N, Rest/binary>>) when byte_size(Rest) =:= N + 1 -> {counted, N, Rest};
packet(<<"HTTP/", V, ".", W, " ", Code:3/binary, _/binary>>) -> {http, V - $0, W - $0, Code};
packet(<<"HTTP/", Rest/binary>>) -> {http, Rest};
packet(<<7, Pad:3, N:5, Pad:8>>) -> {padded, N};
packet(<<1, L:16, _/binary>>) -> {short, L};
packet(<<>>) -> empty;
packet(B) when is_binary(B) -> {unknown, byte_size(B)};
packet(B) -> {bits, bit_size(B)}.
