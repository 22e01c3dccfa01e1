%% The longest Collatz chain below N: integer division and tests.
-module(collatz).
-export([run/1, default/0]).

default() -> 1300000.

run(N) -> search(1, N, 0, 0).

search(N, N, Best, Length) -> {Best, Length};
search(I, N, Best, Length) ->
    case chain(I, 1) of
        L when L > Length -> search(I + 1, N, I, L);
        _ -> search(I + 1, N, Best, Length)
    end.

chain(1, L) -> L;
chain(N, L) when N band 1 =:= 0 -> chain(N bsr 1, L + 1);
chain(N, L) -> chain(3 * N + 1, L + 1).
