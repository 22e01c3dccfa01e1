%% A counter that survives its crashes.
%%
%% A process keeps the count; a supervisor watches over it. When the counter meets a request that it
%% cannot handle it crashes, as it should: the supervisor starts a new one, and who counts goes on
%% counting. What must not be lost lies outside of the process that may crash: in a table whose owner is
%% the supervisor. Nobody writes code for the failure itself.
%%
%%     muster run examples/counter.erl
%%     muster test examples/counter_tests.erl
-module(counter).
-behaviour(gen_server).
-export([main/0, start_link/0, start_counter/1, add/1, value/0, crash/0]).
-export([init/1, handle_call/3, handle_cast/2]).

main() ->
    {ok, Supervisor} = start_link(),
    add(40),
    add(2),
    io:format("counted to ~p by ~p~n", [value(), whereis(counter)]),
    logger:set_primary_config(level, none), % its crash is no news to us
    crash(),
    io:format("still ~p, now by ~p~n", [value(), whereis(counter)]),
    add(1),
    io:format("and on: ~p~n", [value()]),
    unlink(Supervisor),
    exit(Supervisor, shutdown).

%% ---- what others call ----

add(N) -> gen_server:call(counter, {add, N}).
value() -> gen_server:call(counter, value).

%% Makes the counter crash, and waits until there is another.
crash() ->
    Old = whereis(counter),
    catch gen_server:call(counter, {add, not_a_number}),
    wait_for_another(Old).

wait_for_another(Old) ->
    case whereis(counter) of
        New when is_pid(New), New =/= Old -> ok;
        _ ->
            timer:sleep(1),
            wait_for_another(Old)
    end.

%% ---- the supervisor ----

start_link() -> supervisor:start_link(?MODULE, supervisor).

start_counter(Table) -> gen_server:start_link({local, counter}, ?MODULE, {counter, Table}, []).

init(supervisor) ->
    %% The table lives as long as its owner, which is this process.
    Table = ets:new(counts, [public]),
    ets:insert(Table, {count, 0}),
    Counter = #{id => counter, start => {?MODULE, start_counter, [Table]}},
    {ok, {#{strategy => one_for_one, intensity => 10, period => 1}, [Counter]}};

%% ---- the counter ----

init({counter, Table}) -> {ok, Table}.

handle_call({add, N}, _From, Table) ->
    [{count, Count}] = ets:lookup(Table, count),
    ets:insert(Table, {count, Count + N}), % crashes when N is no number: before anything is changed
    {reply, ok, Table};
handle_call(value, _From, Table) ->
    {reply, ets:lookup_element(Table, count, 2), Table}.

handle_cast(_, Table) -> {noreply, Table}.
