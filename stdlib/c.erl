%% What one types in a shell: where am I, what is here, what has come in.
-module(c).

-export([bt/1, c/1, c/2, c/3, cd/1, erlangrc/1, flush/0, h/1, h/2, h/3, hcb/1, hcb/2, hcb/3, help/0, ht/1, ht/2,
         ht/3, i/0, i/1, i/3, l/1, lc/1, lm/0, ls/0, ls/1, m/0, m/1, memory/0, memory/1, mm/0, nc/1, nc/2, ni/0, nl/1,
         nregs/0, pid/3, pwd/0, q/0, regs/0, uptime/0, xm/1, y/1, y/2]).

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

%% ---- about what runs ----

%% Prints all processes.
-spec i() -> ok.
i() -> i(lists:sort(processes())).

-spec i([pid()]) -> ok.
i(Pids) -> io:put_chars(muster_system_info:processes(Pids)).

%% What is known of the process <X.Y.Z>.
-spec i(non_neg_integer(), non_neg_integer(), non_neg_integer()) -> [{atom(), term()}] | undefined.
i(X, Y, Z) -> process_info(pid(X, Y, Z)).

%% There is one node.
-spec ni() -> ok.
ni() -> i().

%% Prints the registered names.
-spec regs() -> ok.
regs() -> io:put_chars(muster_system_info:names()).

-spec nregs() -> ok.
nregs() -> regs().

%% Prints where a process is.
-spec bt(pid()) -> ok | undefined.
bt(Pid) ->
    case process_info(Pid, backtrace) of
        {backtrace, Text} -> io:put_chars([Text, "\n"]);
        undefined -> undefined
    end.

%% ---- more of compiling and loading ----

-spec lc([file:name() | module()]) -> ok | error.
lc(Files) ->
    case lists:all(fun(File) -> is_tuple(c(File)) end, Files) of
        true -> ok;
        false -> error
    end.

-spec nc(file:name() | module()) -> {ok, module()} | error.
nc(File) -> c(File).

-spec nc(file:name() | module(), [term()] | term()) -> {ok, module()} | error.
nc(File, Options) -> c(File, Options).

-spec nl(module()) -> [{code:load_ret(), [node()]}].
nl(Module) ->
    l(Module),
    [].

%% Makes a parser: yecc is found on the code path, or not.
-spec y(file:name()) -> term().
y(File) -> y(File, []).

-spec y(file:name(), [term()]) -> term().
y(File, Options) -> apply(yecc, file, [File, [report | Options]]).

%% Calls in a module (or file) of functions that are not there or deprecated, and functions without use.
-spec xm(module() | file:name()) -> [{deprecated | undefined | unused, [term()]}] | {error, module(), term()}.
xm(Module) -> muster_xref:module(Module).

%% Evaluates .erlang in the first of the directories that has it.
-spec erlangrc([file:name()]) -> ok | {ok, file:name()} | {error, term()}.
erlangrc(Dirs) -> file:path_eval(Dirs, ".erlang").

%% ---- documentation ----

-type doc_answer() :: ok | {error, term()}.

-spec h(module()) -> doc_answer().
h(Module) -> show_doc(Module, function, none, any).
-spec h(module(), atom()) -> doc_answer().
h(Module, Function) -> show_doc(Module, function, Function, any).
-spec h(module(), atom(), arity()) -> doc_answer().
h(Module, Function, Arity) -> show_doc(Module, function, Function, Arity).

-spec ht(module()) -> doc_answer().
ht(Module) -> show_doc(Module, type, none, any).
-spec ht(module(), atom()) -> doc_answer().
ht(Module, Type) -> show_doc(Module, type, Type, any).
-spec ht(module(), atom(), arity()) -> doc_answer().
ht(Module, Type, Arity) -> show_doc(Module, type, Type, Arity).

-spec hcb(module()) -> doc_answer().
hcb(Module) -> show_doc(Module, callback, none, any).
-spec hcb(module(), atom()) -> doc_answer().
hcb(Module, Callback) -> show_doc(Module, callback, Callback, any).
-spec hcb(module(), atom(), arity()) -> doc_answer().
hcb(Module, Callback, Arity) -> show_doc(Module, callback, Callback, Arity).

show_doc(Module, Kind, Name, Arity) ->
    case muster_system_info:doc(Module, Kind, Name, Arity) of
        {ok, Text} -> io:put_chars(Text);
        Error -> Error
    end.

-spec help() -> ok.
help() ->
    Lines = [{"bt(Pid)", "where a process is"}, {"c(Mod)", "compile and load a module or file"},
             {"cd(Dir)", "change the working directory"}, {"flush()", "take and print the messages"},
             {"h(M), h(M,F), h(M,F,A)", "documentation of a module and its functions"},
             {"ht, hcb", "that of types, of callbacks"}, {"i()", "all processes"}, {"i(X,Y,Z)", "the process <X.Y.Z>"},
             {"l(Mod)", "load a module anew"}, {"lc([File])", "compile and load modules"},
             {"lm(), mm()", "load, list modules that have changed"}, {"ls(), ls(Dir)", "the files of a directory"},
             {"m(), m(Mod)", "the loaded modules, what one says of itself"}, {"memory()", "how much is used"},
             {"pid(X,Y,Z)", "the process <X.Y.Z>"}, {"pwd()", "the working directory"}, {"q()", "end the machine"},
             {"regs()", "the registered names"}, {"uptime()", "how long the machine has run"}, {"xm(Mod)", "calls in a module of what is not there"}],
    lists:foreach(fun({Call, What}) -> io:format("~-24s -- ~s\n", [Call, What]) end, Lines).
