%% What gen_events log when handlers fail.
-module(gen_event_reports).
-behaviour(gen_event).
-export([init/1, handle_event/2, handle_call/2, handle_info/2, terminate/2, format_status/1]).
-include("reports.hrl").

init({do, F}) -> F();
init(S) -> {ok, S}.
handle_event({do, F}, S) -> F(S);
handle_event(_, S) -> {ok, S}.
handle_call({do, F}, S) -> F(S).
handle_info({do, F}, S) -> F(S).
terminate(_, {terminates, F}) -> F();
terminate(_, _) -> done.
format_status(#{state := {secret, _}} = S) -> S#{state := hidden};
format_status(S) -> S.

manager() -> {ok, M} = gen_event:start(), M.
with(S) -> M = manager(), ok = gen_event:add_handler(M, ?MODULE, S), M.

run() ->
    title("init error"), say("~P~n", [gen_event:add_handler(manager(), ?MODULE, {do, fun() -> error(oops) end}), 12]),
    title("init bad"), say("~p~n", [gen_event:add_handler(manager(), ?MODULE, {do, fun() -> bad end})]),
    title("no module"), say("~P~n", [gen_event:add_handler(manager(), no_such_module, x), 8]),
    title("event error"), gen_event:notify(with(s), {do, fun(_) -> error(oops) end}),
    title("event exit"), gen_event:notify(with(s), {do, fun(_) -> exit(gone) end}),
    title("event throw"), gen_event:notify(with(s), {do, fun(_) -> throw(bad) end}),
    title("event bad"), gen_event:notify(with(s), {do, fun(_) -> what end}),
    title("event remove"), gen_event:notify(with(s), {do, fun(_) -> remove_handler end}),
    title("call error"), say("~P~n", [gen_event:call(with(s), ?MODULE, {do, fun(_) -> error(oops) end}), 8]),
    title("call bad"), say("~p~n", [gen_event:call(with(s), ?MODULE, {do, fun(_) -> what end})]),
    title("info error"), with(s) ! {do, fun(_) -> error(in_info) end},
    title("unknown info"), with(s) ! unknown,
    title("id"), M = manager(), ok = gen_event:add_handler(M, {?MODULE, id1}, s), gen_event:notify(M, {do, fun(_) -> error(with_id) end}),
    title("hidden"), gen_event:notify(with({secret, x}), {do, fun(_) -> error(oops) end}),
    title("terminate error"), T = with({terminates, fun() -> error(in_terminate) end}), say("~P~n", [gen_event:delete_handler(T, ?MODULE, x), 6]),
    title("named"), {ok, _} = gen_event:start({local, my_events}), ok = gen_event:add_handler(my_events, ?MODULE, s), gen_event:notify(my_events, {do, fun(_) -> error(named) end}),
    title("supervised"), ok = gen_event:add_sup_handler(my_events, {?MODULE, a}, s), gen_event:notify(my_events, {do, fun(_) -> error(supervised) end}),
    say("~p~n", [receive {gen_event_EXIT, H, {'EXIT', {R, _}}} -> {H, R} after 5000 -> none end]),
    title("killed manager"), K = with(s), exit(K, bang),
    title("done").
