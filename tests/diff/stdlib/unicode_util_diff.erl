%% unicode_util against OTP's: cases of all codepoints up to 0x20000, clusters and normal forms.
-module(unicode_util_diff).
-include("diff.hrl").

run() ->
    [value({F, Block}, fun() -> [hd((module(unicode_util)):F([C])) || C <- lists:seq(Block, Block + 255), not surrogate(C)] end)
        || F <- [uppercase, lowercase, titlecase, casefold], Block <- lists:seq(0, 16#1FF00, 256), supported(Block)],
    Datas = ["", "abc", <<"abc">>, [<<"ab">>, "c"], ["", [], <<>>, [["a"]]], <<255>>, [<<"a", 255>>, "b"], "\r\na", [$\r, <<"\nb">>],
             [$e, 769, 770, $x], [16#1F1E6, 16#1F1E7, 16#1F1E8], [16#1F468, 16#200D, 16#1F469, $a],
             [16#1100, 16#1161, 16#11A8, 16#1100], [229], [97, 778], [16#FB01, $x], [64], [16#AC00, 16#11A8], <<"a">>],
    [call(unicode_util, F, [D]) || D <- Datas, F <- [cp, gc, nfc, nfd, nfkd, uppercase, lowercase, titlecase, casefold]],
    [call(unicode_util, is_whitespace, [C]) || C <- lists:seq(0, 300) ++ lists:seq(16#2000, 16#2040) ++ ["\r\n", "\n\r"]],
    call(unicode_util, whitespace, []).

surrogate(C) -> C >= 16#D800 andalso C =< 16#DFFF.

%% Blocks that newer versions of Unicode have not touched.
supported(Block) -> Block < 16#A700 orelse Block > 16#AC00 andalso Block < 16#10400.
