%% io_lib:fread/2,3 against OTP's.
-module(io_lib_fread_diff).
-include("diff.hrl").

run() ->
    Strings = ["", "1", "12 34", " -5", "+7x", "16#ff", "2#101 x", "-16#FF", "1#0", "40#1", "1.5", "-2.5e3 q", "1.", ".5", "1e5", "1.0e",
               "1.0e+", "abc def", "  abc", "~", " ~x", "a\nb", "\x{3b1}\x{3b2} c", "12\n", "\n", "   ", "abcdef", "1,2", "1 , 2", "x12",
               "-", "--1", "+ 1", "99999999999999999999", "1.0e999", "ab cd ef gh"],
    Formats = ["~d", "~2d", "~d ~d", "~d~d", "~u", "~#", "~4#", "~f", "~4f", "~s", "~2s", "~s ~s", "~a", "~3a", "~c", "~3c", "~tc", "~ts",
               "~5ts", "~~", "~l", "~d~l", "~-", "~-~d", "~*d", "~*d ~d", "~*s~s", "a", "ab ~s", " ~d", "~d ", "~d,~d", "~d , ~d", "~q", "~", "",
               " ", "~s~n", "~3c~l", "~10c", "~D", "\n", "~d\n"],
    [call(io_lib, fread, [F, S]) || F <- Formats, S <- Strings],
    [call(io_lib, fread, [F, S]) || F <- ["~16u", "~2u", "~8u", "~10u", "~3u", "~36u", "~1u", "~37u", "~0u", "~16-", "~-16u", "~16ux~2u"],
                                    S <- ["ff", "FF", "101", "777", "+12", "-101", "Zz", "12345", "-ff", " 11 x", "16#ff", "1", "9", "", "ffx101", "fg", "ab.c"]],
    [call(io_lib, fread, [[], S, F]) || F <- Formats, S <- Strings ++ [eof]],
    [value({pieces, F, Ps}, fun() -> pieces([], Ps, F) end) || F <- Formats,
        Ps <- [["1", "2\n"], ["1\n", "2\n"], ["ab", "c d\n", "e\n"], ["1\n", eof], ["1", eof], [eof], ["ab\n", "\n", eof], ["1.", "5\n"], ["1 2\n3 4\n"], ["1 2\r3 4\n"], ["1\r", "2\n"], ["1\r", "\n2\r\n"], ["1\r", eof], ["\r\r", "1", eof]]].

pieces(_, [], _) -> out_of_pieces;
pieces(Continuation, [P | Ps], F) ->
    case (module(io_lib)):fread(Continuation, P, F) of
        {more, Next} -> pieces(Next, Ps, F);
        {done, Result, Rest} -> {Result, Rest, Ps}
    end.
