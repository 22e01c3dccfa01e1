% Loops inside loops, one in the place of the other by tail calls: what the inner one keeps in memory for want of registers
% has its room on the stack, also when the outer one's calls filled the heap to the brim in between. A random program, in
% which the list that the inner loop goes through was written over at its end, with the list: it went on for ever.
-module(inner_loops_keep_their_registers).
-export([main/0]).

-record(r, {a = 0, b = [], c}).
-record(s, {x = #r{}, y = 1.5}).

main() -> [begin run(fun() -> nested(false, #s{x = #r{a = 1152921504606846977, b = [-4, -5, -2147483647], c = 'Upper'}, y = -0.75}) end) end || _ <- lists:seq(1, 300)].

run(F) ->
    Text = answer(F),
    Others = [T || _ <- lists:seq(1, 7), T <- [answer(F)], T =/= Text],
    io:format("~s~s~n", [lists:sublist(Text, 4000), [[" then ", lists:sublist(T, 4000)] || T <- lists:sublist(Others, 1)]]).

answer(F) ->
    R = try {value, F()} catch Class:Reason -> {Class, Reason} end,
    flush(),
    lists:flatten(io_lib:format("~w", [R])).

flush() -> receive _ -> flush() after 0 -> ok end.

id(X) -> X.

%% Nothing fits, for the first bit is 0.
nested(V1020, V1021) ->
    #{((-9007199254740991 + -257)) band 15 => [V1044 || {V1044, _} <- lists:keysort(2, [{V1044, I} || {I, V1044} <- lists:enumerate(maybe V1045 = +(V1022), begin {V1022, V1036}, [<<>>, <<"abc">>, <<"hello world">>, <<1, 2, 3>>] end else V1046 -> [<<0, 0, 1, 127, 128>>, <<"\x{e5}\x{20ac}z"/utf8>>, <<"abc">>, <<3, "xyz", 2, "pq", 9>>]; {V1047, false} -> [<<"hello world">>, <<1, 2, 3>>, <<>>, <<255>>]; _ -> [<<"hello world">>, <<"abc">>, <<1.5/float>>, <<"hello world">>] end)])] || <<V1022:8>> <= binary:part(iolist_to_binary([binary_part(integer_to_binary(case #s{x = #r{a = 4294967297, b = [9007199254740991, 18446744073709551615, -9223372036854775808], c = undefined}, y = -242191.75} of V1021 -> -9; #s{x = #r{b = V1024}} -> 331123; V1021 when is_atom(V1021), V1020 =/= V1020 -> 10; _ -> id(-256) end), 0, 2), "abcdef"]), 0, 6), V1020 =< V1020, V1025 <- lists:sublist([maps:get(a, maps:remove(1, #{"k" => #r{a = 186999, b = [229247392622911268640202960627262679, 10], c = 'a-b'}, <<"k">> => #r{a = $a, b = [9], c = x@y}}), #r{a = -340282366920938463463374607431768211456, b = [-487595, -1, -6], c = 'a-b'}) || V1026 <- apply(fun V1034(V1027, V1028, V1029, V1030, V1031, V1032, V1033) -> apply(fun(V1035) -> [#{3 => 15834.203125, b => 3.0}, #{d => -0.75, 1 => 1.5}] end, [[]]) end, [b, V1020, <<16#DEADBEEF:32>>, <<1, 2, 3:2>>, <<1:1>>, V1022, 3.0])], 4), {V1036 = V1037, <<5:3>>, <<1:1, V1042/bits>>} <- lists:sublist(lists:duplicate(3, {<<>>, <<16#FFFF:13>>, <<1, 2, 3>>}), 4)}.
