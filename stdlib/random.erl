%% The old generator of pseudo-random numbers, for programs that still use it: three linear
%% congruential generators whose fractions are added (Wichmann and Hill, Applied Statistics AS 183).
-module(random).
-export([seed/0, seed/1, seed/3, seed0/0, uniform/0, uniform/1, uniform_s/1, uniform_s/2]).
-export_type([ran/0]).

-define(P1, 30269).
-define(P2, 30307).
-define(P3, 30323).

-type ran() :: {integer(), integer(), integer()}.

-spec seed0() -> ran().
seed0() -> {3172, 9814, 20125}.

-spec seed() -> ran().
seed() ->
    case put(random_seed, seed0()) of
        undefined -> seed0();
        Before -> Before
    end.

-spec seed({integer(), integer(), integer()}) -> undefined | ran().
seed({A, B, C}) -> seed(A, B, C).

-spec seed(integer(), integer(), integer()) -> undefined | ran().
seed(A, B, C) -> put(random_seed, {start(A, ?P1), start(B, ?P2), start(C, ?P3)}).

%% From 1 to P - 1: 0 would stay 0.
start(N, P) -> abs(N) rem (P - 1) + 1.

-spec uniform() -> float().
uniform() ->
    {Fraction, Next} = uniform_s(current()),
    put(random_seed, Next),
    Fraction.

-spec uniform(pos_integer()) -> pos_integer().
uniform(N) when is_integer(N), N >= 1 ->
    {Number, Next} = uniform_s(N, current()),
    put(random_seed, Next),
    Number.

current() ->
    case get(random_seed) of
        undefined -> seed0();
        State -> State
    end.

-spec uniform_s(ran()) -> {float(), ran()}.
uniform_s({A0, B0, C0}) ->
    A = A0 * 171 rem ?P1,
    B = B0 * 172 rem ?P2,
    C = C0 * 170 rem ?P3,
    Sum = A / ?P1 + B / ?P2 + C / ?P3,
    {Sum - trunc(Sum), {A, B, C}}.

-spec uniform_s(pos_integer(), ran()) -> {pos_integer(), ran()}.
uniform_s(N, State) when is_integer(N), N >= 1 ->
    {Fraction, Next} = uniform_s(State),
    {trunc(Fraction * N) + 1, Next}.
