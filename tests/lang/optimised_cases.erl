%% optimised_cases.erl: small programs that the optimised tier once got wrong.
-module(optimised_cases).
-export([main/0]).

main() ->
    io:format("~w~n", [try never_matches([]) catch Class:Reason -> {Class, Reason} end]),
    io:format("~w~n", [{small_then_float(40), small_then_big(40)}]),
    io:format("~w~n", [parts(60, [])]),
    io:format("~w~n", [[who(X) || X <- [1, 7, a, 1.5, {2, 3}, {4, b}, 12]]]),
    io:format("~w~n", [rounds(3000, 0, 0.0)]),
    io:format("~w~n", [mixed(lists:seq(-40, 40) ++ [1 bsl 70, -1 bsl 61, 1.5], [])]).

%% All of it leaves: the first block is cold, and still comes first.
never_matches([]) ->
    try [] of
        [] when [] -> []
    catch
        throw:[] -> []
    end.

%% Guesses that hold for a while and then fail, again and again.
small_then_float(N) -> lists:foldl(fun(I, A) -> sum(I, numbers(I), A) end, 0, lists:seq(1, N)).

numbers(I) when I < 10 -> lists:seq(1, I);
numbers(I) when I < 20 -> [I + 0.5, 1.0e300, -1.0e-300, 0.0];
numbers(I) when I < 30 -> [1 bsl 58, 1 bsl 59, 1 bsl 60, I];
numbers(I) -> [I, 2.5, I, -1 bsl 61].

sum(_, [], A) -> A;
sum(K, [H | T], A) when K rem 3 =:= 0 -> sum(K, T, max(A, H) - min(H, 3));
sum(K, [H | T], A) -> sum(K, T, abs(A - H) + H).

small_then_big(N) -> product(N, 1) rem 1000003.

product(0, A) -> A;
product(N, A) -> product(N - 1, A * N).

%% Guard built-ins on what they take and on what they do not.
parts(0, A) -> lists:sort(A);
parts(N, A) ->
    T = case N rem 6 of
            0 -> {a, N};
            1 -> [N | tail];
            2 -> N;
            3 -> {};
            4 -> #{n => N};
            5 -> <<N>>
        end,
    parts(N - 1, [part(T, N rem 4) | A]).

part(T, I) when element(I, T) =:= a -> {first, I};
part(T, _) when hd(T) > 50, tl(T) =:= tail -> {head, hd(T)};
part(T, I) when tuple_size(T) =:= 0 -> {empty, I};
part(T, I) when map_size(T) =:= 1, map_get(n, T) > 20 -> {map, I};
part(T, I) when byte_size(T) =:= 1 -> {binary, I};
part(T, I) when abs(T) > I -> {number, T};
part(T, I) ->
    try element(I, T) of
        E -> {element, E}
    catch
        error:R -> {R, is_tuple(T)}
    end.

mixed([], A) -> lists:reverse(A);
mixed([X | Rest], A) -> mixed(Rest, [{abs(X), min(X, 7), max(X, -3.5)} | A]).

%% Functions that are put into those that call them: whose exceptions have the frames that calls have,
%% whose guesses fail, which count reductions.
who(X) ->
    try
        {ok, 1 + outer(X)}
    catch
        error:R:Stack -> {R, [{F, A} || {optimised_cases, F, A, _} <- Stack], X}
    end.

outer({X, Y}) -> 10 * (inner(X) + inner(Y));
outer(X) -> inner(X) + 1.

inner(X) when X < 10 -> turned(X, 3);
inner(X) when is_atom(X) -> X + 1.

turned(X, Y) -> less(Y, X).

less(X, Y) -> X - Y.

rounds(0, A, B) -> {A, B};
rounds(N, A, B) -> rounds(N - 1, clip(A + weight(N)), B + scaled(N, 0.5)).

clip(X) when X > 1000 -> X - 1000;
clip(X) -> X.

weight(N) when N rem 500 =:= 0 -> 1 bsl 62;
weight(N) -> N band 7.

scaled(N, F) -> N * F.
