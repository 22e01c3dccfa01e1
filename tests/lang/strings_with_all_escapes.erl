%% Escapes in string literals, and adjacent literals joined.
-module(strings_with_all_escapes).
-export([main/0]).

main() ->
    S = "\b\d\e\f\n\r\s\t\v\"\'\\\0\101\x41\x{20AC}\^A\^z\a",
    io:format("~w~n", [S]),
    io:format("~w~n", ["abc" "def" "g"]),
    io:format("~w~n", ["line
break"]),
    io:format("~p~n", ["quotes \" and \\ and \n and tab \t"]),
    io:format("~p ~p~n", ["\e[0m", [27, 8, 12]]),
    io:format("~s~n", ["single 'quotes' stay"]),
    io:format("~w~n", [<<"bin\x00\xff\n">>]).
