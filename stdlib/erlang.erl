%% Those functions of module erlang that are better written in Erlang. The rest are built-ins
%% (runtime/bif_*.def), which come first where a function is both.
-module(erlang).
-compile({no_auto_import, [disconnect_node/1, get_cookie/0, get_cookie/1, monitor_node/2,
                           pre_loaded/0, set_cookie/1, set_cookie/2]}).
-export([convert_time_unit/3, pre_loaded/0,
         get_cookie/0, get_cookie/1, set_cookie/1, set_cookie/2,
         disconnect_node/1, monitor_node/2, monitor_node/3,
         load_nif/2,
         system_profile/0, system_profile/2, trace/3, trace_pattern/2, trace_pattern/3,
         trace_info/2, trace_delivered/1, match_spec_test/3]).

%% ---- time ----

-type time_unit() :: pos_integer() | second | millisecond | microsecond | nanosecond | native
                     | perf_counter | seconds | milli_seconds | micro_seconds | nano_seconds.
-export_type([time_unit/0]).

-spec convert_time_unit(integer(), time_unit(), time_unit()) -> integer().
convert_time_unit(Time, From, To) ->
    try
        FromUnit = unit(From),
        case unit(To) of
            FromUnit when is_integer(Time) -> Time;
            ToUnit -> floor_div(Time * ToUnit, FromUnit)
        end
    catch
        error:_ -> error(badarg, [Time, From, To], [{error_info, #{module => erl_erts_errors}}])
    end.

floor_div(A, B) when A >= 0 -> A div B;
floor_div(A, B) -> (A - B + 1) div B.

%% Parts of a second.
unit(second) -> 1;
unit(millisecond) -> 1000;
unit(microsecond) -> 1000000;
unit(nanosecond) -> 1000000000;
unit(native) -> 1000000000;
unit(perf_counter) -> 1000000000;
unit(seconds) -> 1;
unit(milli_seconds) -> 1000;
unit(micro_seconds) -> 1000000;
unit(nano_seconds) -> 1000000000;
unit(Parts) when is_integer(Parts), Parts > 0 -> Parts.

%% ---- code ----

%% Modules that are there from the start.
-spec pre_loaded() -> [module()].
pre_loaded() -> [erlang].

-spec load_nif(string(), term()) -> {error, {atom(), string()}}.
load_nif(Path, Info) ->
    case io_lib:char_list(Path) of
        true -> {error, {load_failed, "Failed to load NIF library: '" ++ Path ++
                             "': native libraries are not supported"}};
        false -> error(badarg, [Path, Info])
    end.

%% ---- other nodes: this one is alone ----

-spec get_cookie() -> nocookie.
get_cookie() -> nocookie.

-spec get_cookie(node()) -> nocookie.
get_cookie(Node) when is_atom(Node) -> nocookie;
get_cookie(Node) -> error(badarg, [Node]).

-spec set_cookie(atom()) -> no_return().
set_cookie(Cookie) -> error(badarg, [Cookie]).

-spec set_cookie(node(), atom()) -> no_return().
set_cookie(Node, Cookie) -> error(badarg, [Node, Cookie]).

-spec disconnect_node(node()) -> ignored.
disconnect_node(_) -> ignored.

-spec monitor_node(node(), boolean()) -> true.
monitor_node(Node, Flag) when Node =:= node(), is_boolean(Flag) -> true;
monitor_node(Node, Flag) when is_atom(Node), is_boolean(Flag) -> error(notalive, [Node, Flag]);
monitor_node(Node, Flag) -> error(badarg, [Node, Flag]).

-spec monitor_node(node(), boolean(), [allow_passive_connect]) -> true.
monitor_node(Node, Flag, Options) when is_list(Options) -> monitor_node(Node, Flag);
monitor_node(Node, Flag, Options) -> error(badarg, [Node, Flag, Options]).

%% ---- tracing and profiling ----

-spec system_profile() -> undefined.
system_profile() -> undefined.

-spec system_profile(pid() | port() | undefined, list()) -> undefined.
system_profile(_, _) -> undefined.

-spec trace(pid() | port() | atom(), boolean(), list()) -> non_neg_integer().
trace(Which, How, Flags) ->
    try muster_trace:trace(default, Which, How, Flags)
    catch throw:Why -> error(badarg, [Which, How, Flags], trace_cause(Why))
    end.

-spec trace_pattern(term(), term()) -> non_neg_integer().
trace_pattern(Which, Specification) ->
    try muster_trace:pattern(default, Which, Specification, [])
    catch throw:Why -> error(badarg, [Which, Specification], trace_cause(Why))
    end.

-spec trace_pattern(term(), term(), list()) -> non_neg_integer().
trace_pattern(Which, Specification, Flags) ->
    try muster_trace:pattern(default, Which, Specification, Flags)
    catch throw:Why -> error(badarg, [Which, Specification, Flags], trace_cause(Why))
    end.

-spec trace_info(term(), atom()) -> {atom(), term()} | undefined.
trace_info(Which, Item) ->
    try muster_trace:info(default, Which, Item)
    catch throw:Why -> error(badarg, [Which, Item], trace_cause(Why))
    end.

-spec trace_delivered(pid() | all) -> reference().
trace_delivered(Which) ->
    try muster_trace:delivered(Which)
    catch throw:Why -> error(badarg, [Which], trace_cause(Why))
    end.

trace_cause({badarg, Cause}) -> [{error_info, #{module => erl_erts_errors, cause => Cause}}];
trace_cause(badarg) -> [{error_info, #{module => erl_erts_errors}}].

-spec match_spec_test(term(), list(), table | trace) ->
    {ok, term(), [return_trace | exception_trace], []} | {error, [{error, string()}]}.
match_spec_test(Object, Specification, Dialect)
  when Dialect =:= table; Dialect =:= trace, is_list(Object) ->
    muster_match_spec:test(Object, Specification, Dialect);
match_spec_test(Object, Specification, Dialect) ->
    error(badarg, [Object, Specification, Dialect], trace_cause(badarg)).
