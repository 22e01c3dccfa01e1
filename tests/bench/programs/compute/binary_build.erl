%% Appends N small pieces to binaries, by field and by byte.
-module(binary_build).
-export([run/1, default/0]).

default() -> 30000000.

run(N) ->
    B = fields(N div 8, <<>>),
    C = bytes(N div 2, <<>>),
    D = << <<(X bxor 85)>> || <<X>> <= C >>,
    <<_:12345/binary, X, _/binary>> = B,
    <<_:54321/binary, Y, _/binary>> = D,
    {byte_size(B), byte_size(C), byte_size(D), X, Y}.

fields(0, Acc) -> Acc;
fields(N, Acc) -> fields(N - 1, <<Acc/binary, N:16, (N * 3):32/little, "ab", 7:4, 1:4>>).

bytes(0, Acc) -> Acc;
bytes(N, Acc) -> bytes(N - 1, <<Acc/binary, N>>).
