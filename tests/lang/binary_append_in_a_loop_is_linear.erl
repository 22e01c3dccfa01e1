%% A binary grown byte by byte to a megabyte, with older versions kept intact.
-module(binary_append_in_a_loop_is_linear).
-export([main/0]).

main() ->
    B = grow(1000000, <<>>),
    io:format("~w ~w ~w~n", [byte_size(B), binary:at(B, 0), binary:at(B, 999999)]),
    A = <<"start">>,
    B1 = <<A/binary, "1">>,
    B2 = <<A/binary, "2">>,
    C1 = <<B1/binary, "x">>,
    C2 = <<B1/binary, "y">>,
    io:format("~p ~p ~p ~p ~p~n", [A, B1, B2, C1, C2]),
    Versions = versions(100, <<>>, []),
    true = lists:all(fun({N, V}) -> V =:= list_to_binary(lists:seq(1, N)) end, Versions),
    io:format("~w~n", [length(Versions)]),
    Bits = bits(1000, <<>>),
    io:format("~w ~w~n", [bit_size(Bits), lists:sum([X || <<X:1>> <= Bits])]),
    Self = self(),
    spawn(fun() -> Self ! <<B1/binary, "from another">> end),
    io:format("~p ~p~n", [receive X -> X end, <<B1/binary, "from here">>]).

grow(0, B) -> B;
grow(N, B) -> grow(N - 1, <<B/binary, N>>).

versions(0, _, Vs) -> Vs;
versions(N, B, Vs) ->
    B2 = <<B/binary, (byte_size(B) + 1)>>,
    versions(N - 1, B2, [{byte_size(B2), B2} | Vs]).

bits(0, B) -> B;
bits(N, B) -> bits(N - 1, <<B/bitstring, N:1, 1:1>>).
