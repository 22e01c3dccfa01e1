%% Arrays of counters that processes share. All functions are native.
-module(counters).

-export([new/2, get/2, add/3, sub/3, put/3, info/1]).

-export_type([counters_ref/0]).

-opaque counters_ref() :: reference().

-spec new(pos_integer(), [atomics | write_concurrency]) -> counters_ref().
new(_, _) -> erlang:nif_error(undef).

-spec get(counters_ref(), integer()) -> integer().
get(_, _) -> erlang:nif_error(undef).

-spec add(counters_ref(), integer(), integer()) -> ok.
add(_, _, _) -> erlang:nif_error(undef).

-spec sub(counters_ref(), integer(), integer()) -> ok.
sub(_, _, _) -> erlang:nif_error(undef).

-spec put(counters_ref(), integer(), integer()) -> ok.
put(_, _, _) -> erlang:nif_error(undef).

-spec info(counters_ref()) -> map().
info(_) -> erlang:nif_error(undef).
