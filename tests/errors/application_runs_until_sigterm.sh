# status: 0
# stdout: log: tick is 7, extra is 8, start
# stdout: tick
# stdout: child of shop stops
# stdout: shop prepares to stop
# stdout: shop stopped
# stdout: stock stopped
# stdout: ended with 0
cat >stock.app <<'END'
{application, stock, [{vsn, "1"}, {modules, [stock]}, {applications, [kernel, stdlib]},
                      {mod, {stock, []}}]}.
END
cat >stock.erl <<'END'
-module(stock).
-behaviour(application).
-export([start/2, stop/1, init/1]).
start(_, _) -> supervisor:start_link(?MODULE, []).
init([]) -> {ok, {#{}, []}}.
stop(_) -> io:format("stock stopped~n").
END
cat >shop.app <<'END'
{application, shop, [{vsn, "1"}, {modules, [shop]}, {applications, [kernel, stdlib, stock]},
                     {env, [{tick, 1000}, {extra, none}]}, {mod, {shop, []}}]}.
END
cat >shop.erl <<'END'
-module(shop).
-behaviour(application).
-behaviour(gen_server).
-export([start/2, prep_stop/1, stop/1, start_link/0, init/1, handle_call/3, handle_cast/2,
         handle_info/2, terminate/2]).
start(_, _) ->
    logger:error("tick is ~p, extra is ~p, start", [application:get_env(shop, tick, no),
                                                     application:get_env(shop, extra, no)]),
    supervisor:start_link(?MODULE, supervisor).
prep_stop(State) -> io:format("shop prepares to stop~n"), State.
stop(_) -> io:format("shop stopped~n").
start_link() -> gen_server:start_link(?MODULE, worker, []).
init(supervisor) ->
    {ok, {#{}, [#{id => worker, start => {?MODULE, start_link, []}, shutdown => 1000}]}};
init(worker) ->
    process_flag(trap_exit, true),
    {ok, Every} = application:get_env(tick),
    {ok, Every, Every}.
handle_call(_, _, S) -> {reply, ok, S}.
handle_cast(_, S) -> {noreply, S}.
handle_info(timeout, S) -> io:format("tick~n"), {noreply, S}.
terminate(shutdown, _) -> timer:sleep(50), io:format("child of shop stops~n").
END
cat >sys.config <<'END'
[{shop, [{tick, 7}]}, "more",
 {kernel, [{logger, [{handler, default, logger_std_h,
                      #{config => #{type => standard_io}, formatter => {logger_formatter,
                        #{template => ["log: ", msg, "\n"]}}}}]}]}].
END
echo '[{shop, [{extra, 8}]}].' >more.config
"$MUSTER" run --app shop -pa . --config sys.config >out &
pid=$!
for i in $(seq 200); do
    grep -q '^tick' out && break
    sleep 0.1
done
kill -TERM $pid
wait $pid
status=$?
cat out
echo "ended with $status"
