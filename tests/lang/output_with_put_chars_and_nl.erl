%% io:put_chars, io:nl, io:write and format without arguments.
-module(output_with_put_chars_and_nl).
-export([main/0]).

main() ->
    io:put_chars("plain"), io:nl(),
    io:put_chars([$a, <<"bin">>, ["deep", [$x]]]), io:nl(),
    io:put_chars(<<"binary\n">>),
    io:write({term, "s", [1, 2]}), io:nl(),
    io:format("no arguments~n"),
    io:format(<<"binary format ~w~n">>, [1]),
    io:format('atom format ~w~n', [2]),
    io:fwrite("~s~n", ["fwrite"]),
    io:format("~w~n", [io:format("returns ")]),
    io:format("~s", [lists:duplicate(100, "long line ")]), io:nl(),
    io:put_chars(standard_io, "to standard_io\n"),
    io:format(standard_io, "~w~n", [x]),
    io:format(group_leader(), "~w~n", [leader]),
    [io:format("~b ", [N]) || N <- lists:seq(1, 200)], io:nl().
