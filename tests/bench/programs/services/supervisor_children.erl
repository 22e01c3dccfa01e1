%% A supervisor starts N children on demand, and ends them all.
-module(supervisor_children).
-behaviour(supervisor).
-export([run/1, default/0, init/1, start_child/0]).

default() -> 30000.

run(N) ->
    {ok, Supervisor} = supervisor:start_link(?MODULE, []),
    Pids = [begin {ok, Pid} = supervisor:start_child(Supervisor, []), Pid end || _ <- lists:seq(1, N)],
    {Half, _} = lists:split(N div 2, Pids),
    [ok = supervisor:terminate_child(Supervisor, Pid) || Pid <- Half],
    Counts = supervisor:count_children(Supervisor),
    unlink(Supervisor),
    Ref = monitor(process, Supervisor),
    exit(Supervisor, shutdown),
    receive {'DOWN', Ref, _, _, _} -> ok end,
    proplists:get_value(active, Counts).

init([]) ->
    {ok, {#{strategy => simple_one_for_one},
          [#{id => child, start => {?MODULE, start_child, []}, restart => temporary, shutdown => 1000}]}}.

start_child() -> {ok, spawn_link(fun() -> receive stop -> ok end end)}.
