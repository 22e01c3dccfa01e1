%% lists:reverse/1 and /2 and '++' in code that runs often: lists of every short length and some long
%% ones, tails that are no lists, arguments that are none, and values that live across the call.
-module(lists_turned_and_joined_in_hot_code).
-export([main/0]).

main() ->
    lists:foreach(fun(L) -> io:format("~w ~w~n", [L, sizes(300, L, 0)]) end,
                  lists:seq(0, 20) ++ [31, 32, 33, 100, 1000]),
    io:format("~w~n", [across(2000, 1.5, 2.5, {a, 1}, [1, 2, 3], 0.0, [])]),
    io:format("~w~n", [tails(500, [])]),
    io:format("~w~n", [[bad(1000, X) || X <- [[1 | 2], a, [1, 2 | b], {}, 1.5]]]),
    io:format("~w~n", [late(3000, [], 0)]),
    io:format("~w~n", [length(grow(200, [x]))]),
    io:format("~w~n", [long(3)]),
    io:format("~w~n", [flips([4, 2, 1, 5, 3], 0)]),
    io:format("~w~n", [nobody(1000, [1, 2, 3])]),
    io:format("~w~n", [erlang:phash2(deep(3000))]).

sizes(0, _, Sum) -> Sum;
sizes(N, L, Sum) ->
    List = seq(L, []),
    Back = lists:reverse(List),
    Onto = lists:reverse(List, [N]),
    Join = Back ++ Onto,
    [N | _] = lists:reverse(Join),
    List = lists:reverse(Back),
    L = length(Back),
    sizes(N - 1, L, Sum + sum(Join, 1, 0)).

seq(0, Done) -> Done;
seq(N, Done) -> seq(N - 1, [N | Done]).

sum([], _, S) -> S;
sum([X | Rest], I, S) -> sum(Rest, I + 1, S + I * X).

%% Floats, a tuple and small integers live across the calls.
across(0, A, B, T, L, Sum, Out) -> {A, B, T, L, Sum, Out};
across(N, A, B, {Tag, K}, L, Sum, _) ->
    C = A * B + N,
    Turned = lists:reverse(L, [K]),
    D = C - A,
    Joined = Turned ++ [C, D],
    E = D * 0.5,
    across(N - 1, A + 0.25, B - 0.125, {Tag, K + 1}, lists:reverse(tl(L), [hd(L)]), Sum + E,
           [E, Tag | Joined]).

tails(0, Done) -> Done;
tails(N, _) ->
    Tail = case N rem 5 of 0 -> a; 1 -> {N}; 2 -> []; 3 -> [N | b]; 4 -> 1.5 end,
    A = seq(N rem 18, []),
    tails(N - 1, [lists:reverse(A, Tail), A ++ Tail, [] ++ Tail, lists:reverse([], Tail)]).

bad(0, _) -> done;
bad(1, X) ->
    [try lists:reverse(X) catch error:R1 -> R1 end, try lists:reverse(X, []) catch error:R2 -> R2 end,
     try X ++ [1] catch error:R3 -> R3 end];
bad(N, X) ->
    A = seq(N rem 7, []),
    L = case N of 400 -> X; _ -> A end,
    try
        {_, _} = {length(lists:reverse(L)), length(L ++ A)}
    catch
        error:_ when N =:= 400 -> ok
    end,
    bad(N - 1, X).

%% What comes late is longer than all before.
late(0, Last, Sum) -> {length(Last), Sum};
late(N, Last, Sum) when N rem 100 =:= 0 -> late(N - 1, lists:reverse(seq(N, []), Last), Sum + 1);
late(N, Last, Sum) -> late(N - 1, lists:sublist(Last, 3), Sum + length(lists:reverse(Last) ++ [N])).

grow(0, L) -> L;
grow(N, L) -> grow(N - 1, L ++ lists:reverse([N, N])).

long(0) -> done;
long(N) ->
    L = lists:seq(1, 150000),
    [150000 | _] = R = lists:reverse(L),
    true = (R ++ L) =:= lists:reverse(L, L),
    long(N - 1).

flips([1 | _], N) -> N;
flips([F | _] = Perm, N) -> flips(flip(F, Perm, []), N + 1).

flip(0, Rest, Done) -> Done ++ Rest;
flip(N, [X | Rest], Done) -> flip(N - 1, Rest, [X | Done]).

nobody(0, L) -> L;
nobody(N, L) ->
    _ = lists:reverse(L),
    _ = L ++ L,
    nobody(N - 1, L).

%% Frames that are collected while results wait in them.
deep(0) -> [];
deep(N) ->
    L = lists:reverse(seq(N rem 13, [])),
    Rest = deep(N - 1),
    lists:sublist(lists:reverse(L ++ Rest), 20).
