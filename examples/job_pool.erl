%% A pool of workers with back-pressure.
%%
%% Work may come faster than it can be done. A queue that only grows hides that until memory is gone; so this
%% pool has a limit on what waits, and says `busy` beyond it: who submits then slows down, tries later or
%% gives up, and the trouble shows where it comes from. Workers are processes of one job each: one that
%% crashes is an answer, {failed, Reason}, and takes nothing with it.
%%
%%     muster run examples/job_pool.erl
%%     muster test examples/job_pool_tests.erl
-module(job_pool).
-behaviour(gen_server).
-export([main/0, start_link/1, submit/2, wait/1, run/2, info/1]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).

main() ->
    {ok, Pool} = start_link(#{workers => 2, queue => 4}),
    Slow = fun(N) -> fun() -> timer:sleep(30), N * N end end,
    Submitted = [{N, submit(Pool, Slow(N))} || N <- lists:seq(1, 10)],
    [case Answer of
         {ok, Job} -> io:format("~p: ~p~n", [N, wait(Job)]);
         busy -> io:format("~p: busy, come back later~n", [N])
     end || {N, Answer} <- Submitted].

%% ---- what others call ----

%% workers: jobs at once; queue: how many may wait besides.
start_link(Options) -> gen_server:start_link(?MODULE, Options, []).

%% {ok, Job}, or busy.
submit(Pool, Fun) when is_function(Fun, 0) -> gen_server:call(Pool, {submit, Fun, self()}).

%% The end of a job that this process has submitted: {ok, Result} or {failed, Reason}.
wait(Job) -> receive {?MODULE, Job, Outcome} -> Outcome end.

%% Both, with patience: waits a little longer each time the pool is busy.
run(Pool, Fun) -> run(Pool, Fun, 1).
run(Pool, Fun, Ms) ->
    case submit(Pool, Fun) of
        {ok, Job} -> wait(Job);
        busy ->
            timer:sleep(Ms),
            run(Pool, Fun, min(2 * Ms, 100))
    end.

info(Pool) -> gen_server:call(Pool, info).

%% ---- the pool ----
%% running: {Job, Client} by the monitor of the worker. waiting: {Job, Fun, Client}.

init(#{workers := Workers, queue := Queue}) ->
    {ok, #{workers => Workers, queue => Queue, running => #{}, waiting => queue:new()}}.

handle_call({submit, Fun, Client}, _From, #{workers := Workers, running := Running} = State) ->
    Job = make_ref(),
    Is = fun(What) -> maps:get(What, State) end,
    case map_size(Running) < Workers of
        true -> {reply, {ok, Job}, start(Job, Fun, Client, State)};
        false ->
            case queue:len(Is(waiting)) < Is(queue) of
                true -> {reply, {ok, Job}, State#{waiting := queue:in({Job, Fun, Client}, Is(waiting))}};
                false -> {reply, busy, State}
            end
    end;
handle_call(info, _From, #{running := Running, waiting := Waiting} = State) ->
    {reply, #{running => map_size(Running), waiting => queue:len(Waiting)}, State}.

handle_cast(_, State) -> {noreply, State}.

handle_info({'DOWN', Ref, process, _, Reason}, #{running := Running, waiting := Waiting} = State) ->
    {{Job, Client}, Left} = maps:take(Ref, Running),
    Client ! {?MODULE, Job, case Reason of
                                {done, Result} -> {ok, Result};
                                _ -> {failed, Reason}
                            end},
    Next = State#{running := Left},
    case queue:out(Waiting) of
        {{value, {NextJob, Fun, NextClient}}, Rest} ->
            {noreply, start(NextJob, Fun, NextClient, Next#{waiting := Rest})};
        {empty, _} -> {noreply, Next}
    end.

%% The result leaves the worker as the reason for which it ends.
start(Job, Fun, Client, #{running := Running} = State) ->
    {_, Ref} = spawn_monitor(fun() -> exit({done, Fun()}) end),
    State#{running := Running#{Ref => {Job, Client}}}.
