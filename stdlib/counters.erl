%% Arrays of counters that processes share. All functions are native.
-module(counters).

-export([new/2, get/2, add/3, sub/3, put/3, info/1]).

-export_type([counters_ref/0]).

-opaque counters_ref() :: reference().

%% An array of counters.
-spec new(pos_integer(), [atomics | write_concurrency]) -> counters_ref().
new(_, _) -> erlang:nif_error(undef).

%% The value of a counter.
-spec get(counters_ref(), integer()) -> integer().
get(_, _) -> erlang:nif_error(undef).

%% Adds to a counter.
-spec add(counters_ref(), integer(), integer()) -> ok.
add(_, _, _) -> erlang:nif_error(undef).

%% Subtracts from a counter.
-spec sub(counters_ref(), integer(), integer()) -> ok.
sub(_, _, _) -> erlang:nif_error(undef).

%% Sets a counter.
-spec put(counters_ref(), integer(), integer()) -> ok.
put(_, _, _) -> erlang:nif_error(undef).

%% Size and memory of an array of counters.
-spec info(counters_ref()) -> map().
info(_) -> erlang:nif_error(undef).
