%% Scripts: what they are made of, and which one runs. `muster run FILE` runs them. After a shebang, a comment
%% and a line of arguments for the emulator comes the source, or the bytecode of one module, or an archive
%% (zip) of modules; see muster_escript for the latter.
-module(escript).
-export([script_name/0, create/2, extract/2]).
-export_type([section/0]).

-type section() :: shebang | {shebang, string() | default | undefined} | comment |
                   {comment, string() | default | undefined} | {emu_args, string() | undefined} |
                   {source, file:filename() | binary()} | {beam, file:filename() | binary()} |
                   {archive, file:filename() | binary()} | {archive, [term()], [term()]}.

-define(SHEBANG, "/usr/bin/env escript").
-define(COMMENT, "This is an -*- erlang -*- file").

%% The file that `muster run` was given.
-spec script_name() -> string().
script_name() -> muster_escript:name().

%% Writes a script, or with `binary` answers it.
-spec create(file:filename() | binary, [section()]) -> ok | {ok, binary()} | {error, term()}.
create(File, Sections) when is_list(Sections) ->
    try
        {Head, Body} = lists:foldl(fun section/2, {#{}, none}, Sections),
        Body =/= none orelse throw(missing_body),
        Script = iolist_to_binary([[["#!", S, $\n] || S <- shown(shebang, ?SHEBANG, Head)],
                                   [["%% ", C, $\n] || C <- shown(comment, ?COMMENT, Head)],
                                   [["%%!", A, $\n] || A <- shown(emu_args, "", Head)], Body]),
        case File of
            binary -> {ok, Script};
            _ ->
                case file:write_file(File, Script) of
                    ok -> ok;
                    {error, Reason} -> throw({Reason, File})
                end
        end
    catch
        throw:Why -> {error, Why}
    end.

section(Name, {Head, Body}) when Name =:= shebang; Name =:= comment -> {Head#{Name => default}, Body};
section({Name, Text}, {Head, Body})
  when Name =:= shebang orelse Name =:= comment orelse Name =:= emu_args,
       is_list(Text) orelse Text =:= default orelse Text =:= undefined ->
    {Head#{Name => Text}, Body};
section({Kind, What} = Section, {Head, _}) when Kind =:= source; Kind =:= beam; Kind =:= archive ->
    {Head, body(What, Section)};
section({archive, Files, Options}, {Head, _}) when is_list(Files), is_list(Options) ->
    case zip:create("archive", Files, [memory | Options -- [memory]]) of
        {ok, {_, Zip}} -> {Head, Zip};
        {error, Reason} -> throw({Reason, {archive, Files, Options}})
    end;
section(Section, _) -> throw({badarg, Section}).

body(Bytes, _) when is_binary(Bytes) -> Bytes;
body(File, Section) ->
    case file:read_file(File) of
        {ok, Bytes} -> Bytes;
        {error, Reason} -> throw({Reason, Section})
    end.

shown(Name, Default, Head) ->
    case maps:get(Name, Head, undefined) of
        undefined -> [];
        default -> [Default];
        Text -> [Text]
    end.

%% The sections of a script. With compile_source, source becomes bytecode.
-spec extract(file:filename(), [compile_source]) -> {ok, [section()]} | {error, term()}.
extract(File, Options) when is_list(Options) ->
    case file:read_file(File) of
        {ok, Bytes} -> sections(File, Bytes, lists:member(compile_source, Options));
        {error, Reason} ->
            {error, lists:flatten(io_lib:format("~ts: '~ts'", [file:format_error(Reason), File]))}
    end.

sections(File, Bytes, Compiles) ->
    #{shebang := Shebang, comment := Comment, emu_args := Args, kind := Kind, body := Body} =
        muster_escript:split(Bytes),
    Head = [{shebang, default(Shebang, ?SHEBANG)}, {comment, default(Comment, ?COMMENT)}, {emu_args, Args}],
    case Kind of
        source when Compiles ->
            case compile:script_to_code(unicode:characters_to_list(File), Bytes) of
                {ok, _, Code} -> {ok, Head ++ [{beam, Code}]};
                error -> {error, {compile_error, File}}
            end;
        _ -> {ok, Head ++ [{Kind, Body}]}
    end.

default(Text, Text) -> default;
default(Text, _) -> Text.
