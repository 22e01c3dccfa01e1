%% Errors and warnings as text, in the layout of erlc:
%%
%%   file.erl:3:5: Warning: variable 'X' is unused
%%   %    3| f(X) -> ok.
%%   %     |   ^
%%   (an empty line)
-module(muster_messages).
-export([print/3, print/4, format/3]).

-type info() :: {erl_anno:location() | none, module(), term()} | {module(), term()}.
-type messages() :: [{file:filename(), [info()]}].

-spec print(io:device(), messages(), error | warning) -> ok.
print(Device, Messages, Kind) -> print(Device, Messages, Kind, true).

-spec print(io:device(), messages(), error | warning, Excerpts :: boolean()) -> ok.
print(Device, Messages, Kind, Excerpts) ->
    case format(Messages, Kind, Excerpts) of
        [] -> ok;
        Text -> io:put_chars(Device, Text)
    end.

%% In the order in which they come, but warnings at one place are ordered by their texts.
-spec format(messages(), error | warning, Excerpts :: boolean()) -> unicode:chardata().
format(Messages, Kind, Excerpts) ->
    [format_file(File, in_order(Kind, Infos), prefix(Kind), lines(File, Infos, Excerpts))
     || {File, Infos} <- Messages].

in_order(warning, [_, _ | _] = Infos) ->
    Keyed = [{key(Info), Info} || Info <- Infos],
    [Info || {_, Info} <- lists:sort(fun({A, _}, {B, _}) -> A =< B end, Keyed)];
in_order(_, Infos) -> Infos.

key({Place, Module, What}) -> {Place, describe(Module, What)};
key({Module, What}) -> {none, describe(Module, What)}.

prefix(error) -> "";
prefix(warning) -> "Warning: ".

format_file(File, Infos, Prefix, Lines) ->
    [format_one(File, Info, Prefix, Lines) || Info <- Infos].

format_one(File, {none, Module, What}, Prefix, _) ->
    [File, ": ", Prefix, describe(Module, What), "\n"];
format_one(File, {{Line, Column}, Module, What}, Prefix, Lines) ->
    [io_lib:format("~ts:~w:~w: ~s", [File, Line, Column, Prefix]), describe(Module, What), "\n",
     excerpt(Line, Column, Lines)];
format_one(File, {Line, Module, What}, Prefix, Lines) ->
    [io_lib:format("~ts:~w: ~s", [File, Line, Prefix]), describe(Module, What), "\n",
     excerpt(Line, none, Lines)];
format_one(File, {Module, What}, Prefix, _) ->
    [File, ": ", Prefix, describe(Module, What), "\n"].

describe(Module, What) ->
    try unicode:characters_to_list(Module:format_error(What)) of
        Text when is_list(Text) -> Text;
        _ -> io_lib:format("~tp", [What])
    catch
        _:_ -> io_lib:format("~tp ~tp", [Module, What])
    end.

%%% The source's lines, a tuple; {} where there are none

lines(File, [_ | _], true) ->
    case file:read_file(File) of
        {ok, Bytes} -> list_to_tuple(binary:split(Bytes, <<"\n">>, [global]));
        {error, _} -> {}
    end;
lines(_, _, _) -> {}.

excerpt(Line, Column, Lines) when Line >= 1, Line =< tuple_size(Lines) ->
    Text = to_characters(element(Line, Lines)),
    Number = io_lib:format("~4w", [Line]),
    ["% ", Number, "| ", Text, "\n", caret(Column, Text, string:length(Number)), "\n"];
excerpt(_, _, _) -> [].

caret(none, _, _) -> [];
caret(Column, Text, Width) -> 
    ["% ", lists:duplicate(Width, $\s), "| ", indent(Text, Column - 1), "^\n"].

indent(_, 0) -> [];
indent([$\t | Text], N) -> [$\t | indent(Text, N - 1)];
indent([_ | Text], N) -> [$\s | indent(Text, N - 1)];
indent([], N) -> lists:duplicate(N, $\s).

to_characters(Line) ->
    case unicode:characters_to_list(Line) of
        Text when is_list(Text) -> Text;
        _ -> binary_to_list(Line)
    end.
