%% Nested after blocks run inside out, once each.
-module(after_runs_exactly_once_in_order).
-export([main/0]).

main() ->
    put(log, []),
    R = (catch nest(5)),
    io:format("~w ~w~n", [R, lists:reverse(get(log))]),
    put(log, []),
    V = ok(3),
    io:format("~w ~w~n", [V, lists:reverse(get(log))]),
    put(log, []),
    _ = try loop(3) catch _:_ -> ok end,
    io:format("~w~n", [lists:reverse(get(log))]).

nest(0) -> throw(bottom);
nest(N) -> try nest(N - 1) after log({level, N}) end.

ok(0) -> bottom;
ok(N) -> try ok(N - 1) after log({ok, N}) end.

loop(0) -> error(done);
loop(N) ->
    try log({enter, N})
    after log({leave, N})
    end,
    loop(N - 1).

log(X) -> put(log, [X | get(log)]).
