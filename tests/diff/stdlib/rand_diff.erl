%% rand against OTP's: the same seeds give the same numbers.
-module(rand_diff).
-include("diff.hrl").

run() ->
    M = module(rand),
    Algs = [exsss, exro928ss, exrop, exs1024s, exsp, exs64, exsplus, exs1024, dummy, default],
    Seeds = [0, 1, -1, 123456789012345678901234567890, {1, 2, 3}, {-5, 1 bsl 70, 77}, [1], [5, 6], [0, 0], [1, 2, 3], lists:seq(1, 16), lists:seq(1, 17)],
    [value({seed, A, S}, fun() -> M:export_seed_s(M:seed_s(A, S)) end) || A <- Algs ++ [nope], S <- Seeds, A =/= exs64 orelse not is_tuple(S)],
    [sequence(A, S) || A <- Algs, S <- [1, {1, 2, 3}, {12, 345, 6789}], A =/= exs64 orelse S =:= 1],
    [value({jump, A}, fun() -> M:export_seed_s(M:jump(M:seed_s(A, 42))) end) || A <- Algs],
    [value({split, X}, fun() -> M:splitmix64_next(X) end) || X <- [0, 1, 1 bsl 63]],
    [value({mwc59, S}, fun() -> mwc(M, S, 20) end) || S <- [1, 77, (1 bsl 58) - 1]],
    value(exsp, fun() -> {V, S} = M:exsp_next([1 | 2]), {V, S, M:exsp_jump(S)} end),
    value(exro928, fun() -> S = M:exro928_seed(5), {M:exro928_next(S), M:exro928_next_state(S), M:exro928_jump_2pow20(S), M:exro928_jump_2pow512(S)} end),
    value(own, fun() -> M:seed(exsss, 7), [M:uniform(), M:uniform(10), M:uniform_real(), M:normal(), M:normal(3, 4), M:bytes(5), M:export_seed()] end),
    [call(rand, uniform_s, [N, x]) || N <- [0, 1, a]],
    [value({bad, N}, fun() -> M:uniform_s(N, M:seed_s(exsss, 1)) end) || N <- [0, -1, a, 1.0]].

sequence(Alg, Seed) ->
    M = module(rand),
    Draws = [fun M:uniform_s/1, fun M:uniform_real_s/1, fun M:normal_s/1]
        ++ [fun(S) -> M:uniform_s(N, S) end || N <- [1, 2, 6, 1000, (1 bsl 57) + 3, 1 bsl 58, (1 bsl 59) + 1, 1 bsl 64, (1 bsl 64) + 7, 1 bsl 100, (1 bsl 100) + 7]]
        ++ [fun(S) -> M:bytes_s(N, S) end || N <- [0, 1, 6, 7, 8, 16, 30]]
        ++ [fun(S) -> M:normal_s(10, 2.5, S) end],
    [value({Alg, Seed, I}, fun() -> draw(60, Draw, M:seed_s(Alg, Seed)) end) || {I, Draw} <- lists:zip(lists:seq(1, length(Draws)), Draws),
        Alg =/= dummy orelse I =:= 4,
        %% The obsolete ones in what they were made for.
        not lists:member(Alg, [exs64, exsplus, exs1024]) orelse I =:= 1 orelse I >= 4 andalso I =< 10].

draw(0, _, S) -> [(module(rand)):export_seed_s(S)];
draw(N, Draw, S) ->
    {X, S1} = Draw(S),
    [X | draw(N - 1, Draw, S1)].

mwc(_, _, 0) -> [];
mwc(M, S, N) -> [S, M:mwc59_value32(S), M:mwc59_value(S), M:mwc59_float(S) | mwc(M, M:mwc59(S), N - 1)].
