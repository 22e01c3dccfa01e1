%% A supervisor of ten children, one of which at a time is killed, N times: one_for_one.
-module(supervisor_storm).
-behaviour(supervisor).
-export([run/1, default/0, init/1, start_child/1, child/1]).

default() -> 30000.

run(N) ->
    {ok, Level} = {ok, maps:get(level, logger:get_primary_config())},
    ok = logger:set_primary_config(level, none),
    Me = self(),
    {ok, Supervisor} = supervisor:start_link(?MODULE, Me),
    Children = [receive {started, Id, Pid} -> {Id, Pid} end || Id <- lists:seq(1, 10)],
    storm(N, maps:from_list(Children)),
    unlink(Supervisor),
    Ref = monitor(process, Supervisor),
    exit(Supervisor, shutdown),
    receive {'DOWN', Ref, _, _, _} -> ok end,
    ok = logger:set_primary_config(level, Level),
    N.

storm(0, _) -> ok;
storm(N, Children) ->
    Id = N rem 10 + 1,
    exit(maps:get(Id, Children), kill),
    receive {started, Id, Pid} -> storm(N - 1, Children#{Id => Pid}) end.

init(Parent) ->
    {ok, {#{intensity => 1000000, period => 1},
          [#{id => Id, start => {?MODULE, start_child, [{Parent, Id}]}} || Id <- lists:seq(1, 10)]}}.

start_child(Args) -> proc_lib:start_link(?MODULE, child, [Args]).

child({Parent, Id}) ->
    Parent ! {started, Id, self()},
    proc_lib:init_ack({ok, self()}),
    receive stop -> ok end.
