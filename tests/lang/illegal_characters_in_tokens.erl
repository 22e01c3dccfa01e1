%% Where erl_scan says that they are; what is no character at all is an exception.
-module(illegal_characters_in_tokens).
-export([main/0]).

main() ->
    [io:format("~w ~w: ~w~n", [Text, At, erl_scan:string(Text, At, [return])])
     || Text <- ["%% " ++ [16#D800], "%% " ++ [16#FFFE], "a % b" ++ [16#FFFF] ++ "c\nd", "% a" ++ [16#110000],
                 "\"a" ++ [16#D800] ++ "b\"", "'a" ++ [16#D800] ++ "'", "a " ++ [16#D800], "$" ++ [16#D800],
                 [$", 16#FFFF, $"], [16#3b1], [$', 16#FFFE, $']],
        At <- [1, {1, 1}]],
    [io:format("~w~n", [try erl_scan:string(Text, 1), scanned catch error:_ -> refused end])
     || Text <- [[$", 42.0, $"], [$a, a], [$%, 1.0], [$', b, $'], [42.0]]].
