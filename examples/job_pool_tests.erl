%% Tests of job_pool.erl.
-module(job_pool_tests).
-include_lib("eunit/include/eunit.hrl").

pool(Workers, Queue) ->
    {ok, Pool} = job_pool:start_link(#{workers => Workers, queue => Queue}),
    Pool.

%% A job that runs until it is told to end.
held() ->
    Self = self(),
    fun() -> Self ! {runs, self()}, receive {go_on, Result} -> Result end end.

results_test() ->
    Pool = pool(2, 10),
    Jobs = [element(2, job_pool:submit(Pool, fun() -> N * N end)) || N <- lists:seq(1, 10)],
    ?assertEqual([N * N || N <- lists:seq(1, 10)], [element(2, job_pool:wait(J)) || J <- Jobs]).

limits_test() ->
    Pool = pool(1, 1),
    {ok, First} = job_pool:submit(Pool, held()),
    {ok, Second} = job_pool:submit(Pool, fun() -> second end),
    ?assertEqual(busy, job_pool:submit(Pool, fun() -> third end)),
    ?assertEqual(#{running => 1, waiting => 1}, job_pool:info(Pool)),
    receive {runs, Worker} -> Worker ! {go_on, first} end,
    ?assertEqual({ok, first}, job_pool:wait(First)),
    ?assertEqual({ok, second}, job_pool:wait(Second)),
    ?assertEqual({ok, third}, job_pool:run(Pool, fun() -> third end)).

crashes_are_answers_test() ->
    Pool = pool(1, 10),
    {ok, Bad} = job_pool:submit(Pool, fun() -> exit(broken) end),
    {ok, Good} = job_pool:submit(Pool, fun() -> fine end),
    ?assertEqual({failed, broken}, job_pool:wait(Bad)),
    ?assertEqual({ok, fine}, job_pool:wait(Good)).

patience_test() ->
    Pool = pool(2, 1),
    Self = self(),
    [spawn_link(fun() -> Self ! {got, job_pool:run(Pool, fun() -> N end)} end) || N <- lists:seq(1, 30)],
    ?assertEqual([{ok, N} || N <- lists:seq(1, 30)],
                 lists:sort([receive {got, R} -> R end || _ <- lists:seq(1, 30)])).
