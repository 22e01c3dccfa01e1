%% binary against OTP's, natives included.
-module(binary_diff).
-include("diff.hrl").

run() ->
    Bins = [<<>>, <<"a">>, <<"abcabc">>, <<"a,b,,c,">>, <<",,a">>, <<0, 255, 128>>, a, "abc", <<1:3>>],
    Patterns = [<<",">>, <<"b">>, [<<"bc">>, <<"c">>], [<<"a">>, <<"ab">>, <<"abc">>], <<>>, [], [<<>>], a, [a]],
    [call(binary, F, [B]) || B <- Bins, F <- [bin_to_list, copy, decode_hex, decode_unsigned, encode_hex, first, last, list_to_bin, referenced_byte_size]],
    [call(binary, F, [B, N]) || B <- Bins, F <- [at, copy], N <- [0, 1, 2, -1, a]],
    [call(binary, F, [B, P]) || B <- Bins, F <- [bin_to_list, part], P <- [{0, 0}, {0, 1}, {1, -1}, {1, 2}, {5, 5}, a]],
    [call(binary, F, [B, S, L]) || B <- Bins, F <- [bin_to_list, part], S <- [0, 1, 9], L <- [0, 1, -1]],
    begin
        {bm, One} = binary:compile_pattern([<<1,2,3>>]),
        {ac, Two} = binary:compile_pattern([<<1,2,3>>, <<4,5>>]),
        [value({Kind, Which}, fun() -> binary:match(<<1,2,3>>, {Kind, Pattern}) end)
         || Kind <- [bm, ac, a], {Which, Pattern} <- [{one, One}, {two, Two}]]
    end,
    [call(binary, F, [B, P]) || B <- Bins, F <- [match, matches, split], P <- Patterns],
    [call(binary, F, [B, P, [{scope, S}]]) || B <- Bins, F <- [match, matches, split], P <- Patterns, S <- [{0, 1}, {1, 3}, {3, -2}, {0, 99}, a]],
    [call(binary, split, [B, P, O]) || B <- Bins, P <- Patterns, O <- [[global], [global, trim], [global, trim_all], [trim], [x], [{scope, {1, 3}}, global]]],
    [call(binary, replace, [B, P, R, O]) || B <- Bins, P <- Patterns, R <- [<<"X">>, <<"[]">>, a],
        O <- [[], [global], [global, {insert_replaced, 1}], [{insert_replaced, [0, 1]}], [{insert_replaced, 9}], [{scope, {1, 2}}]]],
    [call(binary, F, [N]) || F <- [encode_unsigned], N <- [0, 1, 255, 256, 1 bsl 64, -1, a]],
    [call(binary, encode_unsigned, [N, E]) || N <- [1, 258, 1 bsl 70], E <- [big, little, x]],
    [call(binary, decode_unsigned, [B, E]) || B <- Bins, E <- [big, little, x]],
    [call(binary, F, [L]) || F <- [longest_common_prefix, longest_common_suffix], L <- [[<<"abc">>, <<"abd">>], [<<"xbc">>, <<"bc">>], [<<>>], [], a, [a]]],
    [call(binary, decode_hex, [H]) || H <- [<<>>, <<"00ff">>, <<"0g">>, <<"abc">>, <<"DeadBeef">>, a]],
    times(500, fun() ->
        B = list_to_binary(some(pick(30), fun() -> pick("abc,") end)),
        P = pick({list_to_binary(some(1 + pick(2), fun() -> pick("abc,") end)), [list_to_binary(some(1 + pick(3), fun() -> pick("abc") end)), <<"b">>]}),
        [call(binary, F, [B, P]) || F <- [match, matches, split]],
        call(binary, split, [B, P, [global, pick({trim, trim_all, global})]]),
        call(binary, replace, [B, P, <<"-">>, [global]])
    end).
