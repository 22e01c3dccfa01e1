%% What workers do: each piece checks its own result.
-module(interference_work).
-export([round/2, woken/2]).

-define(TABLE, interference).

round(N, Kept) ->
    case piece(N rem 32) of
        true -> ok;
        Other -> exit({wrong, N rem 32, Other})
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
    lists:sum([F || {_, F} <- tuple_to_list(T)]) =:= 465.0;
%% What takes long, in built-ins that stop on the way, and what is done elsewhere.
piece(20) ->
    {ok, Source} = file:read_file(?FILE),
    {ok, Source} =:= file:read_file(?FILE);
piece(21) ->
    L = [I * 48271 rem 65537 || I <- lists:seq(1, 30000)],
    ordered(lists:sort(L));
piece(22) ->
    B = binary:copy(<<"abcdefghij">>, 20000),
    {ok, _} = file:read_file_info("."),
    {match, [{199990, 10}]} = re:run(B, "abcdefghij$"),
    length(binary:matches(B, <<"ij">>)) =:= 20000;
piece(23) ->
    T = {lists:seq(1, 30000), binary:copy(<<1>>, 1000)},
    B = term_to_binary(T),
    binary_to_term(B) =:= T;
piece(24) ->
    L = lists:seq(16#3b1, 16#3c9),
    Text = lists:append(lists:duplicate(1500, L)),
    B = unicode:characters_to_binary(Text),
    unicode:characters_to_list(B) =:= Text;
piece(25) ->
    Parts = [[integer_to_binary(I), $,] || I <- lists:seq(1, 20000)],
    length(binary:split(iolist_to_binary(Parts), <<",">>, [global])) =:= 20001;
piece(26) ->
    M = maps:from_keys(lists:seq(1, 5000), v),
    length([K || {K, v} <- maps:to_list(M)]) =:= 5000 andalso
        erlang:phash2(M) =:= erlang:phash2(maps:from_list([{I, v} || I <- lists:seq(5000, 1, -1)]));
piece(27) ->
    Table = ets:new(own, [ordered_set]),
    ets:insert(Table, [{I, I rem 7} || I <- lists:seq(1, 2000)]),
    Found = chunks(ets:select(Table, [{{'$1', 3}, [], ['$1']}], 100)),
    ets:delete(Table),
    Found =:= lists:seq(3, 2000, 7);
piece(28) ->
    Server = spawn_link(fun() -> receive {From, Ref, L} -> From ! {Ref, lists:reverse(L)} end end),
    Ref = monitor(process, Server, [{alias, reply_demonitor}]),
    L = lists:seq(1, 20000),
    Server ! {Ref, Ref, L},
    receive {Ref, R} -> hd(R) =:= 20000; {'DOWN', Ref, _, _, Why} -> {down, Why} end;
piece(29) ->
    Big = binary:copy(<<7>>, 100000),
    Self = self(),
    spawn(fun() -> <<_:50000/binary, Rest/binary>> = Big, Self ! {part, Big, Rest} end),
    receive {part, Big, Rest} -> byte_size(Rest) =:= 50000 end;
piece(30) ->
    receive after 1 -> true end;
piece(31) ->
    (1 bsl 20000) div (1 bsl 19990) =:= 1024 andalso
        list_to_integer(integer_to_list(7 bsl 9000)) =:= 7 bsl 9000.

chunks('$end_of_table') -> [];
chunks({Found, More}) -> Found ++ chunks(ets:select(More)).

ordered([A, B | T]) -> A =< B andalso ordered([B | T]);
ordered(_) -> true.

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
