-module(slow).
-on_load(init/0).
-export([f/1]).

init() ->
    on_load_counter ! started,
    receive after 50 -> ok end,
    %% Its own functions are not there yet.
    {'EXIT', {undef, _}} = (catch slow:f(1)),
    ok.

f(X) -> {slow, X}.
