%% A gen_statem of two states that each of N casts toggles.
-module(statem_events).
-behaviour(gen_statem).
-export([run/1, default/0, init/1, callback_mode/0, off/3, on/3]).

default() -> 500000.

run(N) ->
    {ok, Machine} = gen_statem:start_link(?MODULE, 0, []),
    casts(N, Machine),
    Count = gen_statem:call(Machine, count, infinity),
    gen_statem:stop(Machine),
    Count.

casts(0, _) -> ok;
casts(N, Machine) ->
    gen_statem:cast(Machine, toggle),
    casts(N - 1, Machine).

callback_mode() -> state_functions.
init(Count) -> {ok, off, Count}.
off(cast, toggle, Count) -> {next_state, on, Count + 1};
off({call, From}, count, Count) -> {keep_state_and_data, [{reply, From, Count}]}.
on(cast, toggle, Count) -> {next_state, off, Count + 1};
on({call, From}, count, Count) -> {keep_state_and_data, [{reply, From, Count}]}.
