%% A variable that all clauses of a receive want in the message, and whose value the compiler knows: where the search for
%% messages begins is not taken from what its place on the stack held before.
-module(receive_with_a_known_value_in_a_variable).
-export([main/0]).

main() ->
    [io:format("~w~n", [[known(K) || K <- [1, 2, 3]]]) || _ <- lists:seq(1, 4)].

%% References lie about on the stack, made after the message came.
known(K) -> lists:usort([at(K, Depth, Fill) || Depth <- lists:seq(1, 12), Fill <- lists:seq(1, 8)]).

at(K, Depth, Fill) ->
    [self() ! {al, I, x} || I <- [1, 2, 3]],
    stale(Fill),
    {R} = deeper(Depth, K),
    {R, flush()}.

deeper(0, K) -> {wait(K)};
deeper(N, K) -> {R} = deeper(N - 1, K), {R}.

stale(0) -> [];
stale(N) ->
    A = make_ref(), B = make_ref(), C = make_ref(),
    L = stale(N - 1),
    [is_reference(R) || R <- [A, B, C], R =/= L].

wait(1) ->
    I = 1,
    receive {al, I, X} -> {got, X} after 0 -> none end;
wait(2) ->
    I = 2,
    receive {al, I, X} -> {got, X}; {other, I} -> other after 0 -> none end;
wait(_) ->
    [I, J] = [3, 4],
    R = receive {al, I, X} -> {got, X} after 0 -> none end,
    {R, receive {al, J, Y} -> {got, Y} after 0 -> none end}.

flush() -> receive {_, I, _} -> [I | flush()] after 0 -> [] end.
