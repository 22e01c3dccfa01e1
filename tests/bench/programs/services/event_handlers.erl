%% N events to a gen_event with ten handlers.
-module(event_handlers).
-behaviour(gen_event).
-export([run/1, default/0, init/1, handle_event/2, handle_call/2]).

default() -> 100000.

run(N) ->
    {ok, Manager} = gen_event:start_link(),
    [ok = gen_event:add_handler(Manager, {?MODULE, I}, I) || I <- lists:seq(1, 10)],
    events(N, Manager),
    Sums = [gen_event:call(Manager, {?MODULE, I}, sum, infinity) || I <- lists:seq(1, 10)],
    gen_event:stop(Manager),
    Sums.

events(0, _) -> ok;
events(N, Manager) ->
    gen_event:notify(Manager, N),
    events(N - 1, Manager).

init(I) -> {ok, I}.
handle_event(N, Sum) -> {ok, Sum + N}.
handle_call(sum, Sum) -> {ok, Sum, Sum}.
