%% Filters for logger that are of general use.
-module(logger_filters).
-export([domain/2, level/2, progress/2, remote_gl/2]).

-type event() :: logger:log_event().

%% {Action, super | sub | equal | not_equal | undefined, Domain}
-spec domain(event(), {log | stop, atom(), [atom()]}) -> logger:filter_return().
domain(#{meta := Meta} = Event, {Action, Compare, Match}) when is_list(Match) ->
    act(compare_domain(Compare, maps:get(domain, Meta, undefined), Match), Action, Event);
domain(Event, Arg) -> error(badarg, [Event, Arg]).

compare_domain(undefined, Domain, _) -> Domain =:= undefined;
compare_domain(not_equal, Domain, Match) -> Domain =/= Match;
compare_domain(_, undefined, _) -> false;
compare_domain(equal, Domain, Match) -> Domain =:= Match;
compare_domain(sub, Domain, Match) -> lists:prefix(Match, Domain);
compare_domain(super, Domain, Match) -> lists:prefix(Domain, Match).

%% {Action, neq | eq | lt | gt | lteq | gteq, Level}
-spec level(event(), {log | stop, atom(), logger:level()}) -> logger:filter_return().
level(#{level := Level} = Event, {Action, Compare, Match}) ->
    Order = logger:compare_levels(Level, Match),
    Holds = case Compare of
                eq -> Order =:= eq;
                neq -> Order =/= eq;
                lt -> Order =:= lt;
                gt -> Order =:= gt;
                lteq -> Order =/= gt;
                gteq -> Order =/= lt
            end,
    act(Holds, Action, Event).

-spec progress(event(), log | stop) -> logger:filter_return().
progress(#{msg := {report, #{label := {_, progress}}}} = Event, Action) ->
    act(true, Action, Event);
progress(_, _) -> ignore.

%% From a process whose group leader is at another node.
-spec remote_gl(event(), log | stop) -> logger:filter_return().
remote_gl(#{meta := #{gl := Leader}} = Event, Action) when node(Leader) =/= node() ->
    act(true, Action, Event);
remote_gl(_, _) -> ignore.

act(true, log, Event) -> Event;
act(true, stop, _) -> stop;
act(false, _, _) -> ignore.
