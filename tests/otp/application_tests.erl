%% application: loading, parameters, starting and stopping in order, as its manual says. The callback module of the
%% applications is this one; what it is called with goes to the test.
-module(application_tests).
-include("check.hrl").
-export([start/2, start_phase/3, prep_stop/1, stop/1, init/1]).

%% ---- the callbacks ----

start(Type, {Test, How} = Args) ->
    Test ! {start, Type, application:get_application()},
    case How of
        fail -> {error, reason};
        bad -> something_else;
        crash -> error(crashed);
        _ ->
            {ok, Pid} = supervisor:start_link(?MODULE, Args),
            case How of
                with_state -> {ok, Pid, {state, Args}};
                _ -> {ok, Pid}
            end
    end.

start_phase(Phase, Type, {Test, Argument}) ->
    Test ! {phase, Phase, Type, Argument},
    case Argument of
        fail -> {error, Argument};
        _ -> ok
    end.

prep_stop({state, {Test, _} = Args}) ->
    Test ! prep_stop,
    Args;
prep_stop([]) -> [].

stop({Test, _}) ->
    Test ! {stop, application:get_application()},
    ok;
stop(_) -> ok.

init(_) -> {ok, {#{strategy => one_for_one}, []}}.

%% ---- help ----

app(Name, Properties) -> {application, Name, [{description, "for tests"}, {vsn, "1.2"}, {modules, []}, {registered, []} | Properties]}.

mod(How) -> {mod, {?MODULE, {self(), How}}}.

load(Name, Properties) -> ok = application:load(app(Name, [{applications, [kernel, stdlib]} | Properties])).

gone(Names) ->
    otp_check:quiet(fun() -> [application:stop(Name) || Name <- Names] end),
    [application:unload(Name) || Name <- Names],
    _ = otp_check:flush(),
    ok.

running() -> [Name || {Name, _, _} <- application:which_applications()].

%% ---- what is loaded ----

loading_test() ->
    Properties = [{env, [{key, value}]}, {maxT, 5000}],
    ?eq(ok, application:load(app(a1, [{applications, [kernel]} | Properties]))),
    ?like({error, {already_loaded, {application, a1, _}}}, application:load(app(a1, []))),
    ?eq({a1, "for tests", "1.2"}, lists:keyfind(a1, 1, application:loaded_applications())),
    ?eq({ok, "1.2"}, application:get_key(a1, vsn)),
    ?eq({ok, 5000}, application:get_key(a1, maxT)),
    ?eq({ok, [kernel]}, application:get_key(a1, applications)),
    ?eq({ok, [{key, value}]}, application:get_key(a1, env)),
    ?eq(undefined, application:get_key(a1, nothing)),
    {ok, All} = application:get_all_key(a1),
    ?eq({"for tests", infinity, [], []}, {proplists:get_value(description, All), proplists:get_value(maxP, All),
                                          proplists:get_value(included_applications, All), proplists:get_value(mod, All)}),
    ?eq(undefined, application:get_all_key(not_loaded)),
    ?eq(ok, application:unload(a1)),
    ?eq({error, {not_loaded, a1}}, application:unload(a1)),
    ?eq(undefined, application:get_key(a1, vsn)),
    ?like({error, {_, "there_is_none.app"}}, application:load(there_is_none)),
    ?like({error, {bad_application, _}}, application:load({application, "a1", []})).

files_on_the_code_path_test() ->
    Dir = otp_check:dir("application"),
    Write = fun(Text) -> ok = file:write_file(filename:join(Dir, "a2.app"), Text) end,
    true = code:add_patha(Dir),
    Write("{application, a2, [{vsn, \"3\"}, {env, [{x, 1}]}]}.\n"),
    ?eq(ok, application:load(a2)),
    ?eq({{ok, "3"}, {ok, 1}}, {application:get_key(a2, vsn), application:get_env(a2, x)}),
    ?eq(ok, application:unload(a2)),
    Write("{application, a2, [{vsn"),
    ?like({error, _}, application:load(a2)),
    true = code:del_path(Dir).

parameters_test() ->
    load(a3, [{env, [{x, 1}, {y, [two]}]}]),
    ?eq({ok, 1}, application:get_env(a3, x)),
    ?eq({undefined, default, 1}, {application:get_env(a3, z), application:get_env(a3, z, default), application:get_env(a3, x, 0)}),
    ?eq([{x, 1}, {y, [two]}], lists:sort(application:get_all_env(a3))),
    ?eq(ok, application:set_env(a3, z, 26)),
    ?eq(ok, application:set_env([{a3, [{x, 10}, {w, 23}]}])),
    ?eq([{w, 23}, {x, 10}, {y, [two]}, {z, 26}], lists:sort(application:get_all_env(a3))),
    ?eq(ok, application:unset_env(a3, z)),
    ?eq(undefined, application:get_env(a3, z)),
    ?eq(ok, application:set_env(a3, p, kept, [{persistent, true}])),
    ?eq(ok, application:unload(a3)),
    ?eq([], [E || {x, _} = E <- application:get_all_env(a3)]),
    load(a3, [{env, [{x, 1}, {p, lost}]}]),
    ?eq({{ok, 1}, {ok, kept}}, {application:get_env(a3, x), application:get_env(a3, p)}),
    ?eq(ok, application:unset_env(a3, p, [{persistent, true}])),
    ?eq({undefined, []}, {application:get_env(x), application:get_all_env(not_there)}),
    ?raises(error, {badarg, "duplicate application config: a3"}, application:set_env([{a3, []}, {a3, []}])),
    ?raises(error, {badarg, "application: a3; duplicate parameter: x"}, application:set_env([{a3, [{x, 1}, {x, 2}]}])),
    gone([a3]).

%% ---- what runs ----

starting_and_stopping_test() ->
    load(a4, [mod(plain)]),
    ?eq(ok, application:start(a4)),
    ?eq([{start, normal, {ok, a4}}], otp_check:flush()),
    ?eq({error, {already_started, a4}}, application:start(a4)),
    ?eq(ok, application:ensure_started(a4)),
    ?ok(lists:member(a4, running())),
    ?like({error, {running, a4}}, application:unload(a4)),
    ?eq(undefined, application:get_application()),
    ?eq(ok, otp_check:quiet(fun() -> application:stop(a4) end)),
    ?eq({error, {not_started, a4}}, application:stop(a4)),
    ?eq(false, lists:member(a4, running())),
    ?like({error, {_, "there_is_none.app"}}, application:start(there_is_none)),
    gone([a4]).

state_goes_from_start_to_stop_test() ->
    load(a5, [mod(with_state)]),
    ?eq(ok, application:start(a5, temporary)),
    _ = otp_check:flush(),
    otp_check:quiet(fun() -> ok = application:stop(a5) end),
    ?eq([prep_stop, {stop, {ok, a5}}], otp_check:flush()),
    gone([a5]).

needed_applications_test() ->
    load(a6, [mod(plain)]),
    ok = application:load(app(b6, [{applications, [kernel, stdlib, a6]}, mod(plain)])),
    ok = application:load(app(c6, [{applications, [b6, kernel]}])),
    ?eq({error, {not_started, b6}}, application:start(c6)),
    ?eq({ok, [a6, b6, c6]}, application:ensure_all_started(c6)),
    ?eq([{start, normal, {ok, a6}}, {start, normal, {ok, b6}}], otp_check:flush()),
    ?eq({ok, []}, application:ensure_all_started(c6)),
    ?eq([a6, b6, c6], lists:sort([N || N <- running(), lists:member(N, [a6, b6, c6])])),
    gone([c6, b6, a6]),
    ok = application:load(app(d6, [{applications, [kernel, there_is_none]}])),
    ?like({error, {there_is_none, _}}, application:ensure_all_started(d6)),
    gone([d6]).

what_does_not_start_test() ->
    [begin
         load(a7, [mod(How)]),
         ?like({error, {Reason, _}} when Reason =/= none,
               otp_check:quiet(fun() -> application:start(a7) end)),
         ?eq(false, lists:member(a7, running())),
         gone([a7])
     end || How <- [fail, bad, crash]],
    load(a7, [mod(fail)]),
    Self = self(),
    ?eq({error, {reason, {?MODULE, start, [normal, {Self, fail}]}}}, otp_check:quiet(fun() -> application:start(a7) end)),
    ?like({error, {a7, {reason, {?MODULE, start, _}}}}, otp_check:quiet(fun() -> application:ensure_all_started(a7) end)),
    gone([a7]),
    load(a7, [mod(bad)]),
    ?like({error, {bad_return, {{?MODULE, start, _}, something_else}}},
          otp_check:quiet(fun() -> application:start(a7) end)),
    gone([a7]).

phases_test() ->
    load(a8, [mod(plain), {start_phases, [{first, {self(), 1}}, {second, {self(), 2}}]}]),
    ?eq(ok, application:start(a8)),
    ?eq([{start, normal, {ok, a8}}, {phase, first, normal, 1}, {phase, second, normal, 2}], otp_check:flush()),
    gone([a8]),
    load(a8, [mod(plain), {start_phases, [{first, {self(), fail}}]}]),
    ?like({error, _}, otp_check:quiet(fun() -> application:start(a8) end)),
    gone([a8]).

whose_process_test() ->
    load(a9, [mod(plain)]),
    Self = self(),
    ok = application:start(a9),
    [Master] = [P || P <- processes(), application:get_application(P) =:= {ok, a9},
                     {_, L} <- [process_info(P, group_leader)], L =:= P],
    Leader = group_leader(),
    Pid = try
              true = group_leader(Master, Self),
              spawn(fun() -> Self ! {mine, application:get_application()}, receive stop -> ok end end)
          after group_leader(Leader, Self)
          end,
    ?eq({mine, {ok, a9}}, receive {mine, _} = Mine -> Mine end),
    ?eq({ok, a9}, application:get_application(Pid)),
    ?eq({ok, undefined}, {ok, application:get_application(Self)}),
    Pid ! stop,
    gone([a9]),
    ?eq({undefined, undefined}, {application:get_application(?MODULE), application:get_application(Pid)}).

modules_of_applications_test() ->
    ok = application:load(app(a10, [{applications, [kernel]}])),
    ok = application:unload(a10),
    ok = application:load({application, a10, [{vsn, "1"}, {modules, [?MODULE]}]}),
    ?eq({ok, a10}, application:get_application(?MODULE)),
    ok = application:unload(a10),
    ?eq(undefined, application:get_application(?MODULE)).

temporary_applications_end_alone_test() ->
    load(a11, [mod(plain)]),
    ok = application:start(a11, temporary),
    [Top | _] = [P || P <- processes(), application:get_application(P) =:= {ok, a11},
                      proc_lib:translate_initial_call(P) =:= {supervisor, ?MODULE, 1}],
    otp_check:quiet(fun() ->
                            exit(Top, kill),
                            otp_check:wait_for(fun() -> not lists:member(a11, running()) end)
                    end),
    ?eq(ok, application:start(a11)),
    gone([a11]).

included_applications_test() ->
    ok = application:load(app(b12, [{applications, [kernel]}, {env, [{deep, 1}]}])),
    ok = application:unload(b12),
    Dir = otp_check:dir("application"),
    ok = file:write_file(filename:join(Dir, "b12.app"), "{application, b12, [{vsn, \"1\"}, {env, [{deep, 1}]}]}.\n"),
    true = code:add_patha(Dir),
    ?eq(ok, application:load(app(a12, [{applications, [kernel]}, {included_applications, [b12]}]))),
    ?eq({ok, 1}, application:get_env(b12, deep)),
    ?eq({ok, [b12]}, application:get_key(a12, included_applications)),
    ?eq({error, {not_loaded, b12}}, begin application:unload(a12), application:unload(b12) end),
    true = code:del_path(Dir).

bad_arguments_test() ->
    ?raises(error, _, application:set_env(not_a_list)),
    ?like({error, _}, application:permit(there_is_none, true)).

what_is_optional_need_not_run_test() ->
    ok = application:load({application, optional_needs, [{vsn, "1"}, {applications, [kernel, stdlib, optional_needed]},
                                                         {optional_applications, [optional_needed]}]}),
    ?eq(ok, application:start(optional_needs)),
    ok = application:stop(optional_needs),
    ok = application:load({application, optional_needed, [{vsn, "1"}, {applications, [kernel, stdlib]}]}),
    ?eq(ok, application:start(optional_needs)),
    ?eq(false, lists:keymember(optional_needed, 1, application:which_applications())),
    ok = application:stop(optional_needs),
    ok = application:start(optional_needed),
    ?eq(ok, application:start(optional_needs)),
    [begin ok = application:stop(App), ok = application:unload(App) end || App <- [optional_needs, optional_needed]].
