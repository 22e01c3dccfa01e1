%% Every border of UTF-8, UTF-16 and UTF-32 survives a round trip.
-module(utf_segments_round_trip).
-export([main/0]).

main() ->
    Cs = [0, 16#7F, 16#80, 16#7FF, 16#800, 16#D7FF, 16#E000, 16#FFFD, 16#FFFF, 16#10000, 16#10FFFF],
    [io:format("~w ~w ~w ~w ~w~n", [C, <<C/utf8>>, <<C/utf16>>, <<C/utf16-little>>, <<C/utf32>>]) || C <- Cs],
    [begin
         <<C/utf8>> = <<C/utf8>>, <<C/utf16>> = <<C/utf16>>, <<C/utf16-little>> = <<C/utf16-little>>,
         <<C/utf32>> = <<C/utf32>>, <<C/utf32-little>> = <<C/utf32-little>>
     end || C <- Cs],
    Bin = << <<C/utf8>> || C <- Cs >>,
    io:format("~w~n", [[C || <<C/utf8>> <= Bin] =:= Cs]),
    io:format("~w~n", [[bad(B) || B <- [<<16#C0, 16#80>>, <<16#E0, 16#80, 16#80>>, <<16#ED, 16#A0, 16#80>>, <<16#F4, 16#90, 16#80, 16#80>>,
                                        <<16#F8, 16#88, 16#80, 16#80, 16#80>>, <<16#80>>, <<16#E2, 16#82>>, <<16#C3>>]]]).

bad(<<_/utf8, _/binary>>) -> accepted;
bad(_) -> refused.
