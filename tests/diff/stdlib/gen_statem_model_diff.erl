%% Random state machines. What a callback answers follows from the machine's number and how many callbacks there
%% were before, so that it is any of the answers there are, with any actions, now and then a wrong one.
-module(gen_statem_model_diff).
-behaviour(gen_statem).
-export([init/1, callback_mode/0, handle_event/4, terminate/3, code_change/4, format_status/2]).
-export([a/3, b/3, c/3, d/3]).
-define(RUNS, 400).
-include("model.hrl").

%% Callback modules of other modes: all lead here.
-define(MODULES, [gen_statem_model_diff]).

scenario(Seed) ->
    Mode = one_of([state_functions, handle_event_function]),
    Modes = one_of([Mode, [Mode], [Mode, state_enter], [state_enter, Mode]]),
    persistent_term:put({?MODULE, self()}, Modes),
    Options = one_of([[], [], [{debug, [log]}], [{debug, [{install, {fun debug/3, 0}}]}], [{hibernate_after, 0}]]),
    case gen_statem:start_monitor(?MODULE, {Seed, self(), Modes}, Options) of
        {ok, {Pid, Monitor}} ->
            steps(rand:uniform(12), Pid),
            catch gen_statem:stop(Pid, one_of([normal, shutdown, bye]), 5000),
            ended(Pid, Monitor);
        Other ->
            Begun = receive {begun, Pid} -> Pid end,
            Monitor = monitor(process, Begun),
            receive {'DOWN', Monitor, process, Begun, _} -> note({start, Other}) end
    end,
    persistent_term:erase({?MODULE, self()}).

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
    weighed([{4, fun() -> gen_statem:cast(Pid, Content) end},
             {4, fun() -> Pid ! Content end},
             {5, fun() -> Pid ! {'$gen_call', {self(), {reply, Content}}, Content} end},
             {1, fun() -> Pid ! {'EXIT', self(), Content} end}]).

%% What sys tells of it, and what it answered meanwhile. False: it has ended.
look(Pid) ->
    case outcome(fun() -> sys:get_status(Pid) end) of
        {ok, {status, _, _, [PDict, SysState, Parent, Debug, Misc]}} ->
            note({status, [P || {'$initial_call', _} = P <- PDict], SysState, Parent, length(Debug), Misc}),
            replies(),
            true;
        {exit, _} -> false
    end.

replies() ->
    receive
        {{reply, _} = Tag, Reply} -> note({Tag, Reply}), replies()
    after 0 -> ok
    end.

ended(Pid, Monitor) ->
    receive {'DOWN', Monitor, process, Pid, Reason} -> note({down, Reason})
    after 60000 -> note(does_not_end)
    end,
    replies().

%% ---- the machine ----

init({Seed, Harness, Modes}) ->
    Harness ! {begun, self()},
    put(harness, Harness),
    put(seed, Seed),
    put(count, 0),
    put(modes, Modes),
    rand:seed(exsss, Seed + 1000000),
    weighed([{30, fun() -> {ok, state(), 0} end},
             {20, fun() -> {ok, state(), 0, actions(init)} end},
             {1, fun() -> ignore end},
             {1, fun() -> {stop, why} end},
             {1, fun() -> bad_init end},
             {1, fun() -> exit(init) end},
             {1, fun() -> throw({ok, state(), 1}) end},
             {1, fun() -> error(init) end}]).

callback_mode() -> get(modes).

a(Type, Content, Data) -> handle(Type, Content, a, Data).
b(Type, Content, Data) -> handle(Type, Content, b, Data).
c(Type, Content, Data) -> handle(Type, Content, c, Data).
d(Type, Content, Data) -> handle(Type, Content, d, Data).

handle_event(Type, Content, State, Data) -> handle(Type, Content, State, Data).

terminate(Reason, State, Data) ->
    note({terminate, Reason, State, Data}),
    rand:seed(exsss, {get(seed), get(count), 7}),
    weighed([{20, fun() -> ok end}, {1, fun() -> throw(t) end}, {1, fun() -> exit(t) end}, {1, fun() -> error(t) end}]).

code_change(_, State, Data, _) -> {ok, State, Data}.

format_status(_, [_, State, Data]) -> [{shown, State, Data}].

state() ->
    case get(modes) of
        M when M =:= state_functions; is_list(M), hd(M) =:= state_functions; is_list(M), tl(M) =:= [state_functions] ->
            one_of([a, b, c, d]);
        _ -> one_of([a, b, {c, 1}, "d"])
    end.

handle(Type, Content, State, Data) ->
    Count = get(count) + 1,
    put(count, Count),
    note({Type, Content, State, Data}),
    rand:seed(exsss, {get(seed), Count, 1}),
    case Count > 60 of
        true -> {stop, enough};
        false -> answer(Type, Data + 1)
    end.

answer(enter, Data) ->
    weighed([{20, fun() -> keep_state_and_data end},
             {10, fun() -> {keep_state, Data} end},
             {20, fun() -> {keep_state, Data, actions(enter)} end},
             {10, fun() -> {keep_state_and_data, actions(enter)} end},
             {2, fun() -> case get(count) rem 3 of 0 -> repeat_state_and_data; _ -> {keep_state, Data} end end},
             {2, fun() -> case get(count) rem 3 of 0 -> {repeat_state, Data, actions(enter)}; _ -> {keep_state, Data} end end},
             {1, fun() -> {next_state, state(), Data} end},
             {1, fun() -> {next_state, state(), Data, actions(enter)} end},
             {1, fun() -> {stop, why} end},
             {1, fun() -> bad_enter end},
             {1, fun() -> throw({keep_state, Data}) end},
             {1, fun() -> error(enter) end}]);
answer(Type, Data) ->
    weighed([{60, fun() -> {next_state, state(), Data} end},
             {200, fun() -> {next_state, state(), Data, actions(Type)} end},
             {30, fun() -> {keep_state, Data} end},
             {80, fun() -> {keep_state, Data, actions(Type)} end},
             {20, fun() -> keep_state_and_data end},
             {60, fun() -> {keep_state_and_data, actions(Type)} end},
             {20, fun() -> {repeat_state, Data} end},
             {40, fun() -> {repeat_state, Data, actions(Type)} end},
             {10, fun() -> repeat_state_and_data end},
             {20, fun() -> {repeat_state_and_data, actions(Type)} end},
             {2, fun() -> stop end},
             {2, fun() -> {stop, one_of([normal, shutdown, {shutdown, x}, why])} end},
             {2, fun() -> {stop, one_of([normal, why]), Data} end},
             {2, fun() -> {stop_and_reply, one_of([normal, why]), one_of([replies(Type), one_of(replies(Type) ++ [bad])])} end},
             {2, fun() -> {stop_and_reply, one_of([normal, why]), replies(Type), Data} end},
             {2, fun() -> bad_answer end},
             {2, fun() -> {keep_state, Data, bad_actions} end},
             {4, fun() -> throw({next_state, state(), Data}) end},
             {2, fun() -> exit(one_of([normal, shutdown, why])) end},
             {2, fun() -> error(why) end},
             {2, fun() -> not_there:at_all(1) end},
             {2, fun() -> gen_statem_model_diff:not_there(1) end}]).

replies({call, From}) -> [{reply, From, {answer, get(count)}}];
replies(_) -> [].

actions(Where) ->
    case one_of([one, one, some, some, some, none]) of
        none -> [];
        one -> action(Where);
        some -> times(rand:uniform(4), fun() -> action(Where) end)
    end.

action(enter) -> timed(enter);
action(init) -> weighed([{10, fun() -> timed(init) end}, {5, fun() -> {next_event, internal, {made, 0}} end}, {1, fun() -> postpone end}]);
action(Type) ->
    weighed([{14, fun() -> postpone end},
             {4, fun() -> {postpone, chance(50)} end},
             {8, fun() -> {next_event, inserted(), {made, get(count)}} end},
             {12, fun() -> case replies(Type) of [Reply] -> Reply; [] -> hibernate end end},
             {1, fun() -> {next_event, one_of([bad, {call, x}, {timeout, n}, state_timeout]), bad} end},
             {2, fun() -> {change_callback_module, ?MODULE} end},
             {2, fun() -> {push_callback_module, ?MODULE} end},
             {1, fun() -> case get(count) rem 5 of 0 -> pop_callback_module; _ -> {push_callback_module, ?MODULE} end end},
             {40, fun() -> timed(Type) end}]).

inserted() -> one_of([internal, internal, cast, info, {call, {get(harness), {reply, inserted}}}, timeout, {timeout, n}]).

%% Time-outs come at once or never.
timed(_) ->
    Kind = one_of([timeout, state_timeout, {timeout, m}, {timeout, n}]),
    Time = one_of([0, 0, 100000, 200000, infinity]),
    Content = {due, get(count)},
    weighed([{4, fun() -> hibernate end},
             {2, fun() -> {hibernate, chance(50)} end},
             {4, fun() -> Time end},
             {30, fun() -> {Kind, Time, Content} end},
             {6, fun() -> {Kind, Time, Content, one_of([[], [{abs, false}], {abs, false}])} end},
             {6, fun() -> {Kind, erlang:monotonic_time(millisecond) + 100000, Content, one_of([[{abs, true}], {abs, true}])} end},
             {8, fun() -> {Kind, cancel} end},
             {8, fun() -> {Kind, update, Content} end},
             {1, fun() -> one_of([{timeout, 0}, {Kind, -1, Content}, {Kind, x, Content}, {bad, 0, Content},
                                  {Kind, 0, Content, [{bad, true}]}, bad, -1, {hibernate, maybe_so}, {reply, x, y},
                                  {Kind, 0, Content, bad}, {Kind, bad}]) end}]).
