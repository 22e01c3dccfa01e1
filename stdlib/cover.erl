%% Which lines of modules are executed: of tools' module of this name what the counters of `muster test --cover` can
%% tell. Modules are compiled from source; lines are those on which an expression of a body begins. There are no
%% clauses, and calls are counted by line only.
-module(cover).
-export([start/0, stop/0, compile/1, compile/2, compile_module/1, compile_module/2, is_compiled/1, modules/0, reset/0,
         reset/1, analyse/1, analyse/2, analyse/3]).

-define(KEY, {?MODULE, compiled}).

-type name() :: module() | file:name().

%% A process stands for what is compiled until stop/0.
-spec start() -> {ok, pid()} | {error, {already_started, pid()}}.
start() ->
    case whereis(cover_server) of
        undefined ->
            Server = spawn(fun() -> receive stop -> ok end end),
            register(cover_server, Server),
            {ok, Server};
        Server -> {error, {already_started, Server}}
    end.

%% Unloads what was compiled.
-spec stop() -> ok | {error, not_main_node}.
stop() ->
    lists:foreach(fun(Module) -> code:purge(Module), code:delete(Module), code:purge(Module) end, modules()),
    _ = persistent_term:erase(?KEY),
    case whereis(cover_server) of
        undefined -> ok;
        Server ->
            Monitor = monitor(process, Server),
            Server ! stop,
            receive {'DOWN', Monitor, _, _, _} -> ok end
    end.

%% Compiles a source and loads it: it counts from now on.
-spec compile(name()) -> {ok, module()} | {error, file:name()}.
compile(Name) -> compile_module(Name, []).

-spec compile(name(), [compile:option()]) -> {ok, module()} | {error, file:name()}.
compile(Name, Options) -> compile_module(Name, Options).

-spec compile_module(name()) -> {ok, module()} | {error, file:name()}.
compile_module(Name) -> compile_module(Name, []).

-spec compile_module(name(), [compile:option()]) -> {ok, module()} | {error, file:name()}.
compile_module(Name, Options) ->
    _ = start(),
    Text = case Name of
               _ when is_atom(Name) -> atom_to_list(Name);
               _ -> Name
           end,
    File = filename:rootname(Text, ".erl") ++ ".erl",
    case muster_cover:load(File, Options) of
        {ok, Module} ->
            persistent_term:put(?KEY, (compiled())#{Module => filename:absname(File)}),
            {ok, Module};
        {error, _} -> {error, filename:absname(File)}
    end.

compiled() -> persistent_term:get(?KEY, #{}).

%% {file, Source}, or false.
-spec is_compiled(module()) -> {file, file:filename()} | false.
is_compiled(Module) ->
    case compiled() of
        #{Module := File} -> {file, File};
        #{} -> false
    end.

%% What is compiled.
-spec modules() -> [module()].
modules() -> lists:sort(maps:keys(compiled())).

%% Counts from zero again, in all modules or in one.
-spec reset() -> ok.
reset() -> lists:foreach(fun muster_cover:reset/1, modules()).

-spec reset(module()) -> ok | {error, {not_cover_compiled, module()}}.
reset(Module) ->
    case is_compiled(Module) of
        {file, _} -> muster_cover:reset(Module);
        false -> {error, {not_cover_compiled, Module}}
    end.

%% {Covered, Not} of lines: of each function unless said otherwise; or how often each line was executed.
-spec analyse(module()) -> {ok, term()} | {error, {not_cover_compiled, module()}}.
analyse(Module) -> analyse(Module, coverage, function).

-spec analyse(module(), coverage | calls | module | function | line) ->
    {ok, term()} | {error, {not_cover_compiled, module()}}.
analyse(Module, Analysis) when Analysis =:= coverage; Analysis =:= calls -> analyse(Module, Analysis, function);
analyse(Module, Level) -> analyse(Module, coverage, Level).

-spec analyse(module(), coverage | calls, module | function | line) ->
    {ok, term()} | {error, {not_cover_compiled, module()}}.
analyse(Module, Analysis, Level) ->
    case is_compiled(Module) of
        {file, File} -> {ok, analysed(Analysis, Level, Module, File, muster_cover:counts(Module))};
        false -> {error, {not_cover_compiled, Module}}
    end.

analysed(calls, line, Module, _, Counts) -> [{{Module, Line}, Calls} || {Line, Calls} <- Counts];
analysed(coverage, line, Module, _, Counts) -> [{{Module, Line}, covered([Count])} || {Line, _} = Count <- Counts];
analysed(coverage, module, Module, _, Counts) -> {Module, covered(Counts)};
analysed(coverage, function, Module, File, Counts) ->
    {ok, Forms} = epp:parse_file(File, [{includes, [filename:dirname(File)]}]),
    Functions = [{erl_anno:line(Anno), {Module, F, A}} || {function, Anno, F, A, _} <- Forms],
    Ends = [Line || {Line, _} <- tl(Functions)] ++ [infinity], % a number is less than an atom
    [{Name, covered([Count || {Line, _} = Count <- Counts, Line >= From, Line < To])}
     || {{From, Name}, To} <- lists:zip(Functions, Ends)].

covered(Counts) ->
    Covered = length([Line || {Line, Calls} <- Counts, Calls > 0]),
    {Covered, length(Counts) - Covered}.
