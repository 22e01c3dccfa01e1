%% Loaded code and where it comes from. Modules are loaded when first called: those that the
%% machine carries, then NAME.mbc (bytecode) or NAME.erl (source) on the code path.
-module(code).
-export([get_path/0, set_path/1, set_path/2, add_path/1, add_path/2, add_patha/1, add_patha/2,
         add_pathz/1, add_pathz/2, add_paths/1, add_paths/2, add_pathsa/1, add_pathsa/2,
         add_pathsz/1, add_pathsz/2, del_path/1, del_paths/1, replace_path/2, clear_cache/0,
         load_file/1, load_abs/1, load_abs/2, load_binary/3, ensure_loaded/1, ensure_modules_loaded/1,
         is_loaded/1, is_module_native/1, all_loaded/0, all_available/0, modified_modules/0,
         which/1, where_is_file/1, get_object_code/1, get_mode/0, module_md5/1, module_status/0, module_status/1,
         purge/1, soft_purge/1, delete/1, atomic_load/1, prepare_loading/1, finish_loading/1,
         root_dir/0, lib_dir/0, lib_dir/1, lib_dir/2, priv_dir/1, compiler_dir/0, objfile_extension/0,
         stick_dir/1, unstick_dir/1, is_sticky/1, stick_mod/1, unstick_mod/1, clash/0,
         get_doc/1, rehash/0, coverage_support/0, get_coverage/2, get_coverage_mode/0, get_coverage_mode/1,
         reset_coverage/1, set_coverage_mode/1]).

-type cache() :: cache | nocache.
-type load_ret() :: {module, module()} | {error, term()}.

%% ---- the path ----

%% The code path.
-spec get_path() -> [file:filename()].
get_path() -> [unicode:characters_to_list(Dir) || Dir <- muster_machine:code_path()].

%% Sets the code path.
-spec set_path([file:filename()]) -> true | {error, bad_directory}.
set_path(Dirs) -> set_path(Dirs, nocache).

-spec set_path([file:filename()], cache()) -> true | {error, bad_directory}.
set_path(Dirs, _) when is_list(Dirs) ->
    case lists:all(fun is_name/1, Dirs) of
        true -> set(lists:map(fun to_text/1, Dirs));
        false -> {error, bad_directory}
    end;
set_path(_, _) -> {error, bad_directory}.

set(Dirs) -> muster_machine:code_path_set(Dirs).

is_name(Dir) when is_atom(Dir); is_binary(Dir) -> true;
is_name(Dir) -> is_list(Dir) andalso io_lib:printable_unicode_list(lists:flatten(Dir)).

to_text(Dir) when is_atom(Dir) -> atom_to_list(Dir);
to_text(Dir) -> unicode:characters_to_list(Dir).

%% Puts a directory on the code path.
-spec add_path(file:filename()) -> true | {error, bad_directory}.
add_path(Dir) -> add_pathz(Dir).

-spec add_path(file:filename(), cache()) -> true | {error, bad_directory}.
add_path(Dir, _) -> add_pathz(Dir).

%% One that is there already comes to the front.
-spec add_patha(file:filename()) -> true | {error, bad_directory}.
add_patha(Dir) -> add(Dir, fun(Text, Path) -> [Text | lists:delete(Text, Path)] end).

-spec add_patha(file:filename(), cache()) -> true | {error, bad_directory}.
add_patha(Dir, _) -> add_patha(Dir).

%% One that is there already stays where it is.
-spec add_pathz(file:filename()) -> true | {error, bad_directory}.
add_pathz(Dir) ->
    add(Dir, fun(Text, Path) ->
                     case lists:member(Text, Path) of
                         true -> Path;
                         false -> Path ++ [Text]
                     end
             end).

-spec add_pathz(file:filename(), cache()) -> true | {error, bad_directory}.
add_pathz(Dir, _) -> add_pathz(Dir).

add(Dir, Change) ->
    case is_name(Dir) andalso filelib:is_dir(to_text(Dir)) of
        true -> set(Change(without_slash(to_text(Dir)), get_path()));
        false -> {error, bad_directory}
    end.

without_slash([_ | _] = Dir) when length(Dir) > 1 -> string:trim(Dir, trailing, "/");
without_slash(Dir) -> Dir.

%% Puts directories at the end of the code path.
-spec add_paths([file:filename()]) -> ok.
add_paths(Dirs) -> add_pathsz(Dirs).

-spec add_paths([file:filename()], cache()) -> ok.
add_paths(Dirs, _) -> add_pathsz(Dirs).

%% Puts directories in front of the code path.
-spec add_pathsa([file:filename()]) -> ok.
add_pathsa(Dirs) -> lists:foreach(fun add_patha/1, Dirs).

-spec add_pathsa([file:filename()], cache()) -> ok.
add_pathsa(Dirs, _) -> add_pathsa(Dirs).

%% Puts directories at the end of the code path.
-spec add_pathsz([file:filename()]) -> ok.
add_pathsz(Dirs) -> lists:foreach(fun add_pathz/1, Dirs).

-spec add_pathsz([file:filename()], cache()) -> ok.
add_pathsz(Dirs, _) -> add_pathsz(Dirs).

%% A directory, or the name of an application whose ebin is on the path.
-spec del_path(file:filename() | atom()) -> boolean() | {error, bad_name}.
del_path(NameOrDir) ->
    case is_name(NameOrDir) of
        true ->
            Text = without_slash(to_text(NameOrDir)),
            Path = get_path(),
            case [Dir || Dir <- Path, Dir =:= Text orelse is_ebin_of(Dir, Text)] of
                [] -> false;
                [Found | _] -> set(lists:delete(Found, Path))
            end;
        false -> {error, bad_name}
    end.

-spec del_paths([file:filename() | atom()]) -> ok.
del_paths(Names) -> lists:foreach(fun del_path/1, Names).

%% Puts Dir in the place of the application's directory.
-spec replace_path(atom() | string(), file:filename()) ->
          true | {error, bad_directory | bad_name | {badarg, term()}}.
replace_path(Name, Dir) ->
    case {is_name(Name), is_name(Dir) andalso filelib:is_dir(to_text(Dir))} of
        {true, true} ->
            Text = to_text(Name),
            New = without_slash(to_text(Dir)),
            Path = get_path(),
            case lists:any(fun(Old) -> is_ebin_of(Old, Text) end, Path) of
                true -> set([case is_ebin_of(Old, Text) of true -> New; false -> Old end || Old <- Path]);
                false -> add_pathz(New)
            end;
        {false, _} -> {error, bad_name};
        {true, false} -> {error, bad_directory}
    end.

is_ebin_of(Dir, Name) ->
    filename:basename(Dir) =:= "ebin" andalso
        is_version_of(filename:basename(filename:dirname(Dir)), Name).

-spec rehash() -> ok.
rehash() -> ok.

-spec clear_cache() -> ok.
clear_cache() -> ok.

%% ---- loading ----

%% Loads a module from the code path.
-spec load_file(module()) -> load_ret().
load_file(Module) when is_atom(Module) ->
    case muster_machine:find_module(Module) of
        undefined -> {error, nofile};
        preloaded -> ensure_loaded(Module);
        Path -> load_path(Module, Path)
    end.

load_path(Module, Path) ->
    case erlang:check_old_code(Module) of
        true -> {error, not_purged};
        false ->
            case muster_autoload:load_path(Module, Path) of
                ok -> {module, Module};
                {error, _} = Error -> Error
            end
    end.

%% A file without its ending.
-spec load_abs(file:filename()) -> load_ret().
load_abs(File) when is_list(File); is_atom(File) ->
    load_abs(File, list_to_atom(filename:basename(to_text(File)))).

%% The file has a module of that name, whatever the file is called.
-spec load_abs(file:filename(), module()) -> load_ret().
load_abs(File, Module) when is_atom(Module), is_list(File) orelse is_atom(File) ->
    Base = to_text(File),
    Files = [Base ++ Ending || Ending <- [".mbc", ".beam", ".erl"]],
    case [Name || Name <- Files, filelib:is_regular(Name)] of
        [Name | _] -> load_path(Module, Name);
        [] -> {error, nofile}
    end.

%% Loads a module of bytecode.
-spec load_binary(module(), file:filename(), binary()) -> load_ret().
load_binary(Module, File, Binary) when is_atom(Module), is_binary(Binary) ->
    case erlang:check_old_code(Module) of
        true -> purge(Module);
        false -> false
    end,
    Result = erlang:load_module(Module, Binary),
    case Result of
        {module, _} -> muster_machine:module_is_from(Module, unicode:characters_to_binary(to_text(File)));
        _ -> ok
    end,
    Result.

%% Loads a module, unless it is loaded.
-spec ensure_loaded(module()) -> {module, module()} | {error, term()}.
ensure_loaded(Module) when is_atom(Module) ->
    case muster_machine:ensure_loaded(Module) of
        true -> {module, Module};
        false -> {error, nofile};
        {error, _} = Error -> Error
    end.

%% Loads those of the modules that are not loaded.
-spec ensure_modules_loaded([module()]) -> ok | {error, [{module(), term()}]}.
ensure_modules_loaded(Modules) ->
    case [{Module, Why} || Module <- Modules, {error, Why} <- [ensure_loaded(Module)]] of
        [] -> ok;
        Errors -> {error, Errors}
    end.

%% Loads modules, all or none.
-spec atomic_load([module() | {module(), file:filename(), binary()}]) ->
          ok | {error, [{module(), term()}]}.
atomic_load(Modules) ->
    Results = [{name_of(M), load_one(M)} || M <- Modules],
    case [{Name, Why} || {Name, {error, Why}} <- Results] of
        [] -> ok;
        Errors -> {error, Errors}
    end.

name_of({Module, _, _}) -> Module;
name_of(Module) -> Module.

load_one({Module, File, Binary}) -> load_binary(Module, File, Binary);
load_one(Module) -> load_file(Module).

%% Reads modules that finish_loading/1 loads.
-spec prepare_loading([module() | {module(), file:filename(), binary()}]) ->
          {ok, term()} | {error, [{module(), term()}]}.
prepare_loading(Modules) ->
    case [{M, nofile} || M <- Modules, is_atom(M), which(M) =:= non_existing] of
        [] -> {ok, {prepared, Modules}};
        Errors -> {error, Errors}
    end.

%% Loads what prepare_loading/1 has prepared.
-spec finish_loading(term()) -> ok | {error, [{module(), term()}]}.
finish_loading({prepared, Modules}) -> atomic_load(Modules).

%% ---- what is there ----

%% Where a module was loaded from, or false.
-spec is_loaded(module()) -> {file, file:filename() | preloaded} | false.
is_loaded(Module) when is_atom(Module) ->
    case erlang:module_loaded(Module) of
        true -> {file, loaded_from(Module)};
        false -> false
    end.

loaded_from(Module) ->
    case muster_machine:module_file(Module) of
        File when is_list(File) -> File;
        _ ->
            case muster_machine:find_module(Module) of
                Path when is_binary(Path) -> unicode:characters_to_list(Path);
                preloaded -> preloaded;
                undefined -> []
            end
    end.

-spec is_module_native(module()) -> false | undefined.
is_module_native(Module) ->
    case erlang:module_loaded(Module) of
        true -> false;
        false -> undefined
    end.

%% The loaded modules and where they are from.
-spec all_loaded() -> [{module(), file:filename() | preloaded}].
all_loaded() -> [{Module, loaded_from(Module)} || Module <- erlang:loaded()].

%% All modules there are, loaded or not.
-spec all_available() -> [{string(), file:filename() | preloaded, boolean()}].
all_available() -> [{atom_to_list(M), File, true} || {M, File} <- all_loaded()].

%% The file that a module is, or would be, loaded from.
-spec which(module()) -> file:filename() | preloaded | non_existing.
which(Module) when is_atom(Module) ->
    case erlang:module_loaded(Module) of
        true -> loaded_from(Module);
        false ->
            case muster_machine:find_module(Module) of
                undefined -> non_existing;
                preloaded -> preloaded;
                Path -> unicode:characters_to_list(Path)
            end
    end.

%% The first file of that name on the code path.
-spec where_is_file(file:filename()) -> file:filename() | non_existing.
where_is_file(Name) ->
    case [File || Dir <- get_path(), File <- [filename:join(Dir, Name)],
                  filelib:is_regular(File)] of
        [File | _] -> File;
        [] -> non_existing
    end.

%% The bytecode of a module, and its file.
-spec get_object_code(module()) -> {module(), binary(), file:filename()} | error.
get_object_code(Module) when is_atom(Module) ->
    case muster_machine:find_module(Module) of
        undefined -> error;
        preloaded ->
            Name = atom_to_list(Module) ++ objfile_extension(),
            {Module, muster_compiler:embedded(Module), Name};
        Path -> object_code(Module, unicode:characters_to_list(Path))
    end.

%% What there is as source only is compiled as it was when it was loaded, with its forms, as mocking
%% wants them.
object_code(Module, Path) ->
    Code = case filename:extension(Path) of
               ".erl" -> compile:noenv_file(Path, [binary, debug_info, command_line_macros]);
               _ -> file:read_file(Path)
           end,
    case Code of
        {ok, Binary} -> {Module, Binary, Path};
        {ok, Module, Binary} -> {Module, Binary, Path};
        _ -> error
    end.

-spec module_md5(binary()) -> binary() | undefined.
module_md5(Binary) when is_binary(Binary) -> erlang:md5(Binary).

%% Of all loaded modules.
-spec module_status() -> [{module(), not_loaded | loaded | modified | removed}].
module_status() -> module_status([M || {M, _} <- all_loaded()]).

-spec module_status(module() | [module()]) ->
          not_loaded | loaded | modified | removed | [{module(), atom()}].
module_status(Modules) when is_list(Modules) -> [{M, module_status(M)} || M <- Modules];
module_status(Module) ->
    case erlang:module_loaded(Module) of
        true -> loaded;
        false -> not_loaded
    end.

%% The loaded modules whose files have changed.
-spec modified_modules() -> [module()].
modified_modules() -> [].

-spec get_mode() -> interactive.
get_mode() -> interactive.

%% Prints modules that are in several directories of the code path.
-spec clash() -> ok.
clash() -> ok.

%% The documentation that a module was compiled with.
%% The documentation of a module (EEP 48), from its chunk "Docs"; the machine carries that of the library.
-spec get_doc(module()) -> {ok, term()} | {error, missing | non_existing | term()}.
get_doc(Module) when is_atom(Module) ->
    case muster_machine:find_module(Module) of
        undefined -> {error, non_existing};
        preloaded -> binary_doc(muster_compiler:embedded_docs(Module));
        Path -> chunk_doc(object_code(Module, unicode:characters_to_list(Path)))
    end.

chunk_doc(error) -> {error, non_existing};
chunk_doc({Module, Code, _}) ->
    case beam_lib:chunks(Code, ["Docs"]) of
        {ok, {Module, [{"Docs", Docs}]}} -> binary_doc(Docs);
        {error, beam_lib, {missing_chunk, _, _}} -> {error, missing};
        {error, beam_lib, Why} -> {error, Why}
    end.

binary_doc(undefined) -> {error, missing};
binary_doc(Docs) -> {ok, binary_to_term(Docs)}.

%% ---- coverage in native code, which OTP 27 has and this machine has not: `muster test --cover` counts lines ----

-spec coverage_support() -> boolean().
coverage_support() -> false.

-spec get_coverage_mode() -> none.
get_coverage_mode() -> none.

-spec get_coverage_mode(module()) -> none.
get_coverage_mode(Module) ->
    case is_atom(Module) andalso erlang:module_loaded(Module) of
        true -> none;
        false -> error(badarg, [Module])
    end.

-spec set_coverage_mode(term()) -> no_return().
set_coverage_mode(Mode) -> error(badarg, [Mode]).

-spec get_coverage(term(), module()) -> no_return().
get_coverage(Level, Module) -> error(badarg, [Level, Module]).

-spec reset_coverage(module()) -> no_return().
reset_coverage(Module) -> error(badarg, [Module]).

%% ---- unloading ----

%% Removes old code, ending processes that run in it: true if there were any.
-spec purge(module()) -> boolean().
purge(Module) when is_atom(Module) ->
    erlang:check_old_code(Module) andalso muster_purge:purge(Module).

%% Removes old code unless a process runs in it.
-spec soft_purge(module()) -> boolean().
soft_purge(Module) when is_atom(Module) ->
    not erlang:check_old_code(Module) orelse muster_purge:soft_purge(Module).

%% Makes the current code of a module old.
-spec delete(module()) -> boolean().
delete(Module) when is_atom(Module) ->
    case erlang:check_old_code(Module) of
        true ->
            error_logger:error_msg("Module ~tw must be purged before deleting~n", [Module]),
            false;
        false -> erlang:delete_module(Module) =:= true
    end.

%% ---- directories of an installation, which there is none of ----

-spec root_dir() -> file:filename().
root_dir() -> "".

%% The directory of an application.
-spec lib_dir() -> file:filename().
lib_dir() -> "".

%% An application is where its ebin is, or, as sources run as they are, its src.
-spec lib_dir(atom()) -> file:filename() | {error, bad_name}.
lib_dir(Name) when is_atom(Name); is_list(Name) ->
    Text = case Name of _ when is_atom(Name) -> atom_to_list(Name); _ -> Name end,
    Candidates = [filename:dirname(Dir)
                  || Dir <- get_path(), lists:member(filename:basename(Dir), ["ebin", "src"])],
    case [Dir || Dir <- Candidates, is_version_of(filename:basename(Dir), Text)] of
        [Dir | _] -> Dir;
        [] -> {error, bad_name}
    end.

is_version_of(Base, Name) ->
    Base =:= Name orelse lists:prefix(Name ++ "-", Base).

-spec lib_dir(atom(), atom()) -> file:filename() | {error, bad_name}.
lib_dir(Name, Sub) ->
    case lib_dir(Name) of
        {error, _} = Error -> Error;
        Dir -> filename:join(Dir, atom_to_list(Sub))
    end.

%% The directory priv of an application.
-spec priv_dir(atom()) -> file:filename() | {error, bad_name}.
priv_dir(Name) -> lib_dir(Name, priv).

-spec compiler_dir() -> file:filename().
compiler_dir() -> "".

-spec objfile_extension() -> string().
objfile_extension() -> ".beam".

%% ---- sticky directories: none are ----

-spec stick_dir(file:filename()) -> ok.
stick_dir(_) -> ok.

-spec unstick_dir(file:filename()) -> ok.
unstick_dir(_) -> ok.

%% Whether a module is in a sticky directory.
-spec is_sticky(module()) -> false.
is_sticky(_) -> false.

-spec stick_mod(module()) -> true.
stick_mod(_) -> true.

-spec unstick_mod(module()) -> true.
unstick_mod(_) -> true.
