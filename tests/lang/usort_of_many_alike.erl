%% Sorting without repeats keeps the first of equal elements, however many there are; and terms that
%% are equal, or differ only deep inside, compare as they should.
-module(usort_of_many_alike).
-export([main/0]).

main() ->
    [io:format("~p ~p: ~w~n", [N, Of, [check(kind(K, N, Of)) || K <- [0, 1, 2, 3, 4, 5]]])
     || N <- [2, 3, 12, 13, 50, 400, 3000], Of <- [1, 2, 7, 100, 5000]],
    io:format("~w~n", [[lists:usort(L) || L <- [[1, 1.0, 1], [1.0, 1], [{1, 2}, {1.0, 2}, {1, 2.0}],
                                                [[1.0], [1]], [2, 1, 2.0, 1.0, 2]]]]),
    io:format("~w~n", [lists:ukeysort(2, [{a, 1}, {b, 0}, {c, 1.0}, {d, 0.0}, {e, 1}, {f, -1}])]),
    Terms = [{1, "ab"}, {1, "abc"}, {1, [97, 98]}, {{1, 2}, 3}, {{1, 2}, 4}, {{1, 3}, 2}, {{1, 2}, {3, 4}},
             {{1, 2}, {3, 5}}, {{1.0, 2}, {3, 5}}, [[1, 2], 3], [[1, 2], 4], [[1, 3], 2], [1 | 2], [1, 2],
             [1 | 2.0], [{1, <<"x">>}], [{1, <<"y">>}], [{1, <<"x">>}, 0], {[1], [2], [3]}, {[1], [2], [4]},
             {[1, 1], [2], [3]}, {1 bsl 70, a}, {1 bsl 70, b}, {float(1 bsl 70), a}, {#{a => 1}, 2},
             {#{a => 1}, 1}, {#{a => 2}, 0}, {}, {[]}, {[], []}, {[[]]}],
    [io:format("~s~n", [[sign(A, copy(B)) || B <- Terms]]) || A <- Terms].

%% Built anew, so that equal ones are not the same words.
copy(T) -> binary_to_term(term_to_binary(T)).

sign(A, B) ->
    if A =:= B -> $=; A == B -> $~; A < B -> $<; A > B -> $> end.

kind(K, N, Of) -> [element_of(K, (I * 7919 + K) rem Of) || I <- lists:seq(1, N)].

element_of(0, I) -> I;
element_of(1, I) -> I / 4;
element_of(2, I) -> {I rem 3, integer_to_list(I)};
element_of(3, I) -> integer_to_binary(I);
element_of(4, I) -> -I bsl 70;
element_of(5, I) -> [{I rem 2, [I]}, I].

check(L) ->
    Unique = lists:usort(L),
    Unique = first_of_equal(lists:sort(L)),
    Tuples = lists:zip(L, lists:seq(1, length(L))),
    ByKey = lists:ukeysort(1, Tuples),
    ByKey = first_of_equal_keys(lists:keysort(1, Tuples)),
    {length(Unique), erlang:phash2({Unique, ByKey})}.

first_of_equal([A, B | T]) when A == B -> first_of_equal([A | T]);
first_of_equal([A | T]) -> [A | first_of_equal(T)];
first_of_equal([]) -> [].

first_of_equal_keys([{A, _} = X, {B, _} | T]) when A == B -> first_of_equal_keys([X | T]);
first_of_equal_keys([X | T]) -> [X | first_of_equal_keys(T)];
first_of_equal_keys([]) -> [].
