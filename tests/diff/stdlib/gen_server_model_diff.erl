%% Random servers. What a callback answers follows from the server's number and how many callbacks there were
%% before, so that it is any of the answers there are, now and then a wrong one. Time-outs do not come.
-module(gen_server_model_diff).
-behaviour(gen_server).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, handle_continue/2, terminate/2, code_change/3,
         format_status/2]).
-define(RUNS, 400).
-include("model.hrl").

scenario(Seed) ->
    Options = one_of([[], [], [], [{debug, [log]}], [{debug, [{install, {fun debug/3, 0}}]}],
                      [{debug, [{install, {named, fun debug/3, 0}}, statistics]}], [{hibernate_after, 0}],
                      [{timeout, 5000}], [{spawn_opt, [{priority, high}]}]]),
    Linked = chance(50),
    Started = case Linked of
                  true -> gen_server:start_link(?MODULE, {Seed, self()}, Options);
                  false -> gen_server:start_monitor(?MODULE, {Seed, self()}, Options)
              end,
    Begun = receive {begun, Pid} -> Pid end,
    case Started of
        {ok, _} ->
            steps(rand:uniform(12), Begun),
            catch gen_server:stop(Begun, one_of([normal, shutdown, {shutdown, y}, bye]), 5000),
            receive
                {'DOWN', _, process, Begun, Down} when not Linked -> note({down, Down});
                {'EXIT', Begun, Down} when Linked -> note({down, Down})
            end;
        Other ->
            Monitor = monitor(process, Begun),
            receive {'DOWN', Monitor, process, Begun, _} -> note({start, Other}) end,
            %% OTP 25 leaves its exit as a message, later ones (and Muster) do not.
            receive {'EXIT', Begun, _} -> ok after 0 -> ok end
    end,
    replies(),
    note(lists:sort(rest())).

rest() -> receive M when element(1, M) =/= note -> [plain(M, self()) | rest()] after 0 -> [] end.

%% What sys is told of.
debug(Count, Event, _) ->
    note({debug, Event}),
    Count + 1.

steps(0, _) -> ok;
steps(N, Pid) ->
    times(rand:uniform(3), fun() -> event(Pid) end),
    look(Pid) andalso steps(N - 1, Pid).

event(Pid) ->
    Content = one_of([x, y, z, {w, rand:uniform(3)}]),
    weighed([{4, fun() -> gen_server:cast(Pid, Content) end},
             {4, fun() -> Pid ! Content end},
             {8, fun() -> Pid ! {'$gen_call', {self(), {reply, Content}}, Content} end},
             {1, fun() -> Pid ! {'EXIT', Pid, Content} end}]).

%% What sys tells of it, and what it answered meanwhile. False: it has ended.
look(Pid) ->
    Asked = weighed([{6, fun() -> outcome(fun() -> sys:get_status(Pid) end) end},
                     {2, fun() -> outcome(fun() -> {state, sys:get_state(Pid)} end) end},
                     {1, fun() -> outcome(fun() -> {statistics, counted(sys:statistics(Pid, get))} end) end},
                     {1, fun() -> outcome(fun() -> {replaced, sys:replace_state(Pid, fun(S) -> S + 100 end)} end) end},
                     {1, fun() -> outcome(fun() -> {code, suspended(Pid)} end) end}]),
    case Asked of
        {ok, {status, _, _, [PDict, SysState, Parent, Debug, Misc]}} ->
            note({status, [P || {'$initial_call', _} = P <- PDict], SysState, Parent, length(Debug), Misc});
        {ok, Value} -> note(Value);
        {exit, _} -> ok
    end,
    replies(),
    element(1, Asked) =:= ok.

counted({ok, Figures}) when is_list(Figures) -> [F || {K, _} = F <- Figures, lists:member(K, [messages_in, messages_out])];
counted(Other) -> Other.

suspended(Pid) ->
    [sys:suspend(Pid), sys:change_code(Pid, ?MODULE, old, one_of([extra, fails])), sys:resume(Pid)].

replies() ->
    receive
        {{reply, _} = Tag, Reply} -> note({Tag, Reply}), replies()
    after 0 -> ok
    end.

%% ---- the server ----

init({Seed, Harness}) ->
    Harness ! {begun, self()},
    put(harness, Harness),
    put(seed, Seed),
    put(count, 0),
    rand:seed(exsss, Seed + 1000000),
    process_flag(trap_exit, chance(50)),
    weighed([{30, fun() -> {ok, 0} end},
             {20, fun() -> {ok, 0, more()} end},
             {1, fun() -> ignore end},
             {1, fun() -> {stop, why} end},
             {1, fun() -> {stop, normal} end},
             {1, fun() -> {stop, {shutdown, x}} end},
             {1, fun() -> bad_init end},
             {1, fun() -> exit(init) end},
             {1, fun() -> throw({ok, 1}) end},
             {1, fun() -> throw(bad) end},
             {1, fun() -> error(init) end}]).

handle_call(Request, From, State) -> handle({call, From}, Request, State).
handle_cast(Message, State) -> handle(cast, Message, State).
handle_info(Message, State) -> handle(info, Message, State).
handle_continue(Message, State) -> handle(continue, Message, State).

terminate(Reason, State) ->
    note({terminate, Reason, State}),
    rand:seed(exsss, {get(seed), get(count), 7}),
    weighed([{20, fun() -> ok end}, {1, fun() -> throw(t) end}, {1, fun() -> exit(t) end}, {1, fun() -> error(t) end}]).

code_change(_, State, extra) -> {ok, State + 1000};
code_change(_, _, fails) -> {error, fails}.

format_status(_, [_, State]) ->
    case State rem 4 of
        0 -> [{shown, State}];
        1 -> {shown, State};
        2 -> State;
        3 -> error(shown)
    end.

handle(Type, Content, State) ->
    Count = get(count) + 1,
    put(count, Count),
    note({Type, Content, State}),
    rand:seed(exsss, {get(seed), Count, 1}),
    case Count > 60 of
        true -> {stop, enough, State};
        false -> answer(Type, State + 1)
    end.

answer({call, From}, State) ->
    weighed([{40, fun() -> {reply, {answer, get(count)}, State} end},
             {20, fun() -> {reply, {answer, get(count)}, State, more()} end},
             {4, fun() -> {stop, one_of([normal, shutdown, {shutdown, x}, why]), {answer, stops}, State} end},
             {10, fun() -> gen_server:reply(From, later), answer(other, State) end},
             {30, fun() -> answer(other, State) end}]);
answer(_, State) ->
    weighed([{40, fun() -> {noreply, State} end},
             {30, fun() -> {noreply, State, more()} end},
             {2, fun() -> {stop, one_of([normal, shutdown, {shutdown, x}, why]), State} end},
             {1, fun() -> {reply, x, State} end},
             {1, fun() -> bad_answer end},
             {1, fun() -> {noreply, State, bad} end},
             {2, fun() -> throw({noreply, State}) end},
             {1, fun() -> throw(bad) end},
             {1, fun() -> exit(one_of([normal, shutdown, why])) end},
             {1, fun() -> error(why) end},
             {1, fun() -> not_there:at_all(1) end},
             {1, fun() -> gen_server_model_diff:not_there(1) end}]).

more() -> one_of([100000, infinity, hibernate, {continue, get(count)}, {continue, more}]).
