%% UTF-8 in strings, atoms, comments, binaries and variables.
-module(source_in_utf8_with_wide_characters).
-export([main/0]).

% Комментарий, κόσμος, 漢字
main() ->
    S = "héllo wörld €",
    io:format("~w~n", [S]),
    io:format("~w~n", [length(S)]),
    Été = 'événement',
    io:format("~w~n", [atom_to_list(Été)]),
    io:format("~w~n", [<<"é€">>]),
    io:format("~w~n", [<<"é€"/utf8>>]),
    io:format("~w~n", [[$é, $€, $漢]]),
    io:format("~w~n", [atom_to_binary('漢字', utf8)]),
    io:format("~w~n", [fonction_é(1)]),
    io:format("~s~n", [io_lib:format("~w", ["漢"])]).

fonction_é(Ñ) -> Ñ + 1.
