%% String literals as segments, with types and sizes, built and matched.
-module(strings_in_bit_syntax).
-export([main/0]).

main() ->
    io:format("~w~n", [<<"abc", "def":16, "gh"/utf16, "i":4>>]),
    <<"ab"/utf16-little, R/binary>> = <<97, 0, 98, 0, 9>>,
    io:format("~w~n", [R]),
    <<"aé"/utf8, R2/binary>> = <<97, 195, 169, 1>>,
    io:format("~w~n", [R2]),
    io:format("~w~n", [<<"\x{20ac}"/utf8>>]),
    io:format("~w~n", [<<"\x{20ac}">>]),
    io:format("~w~n", [<<$a, "b", 99>>]),
    case <<"key=value">> of <<K:3/binary, "=", V/binary>> -> io:format("~p ~p~n", [K, V]) end,
    io:format("~p~n", [<<"a\tb\n\"c\"">>]),
    io:format("~p~n", [<<"adjacent " "strings">>]).
