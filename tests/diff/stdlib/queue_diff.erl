%% queue against OTP's, representation included: programs print queues and compare them.
-module(queue_diff).
-include("diff.hrl").

run() ->
    Qs = [{[], []}, {[a], []}, {[], [a]}, {[b], [a]}, {[c, b], [a]}, {[e, d], [a, b, c]}],
    Odd = Qs ++ [a, [], {a, []}, {[], [], []}],
    One = [is_queue, is_empty, len, to_list, from_list, out, out_r, get, get_r, peek, peek_r, drop, drop_r, reverse, head, tail, last,
           daeh, init, liat, lait],
    [call(queue, F, [Q]) || F <- One, Q <- Odd],
    call(queue, new, []),
    [call(queue, from_list, [lists:seq(1, N)]) || N <- lists:seq(0, 12)],
    [call(queue, F, [X, Q]) || F <- [in, in_r, cons, member, delete, delete_r], X <- [a, c, z], Q <- Odd],
    [call(queue, snoc, [Q, z]) || Q <- Odd],
    [call(queue, join, [A, B]) || A <- Odd, B <- Odd],
    [call(queue, split, [N, Q]) || N <- [0, 1, 2, 3, 4, 5, 6, -1, a], Q <- Odd],
    P = fun(X) -> X =:= a orelse X =:= c end,
    L = fun(X) -> [X, X] end,
    [call(queue, F, [G, Q]) || F <- [filter, any, all, delete_with, delete_with_r, filtermap], G <- [P, a, fun(_) -> false end], Q <- Odd],
    [call(queue, filter, [L, Q]) || Q <- Qs],
    [call(queue, fold, [G, [], Q]) || G <- [fun(X, A) -> [X | A] end, a], Q <- Odd],
    times(100, fun() -> steps((module(queue)):new(), 30) end).

steps(_, 0) -> ok;
steps(Q, N) ->
    F = pick({in, in, in_r, out, out_r, reverse, split, join, filter, delete}),
    M = module(queue),
    Next = case F of
        _ when F =:= in; F =:= in_r -> M:F(N, Q);
        _ when F =:= out; F =:= out_r -> element(2, M:F(Q));
        reverse -> M:reverse(Q);
        split -> element(1 + pick(2), M:split(pick(M:len(Q) + 1), Q));
        join -> M:join(Q, M:from_list([x, y]));
        filter -> M:filter(fun(X) -> X =/= 7 end, Q);
        delete -> M:delete(N + pick(5), Q)
    end,
    value({F, N, Q}, fun() -> Next end),
    steps(Next, N - 1).
