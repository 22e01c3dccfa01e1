%% Lists whose elements are all of one kind, and lists that nearly are: sorted as by comparing.
-module(sorting_lists_of_one_kind).
-export([main/0]).

main() ->
    [io:format("~s ~w~n", [Name, check(Make)]) || {Name, Make} <- kinds()],
    io:format("~p~n", [lists:sort([<<"b">>, <<"a", 0>>, <<"a">>, <<>>, <<"a", 0, 0>>, <<"aaaaaaaab">>, <<"aaaaaaaa">>])]),
    io:format("~p~n", [lists:usort([{1, b}, {1.0, a}, {1, a}, {1, b}])]),
    io:format("~w ~w~n", [apply(fun(X, Y) -> X - Y end, [7, 3]), apply(erlang, max, [1, 2])]).

kinds() ->
    [{"smalls", fun(I) -> I - 500 end},
     {"floats", fun(I) -> (I - 500) / 7 end},
     {"numbers", fun(I) when I rem 2 =:= 0 -> float(I div 4); (I) -> I div 4 end},
     {"bigs", fun(I) -> (I - 500) bsl 70 end},
     {"short binaries", fun(I) -> integer_to_binary(I) end},
     {"long binaries", fun(I) -> <<"a common beginning ", (integer_to_binary(I rem 50))/binary>> end},
     {"zeros", fun(I) -> <<0:(8 * (I rem 12))>> end},
     {"parts", fun(I) -> binary:part(<<"x", (integer_to_binary(I * I * I * I))/binary, "012345678901234567890">>, 1, I rem 20) end},
     {"bits", fun(I) -> <<I:(I rem 13)>> end},
     {"bits that begin anywhere", fun(I) -> <<_:(I rem 8), B/binary>> = <<0:(I rem 8), (I * 7919):40>>, B end},
     {"tuples", fun(I) -> {I rem 10, I} end},
     {"tuples of floats", fun(I) -> {(I rem 10) / 3, I rem 3} end},
     {"tuples of binaries", fun(I) -> {integer_to_binary(I rem 30), -I} end},
     {"tuples of several sizes", fun(I) when I rem 5 =:= 0 -> {I}; (I) -> {I rem 7, I} end},
     {"tuples of both numbers", fun(I) when I rem 5 =:= 0 -> {float(I rem 7), I}; (I) -> {I rem 7, I} end},
     {"empty tuples", fun(_) -> {} end},
     {"strings", fun(I) -> integer_to_list(I) end},
     {"binaries and one list", fun(500) -> []; (I) -> integer_to_binary(I) end},
     {"tuples and one atom", fun(500) -> a; (I) -> {I rem 20, I rem 3} end}].

%% Sorted in each way is what a merge by =< gives; of equal ones, the first.
check(Make) ->
    [begin
         List = [Make(X) || X <- numbers(N, 17)],
         Pairs = [{x, X, I} || {X, I} <- lists:zip(List, lists:seq(1, N))],
         Le = fun(A, B) -> A =< B end,
         KeyLe = fun({_, A, _}, {_, B, _}) -> A =< B end,
         {lists:sort(List) =:= lists:sort(Le, List), lists:usort(List) =:= lists:usort(Le, List),
          lists:keysort(2, Pairs) =:= lists:sort(KeyLe, Pairs), lists:ukeysort(2, Pairs) =:= lists:usort(KeyLe, Pairs)}
     end || N <- [2, 3, 12, 13, 40, 1000]].

numbers(0, _) -> [];
numbers(N, X) -> [X rem 1000 | numbers(N - 1, (X * 1103515245 + 12345) band 16#7FFFFFFF)].
