%% Tables with write_concurrency and read_concurrency, changed by many processes at once while others walk over
%% them: nothing is lost, nothing is seen twice, and the number of objects is right at the end.
-module(ets_stripes_lose_nothing).
-export([main/0]).

main() ->
    Options = [[], [{write_concurrency, true}], [{read_concurrency, true}],
               [{write_concurrency, auto}, {read_concurrency, true}]],
    [io:format("~w ~w ~w~n", [Type, Opts, table(Type, Opts)])
     || Type <- [set, ordered_set, bag, duplicate_bag], Opts <- Options].

table(Type, Opts) ->
    T = ets:new(t, [Type, public | Opts]),
    Walkers = [spawn_link(fun() -> walk(T) end) || _ <- [1, 2]],
    all([fun() -> [ets:insert(T, {{W, I}, I}) || I <- lists:seq(1, 2000)] end || W <- lists:seq(1, 6)]),
    12000 = ets:info(T, size),
    Counted = case Type of
        T1 when T1 =:= set; T1 =:= ordered_set ->
            all([fun() -> [ets:update_counter(T, {count, I rem 50}, 1, {none, 0}) || I <- lists:seq(1, 2000)] end
                 || _ <- lists:seq(1, 6)]),
            lists:sum([N || {{count, _}, N} <- ets:tab2list(T)]);
        _ ->
            0
    end,
    all([fun() -> [begin [{_, I} | _] = ets:lookup(T, {W, I}), true = ets:member(T, {W, I}) end || I <- lists:seq(1, 2000)] end
         || W <- lists:seq(1, 6)]),
    Many = ets:info(T, size),
    true = length(ets:tab2list(T)) =:= Many,
    all([fun() -> [take(T, {W, I}, I) || I <- lists:seq(1, 2000)] end || W <- lists:seq(1, 6)]),
    [stop(W) || W <- Walkers],
    Left = ets:info(T, size),
    true = lists:all(fun({{count, _}, _}) -> true end, ets:tab2list(T)),
    ets:delete_all_objects(T),
    ets:insert(T, [{I, I} || I <- lists:seq(1, 5000)]),
    {Counted, Many, Left, ets:info(T, size), lists:sum([V || {_, V} <- ets:tab2list(T)])}.

take(T, Key, I) when I rem 2 =:= 0 -> [{Key, I}] = ets:take(T, Key);
take(T, Key, I) when I rem 3 =:= 0 -> ets:delete_object(T, {Key, I});
take(T, Key, _) -> ets:delete(T, Key).

%% What is walked over is there once. Objects may come and go meanwhile.
walk(T) ->
    Keys = [K || {K, _} <- ets:tab2list(T)],
    true = length(Keys) =:= length(lists:usort(Keys)),
    ets:safe_fixtable(T, true),
    steps(T, ets:first(T), 200),
    ets:safe_fixtable(T, false),
    receive {stop, From} -> From ! {self(), stopped} after 1 -> walk(T) end.

steps(_, '$end_of_table', _) -> ok;
steps(_, _, 0) -> ok;
steps(T, Key, N) -> steps(T, ets:next(T, Key), N - 1).

stop(Pid) ->
    Pid ! {stop, self()},
    receive {Pid, stopped} -> ok end.

all(Works) ->
    Refs = [spawn_monitor(W) || W <- Works],
    [receive {'DOWN', Ref, process, Pid, normal} -> ok end || {Pid, Ref} <- Refs].
