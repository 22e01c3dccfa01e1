%% Processes that fit into a supervision tree: they know their ancestors and their first call, start
%% synchronously, and report when they crash.
-module(proc_lib).
-export([spawn/1, spawn/2, spawn/3, spawn/4, spawn_link/1, spawn_link/2, spawn_link/3, spawn_link/4,
         spawn_monitor/1, spawn_monitor/3, spawn_opt/2, spawn_opt/3, spawn_opt/4, spawn_opt/5,
         start/3, start/4, start/5, start_link/3, start_link/4, start_link/5,
         start_monitor/3, start_monitor/4, start_monitor/5,
         init_ack/1, init_ack/2, init_fail/2, init_fail/3, hibernate/3,
         initial_call/1, translate_initial_call/1, format/1, format/2, format/3, report_cb/2,
         stop/1, stop/3, set_label/1, get_label/1]).
%% Called by name.
-export([init_p/3, init_p/5, wake_up/3]).
-export_type([spawn_option/0, start_spawn_option/0]).

-type spawn_option() :: erlang:spawn_opt_option().
-type start_spawn_option() :: term().

%% ---- spawning ----

%% Spawns a process that writes a crash report when it fails.
-spec spawn(fun(() -> term())) -> pid().
spawn(Fun) when is_function(Fun, 0) ->
    erlang:spawn(?MODULE, init_p, [parent(), ancestors(), Fun]).

-spec spawn(node(), fun(() -> term())) -> pid().
spawn(Node, Fun) when is_function(Fun, 0) ->
    erlang:spawn(Node, ?MODULE, init_p, [parent(), ancestors(), Fun]).

-spec spawn(module(), atom(), [term()]) -> pid().
spawn(M, F, A) when is_atom(M), is_atom(F), is_list(A) ->
    erlang:spawn(?MODULE, init_p, [parent(), ancestors(), M, F, A]).

-spec spawn(node(), module(), atom(), [term()]) -> pid().
spawn(Node, M, F, A) when is_atom(M), is_atom(F), is_list(A) ->
    erlang:spawn(Node, ?MODULE, init_p, [parent(), ancestors(), M, F, A]).

%% The same, linked.
-spec spawn_link(fun(() -> term())) -> pid().
spawn_link(Fun) when is_function(Fun, 0) ->
    erlang:spawn_link(?MODULE, init_p, [parent(), ancestors(), Fun]).

-spec spawn_link(node(), fun(() -> term())) -> pid().
spawn_link(Node, Fun) when is_function(Fun, 0) ->
    erlang:spawn_link(Node, ?MODULE, init_p, [parent(), ancestors(), Fun]).

-spec spawn_link(module(), atom(), [term()]) -> pid().
spawn_link(M, F, A) when is_atom(M), is_atom(F), is_list(A) ->
    erlang:spawn_link(?MODULE, init_p, [parent(), ancestors(), M, F, A]).

-spec spawn_link(node(), module(), atom(), [term()]) -> pid().
spawn_link(Node, M, F, A) when is_atom(M), is_atom(F), is_list(A) ->
    erlang:spawn_link(Node, ?MODULE, init_p, [parent(), ancestors(), M, F, A]).

%% Starts a process that is monitored.
-spec spawn_monitor(fun(() -> term())) -> {pid(), reference()}.
spawn_monitor(Fun) when is_function(Fun, 0) ->
    erlang:spawn_monitor(?MODULE, init_p, [parent(), ancestors(), Fun]).

%% Starts a process that is monitored.
-spec spawn_monitor(module(), atom(), [term()]) -> {pid(), reference()}.
spawn_monitor(M, F, A) when is_atom(M), is_atom(F), is_list(A) ->
    erlang:spawn_monitor(?MODULE, init_p, [parent(), ancestors(), M, F, A]).

%% The same, with options.
-spec spawn_opt(fun(() -> term()), [spawn_option()]) -> pid() | {pid(), reference()}.
spawn_opt(Fun, Options) when is_function(Fun, 0) ->
    erlang:spawn_opt(?MODULE, init_p, [parent(), ancestors(), Fun], Options).

-spec spawn_opt(node(), fun(() -> term()), [spawn_option()]) -> pid() | {pid(), reference()}.
spawn_opt(Node, Fun, Options) when is_function(Fun, 0) ->
    erlang:spawn_opt(Node, ?MODULE, init_p, [parent(), ancestors(), Fun], Options).

-spec spawn_opt(module(), atom(), [term()], [spawn_option()]) -> pid() | {pid(), reference()}.
spawn_opt(M, F, A, Options) when is_atom(M), is_atom(F), is_list(A) ->
    erlang:spawn_opt(?MODULE, init_p, [parent(), ancestors(), M, F, A], Options).

-spec spawn_opt(node(), module(), atom(), [term()], [spawn_option()]) ->
          pid() | {pid(), reference()}.
spawn_opt(Node, M, F, A, Options) when is_atom(M), is_atom(F), is_list(A) ->
    erlang:spawn_opt(Node, ?MODULE, init_p, [parent(), ancestors(), M, F, A], Options).

%% A process is told by its name, where it has one.
parent() ->
    case process_info(self(), registered_name) of
        {registered_name, Name} when is_atom(Name) -> Name;
        _ -> self()
    end.

ancestors() ->
    case get('$ancestors') of
        Ancestors when is_list(Ancestors) -> Ancestors;
        _ -> []
    end.

%% ---- what runs in the new process ----

-spec init_p(pid() | atom(), [pid() | atom()], fun(() -> term())) -> term().
init_p(Parent, Ancestors, Fun) ->
    {module, M} = erlang:fun_info(Fun, module),
    {name, F} = erlang:fun_info(Fun, name),
    {arity, A} = erlang:fun_info(Fun, arity),
    put('$ancestors', [Parent | Ancestors]),
    put('$initial_call', {M, F, A}),
    try Fun()
    catch Class:Reason:Stack -> crashed(Class, Reason, Stack)
    end.

-spec init_p(pid() | atom(), [pid() | atom()], module(), atom(), [term()]) -> term().
init_p(Parent, Ancestors, M, F, A) ->
    put('$ancestors', [Parent | Ancestors]),
    put('$initial_call', started_as(M, F, A)),
    init_p_do_apply(M, F, A).

init_p_do_apply(M, F, A) ->
    try apply(M, F, A)
    catch Class:Reason:Stack -> crashed(Class, Reason, Stack)
    end.

%% A behaviour's process is known by its callback module.
started_as(gen, init_it, [gen_server, _, _, supervisor, {_, Module, _} | _]) ->
    {supervisor, Module, 1};
started_as(gen, init_it, [gen_server, _, _, _, supervisor, {_, Module, _} | _]) ->
    {supervisor, Module, 1};
started_as(gen, init_it, [gen_server, _, _, supervisor_bridge, [Module | _] | _]) ->
    {supervisor_bridge, Module, 1};
started_as(gen, init_it, [gen_server, _, _, _, supervisor_bridge, [Module | _] | _]) ->
    {supervisor_bridge, Module, 1};
started_as(gen, init_it, [gen_event | _]) -> {gen_event, init_it, 6};
started_as(gen, init_it, [_, _, _, Module, _, _]) when is_atom(Module) -> {Module, init, 1};
started_as(gen, init_it, [_, _, _, _, Module, _, _]) when is_atom(Module) -> {Module, init, 1};
started_as(M, F, A) -> {M, F, length(A)}.

-spec crashed(error | exit | throw, term(), list()) -> no_return().
crashed(Class, Reason, Stack) ->
    crash_report(Class, Reason, Stack),
    erlang:raise(exit, exit_reason(Class, Reason, Stack), Stack).

exit_reason(exit, Reason, _) -> Reason;
exit_reason(error, Reason, Stack) -> {Reason, Stack};
exit_reason(throw, Reason, Stack) -> {{nocatch, Reason}, Stack}.

%% Hibernates and then calls a function as spawn/3 does.
-spec hibernate(module(), atom(), [term()]) -> no_return().
hibernate(M, F, A) when is_atom(M), is_atom(F), is_list(A) ->
    erlang:hibernate(?MODULE, wake_up, [M, F, A]).

-spec wake_up(module(), atom(), [term()]) -> term().
wake_up(M, F, A) -> init_p_do_apply(M, F, A).

%% ---- starting synchronously ----

%% Spawns a process and waits until it has called init_ack/1,2.
-spec start(module(), atom(), [term()]) -> term().
start(M, F, A) -> start(M, F, A, infinity).

-spec start(module(), atom(), [term()], timeout()) -> term().
start(M, F, A, Timeout) -> start(M, F, A, Timeout, []).

-spec start(module(), atom(), [term()], timeout(), [start_spawn_option()]) -> term().
start(M, F, A, Timeout, Options) when is_atom(M), is_atom(F), is_list(A) ->
    no_monitor(Options, [M, F, A, Timeout, Options]),
    {Pid, Ref} = ?MODULE:spawn_opt(M, F, A, [monitor | Options]),
    {Return, _} = await(Pid, Ref, Timeout, false),
    Return.

%% The same, linked.
-spec start_link(module(), atom(), [term()]) -> term().
start_link(M, F, A) -> start_link(M, F, A, infinity).

-spec start_link(module(), atom(), [term()], timeout()) -> term().
start_link(M, F, A, Timeout) -> start_link(M, F, A, Timeout, []).

-spec start_link(module(), atom(), [term()], timeout(), [start_spawn_option()]) -> term().
start_link(M, F, A, Timeout, Options) when is_atom(M), is_atom(F), is_list(A) ->
    no_monitor(Options, [M, F, A, Timeout, Options]),
    {Pid, Ref} = ?MODULE:spawn_opt(M, F, A, [link, monitor | Options]),
    {Return, _} = await(Pid, Ref, Timeout, false),
    Return.

%% The same, monitored.
-spec start_monitor(module(), atom(), [term()]) -> {term(), reference()}.
start_monitor(M, F, A) -> start_monitor(M, F, A, infinity).

-spec start_monitor(module(), atom(), [term()], timeout()) -> {term(), reference()}.
start_monitor(M, F, A, Timeout) -> start_monitor(M, F, A, Timeout, []).

-spec start_monitor(module(), atom(), [term()], timeout(), [start_spawn_option()]) ->
          {term(), reference()}.
start_monitor(M, F, A, Timeout, Options) when is_atom(M), is_atom(F), is_list(A) ->
    no_monitor(Options, [M, F, A, Timeout, Options]),
    {Pid, Ref} = ?MODULE:spawn_opt(M, F, A, [monitor | Options]),
    await(Pid, Ref, Timeout, true).

%% {Answer, Ref}. With `Keeps` the caller gets the 'DOWN' message, too.
await(Pid, Ref, Timeout, Keeps) ->
    receive
        {ack, Pid, Return} when Keeps -> {Return, Ref};
        {ack, Pid, Return} ->
            demonitor(Ref, [flush]),
            {Return, Ref};
        {nack, Pid, Return} ->
            forget_exit(Pid),
            receive
                {'DOWN', Ref, process, Pid, Reason} when Keeps ->
                    self() ! {'DOWN', Ref, process, Pid, Reason};
                {'DOWN', Ref, process, Pid, _} -> ok
            end,
            {Return, Ref};
        {'DOWN', Ref, process, Pid, Reason} ->
            forget_exit(Pid),
            _ = [self() ! {'DOWN', Ref, process, Pid, Reason} || Keeps],
            {{error, Reason}, Ref}
    after Timeout ->
            forget_exit(Pid),
            exit(Pid, kill),
            receive {'DOWN', Ref, process, Pid, Reason} ->
                    _ = [self() ! {'DOWN', Ref, process, Pid, Reason} || Keeps]
            end,
            {{error, timeout}, Ref}
    end.

no_monitor(Options, Args) ->
    Has = fun(monitor) -> true; ({monitor, _}) -> true; (_) -> false end,
    case is_list(Options) andalso lists:any(Has, Options) of
        true -> error(badarg, Args);
        false -> ok
    end.

%% The exit of what failed belongs to the answer. (Whoever does not trap exits has ended by it: through
%% a link it comes before the 'DOWN' message.)
forget_exit(Pid) ->
    unlink(Pid),
    receive {'EXIT', Pid, _} -> ok after 0 -> ok end.

%% Tells who waits in start/3 that the process has started.
-spec init_ack(pid(), term()) -> ok.
init_ack(Parent, Return) ->
    Parent ! {ack, self(), Return},
    ok.

-spec init_ack(term()) -> ok.
init_ack(Return) ->
    [Parent | _] = get('$ancestors'),
    init_ack(pid_of(Parent), Return).

pid_of(Pid) when is_pid(Pid) -> Pid;
pid_of(Name) -> whereis(Name).

%% The start failed: the starter gets Return once this process has ended as Exception says.
-spec init_fail(pid(), term(), {atom(), term()} | {atom(), term(), list()}) -> no_return().
init_fail(Parent, Return, Exception) ->
    Parent ! {nack, self(), Return},
    case Exception of
        {error, Reason} -> erlang:error(Reason);
        {exit, Reason} -> erlang:exit(Reason);
        {throw, Reason} -> erlang:throw(Reason);
        {Class, Reason, Stack} -> erlang:raise(Class, Reason, Stack)
    end.

-spec init_fail(term(), {atom(), term()} | {atom(), term(), list()}) -> no_return().
init_fail(Return, Exception) ->
    [Parent | _] = get('$ancestors'),
    init_fail(pid_of(Parent), Return, Exception).

%% ---- what it was started as ----

%% Module, function and arguments that a process was started with.
-spec initial_call(pid() | {integer(), integer(), integer()} | list()) ->
          {module(), atom(), [atom()]} | false.
initial_call(Process) ->
    case call_of(Process) of
        false -> false;
        {M, F, A} -> {M, F, arguments(A)}
    end.

%% What stands for arguments that nobody has kept.
arguments(Arity) when is_integer(Arity) ->
    [list_to_atom("Argument__" ++ integer_to_list(N)) || N <- lists:seq(1, Arity)];
arguments(Arguments) -> Arguments.

%% Module, function and arity that a process was started with.
-spec translate_initial_call(pid() | {integer(), integer(), integer()} | list()) ->
          {module(), atom(), arity()}.
translate_initial_call(Process) ->
    case call_of(Process) of
        false -> {?MODULE, init_p, 5};
        Call -> Call
    end.

call_of({A, B, C}) -> call_of(c:pid(A, B, C));
call_of(Info) when is_list(Info) ->
    {dictionary, Dictionary} = lists:keyfind(dictionary, 1, Info),
    initial_of(Dictionary);
call_of(Pid) when is_pid(Pid) ->
    case process_info(Pid, dictionary) of
        {dictionary, Dictionary} -> initial_of(Dictionary);
        undefined -> false
    end.

initial_of(Dictionary) ->
    case lists:keyfind('$initial_call', 1, Dictionary) of
        {_, {M, F, A}} -> {M, F, A};
        false -> false
    end.

%% A name for people to read.
-spec set_label(term()) -> ok.
set_label(Label) ->
    put('$process_label', Label),
    ok.

%% The label that a process was given.
-spec get_label(pid()) -> term().
get_label(Pid) when Pid =:= self() -> get('$process_label');
get_label(Pid) ->
    case process_info(Pid, dictionary) of
        {dictionary, Dictionary} -> proplists:get_value('$process_label', Dictionary);
        undefined -> undefined
    end.

%% ---- stopping ----

%% Ends a process orderly and waits for its end.
-spec stop(pid() | atom() | {atom(), node()}) -> ok.
stop(Process) -> stop(Process, normal, infinity).

-spec stop(pid() | atom() | {atom(), node()}, term(), timeout()) -> ok.
stop(Process, Reason, Timeout) ->
    Ref = monitor(process, Process, [{alias, demonitor}]),
    Tag = [alias | Ref],
    _ = try Process ! {system, {self(), Tag}, {terminate, Reason}}
        catch error:badarg -> ok
        end,
    Until = case Timeout of
                infinity -> infinity;
                _ -> erlang:monotonic_time(millisecond) + Timeout
            end,
    case ended(Ref, Tag, Timeout) of
        {reply, _} ->
            case ended(Ref, Tag, left(Until)) of
                {down, Reason} -> ok;
                {down, Why} -> exit(Why);
                timeout -> stop_late(Ref, Tag)
            end;
        {down, noproc} -> exit(noproc);
        {down, Why} -> exit({Why, {sys, terminate, [Process, Reason, Timeout]}});
        timeout -> stop_late(Ref, Tag)
    end.

ended(Ref, Tag, Timeout) ->
    receive
        {Tag, Reply} -> {reply, Reply};
        {'DOWN', Ref, process, _, Why} -> {down, Why}
    after Timeout -> timeout
    end.

left(infinity) -> infinity;
left(Until) -> max(0, Until - erlang:monotonic_time(millisecond)).

-spec stop_late(reference(), term()) -> no_return().
stop_late(Ref, Tag) ->
    demonitor(Ref, [flush]),
    receive {Tag, _} -> ok after 0 -> ok end,
    exit(timeout).

%% ---- crash reports ----

crash_report(exit, normal, _) -> ok;
crash_report(exit, shutdown, _) -> ok;
crash_report(exit, {shutdown, _}, _) -> ok;
crash_report(Class, Reason, Stack) ->
    Report = [own_info(Class, Reason, Stack), neighbours()],
    logger:log(error, #{label => {?MODULE, crash}, report => Report},
               #{domain => [otp, sasl],
                 report_cb => fun ?MODULE:report_cb/2,
                 logger_formatter => #{title => "CRASH REPORT"},
                 error_logger => #{tag => error_report, type => crash_report}}).

own_info(Class, Reason, Stack) ->
    Dictionary = [{K, V} || {K, V} <- get(), K =/= '$ancestors', K =/= '$initial_call',
                            K =/= '$process_label'],
    Self = self(),
    Info = fun(Item) -> {_, Value} = process_info(Self, Item), Value end,
    Name = case process_info(Self, registered_name) of
               {registered_name, Registered} -> Registered;
               [] -> []
           end,
    Label = [{process_label, L} || L <- [get('$process_label')], L =/= undefined],
    Call = [{initial_call, Initial} || Initial <- [initial_call(Self)], Initial =/= false],
    Call ++ [{pid, Self}, {registered_name, Name}] ++ Label ++
        [{error_info, {Class, Reason, Stack}},
         {ancestors, ancestors()},
         {message_queue_len, Info(message_queue_len)},
         {messages, Info(messages)},
         {links, Info(links)},
         {dictionary, Dictionary},
         {trap_exit, Info(trap_exit)},
         {status, Info(status)},
         {heap_size, Info(heap_size)},
         {stack_size, Info(stack_size)},
         {reductions, Info(reductions)}].

%% Linked processes that would end with this one.
neighbours() ->
    {links, Links} = process_info(self(), links),
    neighbours([Pid || Pid <- Links, is_pid(Pid)], [self() | [P || P <- ancestors(), is_pid(P)]],
               [], 20).

neighbours(_, _, Found, 0) -> lists:reverse(Found);
neighbours([], _, Found, _) -> lists:reverse(Found);
neighbours([Pid | Pids], Seen, Found, Left) ->
    case lists:member(Pid, Seen) of
        true -> neighbours(Pids, Seen, Found, Left);
        false ->
            Items = [trap_exit, registered_name, initial_call, current_function,
                     message_queue_len, links, status, heap_size, stack_size, reductions,
                     current_stacktrace, dictionary],
            case process_info(Pid, Items) of
                [{trap_exit, false} | Rest] ->
                    Info = maps:from_list(Rest),
                    #{dictionary := Dictionary, links := Links} = Info,
                    More = [P || P <- Links, is_pid(P)],
                    neighbours(Pids ++ More, [Pid | Seen],
                               [{neighbour, neighbour(Pid, Info, Dictionary)} | Found], Left - 1);
                _ -> neighbours(Pids, [Pid | Seen], Found, Left)
            end
    end.

neighbour(Pid, Info, Dictionary) ->
    Initial = case initial_of(Dictionary) of
                  false -> maps:get(initial_call, Info);
                  {M, F, A} -> {M, F, arguments(A)}
              end,
    Ancestors = proplists:get_value('$ancestors', Dictionary, []),
    Get = fun(Key) -> {Key, maps:get(Key, Info)} end,
    [{pid, Pid}, Get(registered_name), {initial_call, Initial}, Get(current_function),
     {ancestors, Ancestors}, Get(message_queue_len), Get(links), {trap_exit, false}, Get(status),
     Get(heap_size), Get(stack_size), Get(reductions), Get(current_stacktrace)].

-spec report_cb(map(), map()) -> unicode:chardata().
report_cb(#{label := {?MODULE, crash}, report := Report}, Extra) ->
    Options = shared_limit(Report, options(Extra)),
    case muster_log_text:is_single(Extra) of
        true -> single_line(Report, Options);
        false -> text(Report, Options)
    end.

%% What is known of a process takes its part of the limit each.
shared_limit(_, #{chars_limit := unlimited} = Options) -> Options;
shared_limit([Own, Linked], #{chars_limit := Limit} = Options) ->
    Items = length(Own) + lists:sum([length(Info) || {neighbour, Info} <- Linked]),
    Options#{chars_limit := max(1, Limit div max(1, Items))}.

options(Extra) ->
    maps:merge(#{depth => unlimited, chars_limit => unlimited, encoding => unicode}, Extra).

%% The text of a crash report.
-spec format([list()]) -> string().
format(Report) -> format(Report, latin1).

-spec format([list()], latin1 | unicode | utf8) -> string().
format(Report, Encoding) -> format(Report, Encoding, unlimited).

%% In latin1 other characters are escaped.
-spec format([list()], latin1 | unicode | utf8, unlimited | pos_integer()) -> string().
format(Report, Encoding, Depth) ->
    Options = options(#{depth => Depth, encoding => Encoding}),
    Text = unicode:characters_to_list(text(Report, Options)),
    case Encoding of
        latin1 -> lists:flatmap(fun escaped/1, Text);
        _ -> Text
    end.

escaped(Char) when Char > 255 -> lists:append(["\\x{", integer_to_list(Char, 16), "}"]);
escaped(Char) -> [Char].

single_line([Own, Linked], Options) ->
    P = fun(Term) -> term("~0p", [Term], Options) end,
    Neighbours = case Options of
                     #{chars_limit := unlimited} ->
                         [["neighbour: ", items(Info, P)] || {neighbour, Info} <- Linked];
                     _ ->
                         Pids = [proplists:get_value(pid, Info) || {neighbour, Info} <- Linked],
                         [P(Pids)]
                 end,
    ["crasher: ", items(Own, P), "; neighbours: ", lists:join(", ", Neighbours)].

items(Items, P) -> lists:join(", ", [item(Item, P) || Item <- Items]).

item({initial_call, {M, F, As}}, _) ->
    Arity = case As of
                _ when is_list(As) -> length(As);
                _ -> As
            end,
    io_lib:format("initial call: ~tw:~tw/~w", [M, F, Arity]);
item({error_info, {Class, Reason, Stack}}, P) -> [atom_to_list(Class), ": ", P({Reason, Stack})];
item({Key, Value}, P) -> [atom_to_list(Key), ": ", P(Value)].

text([Own, Linked], Options) ->
    Crasher = ["  crasher:\n", own(Own, Options), "  neighbours:\n"],
    [Crasher, linked(Linked, Options)].

own(Items, Options) when is_list(Items) -> [own_line(Item, Options) || Item <- Items];
own(Other, Options) -> ["    ", term("~p", [Other], Options), $\n].

linked(Linked, Options) when is_list(Linked) ->
    lists:join($\n, [neighbour_text(Neighbour, Options) || Neighbour <- Linked]);
linked(Other, Options) -> ["    \n", term("~p", [Other], Options)].

neighbour_text({neighbour, Info}, Options) ->
    ["    neighbour:", [[$\n, line(6, Item, Options)] || Item <- Info]];
neighbour_text(Other, Options) -> ["    ", term("~p", [Other], Options)].

own_line({initial_call, {M, F, As}}, Options) when is_list(As) ->
    ["    initial call: ", term("~w:~w/~w", [M, F, length(As)], Options#{depth := unlimited, chars_limit := unlimited}), $\n];
own_line({initial_call, Other}, Options) -> [line(4, {'initial call', Other}, Options), $\n];
own_line({error_info, {Class, Reason, Stack}}, #{depth := Depth, encoding := Encoding} = Options) ->
    Print = fun(Term, Column) ->
                    term("~." ++ integer_to_list(Column) ++ "p", [Term], Options)
            end,
    Given = #{column => 5, depth => case Depth of unlimited -> -1; _ -> Depth end,
              drop => fun(M, _, _) -> M =:= ?MODULE end},
    Shown = case Options of
                #{chars_limit := unlimited} when Encoding =/= latin1 -> Given;
                _ -> Given#{print => Print}
            end,
    ["    ", muster_error:format_exception(Class, Reason, Stack, Shown), $\n];
own_line(Item, Options) -> [line(4, Item, Options), $\n].

line(Indent, {initial_call, {M, F, As}}, Options) when is_list(As) ->
    line(Indent, {initial_call, {M, F, length(As)}}, Options);
line(Indent, {initial_call, {M, F, A}}, Options) when is_atom(M), is_integer(A) ->
    [lists:duplicate(Indent, $\s), "initial call: ", term("~w:~w/~w", [M, F, A], Options#{depth := unlimited, chars_limit := unlimited})];
line(Indent, {Key, Value}, Options) ->
    %% Lines go on in the 18th column, whatever the key.
    [lists:duplicate(Indent, $\s), atom_to_list(Key), ": ", term("~80.18p", [Value], Options)].

%% A format of directives that know modifier t, for terms of the depth and encoding asked for.
term(Format, Args, #{depth := Depth, chars_limit := Limit, encoding := Encoding}) ->
    Given = case Limit of unlimited -> []; _ -> [{chars_limit, Limit}] end,
    Scanned = [directive(Part, Depth, Encoding) || Part <- io_lib:scan_format(Format, Args)],
    io_lib:build_text(Scanned, Given).

directive(#{control_char := $p, args := Args} = Part, Depth, Encoding) when is_integer(Depth) ->
    Part#{control_char := $P, args := Args ++ [Depth], encoding := directive_encoding(Encoding)};
directive(#{encoding := _} = Part, _, Encoding) -> Part#{encoding := directive_encoding(Encoding)};
directive(Part, _, _) -> Part.

directive_encoding(latin1) -> latin1;
directive_encoding(_) -> unicode.
