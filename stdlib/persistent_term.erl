%% Terms that are read often and changed seldom. All functions are native.
-module(persistent_term).

-export([put/2, put_new/2, get/0, get/1, get/2, erase/1, info/0]).

%% Sets the value of a key.
-spec put(term(), term()) -> ok.
put(_, _) -> erlang:nif_error(undef).

%% As put/2, but badarg when the key has another value.
-spec put_new(term(), term()) -> ok.
put_new(_, _) -> erlang:nif_error(undef).

%% The value of a key, or the default; all of them.
-spec get() -> [{term(), term()}].
get() -> erlang:nif_error(undef).

-spec get(term()) -> term().
get(_) -> erlang:nif_error(undef).

-spec get(term(), term()) -> term().
get(_, _) -> erlang:nif_error(undef).

%% Removes a key: processes that use its value get copies.
-spec erase(term()) -> boolean().
erase(_) -> erlang:nif_error(undef).

%% How many keys there are, and how large they are together.
-spec info() -> map().
info() -> erlang:nif_error(undef).
