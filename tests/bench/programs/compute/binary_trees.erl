%% Builds and walks many binary trees of depth up to N: allocation and collection.
-module(binary_trees).
-export([run/1, default/0]).

default() -> 18.

run(N) ->
    Long = make(N),
    Counts = [{D, trees(1 bsl (N - D + 4), D, 0)} || D <- lists:seq(4, N, 2)],
    {check(make(N + 1)), Counts, check(Long)}.

trees(0, _, Sum) -> Sum;
trees(Left, Depth, Sum) -> trees(Left - 1, Depth, Sum + check(make(Depth))).

make(0) -> {leaf, leaf};
make(D) -> {make(D - 1), make(D - 1)}.

check({leaf, leaf}) -> 1;
check({L, R}) -> 1 + check(L) + check(R).
