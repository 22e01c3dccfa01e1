%% Selective receive leaves other messages in their order.
-module(receive_takes_the_first_match_in_order).
-export([main/0]).

main() ->
    [self() ! M || M <- [a, 1, b, 2, c, 3]],
    Ints = [receive X when is_integer(X) -> X end || _ <- [1, 2, 3]],
    Atoms = [receive X -> X end || _ <- [1, 2, 3]],
    io:format("~w ~w~n", [Ints, Atoms]),
    [self() ! {N, N rem 3} || N <- lists:seq(1, 9)],
    io:format("~w~n", [[receive {N, R} -> N end || R <- [0, 1, 2, 0, 1, 2]]]),
    {messages, Left} = process_info(self(), messages),
    io:format("~w~n", [Left]),
    flush(),
    self() ! low, self() ! high,
    io:format("~w~n", [receive high -> first after 0 -> none end]),
    io:format("~w~n", [receive low -> second after 0 -> none end]),
    io:format("~w~n", [receive _ -> third after 0 -> none end]).

flush() -> receive _ -> flush() after 0 -> ok end.
