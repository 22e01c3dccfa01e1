%% Built-ins on arguments so large that they take long: results, exceptions with their traces, and
%% processes that are killed, suspended or sent messages meanwhile.
-module(long_built_ins_answer_and_fail_as_short_ones).
-export([main/0]).

main() ->
    L = lists:seq(1, 200000),
    B = binary:copy(<<"abcdefghij">>, 50000),
    Big = list_to_tuple([{I, [I]} || I <- lists:seq(1, 50000)]),
    Ext = term_to_binary(Big),
    Map = maps:from_list([{I, I} || I <- L]),
    say(appended, length(L ++ [x])),
    say(subtracted, length(L -- [1, 200000, 17, x])),
    say(both, length(L -- lists:reverse(L))),
    say(reversed, hd(lists:reverse(L))),
    say(member, {lists:member(200000, L), lists:member(x, L)}),
    say(keyfind, {lists:keyfind(199999, 1, [{I} || I <- L]), lists:keymember(x, 1, L), lists:keysearch(7, 1, [{I} || I <- L])}),
    say(round_trip, binary_to_term(Ext) =:= Big),
    say(compressed, binary_to_term(term_to_binary(Big, [compressed])) =:= Big),
    say(external_size, erlang:external_size(Big) =:= byte_size(Ext)),
    say(hashes, {erlang:phash2(Big), erlang:phash2(Big, 1000), erlang:phash2(B)}),
    say(sums, {erlang:crc32(B), erlang:adler32(B), erlang:md5(B)}),
    say(lists, {length(binary_to_list(B)), length(binary:bin_to_list(B, 10, 200000)), iolist_size([B | binary_to_list(B)])}),
    say(joined, iolist_to_binary(binary_to_list(B)) =:= B),
    say(unicode, {length(unicode:characters_to_list(B)), byte_size(unicode:characters_to_binary(binary_to_list(B)))}),
    say(searched, {length(binary:matches(B, <<"j">>)), binary:match(B, <<"zz">>), length(binary:split(B, <<"a">>, [global]))}),
    say(copied, byte_size(binary:copy(B, 5))),
    say(hex, binary:decode_hex(binary:encode_hex(B)) =:= B),
    say(base64, base64:decode(base64:encode(B)) =:= B),
    say(maps, {length(maps:keys(Map)), lists:sum(maps:values(Map)), map_size(maps:merge(Map, #{x => y})), map_size(maps:from_keys(L, z))}),
    say(tuple, tuple_size(list_to_tuple(L))),
    say(number, list_to_integer(integer_to_list(1 bsl 200000)) =:= 1 bsl 200000),
    failures(L, B, Ext),
    say(in_order, in_order(Big)),
    say(killed, killed(Big)),
    say(suspended, suspended(Big)),
    say(many, many(Big)),
    say(applied, [apply(erlang, F, [Big]) || F <- [phash2, external_size]]),
    say(fun_of_it, (fun erlang:phash2/1)(Big)),
    say(spawned, spawned(Big)).

say(What, Value) -> io:format("~p: ~p~n", [What, Value]).

failures(L, B, Ext) ->
    fails(appended, fun() -> (L ++ x) ++ [1] end),
    fails(subtracted, fun() -> L -- (L ++ x) end),
    fails(member, fun() -> lists:member(x, L ++ y) end),
    fails(keyfind, fun() -> lists:keyfind(x, 1, L ++ y) end),
    fails(truncated, fun() -> binary_to_term(binary:part(Ext, 0, byte_size(Ext) - 1)) end),
    fails(iolist, fun() -> iolist_to_binary([B, L]) end),
    fails(list_to_binary, fun() -> list_to_binary(L) end),
    fails(pairs, fun() -> maps:from_list(L) end),
    fails(tuple, fun() -> list_to_tuple(L ++ x) end),
    fails(number, fun() -> list_to_integer(lists:duplicate(100000, $x)) end),
    fails(hex, fun() -> binary:decode_hex(<<B/binary, "x">>) end).

fails(What, Fun) ->
    try Fun() of Value -> io:format("~p gave ~P~n", [What, Value, 5])
    catch Class:Reason:Stack ->
        [{M, F, A, _} | _] = Stack,
        Args = case A of _ when is_list(A) -> length(A); _ -> A end,
        Ours = lists:any(fun({Module, _, _, _}) -> Module =:= ?MODULE end, Stack),
        io:format("~p fails: ~p ~P in ~p:~p/~p, ~p~n", [What, Class, Reason, 6, M, F, Args, Ours])
    end.

in_order(Big) ->
    Self = self(),
    Pid = spawn(fun() -> H = erlang:phash2(Big), Self ! {hash, H}, receive_all(Self) end),
    [Pid ! N || N <- lists:seq(1, 100)],
    Pid ! done,
    receive {hash, H} -> H end,
    receive {all, All} -> {H, All =:= lists:seq(1, 100)} end.

receive_all(To) -> To ! {all, collect()}.
collect() -> receive done -> []; N -> [N | collect()] end.

killed(Big) ->
    [begin
         {Pid, Ref} = spawn_monitor(fun() -> endless(Big) end),
         receive after N rem 3 -> ok end,
         exit(Pid, kill),
         receive {'DOWN', Ref, process, Pid, killed} -> ok end
     end || N <- lists:seq(1, 30)] =:= lists:duplicate(30, ok).

endless(Big) -> _ = term_to_binary(Big), endless(Big).

suspended(Big) ->
    Pid = spawn(fun() -> endless(Big) end),
    [begin true = erlang:suspend_process(Pid), true = erlang:resume_process(Pid) end || _ <- lists:seq(1, 20)],
    garbage_collect(Pid),
    exit(Pid, kill).

many(Big) ->
    Refs = [begin {_, Ref} = spawn_monitor(fun() -> exit({hash, erlang:phash2(Big), byte_size(term_to_binary(Big))}) end), Ref end
            || _ <- lists:seq(1, 40)],
    lists:usort([receive {'DOWN', Ref, process, _, Why} -> Why end || Ref <- Refs]).

spawned(Big) ->
    {_, Ref} = spawn_monitor(erlang, phash2, [Big]),
    receive {'DOWN', Ref, process, _, Why} -> Why end.
