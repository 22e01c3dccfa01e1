%% Modules that are there as source only, when they are first needed: compiled and loaded. Who needs
%% one waits for a process that does it; others that need the same meanwhile wait for the same process.
%% Parse transforms may need modules in turn: a module that needs itself in that way is not there.
-module(muster_autoload).
-export([call/3, ensure_loaded/1, load_from/2, load_path/2, run/4]).

-include_lib("kernel/include/file.hrl").

-define(UNDER_WAY, '$muster_compiling').

%% The call that met a module which is not loaded.
-spec call(module(), atom(), [term()]) -> term().
call(Module, Function, Args) ->
    case ensure_loaded(Module) of
        true -> error_handler:undefined_function(Module, Function, Args);
        false -> error_handler:raise_undef_exception(Module, Function, Args) % not to look for it twice
    end.

%% From the code path. Somebody else may load it from elsewhere meanwhile: it is loaded then.
-spec ensure_loaded(module()) -> boolean().
ensure_loaded(Module) ->
    case muster_machine:find_module(Module) of
        Path when is_binary(Path) ->
            load_path(Module, Path, if_missing) =:= ok orelse erlang:module_loaded(Module);
        _ -> erlang:module_loaded(Module)
    end.

%% From one of these places, given without endings.
-spec load_from(module(), [file:filename()]) -> boolean().
load_from(Module, Places) ->
    Files = [Place ++ Ending || Place <- Places, Ending <- [".mbc", ".beam", ".erl"]],
    case [File || File <- Files, filelib:is_regular(File)] of
        [File | _] -> load_path(Module, File) =:= ok;
        [] -> false
    end.

%% Bytecode or source, by its ending.
-spec load_path(module(), file:filename_all()) -> ok | {error, term()}.
load_path(Module, Path) -> load_path(Module, Path, anyway).

load_path(Module, Path, When) ->
    Ancestors = case get(?UNDER_WAY) of undefined -> []; List -> List end,
    case lists:member(Module, Ancestors) of
        true -> {error, circular};
        false ->
            {Pid, Ref} = spawn_monitor(?MODULE, run, [Module, Path, When, [Module | Ancestors]]),
            receive
                {'DOWN', Ref, process, Pid, {?MODULE, Result}} -> Result;
                {'DOWN', Ref, process, Pid, Reason} -> {error, Reason}
            end
    end.

-spec run(module(), file:filename_all(), if_missing | anyway, [module()]) -> no_return().
run(Module, Path, When, UnderWay) ->
    put(?UNDER_WAY, UnderWay),
    exit({?MODULE, claimed(Module, Path, When)}).

claimed(Module, Path, When) ->
    case muster_machine:compile_claim(Module) of
        true ->
            Result = case When =:= if_missing andalso erlang:module_loaded(Module) of
                         true -> ok; % by who had the claim before us
                         false -> load(Module, Path)
                     end,
            muster_machine:compile_release(Module),
            Result;
        Other -> % does it already
            Ref = monitor(process, Other),
            receive {'DOWN', Ref, process, _, {?MODULE, Result}} -> Result;
                    {'DOWN', Ref, process, _, noproc} -> found(Module);
                    {'DOWN', Ref, process, _, Reason} -> {error, Reason}
            end
    end.

found(Module) ->
    case erlang:module_loaded(Module) of
        true -> ok;
        false -> {error, nofile}
    end.

load(Module, Path) ->
    case filename:extension(Path) of
        Ending when Ending =:= ".erl"; Ending =:= <<".erl">> ->
            unless_failed(Module, unicode:characters_to_list(Path));
        _ ->
            case file:read_file(Path) of
                {ok, Code} -> accepted(Module, erlang:load_module(Module, Code));
                {error, Why} -> {error, Why}
            end
    end.

%% A source that did not compile is not tried again, with all its messages, until it has changed.
unless_failed(Module, File) ->
    Stamp = stamp(File),
    case persistent_term:get({?MODULE, Module}, none) of
        {File, Stamp, Why} -> {error, Why};
        _ ->
            Result = accepted(Module, compile:load(File)),
            case Result of
                {error, Why} -> persistent_term:put({?MODULE, Module}, {File, Stamp, Why});
                ok -> ok
            end,
            Result
    end.

stamp(File) ->
    case file:read_file_info(File, [{time, posix}]) of
        {ok, Info} -> {Info#file_info.mtime, Info#file_info.size};
        {error, Why} -> Why
    end.

accepted(Module, {Ok, Module}) when Ok =:= ok; Ok =:= module -> ok;
accepted(_, {ok, _}) -> {error, badfile};
accepted(_, {error, Why}) -> {error, Why}.
