#!/usr/bin/env escript
%% forms.escript OUT RELATIVE-INCLUDE LIST: writes the forms of each file named in LIST, as epp reads
%% them, to OUT/<index>.forms, one form a line, as ~tw writes them.
main([Out, Relative, List]) ->
    {ok, Bin} = file:read_file(List),
    Files = string:lexemes(binary_to_list(Bin), "\n"),
    lists:foreach(fun({I, File}) -> forms(Out, Relative, I, File) end,
                  lists:zip(lists:seq(0, length(Files) - 1), Files)).

forms(Out, Relative, I, File) ->
    Includes = [filename:dirname(File) ++ "/" ++ Relative],
    Text = case catch epp:parse_file(File, [{location, {1, 1}}, {includes, Includes}]) of
               {ok, Forms} -> [io_lib:format("~tw\n", [plain(F)]) || F <- Forms];
               Other -> io_lib:format("failed: ~P\n", [Other, 20])
           end,
    ok = file:write_file(Out ++ "/" ++ integer_to_list(I) ++ ".forms",
                         unicode:characters_to_binary(Text)).

%% Positions alone: OTP 25 keeps the text of atoms that a feature makes keywords.
plain({Tag, _} = Form) when Tag =:= error; Tag =:= warning; Tag =:= eof -> Form;
plain(Form) -> erl_parse:map_anno(fun erl_anno:location/1, Form).
