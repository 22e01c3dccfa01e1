%% Integer fields of every size from 1 to 70 bits, both orders, both signs.
-module(endian_and_sign_of_odd_sizes).
-export([main/0]).

main() ->
    Ok = [begin
              <<V1:S, _/bits>> = <<X:S, 5:3>>,
              <<V2:S/little, _/bits>> = <<X:S/little, 5:3>>,
              <<V3:S/signed, _/bits>> = <<X:S, 5:3>>,
              <<V4:S/signed-little, _/bits>> = <<X:S/little, 5:3>>,
              M = (1 bsl S) - 1,
              U = X band M,
              Sg = case U bsr (S - 1) of 1 -> U - M - 1; 0 -> U end,
              {V1, V2, V3, V4} =:= {U, U, Sg, Sg}
          end || S <- lists:seq(1, 70), X <- [0, 1, -1, 16#5A5A5A5A5A5A5A5A5A, -12345678901234567890, 1 bsl 63]],
    io:format("~w ~w~n", [length(Ok), lists:usort(Ok)]),
    io:format("~w~n", [[<<16#12345:20/little>>, <<16#ABC:12/little>>, <<5:3/little>>, <<16#1FF:9/little>>]]).
