%% Terms that are read often and changed seldom. All functions are native.
-module(persistent_term).

-export([put/2, put_new/2, get/0, get/1, get/2, erase/1, info/0]).

-spec put(term(), term()) -> ok.
put(_, _) -> erlang:nif_error(undef).

%% As put/2, but badarg when the key has another value.
-spec put_new(term(), term()) -> ok.
put_new(_, _) -> erlang:nif_error(undef).

-spec get() -> [{term(), term()}].
get() -> erlang:nif_error(undef).

-spec get(term()) -> term().
get(_) -> erlang:nif_error(undef).

-spec get(term(), term()) -> term().
get(_, _) -> erlang:nif_error(undef).

-spec erase(term()) -> boolean().
erase(_) -> erlang:nif_error(undef).

-spec info() -> map().
info() -> erlang:nif_error(undef).
