%% Sequential tracing: following what one message leads to. See proc/seq_token.h for how tokens travel.
-module(seq_trace).

-export([get_system_tracer/0, get_token/0, get_token/1, print/1, print/2, reset_trace/0,
         set_system_tracer/1, set_token/1, set_token/2]).

-export_type([token/0]).

-type token() :: {Flags :: integer(), Label :: term(), Serial :: non_neg_integer(), From :: pid(),
                  Previous :: non_neg_integer()}.
-type component() :: label | serial | flag().
-type flag() :: send | 'receive' | print | timestamp | monotonic_timestamp | strict_monotonic_timestamp.
-type value() :: (Label :: term()) | {Previous :: non_neg_integer(), Current :: non_neg_integer()} | boolean().

%% The bits of a token's flags.
-define(FLAGS, [{send, 1}, {'receive', 2}, {print, 4}, {timestamp, 8}, {strict_monotonic_timestamp, 16},
                {monotonic_timestamp, 32}]).

-spec set_token([] | token()) -> [] | token() | ok.
set_token([]) -> erlang:seq_trace(sequential_trace_token, []);
set_token({Flags, Label, Serial, _From, Previous}) when is_integer(Flags) ->
    _ = erlang:seq_trace(label, Label),
    _ = erlang:seq_trace(serial, {Previous, Serial}),
    _ = [erlang:seq_trace(Flag, Flags band Bit =/= 0) || {Flag, Bit} <- ?FLAGS],
    ok.

-spec set_token(component(), value()) -> value().
set_token(Component, Value) ->
    try erlang:seq_trace(Component, Value)
    catch error:Reason -> erlang:error(Reason, [Component, Value])
    end.

-spec get_token() -> [] | token().
get_token() -> erlang:seq_trace_info(sequential_trace_token).

-spec get_token(component()) -> [] | {component(), value()}.
get_token(Component) ->
    try erlang:seq_trace_info(Component)
    catch error:Reason -> erlang:error(Reason, [Component])
    end.

-spec print(term()) -> ok.
print(What) ->
    _ = erlang:seq_trace_print(What),
    ok.

-spec print(Label :: term(), term()) -> ok.
print(Label, What) ->
    _ = erlang:seq_trace_print(Label, What),
    ok.

-spec reset_trace() -> true.
reset_trace() -> muster_seq_trace:reset().

-spec set_system_tracer(pid() | false) -> pid() | false.
set_system_tracer(Tracer) when is_pid(Tracer); Tracer =:= false ->
    try muster_seq_trace:tracer(Tracer)
    catch error:Reason -> erlang:error(Reason, [Tracer])
    end;
set_system_tracer(Tracer) -> erlang:error(badarg, [Tracer]).

-spec get_system_tracer() -> pid() | false.
get_system_tracer() -> muster_seq_trace:tracer(get).
