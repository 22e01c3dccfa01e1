%% Atomics and counters at the edges of what they hold, with what is said of wrong arguments.
-module(cells_diff).
-include("diff.hrl").

run() ->
    A = atomics:new(5, []), U = atomics:new(5, [{signed,false}]), C = counters:new(5, []), W = counters:new(5, [write_concurrency]),
    Vs = [0, 1 bsl 63, (1 bsl 63) - 1, 1 bsl 64, (1 bsl 64) - 1, -1, -(1 bsl 63), -(1 bsl 63) - 1, -(1 bsl 64), a, 1.0],
    [t(atomics, F, [R, I, V]) || F <- [put, add, add_get, sub, sub_get, exchange], {_,R} <- [{a,A}, {u,U}], I <- [1, 0, 6, 5, 1 bsl 70, -1, x], V <- Vs],
    [t(atomics, compare_exchange, [R, I, V, X]) || {_,R} <- [{a,A}, {u,U}], I <- [1, 6, x], V <- Vs, X <- Vs],
    [t(atomics, get, [R, I]) || R <- [A, U, C, x], I <- [0, 6, 1 bsl 70, x]],
    [t(counters, F, [R, I, V]) || F <- [put, add, sub], R <- [C, W, A, x], I <- [1, 0, 6, 1 bsl 70, x], V <- Vs],
    [t(counters, get, [R, I]) || R <- [A, U, C, W, x], I <- [0, 6, 1 bsl 70, x]],
    [t(M, new, [N, O]) || M <- [atomics, counters], N <- [0, -1, a, 1 bsl 64, 1 bsl 100, -(1 bsl 64), 1.5], O <- [[], [{signed, x}], [foo], x, [write_concurrency], [atomics], [{signed,false}|x], [atomics|x]]].
t(M, F, As) ->
      line([atom_to_list(M), $:, atom_to_list(F), text([shown(A) || A <- As]), " -> ", text(outcome_of(M, F, As))]).

outcome_of(M, F, As) ->
      try shown(apply(M, F, As))
      catch
          Class:Reason:Stack ->
              {Class, Reason,
               [{N, binary_to_atom(Text, utf8)}
                || {N, Text} <- lists:sort(maps:to_list(erl_erts_errors:format_error(Reason, Stack)))]}
      end.

shown(Ref) when is_reference(Ref) -> ref;
shown({_, Ref}) when is_reference(Ref) -> ref; % counters, on erl
shown(Other) -> Other.
