%% The optimiser keeps the elements of a loop's tuples apart, and builds tuples where one is wanted: at exits,
%% behind the loop, for who is called. None of that can be seen.
-module(tuples_that_loops_carry_are_taken_apart).
-export([main/1]).

-record(st, {pc = 0, acc = 0, x = 1, seen = []}).
-record(body, {pos = {0.0, 0.0}, speed = {1.0, 0.5}, name}).

main(_) ->
    lists:foreach(fun(Round) -> lists:foreach(fun(T) -> show(Round, T) end, tests()) end, lists:seq(1, 4)).

show(Round, {Name, Test}) ->
    Result = try Test(Round) catch Class:Reason:Trace -> {Class, Reason, hd(arguments(Trace))} end,
    case Round of
        4 -> io:format("~w: ~p~n", [Name, Result]);
        _ -> ok
    end.

%% Of frames of this module: what was called.
arguments(Trace) ->
    [{F, A} || {M, F, A, _} <- Trace, M =:= ?MODULE] ++ [none].

tests() ->
    [{machine, fun(_) -> machine(3000, #st{}) end},
     {vectors, fun(_) -> vectors(3000, {0.0, 0.0, 0.0}, {1.0, 0.5, 0.25}) end},
     {overflow, fun(_) -> grow(400, {1, 1.5}) end},
     {infinite, fun(_) -> explode(5000, {1.5, 2.0}) end},
     {huge_floats, fun(_) -> huge(2000, {1.0e300, 1.0e-300, -0.0}) end},
     {bodies, fun(_) -> bodies(2500, #body{name = earth}) end},
     {pairs, fun(_) -> pairs(1000, {1, a}, []) end},
     {sizes, fun(R) -> [sizes(N, S) || N <- [0, 1, 5, 700], S <- [{1}, {1, 2}, {1, 2, 3}, R, [R], {}]] end},
     {clause, fun(_) -> clause(2000, {0, ok}) end},
     {rare, fun(_) -> rare(4000, {0, 0, []}) end},
     {generator, fun(_) -> generate(3000, {123456789, 362436069}, 0) end},
     {complex, fun(_) -> [julia({X / 4, Y / 4}, {0.0, 0.0}, 60) || X <- lists:seq(-6, 4), Y <- lists:seq(-3, 3)] end},
     {unchanged, fun(_) -> unchanged(lists:seq(1, 2000), {0, {x, y}, "keep"}) end},
     {nested, fun(_) -> outer(40, {0, {0, 1}}) end},
     {caught, fun(_) -> caught(300, {0, 0}) end},
     {captured, fun(_) -> [F() || F <- captured(20, {0, []}, [])] end},
     {equal, fun(_) -> equal(1000, {0, 1}, {1, 0}, 0) end},
     {sent, fun(_) -> sent(200, {0, self()}) end},
     {literals, fun(_) -> literals(1001, {one, 1}) end},
     {tagged, fun(_) -> tagged(1000, {idle, 0}) end},
     {state_of_fold, fun(_) -> lists:foldl(fun(X, {N, S, M}) -> {N + 1, S + X, max(M, X)} end, {0, 0.0, -1.0},
                                           [I * 0.5 || I <- lists:seq(1, 500)]) end},
     {yields, fun(_) -> yields(30000, {0, 0.0}) end},
     {results, fun(_) -> results(2000, {0, 0}) end},
     {within, fun(_) -> within(2000, #body{name = [mars]}) end},
     {swapped, fun(_) -> swapped(1001, {0, {1, x}}, {1, {0, y}}) end},
     {both, fun(_) -> both(2000, []) end},
     {set, fun(_) -> set(1000, {0, 0}) end},
     {roots, fun(_) -> roots(lists:seq(1, 500), {0.0, 0.0}) end},
     {roots_of_nothing, fun(_) -> roots([4, 9, -1, 16], {0.0, 0.0}) end}].

machine(0, S) -> S#st{seen = length(S#st.seen)};
machine(N, S) -> machine(N - 1, step(S)).

step(#st{pc = 0, x = X} = S) -> S#st{pc = 1, x = (X * 3 + 1) band 16#ffff};
step(#st{pc = 1, acc = A, x = X} = S) -> S#st{pc = 2, acc = A + X};
step(#st{pc = 2, seen = Seen, x = X} = S) when X rem 5 =:= 0 -> S#st{pc = 0, seen = [X | Seen]};
step(#st{pc = 2} = S) -> S#st{pc = 0}.

vectors(0, P, V) -> {P, V};
vectors(N, P, V) ->
    V2 = add(V, scale(0.001, cross(V, {0.0, 0.1, 1.0}))),
    vectors(N - 1, add(P, scale(0.001, V2)), V2).

add({A, B, C}, {D, E, F}) -> {A + D, B + E, C + F}.
scale(K, {A, B, C}) -> {K * A, K * B, K * C}.
cross({A, B, C}, {D, E, F}) -> {B * F - C * E, C * D - A * F, A * E - B * D}.

%% Small integers become large ones.
grow(0, S) -> S;
grow(N, {I, F}) -> grow(N - 1, {I * 3, F * 1.01}).

%% The result is no float at last.
explode(0, S) -> S;
explode(N, {A, B}) -> explode(N - 1, {A * B, B}).

huge(0, S) -> S;
huge(N, {A, B, C}) -> huge(N - 1, {A * 1.0001, B * 0.9999, C * 2.0}).

bodies(0, B) -> B;
bodies(N, #body{pos = {X, Y}, speed = {Vx, Vy}} = B) ->
    bodies(N - 1, B#body{pos = {X + 0.01 * Vx, Y + 0.01 * Vy}, speed = {Vx * 0.999, Vy - 0.001}}).

%% Wanted as a whole in every round.
pairs(0, P, Acc) -> {P, length(Acc), hd(Acc), lists:last(Acc)};
pairs(N, {A, B}, Acc) -> P = {A + 1, B}, pairs(N - 1, P, [P | Acc]).

%% Not always of one size, nor a tuple at all.
sizes(0, S) -> S;
sizes(N, {A}) -> sizes(N - 1, {A, N});
sizes(N, {A, B}) -> sizes(N - 1, {A + 1, B + 1});
sizes(N, S) when is_tuple(S) -> sizes(N - 1, {tuple_size(S), N});
sizes(N, S) -> sizes(N - 1, {S}).

clause(1000, {N, _}) -> clause(999, {N, error});
clause(N, {I, ok}) -> clause(N - 1, {I + 1, ok}).

rare(0, S) -> S;
rare(N, {A, B, L} = S) when N rem 1000 =:= 0 -> rare(N - 1, {A + 1, B, [describe(S, N) | L]});
rare(N, {A, B, L}) -> rare(N - 1, {A + 2, B - 1, L}).

describe(S, N) -> lists:flatten(io_lib:format("~w at ~w", [S, N])).

generate(0, S, Sum) -> {S, Sum};
generate(N, S, Sum) -> {V, S2} = next(S), generate(N - 1, S2, (Sum + V) band 16#ffffffffff).

next({A, B}) ->
    A2 = (A bxor (A bsl 7)) band 16#3ffffffffffff,
    B2 = (B * 69069 + 12345) band 16#ffffffff,
    A3 = A2 bxor (A2 bsr 9),
    {(A3 + B2) band 16#ffffffff, {A3, B2}}.

julia(_, _, 0) -> 0;
julia(C, Z, N) ->
    case norm(Z) > 4.0 of
        true -> N;
        false -> julia(C, plus(times(Z, Z), C), N - 1)
    end.
times({A, B}, {C, D}) -> {A * C - B * D, A * D + B * C}.
plus({A, B}, {C, D}) -> {A + C, B + D}.
norm({A, B}) -> A * A + B * B.

unchanged([], S) -> S;
unchanged([X | Rest], {N, P, K}) when X rem 7 =:= 0 -> unchanged(Rest, {N + X, P, K});
unchanged([_ | Rest], S) -> unchanged(Rest, S).

outer(0, S) -> S;
outer(N, {I, In}) -> outer(N - 1, {I + 1, inner(N, In)}).
inner(0, P) -> P;
inner(N, {A, B}) -> inner(N - 1, {B, (A + B) band 16#fffff}).

caught(0, S) -> S;
caught(N, {A, B} = S) ->
    try odd(N, S) of
        S2 -> caught(N - 1, S2)
    catch
        throw:{even, _} -> caught(N - 1, {A, B + 1})
    end.
odd(N, S) when N rem 2 =:= 0 -> throw({even, S});
odd(_, {A, B}) -> {A + 1, B}.

captured(0, _, Fs) -> Fs;
captured(N, {A, L}, Fs) -> S = {A + N, [N]}, captured(N - 1, {A + 1, L}, [fun() -> S end | Fs]).

equal(0, P, Q, N) -> {P, Q, N};
equal(K, {A, B}, Q, N) ->
    P = {(A + 1) rem 3, (B + 2) rem 5},
    case P =:= Q of
        true -> equal(K - 1, P, {B, A}, N + 1);
        false -> equal(K - 1, P, Q, N)
    end.

sent(0, {N, _}) -> N;
sent(K, {N, Self} = S) when K rem 10 =:= 0 ->
    Self ! S,
    receive {M, Self} -> sent(K - 1, {M + N + 1, Self}) end;
sent(K, {N, Self}) -> sent(K - 1, {(N + 1) band 16#ffff, Self}).

literals(0, S) -> S;
literals(N, {one, I}) -> literals(N - 1, {two, I + 1});
literals(N, {two, I}) when I > 900 -> literals(N - 1, {one, 0});
literals(N, {two, I}) -> literals(N - 1, {one, I + 1}).

tagged(0, S) -> S;
tagged(N, S) ->
    case S of
        {idle, I} when I rem 3 =:= 0 -> tagged(N - 1, {busy, I, N});
        {idle, I} -> tagged(N - 1, {idle, I + 1});
        {busy, I, _} -> tagged(N - 1, {idle, I + 1});
        stop -> S
    end.

%% Runs for several turns.
yields(0, S) -> S;
yields(N, {I, F}) -> yields(N - 1, {I + N rem 3, F + 0.5}).

results(0, S) -> S;
results(N, S) ->
    case result(S, N) of
        {ok, S2} -> results(N - 1, S2);
        {error, {A, B}} -> results(N - 1, {A, B + 1});
        {error, Other} -> {N, Other}
    end.
result({A, B}, N) when N rem 5 =/= 0 -> {ok, {A + 1, B}};
result({A, _} = S, N) when A < 1400; N rem 2 =:= 0 -> {error, S};
result(S, _) -> {error, {S, S, S}}.

%% Tuples within; only some change.
within(0, B) -> B;
within(N, #body{pos = {X, Y}, speed = {U, V}, name = Name} = B) when N rem 100 =:= 0 ->
    within(N - 1, B#body{pos = {X + U, Y + V}, speed = {V, U}, name = [{X, Y} | Name]});
within(N, #body{pos = {X, Y}, speed = {U, _}} = B) -> within(N - 1, B#body{pos = {X + U, Y}}).

swapped(0, P, Q) -> {P, Q};
swapped(N, {A, {B, C}}, Q) -> swapped(N - 1, Q, {A + B, {B, C}}).

%% Built together behind the loop, where there is just room.
both(0, L) -> {lists:sum([A || {{A, _}, _, _} <- L]), hd(L), length(lists:usort(L))};
both(N, L) -> both(N - 1, [turn(N rem 4, {N, a}, {b, N}) | L]).
turn(0, P, Q) -> {P, [N || {_, N} <- [Q]], {Q, P}};
turn(N, {A, B}, {C, D}) -> turn(N - 1, {D, C}, {B, A}).

set(0, S) -> S;
set(N, S) when element(1, S) > 100 -> set(N - 1, setelement(1, S, 0));
set(N, {A, B}) -> set(N - 1, {A + 1, B + N}).

%% Built-ins that are instructions.
roots([], S) -> S;
roots([X | Rest], {Sum, Last}) -> R = math:sqrt(X), roots(Rest, {Sum + R + math:sqrt(R), Last * 0.5 + R}).
