%% Tracing for people: what erlang:trace/3 and trace_pattern/3 can do, with short names, and with a process
%% that prints what is told, or does with it what a fun says.
%%
%% A server, registered as dbg, keeps the tracer and the match specifications that got a number; it is
%% started by whatever needs it, and ends with stop/0. A session has a server of its own, and a session of
%% module trace as soon as it has a tracer; within session/2 its server is the one that is asked.
-module(dbg).
-export([tracer/0, tracer/2, tracer/3, get_tracer/0, get_tracer/1, stop/0, stop_clear/0,
         p/1, p/2, c/3, c/4, i/0, n/1, cn/1, ln/0,
         tp/2, tp/3, tp/4, tpl/2, tpl/3, tpl/4, tpe/2, ctp/0, ctp/1, ctp/2, ctp/3, ctpl/0, ctpl/1, ctpl/2, ctpl/3,
         ctpg/0, ctpg/1, ctpg/2, ctpg/3, ctpe/1, ltp/0, dtp/0, dtp/1, wtp/1, rtp/1,
         trace_port/2, trace_client/2, trace_client/3, stop_trace_client/1, trace_port_control/1, trace_port_control/2,
         session_create/1, session/2, session_destroy/1, flush_trace_port/0, flush_trace_port/1, fun2ms/1, dhandler/2, h/0, h/1]).

-type pattern() :: integer() | atom() | list().
-type match_desc() :: [{matched, node(), integer()} | {matched, node(), 0, term()} | {saved, integer() | atom()}].
-type handler() :: {fun((term(), term()) -> term()), term()}.
-opaque session() :: {atom(), pid()}.
-export_type([session/0]).
-type result() :: {ok, match_desc()} | {error, term()}.

-define(SESSION, '$dbg_session'). % key in the process dictionary
-define(CALLER, {message, {caller}}).
-define(BUILT_IN, [{c, [{'_', [], [?CALLER]}]}, {cx, [{'_', [], [{exception_trace}, ?CALLER]}]},
                   {x, [{'_', [], [{exception_trace}]}]}]).
-define(ALIASES, [{caller_exception_trace, cx}, {caller_trace, c}, {exception_trace, x}]).

%% ---- the tracer ----

-spec tracer() -> {ok, pid()} | {error, already_started}.
tracer() -> tracer(process, {fun dhandler/2, user}).

%% A fun for port makes the tracer, as trace_port/2 gives one.
-spec tracer(process, handler()) -> {ok, pid()} | {error, term()};
            (port, fun(() -> pid())) -> {ok, pid()} | {error, term()}.
tracer(process, {Handler, _} = How) when is_function(Handler, 2) -> ask({tracer, fun() -> spawn(fun() -> handles(How) end) end});
tracer(port, Make) when is_function(Make, 0) -> ask({tracer, Make}).

-spec tracer(node(), process | port, term()) -> {ok, node()} | {error, term()}.
tracer(Node, Type, Data) when Node =:= node() ->
    case tracer(Type, Data) of
        {ok, _} -> {ok, Node};
        {error, _} = Error -> Error
    end;
tracer(Node, _, _) when is_atom(Node) -> {error, {nodedown, Node}}.

-spec get_tracer() -> {ok, pid()} | {error, term()}.
get_tracer() -> get_tracer(node()).

-spec get_tracer(node()) -> {ok, pid()} | {error, term()}.
get_tracer(Node) when Node =:= node() -> ask(get_tracer);
get_tracer(Node) -> {error, {no_tracer_on_node, Node}}.

%% Ends tracing, of whatever began it; in a session, what the session traces.
-spec stop() -> ok.
stop() ->
    case current() of
        undefined -> clear(default);
        _ -> ask(stop)
    end.

-spec stop_clear() -> ok.
stop_clear() -> stop().

clear(default) ->
    _ = erlang:trace(all, false, [all]),
    _ = erlang:trace_pattern({'_', '_', '_'}, false, [local, meta, call_count, call_time, call_memory]),
    _ = erlang:trace_pattern({'_', '_', '_'}, false, []),
    _ = [erlang:trace_pattern(Event, true, []) || Event <- [send, 'receive']],
    ok;
clear(Session) ->
    _ = trace:session_destroy(Session),
    ok.

handles({Handler, Data}) ->
    receive
        {dbg, finish} -> Data;
        Event when element(1, Event) =:= trace; element(1, Event) =:= trace_ts; element(1, Event) =:= seq_trace;
                   element(1, Event) =:= drop ->
            handles({Handler, Handler(Event, Data)});
        Other ->
            io:format(user, "** tracer received garbage: ~tp~n", [Other]),
            handles({Handler, Data})
    end.

%% It handles what was told until now, and ends. Nobody waits for it: it may be waiting for who called stop/0.
finish(Tracer) ->
    Ref = erlang:trace_delivered(all),
    receive {trace_delivered, all, Ref} -> ok end,
    Tracer ! {dbg, finish}.

%% ---- the server ----

ask(Question) ->
    Server = server(),
    Monitor = monitor(process, Server),
    Server ! {ask, self(), Monitor, Question},
    receive
        {Monitor, Answer} -> demonitor(Monitor, [flush]), Answer;
        {'DOWN', Monitor, _, _, Why} -> exit(Why)
    end.

%% That of the session in which the process is, or the usual one.
current() ->
    case get(?SESSION) of
        undefined -> whereis(dbg);
        {_, Server} -> Server
    end.

server() ->
    case current() of
        undefined ->
            Starter = self(),
            {Pid, Monitor} = spawn_monitor(fun() ->
                                                   true = register(dbg, self()),
                                                   Starter ! {started, self()},
                                                   serve(default, undefined, [])
                                           end),
            receive
                {started, Pid} -> demonitor(Monitor, [flush]), Pid;
                {'DOWN', Monitor, _, _, _} -> server() % somebody else was faster
            end;
        Pid -> Pid
    end.

%% Name: of the session, {session, atom()}. Tracer: {Pid, Session of module trace, or default}.
%% Saved: [{Number, Specification}], the newest first.
serve(Name, Tracer, Saved) ->
    receive
        {ask, From, Ref, Stop} when Stop =:= stop; Stop =:= destroy ->
            _ = Name =:= default andalso clear(default),
            _ = [begin _ = Session =:= default orelse clear(Session), finish(Pid) end || {Pid, Session} <- [Tracer]],
            _ = Name =:= default andalso unregister(dbg),
            From ! {Ref, ok},
            Name =/= default andalso Stop =:= stop andalso serve(Name, undefined, Saved);
        {ask, From, Ref, Question} ->
            {Answer, NewTracer, NewSaved} = answer(Question, Name, Tracer, Saved),
            From ! {Ref, Answer},
            serve(Name, NewTracer, NewSaved);
        {'DOWN', _, _, Pid, _} when Tracer =/= undefined, Pid =:= element(1, Tracer) -> serve(Name, undefined, Saved);
        _ -> serve(Name, Tracer, Saved)
    end.

%% ---- sessions ----

%% Several may have the same name.
-spec session_create(atom()) -> session().
session_create(Name) when is_atom(Name) -> {Name, spawn(fun() -> serve({session, Name}, undefined, []) end)}.

%% What the fun calls of this module concerns the session only.
-spec session(session(), fun(() -> Result)) -> Result.
session({Name, Server} = Session, Fun) when is_atom(Name), is_pid(Server), is_function(Fun, 0) ->
    Before = put(?SESSION, Session),
    try Fun()
    after
        case Before of
            undefined -> erase(?SESSION);
            _ -> put(?SESSION, Before)
        end
    end.

%% Ends what it traces, and its tracer.
-spec session_destroy(session()) -> ok.
session_destroy({Name, Server} = Session) when is_atom(Name), is_pid(Server) ->
    try session(Session, fun() -> ask(destroy) end)
    catch exit:noproc -> ok
    end.

%% ---- what the server does ----

answer({tracer, Make}, Name, undefined, Saved) ->
    Tracer = Make(),
    _ = monitor(process, Tracer),
    Session = case Name of
                  default -> default;
                  {session, Atom} -> trace:session_create(Atom, Tracer, [])
              end,
    {{ok, Tracer}, {Tracer, Session}, Saved};
answer({tracer, _}, _, Tracer, Saved) -> {{error, already_started}, Tracer, Saved};
answer(Question, _, Tracer, Saved) -> answer(Question, Tracer, Saved).

answer(get_tracer, undefined, Saved) -> {{error, {no_tracer_on_node, node()}}, undefined, Saved};
answer(get_tracer, {Pid, _} = Tracer, Saved) -> {{ok, Pid}, Tracer, Saved};
answer(session, undefined, Saved) -> {none, undefined, Saved};
answer(session, {_, Session} = Tracer, Saved) -> {{ok, Session}, Tracer, Saved};
answer({p, Item, _, _}, undefined, Saved) ->
    {{error, if is_atom(Item) -> no_tracers; true -> {no_tracer_on_node, node()} end}, undefined, Saved};
answer({p, Item, How, Flags}, Tracer, Saved) -> {set_flags(Item, How, Flags, Tracer), Tracer, Saved};
answer({pattern, Function, Pattern, Flags}, Tracer, Saved) ->
    case specification(Pattern, Saved) of
        {ok, Specification, Found, NewSaved} ->
            {{ok, set_pattern(Function, Specification, Flags, Tracer) ++ Found}, Tracer, NewSaved};
        Error -> {Error, Tracer, Saved}
    end;
answer({clear, Function, Kinds}, Tracer, Saved) ->
    [Matched | _] = lists:reverse([set_pattern(Function, false, Flags, Tracer) || Flags <- Kinds]),
    {{ok, Matched}, Tracer, Saved};
answer({clear_event, Event}, Tracer, Saved) ->
    {{ok, set_pattern(Event, true, [], case Tracer of undefined -> {none, default}; _ -> Tracer end)}, Tracer, Saved};
answer(saved, Tracer, Saved) -> {Saved, Tracer, Saved};
answer({save, Specifications}, Tracer, Saved) ->
    {ok, Tracer, lists:foldl(fun(S, Now) -> {_, New} = save(S, Now), New end, Saved, Specifications)};
answer({forget, all}, Tracer, _) -> {ok, Tracer, []};
answer({forget, Number}, Tracer, Saved) -> {ok, Tracer, lists:keydelete(Number, 1, Saved)}.

%% ---- which processes ----

-spec p(term()) -> result().
p(Item) -> p(Item, [m]).

-spec p(term(), atom() | [atom()]) -> result().
p(Item, Flag) when is_atom(Flag) -> p(Item, [Flag]);
p(Item, Flags) ->
    case {flags(Flags), item(Item)} of
        {{error, _} = Error, _} -> Error;
        {_, {error, _} = Error} -> Error;
        {{How, List}, Which} -> ask({p, Which, How, List})
    end.

flags([clear]) -> {false, [all]};
flags(Flags) ->
    Known = lists:append([flag(Flag) || Flag <- Flags]),
    case [Flag || {bad, Flag} <- Known] of
        [] -> {true, Known};
        Bad -> {error, {bad_flags, Bad}}
    end.

flag(s) -> [send];
flag(r) -> ['receive'];
flag(m) -> [send, 'receive'];
flag(c) -> [call];
flag(p) -> [procs];
flag(sos) -> [set_on_spawn];
flag(sol) -> [set_on_link];
flag(sofs) -> [set_on_first_spawn];
flag(sofl) -> [set_on_first_link];
flag(all) -> muster_trace:flag_names() -- [silent, running];
flag(Flag) ->
    case lists:member(Flag, muster_trace:flag_names()) of
        true -> [Flag];
        false -> [{bad, Flag}]
    end.

%% An atom, a pid or port, or what has no process.
item({A, B, C}) when is_integer(A), is_integer(B), is_integer(C) ->
    item(lists:flatten(io_lib:format("<~w.~w.~w>", [A, B, C])));
item(N) when is_integer(N), N >= 0 -> item({0, N, 0});
item([$< | _] = Text) ->
    try list_to_pid(Text) catch error:badarg -> {error, {badpid, Text}} end;
item(Item) when is_pid(Item); is_port(Item); is_atom(Item) -> Item;
item(Item) -> {error, {badpid, Item}}.

set_flags(Item, How, Flags, Tracer) ->
    Which = case is_special(Item) orelse not is_atom(Item) of
                true -> Item;
                false -> whereis(Item)
            end,
    try trace(Tracer, Which, How, Flags) of
        Count -> {ok, [{matched, node(), Count}]}
    catch
        _:_ -> {ok, [{matched, node(), 0, {no_proc, Item}}]}
    end.

trace({Pid, default}, Which, How, Flags) -> erlang:trace(Which, How, [{tracer, Pid} | Flags]);
trace({_, Session}, Which, How, Flags) -> muster_trace:trace(Session, Which, How, Flags).

is_special(Item) ->
    lists:member(Item, [all, processes, ports, new, new_processes, new_ports, existing, existing_processes, existing_ports]).

%% Calls the function in a new process that is traced.
-spec c(module(), atom(), [term()]) -> term().
c(M, F, A) -> c(M, F, A, all).

-spec c(module(), atom(), [term()], atom() | [atom()]) -> term().
c(M, F, A, Flag) when is_atom(Flag) -> c(M, F, A, [Flag]);
c(M, F, A, Flags) ->
    case flags(Flags) of
        {error, _} = Error -> Error;
        _ ->
            {Pid, Monitor} = spawn_monitor(fun() -> receive go -> exit({called, apply(M, F, A)}) end end),
            _ = p(Pid, Flags),
            Pid ! go,
            receive
                {'DOWN', Monitor, process, Pid, {called, Value}} -> Value;
                {'DOWN', Monitor, process, Pid, Why} -> {'EXIT', Why}
            end
    end.

%% What is traced.
-spec i() -> ok.
i() ->
    case ask(session) of
        none -> ok;
        {ok, Session} ->
            io:format("~nNode ~w:~n~-12s ~-21s ~s~n", [node(), "Pid", "Initial call", "Trace"]),
            lists:foreach(fun(Pid) -> show_flags(Session, Pid) end, processes())
    end.

show_flags(Session, Pid) ->
    case muster_trace:info(Session, Pid, flags) of
        {flags, [_ | _] = Flags} ->
            {initial_call, Call} = process_info(Pid, initial_call),
            io:format("~-12w ~-21w ~ts~n", [Pid, Call, lists:join(" | ", [short(Flag) || Flag <- Flags])]);
        _ -> ok
    end.

short(Flag) ->
    Short = [{send, s}, {'receive', r}, {call, c}, {procs, p}, {set_on_spawn, sos}, {set_on_link, sol},
             {set_on_first_spawn, sofs}, {set_on_first_link, sofl}],
    atom_to_list(proplists:get_value(Flag, Short, Flag)).

%% ---- nodes: there is but this one ----

-spec n(node()) -> {error, term()}.
n(Node) when Node =:= node() -> {error, cant_add_local_node};
n(Node) when is_atom(Node) -> {error, {nodedown, Node}}.

-spec cn(node()) -> ok.
cn(Node) when is_atom(Node) -> ok.

-spec ln() -> ok.
ln() -> io:format("~w~n", [node()]).

%% ---- which calls ----

-spec tp(module() | mfa() | tuple(), pattern()) -> result().
tp({_, _, _} = Function, Pattern) -> pattern(Function, Pattern, []);
tp(M, Pattern) when is_atom(M) -> tp({M, '_', '_'}, Pattern).

-spec tp(module(), atom(), pattern()) -> result().
tp(M, F, Pattern) -> tp({M, F, '_'}, Pattern).

-spec tp(module(), atom(), arity() | '_', pattern()) -> result().
tp(M, F, A, Pattern) -> tp({M, F, A}, Pattern).

-spec tpl(module() | mfa() | tuple(), pattern()) -> result().
tpl({_, _, _} = Function, Pattern) -> pattern(Function, Pattern, [local]);
tpl(M, Pattern) when is_atom(M) -> tpl({M, '_', '_'}, Pattern).

-spec tpl(module(), atom(), pattern()) -> result().
tpl(M, F, Pattern) -> tpl({M, F, '_'}, Pattern).

-spec tpl(module(), atom(), arity() | '_', pattern()) -> result().
tpl(M, F, A, Pattern) -> tpl({M, F, A}, Pattern).

-spec tpe(send | 'receive', pattern()) -> result().
tpe(Event, Pattern) when Event =:= send; Event =:= 'receive' -> pattern(Event, Pattern, []).

pattern(Function, Pattern, Flags) -> ask({pattern, Function, Pattern, Flags}).

-spec ctp() -> result().
ctp() -> ctp({'_', '_', '_'}).
-spec ctp(module() | tuple()) -> result().
ctp({_, _, _} = Function) -> ask({clear, Function, [[local], []]});
ctp(M) when is_atom(M) -> ctp({M, '_', '_'}).
-spec ctp(module(), atom()) -> result().
ctp(M, F) -> ctp({M, F, '_'}).
-spec ctp(module(), atom(), arity() | '_') -> result().
ctp(M, F, A) -> ctp({M, F, A}).

-spec ctpl() -> result().
ctpl() -> ctpl({'_', '_', '_'}).
-spec ctpl(module() | tuple()) -> result().
ctpl({_, _, _} = Function) -> ask({clear, Function, [[local]]});
ctpl(M) when is_atom(M) -> ctpl({M, '_', '_'}).
-spec ctpl(module(), atom()) -> result().
ctpl(M, F) -> ctpl({M, F, '_'}).
-spec ctpl(module(), atom(), arity() | '_') -> result().
ctpl(M, F, A) -> ctpl({M, F, A}).

-spec ctpg() -> result().
ctpg() -> ctpg({'_', '_', '_'}).
-spec ctpg(module() | tuple()) -> result().
ctpg({_, _, _} = Function) -> ask({clear, Function, [[]]});
ctpg(M) when is_atom(M) -> ctpg({M, '_', '_'}).
-spec ctpg(module(), atom()) -> result().
ctpg(M, F) -> ctpg({M, F, '_'}).
-spec ctpg(module(), atom(), arity() | '_') -> result().
ctpg(M, F, A) -> ctpg({M, F, A}).

%% Events are told as if no pattern was ever set.
-spec ctpe(send | 'receive') -> result().
ctpe(Event) when Event =:= send; Event =:= 'receive' ->
    ask({clear_event, Event}).

set_pattern(_, _, _, undefined) -> [];
set_pattern(Function, Specification, Flags, {_, Session}) ->
    _ = [code:ensure_loaded(M) || {M, _, _} <- [Function], M =/= '_'],
    try trace_pattern(Session, Function, Specification, Flags) of
        Count -> [{matched, node(), Count}]
    catch
        error:badarg:Stack -> [{matched, node(), 0, {badrpc, {'EXIT', {badarg, lists:sublist(Stack, 1)}}}}]
    end.

trace_pattern(default, Function, Specification, Flags) -> erlang:trace_pattern(Function, Specification, Flags);
trace_pattern(Session, send, Specification, Flags) -> trace:send(Session, Specification, Flags);
trace_pattern(Session, 'receive', Specification, Flags) -> trace:recv(Session, Specification, Flags);
trace_pattern(Session, Function, Specification, Flags) -> trace:function(Session, Function, Specification, Flags).

%% {ok, Specification, [{saved, Name}], Saved}
specification([], Saved) -> {ok, [], [], Saved};
specification(List, Saved) when is_list(List) ->
    case erlang:match_spec_test([], List, trace) of
        {ok, _, _, _} ->
            {Number, NewSaved} = save(List, Saved),
            {ok, List, [{saved, Number}], NewSaved};
        {error, Errors} -> {error, Errors}
    end;
specification(Id, Saved) ->
    Name = proplists:get_value(Id, ?ALIASES, Id),
    case lists:keyfind(Name, 1, ?BUILT_IN ++ Saved) of
        {_, Specification} -> {ok, Specification, [{saved, Name}], Saved};
        false -> {error, unknown_pattern}
    end.

%% One that was saved before keeps its number.
save(Specification, Saved) ->
    case lists:keyfind(Specification, 2, Saved) of
        {Number, _} -> {Number, Saved};
        false ->
            Number = lists:max([0 | [N || {N, _} <- Saved]]) + 1,
            {Number, [{Number, Specification} | Saved]}
    end.

-spec ltp() -> ok.
ltp() ->
    lists:foreach(fun({Id, Specification}) -> io:format("~p: ~tp~n", [Id, Specification]) end,
                  lists:sort(?BUILT_IN ++ ?ALIASES ++ ask(saved))).

-spec dtp() -> ok.
dtp() -> ask({forget, all}).

-spec dtp(integer()) -> ok.
dtp(Number) -> ask({forget, Number}).

%% Specifications in a file, one after the other.
-spec wtp(file:name_all()) -> ok | {error, term()}.
wtp(File) ->
    All = [Specification || {_, Specification} <- ?BUILT_IN ++ lists:reverse(ask(saved))],
    file:write_file(File, unicode:characters_to_binary(["%% coding: utf-8\n" | [io_lib:format("~tw.~n", [S]) || S <- All]])).

-spec rtp(file:name_all()) -> ok | {error, term()}.
rtp(File) ->
    case file:consult(File) of
        {ok, Specifications} -> ask({save, Specifications -- [S || {_, S} <- ?BUILT_IN]});
        {error, Why} -> {error, {read_error, Why}}
    end.

%% ---- events in a file: each is a byte 0, its size in 32 bits, and itself as an external term ----

-spec trace_port(file, file:name_all()) -> fun(() -> pid()).
trace_port(file, Name) when is_list(Name); is_binary(Name) ->
    fun() -> spawn(fun() -> writes(Name) end) end.

writes(Name) ->
    {ok, File} = file:open(Name, [write, raw, binary, delayed_write]),
    handles({fun(Event, To) ->
                     Bytes = term_to_binary(Event),
                     ok = file:write(To, [<<0, (byte_size(Bytes)):32>>, Bytes]),
                     To
             end, File}),
    file:close(File).

-spec trace_client(file, file:name_all()) -> pid().
trace_client(Type, Name) -> trace_client(Type, Name, {fun dhandler/2, user}).

%% Hands the events in the file, and then end_of_trace, to the handler.
-spec trace_client(file, file:name_all(), handler()) -> pid().
trace_client(file, Name, {Handler, Data}) when is_function(Handler, 2) ->
    {ok, Bytes} = file:read_file(Name),
    spawn(fun() -> Handler(end_of_trace, reads(Bytes, Handler, Data)) end).

reads(<<0, Size:32, Event:Size/binary, Rest/binary>>, Handler, Data) ->
    reads(Rest, Handler, Handler(binary_to_term(Event), Data));
reads(_, _, Data) -> Data.

-spec stop_trace_client(pid()) -> ok.
stop_trace_client(Pid) ->
    exit(Pid, kill),
    ok.

-spec trace_port_control(flush | get_listen_port) -> {error, no_trace_driver}.
trace_port_control(_) -> {error, no_trace_driver}.

-spec trace_port_control(node(), flush | get_listen_port) -> {error, no_trace_driver}.
trace_port_control(_, _) -> {error, no_trace_driver}.

-spec flush_trace_port() -> {error, no_trace_driver}.
flush_trace_port() -> {error, no_trace_driver}.

-spec flush_trace_port(node()) -> {error, no_trace_driver}.
flush_trace_port(_) -> {error, no_trace_driver}.

%% ---- printing ----

%% The usual handler. Data: the device, or {Device, Terms} with another function for printing terms.
-spec dhandler(term(), term()) -> term().
dhandler(end_of_trace, Out) -> Out;
dhandler(Event, Out) when is_tuple(Event), tuple_size(Event) > 2 ->
    [Type, Pid | Parts] = tuple_to_list(Event),
    case Type of
        trace -> print(Out, Pid, Parts, "");
        trace_ts ->
            {Rest, [Stamp]} = lists:split(length(Parts) - 1, Parts),
            print(Out, Pid, Rest, io_lib:format(" (Timestamp: ~p)", [Stamp]));
        seq_trace -> sequential(Out, Pid, Parts);
        _ -> ok
    end,
    Out;
dhandler({drop, N}, Out) ->
    io:format(Out, "*** Dropped ~p messages.~n", [N]),
    Out;
dhandler(_, Out) -> Out.

print(Out, Pid, Parts, Stamp) -> io:format(Out, "(~p) ~ts~ts~n", [Pid, event(Parts), Stamp]).

event(['receive', Message]) -> io_lib:format("<< ~tp", [Message]);
event([send, Message, To]) -> io_lib:format("~tp ! ~tp", [To, Message]);
event([call, Function]) -> io_lib:format("call ~ts", [function(Function)]);
event([call, Function, More]) -> io_lib:format("call ~ts (~tp)", [function(Function), More]);
event([return_from, Function, Value]) -> io_lib:format("returned from ~ts -> ~tp", [function(Function), Value]);
event([return_to, Function]) -> io_lib:format("returning to ~ts", [function(Function)]);
event([spawn, Pid, Function]) -> io_lib:format("spawn ~p as ~ts", [Pid, function(Function)]);
event([What | Parts]) -> [io_lib:format("~tp", [What]) | [io_lib:format(" ~tp", [Part]) || Part <- Parts]].

function({M, F, Args}) when is_list(Args) ->
    io_lib:format("~tp:~tp(~ts)", [M, F, lists:join(",", [io_lib:format("~tp", [Arg]) || Arg <- Args])]);
function({M, F, Arity}) -> io_lib:format("~tp:~tp/~tp", [M, F, Arity]);
function(Other) -> io_lib:format("~tp", [Other]).

sequential(Out, Label, [Event | Stamp]) ->
    io:format(Out, "SeqTrace ~ts[~tp]: ~ts~n", [[io_lib:format("~p ", [S]) || S <- Stamp], Label, step(Event)]).

step({send, Serial, From, To, Message}) -> io_lib:format("(~p) ~p ! ~tp [Serial: ~p]", [From, To, Message, Serial]);
step({'receive', Serial, From, To, Message}) ->
    io_lib:format("(~p) << ~tp [Serial: ~p, From: ~p]", [To, Message, Serial, From]);
step({print, Serial, From, _, Info}) -> io_lib:format("-> ~tp [Serial: ~p, From: ~p]", [Info, Serial, From]);
step(Other) -> io_lib:format("~tp", [Other]).

%% ---- the rest ----

%% What the parse transform of ms_transform.hrl has not replaced comes from the shell, or is a mistake.
-spec fun2ms(fun()) -> list().
fun2ms(Fun) when is_function(Fun) ->
    case erl_eval:fun_data(Fun) of
        {fun_data, Bindings, Clauses} ->
            case ms_transform:transform_from_shell(dbg, Clauses, Bindings) of
                {error, [{_, [{_, Module, Code} | _]} | _], _} ->
                    io:format("Error: ~ts~n", [Module:format_error(Code)]),
                    {error, transform_error};
                Specification -> Specification
            end;
        _ -> exit({badarg, {?MODULE, fun2ms, [function, called, with, real, 'fun', should, be, transformed, with,
                                              parse_transform, 'or', called, with, a, 'fun', generated, in, the, shell]}})
    end.

-spec h() -> ok.
h() ->
    io:format("p, c: trace processes~ntp, tpl, tpe, ctp, ctpl, ctpg, ctpe, ltp, dtp, wtp, rtp: trace calls and messages~n"
              "tracer, get_tracer, trace_port, trace_client, stop: who is told~ni: what is traced~n"
              "dbg:h(Item) says more of one of them.~n").

-spec h(atom()) -> ok.
h(Item) ->
    case [[io_lib:format("~tw/~w", [F, A]) || {F, A} <- module_info(exports), F =:= Item]] of
        [[]] -> io:format("There is no dbg:~tw.~n", [Item]);
        [Names] ->
            io:format("~ts~n", [lists:join(" ", Names)]),
            ok
    end.
