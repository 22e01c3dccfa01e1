%% Random event managers: handlers are added (supervised or not), called, notified, swapped and deleted; what they
%% answer follows from their numbers, and is any of the answers there are, now and then a wrong one.
-module(gen_event_model_diff).
-behaviour(gen_event).
-export([init/1, handle_event/2, handle_call/2, handle_info/2, terminate/2, code_change/3, format_status/2]).
-define(RUNS, 400).
-include("model.hrl").

scenario(Seed) ->
    Options = one_of([[], [], [{debug, [log]}], [{debug, [{install, {fun debug/3, 0}}]}], [{hibernate_after, 0}]]),
    {ok, Pid} = gen_event:start_link(Options),
    put(seed, Seed),
    put(adder, adder(Pid)),
    steps(rand:uniform(20), Pid),
    Reason = one_of([normal, shutdown, {shutdown, x}, bye]),
    catch gen_event:stop(Pid, Reason, 5000),
    receive {'EXIT', Pid, Down} -> note({down, Down}) after 60000 -> note(does_not_end) end,
    note({adder, stopped(get(adder), stop)}),
    note(lists:sort(rest())).

rest() -> receive M when element(1, M) =/= note -> [plain(M, self()) | rest()] after 0 -> [] end.

debug(Count, Event, _) ->
    note({debug, Event}),
    Count + 1.

%% Someone else who adds supervised handlers, and ends, with what it was told meanwhile.
adder(Pid) ->
    Harness = self(),
    spawn(fun() -> process_flag(trap_exit, true), adds(Pid, Harness, []) end).

adds(Pid, Harness, Told) ->
    receive
        {add, Handler, Args} ->
            Harness ! {added, outcome(fun() -> gen_event:add_sup_handler(Pid, Handler, Args) end)},
            adds(Pid, Harness, Told);
        {ends, Reason} -> exit({Reason, lists:reverse(Told)});
        {gen_event_EXIT, _, _} = Exit -> adds(Pid, Harness, [Exit | Told]);
        _ -> adds(Pid, Harness, Told)
    end.

stopped(Adder, Reason) ->
    Ref = monitor(process, Adder),
    Adder ! {ends, Reason},
    receive {'DOWN', Ref, _, _, Told} -> Told end.

steps(0, _) -> ok;
steps(N, Pid) ->
    case outcome(fun() -> step(Pid) end) of
        {ok, _} ->
            note({handlers, gen_event:which_handlers(Pid)}),
            steps(N - 1, Pid);
        Other -> note({ended, Other})
    end.

handler() ->
    one_of([?MODULE, {?MODULE, 1}, {?MODULE, 1}, {?MODULE, {two, 2}}, {?MODULE, 3}]).

made(Id) -> {Id, args(Id)}.

args(Id) -> {put_count(), Id, self(), get(seed)}.

put_count() ->
    Count = case get(made) of undefined -> 1; N -> N + 1 end,
    put(made, Count),
    Count.

step(Pid) ->
    Id = handler(),
    Event = one_of([x, y, z, {w, rand:uniform(3)}]),
    weighed([{6, fun() -> note({add, gen_event:add_handler(Pid, Id, args(Id))}) end},
             {4, fun() -> note({add_sup, gen_event:add_sup_handler(Pid, Id, args(Id))}) end},
             {3, fun() -> get(adder) ! {add, Id, args(Id)}, receive {added, Outcome} -> note({added, Outcome}) end end},
             {1, fun() ->
                 Told = stopped(get(adder), one_of([normal, why])),
                 settle(Pid, get(adder)),
                 gen_event:which_handlers(Pid),
                 note({adder, Told}),
                 put(adder, adder(Pid))
             end},
             {8, fun() -> gen_event:notify(Pid, Event) end},
             {4, fun() -> note({sync, gen_event:sync_notify(Pid, Event)}) end},
             {4, fun() -> Pid ! Event end},
             {1, fun() -> Pid ! {'EXIT', Pid, x} end},
             {8, fun() -> note({call, gen_event:call(Pid, Id, Event)}) end},
             {2, fun() -> note({request, response(gen_event:receive_response(gen_event:send_request(Pid, Id, Event), 5000))}) end},
             {4, fun() -> note({delete, gen_event:delete_handler(Pid, Id, why)}) end},
             {3, fun() -> note({swap, gen_event:swap_handler(Pid, {Id, swapped}, made(handler()))}) end},
             {2, fun() -> note({swap_sup, gen_event:swap_sup_handler(Pid, {Id, swapped}, made(handler()))}) end},
             {2, fun() -> look(sys:get_status(Pid)) end},
             {2, fun() -> note({states, sys:get_state(Pid)}) end},
             {1, fun() -> note({replaced, sys:replace_state(Pid, fun({M, I, S}) -> {M, I, case S of {H, replaced} -> {H, replaced}; _ -> {S, replaced} end} end)}) end},
             {1, fun() -> note({code, [sys:suspend(Pid), sys:change_code(Pid, ?MODULE, old, extra), sys:resume(Pid)]}) end},
             {1, fun() -> note({no_handler, gen_event:add_handler(Pid, not_there, x)}) end}]).

response({error, {Reason, _}}) -> {error, Reason};
response(Other) -> Other.

%% The manager has heard of an end.
settle(Pid, Who) ->
    {links, Links} = process_info(Pid, links),
    case lists:member(Who, Links) of
        true -> timer:sleep(1), settle(Pid, Who);
        false -> ok
    end.

look({status, _, _, [PDict, SysState, Parent, Debug, Misc]}) ->
    note({status, [P || {'$initial_call', _} = P <- PDict], SysState, Parent, length(Debug), Misc}).

%% ---- a handler ----

-record(h, {n, id, harness, seed, count = 0}).

init({{safe, Args}, Old}) -> init(Args, Old, true);
init({Args, Old}) -> init(Args, Old, false);
init(Args) -> init(Args, none, false).

init({N, Id, Harness, Seed}, Old, Safe) ->
    note({init, N, Old}),
    put(harness, Harness),
    H = #h{n = N, id = Id, harness = Harness, seed = Seed},
    rand:seed(exsss, {Seed, N, 0}),
    case Safe of true -> {ok, H}; false -> any_init(H) end.

any_init(H) ->
    weighed([{20, fun() -> {ok, H} end},
             {3, fun() -> {ok, H, hibernate} end},
             {1, fun() -> {error, why} end},
             {1, fun() -> bad end},
             {1, fun() -> error(why) end},
             {1, fun() -> exit(why) end},
             {1, fun() -> throw({ok, H}) end},
             {1, fun() -> throw(bad) end}]).

handle_event(Event, H) -> handle(event, Event, H).
handle_info(Event, H) -> handle(info, Event, H).
handle_call(Event, H) -> handle(call, Event, H).

handle(Type, Event, {H, replaced}) -> handle(Type, Event, H);
handle(Type, Event, #h{n = N, seed = Seed, count = Count} = H0) ->
    H = H0#h{count = Count + 1},
    note({Type, Event, N, Count}),
    rand:seed(exsss, {Seed, N, Count}),
    Again = {safe, {put_count(), handler(), H#h.harness, Seed}},
    Answers = case Type of
                  call ->
                      [{30, fun() -> {ok, {reply, N}, H} end},
                       {4, fun() -> {ok, {reply, N}, H, hibernate} end},
                       {3, fun() -> {remove_handler, {reply, N}} end},
                       {3, fun() -> {swap_handler, {reply, N}, swapping, H, handler(), Again} end}];
                  _ ->
                      [{30, fun() -> {ok, H} end},
                       {4, fun() -> {ok, H, hibernate} end},
                       {3, fun() -> remove_handler end},
                       {3, fun() -> {swap_handler, swapping, H, handler(), Again} end}]
              end,
    weighed(Answers ++ [{1, fun() -> bad end},
                        {1, fun() -> throw({ok, H}) end},
                        {1, fun() -> throw(bad) end},
                        {1, fun() -> error(why) end},
                        {1, fun() -> exit(why) end},
                        {1, fun() -> gen_event_model_diff:not_there(1) end}]).

terminate(Reason, {H, replaced}) -> terminate(Reason, H);
terminate(Reason, #h{n = N, seed = Seed, count = Count}) ->
    note({terminate, Reason, N}),
    rand:seed(exsss, {Seed, N, 1000 + Count}),
    weighed([{10, fun() -> {terminated, N} end}, {1, fun() -> error(t) end}, {1, fun() -> exit(t) end}, {1, fun() -> throw(t) end}]).

code_change(_, H, extra) -> {ok, H}.

format_status(_, [_, {H, replaced}]) -> {shown, H#h.n};
format_status(_, [_, H]) ->
    case H#h.n rem 3 of
        0 -> {shown, H#h.n, H#h.count};
        _ -> H
    end.
