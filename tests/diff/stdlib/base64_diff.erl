%% base64 against OTP's.
-module(base64_diff).
-include("diff.hrl").

run() ->
    Datas = ["", "a", "ab", "abc", "abcd", <<0, 255, 254>>, <<"Aladdin:open sesame">>, [256], a, 1],
    [call(base64, F, [D]) || F <- [encode, encode_to_string], D <- Datas],
    Encoded = ["", "YQ==", "YWI=", "YWJj", "YW Jj", "Y\nQ=\t=", "+/+/",
               <<"YWJj">>, <<"YWI=">>, "\r\n", "YWJjYWJjYWJj", a, [256], "YQ= =", "YQ==\n"],
    [call(base64, F, [D]) || F <- [decode, decode_to_string], D <- Encoded, D =/= [256]],
    [call(base64, F, [D]) || F <- [mime_decode, mime_decode_to_string], D <- ["", "YQ==", "YWI=", "YWJj", "Y!W@J#j", "Y\nQ=\t=", "YWJjYWJj", <<"Y*Q==">>]],
    times(400, fun() ->
        B = list_to_binary(some(pick(60), fun() -> pick(256) end)),
        call(base64, encode, [B]),
        E = base64:encode(B),
        call(base64, decode, [E]),
        call(base64, mime_decode, [<<"*", E/binary>>]),
        call(base64, decode, [<<" ", E/binary, "\n">>])
    end).
