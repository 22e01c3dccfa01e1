%% Many first calls at once wait for one run of on_load; one that is killed refuses the module.
-module(on_load_runs_once_for_all_who_wait).
-export([main/0]).

main() ->
    register(on_load_counter, self()),
    Callers = [spawn_monitor(fun() -> exit(slow:f(N)) end) || N <- lists:seq(1, 50)],
    io:format("~w~n", [lists:sum([receive {'DOWN', R, process, P, {slow, N}} -> N end
                                  || {P, R} <- Callers])]),
    io:format("~w runs~n", [started(0)]),
    io:format("~w~n", [spawned(slow, f, [x])]),
    Waiting = [spawn_monitor(fun() -> exit(catch killed:f()) end) || _ <- lists:seq(1, 10)],
    io:format("~w~n", [lists:usort([ended(P, R) || {P, R} <- Waiting])]),
    io:format("~w ~w~n", [erlang:module_loaded(killed), erlang:module_loaded(slow)]).

%% Who calls after a refusal has it tried again.
ended(P, R) ->
    receive
        {runs, Runner} ->
            exit(Runner, kill),
            ended(P, R);
        {'DOWN', R, process, P, {'EXIT', {E, _}}} -> E
    end.

started(N) -> receive started -> started(N + 1) after 0 -> N end.

spawned(M, F, A) ->
    Me = self(),
    spawn(fun() -> Me ! {result, apply(M, F, A)} end),
    receive {result, Result} -> Result end.
