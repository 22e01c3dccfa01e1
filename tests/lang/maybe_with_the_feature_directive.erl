%% maybe ... else ... end, enabled by -feature as OTP 25 asks for.
-module(maybe_with_the_feature_directive).
-feature(maybe_expr, enable).
-export([main/0]).

main() ->
    [io:format("~w -> ~w~n", [X, f(X)]) || X <- [{ok, 1}, {ok, -1}, {ok, a}, {error, bad}, other]],
    io:format("~w~n", [maybe A = 1, B = 2, A + B end]),
    io:format("~w~n", [maybe {ok, C} ?= {error, here}, C end]),
    io:format("~w~n", [try maybe {ok, D} ?= id(nope), D else {error, E} -> E end catch error:R -> R end]),
    io:format("~w~n", [maybe X1 ?= id(5), Y1 = X1 * 2, true ?= Y1 > 5, {done, Y1} else false -> small end]),
    io:format("~w~n", [nested({ok, {ok, 7}})]),
    io:format("~w~n", [nested({ok, inner_bad})]),
    io:format("~w~n", [nested(outer_bad)]),
    io:format("~w~n", [[maybe {ok, V} ?= P, V else _ -> none end || P <- [{ok, 1}, no, {ok, 2}]]]),
    io:format("~w~n", [maybe ok ?= id(ok) end]),
    io:format("~w~n", [maybe [H | T] ?= [1, 2, 3], #{k := K} ?= #{k => T}, {H, K} end]),
    io:format("~w~n", [try maybe {a, _} = id({b, 1}), unreachable else _ -> never end catch error:{badmatch, M} -> {badmatch, M} end]).

f(X) ->
    maybe
        {ok, N} ?= X,
        true ?= is_integer(N),
        {ok, P} ?= positive(N),
        {fine, P}
    else
        false -> not_integer;
        {error, negative} = Err -> Err;
        {error, Why} when is_atom(Why) -> {failed, Why};
        Other -> {unexpected, Other}
    end.

positive(N) when N > 0 -> {ok, N};
positive(_) -> {error, negative}.

nested(X) ->
    maybe
        {ok, Inner} ?= X,
        Result = maybe {ok, V} ?= Inner, {got, V} else W -> {inner, W} end,
        {outer, Result}
    else
        W2 -> {outer_failed, W2}
    end.

id(X) -> X.
