%% A loop over a binary whose rest goes to the next round and is an argument besides: short rests, long ones, ones that
%% begin within a byte, and what remains when no clause fits.
-module(rests_of_binaries_in_two_arguments).
-export([main/0]).

main() ->
    Inputs = [<<195, 12, 107, 245, 38, 52, 0, 0, 205, 204, 204, 61, 6:5>>, <<1, 2, 3>>, <<>>, <<(16#123456789):71>>,
              binary:copy(<<1, 2, 3, 250>>, 20), <<(binary:copy(<<7, 99>>, 33))/binary, 5:3>>],
    [[io:format("~w ~w: ~w~n", [N, bit_size(B), [erlang:phash2(X), X]])
      || {N, X} <- [{1, try one(B, 5, [], []) catch error:function_clause:S -> element(3, hd(S)) end},
                    {2, two(B, 5, <<>>, [])}, {3, three(B, 0, B)}, {4, kept(B, [])}]]
     || B <- Inputs, _ <- [1, 2]].

one(<<V:13, T/binary>>, A, _, L) -> one(T, A band 16#FFFFF, T, [V | L]).

two(<<V:13, T/bits>>, A, _, L) when bit_size(T) > 40 -> two(T, A + 1, T, [V | L]);
two(<<V, T/binary>>, A, P, L) -> two(T, A + bit_size(P), T, [V | L]);
two(<<_:1, T/bits>>, A, _, L) -> two(T, A + 1, T, L);
two(_, A, P, L) -> {A, P, L}.

three(<<V, T/binary>>, A, _) -> three(T, (A * 31 + V) rem 1000003, T);
three(T, A, P) -> {T =:= P, A, T}.

kept(<<V:16, T/binary>>, L) when length(L) < 4 -> kept(T, [{V, T} | L]);
kept(T, L) -> {T, L}.
