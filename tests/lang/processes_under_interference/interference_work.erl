%% What workers do: each piece checks its own result.
-module(interference_work).
-export([round/2, woken/2]).

-define(TABLE, interference).

round(N, Kept) ->
    case piece(N rem 20) of
        true -> ok;
        Other -> exit({wrong, N rem 20, Other})
    end,
    processes_under_interference:on(N + 1, Kept).

woken(N, Kept) -> round(N, Kept).

piece(0) -> lists:sum([X * X || X <- lists:seq(1, 200)]) =:= 2686700;
piece(1) ->
    L = lists:seq(1, 500),
    lists:reverse(lists:reverse(L)) =:= L;
piece(2) ->
    M = maps:from_list([{I, I * 2} || I <- lists:seq(1, 100)]),
    maps:fold(fun(_, V, A) -> A + V end, 0, M) =:= 10100;
piece(3) ->
    B = << <<X:16>> || X <- lists:seq(1, 300) >>,
    lists:sum([X || <<X:16>> <= B]) =:= 45150;
piece(4) -> deep(2000) =:= 2000;
piece(5) -> (try thrown(50) catch throw:{x, V} -> V end) =:= 50;
piece(6) -> lists:foldl(fun(X, A) -> A + X * 0.5 end, 0.0, lists:seq(1, 100)) =:= 2525.0;
piece(7) -> byte_size(appended(300, <<>>)) =:= 600;
piece(8) ->
    Self = self(),
    P = spawn(fun() -> Self ! {self(), [a, b, c]} end),
    receive {P, X} -> X =:= [a, b, c] end;
piece(9) ->
    Key = {self(), key},
    ets:insert(?TABLE, {Key, lists:seq(1, 20)}),
    [{Key, L}] = ets:lookup(?TABLE, Key),
    ets:delete(?TABLE, Key),
    length(L) =:= 20;
piece(10) ->
    Timer = erlang:start_timer(0, self(), tick),
    receive {timeout, Timer, tick} -> true end;
piece(11) -> factorial(60) div factorial(58) =:= 3540;
piece(12) ->
    Ref = make_ref(),
    self() ! {Ref, 1},
    self() ! {Ref, 2},
    receive {Ref, 2} -> receive {Ref, 1} -> true end end;
piece(13) ->
    {Even, Odd} = split(lists:seq(1, 100), [], []),
    length(Even) =:= 50 andalso length(Odd) =:= 50;
piece(14) ->
    T = {a, [1, 2.5, <<"x">>, 1 bsl 70], #{k => v}},
    binary_to_term(term_to_binary(T)) =:= T;
piece(15) ->
    {_, Monitor} = spawn_monitor(fun() -> exit({done, lists:seq(1, 10)}) end),
    receive {'DOWN', Monitor, _, _, {done, L}} -> length(L) =:= 10 end;
piece(16) ->
    put(key, {self(), binary:copy(<<"abc">>, 100)}),
    {P, B} = erase(key),
    P =:= self() andalso binary:part(B, 297, 3) =:= <<"abc">>;
piece(17) ->
    L = [{I * 7919 rem 1009, I} || I <- lists:seq(1, 300)],
    S = lists:sort(L),
    lists:sort(fun(A, B) -> A >= B end, L) =:= lists:reverse(S);
piece(18) ->
    case persistent_term:get(?TABLE, none) of
        none -> true;
        {P, L} -> is_pid(P) andalso lists:sum(L) =:= 55
    end;
piece(19) ->
    T = lists:foldl(fun(I, A) -> setelement(I, A, {I, float(I)}) end, erlang:make_tuple(30, 0), lists:seq(1, 30)),
    lists:sum([F || {_, F} <- tuple_to_list(T)]) =:= 465.0.

deep(0) -> 0;
deep(N) -> 1 + deep(N - 1).

thrown(0) -> throw({x, 50});
thrown(N) -> [thrown(N - 1)].

appended(0, B) -> B;
appended(N, B) -> appended(N - 1, <<B/binary, N:16>>).

factorial(0) -> 1;
factorial(N) -> N * factorial(N - 1).

split([], A, B) -> {A, B};
split([X | T], A, B) when X rem 2 =:= 0 -> split(T, [X | A], B);
split([X | T], A, B) -> split(T, A, [X | B]).
