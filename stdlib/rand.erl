%% Random numbers: the generators of OTP with the same states, seeds and sequences, so that a seed
%% gives the same numbers here and there.
%%
%% All are linear generators by Vigna (Xorshift, Xoroshiro) of 58 bits a word, so that sums stay small
%% integers, or of 64 bits. A state is {Handler, AlgorithmState}; a handler says how many bits a
%% word has, how the next one is made, and how many of its low bits are weak.
-module(rand).

-export([seed/1, seed_s/1, seed/2, seed_s/2, export_seed/0, export_seed_s/1, uniform/0, uniform/1,
         uniform_s/1, uniform_s/2, uniform_real/0, uniform_real_s/1, bytes/1, bytes_s/2, normal/0,
         normal/2, normal_s/1, normal_s/3, jump/0, jump/1, splitmix64_next/1]).
-export([exsp_next/1, exsp_jump/1, exro928_seed/1, exro928_next/1, exro928_next_state/1,
         exro928_jump_2pow20/1, exro928_jump_2pow512/1, mwc59/1, mwc59_value32/1, mwc59_value/1,
         mwc59_float/1, mwc59_seed/0, mwc59_seed/1]).

-export_type([builtin_alg/0, alg/0, alg_handler/0, alg_state/0, state/0, export_state/0, seed/0,
              splitmix64_state/0, exsp_state/0, mwc59_state/0]).

-type builtin_alg() :: exsss | exro928ss | exrop | exs1024s | exsp | exs64 | exsplus | exs1024
    | dummy.
-type alg() :: builtin_alg() | atom().
-type alg_state() :: term().
-type alg_handler() :: #{type := alg(), bits => non_neg_integer(), weak_low_bits => non_neg_integer(),
                         max => non_neg_integer(), next := fun((alg_state()) -> {non_neg_integer(), alg_state()}),
                         jump => fun((state()) -> state())}.
-type state() :: {alg_handler(), alg_state()}.
-type export_state() :: {alg(), alg_state()}.
-type seed() :: [integer()] | integer() | {integer(), integer(), integer()}.
-type splitmix64_state() :: non_neg_integer().
-type exsp_state() :: nonempty_improper_list(non_neg_integer(), non_neg_integer()).
-type mwc59_state() :: 1..(16#7fa6502 bsl 32 - 1).

-define(KEY, rand_seed).
-define(MASK(Bits, X), ((X) band ((1 bsl (Bits)) - 1))).
%% Shifts that do not make big integers on the way.
-define(SHIFT_LEFT(Bits, X, N), (((X) band ((1 bsl ((Bits) - (N))) - 1)) bsl (N))).
-define(ROTATE_58(X, N), (?SHIFT_LEFT(58, X, N) bor ((X) bsr (58 - (N))))).
-define(TWO_TO_MINUS_53, 1.1102230246251565e-16).

%%% Seeds

%% Sets the state of this process.
-spec seed(builtin_alg() | default | state() | export_state()) -> state().
seed(AlgOrState) -> put_state(seed_s(AlgOrState)).

%% A state of an algorithm and a seed.
-spec seed_s(builtin_alg() | default | state() | export_state()) -> state().
seed_s({Handler, _} = State) when is_map(Handler) -> State;
seed_s({Alg, AlgState}) when is_atom(Alg) -> {handler(Alg), AlgState};
seed_s(Alg) ->
    seed_s(Alg, {erlang:phash2([{node(), self()}]), erlang:system_time(), erlang:unique_integer()}).

-spec seed(builtin_alg() | default, seed()) -> state().
seed(Alg, Seed) -> put_state(seed_s(Alg, Seed)).

-spec seed_s(builtin_alg() | default, seed()) -> state().
seed_s(default, Seed) -> seed_s(exsss, Seed);
seed_s(exro928ss, Seed) -> {handler(exro928ss), exro928_seed(Seed)};
seed_s(Alg, Seed) when is_list(Seed); is_integer(Seed); tuple_size(Seed) =:= 3 ->
    Handler = handler(Alg),
    {Handler, initial(Alg, Seed)}.

%% The state in a form that can be stored.
-spec export_seed() -> undefined | export_state().
export_seed() ->
    case get(?KEY) of
        {#{type := Alg}, AlgState} -> {Alg, AlgState};
        _ -> undefined
    end.

%% A state in a form that can be stored.
-spec export_seed_s(state()) -> export_state().
export_seed_s({#{type := Alg}, AlgState}) -> {Alg, AlgState}.

put_state(State) ->
    put(?KEY, State),
    State.

%% The state of this process; the first use seeds it.
own_state() ->
    case get(?KEY) of
        undefined -> seed(default);
        State -> State
    end.

handler(exsss) ->
    #{type => exsss, bits => 58, next => fun exsss_next/1, jump => fun jump_exs/1};
handler(exsp) ->
    #{type => exsp, bits => 58, weak_low_bits => 1, next => fun exsp_next/1, jump => fun jump_exs/1};
handler(exsplus) ->
    #{type => exsplus, max => ?MASK(58, -1), next => fun exsp_next/1, jump => fun jump_exs/1};
handler(exro928ss) ->
    #{type => exro928ss, bits => 58, next => fun exro928ss_next/1, jump => fun jump_exro928/1};
handler(exrop) ->
    #{type => exrop, bits => 58, weak_low_bits => 1, next => fun exrop_next/1, jump => fun jump_exrop/1};
handler(exs1024s) ->
    #{type => exs1024s, bits => 64, weak_low_bits => 3, next => fun exs1024_next/1,
      jump => fun jump_exs1024/1};
handler(exs1024) ->
    #{type => exs1024, max => ?MASK(64, -1), next => fun exs1024_next/1, jump => fun jump_exs1024/1};
handler(exs64) ->
    #{type => exs64, max => ?MASK(64, -1), next => fun exs64_next/1};
handler(dummy) ->
    #{type => dummy, bits => 58, next => fun dummy_next/1, uniform => fun dummy_uniform/1,
      uniform_n => fun dummy_uniform/2}.

%% A list is a state as it is, an integer is stretched by SplitMix64, a triple is mixed.
initial(Alg, Seed) when Alg =:= exsp; Alg =:= exsplus; Alg =:= exsss; Alg =:= exrop ->
    case Seed of
        List when is_list(List) -> pair(state_words(2, 58, List));
        N when is_integer(N) -> pair(words58(2, ?MASK(64, N)));
        {A1, A2, A3} when Alg =:= exsss ->
            {_, X0} = word58(?MASK(64, A1)),
            {S0, X1} = word58(?MASK(64, A2) bxor X0),
            {S1, _} = word58(?MASK(64, A3) bxor X1),
            [S0 | S1];
        {A1, A2, A3} when Alg =:= exrop ->
            [_ | S1] = exrop_state(mixed(A1, 4294967197), mixed(A2, 4294967231)),
            exrop_state(mixed(A3, 4294967279), S1);
        {A1, A2, A3} ->
            {_, [_ | S1]} = exsp_next([mixed(A1, 4294967197) | mixed(A2, 4294967231)]),
            {_, State} = exsp_next([mixed(A3, 4294967279) | S1]),
            State
    end;
initial(exro928ss, Seed) ->
    exro928_seed(Seed);
initial(Alg, Seed) when Alg =:= exs1024s; Alg =:= exs1024 ->
    case Seed of
        List when is_list(List) -> {state_words(16, 64, List), []};
        N when is_integer(N) -> {words64(16, ?MASK(64, N)), []};
        {A1, A2, A3} ->
            B1 = ?MASK(21, (?MASK(21, A1) + 1) * 2097131),
            B2 = ?MASK(21, (?MASK(21, A2) + 1) * 2097133),
            B3 = ?MASK(21, (?MASK(21, A3) + 1) * 2097143),
            {exs64_words(16, (B1 bsl 43) bor (B2 bsl 22) bor (B3 bsl 1) bor 1, []), []}
    end;
initial(exs64, Seed) ->
    case Seed of
        List when is_list(List) ->
            [S] = state_words(1, 64, List),
            S;
        N when is_integer(N) -> hd(words64(1, ?MASK(64, N)));
        {A1, A2, A3} ->
            {V1, _} = exs64_next(?MASK(32, A1) * 4294967197 + 1),
            {V2, _} = exs64_next(?MASK(32, A2) * 4294967231 + 1),
            {V3, _} = exs64_next(?MASK(32, A3) * 4294967279 + 1),
            (V1 * V2 * V3) rem (?MASK(64, -1) - 1) + 1
    end;
initial(dummy, Seed) ->
    case Seed of
        [S] when is_integer(S) -> ?MASK(58, S);
        [] -> erlang:error(zero_seed);
        [_ | Rest] when is_list(Rest) -> erlang:error(too_many_seed_integers);
        [_ | _] -> erlang:error(non_integer_seed);
        N when is_integer(N) -> element(1, word58(?MASK(64, N)));
        {A1, A2, A3} ->
            {_, X0} = word58(?MASK(64, A1)),
            {_, X1} = word58(?MASK(64, A2) bxor X0),
            {S, _} = word58(?MASK(64, A3) bxor X1),
            S
    end.

pair([A, B]) -> [A | B].

mixed(A, Factor) -> ?MASK(58, A * Factor + 1).

%% N words from a list: missing ones are zero, but not all may be.
state_words(N, Bits, List) -> state_words(N, Bits, List, zero).

state_words(_, _, Improper, _) when not is_list(Improper) -> erlang:error(non_integer_seed);
state_words(0, _, [], some) -> [];
state_words(0, _, [], zero) -> erlang:error(zero_seed);
state_words(0, _, _, _) -> erlang:error(too_many_seed_integers);
state_words(N, Bits, [], Seen) -> [0 | state_words(N - 1, Bits, [], Seen)];
state_words(N, Bits, [X | Xs], Seen) when is_integer(X) ->
    case ?MASK(Bits, X) of
        0 -> [0 | state_words(N - 1, Bits, Xs, Seen)];
        Word -> [Word | state_words(N - 1, Bits, Xs, some)]
    end;
state_words(_, _, [_ | _], _) ->
    erlang:error(non_integer_seed).

words58(0, _) -> [];
words58(N, X0) ->
    {Word, X} = word58(X0),
    [Word | words58(N - 1, X)].

%% A word of 58 bits that is not zero.
word58(X0) ->
    {Z, X} = splitmix64_next(X0),
    case ?MASK(58, Z) of
        0 -> word58(X);
        Word -> {Word, X}
    end.

words64(0, _) -> [];
words64(N, X0) ->
    case splitmix64_next(X0) of
        {0, X} -> words64(N, X);
        {Z, X} -> [Z | words64(N - 1, X)]
    end.

exs64_words(0, _, Words) -> Words;
exs64_words(N, R, Words) ->
    {X, R1} = exs64_next(R),
    exs64_words(N - 1, R1, [X | Words]).

-spec splitmix64_next(splitmix64_state()) -> {non_neg_integer(), splitmix64_state()}.
splitmix64_next(X0) ->
    X = ?MASK(64, X0 + 16#9e3779b97f4a7c15),
    Z1 = ?MASK(64, (X bxor (X bsr 30)) * 16#bf58476d1ce4e5b9),
    Z2 = ?MASK(64, (Z1 bxor (Z1 bsr 27)) * 16#94d049bb133111eb),
    {Z2 bxor (Z2 bsr 31), X}.

%%% Uniform numbers

%% An integer from 1 to N, or a float from 0.0 up to, but not, 1.0.
-spec uniform() -> float().
uniform() ->
    {X, State} = uniform_s(own_state()),
    put(?KEY, State),
    X.

-spec uniform(pos_integer()) -> pos_integer().
uniform(N) ->
    {X, State} = uniform_s(N, own_state()),
    put(?KEY, State),
    X.

%% 0.0 =< X < 1.0, a multiple of 2^-53.
-spec uniform_s(state()) -> {float(), state()}.
uniform_s({#{uniform := Uniform}, _} = State) ->
    Uniform(State);
uniform_s({#{bits := Bits, next := Next} = Handler, S}) ->
    {V, S1} = Next(S),
    {(V bsr (Bits - 53)) * ?TWO_TO_MINUS_53, {Handler, S1}};
uniform_s({#{max := Max, next := Next} = Handler, S}) ->
    {V, S1} = Next(S),
    {V / (Max + 1), {Handler, S1}}.

-spec uniform_s(pos_integer(), state()) -> {pos_integer(), state()}.
uniform_s(N, {#{uniform_n := Uniform}, _} = State) when is_integer(N), N >= 1 ->
    Uniform(N, State);
uniform_s(N, {#{bits := Bits, next := Next} = Handler, S}) when is_integer(N), N >= 1 ->
    {V, S1} = Next(S),
    in_range(N, Handler, Next, S1, V, (1 bsl Bits) - N);
uniform_s(N, {#{max := Max, next := Next} = Handler, S}) when is_integer(N), N >= 1 ->
    {V, S1} = Next(S),
    case N =< Max of
        true -> {V rem N + 1, {Handler, S1}};
        false -> {trunc(V / (Max + 1) * N) + 1, {Handler, S1}}
    end.

%% The highest words are those of a range that is cut off: they are drawn again.
in_range(N, Handler, _, S, V, Room) when V < N, Room >= 0 ->
    {V + 1, {Handler, S}};
in_range(N, Handler, Next, S, V, Room) when Room >= 0 ->
    I = V rem N,
    if
        V - I =< Room -> {I + 1, {Handler, S}};
        true ->
            {V1, S1} = Next(S),
            in_range(N, Handler, Next, S1, V1, Room)
    end;
in_range(N, Handler, Next, S, V, _) ->
    in_long_range(N, Handler, Next, S, V).

%% Several words make one number; their weak bits are left out but for the last one's.
in_long_range(N, #{bits := Bits} = Handler, Next, S, V) ->
    Weak = maps:get(weak_low_bits, Handler, 0),
    {V1, S1, B} = draw_bits((N - 1) bsr Bits, Next, S, V, Weak, Bits - Weak, Bits),
    case N band (N - 1) of
        0 -> {V1 band (N - 1) + 1, {Handler, S1}};
        _ ->
            I = V1 rem N,
            case V1 - I =< (1 bsl B) - N of
                true -> {I + 1, {Handler, S1}};
                false ->
                    {V2, S2} = Next(S1),
                    in_long_range(N, Handler, Next, S2, V2)
            end
    end.

draw_bits(0, _, S, V, _, _, B) -> {V, S, B};
draw_bits(N, Next, S, V, Weak, Shift, B) ->
    {V1, S1} = Next(S),
    draw_bits(N bsr Shift, Next, S1, ((V bsr Weak) bsl (Shift + Weak)) bor V1, Weak, Shift, B + Shift).

%% A float over 0.0 and below 1.0 of more digits near 0.0.
-spec uniform_real() -> float().
uniform_real() ->
    {X, State} = uniform_real_s(own_state()),
    put(?KEY, State),
    X.

%% 0.0 < X < 1.0 with 53 significant bits, however small X is.
-spec uniform_real_s(state()) -> {float(), state()}.
uniform_real_s({#{bits := Bits, next := Next} = Handler, S}) ->
    {V, S1} = Next(S),
    real(V bsr (Bits - 56), -56, Bits, Next, Handler, S1);
uniform_real_s({#{max := _, next := Next} = Handler, S}) ->
    {V, S1} = Next(S),
    real(?MASK(56, V), -56, 56, Next, Handler, S1).

bit_count(0, N) -> N;
bit_count(X, N) -> bit_count(X bsr 1, N + 1).

%% M * 2^E, M having 53 bits at least.
real(M, E, _, _, Handler, S) when M >= 1 bsl 52 ->
    Excess = bit_count(M, 0) - 53,
    {math:pow(2.0, E + Excess) * (M bsr Excess), {Handler, S}};
real(_, E, _, _, Handler, S) when E < -1000 ->
    %% Chance does not lead here; a broken generator may.
    {math:pow(2.0, E), {Handler, S}};
real(M, E, Bits, Next, Handler, S) ->
    {V, S1} = Next(S),
    Missing = 53 - bit_count(M, 0),
    real((M bsl Missing) bor (V bsr (Bits - Missing)), E - Missing, Bits, Next, Handler, S1).

%% So many random bytes.
-spec bytes(non_neg_integer()) -> binary().
bytes(N) ->
    {Bytes, State} = bytes_s(N, own_state()),
    put(?KEY, State),
    Bytes.

%% Seven bytes of a word: the high ones while more than seven are wanted, then the low ones.
-spec bytes_s(non_neg_integer(), state()) -> {binary(), state()}.
bytes_s(N, {#{next := Next} = Handler, S}) when is_integer(N), N >= 0 ->
    bytes(N, Handler, Next, S, maps:get(bits, Handler, 58) - 56, <<>>).

bytes(N, Handler, Next, S, Low, Out) when N > 7 ->
    {V, S1} = Next(S),
    bytes(N - 7, Handler, Next, S1, Low, <<Out/binary, (V bsr Low):56>>);
bytes(N, Handler, Next, S, _, Out) ->
    {V, S1} = Next(S),
    {<<Out/binary, (?MASK(56, V) bsr (56 - 8 * N)):(8 * N)>>, {Handler, S1}}.

%%% Normally distributed numbers, by the ziggurat method

%% A number of the normal distribution.
-spec normal() -> float().
normal() ->
    {X, State} = normal_s(own_state()),
    put(?KEY, State),
    X.

-spec normal(number(), number()) -> float().
normal(Mean, Variance) ->
    {X, State} = normal_s(Mean, Variance, own_state()),
    put(?KEY, State),
    X.

%% The same, of a state.
-spec normal_s(number(), number(), state()) -> {float(), state()}.
normal_s(Mean, Variance, State0) when Variance > 0 ->
    {X, State} = normal_s(State0),
    {Mean + (math:sqrt(Variance) * X), State}.

%% 51 bits tell layer and place, one more the sign.
-spec normal_s(state()) -> {float(), state()}.
normal_s({#{next := Next} = Handler, S0}) ->
    {V, S} = Next(S0),
    {R, Negative} = case Handler of
        #{bits := Bits} -> {V bsr (Bits - 51), V band (1 bsl (Bits - 52))};
        #{} -> {?MASK(51, V), V band (1 bsl 51)}
    end,
    Layer = R band 255 + 1,
    X = R * element(Layer, rand_ziggurat:widths()),
    case R < element(Layer, rand_ziggurat:limits()) of
        true when Negative =:= 0 -> {X, {Handler, S}};
        true -> {-X, {Handler, S}};
        false when Negative =:= 0 -> normal_edge(Layer, 1, X, {Handler, S});
        false -> normal_edge(Layer, -1, X, {Handler, S})
    end.

normal_edge(1, Sign, _, State) ->
    normal_tail(Sign, State);
normal_edge(Layer, Sign, X, State0) ->
    {U, State} = uniform_s(State0),
    Heights = rand_ziggurat:heights(),
    Low = element(Layer, Heights),
    High = element(Layer - 1, Heights),
    case (High - Low) * U + Low < math:exp(-0.5 * X * X) of
        true when Sign > 0 -> {X, State};
        true -> {-X, State};
        false -> normal_s(State)
    end.

normal_tail(Sign, State0) ->
    Tail = rand_ziggurat:tail(),
    {U1, State1} = uniform_s(State0),
    X = -1 / Tail * math:log(U1),
    {U2, State2} = uniform_s(State1),
    Y = -math:log(U2),
    case Y + Y > X * X of
        true when Sign > 0 -> {Tail + X, State2};
        true -> {-Tail - X, State2};
        false -> normal_tail(Sign, State2)
    end.

%%% The generators

%% Xorshift116+
-spec exsp_next(exsp_state()) -> {non_neg_integer(), exsp_state()}.
exsp_next([S1 | S0]) ->
    New = exs_new(S1, S0),
    {?MASK(58, S0 + New), [S0 | New]}.

exs_new(S1, S0) ->
    X = S1 bxor ?SHIFT_LEFT(58, S1, 24),
    X bxor S0 bxor (X bsr 11) bxor (S0 bsr 41).

%% Xorshift116**
exsss_next([S1 | S0]) ->
    {starstar(S0), [S0 | exs_new(S1, S0)]}.

starstar(S) ->
    A = ?MASK(58, S + ?SHIFT_LEFT(58, S, 2)),
    B = ?ROTATE_58(A, 7),
    ?MASK(58, B + ?SHIFT_LEFT(58, B, 3)).

%% Xoroshiro116+
exrop_next([S0 | S1]) ->
    {?MASK(58, S0 + S1), exrop_state(S0, S1)}.

exrop_state(S0, S1) ->
    X = S1 bxor S0,
    [?ROTATE_58(S0, 24) bxor X bxor ?SHIFT_LEFT(58, X, 2) | ?ROTATE_58(X, 35)].

%% Xoroshiro928**: {Words, UsedInReverse}, a ring of 16 words.
-spec exro928_seed(seed()) -> {[non_neg_integer()], [non_neg_integer()]}.
exro928_seed(List) when is_list(List) -> {state_words(16, 58, List), []};
exro928_seed(N) when is_integer(N) -> {words58(16, ?MASK(64, N)), []};
exro928_seed({A1, A2, A3}) ->
    {S0, X0} = word58(?MASK(64, A1)),
    {S1, X1} = word58(?MASK(64, A2) bxor X0),
    {S2, X2} = word58(?MASK(64, A3) bxor X1),
    {[S0, S1, S2 | words58(13, X2)], []}.

exro928ss_next({[S15, S0 | Words], Used}) ->
    {starstar(S0), exro928_step(S15, S0, Words, Used)};
exro928ss_next({[S15], Used}) ->
    exro928ss_next({[S15 | lists:reverse(Used)], []}).

%% The two words that a scrambler may work on, and the next state.
-spec exro928_next(term()) -> {{non_neg_integer(), non_neg_integer()}, term()}.
exro928_next({[S15, S0 | Words], Used}) ->
    {{S15, S0}, exro928_step(S15, S0, Words, Used)};
exro928_next({[S15], Used}) ->
    exro928_next({[S15 | lists:reverse(Used)], []}).

-spec exro928_next_state(term()) -> term().
exro928_next_state({[S15, S0 | Words], Used}) -> exro928_step(S15, S0, Words, Used);
exro928_next_state({[S15], Used}) -> exro928_next_state({[S15 | lists:reverse(Used)], []}).

exro928_step(S15, S0, Words, Used) ->
    X = S15 bxor S0,
    New15 = ?ROTATE_58(S0, 44) bxor X bxor ?SHIFT_LEFT(58, X, 9),
    {[?ROTATE_58(X, 45) | Words], [New15 | Used]}.

%% Xorshift1024*
exs1024_next({[S0, S1 | Words], Used}) ->
    A1 = S1 bxor ?SHIFT_LEFT(64, S1, 31),
    A2 = A1 bxor (A1 bsr 11),
    New = S0 bxor (S0 bsr 30) bxor A2,
    {?MASK(64, New * 1181783497276652981), {[New | Words], [S0 | Used]}};
exs1024_next({[S0], Used}) ->
    exs1024_next({[S0 | lists:reverse(Used)], []}).

%% Xorshift64*
exs64_next(R) ->
    R1 = R bxor (R bsr 12),
    R2 = R1 bxor ?SHIFT_LEFT(64, R1, 25),
    R3 = R2 bxor (R2 bsr 27),
    {?MASK(64, R3 * 2685821657736338717), R3}.

%% No generator at all, to measure what the others cost.
dummy_next(R) -> {R, R bxor ?MASK(58, -1)}.

dummy_uniform({Handler, R}) -> {0.5, {Handler, R bxor ?MASK(58, -1)}}.

dummy_uniform(_, {Handler, R}) -> {1, {Handler, R bxor ?MASK(58, -1)}}.

%%% Jumps: many steps at once. Steps are linear over bits, so 2^K of them are a sum (bxor) of the states
%%% after some of the first ones: those where x^(2^K) modulo the minimal polynomial of the generator
%%% has a term.

%% The state after a large number of steps.
-spec jump() -> state().
jump() -> put_state(jump(own_state())).

-spec jump(state()) -> state().
jump({#{jump := Jump}, _} = State) -> Jump(State);
jump({#{}, _}) -> erlang:error(not_implemented).

jump_exs({Handler, S}) -> {Handler, exsp_jump(S)}.

-spec exsp_jump(exsp_state()) -> exsp_state().
exsp_jump(S) ->
    jump(16#d174a83e17de2302f8ea6bc32c797, S, fun([S1 | S0]) -> [S0 | exs_new(S1, S0)] end,
         fun([A | B], [C | D]) -> [A bxor C | B bxor D] end, [0 | 0]).

jump_exrop({Handler, S}) ->
    Add = fun([A | B], [C | D]) -> [A bxor C | B bxor D] end,
    {Handler, jump(16#9863200f83fcd4a11293241fcb12a, S, fun([S0 | S1]) -> exrop_state(S0, S1) end,
                   Add, [0 | 0])}.

jump_exro928({Handler, S}) -> {Handler, exro928_jump_2pow512(S)}.

-spec exro928_jump_2pow512(term()) -> term().
exro928_jump_2pow512(S) ->
    exro928_jump(16#b10773cbe19f5fc1a1504acd83f240c6007e76cebcb3b7c4cc049c536e62a33cc2323831b45a3a8a3cef3cc0f02f778573cf0f0a0657e19f00d4b3584ddd98ee4be41e015ac26d5d20f9b49fa81b0090567fd9f0b83fe51a1eb3be1910a1de1d7d6813d2ba05381fdfd1490244085302f77130ca, S).

-spec exro928_jump_2pow20(term()) -> term().
exro928_jump_2pow20(S) ->
    exro928_jump(16#cb3d181ca30bebc15fefcc78ff45ef33c82f3d48a480c5878c3549bd5bdeb1a5a90f2e6b06df2eb1feaf0fb690627c014098f4b6dc4d3af15f8a4dfdc081a7bf148531fb8ebc73c700b8b091af699c306d8e75664a426866bfad3c77da90f4a806c17e9e644807a56270cf78bdb966a3daf905e6, S).

exro928_jump(Polynomial, S) ->
    {jump(Polynomial, S, fun exro928_next_state/1, fun add_ring/2, lists:duplicate(16, 0)), []}.

jump_exs1024({Handler, S}) ->
    Next = fun(X) -> element(2, exs1024_next(X)) end,
    {Handler, {jump(16#284600e3f30e38c3b99181f2d8f685ca047f7684e9fc949d0b5fc64563b3e2a87910c41d10a1e6a5691548c86c1bd5405ee975283d71c93bc4cb815590989b13aac17d8efa43cab83659132bb12fea70dc2d9891fe68c0222ffeeb0a48316f404489affce4f31a1e5b34a39f070b5837a3c65b8776f9685584242f96eca9c41d, S, Next,
                    fun add_ring/2, lists:duplicate(16, 0)), []}}.

add_ring({Words, Used}, Sum) ->
    lists:zipwith(fun(A, B) -> A bxor B end, Words ++ lists:reverse(Used), Sum).

jump(0, _, _, _, Sum) -> Sum;
jump(Polynomial, S, Next, Add, Sum) when Polynomial band 1 =:= 1 ->
    jump(Polynomial bsr 1, Next(S), Next, Add, Add(S, Sum));
jump(Polynomial, S, Next, Add, Sum) ->
    jump(Polynomial bsr 1, Next(S), Next, Add, Sum).

%%% A multiply with carry generator of 59 bits, the fastest one

-spec mwc59(mwc59_state()) -> mwc59_state().
mwc59(S0) ->
    S = ?MASK(59, S0),
    16#7fa6502 * ?MASK(32, S) + (S bsr 32).

-spec mwc59_value32(mwc59_state()) -> 0..16#ffffffff.
mwc59_value32(S0) ->
    S = ?MASK(32, S0),
    S bxor ?SHIFT_LEFT(32, S, 8).

-spec mwc59_value(mwc59_state()) -> 0..((1 bsl 59) - 1).
mwc59_value(S0) ->
    S = ?MASK(59, S0),
    S1 = S bxor ?SHIFT_LEFT(59, S, 4),
    S1 bxor ?SHIFT_LEFT(59, S1, 27).

-spec mwc59_float(mwc59_state()) -> float().
mwc59_float(S) -> ?MASK(53, mwc59_value(S)) * ?TWO_TO_MINUS_53.

-spec mwc59_seed() -> mwc59_state().
mwc59_seed() ->
    {A1, A2, A3} = {erlang:phash2([{node(), self()}]), erlang:system_time(), erlang:unique_integer()},
    mwc59_seed(?MASK(58, ((A1 bsl 20) bxor A2) bsl 20 bxor A3)).

%% Seeds that are near each other are mixed with the finalizer of MurmurHash3, on 58 bits.
-spec mwc59_seed(0..((1 bsl 58) - 1)) -> mwc59_state().
mwc59_seed(S) when is_integer(S), S >= 0, S < 1 bsl 58 ->
    X1 = ?MASK(58, (S bxor (S bsr 29)) * 16#ff51afd7ed558ccd),
    X2 = ?MASK(58, (X1 bxor (X1 bsr 29)) * 16#c4ceb9fe1a85ec53),
    (X2 bxor (X2 bsr 29)) + 1.
