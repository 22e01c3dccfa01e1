% dbg:session/2: what is traced in a session ends with it and is told to its tracer only.
-module(dbg_has_sessions).
-export([main/0, f/1]).
main() ->
    Self = self(),
    S = dbg:session_create(mine), S2 = dbg:session_create(mine),
    H = fun(N) -> {fun(T, D) -> Self ! {N, setelement(2, T, p)}, D end, []} end,
    P = spawn_link(fun worker/0),
    R = dbg:session(S, fun() ->
        {ok, _} = dbg:tracer(process, H(one)), {error, already_started} = dbg:tracer(),
        {ok, _} = dbg:p(P, c), dbg:tpl(?MODULE, f, 1, x) end),
    io:format("~p~n", [R]),
    dbg:session(S2, fun() -> {ok, _} = dbg:tracer(process, H(two)), dbg:p(P, [s]) end),
    {ok, _} = dbg:tracer(process, H(default)), dbg:p(P, c), dbg:tpl(?MODULE, f, 1, []),
    do(P, fun() -> f(1) end),
    flush(),
    {ok, [{matched, _, _}]} = dbg:session(S, fun() -> dbg:ctpl(?MODULE) end),
    do(P, fun() -> f(2) end), flush(),
    io:format("~p~n", [dbg:stop()]),
    do(P, fun() -> f(3) end), flush(),
    io:format("~p~n", [[dbg:session_destroy(X) || X <- [S, S2, S]]]),
    do(P, fun() -> f(4) end), flush(),
    io:format("~p ~p~n", [trace:session_info(all), catch dbg:session(S, fun() -> dbg:p(P, c) end)]).
f(X) -> X + 1.
worker() -> receive {From, F} -> F(), From ! done, worker() end.
do(P, F) -> P ! {self(), F}, receive done -> ok end.
flush() -> flush1(lists:sort(all())).
flush1(L) -> [io:format("  ~p~n", [M]) || M <- L].
all() -> receive M -> [setelement(2, M, case element(2,M) of {trace, _, send, done, _} -> sent; X -> X end) | all()] after 100 -> [] end.
