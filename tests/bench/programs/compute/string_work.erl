%% Splits, joins, reverses and converts strings that are lists of characters.
-module(string_work).
-export([run/1, default/0]).

default() -> 700.

run(N) ->
    Text = lists:flatten([[integer_to_list(I * 7919), " word", integer_to_list(I), ","] || I <- lists:seq(1, 1000)]),
    loop(N, Text, 0).

loop(0, _, Sum) -> Sum;
loop(N, Text, Sum) ->
    Words = split(Text, [], []),
    Upper = [upper(W) || W <- Words],
    Joined = join(Upper, $;),
    Numbers = [list_to_integer(W) || [C | _] = W <- Words, C =< $9],
    Sorted = lists:sort(Upper),
    loop(N - 1, Text, (Sum + length(Joined) + lists:sum(Numbers) + length(hd(Sorted))) band 16#FFFFFFF).

split([C | Rest], Word, Words) when C =:= $\s; C =:= $, -> split(Rest, [], [lists:reverse(Word) | Words]);
split([C | Rest], Word, Words) -> split(Rest, [C | Word], Words);
split([], [], Words) -> lists:reverse(Words).

upper([C | Rest]) when C >= $a, C =< $z -> [C - 32 | upper(Rest)];
upper([C | Rest]) -> [C | upper(Rest)];
upper([]) -> [].

join([W], _) -> W;
join([W | Rest], Sep) -> W ++ [Sep | join(Rest, Sep)].
