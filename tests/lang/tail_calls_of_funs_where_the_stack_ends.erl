%% What a fun has captured is put on the stack when it is called: where there is no room for that, a heap
%% of megabytes is collected on the spot, for the process cannot be taken up again at that place.
-module(tail_calls_of_funs_where_the_stack_ends).
-export([main/0]).

main() ->
    Ends = [in_a_process(300000 + 7 * I, I) || I <- lists:seq(1, 60)],
    io:format("~p~n", [lists:usort(Ends)]).

in_a_process(Length, Pad) ->
    {_, M} = spawn_monitor(fun() -> exit({sum, with_heap(Length, Pad)}) end),
    receive {'DOWN', M, process, _, Reason} -> Reason end.

with_heap(Length, Pad) ->
    Live = lists:seq(1, Length),
    {V1, V2, V3, V4, V5, V6, V7, V8, V9, V10, V11, V12, V13, V14, V15, V16, V17, V18, V19, V20, V21, V22, V23,
     V24, V25, V26, V27, V28, V29, V30, V31, V32, V33, V34, V35, V36, V37, V38, V39, V40} = T = list_to_tuple(lists:seq(1, 40)),
    F = fun(X) -> X =:= V1 orelse X =:= V2 orelse X =:= V3 orelse X =:= V4 orelse X =:= V5 orelse X =:= V6 orelse
               X =:= V7 orelse X =:= V8 orelse X =:= V9 orelse X =:= V10 orelse X =:= V11 orelse X =:= V12 orelse
               X =:= V13 orelse X =:= V14 orelse X =:= V15 orelse X =:= V16 orelse X =:= V17 orelse X =:= V18 orelse
               X =:= V19 orelse X =:= V20 orelse X =:= V21 orelse X =:= V22 orelse X =:= V23 orelse X =:= V24 orelse
               X =:= V25 orelse X =:= V26 orelse X =:= V27 orelse X =:= V28 orelse X =:= V29 orelse X =:= V30 orelse
               X =:= V31 orelse X =:= V32 orelse X =:= V33 orelse X =:= V34 orelse X =:= V35 orelse X =:= V36 orelse
               X =:= V37 orelse X =:= V38 orelse X =:= V39 orelse X =:= V40 end,
    Sum = pad(Pad, F, T),
    true = length(Live) =:= Length,
    Sum.

%% Frames above, so that the stack ends at another place in each process.
pad(0, F, T) -> loop(5000, F, T);
pad(K, F, T) ->
    Sum = pad(K - 1, F, T),
    false = leaf(F),
    Sum.

%% Frames wider than what leaf/1 wants, so that it is there that the room ends.
loop(0, _, _) -> 0;
loop(N, F, {W1, W2, W3, W4, W5, W6, W7, W8, W9, W10, W11, W12, W13, W14, W15, W16, W17, W18, W19, W20, W21, W22, W23,
             W24, W25, W26, W27, W28, W29, W30, W31, W32, W33, W34, W35, W36, W37, W38, W39, W40} = T) ->
    false = leaf(F),
    R = loop(N - 1, F, T),
    W1 + W2 + W3 + W4 + W5 + W6 + W7 + W8 + W9 + W10 + W11 + W12 + W13 + W14 + W15 + W16 + W17 + W18 + W19 +
    W20 + W21 + W22 + W23 + W24 + W25 + W26 + W27 + W28 + W29 + W30 + W31 + W32 + W33 + W34 + W35 + W36 + W37 +
    W38 + W39 + W40 + R.

leaf(F) -> F(0).
