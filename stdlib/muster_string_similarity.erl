%% string:jaro_similarity/2.
-module(muster_string_similarity).
-export([jaro/2]).

%% The Jaro similarity: matching characters within half the longer length, and transpositions.
-spec jaro(unicode:chardata(), unicode:chardata()) -> float().
jaro(A0, B0) ->
    case {string:to_graphemes(A0), string:to_graphemes(B0)} of
        {[], []} -> 1.0;
        {[], _} -> 0.0;
        {_, []} -> 0.0;
        {As, Bs} -> jaro(As, length(As), Bs, length(Bs))
    end.

jaro(As, LengthA, Bs, LengthB) when LengthA > LengthB -> jaro(Bs, LengthB, As, LengthA);
jaro(As, LengthA, Bs, LengthB) ->
    Range = max(LengthB div 2 - 1, 0),
    Positions = index(lists:reverse(Bs), LengthB - 1, #{}),
    {MatchedA, Used} = jaro_matches(As, 0, Range, Positions, [], #{}),
    case map_size(Used) of
        0 -> 0.0;
        M ->
            MatchedB = [B || {I, B} <- lists:enumerate(0, Bs), is_map_key(I, Used)],
            Differ = length([x || {X, Y} <- lists:zip(lists:reverse(MatchedA), MatchedB),
                                         X =/= Y]),
            (M / LengthA + M / LengthB + (M - Differ / 2) / M) / 3
    end.

%% Where each cluster is, from the last one back.
index([B | Bs], I, Map) -> index(Bs, I - 1, Map#{B => [I | maps:get(B, Map, [])]});
index([], _, Map) -> Map.

jaro_matches([A | As], I, Range, Positions, Matched, Used) ->
    case first_within(maps:get(A, Positions, []), I - Range, I + Range, Used) of
        none -> jaro_matches(As, I + 1, Range, Positions, Matched, Used);
        J -> jaro_matches(As, I + 1, Range, Positions, [A | Matched], Used#{J => []})
    end;
jaro_matches([], _, _, _, Matched, Used) ->
    {Matched, Used}.

first_within([J | Js], Low, High, Used) when J < Low; is_map_key(J, Used) ->
    first_within(Js, Low, High, Used);
first_within([J | _], _, High, _) when J =< High -> J;
first_within(_, _, _, _) -> none.
