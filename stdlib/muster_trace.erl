%% Tracing: what erlang:trace/3, trace_pattern/3 and trace_info/2, and the functions of module trace, are
%% given is read here; the machine does the rest (runtime/trace.h). What is wrong is thrown: badarg, or
%% {badarg, Cause}. A session is `default` or a handle that session_create/2 made.
-module(muster_trace).
-export([trace/4, pattern/4, info/3, delivered/1]).
-export([session_create/2, session_destroy/1, session_tracer/1, sessions/0]).
-export([set_flags/5, flags/2, set_new/4, new_flags/1, flag/1, flag_names/0, set_cpu_stamps/1, set_pattern/7,
         set_message_pattern/3, message_pattern/2, point/4]).
-export_type([session/0]).

-define(NATIVE, erlang:nif_error(undef)).

-type session() :: default | {reference(), {atom(), pos_integer()}} | {atom(), non_neg_integer()}.

%% ---- what the machine does ----

-spec session_create(atom(), pid()) -> session().
session_create(_, _) -> ?NATIVE.

%% False: it had ended.
-spec session_destroy(session()) -> boolean().
session_destroy(_) -> ?NATIVE.

%% False: each process has its own.
-spec session_tracer(session()) -> pid() | false.
session_tracer(_) -> ?NATIVE.

%% Weak handles of those there are.
-spec sessions() -> [session()].
sessions() -> ?NATIVE.

-spec set_flags(session(), pid(), boolean(), non_neg_integer(), pid()) -> boolean() | busy.
set_flags(_, _, _, _, _) -> ?NATIVE.

-spec flags(session(), pid()) -> {non_neg_integer(), pid() | []} | undefined.
flags(_, _) -> ?NATIVE.

-spec set_new(session(), boolean(), non_neg_integer(), pid()) -> true.
set_new(_, _, _, _) -> ?NATIVE.

-spec new_flags(session()) -> {non_neg_integer(), pid() | []}.
new_flags(_) -> ?NATIVE.

-spec flag(term()) -> non_neg_integer().
flag(_) -> ?NATIVE.

-spec flag_names() -> [atom()].
flag_names() -> ?NATIVE.

%% Whether stamps of the flag `timestamp` are of the processor's time, for everybody.
-spec set_cpu_stamps(boolean()) -> true.
set_cpu_stamps(_) -> ?NATIVE.

-spec set_pattern(session(), module() | '_', atom(), arity() | '_', boolean() | list(), atom(), pid()) ->
    non_neg_integer().
set_pattern(_, _, _, _, _, _, _) -> ?NATIVE.

-spec set_message_pattern(session(), send | 'receive', boolean() | list()) -> true.
set_message_pattern(_, _, _) -> ?NATIVE.

-spec message_pattern(session(), send | 'receive') -> boolean() | list().
message_pattern(_, _) -> ?NATIVE.

-spec point(session(), module(), atom(), arity()) -> tuple() | undefined.
point(_, _, _, _) -> ?NATIVE.

%% ---- which processes ----

-spec trace(session(), term(), boolean(), list()) -> non_neg_integer().
trace(Session, Which, How, List) when is_boolean(How) ->
    {Flags, Wanted, Cpu} = read_flags(List, 0, none, false),
    Tracer = tracer(Session, Wanted),
    is_pid(Tracer) andalso is_process_alive(Tracer) orelse throw(badarg),
    Cpu andalso Which =/= all andalso throw(badarg),
    case Which of
        Pid when is_pid(Pid) ->
            case set_flags(Session, Pid, How, Flags, Tracer) of
                true -> 1;
                _ -> throw(badarg)
            end;
        Port when is_port(Port) ->
            case erlang:port_info(Port, id) of
                undefined -> throw(badarg);
                _ -> 1
            end;
        _ ->
            Cpu andalso set_cpu_stamps(How),
            trace_all(Session, Which, How, Flags, Tracer)
    end;
trace(_, _, _, _) -> throw(badarg).

trace_all(Session, all, How, Flags, Tracer) ->
    set_new(Session, How, Flags, Tracer),
    existing(Session, How, Flags, Tracer) + length(erlang:ports());
trace_all(Session, processes, How, Flags, Tracer) ->
    set_new(Session, How, Flags, Tracer),
    existing(Session, How, Flags, Tracer);
trace_all(Session, existing, How, Flags, Tracer) ->
    existing(Session, How, Flags, Tracer) + length(erlang:ports());
trace_all(Session, existing_processes, How, Flags, Tracer) -> existing(Session, How, Flags, Tracer);
trace_all(Session, New, How, Flags, Tracer) when New =:= new; New =:= new_processes ->
    set_new(Session, How, Flags, Tracer),
    0;
trace_all(_, Ports, _, _, _) when Ports =:= ports; Ports =:= existing_ports -> length(erlang:ports());
trace_all(_, new_ports, _, _, _) -> 0;
trace_all(_, _, _, _, _) -> throw(badarg).

%% A session has one, which nobody can choose; in the default one it is who asks, if not said otherwise.
tracer(Session, Wanted) ->
    case {session_tracer(Session), Wanted} of
        {false, none} -> self();
        {false, _} -> Wanted;
        {Tracer, none} -> Tracer;
        _ -> throw({badarg, badopt})
    end.

%% Not the tracer; and who is traced by another stays so.
existing(Session, How, Flags, Tracer) ->
    length([Pid || Pid <- processes(), Pid =/= Tracer, set_flags(Session, Pid, How, Flags, Tracer) =:= true]).

%% {Flags, Tracer, Whether stamps are to be of the processor's time}
read_flags([all | List], Flags, Tracer, Cpu) -> read_flags(List, Flags bor all_flags(), Tracer, Cpu);
read_flags([cpu_timestamp | List], Flags, Tracer, _) -> read_flags(List, Flags, Tracer, true);
read_flags([{tracer, Pid} | List], Flags, _, Cpu) when is_pid(Pid) -> read_flags(List, Flags, Pid, Cpu);
read_flags([Name | List], Flags, Tracer, Cpu) ->
    case flag(Name) of
        0 -> throw({badarg, badopt});
        Flag -> read_flags(List, Flags bor Flag, Tracer, Cpu)
    end;
read_flags([], Flags, Tracer, Cpu) -> {Flags, Tracer, Cpu};
read_flags(_, _, _, _) -> throw({badarg, badopt}).

all_flags() -> 1 bsl length(flag_names()) - 1.

%% ---- which calls ----

-spec pattern(session(), term(), term(), list()) -> non_neg_integer().
pattern(Session, Message, Specification, []) when Message =:= send; Message =:= 'receive' ->
    is_specification(Specification) orelse throw({badarg, match_spec}),
    try set_message_pattern(Session, Message, Specification) of
        true -> 1
    catch
        error:badarg -> throw({badarg, match_spec})
    end;
pattern(Session, on_load, Specification, List) ->
    {[Kind | _], Wanted} = kinds(List),
    Tracer = tracer(Session, Wanted),
    is_specification(Specification) orelse throw({badarg, match_spec}),
    0 = one(Session, Kind, {on_load, on_load, 0}, Specification, Tracer);
pattern(Session, Function, Specification, List) when is_tuple(Function) ->
    {Kinds, Wanted} = kinds(List),
    Tracer = tracer(Session, Wanted),
    {M, F, A} = function_pattern(Function),
    allowed(Specification, Kinds) orelse throw({badarg, match_spec}),
    lists:max([one(Session, Kind, {M, F, A}, Specification, Tracer)
               || Kind <- Kinds, is_measure(Kind) orelse not is_change(Specification)]);
pattern(_, _, _, _) -> throw({badarg, none}).

function_pattern({M, F, A} = Function)
  when is_atom(M), is_atom(F), is_integer(A) orelse A =:= '_',
       M =/= '_' orelse F =:= '_', F =/= '_' orelse A =:= '_' -> Function;
function_pattern(_) -> throw({badarg, none}).

one(Session, Kind, {M, F, A}, Specification, Tracer) ->
    try set_pattern(Session, M, F, A, Specification, Kind, Tracer)
    catch
        error:badarg -> throw({badarg, match_spec})
    end.

is_specification(Specification) -> is_boolean(Specification) orelse is_list(Specification).

allowed(Specification, Kinds) ->
    is_specification(Specification) orelse is_change(Specification) andalso lists:any(fun is_measure/1, Kinds).

is_change(Specification) -> Specification =:= restart orelse Specification =:= pause.

is_measure(Kind) -> lists:member(Kind, [call_count, call_time, call_memory]).

%% {Kinds, MetaTracer}; `none`: who traces anyway
kinds([]) -> {[global], none};
kinds([global]) -> {[global], none};
kinds(List) -> kinds(List, [], none).

kinds([Kind | List], Kinds, Tracer)
  when Kind =:= local; Kind =:= meta; Kind =:= call_count; Kind =:= call_time; Kind =:= call_memory ->
    kinds(List, [Kind | Kinds -- [Kind]], Tracer);
kinds([{meta, Pid} | List], Kinds, _) when is_pid(Pid) -> kinds([meta | List], Kinds, Pid);
kinds([], Kinds, Tracer) -> {Kinds, Tracer};
kinds(_, _, _) -> throw({badarg, badopt}).

%% ---- asking ----

-spec info(session(), term(), term()) -> {atom(), term()} | undefined.
info(Session, Pid, Item) when is_pid(Pid) ->
    Pid =:= self() orelse node(Pid) =:= node() orelse throw(badarg),
    case flags(Session, Pid) of
        undefined when Item =:= flags; Item =:= tracer -> undefined;
        undefined -> throw(badarg);
        Flags -> process(Flags, Item)
    end;
info(_, Port, Item) when is_port(Port), (Item =:= flags orelse Item =:= tracer) ->
    case erlang:port_info(Port, id) of
        undefined -> undefined;
        _ -> {Item, []}
    end;
info(Session, New, Item) when New =:= new; New =:= new_processes -> process(new_flags(Session), Item);
info(_, new_ports, Item) -> process({0, []}, Item);
info(Session, Message, match_spec) when Message =:= send; Message =:= 'receive' ->
    {match_spec, message_pattern(Session, Message)};
info(Session, on_load, Item) ->
    case point(Session, on_load, on_load, 0) of
        {false, _, _, _, _, _, _} -> {Item, false};
        Point -> call(Item, Point)
    end;
info(Session, {M, F, A}, Item) when is_atom(M), is_atom(F), is_integer(A), is_atom(Item) ->
    case point(Session, M, F, A) of
        undefined -> {Item, undefined};
        {false, _, false, _, false, false, false} -> {Item, false};
        Point -> call(Item, Point)
    end;
info(_, _, _) -> throw(badarg).

process({Flags, _}, flags) ->
    Names = lists:zip(lists:seq(0, length(flag_names()) - 1), flag_names()),
    {flags, [Name || {N, Name} <- Names, Flags band (1 bsl N) =/= 0]};
process({_, Tracer}, tracer) -> {tracer, Tracer};
process(_, _) -> throw(badarg).

call(traced, {Traced, _, _, _, _, _, _}) -> {traced, Traced};
call(match_spec, {_, Specification, _, _, _, _, _}) -> {match_spec, Specification};
call(meta, {_, _, Tracer, _, _, _, _}) -> {meta, if Tracer =:= false -> []; true -> Tracer end};
call(meta_match_spec, {_, _, _, Specification, _, _, _}) -> {meta_match_spec, Specification};
call(call_count, {_, _, _, _, Count, _, _}) -> {call_count, Count};
call(call_time, {_, _, _, _, _, Time, _}) -> {call_time, Time};
call(call_memory, {_, _, _, _, _, _, Memory}) -> {call_memory, Memory};
call(all, {Traced, Specification, Tracer, MetaSpecification, Count, Time, Memory}) ->
    {all, [{traced, Traced}, {match_spec, Specification}, {meta, Tracer},
           {meta_match_spec, MetaSpecification}, {call_memory, Memory}, {call_time, Time}, {call_count, Count}]};
call(_, _) -> throw(badarg).

%% ---- everything told so far has arrived ----

%% Who is traced tells its tracer itself, so an answer of its comes later.
-spec delivered(pid() | all) -> reference().
delivered(Which) ->
    Pids = case Which of
               all -> processes() -- [self()];
               _ when Which =:= self() -> [];
               _ when is_pid(Which) -> [Which];
               _ -> throw(badarg)
           end,
    Ref = make_ref(),
    To = self(),
    _ = spawn(fun() ->
                  _ = [flags(default, Pid) || Pid <- Pids],
                  To ! {trace_delivered, Which, Ref}
              end),
    Ref.
