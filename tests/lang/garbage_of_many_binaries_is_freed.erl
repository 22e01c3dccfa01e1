%% Hundreds of megabytes of short-lived binaries pass through a small process.
-module(garbage_of_many_binaries_is_freed).
-export([main/0]).

main() ->
    io:format("~w~n", [loop(3000, 0)]),
    {memory, Bytes} = process_info(self(), memory),
    io:format("~w~n", [Bytes < 100000000]),
    Kept = [binary:copy(<<I>>, 10000) || I <- lists:seq(1, 200)],
    _ = loop(500, 0),
    io:format("~w~n", [lists:sum([byte_size(B) + binary:last(B) || B <- Kept])]),
    Self = self(),
    Workers = [spawn(fun() -> Self ! {sum, loop(300, 0)} end) || _ <- lists:seq(1, 10)],
    io:format("~w~n", [lists:usort([receive {sum, S} -> S end || _ <- Workers])]).

loop(0, Sum) -> Sum;
loop(N, Sum) ->
    B = binary:copy(<<N>>, 100000),
    <<_:50000/binary, X, Rest/binary>> = B,
    loop(N - 1, (Sum + X + byte_size(Rest)) band 16#FFFFFF).
