%% The lists functions that everything uses.
-module(list_bifs_and_lists_module).
-export([main/0]).

main() ->
    P = fun(X) -> io:format("~w~n", [X]) end,
    P(lists:seq(1, 10, 3)), P(lists:seq(5, 1, -2)), P(lists:seq(1, 0)), P(lists:sum([1, 2.5])), P(lists:reverse([1, 2], [3])), P(lists:append([[1], [2, 3], []])),
    P(lists:append([1], [2])), P(lists:nth(2, [a, b, c])), P(lists:nthtail(1, [a, b, c])), P(lists:last([1, 2])), P(lists:delete(b, [a, b, c, b])),
    P(lists:sort(fun(A, B) -> A > B end, [3, 1, 2])), P(lists:usort([c, a, b, a])), P(lists:keyfind(b, 1, [{a, 1}, {b, 2}])), P(lists:keyfind(z, 1, [])),
    P(lists:keydelete(a, 1, [{a, 1}, {b, 2}, {a, 3}])), P(lists:keyreplace(a, 1, [{a, 1}], {a, 9})), P(lists:keystore(c, 1, [{a, 1}], {c, 3})),
    P(lists:keytake(a, 1, [{b, 2}, {a, 1}])), P(lists:keymember(1, 2, [{a, 1}])), P(lists:partition(fun(X) -> X > 2 end, [1, 2, 3, 4])),
    P(lists:splitwith(fun(X) -> X < 3 end, [1, 2, 3, 1])), P(lists:split(2, [a, b, c])), P(lists:takewhile(fun(X) -> X < 3 end, [1, 2, 3, 1])),
    P(lists:dropwhile(fun(X) -> X < 3 end, [1, 2, 3, 1])), P(lists:foldl(fun(X, A) -> [X | A] end, [], [1, 2, 3])), P(lists:foldr(fun(X, A) -> [X | A] end, [], [1, 2, 3])),
    P(lists:mapfoldl(fun(X, A) -> {X * 2, A + X} end, 0, [1, 2, 3])), P(lists:mapfoldr(fun(X, A) -> {{X, A}, A + X} end, 0, [1, 2])), P(lists:filtermap(fun(1) -> false; (2) -> true; (X) -> {true, X * 10} end, [1, 2, 3])),
    P(lists:flatmap(fun(X) -> [X, X] end, [1, 2])), P(lists:zip([1, 2], [a, b])), P(lists:zip3([1], [2], [3])), P(lists:unzip([{1, a}, {2, b}])), P(lists:zipwith(fun(A, B) -> A + B end, [1, 2], [3, 4])),
    P(lists:all(fun is_atom/1, [])), P(lists:any(fun is_atom/1, [1, a])), P(lists:max([1, 3, 2])), P(lists:min([2, 1.0])), P(lists:member(x, [])), P(lists:duplicate(2, x)),
    P(lists:flatten([1, [2, [3, []]], 4])), P(lists:merge([1, 3], [2, 4])), P(lists:subtract([1, 2, 1], [1])), P(lists:prefix([1], [1, 2])), P(lists:suffix([2], [1, 2])),
    P(lists:droplast([1, 2])), P(lists:sublist([1, 2, 3, 4], 2, 2)), P(lists:search(fun(X) -> X > 1 end, [1, 2, 3])), P(lists:join(x, [1, 2, 3])), P(lists:concat([a, 1, "s", 2.5])),
    P(lists:umerge([1, 2], [2, 3])), P(lists:keysort(1, [{b, 1}, {a, 2}, {b, 0}])), P(lists:keymerge(1, [{a, 1}], [{b, 1}])), P(lists:foreach(fun(X) -> X end, [1])), P(lists:enumerate([a, b])),
    [P(try F() catch C:R -> {C, R} end) || F <- [fun() -> lists:nth(3, [1]) end, fun() -> lists:last([]) end, fun() -> lists:split(3, [1]) end, fun() -> lists:zip([1], []) end,
                                                 fun() -> lists:max([]) end, fun() -> lists:seq(1, 3, 0) end, fun() -> lists:nth(0, [a]) end]].
