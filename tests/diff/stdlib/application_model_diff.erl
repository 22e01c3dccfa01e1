%% Random applications: what they need and include, their phases and parameters, starts that fail in some way; and
%% any operations on them, in any order.
-module(application_model_diff).
-behaviour(application).
-export([start/2, start_phase/3, prep_stop/1, stop/1, config_change/3, top/2]).
-define(RUNS, 300).
-include("model.hrl").

scenario(Seed) ->
    Names = [list_to_atom("app" ++ integer_to_list(Seed) ++ "_" ++ [C]) || C <- "abcde"],
    persistent_term:put({?MODULE, Seed}, self()),
    [note({load, N, outcome(fun() -> application:load({application, N, keys(N, Names, Seed)}) end)}) || N <- Names, chance(85)],
    times(rand:uniform(15), fun() -> operation(one_of(Names), Names, Seed) end),
    [application:stop(N) || N <- Names],
    [application:unload(N) || N <- Names],
    persistent_term:erase({?MODULE, Seed}).

keys(N, Names, Seed) ->
    %% Those before it: nothing starts in circles.
    Others = lists:takewhile(fun(X) -> X =/= N end, Names),
    Some = fun() -> [O || O <- Others, chance(30)] end,
    Phases = case chance(25) of true -> [{start_phases, one_of([[{one, 1}, {two, 2}], [{one, fails}], [{one, bad}], []])}]; false -> [] end,
    [{description, "of " ++ atom_to_list(N)}, {vsn, one_of(["1", "2.0"])}, {modules, []}, {registered, []},
     {applications, [kernel | Some()] ++ [nowhere || chance(4)]},
     {env, [{one, rand:uniform(9)}, {two, [a]}]}]
    ++ [{mod, {?MODULE, {N, Seed}}} || chance(85)]
    ++ [{optional_applications, [lists:last(Others)]} || Others =/= [], chance(10)]
    ++ Phases.

operation(N, Names, Seed) ->
    Ours = fun(List) -> lists:sort([A || A <- List, lists:member(element(1, A), Names)]) end,
    weighed([{8, fun() -> note({start, N, outcome(fun() -> application:start(N) end)}) end},
             {2, fun() -> note({start, N, outcome(fun() -> application:start(N, one_of([temporary, wrong])) end)}) end},
             {5, fun() -> note({ensure, N, outcome(fun() -> application:ensure_all_started(N) end)}) end},
             {2, fun() -> note({ensure, N, outcome(fun() -> application:ensure_started(N) end)}) end},
             {5, fun() -> note({stop, N, outcome(fun() -> application:stop(N) end)}) end},
             {1, fun() -> note({unload, N, outcome(fun() -> application:unload(N) end)}) end},
             {2, fun() -> note({load, N, outcome(fun() -> application:load({application, N, keys(N, Names, Seed)}) end)}) end},
             {1, fun() -> note({load, N, outcome(fun() -> application:load(N) end)}) end},
             {2, fun() -> note({which, Ours(application:which_applications())}) end},
             {1, fun() -> note({loaded, Ours(application:loaded_applications())}) end},
             {2, fun() -> note({env, N, lists:sort(application:get_all_env(N)), application:get_env(N, one), application:get_env(N, none, d)}) end},
             {2, fun() -> note({set_env, N, outcome(fun() -> application:set_env(N, one_of([one, three]), rand:uniform(99), [{persistent, chance(50)}]) end)}) end},
             {1, fun() -> note({unset_env, N, outcome(fun() -> application:unset_env(N, one_of([one, three])) end)}) end},
             {1, fun() -> note({set_env, outcome(fun() -> application:set_env([{N, [{four, 4}]}, {hd(Names), [{five, 5}]}]) end)}) end},
             {1, fun() -> note({set_env, outcome(fun() -> application:set_env(one_of([[{N, [{four, 4}]}, {N, []}], [{N, [{a, 1}, {a, 2}]}], [x], [{N, x}]])) end)}) end},
             {2, fun() -> note({key, N, application:get_key(N, one_of([applications, vsn, mod, modules, start_phases, nothing]))}) end},
             {1, fun() -> note({keys, N, sorted(application:get_all_key(N))}) end},
             {3, fun() -> ends(N, Seed) end}]).

sorted({ok, Keys}) -> [{K, case K of env -> lists:sort(V); _ -> V end} || {K, V} <- Keys];
sorted(Other) -> Other.

%% The top supervisor of one that runs ends; its application with it.
ends(N, Seed) ->
    case lists:keymember(N, 1, application:which_applications()) andalso persistent_term:get({?MODULE, Seed, N}, none) of
        Pid when is_pid(Pid) ->
            note({ends, N}),
            Pid ! {ends, one_of([normal, shutdown])},
            gone(N);
        _ -> ok
    end.

gone(N) ->
    case lists:keymember(N, 1, application:which_applications()) of
        true -> timer:sleep(1), gone(N);
        false -> ok
    end.

%% ---- an application ----

tell(Seed, What) -> persistent_term:get({?MODULE, Seed}) ! {note, plain(What, self())}.

start(Type, {N, Seed}) ->
    Count = case persistent_term:get({?MODULE, Seed, N, count}, 0) of C -> C + 1 end,
    persistent_term:put({?MODULE, Seed, N, count}, Count),
    tell(Seed, {starting, N, Type, application:get_application()}),
    rand:seed(exsss, erlang:phash2({Seed, N, Count})),
    Top = fun() ->
        {ok, Pid} = proc_lib:start_link(?MODULE, top, [N, Seed]),
        persistent_term:put({?MODULE, Seed, N}, Pid),
        Pid
    end,
    weighed([{12, fun() -> {ok, Top()} end},
             {6, fun() -> {ok, Top(), {state, N, Seed}} end},
             {1, fun() -> {error, why} end},
             {1, fun() -> bad end},
             {1, fun() -> ignore end},
             {1, fun() -> exit(why) end},
             {1, fun() -> error(why) end},
             {1, fun() -> throw(why) end},
             {1, fun() -> not_there:at_all() end}]).

top(N, Seed) ->
    process_flag(trap_exit, true),
    proc_lib:init_ack({ok, self()}),
    receive
        {ends, Reason} -> exit(Reason);
        {'EXIT', _, Reason} ->
            %% Where a phase failed it may be killed before it has said so.
            application:get_key(N, start_phases) =:= {ok, undefined} andalso tell(Seed, {top, N, Reason}),
            exit(Reason)
    end.

start_phase(_, _, fails) -> {error, fails};
start_phase(_, _, bad) -> bad;
start_phase(_, _, _) -> ok.

prep_stop({state, N, Seed}) -> tell(Seed, {prep_stop, N}), {prepared, N, Seed};
prep_stop(Other) -> Other.

stop({prepared, N, Seed}) -> tell(Seed, {stop, N});
stop(_) -> ok.

config_change(_, _, _) -> ok.
