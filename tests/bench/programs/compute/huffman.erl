%% Huffman codes for a text, encoded and decoded N times: trees, sorted queues, bits.
-module(huffman).
-export([run/1, default/0]).

default() -> 400.

run(N) ->
    Text = text(12000, 1, []),
    loop(N, Text, 0).

loop(0, _, Sum) -> Sum;
loop(N, Text, Sum) ->
    Tree = build(lists:sort([{F, C} || {C, F} <- maps:to_list(count(Text, #{}))])),
    Codes = maps:from_list(codes(Tree, [])),
    Bits = encode(Text, Codes, <<>>),
    Text = decode(Bits, Tree, Tree, []),
    loop(N - 1, Text, Sum + bit_size(Bits)).

text(0, _, L) -> L;
text(N, S, L) -> text(N - 1, (S * 16807) rem 2147483647, [$a + min(S rem 26, S rem 11) | L]).

count([], M) -> M;
count([C | Rest], M) -> count(Rest, M#{C => maps:get(C, M, 0) + 1}).

build([{_, Tree}]) -> Tree;
build([{F1, A}, {F2, B} | Rest]) -> build(insert({F1 + F2, {A, B}}, Rest)).

insert(X, []) -> [X];
insert({F, _} = X, [{F2, _} = Y | Rest]) when F > F2 -> [Y | insert(X, Rest)];
insert(X, Rest) -> [X | Rest].

codes({L, R}, Path) -> codes(L, [0 | Path]) ++ codes(R, [1 | Path]);
codes(C, Path) -> [{C, bits(lists:reverse(Path))}].

bits(Path) -> << <<B:1>> || B <- Path >>.

encode([], _, Acc) -> Acc;
encode([C | Rest], Codes, Acc) ->
    #{C := Code} = Codes,
    encode(Rest, Codes, <<Acc/bitstring, Code/bitstring>>).

decode(Bits, C, Tree, Done) when is_integer(C) -> decode(Bits, Tree, Tree, [C | Done]);
decode(<<0:1, Rest/bitstring>>, {L, _}, Tree, Done) -> decode(Rest, L, Tree, Done);
decode(<<1:1, Rest/bitstring>>, {_, R}, Tree, Done) -> decode(Rest, R, Tree, Done);
decode(<<>>, Tree, Tree, Done) -> lists:reverse(Done).
