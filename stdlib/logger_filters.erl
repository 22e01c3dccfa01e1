%% Filters for logger that are of general use.
-module(logger_filters).
-export([domain/2, level/2, progress/2, remote_gl/2]).

-type event() :: logger:log_event().

-define(IS_ACTION(A), (A =:= log orelse A =:= stop)).
-define(IS_LEVEL(L), (L =:= emergency orelse L =:= alert orelse L =:= critical orelse L =:= error orelse
                      L =:= warning orelse L =:= notice orelse L =:= info orelse L =:= debug)).

%% {Action, super | sub | equal | not_equal | undefined, Domain}
-spec domain(event(), {log | stop, atom(), [atom()]}) -> logger:filter_return().
domain(#{meta := Meta} = Event, {Action, Compare, Match})
  when ?IS_ACTION(Action), is_list(Match),
       Compare =:= super orelse Compare =:= sub orelse Compare =:= equal orelse
       Compare =:= not_equal orelse Compare =:= undefined ->
    act(compare_domain(Compare, maps:get(domain, Meta, undefined), Match), Action, Event);
domain(Event, Arg) -> error(badarg, [Event, Arg]).

compare_domain(undefined, Domain, _) -> Domain =:= undefined;
compare_domain(not_equal, Domain, Match) -> Domain =/= Match;
compare_domain(_, Domain, _) when not is_list(Domain) -> false;
compare_domain(equal, Domain, Match) -> Domain =:= Match;
compare_domain(sub, Domain, Match) -> lists:prefix(Match, Domain);
compare_domain(super, Domain, Match) -> lists:prefix(Domain, Match).

%% {Action, neq | eq | lt | gt | lteq | gteq, Level}
-spec level(event(), {log | stop, atom(), logger:level()}) -> logger:filter_return().
level(#{level := Level} = Event, {Action, Compare, Match})
  when ?IS_ACTION(Action), ?IS_LEVEL(Match),
       Compare =:= neq orelse Compare =:= eq orelse Compare =:= lt orelse Compare =:= gt orelse
       Compare =:= lteq orelse Compare =:= gteq ->
    Order = logger:compare_levels(Level, Match),
    Holds = case Compare of
                eq -> Order =:= eq;
                neq -> Order =/= eq;
                lt -> Order =:= lt;
                gt -> Order =:= gt;
                lteq -> Order =/= gt;
                gteq -> Order =/= lt
            end,
    act(Holds, Action, Event);
level(Event, Arg) -> error(badarg, [Event, Arg]).

-spec progress(event(), log | stop) -> logger:filter_return().
progress(#{msg := {report, #{label := {_, progress}}}} = Event, Action) when ?IS_ACTION(Action) ->
    act(true, Action, Event);
progress(_, Action) when ?IS_ACTION(Action) -> ignore;
progress(Event, Action) -> error(badarg, [Event, Action]).

%% From a process whose group leader is at another node.
-spec remote_gl(event(), log | stop) -> logger:filter_return().
remote_gl(#{meta := #{gl := Leader}} = Event, Action)
  when ?IS_ACTION(Action), node(Leader) =/= node() ->
    act(true, Action, Event);
remote_gl(_, Action) when ?IS_ACTION(Action) -> ignore;
remote_gl(Event, Action) -> error(badarg, [Event, Action]).

act(true, log, Event) -> Event;
act(true, stop, _) -> stop;
act(false, _, _) -> ignore.
