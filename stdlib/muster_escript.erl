%% What runs scripts: their parts, and those that are no source. A module lies in an archive as NAME.mbc,
%% NAME.beam that is Muster's, or NAME.erl, in any folder, sources not below priv; the one that runs is named by `-escript main MODULE` in the line of arguments for
%% the emulator, or as the script is.
-module(muster_escript).
-export([name/0, started/1, carried/1, split/1, run/3]).

-spec name() -> string().
name() -> persistent_term:get(?MODULE, "").

%% Which file runs.
-spec started(string()) -> ok.
started(File) -> persistent_term:put(?MODULE, File).

%% NAME.app in the archive that runs.
-spec carried(string()) -> binary() | undefined.
carried(File) -> maps:get(File, persistent_term:get({?MODULE, carried}, #{}), undefined).

%% Up to three lines of head, and the rest.
-spec split(binary()) -> #{shebang := string() | undefined, comment := string() | undefined,
                           emu_args := string() | undefined, kind := source | beam | archive, body := binary()}.
split(Bytes) ->
    {Shebang, Rest1} = head(<<"#!">>, Bytes),
    {Args1, Rest2} = head(<<"%%!">>, Rest1),
    {Comment, Rest3} = case Args1 of
                           undefined -> head(<<"%%">>, Rest2);
                           _ -> {undefined, Rest2}
                       end,
    {Args, Body} = case Args1 of
                       undefined -> head(<<"%%!">>, Rest3);
                       _ -> {Args1, Rest3}
                   end,
    Kind = case Body of
               <<"PK", 3, 4, _/binary>> -> archive;
               <<"FOR1", _/binary>> -> beam;
               <<16#AB, "Muster\n", _/binary>> -> beam;
               _ -> source
           end,
    #{shebang => Shebang, comment => Comment, emu_args => Args, kind => Kind, body => Body}.

head(Mark, Bytes) ->
    Size = byte_size(Mark),
    case binary:split(Bytes, <<"\n">>) of
        [<<Mark:Size/binary, Text/binary>>, Rest] -> {string:trim(unicode:characters_to_list(Text)), Rest};
        _ -> {undefined, Bytes}
    end.

%% A script whose body is an archive, or bytecode.
-spec run(string(), binary(), [string()]) -> term().
run(File, Bytes, Args) ->
    #{emu_args := Given, kind := Kind, body := Body} = split(Bytes),
    Main = case Kind of
               archive ->
                   {ok, Entries} = zip:extract(Body, [memory]),
                   persistent_term:put({?MODULE, carried}, #{filename:basename(Name) => Text ||
                                                                 {Name, Text} <- Entries,
                                                                 filename:extension(Name) =:= ".app"}),
                   lists:foreach(fun load/1, lists:sort(Entries)),
                   not_beam(File, main_module(Given, File), Entries);
               beam ->
                   Module = proplists:get_value(module, beam_lib:info(Body)),
                   {module, Module} = code:load_binary(Module, File, Body),
                   Module
           end,
    case erlang:function_exported(Main, main, 1) of
        true -> Main:main(Args);
        false ->
            io:format(standard_error, "muster: ~ts: there is no ~ts:main/1 in it~n", [File, Main]),
            halt(1)
    end.

%% One that was made for the BEAM has all there is but what runs here.
not_beam(File, Main, Entries) ->
    Name = atom_to_list(Main) ++ ".beam",
    case [Entry || {Entry, <<"FOR1", _/binary>>} <- Entries, filename:basename(Entry) =:= Name] of
        [Entry | _] ->
            io:format(standard_error, "muster: ~ts: ~ts in it is BEAM code: make it of sources, or with muster~n",
                      [File, Entry]),
            halt(1);
        [] -> Main
    end.

main_module(undefined, File) -> list_to_atom(filename:basename(File, ".escript"));
main_module(Given, File) ->
    case lists:dropwhile(fun(Word) -> Word =/= "-escript" end, string:lexemes(Given, " ")) of
        [_, "main", Name | _] -> list_to_atom(Name);
        _ -> main_module(undefined, File)
    end.

load({Name, Bytes}) ->
    Module = list_to_atom(filename:rootname(filename:basename(Name))),
    case {filename:extension(Name), Bytes} of
        {Extension, <<16#AB, "Muster\n", _/binary>>} when Extension =:= ".mbc"; Extension =:= ".beam" ->
            {module, Module} = code:load_binary(Module, Name, Bytes);
        {".erl", _} ->
            case lists:member("priv", filename:split(Name)) of
                false -> {ok, _} = compile:load_text(unicode:characters_to_binary(Name), Bytes, []);
                true -> ok % a template, say
            end;
        _ -> ok
    end.
