%% Functions that call themselves last, called from others that run often: what they carry changes its
%% kind, they raise, build much, run long, and are called last themselves.
-module(loops_that_small_functions_call).
-export([main/0]).

main() ->
    io:format("~w~n", [bodies(300, [{1.0, 2.0, 3}, {2.5, -1.0, 4}, {0.125, 4.0, 5}])]),
    io:format("~w~n", [flips(lists:reverse(lists:seq(1, 7)) ++ [9, 8], 0)]),
    io:format("~w~n", [kinds(2000, 0)]),
    io:format("~w~n", [failing(2000, [])]),
    io:format("~w~n", [traces(200)]),
    io:format("~w~n", [erlang:phash2(building(400, []))]),
    io:format("~w~n", [long(3, 0)]),
    io:format("~w~n", [last(1000, 0)]),
    io:format("~w~n", [nested(60, 0)]),
    io:format("~w~n", [deep(4000)]),
    io:format("~w~n", [others(30)]),
    io:format("~w~n", [nothing(500, {1, 2.0}, x)]),
    io:format("~w~n", [{starts(300, 0), starts_within(300, {0, 0.0}, 0)}]),
    io:format("~w~n", [erlang:phash2(pieces(200, <<>>))]).

%% The first of each list against the rest of it, as tuples of floats and integers.
bodies(0, Bodies) -> Bodies;
bodies(N, Bodies) -> bodies(N - 1, advance(Bodies)).

advance([]) -> [];
advance([B | Rest]) ->
    {B2, Rest2} = pull(B, Rest, []),
    [B2 | advance(Rest2)].

pull(B, [], Done) -> {B, lists:reverse(Done)};
pull({X, V, M}, [{X2, V2, M2} | Rest], Done) ->
    D = (X - X2) / (M + M2),
    pull({X - D * 0.25, V + D, M}, Rest, [{X2 + V2 * 0.001, V2 - D, M2} | Done]).

flips([1 | _], N) -> N;
flips([First | _] = Perm, N) -> flips(flip(First, Perm, []), N + 1).

flip(0, Rest, Done) -> Done ++ Rest;
flip(N, [X | Rest], Done) -> flip(N - 1, Rest, [X | Done]).

%% Small integers, large ones, floats, by turns.
kinds(0, Sum) -> Sum;
kinds(N, Sum) ->
    Start = case N rem 7 of 3 -> 1.5; 5 -> 1 bsl 70; _ -> N end,
    R = grow(N rem 11, Start),
    kinds(N - 1, (Sum + trunc(R)) rem 1000000007).

grow(0, X) -> X;
grow(N, X) -> grow(N - 1, X * 3 + N).

%% Clauses that none fits, arithmetic on atoms, in the middle of the inner loop.
failing(0, Seen) -> Seen;
failing(N, Seen) ->
    List = case N rem 500 of 1 -> [1, 2, a, 4]; 2 -> [1, 2 | b]; 3 -> c; _ -> [N, N, N] end,
    Now = try total(List, 0) of T when T > 5990 -> [{T, N} | Seen]; _ -> Seen
          catch error:R -> [{R, N} | lists:sublist(Seen, 5)] end,
    failing(N - 1, Now).

total([], T) -> T;
total([X | Rest], T) -> total(Rest, T + X).

traces(0) -> [];
traces(N) ->
    try 1 + total(case N of 1 -> [1, x]; _ -> [1, N] end, 0) of
        _ -> traces(N - 1)
    catch
        error:_:Trace -> [{F, A} || {?MODULE, F, A, _} <- Trace]
    end.

%% More than a heap holds, in the inner loop.
building(0, Done) -> Done;
building(N, Done) -> building(N - 1, [length(pairs(N * 3, [])) | keep(Done)]).

pairs(0, Done) -> Done;
pairs(N, Done) -> pairs(N - 1, [{N, float(N), [N]} | Done]).

keep([A, B, C, D | _]) -> [A, B, C, D];
keep(L) -> L.

%% Over many slices, beside another process.
long(0, Sum) -> Sum;
long(N, Sum) ->
    Self = self(),
    spawn(fun() -> Self ! {beside, N} end),
    S = count(200000, 0, 0.5),
    receive {beside, N} -> ok end,
    long(N - 1, Sum + S).

count(0, I, F) -> I + trunc(F);
count(N, I, F) -> count(N - 1, (I + N) band 65535, F + 0.5).

last(0, Sum) -> Sum;
last(N, Sum) -> last(N - 1, Sum + ends(N rem 13)).

ends(N) when N > 6 -> down(N, 1);
ends(N) -> N.

down(0, P) -> P;
down(N, P) -> down(N - 1, P * 2 + 1).

nested(0, Sum) -> Sum;
nested(N, Sum) -> nested(N - 1, Sum + sum_of_rows(N, 0)).

sum_of_rows(0, S) -> S;
sum_of_rows(R, S) -> sum_of_rows(R - 1, S + down(R rem 5, R)).

%% The frame of the caller is collected while the inner loop is at work.
deep(0) -> 0;
deep(N) ->
    Kept = {N, [N]},
    Length = length(pairs(N rem 5, [])),
    Rest = deep(N - 1),
    {N, [M]} = Kept,
    (Rest + Length + M) rem 1000003.

%% A loop that others call with what it was not made for.
others(N) -> [grow(3, X) || X <- lists:duplicate(N, 1)] =:= lists:duplicate(N, grow(3, 1)).

%% What is carried and not looked at.
nothing(0, _, X) -> X;
nothing(N, T, X) -> nothing(N - 1, T, unused(N rem 4, T, [X], T)).

unused(0, _, [X], _) -> X;
unused(N, T, L, {_, _}) -> unused(N - 1, N, L, T);
unused(N, T, L, _) -> unused(N - 1, T, L, {N, T}).

%% Loops that begin with what is no tuple, and then carry one; within a loop that carries one, too.
starts(0, Sum) -> Sum;
starts(N, Sum) -> starts(N - 1, Sum + depth(chain(N rem 9, none), 0) + depth(chain(N rem 5, []), 0)).

chain(0, Last) -> Last;
chain(N, Last) -> chain(N - 1, {N, Last}).

depth({_, Next}, D) -> depth(Next, D + 1);
depth(_, D) -> D.

starts_within(0, State, Sum) -> {State, Sum};
starts_within(N, {A, B}, Sum) ->
    {C, D} = walk(N rem 6, {A, B}),
    Deep = depth(chain(N rem 4, {C, D}), 0),
    starts_within(N - 1, {C, D - 0.25}, Sum + Deep).

walk(0, State) -> State;
walk(N, {A, B}) -> walk(N - 1, {A + N, B + 0.5}).

%% Binaries that an inner loop takes apart and grows.
pieces(0, Bin) -> Bin;
pieces(N, _) -> pieces(N - 1, turned(<<N:16, "abc", N, "xyz">>, <<>>)).

turned(<<>>, Done) -> Done;
turned(<<B, Rest/binary>>, Done) -> turned(Rest, <<B, Done/binary>>).
