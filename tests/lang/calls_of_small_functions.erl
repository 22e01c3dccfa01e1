%% Small functions that call others, and themselves, and raise, overflow, collect and are looked at on the way.
-module(calls_of_small_functions).
-export([main/0]).

main() ->
    io:format("~w~n", [[fib(N) || N <- lists:seq(0, 20)]]),
    io:format("~w~n", [fib(18.5)]),
    io:format("~w~n", [product(60) rem 1000000007]),
    io:format("~w~n", [[catch_class(fun() -> checked(N, 13) end) || N <- [5, 13, 14, 20, 26]]]),
    io:format("~w~n", [frames(fun() -> checked(20, 13) end)]),
    io:format("~w~n", [frames(fun() -> sums([1, 2, three, 4]) end)]),
    io:format("~w~n", [frames(fun() -> outer(7, 0) end)]),
    io:format("~w~n", [lists:sum(twice_each(lists:seq(1, 3000)))]),
    io:format("~w~n", [[is_even(N) || N <- [0, 1, 7, 1000, 100001]]]),
    io:format("~w~n", [spread(12)]),
    io:format("~w~n", [seen_from_inside(5)]),
    io:format("~w~n", [tree_sum(tree(12))]),
    io:format("~w~n", [lists:foldl(fun(I, Sum) -> (Sum * 31 + last_of(I)) rem 1000003 end, 7, lists:seq(1, 5000))]).

fib(N) when N < 2 -> N;
fib(N) -> fib(N - 1) + fib(N - 2).

%% Leaves the small integers on the way.
product(1) -> 1;
product(N) -> N * product(N - 1).

%% Raises at some depth.
checked(N, N) -> throw({found, N});
checked(N, _) when N < 2 -> N;
checked(N, Bad) -> checked(N - 2, Bad) + checked(N - 1, Bad).

sums([]) -> 0;
sums([X | Rest]) -> add(X, sums(Rest)).
add(X, Sum) -> X + Sum.

outer(N, D) -> 1 + middle(N, D).
middle(N, D) -> R = inner(N, D), R * 2.
inner(N, D) -> N div D.

twice_each([]) -> [];
twice_each([X | Rest]) -> [pair(X) | twice_each(Rest)].
pair(X) -> element(1, make_pair(X, X)) * 2.
make_pair(A, B) -> {A, B, [A, B]}.

is_even(0) -> true;
is_even(N) -> is_odd(N - 1).
is_odd(0) -> false;
is_odd(N) -> is_even(N - 1).

%% Calls whose result is wanted, of functions that end in a call of a larger one.
spread(N) -> [part(N), part(N + 1) | lists:reverse([part(N + 2)])].
part(N) -> large(N, 1).
large(N, K) ->
    A = N * K + 1, B = A * 3 - K, C = B rem 17, D = C + A, E = D * 2, F = E - B, G = F bxor A, H = G band 255,
    I = H + 1, J = I * I, L = J - H, M = L + G, O = M rem 1009, P = O * 3, Q = P + A, {Q, O, M, J, I, H, L}.

seen_from_inside(N) -> [N | seen_further(N + 1)].
seen_further(N) -> [N | seen_last(N + 1)].
seen_last(_) ->
    {current_stacktrace, Frames} = process_info(self(), current_stacktrace),
    [{F, A} || {?MODULE, F, A, _} <- Frames, F =/= main].

tree(0) -> leaf;
tree(N) -> {tree(N - 1), N, tree(N - 1)}.
tree_sum(leaf) -> 1;
tree_sum({L, N, R}) -> tree_sum(L) + N + tree_sum(R).

last_of(I) -> last([I, I + 1, I + 2]).
last([X]) -> X;
last([_ | Rest]) -> last(Rest).

catch_class(F) ->
    try F() catch Class:Reason -> {Class, Reason} end.

frames(F) ->
    try F() catch Class:Reason:Stack -> {Class, Reason, [{N, A} || {?MODULE, N, A, _} <- Stack, is_integer(A),
                                                       hd(atom_to_list(N)) =/= $-, N =/= frames, N =/= main]} end.
