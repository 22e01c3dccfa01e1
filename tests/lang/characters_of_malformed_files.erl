% io:get_chars of a file that is not in the encoding that it was opened with, and what comes after.
-module(characters_of_malformed_files).
-export([main/0]).
main() ->
    F = "characters_of_malformed_files." ++ os:getpid(),
    ok = file:write_file(F, <<"ab", 195, 169, 255, "cd\nef", 226, 130, 172, "gh\nij">>),
    try [show(F, Options) || Options <- [[{encoding, utf8}], [binary, {encoding, utf8}], [{encoding, latin1}], []]]
    after file:delete(F)
    end.
show(F, Options) ->
    {ok, Device} = file:open(F, [read | Options]),
    io:format("~w ~w~n", [Options, [io:get_chars(Device, '', N) || N <- [3, 3, 3, 20]]]),
    _ = file:close(Device).
