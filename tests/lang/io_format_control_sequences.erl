%% The control sequences of io:format that everything else leans on.
-module(io_format_control_sequences).
-export([main/0]).

main() ->
    io:format("~w ~p ~s ~c~n", [{a, "b"}, {a, "b"}, "str", $x]),
    io:format("~5w|~-5w|~5s|~-5s|~n", [ab, ab, "ab", "ab"]),
    io:format("~b ~.16b ~.16B ~8.2.0b ~.2#~n", [255, 255, 255, 5, 5]),
    io:format("~.2f ~e ~.3e ~g~n", [3.14159, 3.14159, 314.159, 2.5]),
    io:format("~~ ~i~w ~*c~n", [skipped, shown, 3, $z]),
    io:format("~s ~s~n", [<<"binary">>, [$i, "o", <<"list">>]]),
    io:format("~ts ~tp ~ts ~tw~n", ["ab", "cd", <<"e">>, "f"]),
    io:format("~10.3.0f|~-10.1f|~n", [2.5, 2.5]),
    io:format("~p ~p ~p~n", ["abc", [1, 2, 3], [97, 0]]),
    io:format("~10.5.*s|~5c|~.3s|~n", [$-, "abcdefgh", $x, "abcdef"]).
