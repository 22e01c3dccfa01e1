%% Servers and waiting in hot code: a state from message to message, selective receives that pass messages over,
%% timeouts of all kinds, replies to references made just before, receives in handlers, and signals that come
%% where a process looks for a message.
-module(receive_in_hot_code).
-export([main/0, server/2]).

main() ->
    io:format("~w~n", [counted(3000)]),
    io:format("~w~n", [selective(400)]),
    io:format("~w~n", [calls(2000)]),
    io:format("~w~n", [polls(300)]),
    io:format("~w~n", [timeouts(30)]),
    io:format("~w~n", [states(1000)]),
    io:format("~w~n", [guards(500)]),
    io:format("~w~n", [caught(300)]),
    io:format("~w~n", [floats(1000)]),
    io:format("~w~n", [deep(300)]),
    io:format("~w~n", [killed(100)]),
    io:format("~w~n", [upgraded(200)]),
    io:format("~w~n", [collected(200)]),
    io:format("~w~n", [looked_at(50)]).

ask(P, M) -> R = make_ref(), P ! {self(), R, M}, receive {R, A} -> A end.

%% ---- a server ----

server(Sum, Count) ->
    receive
        {add, N} -> server(Sum + N, Count + 1);
        {From, R, get} -> From ! {R, {Sum, Count}}, server(Sum, Count);
        {From, R, {set, S}} -> From ! {R, Sum}, server(S, 0);
        {From, R, stop} -> From ! {R, Sum}
    end.

counted(N) ->
    P = spawn(?MODULE, server, [0, 0]),
    [P ! {add, I} || I <- lists:seq(1, N)],
    A = ask(P, get),
    B = ask(P, {set, 1 bsl 61}),
    [P ! {add, I * 1000003} || I <- lists:seq(1, N)],
    C = ask(P, get),
    [P ! {add, I / 7} || I <- lists:seq(1, N)],
    {A, B, C, ask(P, get), ask(P, stop)}.

selective(N) ->
    S = self(),
    spawn(fun() -> [S ! {item, I} || I <- lists:seq(1, N)], S ! done end),
    receive done -> ok end,
    L = backwards(N, []),
    {length(L), lists:sum(L), hd(L), message_count()}.

backwards(0, L) -> L;
backwards(N, L) -> receive {item, N} -> backwards(N - 1, [N | L]) end.

message_count() -> element(2, process_info(self(), message_queue_len)).

calls(N) ->
    P = spawn(fun() -> echo(0) end),
    self() ! {noise, 1},
    R = calls(P, N, 0),
    exit(P, kill),
    receive {noise, X} -> {R, X} end.

calls(_, 0, A) -> A;
calls(P, N, A) -> calls(P, N - 1, A + ask(P, N)).

echo(K) -> receive {From, R, M} -> From ! {R, M * 2 + K rem 3}, echo(K + 1) end.

%% ---- waiting ----

polls(N) ->
    S = self(),
    spawn(fun() -> [begin S ! I, erlang:yield() end || I <- lists:seq(1, N)] end),
    {Sum, _} = poll(N, 0, 0),
    Sum.

poll(0, Sum, Idle) -> {Sum, Idle};
poll(N, Sum, Idle) -> receive I when is_integer(I) -> poll(N - 1, Sum + I, Idle) after 0 -> erlang:yield(), poll(N, Sum, Idle + 1) end.

timeouts(N) ->
    self() ! keep,
    L = [receive {never, K} -> K after 1 -> K end || K <- lists:seq(1, N)],
    E = [try receive never -> ok after T -> timeout end catch error:W -> W end || T <- [-1, foo, 1.0, 1 bsl 40, 0]],
    receive keep -> ok end,
    {lists:sum(L), E, forget(5, 0)}.

forget(0, A) -> A;
forget(N, A) ->
    self() ! {x, N},
    receive {x, M} -> forget(N - 1, A + M) after 1000 -> forget(N - 1, A + 1000) end.

%% ---- several states ----

states(N) ->
    P = spawn(fun() -> closed(0, []) end),
    [P ! E || _ <- lists:seq(1, N), E <- [open, {put, 3}, noise, close, {put, 4}]],
    P ! {self(), finish},
    receive {P, R} -> R end.

closed(N, L) ->
    receive
        open -> opened(N, L);
        {From, finish} -> From ! {self(), {N, length(L)}};
        noise -> closed(N, L)
    end.

opened(N, L) ->
    receive
        close -> closed(N, L);
        {put, X} when N rem 10 =:= 0 -> opened(N + X, [X | L]);
        {put, X} -> opened(N + X, L)
    end.

guards(N) ->
    [self() ! {K, K rem 7} || K <- lists:seq(1, N)],
    G = guarded(N, 0, 3, 0),
    {G, message_count()}.

guarded(0, A, _, _) -> A;
guarded(N, A, X, Turn) ->
    receive
        {K, X} -> guarded(N - 1, A + K * Turn, X, Turn + 1);
        {K, Y} when Y > X, K > 0 -> guarded(N - 1, A - K, Y, Turn)
    after 0 ->
        guarded(N, A, (X + 1) rem 7, Turn)
    end.

caught(N) ->
    [self() ! {job, K} || K <- lists:seq(1, N)],
    jobs(N, []).

jobs(0, L) -> {length(L), erlang:phash2(L)};
jobs(N, L) ->
    X = try receive {job, K} when K rem 3 =:= 0 -> throw({three, K}); {job, K} -> 100 div (K rem 5) end
        catch throw:T -> T; error:badarith -> bad
        after ok
        end,
    jobs(N - 1, [X | L]).

floats(N) ->
    S = self(),
    P = spawn(fun() -> mean(0.0, 0, S) end),
    [P ! K * 0.5 || K <- lists:seq(1, N)],
    P ! 3,
    P ! stop,
    receive {mean, M} -> M end.

mean(Sum, N, To) ->
    receive
        X when is_float(X) -> mean(Sum + X, N + 1, To);
        X when is_integer(X) -> mean(Sum + X, N + 1, To);
        stop -> To ! {mean, Sum / N}
    end.

%% Between calls that come back, with much on the stack.
deep(N) ->
    [self() ! {d, K} || K <- lists:seq(1, N)],
    down(N).

down(0) -> [];
down(N) -> X = receive {d, K} -> K end, Rest = down(N - 1), [X + length(Rest) | Rest].

killed(N) ->
    process_flag(trap_exit, true),
    L = [begin
        P = spawn_link(fun() -> server(0, 0) end),
        P ! {add, 1},
        exit(P, Reason),
        receive {'EXIT', P, R} -> R end
    end || _ <- lists:seq(1, N), Reason <- [kill, foo]],
    process_flag(trap_exit, false),
    {length(L), lists:usort(L)}.

%% A server that calls itself by its name.
upgraded(N) ->
    P = spawn(fun() -> by_name(0) end),
    [P ! {add, K} || K <- lists:seq(1, N)],
    ask(P, get).

by_name(S) ->
    receive
        {add, K} -> by_name(S + K);
        {From, R, get} -> From ! {R, S}, ?MODULE:server(S, 0)
    end.

collected(N) ->
    P = spawn(fun() -> keeps([], 0) end),
    [begin P ! {keep, list_to_binary(lists:duplicate(100, K band 255)), lists:seq(1, 20)}, K rem 50 =:= 0 andalso garbage_collect(P) end
     || K <- lists:seq(1, N)],
    ask(P, get).

keeps(L, N) ->
    receive
        {keep, B, S} -> keeps([{N, B, S} | lists:sublist(L, 30)], N + 1);
        {From, R, get} -> From ! {R, erlang:phash2(L)}, keeps(L, N)
    end.

%% Others look at a process that waits.
looked_at(N) ->
    P = spawn(fun() -> server(0, 0) end),
    L = [begin
        P ! {add, K},
        {current_function, {M, F, A}} = wait_for(P),
        {M, F, A}
    end || K <- lists:seq(1, N)],
    {lists:usort(L), ask(P, get)}.

wait_for(P) ->
    case process_info(P, [status, message_queue_len]) of
        [{status, waiting}, {message_queue_len, 0}] -> process_info(P, current_function);
        _ -> erlang:yield(), wait_for(P)
    end.
