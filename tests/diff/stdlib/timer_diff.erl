%% timer against OTP's: what is refused, what is sent and in which order, what cancelling stops.
-module(timer_diff).
-include("diff.hrl").

run() ->
    M = module(timer),
    Bad = [-1, a, 1.0, [], infinity],
    [call(timer, F, [T | A]) || T <- Bad, {F, A} <- [{send_after, [x]}, {send_after, [self(), x]}, {send_after, [name, x]},
        {apply_after, [lists, reverse, [[]]]}, {apply_interval, [lists, reverse, [[]]]}, {send_interval, [x]},
        {exit_after, [x]}, {exit_after, [self(), x]}, {kill_after, []}, {kill_after, [self()]}]],
    [call(timer, send_after, [10, D, x]) || D <- [1, "a", {a, 1}, {1, a}, {a, b, c}]],
    [call(timer, send_interval, [10, D, x]) || D <- [1, "a", {a, 1}, {1, a}]],
    [call(timer, F, [10, Mod, Fun, Args]) || F <- [apply_after, apply_interval],
        {Mod, Fun, Args} <- [{1, a, []}, {a, 1, []}, {a, b, c}]],
    [call(timer, cancel, [R]) || R <- [a, {x, make_ref()}, {once, 1}, {interval, x}, make_ref(), {instant, make_ref()}, {send_local, make_ref()}]],
    [call(timer, F, [N]) || F <- [seconds, minutes, hours, sleep], N <- [0, 1, 2, a]],
    call(timer, hms, [1, 2, 3]),
    call(timer, now_diff, [{5, 4, 3}, {1, 999999, 999999}]),
    call(timer, start, []),
    value(tc, fun() -> {T, V} = M:tc(fun() -> M:sleep(5), done end), {T >= 5000, V} end),
    value(tc, fun() -> {T, V} = M:tc(fun(X) -> M:sleep(X), done end, [5]), {T >= 5000, V} end),
    value(tc, fun() -> {T, V} = M:tc(lists, reverse, [[1, 2]]), {T >= 0, V} end),
    value(order, fun() ->
        {ok, _} = M:send_after(900, three), {ok, _} = M:send_after(300, one), {ok, _} = M:send_after(600, self(), two), {ok, _} = M:send_after(0, zero),
        [receive X -> X end || _ <- [1, 2, 3, 4]] end),
    value(named, fun() -> register(name, self()), {ok, _} = M:send_after(1, name, x), {ok, _} = M:send_after(30, {name, node()}, y),
        R = [receive X -> X end || _ <- [1, 2]], unregister(name), R end),
    value(cancelled, fun() ->
        Refs = [M:send_after(300, a), M:send_after(300, name, a), M:send_interval(300, a), M:apply_after(300, erlang, send, [self(), a]),
                M:apply_interval(300, erlang, send, [self(), a])],
        First = [M:cancel(R) || {ok, R} <- Refs],
        Second = [M:cancel(R) || {ok, R} <- Refs],
        {First, Second, receive X -> X after 400 -> none end} end),
    value(interval, fun() -> {ok, R} = M:send_interval(5, tick), X = [receive Y -> Y end || _ <- lists:seq(1, 5)], {X, M:cancel(R)} end),
    value(apply_interval, fun() -> S = self(), {ok, R} = M:apply_interval(5, erlang, send, [S, t]), X = [receive t -> t end || _ <- lists:seq(1, 5)], {X, M:cancel(R)} end),
    value(apply_after, fun() -> {ok, _} = M:apply_after(5, erlang, send, [self(), mine]), receive mine -> mine end end),
    [value(exit_after, fun() ->
        P = spawn(fun() -> receive never -> ok end end), Ref = monitor(process, P), {ok, _} = M:exit_after(T, P, stop),
        receive {'DOWN', Ref, _, _, Why} -> Why end end) || T <- [0, 1, 10]],
    value(kill_after, fun() ->
        P = spawn(fun() -> process_flag(trap_exit, true), receive never -> ok end end), Ref = monitor(process, P), {ok, _} = M:kill_after(1, P),
        receive {'DOWN', Ref, _, _, Why} -> Why end end),
    value(exit_self, fun() ->
        {_, Ref} = spawn_monitor(fun() -> M:exit_after(1, stop), receive never -> ok end end),
        receive {'DOWN', Ref, _, _, Why} -> Why end end).
