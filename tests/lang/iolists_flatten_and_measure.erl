%% iolist_to_binary, iolist_size, list_to_binary of deep lists, and their errors.
-module(iolists_flatten_and_measure).
-export([main/0]).

main() ->
    D = ["ab", [<<"cd">>, $e, [[], [<<>>, "f"]]] | <<"tail">>],
    io:format("~p ~w~n", [iolist_to_binary(D), iolist_size(D)]),
    io:format("~p~n", [list_to_binary([<<"x">>, [1, 2], "y"])]),
    io:format("~p ~p~n", [iolist_to_binary(<<"already">>), iolist_to_binary([])]),
    io:format("~w~n", [[try F() catch C:R -> {C, R} end
                        || F <- [fun() -> iolist_to_binary([256]) end, fun() -> iolist_to_binary([a]) end, fun() -> iolist_to_binary([<<1:1>>]) end,
                                 fun() -> iolist_size([1 | 2]) end, fun() -> list_to_binary(<<"b">>) end, fun() -> iolist_to_binary([-1]) end]]]),
    Deep = lists:foldl(fun(I, A) -> [A, I band 255] end, [], lists:seq(1, 100000)),
    io:format("~w~n", [byte_size(iolist_to_binary(Deep))]),
    io:format("~w~n", [bit_size(list_to_bitstring([<<1:3>>, [<<2:5>>], 7]))]).
