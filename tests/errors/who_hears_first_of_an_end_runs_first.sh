# status: 0
# stdout: linked processes were gone 10 times of 10
cat >demo.erl <<'END'
-module(demo).
-export([main/0]).
main() ->
    Gone = [X || X <- [gone(N) || N <- lists:seq(1, 10)], X =:= undefined],
    io:format("linked processes were gone ~p times of 10~n", [length(Gone)]).
gone(_) ->
    {_, Monitor} = spawn_monitor(fun() ->
        Parent = self(),
        spawn_link(fun() -> register(linked, self()), Parent ! ready, receive never -> ok end end),
        receive ready -> exit(over) end
    end),
    receive {'DOWN', Monitor, _, _, over} -> whereis(linked) end.
END
exec "$MUSTER" run --no-smp demo.erl
