%% Tracing: what erlang:trace/3, trace_pattern/3 and trace_info/2 are given is read here; the machine
%% does the rest (runtime/trace.h). What is wrong is thrown: badarg, or {badarg, Cause}.
-module(muster_trace).
-export([trace/3, pattern/3, info/2, delivered/1]).
-export([set_flags/4, flags/1, set_new/3, new_flags/0, flag/1, flag_names/0, set_pattern/6,
         set_message_pattern/2, message_pattern/1, point/3]).

-define(NATIVE, erlang:nif_error(undef)).

%% ---- what the machine does ----

-spec set_flags(pid(), boolean(), non_neg_integer(), pid()) -> boolean() | busy.
set_flags(_, _, _, _) -> ?NATIVE.

-spec flags(pid()) -> {non_neg_integer(), pid() | []} | undefined.
flags(_) -> ?NATIVE.

-spec set_new(boolean(), non_neg_integer(), pid()) -> true.
set_new(_, _, _) -> ?NATIVE.

-spec new_flags() -> {non_neg_integer(), pid() | []}.
new_flags() -> ?NATIVE.

-spec flag(term()) -> non_neg_integer().
flag(_) -> ?NATIVE.

-spec flag_names() -> [atom()].
flag_names() -> ?NATIVE.

-spec set_pattern(module() | '_', atom(), arity() | '_', boolean() | list(), atom(), pid()) ->
    non_neg_integer().
set_pattern(_, _, _, _, _, _) -> ?NATIVE.

-spec set_message_pattern(send | 'receive', boolean() | list()) -> true.
set_message_pattern(_, _) -> ?NATIVE.

-spec message_pattern(send | 'receive') -> boolean() | list().
message_pattern(_) -> ?NATIVE.

-spec point(module(), atom(), arity()) -> tuple() | undefined.
point(_, _, _) -> ?NATIVE.

%% ---- which processes ----

-spec trace(term(), boolean(), list()) -> non_neg_integer().
trace(Which, How, List) when is_boolean(How) ->
    {Flags, Tracer} = read_flags(List, 0, self()),
    is_pid(Tracer) andalso is_process_alive(Tracer) orelse throw(badarg),
    case Which of
        Pid when is_pid(Pid) ->
            case set_flags(Pid, How, Flags, Tracer) of
                true -> 1;
                _ -> throw(badarg)
            end;
        Port when is_port(Port) ->
            case erlang:port_info(Port, id) of
                undefined -> throw(badarg);
                _ -> 1
            end;
        _ -> trace_all(Which, How, Flags, Tracer)
    end;
trace(_, _, _) -> throw(badarg).

trace_all(all, How, Flags, Tracer) ->
    set_new(How, Flags, Tracer),
    existing(How, Flags, Tracer) + length(erlang:ports());
trace_all(processes, How, Flags, Tracer) ->
    set_new(How, Flags, Tracer),
    existing(How, Flags, Tracer);
trace_all(existing, How, Flags, Tracer) -> existing(How, Flags, Tracer) + length(erlang:ports());
trace_all(existing_processes, How, Flags, Tracer) -> existing(How, Flags, Tracer);
trace_all(New, How, Flags, Tracer) when New =:= new; New =:= new_processes ->
    set_new(How, Flags, Tracer),
    0;
trace_all(Ports, _, _, _) when Ports =:= ports; Ports =:= existing_ports -> length(erlang:ports());
trace_all(new_ports, _, _, _) -> 0;
trace_all(_, _, _, _) -> throw(badarg).

%% Not the tracer; and who is traced by another stays so.
existing(How, Flags, Tracer) ->
    length([Pid || Pid <- processes(), Pid =/= Tracer, set_flags(Pid, How, Flags, Tracer) =:= true]).

read_flags([all | List], Flags, Tracer) -> read_flags(List, Flags bor all_flags(), Tracer);
read_flags([{tracer, Pid} | List], Flags, _) when is_pid(Pid) -> read_flags(List, Flags, Pid);
read_flags([Name | List], Flags, Tracer) ->
    case flag(Name) of
        0 -> throw({badarg, badopt});
        Flag -> read_flags(List, Flags bor Flag, Tracer)
    end;
read_flags([], Flags, Tracer) -> {Flags, Tracer};
read_flags(_, _, _) -> throw({badarg, badopt}).

all_flags() -> 1 bsl length(flag_names()) - 1.

%% ---- which calls ----

-spec pattern(term(), term(), list()) -> non_neg_integer().
pattern(Message, Specification, []) when Message =:= send; Message =:= 'receive' ->
    is_specification(Specification) orelse throw({badarg, match_spec}),
    try set_message_pattern(Message, Specification) of
        true -> 1
    catch
        error:badarg -> throw({badarg, match_spec})
    end;
pattern(on_load, Specification, List) ->
    {[Kind | _], Tracer} = kinds(List),
    is_specification(Specification) orelse throw({badarg, match_spec}),
    0 = one(Kind, {on_load, on_load, 0}, Specification, Tracer);
pattern(Function, Specification, List) when is_tuple(Function) ->
    {Kinds, Tracer} = kinds(List),
    {M, F, A} = function_pattern(Function),
    allowed(Specification, Kinds) orelse throw({badarg, match_spec}),
    lists:max([one(Kind, {M, F, A}, Specification, Tracer)
               || Kind <- Kinds, is_measure(Kind) orelse not is_change(Specification)]);
pattern(_, _, _) -> throw({badarg, none}).

function_pattern({M, F, A} = Function)
  when is_atom(M), is_atom(F), is_integer(A) orelse A =:= '_',
       M =/= '_' orelse F =:= '_', F =/= '_' orelse A =:= '_' -> Function;
function_pattern(_) -> throw({badarg, none}).

one(Kind, {M, F, A}, Specification, Tracer) ->
    try set_pattern(M, F, A, Specification, Kind, Tracer)
    catch
        error:badarg -> throw({badarg, match_spec})
    end.

is_specification(Specification) -> is_boolean(Specification) orelse is_list(Specification).

allowed(Specification, Kinds) ->
    is_specification(Specification) orelse is_change(Specification) andalso lists:any(fun is_measure/1, Kinds).

is_change(Specification) -> Specification =:= restart orelse Specification =:= pause.

is_measure(Kind) -> lists:member(Kind, [call_count, call_time, call_memory]).

%% {Kinds, MetaTracer}
kinds([]) -> {[global], self()};
kinds([global]) -> {[global], self()};
kinds(List) -> kinds(List, [], self()).

kinds([Kind | List], Kinds, Tracer)
  when Kind =:= local; Kind =:= meta; Kind =:= call_count; Kind =:= call_time; Kind =:= call_memory ->
    kinds(List, [Kind | Kinds -- [Kind]], Tracer);
kinds([{meta, Pid} | List], Kinds, _) when is_pid(Pid) -> kinds([meta | List], Kinds, Pid);
kinds([], Kinds, Tracer) -> {Kinds, Tracer};
kinds(_, _, _) -> throw({badarg, badopt}).

%% ---- asking ----

-spec info(term(), term()) -> {atom(), term()} | undefined.
info(Pid, Item) when is_pid(Pid) ->
    Pid =:= self() orelse node(Pid) =:= node() orelse throw(badarg),
    case flags(Pid) of
        undefined when Item =:= flags; Item =:= tracer -> undefined;
        undefined -> throw(badarg);
        Flags -> process(Flags, Item)
    end;
info(Port, Item) when is_port(Port), (Item =:= flags orelse Item =:= tracer) ->
    case erlang:port_info(Port, id) of
        undefined -> undefined;
        _ -> {Item, []}
    end;
info(New, Item) when New =:= new; New =:= new_processes -> process(new_flags(), Item);
info(new_ports, Item) -> process({0, []}, Item);
info(Message, match_spec) when Message =:= send; Message =:= 'receive' ->
    {match_spec, message_pattern(Message)};
info(on_load, Item) ->
    case point(on_load, on_load, 0) of
        {false, _, _, _, _, _, _} -> {Item, false};
        Point -> call(Item, Point)
    end;
info({M, F, A}, Item) when is_atom(M), is_atom(F), is_integer(A), is_atom(Item) ->
    case point(M, F, A) of
        undefined -> {Item, undefined};
        {false, _, false, _, false, false, false} -> {Item, false};
        Point -> call(Item, Point)
    end;
info(_, _) -> throw(badarg).

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
                  _ = [flags(Pid) || Pid <- Pids],
                  To ! {trace_delivered, Which, Ref}
              end),
    Ref.
