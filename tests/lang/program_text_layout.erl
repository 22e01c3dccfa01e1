%% A whole program: wraps and justifies text to a width, numbers in Roman numerals.
-module(program_text_layout).
-export([main/0]).

main() ->
    Text = "The quick brown fox jumps over the lazy dog and then, having thought about it for a while, jumps back again to see what the dog has to say.",
    [begin io:format("~s:~n", [roman(W)]), [io:format("|~s|~n", [L]) || L <- lines(words(Text), W)] end || W <- [24, 40, 49]].

words(T) -> words(T, [], []).
words([], [], Ws) -> lists:reverse(Ws);
words([], W, Ws) -> words([], [], [lists:reverse(W) | Ws]);
words([$\s | T], W, Ws) -> words(T, [], [lists:reverse(W) | Ws]);
words([C | T], W, Ws) -> words(T, [C | W], Ws).

lines([], _) -> [];
lines(Ws, Width) ->
    {Line, Rest} = fill(Ws, Width, []),
    [case Rest of [] -> pad(join(Line), Width); _ -> justify(Line, Width) end | lines(Rest, Width)].

fill([W | Ws], Left, []) -> fill(Ws, Left - length(W), [W]);
fill([W | Ws], Left, Line) when length(W) + 1 =< Left -> fill(Ws, Left - length(W) - 1, [W | Line]);
fill(Ws, _, Line) -> {lists:reverse(Line), Ws}.

join([W]) -> W;
join([W | Ws]) -> W ++ " " ++ join(Ws).

justify([W], Width) -> pad(W, Width);
justify(Ws, Width) ->
    Spaces = Width - lists:sum([length(W) || W <- Ws]),
    spread(Ws, Spaces, length(Ws) - 1).

spread([W], _, 0) -> W;
spread([W | Ws], Spaces, Gaps) ->
    N = (Spaces + Gaps - 1) div Gaps,
    W ++ lists:duplicate(N, $\s) ++ spread(Ws, Spaces - N, Gaps - 1).

pad(W, Width) -> W ++ lists:duplicate(Width - length(W), $\s).

roman(0) -> "";
roman(N) ->
    {V, S} = hd([P || {V, _} = P <- [{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}], V =< N]),
    S ++ roman(N - V).
