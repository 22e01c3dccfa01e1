%% <<B/binary, X/bits>> with an empty X is B, whatever kind of binary that is.
-module(appending_nothing_gives_the_same_binary).
-export([main/0]).

main() ->
    Empty = id(<<>>),
    [io:format("~p~n", [{byte_size(B), append(B, Empty) =:= B, bit_size(append(B, Empty))}])
     || B <- [id(<<"123">>), id(binary:copy(<<"x">>, 1000)), binary:part(id(<<"abcdef">>), 1, 3), <<(id(<<>>))/binary, 1, 2, 3>>, Empty]],
    B = id(<<1, 2, 3>>), C = <<B/binary, 4>>, D = append(C, Empty), E = <<D/binary, 5>>, F = <<D/binary, 6>>,
    io:format("~p~n", [[B, C, D, E, F]]).

append(A, B) -> <<A/binary, B/binary>>.
id(X) -> X.
