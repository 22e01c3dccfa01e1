%% Receive clauses with nested patterns, bound variables, guards and binaries.
-module(receive_patterns_and_guards).
-export([main/0]).

main() ->
    Tag = make_ref(), K = wanted,
    [self() ! M || M <- [{make_ref(), wrong}, {Tag, 1}, <<2, "two">>, #{wanted => three}, [4, four], {num, 50}, {num, 5}, {K, K}, {K, other}, "six"]],
    io:format("~w~n", [receive {Tag, X} -> X end]),
    io:format("~w~n", [receive <<2, B/binary>> -> B end]),
    io:format("~w~n", [receive #{K := V} -> V end]),
    io:format("~w~n", [receive [N | _] = L when N > 3, length(L) =:= 2 -> L end]),
    io:format("~w~n", [receive {num, Y} when Y < 10 -> Y end]),
    io:format("~w~n", [receive {A, A} -> A end]),
    io:format("~w~n", [receive "s" ++ Rest -> Rest end]),
    io:format("~w~n", [receive {num, Z} -> Z; {K, W} -> W end]),
    io:format("~w~n", [receive {num, Z2} -> Z2; {K, W2} -> W2 end]),
    io:format("~w~n", [process_info(self(), message_queue_len)]),
    io:format("~w~n", [receive {_, wrong} -> last end]).
