%% erl_anno against OTP's.
-module(erl_anno_diff).
-include("diff.hrl").

run() ->
    Annos = [1, {2, 3}, [{location, 5}, {file, "a"}], [{file, "f"}, {generated, true}, {location, {1, 2}}, {text, "ab\nc"}], 0, -1, a, [], {0, 0}, [{x, y}], [a | b],
             [{text, "abc"}, {location, 7}], [{record, true}, {location, 1}]],
    [call(erl_anno, F, [A]) || A <- Annos, F <- [new, is_anno, to_term, from_term]],
    Good = [A || A <- Annos, erl_anno:is_anno(A)],
    [call(erl_anno, F, [A]) || A <- Good, F <- [column, end_location, file, generated, line, location, record, text]],
    [call(erl_anno, F, [V, A]) || A <- Good, {F, Vs} <- [{set_file, ["x.erl", <<"x">>]}, {set_generated, [true, false]}, {set_line, [9]},
        {set_location, [4, {5, 6}]}, {set_record, [true, false]}, {set_text, ["txt", ""]}], V <- Vs].
