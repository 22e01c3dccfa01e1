%% Random supervisors: any flags and children, whose starts succeed or fail as follows from their numbers, and any
%% operations on them. No restart is forgotten: the period is long.
-module(supervisor_model_diff).
-behaviour(supervisor).
-export([init/1, start/3, start/4]).
-define(RUNS, 200).
-include("model.hrl").

scenario(Seed) ->
    Counts = ets:new(counts, [public, set]),
    put(counts, {Seed, Counts}),
    Strategy = one_of([one_for_one, one_for_one, one_for_all, rest_for_one, simple_one_for_one]),
    case supervisor:start_link(?MODULE, {Strategy, self(), Seed, Counts, rand:uniform(1000000)}) of
        {ok, Sup} ->
            quiet(Sup),
            operations(rand:uniform(15), Strategy, Sup),
            exit(Sup, one_of([shutdown, shutdown, normal, why])),
            receive {'EXIT', Sup, Reason} -> note({down, Reason})
            after 60000 -> note(does_not_end)
            end;
        Other ->
            %% OTP 25 leaves its exit as a message, later ones (and Muster) do not.
            receive {'EXIT', _, _} -> ok after 100 -> ok end,
            note({start, Other})
    end.

operations(0, _, _) -> ok;
operations(N, Strategy, Sup) ->
    case outcome(fun() -> operation(Strategy, Sup) end) of
        {ok, _} ->
            case quiet(Sup) of
                true -> operations(N - 1, Strategy, Sup);
                false -> note(ended)
            end;
        {exit, _} -> note(ended);
        Other -> note(Other)
    end.

%% Waits until the supervisor has seen all there is to see; notes what it has then. False: it has ended.
quiet(Sup) -> quiet(Sup, 0, none, none).

quiet(Sup, Same, Pids, Looks) ->
    case outcome(fun() -> {supervisor:which_children(Sup), supervisor:count_children(Sup)} end) of
        {ok, {Children, Counts}} ->
            Now = [{Id, Pid} || {Id, Pid, _, _} <- Children],
            Busy = lists:keymember(restarting, 2, Now) orelse
                   [P || {_, P} <- Now, is_pid(P), not is_process_alive(P)] =/= [],
            case {Now =:= Pids andalso not Busy, Same} of
                {true, 2} -> note({children, lists:sort([setelement(2, C, state(element(2, C))) || C <- Children]), Counts}), true;
                {true, _} -> quiet(Sup, Same + 1, Now, Looks);
                {false, _} -> timer:sleep(1), quiet(Sup, 0, Now, Looks)
            end;
        {exit, _} -> false
    end.

state(P) when is_pid(P) -> pid;
state(P) -> P.

operation(simple_one_for_one, Sup) ->
    weighed([{6, fun() -> note({start_child, supervisor:start_child(Sup, [rand:uniform(3)])}) end},
             {1, fun() -> note({start_child, supervisor:start_child(Sup, one_of([bad, [], [1, 2, 3]]))}) end},
             {2, fun() -> note({terminate_child, supervisor:terminate_child(Sup, child(Sup))}) end},
             {1, fun() -> note({restart_child, supervisor:restart_child(Sup, one_of([child(Sup), a]))}) end},
             {1, fun() -> note({delete_child, supervisor:delete_child(Sup, one_of([child(Sup), a]))}) end},
             {1, fun() -> note({get_childspec, supervisor:get_childspec(Sup, one_of([child(Sup), a]))}) end},
             {4, fun() -> ends(child(Sup)) end}]);
operation(_, Sup) ->
    Id = one_of([a, b, c, d, e]),
    weighed([{5, fun() -> note({start_child, Id, supervisor:start_child(Sup, spec(Id))}) end},
             {3, fun() -> note({terminate_child, Id, supervisor:terminate_child(Sup, Id)}) end},
             {3, fun() -> note({restart_child, Id, supervisor:restart_child(Sup, Id)}) end},
             {3, fun() -> note({delete_child, Id, supervisor:delete_child(Sup, Id)}) end},
             {1, fun() -> note({get_childspec, Id, supervisor:get_childspec(Sup, Id)}) end},
             {1, fun() -> note({terminate_child, pid, supervisor:terminate_child(Sup, self())}) end},
             {1, fun() -> note({wrong, supervisor:start_child(Sup, wrong(Id))}) end},
             {1, fun() -> note({check, supervisor:check_childspecs(one_of([[spec(Id), wrong(a)], [spec(a), spec(a)], [spec(a), spec(b)], x, []]))}) end},
             {1, fun() -> note({check, supervisor:check_childspecs([spec(Id)], one_of([never, any_significant, undefined, x]))}) end},
             {1, fun() -> Sup ! {unexpected, message} end},
             {8, fun() -> ends(child(Sup)) end}]).

child(Sup) ->
    {_, Counts} = get(counts),
    case lists:sort([{ets:lookup_element(Counts, P, 2), P} || {_, P, _, _} <- supervisor:which_children(Sup), is_pid(P)]) of
        [] -> self();
        Pids -> element(2, one_of(Pids))
    end.

ends(P) when P =:= self() -> ok;
ends(P) ->
    Ref = monitor(process, P),
    How = one_of([normal, normal, shutdown, {shutdown, x}, crash, killed]),
    note({ends, How}),
    P ! {ends, How},
    receive {'DOWN', Ref, process, P, _} -> ok end.

%% ---- the supervisor ----

init({Strategy, Harness, Seed, Counts, Chance}) ->
    put(harness, Harness),
    put(counts, {Seed, Counts}),
    rand:seed(exsss, Chance),
    Intensity = one_of([0, 1, 1, 3, 100]),
    Auto = one_of([never, never, any_significant, all_significant]),
    Flags = one_of([#{strategy => Strategy, intensity => Intensity, period => 10000, auto_shutdown => Auto},
                    #{strategy => Strategy, intensity => Intensity, period => 10000, auto_shutdown => Auto},
                    {Strategy, Intensity, 10000}]),
    put(auto, is_map(Flags) andalso Auto =/= never),
    Specs = case Strategy of
                simple_one_for_one -> [spec(x)];
                _ -> [spec(Id) || Id <- lists:sublist([a, b, c, d], rand:uniform(5) - 1)]
            end,
    weighed([{40, fun() -> {ok, {Flags, Specs}} end},
             {1, fun() -> ignore end},
             {1, fun() -> bad end},
             {1, fun() -> {ok, {Flags, one_of([[wrong(a)], [spec(a), spec(a)], x])}} end},
             {1, fun() -> {ok, {wrong_flags(Flags), Specs}} end}]).

wrong_flags(#{} = Flags) ->
    one_of([Flags#{strategy := x}, Flags#{intensity := -1}, Flags#{period := 0}, Flags#{auto_shutdown := x}, x,
            maps:remove(strategy, Flags)]);
wrong_flags({S, I, P}) -> one_of([{S, x, P}, {x, I, P}, {S, I, 0}, {S, I}]).

spec(Id) ->
    Restart = one_of([permanent, permanent, transient, temporary]),
    Kind = one_of([plain, trap, stubborn]),
    Shutdown = case Kind of
                   stubborn -> one_of([brutal_kill, 20]);
                   _ -> one_of([brutal_kill, 5000, infinity])
               end,
    Type = one_of([worker, worker, worker, supervisor]),
    Start = {?MODULE, start, [Id, get_harness(), Kind]},
    case one_of([tuple, map, map, small]) of
        tuple -> {Id, Start, Restart, Shutdown, Type, one_of([[?MODULE], dynamic])};
        map ->
            Map = #{id => Id, start => Start, restart => Restart, shutdown => Shutdown, type => Type},
            case get(auto) =:= true andalso Restart =/= permanent of
                true -> Map#{significant => chance(70)};
                false -> Map
            end;
        small -> #{id => Id, start => Start, shutdown => Shutdown}
    end.

wrong(Id) ->
    #{start := Start} = Map = #{id => Id, start => {?MODULE, start, [Id, get_harness(), plain]}},
    one_of([Map#{restart => x}, Map#{shutdown => -1}, Map#{type => x}, Map#{modules => x}, Map#{start => x}, Map#{significant => x},
            Map#{significant => true}, maps:remove(id, Map), maps:remove(start, Map), {Id, Start, permanent, 10, worker}, x, {},
            {Id, Start, permanent, 10, worker, [1]}, {Id, {a, b}, permanent, 10, worker, []}, {Id, Start, x, 10, worker, []},
            Map#{restart => temporary, significant => true}, Map#{shutdown => infinity, type => worker}]).

get_harness() -> {get(harness), get(counts)}.

%% ---- the children ----

start(Id, Harness, Kind, Extra) -> start({Id, Extra}, Harness, Kind).

start(Id, {Harness, {Seed, Counts}}, Kind) ->
    Count = ets:update_counter(Counts, Id, 1, {Id, 0}),
    rand:seed(exsss, erlang:phash2({Seed, Id, Count})),
    Harness ! {note, {starts, Id, Count}},
    weighed([{16, fun() -> {ok, child_process(Kind, Id, Count, Counts, Harness)} end},
             {2, fun() -> {ok, child_process(Kind, Id, Count, Counts, Harness), info} end},
             {1, fun() when Count =:= 1; is_atom(Id), Id =/= x -> ignore; () -> {error, again} end},
             {1, fun() -> {error, why} end},
             {1, fun() -> bad end},
             {1, fun() -> exit(why) end},
             {1, fun() -> throw(why) end}]).

child_process(Kind, Id, Count, Counts, Harness) ->
    Parent = self(),
    {Pid, Ref} = spawn_opt(fun() ->
        process_flag(trap_exit, Kind =/= plain),
        Parent ! {self(), ready},
        child_loop(Kind, Parent, Id, Harness)
    end, [link, monitor]),
    receive {Pid, ready} -> demonitor(Ref, [flush]) end,
    ets:insert(Counts, {Pid, {Id, Count}}),
    Pid.

child_loop(Kind, Parent, Id, Harness) ->
    receive
        {ends, killed} -> exit(self(), kill), receive x -> ok end;
        {ends, Reason} -> exit(Reason);
        {'EXIT', Parent, Reason} when Kind =:= trap ->
            %% Those of simple_one_for_one are ended all at once.
            is_atom(Id) andalso Id =/= x andalso (Harness ! {note, {told, Id, Reason}}),
            exit(Reason);
        {'EXIT', Parent, _} when Kind =:= stubborn -> child_loop(stubborn, none, Id, Harness);
        _ -> child_loop(Kind, Parent, Id, Harness)
    end.
