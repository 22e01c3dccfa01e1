%% Named groups of processes. A process may be in a group several times; one that ends leaves.
-module(pg).
-behaviour(gen_server).
-export([start/1, start_link/0, start_link/1, join/2, join/3, leave/2, leave/3,
         monitor/1, monitor/2, monitor_scope/0, monitor_scope/1, demonitor/1, demonitor/2,
         get_members/1, get_members/2, get_local_members/1, get_local_members/2,
         which_groups/0, which_groups/1, which_local_groups/0, which_local_groups/1]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).
-compile({no_auto_import, [monitor/2, demonitor/1, demonitor/2]}).

-define(DEFAULT, ?MODULE).

%% groups: the newest member first. members: by pid, its monitor and groups.
-record(state, {scope, groups = #{} :: #{term() => [pid()]},
                members = #{} :: #{pid() => {reference(), [term()]}},
                watchers = #{} :: #{reference() => {pid(), all | {group, term()}}}}).

%% Starts a scope.
-spec start(atom()) -> {ok, pid()} | {error, term()}.
start(Scope) when is_atom(Scope) -> gen_server:start({local, Scope}, ?MODULE, [Scope], []).

%% Starts a scope that is linked to who starts it.
-spec start_link() -> {ok, pid()} | {error, term()}.
start_link() -> start_link(?DEFAULT).

-spec start_link(atom()) -> {ok, pid()} | {error, term()}.
start_link(Scope) when is_atom(Scope) ->
    gen_server:start_link({local, Scope}, ?MODULE, [Scope], []).

%% Adds processes to a group.
-spec join(term(), pid() | [pid()]) -> ok.
join(Group, Pids) -> join(?DEFAULT, Group, Pids).

-spec join(atom(), term(), pid() | [pid()]) -> ok.
join(Scope, Group, Pids) ->
    check(Pids, [Scope, Group, Pids]),
    call(Scope, {join, Group, listed(Pids)}).

%% Takes processes out of a group.
-spec leave(term(), pid() | [pid()]) -> ok | not_joined.
leave(Group, Pids) -> leave(?DEFAULT, Group, Pids).

-spec leave(atom(), term(), pid() | [pid()]) -> ok | not_joined.
leave(Scope, Group, Pids) ->
    check(Pids, [Scope, Group, Pids]),
    call(Scope, {leave, Group, listed(Pids)}).

check(Pid, _) when is_pid(Pid), node(Pid) =:= node() -> ok;
check(Pids, Args) when is_list(Pids) ->
    case lists:dropwhile(fun(Pid) -> is_pid(Pid) andalso node(Pid) =:= node() end, Pids) of
        [] -> ok;
        [Pid | _] -> error({nolocal, Pid}, Args)
    end;
check(Pid, Args) -> error({nolocal, Pid}, Args).

listed(Pid) when is_pid(Pid) -> [Pid];
listed(Pids) -> Pids.

%% All groups, and messages of who joins and leaves.
-spec monitor_scope() -> {reference(), #{term() => [pid()]}}.
monitor_scope() -> monitor_scope(?DEFAULT).

-spec monitor_scope(atom()) -> {reference(), #{term() => [pid()]}}.
monitor_scope(Scope) -> call(Scope, {watch, all, self()}).

%% The members of a group, and messages of who joins and leaves.
-spec monitor(term()) -> {reference(), [pid()]}.
monitor(Group) -> monitor(?DEFAULT, Group).

-spec monitor(atom(), term()) -> {reference(), [pid()]}.
monitor(Scope, Group) -> call(Scope, {watch, {group, Group}, self()}).

%% Ends a subscription: what it has not told is dropped.
-spec demonitor(reference()) -> ok | false.
demonitor(Ref) -> demonitor(?DEFAULT, Ref).

-spec demonitor(atom(), reference()) -> ok | false.
demonitor(Scope, Ref) ->
    case call(Scope, {unwatch, Ref}) of
        ok ->
            flush(Ref),
            ok;
        false -> false
    end.

flush(Ref) ->
    receive
        {Ref, Change, _, _} when Change =:= join; Change =:= leave -> flush(Ref)
    after 0 -> ok
    end.

%% The members of a group.
-spec get_members(term()) -> [pid()].
get_members(Group) -> get_members(?DEFAULT, Group).
-spec get_members(atom(), term()) -> [pid()].
get_members(Scope, Group) -> ask(Scope, {members, Group}).
%% The members of a group at this node.
-spec get_local_members(term()) -> [pid()].
get_local_members(Group) -> get_members(?DEFAULT, Group).
-spec get_local_members(atom(), term()) -> [pid()].
get_local_members(Scope, Group) -> get_members(Scope, Group).
%% The groups that have members.
-spec which_groups() -> [term()].
which_groups() -> which_groups(?DEFAULT).
-spec which_groups(atom()) -> [term()].
which_groups(Scope) -> ask(Scope, groups).
-spec which_local_groups() -> [term()].
which_local_groups() -> which_groups(?DEFAULT).
-spec which_local_groups(atom()) -> [term()].
which_local_groups(Scope) -> which_groups(Scope).

call(Scope, Request) -> gen_server:call(Scope, Request, infinity).

%% A scope that does not run has no groups.
ask(Scope, Request) ->
    case whereis(Scope) of
        undefined -> [];
        Pid -> call(Pid, Request)
    end.

-spec init([atom()]) -> {ok, #state{}}.
init([Scope]) -> {ok, #state{scope = Scope}}.

-spec handle_call(term(), {pid(), term()}, #state{}) -> {reply, term(), #state{}}.
handle_call({join, Group, Pids}, _, State0) ->
    State = lists:foldl(fun(Pid, S) -> add(Group, Pid, S) end, State0, Pids),
    tell(join, Group, Pids, State),
    {reply, ok, State};
handle_call({leave, Group, Pids}, _, #state{members = Members} = State0) ->
    Left = [Pid || Pid <- Pids, is_in(Group, Pid, Members)],
    State = lists:foldl(fun(Pid, S) -> drop(Group, Pid, S) end, State0, Left),
    tell(leave, Group, Left, State),
    {reply, case Left of [] -> not_joined; _ -> ok end, State};
handle_call({members, Group}, _, #state{groups = Groups} = State) ->
    {reply, maps:get(Group, Groups, []), State};
handle_call(groups, _, #state{groups = Groups} = State) -> {reply, maps:keys(Groups), State};
handle_call({watch, What, Pid}, _, #state{groups = Groups, watchers = Watchers} = State) ->
    Ref = erlang:monitor(process, Pid),
    Now = case What of
              all -> Groups;
              {group, Group} -> maps:get(Group, Groups, [])
          end,
    {reply, {Ref, Now}, State#state{watchers = Watchers#{Ref => {Pid, What}}}};
handle_call({unwatch, Ref}, _, #state{watchers = Watchers} = State) ->
    case maps:take(Ref, Watchers) of
        {_, Left} ->
            erlang:demonitor(Ref, [flush]),
            {reply, ok, State#state{watchers = Left}};
        error -> {reply, false, State}
    end.

-spec handle_cast(term(), #state{}) -> {noreply, #state{}}.
handle_cast(_, State) -> {noreply, State}.

-spec handle_info(term(), #state{}) -> {noreply, #state{}}.
handle_info({'DOWN', Ref, process, Pid, _}, #state{members = Members, watchers = W} = State) ->
    case W of
        #{Ref := _} -> {noreply, State#state{watchers = maps:remove(Ref, W)}};
        _ ->
            case Members of
                #{Pid := {Ref, Groups}} ->
                    {noreply, lists:foldl(fun(Group, S0) ->
                                                  S = drop(Group, Pid, S0),
                                                  tell(leave, Group, [Pid], S),
                                                  S
                                          end, State, Groups)};
                _ -> {noreply, State}
            end
    end;
handle_info(_, State) -> {noreply, State}.

is_in(Group, Pid, Members) ->
    case Members of
        #{Pid := {_, Groups}} -> lists:member(Group, Groups);
        _ -> false
    end.

add(Group, Pid, #state{groups = Groups, members = Members} = State) ->
    {Ref, Of} = case Members of
                    #{Pid := Known} -> Known;
                    _ -> {erlang:monitor(process, Pid), []}
                end,
    State#state{groups = Groups#{Group => [Pid | maps:get(Group, Groups, [])]},
                members = Members#{Pid => {Ref, [Group | Of]}}}.

drop(Group, Pid, #state{groups = Groups, members = Members} = State) ->
    {Ref, Of} = maps:get(Pid, Members),
    NGroups = case lists:delete(Pid, maps:get(Group, Groups)) of
                  [] -> maps:remove(Group, Groups);
                  Left -> Groups#{Group := Left}
              end,
    NMembers = case lists:delete(Group, Of) of
                   [] ->
                       erlang:demonitor(Ref, [flush]),
                       maps:remove(Pid, Members);
                   Others -> Members#{Pid := {Ref, Others}}
               end,
    State#state{groups = NGroups, members = NMembers}.

tell(_, _, [], _) -> ok;
tell(Change, Group, Pids, #state{watchers = Watchers}) ->
    maps:foreach(fun(Ref, {Pid, What}) when What =:= all; What =:= {group, Group} ->
                         Pid ! {Ref, Change, Group, Pids};
                    (_, _) -> ok
                 end, Watchers).
