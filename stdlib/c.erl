%% What one types in a shell: where am I, what is here, what has come in.
-module(c).

-export([c/1, c/2, c/3, cd/1, flush/0, l/1, ls/0, ls/1, lm/0, m/0, m/1, mm/0, memory/0, memory/1, pid/3, pwd/0, q/0,
         uptime/0]).

%% Compiles a file, of that name or of a module's, and loads it.
-spec c(file:name() | module()) -> {ok, module()} | error.
c(File) -> c(File, []).

-spec c(file:name() | module(), [term()] | term()) -> {ok, module()} | error.
c(File, Options) when is_list(Options) ->
    Name = case File of
               _ when is_atom(File) -> atom_to_list(File);
               _ -> File
           end,
    case compile:file(filename:rootname(Name, ".erl"), [report | Options]) of
        {ok, Module} -> loaded(Module, Name, Options);
        {ok, Module, _Warnings} -> loaded(Module, Name, Options);
        _ -> error
    end;
c(File, Option) -> c(File, [Option]).

%% Filter: of the options.
-spec c(module(), [term()], fun((term()) -> boolean())) -> {ok, module()} | error.
c(Module, Options, Filter) -> c(Module, lists:filter(Filter, Options)).

loaded(Module, Name, Options) ->
    Dir = proplists:get_value(outdir, Options, "."),
    Base = filename:join(Dir, filename:basename(Name, ".erl")),
    code:purge(Module),
    case code:load_abs(Base) of
        {module, Module} -> {ok, Module};
        {error, Reason} -> {error, Reason}
    end.

%% Loads a module anew.
-spec l(module()) -> code:load_ret().
l(Module) ->
    code:purge(Module),
    code:load_file(Module).

%% The loaded modules whose files have changed.
-spec mm() -> [module()].
mm() -> code:modified_modules().

-spec lm() -> [code:load_ret()].
lm() -> [l(Module) || Module <- mm()].

%% Prints which modules are loaded, and from where.
-spec m() -> ok.
m() ->
    io:format("~-20s  ~s~n", ["Module", "File"]),
    lists:foreach(fun({Module, File}) -> io:format("~-20tw  ~ts~n", [Module, File]) end,
                  lists:sort(code:all_loaded())).

%% Prints what a module says about itself.
-spec m(module()) -> ok.
m(Module) -> io:format("~p~n", [Module:module_info()]).

%% Takes and prints the messages of the process.
-spec flush() -> ok.
flush() ->
    receive
        Message ->
            io:format("Shell got ~tp~n", [Message]),
            flush()
    after 0 -> ok
    end.

-spec pwd() -> ok.
pwd() ->
    case file:get_cwd() of
        {ok, Dir} -> io:format("~ts\n", [Dir]);
        {error, _} -> io:format("Cannot determine current directory\n")
    end.

-spec cd(file:name()) -> ok.
cd(Dir) ->
    _ = file:set_cwd(Dir),
    pwd().

-spec ls() -> ok.
ls() -> ls(".").

-spec ls(file:name()) -> ok.
ls(Dir) ->
    case file:list_dir(Dir) of
        {ok, Names} -> columns(lists:sort(Names));
        {error, enotdir} -> columns([Dir]);
        {error, Reason} -> io:format("~ts\n", [file:format_error(Reason)])
    end.

%% As many columns as a line of 80 holds, each as wide as the longest name and some space.
columns([]) -> ok;
columns(Names) ->
    Width = max(18, lists:max([string:length(Name) || Name <- Names]) + 5),
    rows(Names, Width, max(1, 80 div Width)).

rows([], _, _) -> ok;
rows(Names, Width, Count) ->
    {Row, Rest} = lists:split(min(Count, length(Names)), Names),
    io:put_chars([[string:pad(Name, Width) || Name <- Row], "\n"]),
    rows(Rest, Width, Count).

-spec memory() -> [{atom(), non_neg_integer()}].
memory() -> erlang:memory().

-spec memory(atom() | [atom()]) -> non_neg_integer() | [{atom(), non_neg_integer()}].
memory(Type) -> erlang:memory(Type).

%% The process <X.Y.Z>.
-spec pid(non_neg_integer(), non_neg_integer(), non_neg_integer()) -> pid().
pid(X, Y, Z) -> list_to_pid(lists:concat(["<", X, ".", Y, ".", Z, ">"])).

-spec q() -> ok.
q() -> init:stop().

-spec uptime() -> ok.
uptime() ->
    {Total, _} = erlang:statistics(wall_clock),
    {Days, {Hours, Minutes, Seconds}} = calendar:seconds_to_daystime(Total div 1000),
    Parts = [{Days, "days"}, {Hours, "hours"}, {Minutes, "minutes"}],
    Text = [io_lib:format("~p ~s, ", [N, Unit]) || {N, Unit} <- dropped(Parts)],
    io:format("~s~p seconds\n", [Text, Seconds]).

dropped([{0, _} | Parts]) -> dropped(Parts);
dropped(Parts) -> Parts.
