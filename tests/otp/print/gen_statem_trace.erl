%% What sys prints of a state machine that is traced.
-module(gen_statem_trace).
-behaviour(gen_statem).
-export([main/0, main/1, init/1, callback_mode/0, handle_event/4]).

main(_) -> main().
main() ->
    {ok, P} = gen_statem:start(?MODULE, [], [{debug, [trace]}]),
    {ok, a} = gen_statem:call(P, go),
    gen_statem:cast(P, other),
    P ! hello,
    P ! {t, timers},
    _ = sys:get_state(P),
    gen_statem:cast(P, "text"),
    catch gen_statem:call(P, stop),
    {ok, Q} = gen_statem:start({local, named}, ?MODULE, [], [{debug, [trace]}]),
    gen_statem:cast(Q, {post, lists:seq(1, 60)}),
    ok = gen_statem:stop(Q).

init(_) -> {ok, s, d, [{next_event, internal, first}]}.

callback_mode() -> [handle_event_function, state_enter].

handle_event(enter, _, _, _) -> keep_state_and_data;
handle_event({call, F}, go, _, _) -> {next_state, t, d, [{reply, F, {ok, a}}, {push_callback_module, ?MODULE}]};
handle_event({call, F}, stop, _, _) -> {stop_and_reply, normal, {reply, F, bye}};
handle_event(info, {t, timers}, _, _) ->
    {next_state, {u, 1}, d, [{state_timeout, 0, a}, {{timeout, "n"}, 50000, b}, {timeout, 60000, c}]};
handle_event(cast, {post, _}, s, _) -> {next_state, [1, 2], d, [postpone, {next_event, info, x}]};
handle_event(cast, _, _, _) -> {keep_state_and_data, [postpone]};
handle_event(_, _, _, _) -> keep_state_and_data.
