%% binary_part, split_binary, binary module searches and their errors.
-module(binary_parts_and_splits).
-export([main/0]).

main() ->
    B = <<"hello world hello">>,
    P = fun(X) -> io:format("~p~n", [X]) end,
    P(binary_part(B, 6, 5)), P(binary_part(B, {17, -5})), P(split_binary(B, 5)), P(binary:at(B, 4)), P(binary:first(B)), P(binary:last(B)),
    P(binary:split(B, <<" ">>)), P(binary:split(B, <<" ">>, [global])), P(binary:match(B, <<"world">>)), P(binary:match(B, <<"zz">>)),
    P(binary:matches(B, <<"hello">>)), P(binary:replace(B, <<"l">>, <<"L">>, [global])), P(binary:copy(<<"ab">>, 3)), P(binary:part(B, 0, 5)),
    P(binary:bin_to_list(<<1, 2, 3>>)), P(binary:list_to_bin([1, <<2>>])), P(binary:encode_unsigned(16#010203)), P(binary:decode_unsigned(<<1, 0>>)),
    P(binary:encode_unsigned(258, little)), P(binary:longest_common_prefix([<<"abc">>, <<"abd">>])),
    [P(try F() catch C:R -> {C, R} end)
     || F <- [fun() -> binary_part(B, 10, 10) end, fun() -> binary_part(B, -1, 1) end, fun() -> split_binary(B, 18) end, fun() -> binary:at(B, 17) end,
              fun() -> binary:first(<<>>) end]].
