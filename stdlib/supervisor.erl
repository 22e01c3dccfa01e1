%% A supervisor: starts its children in order, restarts those that end as its strategy says, gives
%% up when that happens too often, and ends them in reverse order.
-module(supervisor).
-behaviour(gen_server).
-export([start_link/2, start_link/3, start_child/2, restart_child/2, delete_child/2,
         terminate_child/2, which_children/1, count_children/1, check_childspecs/1,
         check_childspecs/2, get_childspec/2, get_callback_module/1, format_log/1, format_log/2]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2, code_change/3]).
-export_type([child_spec/0, startchild_ret/0, startlink_ret/0, strategy/0, sup_flags/0,
              sup_ref/0, sup_name/0, startlink_err/0, startchild_err/0, auto_shutdown/0,
              child/0, child_id/0, modules/0, restart/0, shutdown/0, worker/0, significant/0,
              mfargs/0]).

-type child() :: undefined | pid().
-type child_id() :: term().
-type mfargs() :: {module(), atom(), [term()] | undefined}.
-type modules() :: [module()] | dynamic.
-type restart() :: permanent | transient | temporary.
-type significant() :: boolean().
-type shutdown() :: brutal_kill | timeout().
-type worker() :: worker | supervisor.
-type auto_shutdown() :: never | any_significant | all_significant.
-type sup_name() :: {local, atom()} | {global, term()} | {via, module(), term()}.
-type sup_ref() :: atom() | {atom(), node()} | {global, term()} | {via, module(), term()} | pid().
-type child_spec() :: #{id := child_id(), start := mfargs(), restart => restart(),
                        significant => significant(), shutdown => shutdown(), type => worker(),
                        modules => modules()}
                    | {child_id(), mfargs(), restart(), shutdown(), worker(), modules()}.
-type strategy() :: one_for_all | one_for_one | rest_for_one | simple_one_for_one.
-type sup_flags() :: #{strategy => strategy(), intensity => non_neg_integer(),
                       period => pos_integer(), auto_shutdown => auto_shutdown()}
                   | {strategy(), non_neg_integer(), pos_integer()}.
-type startlink_err() :: {already_started, pid()} | {shutdown, term()} | term().
-type startlink_ret() :: {ok, pid()} | ignore | {error, startlink_err()}.
-type startchild_err() :: already_present | {already_started, child()} | term().
-type startchild_ret() :: {ok, child()} | {ok, child(), term()} | {error, startchild_err()}.

-callback init(term()) -> {ok, {sup_flags(), [child_spec()]}} | ignore.

%% pid: undefined, a pid, or {restarting, Pid}. key: where it is among the children.
-record(child, {pid = undefined, id, mfargs, restart, significant, shutdown, type, modules}).

%% children: keys in order of starting, newest first, and what is under each key. For
%% simple_one_for_one: `template` and the dynamic children by pid.
-record(state, {name, strategy, intensity, period, auto_shutdown = never, module,
                order = [] :: [child_id()], children = #{} :: #{child_id() => #child{}},
                template, dynamic = #{} :: map(), dynamic_restarts = 0,
                %% when the last ones were, and how many those are
                restarts = {0, queue:new()},
                args}).

%% ---- asking ----

%% Starts a supervisor and its children.
-spec start_link(module(), term()) -> startlink_ret().
start_link(Module, Args) -> gen_server:start_link(?MODULE, {self, Module, Args}, []).

-spec start_link(sup_name(), module(), term()) -> startlink_ret().
start_link(Name, Module, Args) ->
    gen_server:start_link(Name, ?MODULE, {Name, Module, Args}, []).

%% Adds a child and starts it; a simple_one_for_one supervisor takes more arguments instead.
-spec start_child(sup_ref(), child_spec() | [term()]) -> startchild_ret().
start_child(Supervisor, Spec) -> call(Supervisor, {start_child, Spec}).

%% Starts a child that is not running again.
-spec restart_child(sup_ref(), child_id()) -> {ok, child()} | {ok, child(), term()}
          | {error, term()}.
restart_child(Supervisor, Id) -> call(Supervisor, {restart_child, Id}).

%% Forgets a child that is not running.
-spec delete_child(sup_ref(), child_id()) -> ok | {error, term()}.
delete_child(Supervisor, Id) -> call(Supervisor, {delete_child, Id}).

%% Ends a child.
-spec terminate_child(sup_ref(), pid() | child_id()) -> ok | {error, term()}.
terminate_child(Supervisor, Id) -> call(Supervisor, {terminate_child, Id}).

%% Id, pid, type and modules of each child.
-spec which_children(sup_ref()) ->
          [{child_id() | undefined, child() | restarting, worker(), modules()}].
which_children(Supervisor) -> call(Supervisor, which_children).

%% How many children there are, by kind.
-spec count_children(sup_ref()) -> [{specs | active | supervisors | workers, non_neg_integer()}].
count_children(Supervisor) -> call(Supervisor, count_children).

%% The specification of a child, a map.
-spec get_childspec(sup_ref(), pid() | child_id()) -> {ok, child_spec()} | {error, not_found}.
get_childspec(Supervisor, Id) -> call(Supervisor, {get_childspec, Id}).

-spec get_callback_module(pid()) -> module().
get_callback_module(Pid) ->
    #state{module = Module} = sys:get_state(Pid),
    Module.

call(Supervisor, Request) -> gen_server:call(Supervisor, Request, infinity).

%% Whether child specifications are good.
-spec check_childspecs([child_spec()]) -> ok | {error, term()}.
check_childspecs(Specs) -> check_childspecs(Specs, undefined).

-spec check_childspecs([child_spec()], undefined | auto_shutdown()) -> ok | {error, term()}.
check_childspecs(Specs, Auto)
  when is_list(Specs), Auto =:= undefined orelse Auto =:= never orelse Auto =:= any_significant
       orelse Auto =:= all_significant ->
    case read_specs(Specs, Auto) of
        {ok, _} -> ok;
        Error -> {error, Error}
    end;
check_childspecs(Specs, Auto) when Auto =:= undefined; Auto =:= never;
                                   Auto =:= any_significant; Auto =:= all_significant ->
    {error, {badarg, Specs}};
check_childspecs(_, Auto) -> {error, {badarg, Auto}}.

%% ---- starting ----

%% Flags and child specifications: the callback, as gen_server calls it.
-spec init({sup_name() | self, module(), term()}) ->
          {ok, #state{}} | ignore | {stop, term()}.
init({Given, Module, Args}) ->
    process_flag(trap_exit, true),
    Name = case Given of
               self -> {self(), Module};
               _ -> Given
           end,
    case Module:init(Args) of
        {ok, {Flags, Specs}} ->
            case read_flags(Flags, #state{name = Name, module = Module, args = Args}) of
                {ok, State} -> init_children(State, Specs);
                Error -> {stop, {supervisor_data, Error}}
            end;
        ignore -> ignore;
        Other -> {stop, {bad_return, {Module, init, Other}}}
    end.

init_children(#state{strategy = simple_one_for_one} = State, Specs) ->
    case Specs of
        [Spec] ->
            case read_specs([Spec], State#state.auto_shutdown) of
                {ok, [Child]} -> {ok, State#state{template = Child}};
                Error -> {stop, {start_spec, Error}}
            end;
        _ -> {stop, {bad_start_spec, Specs}}
    end;
init_children(State, Specs) ->
    case read_specs(Specs, State#state.auto_shutdown) of
        {ok, Children} ->
            case start_all(Children, State) of
                {ok, NState} -> {ok, NState};
                {error, Id, Reason, NState} ->
                    _ = end_all(NState),
                    {stop, {shutdown, {failed_to_start_child, Id, Reason}}}
            end;
        Error -> {stop, {start_spec, Error}}
    end.

%% Starts children in order; temporary ones that are ignored are forgotten.
start_all([], State) -> {ok, State};
start_all([Child | Children], State) ->
    case start(Child, State) of
        {ok, undefined} when Child#child.restart =:= temporary -> start_all(Children, State);
        {ok, Pid} -> start_all(Children, add(Child#child{pid = Pid}, State));
        {ok, Pid, _} -> start_all(Children, add(Child#child{pid = Pid}, State));
        {error, Reason} ->
            report(start_error, Reason, Child, State),
            {error, Child#child.id, Reason, State}
    end.

add(#child{id = Id} = Child, #state{order = Order, children = Children} = State) ->
    State#state{order = [Id | Order], children = Children#{Id => Child}}.

put_child(#child{id = Id} = Child, #state{children = Children} = State) ->
    State#state{children = Children#{Id := Child}}.

forget(Id, #state{order = Order, children = Children} = State) ->
    State#state{order = lists:delete(Id, Order), children = maps:remove(Id, Children)}.

start(#child{mfargs = {M, F, A}} = Child, State) ->
    try apply(M, F, A) of
        {ok, Pid} when is_pid(Pid) -> progress(Child#child{pid = Pid}, State), {ok, Pid};
        {ok, Pid, Extra} when is_pid(Pid) ->
            progress(Child#child{pid = Pid}, State),
            {ok, Pid, Extra};
        ignore -> {ok, undefined};
        {error, Reason} -> {error, Reason};
        Other -> {error, Other}
    catch
        throw:{ok, Pid} when is_pid(Pid) -> {ok, Pid};
        throw:ignore -> {ok, undefined};
        throw:{error, Reason} -> {error, Reason};
        throw:Other -> {error, Other};
        exit:Reason -> {error, {'EXIT', Reason}};
        error:Reason:Stack -> {error, {'EXIT', {Reason, Stack}}}
    end.

%% ---- requests ----

-spec handle_call(term(), term(), #state{}) -> {reply, term(), #state{}}.
handle_call({start_child, Extra}, _, #state{strategy = simple_one_for_one} = State) ->
    #state{template = #child{mfargs = {M, F, A}} = Template, dynamic = Dynamic} = State,
    Args = A ++ Extra,
    case start(Template#child{mfargs = {M, F, Args}}, State) of
        {ok, undefined} -> {reply, {ok, undefined}, State};
        {ok, Pid} ->
            {reply, {ok, Pid}, State#state{dynamic = Dynamic#{Pid => kept(Template, Args)}}};
        {ok, Pid, Info} ->
            {reply, {ok, Pid, Info}, State#state{dynamic = Dynamic#{Pid => kept(Template, Args)}}};
        Error -> {reply, Error, State}
    end;
handle_call({start_child, Spec}, _, #state{auto_shutdown = Auto, children = Children} = State) ->
    case read_spec(Spec, Auto) of
        {ok, #child{id = Id} = Child} ->
            case Children of
                #{Id := #child{pid = Pid}} when is_pid(Pid) ->
                    {reply, {error, {already_started, Pid}}, State};
                #{Id := _} -> {reply, {error, already_present}, State};
                _ -> start_new(Child, State)
            end;
        Error -> {reply, {error, Error}, State}
    end;
handle_call({terminate_child, Pid}, _, #state{strategy = simple_one_for_one} = State) ->
    case find_dynamic(Pid, State) of
        {ok, Key} ->
            end_child(dynamic_child(Pid, State), State),
            {reply, ok, forget_dynamic(Key, State)};
        error when is_pid(Pid) ->
            %% One that has ended may have been a child.
            case is_process_alive(Pid) of
                true -> {reply, {error, not_found}, State};
                false -> {reply, ok, State}
            end;
        error -> {reply, {error, simple_one_for_one}, State}
    end;
handle_call({terminate_child, Id}, _, #state{children = Children} = State) ->
    case Children of
        #{Id := Child} ->
            end_child(Child, State),
            case Child#child.restart of
                temporary -> {reply, ok, forget(Id, State)};
                _ -> {reply, ok, put_child(Child#child{pid = undefined}, State)}
            end;
        _ -> {reply, {error, not_found}, State}
    end;
handle_call({get_childspec, Key}, _, #state{strategy = simple_one_for_one} = State) ->
    #state{template = #child{id = Id} = Template} = State,
    case Key =:= Id orelse is_pid(Key) andalso find_dynamic(Key, State) =/= error of
        true -> {reply, {ok, spec_of(Template)}, State};
        false -> {reply, {error, not_found}, State}
    end;
handle_call({get_childspec, Id}, _, #state{children = Children} = State) ->
    case Children of
        #{Id := Child} -> {reply, {ok, spec_of(Child)}, State};
        _ -> {reply, {error, not_found}, State}
    end;
handle_call(which_children, _, #state{strategy = simple_one_for_one} = State) ->
    #state{template = #child{type = Type, modules = Modules}, dynamic = Dynamic} = State,
    {reply, [{undefined, shown(Pid), Type, Modules} || Pid <- maps:keys(Dynamic)], State};
handle_call(which_children, _, #state{order = Order, children = Children} = State) ->
    {reply, [{Id, shown(Pid), Type, Modules}
             || Id <- Order,
                #child{pid = Pid, type = Type, modules = Modules} <- [maps:get(Id, Children)]],
     State};
handle_call(count_children, _, #state{strategy = simple_one_for_one} = State) ->
    #state{template = #child{type = Type}, dynamic = Dynamic} = State,
    Active = length([Pid || Pid <- maps:keys(Dynamic), is_pid(Pid), is_process_alive(Pid)]),
    Count = map_size(Dynamic),
    {Supervisors, Workers} = case Type of
                                 supervisor -> {Count, 0};
                                 worker -> {0, Count}
                             end,
    {reply, [{specs, 1}, {active, Active}, {supervisors, Supervisors}, {workers, Workers}], State};
handle_call(count_children, _, #state{children = Map} = State) ->
    Children = maps:values(Map),
    Active = length([C || #child{pid = Pid} = C <- Children, is_pid(Pid), is_process_alive(Pid)]),
    {reply, [{specs, length(Children)}, {active, Active},
             {supervisors, length([C || #child{type = supervisor} = C <- Children])},
             {workers, length([C || #child{type = worker} = C <- Children])}], State};
handle_call(_, _, #state{strategy = simple_one_for_one} = State) ->
    {reply, {error, simple_one_for_one}, State};
handle_call({restart_child, Id}, _, #state{children = Children} = State) ->
    case Children of
        #{Id := #child{pid = undefined} = Child} ->
            case start(Child, State) of
                {ok, Pid} -> {reply, {ok, Pid}, put_child(Child#child{pid = Pid}, State)};
                {ok, Pid, Info} ->
                    {reply, {ok, Pid, Info}, put_child(Child#child{pid = Pid}, State)};
                Error -> {reply, Error, State}
            end;
        #{Id := #child{pid = {restarting, _}}} -> {reply, {error, restarting}, State};
        #{Id := _} -> {reply, {error, running}, State};
        _ -> {reply, {error, not_found}, State}
    end;
handle_call({delete_child, Id}, _, #state{children = Children} = State) ->
    case Children of
        #{Id := #child{pid = undefined}} -> {reply, ok, forget(Id, State)};
        #{Id := #child{pid = {restarting, _}}} -> {reply, {error, restarting}, State};
        #{Id := _} -> {reply, {error, running}, State};
        _ -> {reply, {error, not_found}, State}
    end.

start_new(#child{restart = Restart, mfargs = {M, F, Args}} = Child, State) ->
    Started = Child#child{mfargs = {M, F, kept(Child, Args)}},
    case start(Child, State) of
        {ok, undefined} when Restart =:= temporary -> {reply, {ok, undefined}, State};
        {ok, Pid} -> {reply, {ok, Pid}, add(Started#child{pid = Pid}, State)};
        {ok, Pid, Info} -> {reply, {ok, Pid, Info}, add(Started#child{pid = Pid}, State)};
        {error, Reason} -> {reply, {error, {Reason, Child}}, State}
    end.

shown({restarting, _}) -> restarting;
shown(Pid) -> Pid.

%% Arguments are kept only for those that may have to start again.
kept(#child{restart = temporary}, _) -> undefined;
kept(_, Args) -> Args.

find_dynamic(Pid, #state{dynamic = Dynamic}) ->
    case Dynamic of
        #{Pid := _} -> {ok, Pid};
        #{{restarting, Pid} := _} -> {ok, {restarting, Pid}};
        _ -> error
    end.

dynamic_child(Pid, #state{template = Template}) -> Template#child{pid = Pid}.

forget_dynamic(Key, #state{dynamic = Dynamic} = State) ->
    State#state{dynamic = maps:remove(Key, Dynamic)}.

-spec handle_cast(term(), #state{}) -> {noreply, #state{}} | {stop, shutdown, #state{}}.
handle_cast({try_again_restart, Key}, #state{strategy = simple_one_for_one} = State) ->
    case State#state.dynamic of
        #{{restarting, Key} := Args} ->
            restarted(restart_dynamic({restarting, Key}, Args, State));
        _ -> {noreply, State}
    end;
handle_cast({try_again_restart, Id}, #state{children = Children} = State) ->
    case Children of
        #{Id := #child{pid = {restarting, _}} = Child} -> restarted(restart(Child, State));
        _ -> {noreply, State}
    end.

restarted({ok, State}) -> {noreply, State};
restarted({shutdown, State}) -> {stop, shutdown, State}.

-spec handle_info(term(), #state{}) -> {noreply, #state{}} | {stop, shutdown, #state{}}.
handle_info({'EXIT', Pid, Reason}, State) -> restarted(child_ended(Pid, Reason, State));
handle_info(Message, State) ->
    logger:log(error, "Supervisor received unexpected message: ~tp~n", [Message],
               #{domain => [otp], error_logger => #{tag => error}}),
    {noreply, State}.

%% ---- restarting ----

child_ended(Pid, Reason, #state{strategy = simple_one_for_one, dynamic = Dynamic} = State) ->
    case Dynamic of
        #{Pid := Args} ->
            #child{mfargs = {M, F, _}} = Template = State#state.template,
            Child = Template#child{pid = Pid, mfargs = {M, F, Args}},
            case wants_restart(Child, Reason) of
                true ->
                    report(child_terminated, Reason, Child, State),
                    restart_dynamic(Pid, Args, State);
                false ->
                    _ = [report(child_terminated, Reason, Child, State)
                         || is_abnormal(Reason), Child#child.restart =/= transient],
                    auto_shutdown(Child, forget_dynamic(Pid, State))
            end;
        _ -> {ok, State}
    end;
child_ended(Pid, Reason, #state{children = Children} = State) ->
    case [Child || #child{pid = P} = Child <- maps:values(Children), P =:= Pid] of
        [Child | _] ->
            case wants_restart(Child, Reason) of
                true ->
                    report(child_terminated, Reason, Child, State),
                    restart(Child, State);
                false ->
                    _ = [report(child_terminated, Reason, Child, State) || is_abnormal(Reason)],
                    auto_shutdown(Child, gone(Child, State))
            end;
        [] -> {ok, State}
    end.

gone(#child{restart = temporary, id = Id}, State) -> forget(Id, State);
gone(Child, State) -> put_child(Child#child{pid = undefined}, State).

wants_restart(#child{restart = permanent}, _) -> true;
wants_restart(#child{restart = temporary}, _) -> false;
wants_restart(#child{restart = transient}, Reason) -> is_abnormal(Reason).

is_abnormal(normal) -> false;
is_abnormal(shutdown) -> false;
is_abnormal({shutdown, _}) -> false;
is_abnormal(_) -> true.

%% A significant child has ended for good.
auto_shutdown(_, #state{auto_shutdown = never} = State) -> {ok, State};
auto_shutdown(#child{significant = false}, State) -> {ok, State};
auto_shutdown(_, #state{auto_shutdown = any_significant} = State) -> {shutdown, State};
auto_shutdown(_, #state{strategy = simple_one_for_one, dynamic = Dynamic} = State) ->
    {if map_size(Dynamic) =:= 0 -> shutdown; true -> ok end, State};
auto_shutdown(_, #state{auto_shutdown = all_significant, children = Children} = State) ->
    Left = [C || #child{significant = true, pid = Pid} = C <- maps:values(Children),
                 Pid =/= undefined],
    case Left of
        [] -> {shutdown, State};
        _ -> {ok, State}
    end.

%% A start that fails again counts as another restart, after other messages had their turn.
restart(Child, State) ->
    case count_restart(State) of
        {ok, NState} -> restart_by(NState#state.strategy, Child, NState);
        {too_many, NState} ->
            report(shutdown, reached_max_restart_intensity, Child, NState),
            {shutdown, gone_for_good(Child, NState)}
    end.

gone_for_good(#child{restart = temporary, id = Id}, State) -> forget(Id, State);
gone_for_good(Child, State) -> put_child(Child#child{pid = undefined}, State).

restart_by(one_for_one, Child, State) ->
    case start(Child, State) of
        {ok, Pid} -> {ok, put_child(Child#child{pid = Pid}, State)};
        {ok, Pid, _} -> {ok, put_child(Child#child{pid = Pid}, State)};
        {error, Reason} ->
            report(start_error, Reason, Child, State),
            again(Child#child.id, Child#child.pid, State)
    end;
restart_by(rest_for_one, #child{id = Id} = Child, #state{order = Order} = State) ->
    %% Newest first: those started after it, and itself.
    {After, [Id | _]} = lists:splitwith(fun(Other) -> Other =/= Id end, Order),
    restart_many(Child, After ++ [Id], State);
restart_by(one_for_all, Child, #state{order = Order} = State) ->
    restart_many(Child, Order, State).

%% Ids: newest first. Ends them in this order, then starts them in reverse.
restart_many(Failed, Ids, State0) ->
    State1 = put_child(Failed#child{pid = undefined}, State0),
    State2 = lists:foldl(fun end_for_restart/2, State1, Ids),
    Left = [Id || Id <- lists:reverse(Ids), is_map_key(Id, State2#state.children)],
    start_again(Left, Failed, State2).

end_for_restart(Id, #state{children = Children} = State) ->
    Child = maps:get(Id, Children),
    end_child(Child, State),
    case Child#child.restart of
        temporary -> forget(Id, State);
        _ -> put_child(Child#child{pid = undefined}, State)
    end.

start_again([], _, State) -> {ok, State};
start_again([Id | Ids], Failed, #state{children = Children} = State) ->
    Child = maps:get(Id, Children),
    case start(Child, State) of
        {ok, Pid} -> start_again(Ids, Failed, put_child(Child#child{pid = Pid}, State));
        {ok, Pid, _} -> start_again(Ids, Failed, put_child(Child#child{pid = Pid}, State));
        {error, Reason} ->
            report(start_error, Reason, Child, State),
            again(Id, case Failed of #child{id = Id, pid = Before} -> Before; _ -> undefined end, State)
    end.

%% Before: its pid, or {restarting, Pid}.
again(Id, Before, #state{children = Children} = State) ->
    Child = maps:get(Id, Children),
    Old = case Before of
              {restarting, Pid} -> Pid;
              _ -> Before
          end,
    gen_server:cast(self(), {try_again_restart, Id}),
    {ok, put_child(Child#child{pid = {restarting, Old}}, State)}.

restart_dynamic(Key, Args, State) ->
    #state{template = #child{mfargs = {M, F, _}} = Template} = State,
    Pid = case Key of {restarting, Old} -> Old; _ -> Key end,
    Child = Template#child{pid = Key, mfargs = {M, F, Args}},
    case count_restart(State) of
        {ok, NState} ->
            Left = forget_dynamic(Key, NState),
            Dynamic = Left#state.dynamic,
            case start(Child, NState) of
                {ok, undefined} -> {ok, Left};
                {ok, New} -> {ok, Left#state{dynamic = Dynamic#{New => Args}}};
                {ok, New, _} -> {ok, Left#state{dynamic = Dynamic#{New => Args}}};
                {error, Reason} ->
                    report(start_error, Reason, Child, NState),
                    gen_server:cast(self(), {try_again_restart, Pid}),
                    {ok, Left#state{dynamic = Dynamic#{{restarting, Pid} => Args}}}
            end;
        {too_many, NState} ->
            report(shutdown, reached_max_restart_intensity, Child, NState),
            {shutdown, forget_dynamic(Key, NState)}
    end.

%% At most `intensity` restarts in `period` seconds.
count_restart(#state{intensity = Most, period = Period, restarts = Restarts} = State) ->
    Now = erlang:monotonic_time(second),
    {Count, Times} = drop_old(Now - Period, Restarts),
    NState = State#state{restarts = {Count + 1, queue:in(Now, Times)}},
    case Count < Most of
        true -> {ok, NState};
        false -> {too_many, NState}
    end.

drop_old(Since, {Count, Times} = Restarts) ->
    case queue:peek(Times) of
        {value, Time} when Time < Since -> drop_old(Since, {Count - 1, queue:drop(Times)});
        _ -> Restarts
    end.

%% ---- ending ----

-spec terminate(term(), #state{}) -> ok.
terminate(_, #state{strategy = simple_one_for_one} = State) -> end_dynamic(State);
terminate(_, State) ->
    _ = end_all(State),
    ok.

end_all(#state{order = Order, children = Children} = State) ->
    lists:foreach(fun(Id) -> end_child(maps:get(Id, Children), State) end, Order).

end_child(#child{pid = Pid} = Child, State) when is_pid(Pid) ->
    case shutdown(Child) of
        ok -> ok;
        {error, normal} when Child#child.restart =/= permanent -> ok;
        {error, Reason} -> report(shutdown_error, Reason, Child, State)
    end;
end_child(_, _) -> ok.

%% Ends a child and waits: ok, or how it ended instead.
shutdown(#child{pid = Pid, shutdown = How}) ->
    Ref = monitor(process, Pid),
    case How of
        brutal_kill ->
            unlink_flush(Pid),
            exit(Pid, kill),
            receive
                {'DOWN', Ref, process, Pid, killed} -> ok;
                {'DOWN', Ref, process, Pid, Reason} -> {error, Reason}
            end;
        _ ->
            exit(Pid, shutdown),
            receive
                {'DOWN', Ref, process, Pid, Reason} -> ended(Pid, Reason)
            after How ->
                    exit(Pid, kill),
                    receive {'DOWN', Ref, process, Pid, Reason} -> ended(Pid, Reason) end
            end
    end.

%% The exit signal of the link says why, if the process was gone before.
ended(Pid, Down) ->
    unlink(Pid),
    Reason = receive {'EXIT', Pid, Why} -> Why after 0 -> Down end,
    case Reason of
        shutdown -> ok;
        {shutdown, _} -> ok;
        noproc -> ok;
        _ -> {error, Reason}
    end.

unlink_flush(Pid) ->
    unlink(Pid),
    receive {'EXIT', Pid, _} -> ok after 0 -> ok end.

%% All at once, then waits for each.
end_dynamic(#state{template = #child{shutdown = How} = Template, dynamic = Dynamic} = State) ->
    Pids = [Pid || Pid <- maps:keys(Dynamic), is_pid(Pid)],
    Watched = maps:from_list([{monitor(process, Pid), Pid} || Pid <- Pids]),
    Signal = case How of brutal_kill -> kill; _ -> shutdown end,
    lists:foreach(fun(Pid) ->
                          unlink(Pid),
                          exit(Pid, Signal)
                  end, Pids),
    Timer = case How of
                _ when is_integer(How), map_size(Watched) > 0 ->
                    erlang:start_timer(How, self(), kill);
                _ -> none
            end,
    Errors = wait_dynamic(Watched, Signal, Timer, []),
    %% One report for all that ended for the same reason.
    Count = fun({_, Reason}, Counts) -> Counts#{Reason => maps:get(Reason, Counts, 0) + 1} end,
    _ = [report(shutdown_error, Reason, Template#child{pid = {many, N}}, State)
         || {Reason, N} <- maps:to_list(lists:foldl(Count, #{}, Errors))],
    _ = [erlang:cancel_timer(Timer) || Timer =/= none],
    ok.

wait_dynamic(Watched, _, _, Errors) when map_size(Watched) =:= 0 -> Errors;
wait_dynamic(Watched, Signal, Timer, Errors) ->
    receive
        {'DOWN', Ref, process, Pid, Reason} when is_map_key(Ref, Watched) ->
            Left = maps:remove(Ref, Watched),
            case Reason of
                shutdown when Signal =:= shutdown -> wait_dynamic(Left, Signal, Timer, Errors);
                {shutdown, _} when Signal =:= shutdown ->
                    wait_dynamic(Left, Signal, Timer, Errors);
                killed when Signal =:= kill -> wait_dynamic(Left, Signal, Timer, Errors);
                noproc -> wait_dynamic(Left, Signal, Timer, Errors);
                _ -> wait_dynamic(Left, Signal, Timer, [{Pid, Reason} | Errors])
            end;
        {timeout, Timer, kill} ->
            lists:foreach(fun(Pid) -> exit(Pid, kill) end, maps:values(Watched)),
            wait_dynamic(Watched, Signal, Timer, Errors)
    end.

%% ---- a new version of the code ----

-spec code_change(term(), #state{}, term()) -> {ok, #state{}} | {error, term()}.
code_change(_, #state{module = Module, args = Args} = State, _) ->
    case Module:init(Args) of
        {ok, {Flags, Specs}} ->
            case read_flags(Flags, State) of
                {ok, NState} -> changed_specs(Specs, NState);
                {invalid_type, Flags} -> {error, {bad_flags, Flags}};
                Error -> {error, Error}
            end;
        ignore -> {ok, State};
        Error -> Error
    end.

changed_specs([Spec], #state{strategy = simple_one_for_one} = State) ->
    case read_spec(Spec, State#state.auto_shutdown) of
        {ok, Child} -> {ok, State#state{template = Child}};
        Error -> {error, Error}
    end;
changed_specs(Specs, #state{strategy = simple_one_for_one}) -> {error, {bad_start_spec, Specs}};
changed_specs(Specs, #state{order = Order, children = Children} = State) ->
    case read_specs(Specs, State#state.auto_shutdown) of
        {ok, Read} ->
            New = [keep_pid(Child, Children) || Child <- Read],
            Ids = [Id || #child{id = Id} <- New],
            Others = [Id || Id <- Order, not lists:member(Id, Ids)],
            Map = maps:merge(Children, maps:from_list([{Id, C} || #child{id = Id} = C <- New])),
            {ok, State#state{order = Others ++ lists:reverse(Ids), children = Map}};
        Error -> {error, Error}
    end.

keep_pid(#child{id = Id} = Child, Children) ->
    case Children of
        #{Id := #child{pid = Pid}} -> Child#child{pid = Pid};
        _ -> Child
    end.

%% ---- reading flags and specifications ----

read_flags({Strategy, Intensity, Period}, State) ->
    read_flags(#{strategy => Strategy, intensity => Intensity, period => Period}, State);
read_flags(Flags, State) when is_map(Flags) ->
    #{strategy := Strategy, intensity := Intensity, period := Period, auto_shutdown := Auto} =
        maps:merge(#{strategy => one_for_one, intensity => 1, period => 5,
                     auto_shutdown => never}, Flags),
    try
        check(lists:member(Strategy, [one_for_one, one_for_all, rest_for_one,
                                      simple_one_for_one]), {invalid_strategy, Strategy}),
        check(is_integer(Intensity) andalso Intensity >= 0, {invalid_intensity, Intensity}),
        check(is_integer(Period) andalso Period > 0, {invalid_period, Period}),
        check(lists:member(Auto, [never, any_significant, all_significant]),
              {invalid_auto_shutdown, Auto}),
        {ok, State#state{strategy = Strategy, intensity = Intensity, period = Period,
                         auto_shutdown = Auto}}
    catch throw:Error -> Error
    end;
read_flags(Flags, _) -> {invalid_type, Flags}.

check(true, _) -> ok;
check(false, Error) -> throw(Error).

read_specs(Specs, Auto) when is_list(Specs) -> read_specs(Specs, Auto, []).

read_specs([], _, Read) -> {ok, lists:reverse(Read)};
read_specs([Spec | Specs], Auto, Read) ->
    case read_spec(Spec, Auto) of
        {ok, #child{id = Id} = Child} ->
            case lists:keymember(Id, #child.id, Read) of
                true -> {duplicate_child_name, Id};
                false -> read_specs(Specs, Auto, [Child | Read])
            end;
        Error -> Error
    end.

read_spec({Id, Start, Restart, Shutdown, Type, Modules}, Auto) ->
    read_spec(#{id => Id, start => Start, restart => Restart, shutdown => Shutdown, type => Type,
                modules => Modules}, Auto);
read_spec(Spec, Auto) when is_map(Spec) ->
    try {ok, read_map(Spec, Auto)}
    catch throw:Error -> Error
    end;
read_spec(Spec, _) -> {invalid_child_spec, Spec}.

read_map(Spec, Auto) ->
    Id = case Spec of #{id := I} -> I; _ -> throw(missing_id) end,
    Start = case Spec of #{start := S} -> S; _ -> throw(missing_start) end,
    case Start of
        {M, F, A} when is_atom(M), is_atom(F), is_list(A) -> ok;
        _ -> throw({invalid_mfa, Start})
    end,
    Restart = maps:get(restart, Spec, permanent),
    Type = maps:get(type, Spec, worker),
    Significant = maps:get(significant, Spec, false),
    Default = case Type of supervisor -> infinity; _ -> 5000 end,
    Shutdown = maps:get(shutdown, Spec, Default),
    Modules = maps:get(modules, Spec, [element(1, Start)]),
    check(lists:member(Restart, [permanent, transient, temporary]),
          {invalid_restart_type, Restart}),
    check(is_boolean(Significant), {invalid_significant, Significant}),
    check(not (Significant =:= true andalso Auto =:= never), {bad_combination,
                                                             [{auto_shutdown, Auto},
                                                              {significant, Significant}]}),
    check(not (Significant =:= true andalso Restart =:= permanent),
          {bad_combination, [{restart, Restart}, {significant, Significant}]}),
    check(Type =:= worker orelse Type =:= supervisor, {invalid_child_type, Type}),
    check(Shutdown =:= brutal_kill orelse Shutdown =:= infinity
          orelse is_integer(Shutdown) andalso Shutdown >= 0, {invalid_shutdown, Shutdown}),
    check_modules(Modules),
    #child{id = Id, mfargs = Start, restart = Restart, significant = Significant,
           shutdown = Shutdown, type = Type, modules = Modules}.

check_modules(dynamic) -> ok;
check_modules(Modules) when is_list(Modules) ->
    lists:foreach(fun(Module) -> check(is_atom(Module), {invalid_module, Module}) end, Modules);
check_modules(Modules) -> throw({invalid_modules, Modules}).

spec_of(#child{id = Id, mfargs = Start, restart = Restart, significant = Significant,
               shutdown = Shutdown, type = Type, modules = Modules}) ->
    #{id => Id, start => Start, restart => Restart, significant => Significant,
      shutdown => Shutdown, type => Type, modules => Modules}.

%% ---- reports ----

report(Context, Reason, Child, #state{name = Name}) ->
    logger:log(error,
               #{label => {?MODULE, Context},
                 report => [{supervisor, Name}, {errorContext, Context}, {reason, Reason},
                            {offender, offender(Child)}]},
               #{domain => [otp, sasl], report_cb => fun ?MODULE:format_log/2,
                 logger_formatter => #{title => "SUPERVISOR REPORT"},
                 error_logger => #{tag => error_report, type => supervisor_report,
                                   report_cb => fun ?MODULE:format_log/1}}).

%% There may be any number of dynamic children: they are not told.
progress(_, #state{strategy = simple_one_for_one}) -> ok;
progress(Child, #state{name = Name}) ->
    logger:log(info,
               #{label => {?MODULE, progress},
                 report => [{supervisor, Name}, {started, offender(Child)}]},
               #{domain => [otp, sasl], report_cb => fun ?MODULE:format_log/2,
                 logger_formatter => #{title => "PROGRESS REPORT"},
                 error_logger => #{tag => info_report, type => progress,
                                   report_cb => fun ?MODULE:format_log/1}}).

offender(#child{pid = {many, N}} = Child) ->
    [{nb_children, N} | tl(offender(Child#child{pid = undefined}))];
offender(#child{pid = Pid, id = Id, mfargs = Start, restart = Restart, significant = Significant,
                shutdown = Shutdown, type = Type}) ->
    [{pid, Pid}, {id, Id}, {mfargs, Start}, {restart_type, Restart}, {significant, Significant},
     {shutdown, Shutdown}, {child_type, Type}].

-spec format_log(map()) -> {io:format(), [term()]}.
format_log(#{report := Report}) -> muster_log_text:format(on_lines(Report, fun muster_log_text:term/1)).

-spec format_log(map(), map()) -> unicode:chardata().
format_log(#{report := Report}, Extra) ->
    P = fun muster_log_text:term/1,
    Parts = case muster_log_text:is_single(Extra) of
                true -> on_line(Report, P);
                false -> on_lines(Report, P)
            end,
    muster_log_text:text(Parts, Extra).

on_line([{supervisor, Name}, {started, Child}], P) ->
    ["Supervisor: ", P(Name), ". Started: ", short(Child, P), $.];
on_line([{supervisor, Name}, {errorContext, Context}, {reason, Reason}, {offender, Child}], P) ->
    ["Supervisor: ", P(Name), ". Context: ", P(Context), ". Reason: ", P(Reason), ". Offender: ",
     short(Child, P), $.].

%% The child by its id and pid, or how many there are; a bridge's by what it is.
short(Child, P) ->
    Items = [{Key, Value} || Key <- [id, nb_children, pid, mod, mfa],
                             {_, Value} <- [lists:keyfind(Key, 1, Child)]],
    lists:join($,, [[atom_to_list(Key), $=, P(Value)] || {Key, Value} <- Items]).

on_lines(Report, P) -> [["    ", atom_to_list(Key), ": ", P(Value), newline] || {Key, Value} <- Report].
