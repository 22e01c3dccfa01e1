%% N processes join ten groups of pg, are asked for, and leave by ending.
-module(process_groups).
-export([run/1, default/0]).

default() -> 20000.

run(N) ->
    {ok, Scope} = pg:start_link(bench_scope),
    Pids = [spawn(fun() -> receive stop -> ok end end) || _ <- lists:seq(1, N)],
    join(Pids, 0),
    Sizes = [length(pg:get_members(bench_scope, {group, I})) || I <- lists:seq(0, 9)],
    [Pid ! stop || Pid <- Pids],
    gone(),
    unlink(Scope),
    gen_server:stop(Scope),
    Sizes.

join([], _) -> ok;
join([Pid | Pids], I) ->
    ok = pg:join(bench_scope, {group, I rem 10}, Pid),
    join(Pids, I + 1).

gone() ->
    case pg:which_groups(bench_scope) of
        [] -> ok;
        _ -> erlang:yield(), gone()
    end.
