%% A whole program: text to words to a sorted table, with binaries and maps.
-module(program_word_frequencies).
-export([main/0]).

main() ->
    Text = <<"It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness; "
             "it was the epoch of belief... It was the season of Light.">>,
    Words = words(Text, <<>>, []),
    Counts = lists:foldl(fun(W, M) -> maps:update_with(W, fun(N) -> N + 1 end, 1, M) end, #{}, Words),
    Sorted = lists:sort(fun({W1, N1}, {W2, N2}) -> {N2, W1} =< {N1, W2} end, maps:to_list(Counts)),
    [io:format("~-12s ~3b ~s~n", [W, N, lists:duplicate(N, $*)]) || {W, N} <- Sorted, N > 1],
    io:format("~b words, ~b different, longest ~s~n", [length(Words), map_size(Counts), element(2, lists:max([{byte_size(W), W} || W <- Words]))]).

words(<<C, Rest/binary>>, Word, Words) when C >= $a, C =< $z; C >= $A, C =< $Z -> words(Rest, <<Word/binary, (lower(C))>>, Words);
words(<<_, Rest/binary>>, <<>>, Words) -> words(Rest, <<>>, Words);
words(<<_, Rest/binary>>, Word, Words) -> words(Rest, <<>>, [Word | Words]);
words(<<>>, <<>>, Words) -> lists:reverse(Words);
words(<<>>, Word, Words) -> words(<<>>, <<>>, [Word | Words]).

lower(C) when C =< $Z -> C + 32;
lower(C) -> C.
