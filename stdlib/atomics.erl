%% Arrays of integers that processes share. All functions are native.
-module(atomics).

-export([new/2, put/3, get/2, add/3, add_get/3, sub/3, sub_get/3, exchange/3, compare_exchange/4,
         info/1]).

-export_type([atomics_ref/0]).

-opaque atomics_ref() :: reference().

%% An array of atomics.
-spec new(pos_integer(), [{signed, boolean()}]) -> atomics_ref().
new(_, _) -> erlang:nif_error(undef).

%% Sets an atomic.
-spec put(atomics_ref(), integer(), integer()) -> ok.
put(_, _, _) -> erlang:nif_error(undef).

%% The value of an atomic.
-spec get(atomics_ref(), integer()) -> integer().
get(_, _) -> erlang:nif_error(undef).

%% Adds to an atomic.
-spec add(atomics_ref(), integer(), integer()) -> ok.
add(_, _, _) -> erlang:nif_error(undef).

%% Adds to an atomic: the new value.
-spec add_get(atomics_ref(), integer(), integer()) -> integer().
add_get(_, _, _) -> erlang:nif_error(undef).

%% Subtracts from an atomic.
-spec sub(atomics_ref(), integer(), integer()) -> ok.
sub(_, _, _) -> erlang:nif_error(undef).

%% Subtracts from an atomic: the new value.
-spec sub_get(atomics_ref(), integer(), integer()) -> integer().
sub_get(_, _, _) -> erlang:nif_error(undef).

%% Sets an atomic: the old value.
-spec exchange(atomics_ref(), integer(), integer()) -> integer().
exchange(_, _, _) -> erlang:nif_error(undef).

%% Sets an atomic if it has the expected value: ok, or the value it has.
-spec compare_exchange(atomics_ref(), integer(), integer(), integer()) -> ok | integer().
compare_exchange(_, _, _, _) -> erlang:nif_error(undef).

%% Size, limits and memory of an array.
-spec info(atomics_ref()) -> map().
info(_) -> erlang:nif_error(undef).
