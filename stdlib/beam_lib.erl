%% What is in a compiled module: a file of Muster's bytecode, or its bytes. What the machine itself
%% needs is read by the machine (muster_compiler:module_facts/1); what was added for tools, such as
%% debug information and documentation, is a list of named chunks.
-module(beam_lib).
-export([chunks/2, chunks/3, all_chunks/1, info/1, version/1, md5/1, cmp/2, cmp_dirs/2, diff_dirs/2,
         strip/1, strip/2, strip_files/1, strip_files/2, strip_release/1, strip_release/2,
         build_module/1, crypto_key_fun/1, clear_crypto_key_fun/0, format_error/1]).

-export_type([beam/0, chnk_rsn/0]).

-type beam() :: file:filename() | module() | binary().
-type chunkref() :: atom() | string().
-type chnk_rsn() :: {unknown_chunk, file:filename() | binary(), atom()}
    | {missing_chunk, file:filename() | binary(), string()}
    | {not_a_beam_file, file:filename() | binary()}
    | {file_error, file:filename(), file:posix()}.
-type result(T) :: T | {error, ?MODULE, chnk_rsn()}.

-record(b, {name :: file:filename() | binary(), code :: binary(), facts :: map(),
            more :: [{string(), binary()}]}).

-spec chunks(beam(), [chunkref()]) -> result({ok, {module(), [{chunkref(), term()}]}}).
chunks(Beam, Refs) -> chunks(Beam, Refs, []).

-spec chunks(beam(), [chunkref()], [allow_missing_chunks]) ->
          result({ok, {module(), [{chunkref(), term()}]}}).
chunks(Beam, Refs, Options) ->
    Missing = lists:member(allow_missing_chunks, Options),
    guarded(fun() ->
                    B = read(Beam),
                    {ok, {maps:get(module, B#b.facts), [{Ref, chunk(Ref, B, Missing)} || Ref <- Refs]}}
            end).

-spec all_chunks(beam()) -> result({ok, module(), [{string(), binary()}]}).
all_chunks(Beam) ->
    guarded(fun() ->
                    #b{facts = #{module := Module}} = B = read(Beam),
                    {ok, Module, sections(B#b.code) ++ B#b.more}
            end).

%% Module and sizes of what is there.
-spec info(beam()) -> [{file | binary | module | chunks, term()}] | {error, ?MODULE, chnk_rsn()}.
info(Beam) ->
    guarded(fun() ->
                    #b{name = Name, code = Code, facts = #{module := Module}} = read(Beam),
                    [{case is_binary(Name) of true -> binary; false -> file end, Name},
                     {module, Module},
                     {chunks, chunk_places(Code)}]
            end).

-spec version(beam()) -> result({ok, {module(), [term()]}}).
version(Beam) ->
    guarded(fun() ->
                    #b{facts = #{module := Module, attributes := Attributes}} = read(Beam),
                    {ok, {Module, lists:append([V || {vsn, V} <- Attributes])}}
            end).

%% Of what decides how the module behaves.
-spec md5(beam()) -> result({ok, {module(), binary()}}).
md5(Beam) ->
    guarded(fun() ->
                    #b{facts = #{module := Module, md5 := Digest}} = read(Beam),
                    {ok, {Module, Digest}}
            end).

%% All chunks must be the same but who compiled it, and how.
-spec cmp(beam(), beam()) -> ok | {error, ?MODULE, term()}.
cmp(Beam1, Beam2) ->
    guarded(fun() ->
                    #b{facts = #{module := M1}} = B1 = read(Beam1),
                    #b{facts = #{module := M2}} = B2 = read(Beam2),
                    M1 =:= M2 orelse throw({modules_different, M1, M2}),
                    {Chunks1, Chunks2} = {compared(B1), compared(B2)},
                    [Id || {Id, _} <- Chunks1] =:= [Id || {Id, _} <- Chunks2]
                        orelse throw(different_chunks),
                    [throw({chunks_different, Id})
                     || {{Id, Bytes1}, {Id, Bytes2}} <- lists:zip(Chunks1, Chunks2),
                        Bytes1 =/= Bytes2],
                    ok
            end).

compared(#b{code = Code, more = More}) ->
    lists:sort([Chunk || {Id, _} = Chunk <- sections(Code) ++ More, Id =/= "Info"]).

-spec cmp_dirs(file:filename(), file:filename()) ->
          {[file:filename()], [file:filename()], [{file:filename(), file:filename()}]}
          | {error, ?MODULE, term()}.
cmp_dirs(Dir1, Dir2) ->
    guarded(fun() ->
                    [Names1, Names2] = [names_in(Dir) || Dir <- [Dir1, Dir2]],
                    Both = [Name || Name <- Names1, lists:member(Name, Names2)],
                    {Names1 -- Names2, Names2 -- Names1,
                     [{F1, F2} || Name <- Both, F1 <- [filename:join(Dir1, Name)],
                                  F2 <- [filename:join(Dir2, Name)], cmp(F1, F2) =/= ok]}
            end).

names_in(Dir) ->
    case file:list_dir(Dir) of
        {ok, Names} ->
            lists:sort([N || N <- Names, lists:member(filename:extension(N), [".beam", ".mbc"])]);
        {error, Why} -> throw({not_a_directory, Dir, Why})
    end.

-spec diff_dirs(file:filename(), file:filename()) -> ok | {error, ?MODULE, term()}.
diff_dirs(Dir1, Dir2) ->
    case cmp_dirs(Dir1, Dir2) of
        {Only1, Only2, Different} ->
            [io:format("Only in ~ts: ~tp~n", [Dir1, Only1]) || Only1 =/= []],
            [io:format("Only in ~ts: ~tp~n", [Dir2, Only2]) || Only2 =/= []],
            [io:format("** different: ~tp~n", [Pair]) || Pair <- Different],
            ok;
        Error -> Error
    end.

%% Without what only tools read. A file is written anew, bytes are returned.
-spec strip(beam()) -> result({ok, {module(), beam()}}).
strip(Beam) -> strip(Beam, []).

-spec strip(beam(), [string()]) -> result({ok, {module(), beam()}}).
strip(Beam, Kept) ->
    guarded(fun() ->
                    #b{name = Name, code = Code, facts = #{module := Module}, more = More} = read(Beam),
                    Chunks = [Chunk || {Id, _} = Chunk <- More, lists:member(Id, Kept)],
                    New = with_chunks(Code, Chunks),
                    case is_binary(Name) of
                        true -> {ok, {Module, New}};
                        false ->
                            case file:write_file(Name, New) of
                                ok -> {ok, {Module, Name}};
                                {error, Why} -> throw({file_error, Name, Why})
                            end
                    end
            end).

with_chunks(Code, Chunks) ->
    muster_compiler:add_chunks(Code, term_to_binary(Chunks, [compressed])).

-spec strip_files([beam()]) -> result({ok, [{module(), beam()}]}).
strip_files(Beams) -> strip_files(Beams, []).

-spec strip_files([beam()], [string()]) -> result({ok, [{module(), beam()}]}).
strip_files(Beams, Kept) ->
    Results = [strip(Beam, Kept) || Beam <- Beams],
    case [Error || {error, _, _} = Error <- Results] of
        [] -> {ok, [Done || {ok, Done} <- Results]};
        [Error | _] -> Error
    end.

-spec strip_release(file:filename()) -> result({ok, [{module(), file:filename()}]}).
strip_release(Root) -> strip_release(Root, []).

-spec strip_release(file:filename(), [string()]) -> result({ok, [{module(), file:filename()}]}).
strip_release(Root, Kept) ->
    strip_files(filelib:wildcard(filename:join(Root, "lib/*/ebin/*.beam")), Kept).

%% A module's file of all its chunks, as all_chunks/1 gives them.
-spec build_module([{string(), binary()}]) -> {ok, binary()}.
build_module(Chunks) ->
    Names = machine_sections(),
    Own = iolist_to_binary([[Id, <<(byte_size(Bytes)):32/little>>, Bytes]
                            || Name <- Names, {Id, Bytes} <- Chunks, Id =:= Name]),
    More = [Chunk || {Id, _} = Chunk <- Chunks, not lists:member(Id, Names)],
    Size = 20 + byte_size(Own),
    Sealed = <<Size:32/little, Own/binary>>,
    Code = <<16#AB, "Muster\n", 1:32/little, (erlang:crc32(Sealed)):32/little, Sealed/binary>>,
    {ok, case More of [] -> Code; _ -> with_chunks(Code, More) end}.

%% Debug information is not encrypted here.
-spec crypto_key_fun(fun((term()) -> term())) -> ok | {error, term()}.
crypto_key_fun(Fun) when is_function(Fun, 1) -> ok.

-spec clear_crypto_key_fun() -> undefined.
clear_crypto_key_fun() -> undefined.

%%% Reading

guarded(Fun) ->
    try Fun() catch throw:Reason -> {error, ?MODULE, Reason} end.

read(Code) when is_binary(Code), binary_part(Code, 0, min(1, byte_size(Code))) =/= <<"/">> ->
    read(Code, Code);
read(Name0) ->
    Name = case Name0 of
               _ when is_atom(Name0) -> atom_to_list(Name0);
               _ -> unicode:characters_to_list(Name0)
           end,
    Places = case filename:extension(Name) of
                 E when E =:= ".beam"; E =:= ".mbc" -> [Name];
                 _ -> [Name ++ ".beam", Name ++ ".mbc"]
             end,
    read_first(Places, hd(Places)).

read_first([Place | Places], First) ->
    case file:read_file(Place) of
        {ok, Code} -> read(Code, Place);
        {error, enoent} when Places =/= [] -> read_first(Places, First);
        {error, enoent} -> throw({file_error, First, enoent});
        {error, Why} -> throw({file_error, Place, Why})
    end.

read(Code, Name) ->
    case muster_compiler:module_facts(Code) of
        {Module, Attributes, Info, Exports, Locals, Imports, Atoms, Digest} ->
            #b{name = Name, code = Code, more = more(Code),
               facts = #{module => Module, attributes => Attributes, compile_info => Info,
                         exports => Exports, locals => Locals, imports => Imports,
                         atoms => Atoms, md5 => Digest}};
        error -> throw({not_a_beam_file, Name})
    end.

more(Code) ->
    case [Bytes || {"More", Bytes} <- all_sections(Code)] of
        [Bytes] ->
            try binary_to_term(Bytes) of
                Chunks when is_list(Chunks) -> Chunks;
                _ -> []
            catch
                error:badarg -> []
            end;
        [] -> []
    end.

machine_sections() ->
    ["Head", "Atom", "Lits", "Impo", "Func", "Funs", "Attr", "Code", "File", "Line", "Info"].

sections(Code) -> [Section || {Id, _} = Section <- all_sections(Code), Id =/= "More"].

all_sections(<<_:20/binary, Rest/binary>>) -> split(Rest).

split(<<Id:4/binary, Size:32/little, Bytes:Size/binary, Rest/binary>>) ->
    [{binary_to_list(Id), Bytes} | split(Rest)];
split(_) -> [].

chunk_places(<<_:20/binary, Rest/binary>>) -> places(Rest, 20).

places(<<Id:4/binary, Size:32/little, _:Size/binary, Rest/binary>>, At) ->
    [{binary_to_list(Id), At + 8, Size} | places(Rest, At + 8 + Size)];
places(_, _) -> [].

%%% Chunks

chunk(attributes, #b{facts = #{attributes := Attributes}}, _) ->
    [{Name, lists:append([Vs || {N, Vs} <- Attributes, N =:= Name])}
     || Name <- lists:usort([N || {N, _} <- Attributes])];
chunk(compile_info, #b{facts = #{compile_info := Info}}, _) -> Info;
chunk(exports, #b{facts = #{exports := Exports}}, _) -> lists:sort(Exports);
chunk(imports, #b{facts = #{imports := Imports}}, _) -> lists:sort(Imports);
chunk(locals, #b{facts = #{locals := Locals}}, _) -> lists:sort(Locals);
chunk(labeled_exports, #b{facts = #{exports := Exports}}, _) -> numbered(lists:sort(Exports));
chunk(labeled_locals, #b{facts = #{locals := Locals}}, _) -> numbered(lists:sort(Locals));
chunk(indexed_imports, #b{facts = #{imports := Imports}}, _) ->
    [{I, M, F, A} || {I, {M, F, A}} <- lists:enumerate(Imports)];
chunk(atoms, #b{facts = #{atoms := Atoms}}, _) -> lists:enumerate(Atoms);
chunk(abstract_code, B, _) ->
    case debug_info(B) of
        {debug_info_v1, erl_abstract_code, {Forms, _}} when is_list(Forms) ->
            {raw_abstract_v1, Forms};
        _ -> no_abstract_code
    end;
chunk(debug_info, B, _) ->
    case debug_info(B) of
        none -> no_debug_info;
        Info -> Info
    end;
chunk(documentation, B, Missing) ->
    case chunk("Docs", B, Missing) of
        missing_chunk -> missing_chunk;
        Bytes -> binary_to_term(Bytes)
    end;
chunk(Id, #b{name = Name, code = Code, more = More}, Missing) when is_list(Id) ->
    case {lists:keyfind(Id, 1, More ++ sections(Code)), Missing} of
        {{_, Bytes}, _} -> Bytes;
        {false, true} -> missing_chunk;
        {false, false} -> throw({missing_chunk, Name, Id})
    end;
chunk(Ref, #b{name = Name}, _) -> throw({unknown_chunk, Name, Ref}).

numbered(Functions) -> [{F, A, I} || {I, {F, A}} <- lists:enumerate(Functions)].

debug_info(#b{more = More}) ->
    case lists:keyfind("Dbgi", 1, More) of
        {_, Bytes} -> binary_to_term(Bytes);
        false -> none
    end.

-spec format_error(term()) -> io_lib:chars().
format_error({error, ?MODULE, Reason}) -> format_error(Reason);
format_error({error, Module, Reason}) -> Module:format_error(Reason);
format_error({unknown_chunk, File, Chunk}) ->
    io_lib:format("~tp: Cannot find chunk ~p~n", [name(File), Chunk]);
format_error({missing_chunk, File, Chunk}) ->
    io_lib:format("~tp: Not a BEAM file: no IFF \"~s\" chunk~n", [name(File), Chunk]);
format_error({not_a_beam_file, File}) -> io_lib:format("~tp: Not a BEAM file~n", [name(File)]);
format_error({file_error, File, Reason}) ->
    io_lib:format("~tp: ~tp~n", [name(File), file:format_error(Reason)]);
format_error({modules_different, Module1, Module2}) ->
    io_lib:format("Module names ~p and ~p differ in the two files~n", [Module1, Module2]);
format_error(different_chunks) -> "The two files have different chunks\n";
format_error({chunks_different, Id}) -> io_lib:format("Chunk \"~s\" differs in the two files~n", [Id]);
format_error({not_a_directory, Name, _}) -> io_lib:format("~tp: Not a directory~n", [Name]);
format_error(Other) -> io_lib:format("~tp~n", [Other]).

name(File) when is_binary(File) -> binary;
name(File) -> File.
