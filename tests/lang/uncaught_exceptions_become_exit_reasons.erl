%% What a monitor sees for each way of ending.
-module(uncaught_exceptions_become_exit_reasons).
-export([main/0]).

main() ->
    [io:format("~w~n", [shape(down(F))])
     || F <- [fun() -> value end, fun() -> exit(x) end, fun() -> exit(normal) end, fun() -> exit(shutdown) end, fun() -> throw(ball) end, fun() -> error(oops) end,
              fun() -> id(a) + 1 end, fun() -> {ok, _} = id(no) end, fun() -> nomod:nofun(1) end, fun() -> exit({error, {deep, [1]}}) end,
              fun() -> try error(inner) after exit(from_after) end end, fun() -> exit(self(), kill), receive x -> x end end, fun() -> erlang:raise(exit, raised, []) end,
              fun() -> case id(q) of z -> ok end end, fun() -> (fun(1) -> ok end)(id(2)) end]].

down(F) ->
    {P, M} = spawn_monitor(F),
    receive {'DOWN', M, process, P, R} -> R end.

shape({R, [{M, F, A, I} | _]}) when is_list(I), M =/= ?MODULE; is_list(I), F =:= id -> {R, {M, F, A}};
shape({R, [{M, _, _, I} | _]}) when is_list(I) -> {R, M};
shape(R) -> R.

id(X) -> X.
