%% Tracing in sessions. Each has one tracer, a process, to which it sends what happens in the processes and
%% functions that it traces; what others trace, in sessions of their own or by erlang:trace/3, is none of its
%% business. A session ends by session_destroy/1, when its handle is collected, or with its tracer.
-module(trace).
-export([session_create/3, session_destroy/1, session_info/1, process/4, port/4, function/4, send/3, recv/3,
         info/3, delivered/1, delivered/2]).
-export_type([session/0]).

-opaque session() :: muster_trace:session().

-type trace_flag() ::
    all | send | 'receive' | procs | ports | call | arity | return_to | silent | running | exiting | running_procs |
    running_ports | garbage_collection | timestamp | cpu_timestamp | monotonic_timestamp |
    strict_monotonic_timestamp | set_on_spawn | set_on_first_spawn | set_on_link | set_on_first_link | scheduler_id.
-type match_spec() :: list() | boolean().
-type subject() ::
    pid() | port() | new | new_processes | new_ports | {module(), atom(), arity()} | on_load | send | 'receive'.

%% The handle keeps the session: it goes when no process has it any more.
-spec session_create(atom(), pid(), []) -> session().
session_create(Name, Tracer, []) when is_atom(Name), is_pid(Tracer), node(Tracer) =:= node() ->
    case is_process_alive(Tracer) of
        true -> muster_trace:session_create(Name, Tracer);
        false -> error(badarg, [Name, Tracer, []])
    end;
session_create(Name, Tracer, Options) -> error(badarg, [Name, Tracer, Options]).

%% False: it had ended.
-spec session_destroy(session()) -> boolean().
session_destroy(Session) ->
    try muster_trace:session_destroy(Session)
    catch error:badarg -> error(badarg, [Session])
    end.

%% Handles that do not keep them, of all sessions or of those that trace something; undefined: there is no such
%% thing.
-spec session_info(all | subject()) -> [session()] | undefined.
session_info(all) -> muster_trace:sessions();
session_info(What) ->
    try [{Session, traces(What, Session)} || Session <- muster_trace:sessions()] of
        Traces ->
            case exists(What) of
                true -> [Session || {Session, true} <- Traces];
                false -> undefined
            end
    catch
        throw:_ -> error(badarg, [What])
    end.

traces(Message, Session) when Message =:= send; Message =:= 'receive' ->
    answer(Session, Message, match_spec) =/= true;
traces(Function, Session) when is_tuple(Function); Function =:= on_load ->
    case answer(Session, Function, all) of
        [_ | _] = Pairs -> lists:any(fun({_, Value}) -> Value =/= false end, Pairs);
        Other -> Other =/= false andalso Other =/= undefined
    end;
traces(Item, Session) ->
    Flags = answer(Session, Item, flags),
    Flags =/= [] andalso Flags =/= undefined.

exists(What) when is_pid(What); is_port(What) -> muster_trace:info(default, What, flags) =/= undefined;
exists(Function) when is_tuple(Function) -> muster_trace:info(default, Function, all) =/= {all, undefined};
exists(_) -> true.

%% What a session that ended meanwhile traces: nothing.
answer(Session, What, Item) ->
    try muster_trace:info(Session, What, Item) of
        {Item, Answer} -> Answer;
        undefined -> undefined
    catch
        error:badarg -> undefined
    end.

%% Of processes: how many.
-spec process(session(), pid() | all | existing | new, boolean(), [trace_flag()]) -> non_neg_integer().
process(Session, Which, How, Flags) ->
    Processes = case Which of
                    all -> processes;
                    existing -> existing_processes;
                    new -> new_processes;
                    _ when is_pid(Which) -> Which;
                    _ -> none
                end,
    try muster_trace:trace(Session, Processes, How, Flags)
    catch _:Why -> error(reason(Why), [Session, Which, How, Flags])
    end.

-spec port(session(), port() | all | existing | new, boolean(), [trace_flag()]) -> non_neg_integer().
port(Session, Which, How, Flags) ->
    Ports = case Which of
                all -> ports;
                existing -> existing_ports;
                new -> new_ports;
                _ when is_port(Which) -> Which;
                _ -> none
            end,
    try muster_trace:trace(Session, Ports, How, Flags)
    catch _:Why -> error(reason(Why), [Session, Which, How, Flags])
    end.

%% Of calls; of measuring them, with call_count, call_time or call_memory. Says how many functions there are.
-spec function(session(), {module(), atom(), arity() | '_'} | on_load, match_spec() | restart | pause,
               [global | local | meta | call_count | call_time | call_memory]) -> non_neg_integer().
function(Session, Function, Specification, Flags) when Function =/= send, Function =/= 'receive', is_list(Flags) ->
    try
        lists:keymember(meta, 1, Flags) andalso throw(badarg),
        muster_trace:pattern(Session, Function, Specification, Flags)
    catch
        _:Why -> error(reason(Why), [Session, Function, Specification, Flags])
    end;
function(Session, Function, Specification, Flags) -> error(badarg, [Session, Function, Specification, Flags]).

%% Which messages are told of, that are sent or that come.
-spec send(session(), match_spec(), []) -> non_neg_integer().
send(Session, Specification, Flags) ->
    try muster_trace:pattern(Session, send, Specification, Flags)
    catch _:Why -> error(reason(Why), [Session, Specification, Flags])
    end.

-spec recv(session(), match_spec(), []) -> non_neg_integer().
recv(Session, Specification, Flags) ->
    try muster_trace:pattern(Session, 'receive', Specification, Flags)
    catch _:Why -> error(reason(Why), [Session, Specification, Flags])
    end.

-spec info(session(), subject(), atom()) -> {atom(), term()} | undefined.
info(Session, What, Item) ->
    try muster_trace:info(Session, What, Item)
    catch _:Why -> error(reason(Why), [Session, What, Item])
    end.

%% {trace_delivered, Tracee, Ref} comes when all that was told of it until now has come.
-spec delivered(pid() | all) -> reference().
delivered(Tracee) ->
    try muster_trace:delivered(Tracee)
    catch _:Why -> error(reason(Why), [Tracee])
    end.

-spec delivered(session(), pid() | all) -> reference().
delivered(Session, Tracee) ->
    try
        _ = muster_trace:session_tracer(Session),
        muster_trace:delivered(Tracee)
    catch
        _:Why -> error(reason(Why), [Session, Tracee])
    end.

reason(system_limit) -> system_limit;
reason(_) -> badarg.
