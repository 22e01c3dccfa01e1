%% Arguments, tuple elements, list elements, operators, map and record fields in order.
-module(evaluation_is_left_to_right).
-export([main/0]).

-record(r, {a, b, c}).

main() ->
    show(fun() -> {l(1), l(2), l(3)} end),
    show(fun() -> [l(1), l(2) | l(3)] end),
    show(fun() -> l(1) + l(2) * l(3) end),
    show(fun() -> f(l(1), l(2), f(l(3), l(4), l(5))) end),
    show(fun() -> #{l(1) => l(2), l(3) => l(4)} end),
    show(fun() -> <<(l(1)), (l(2)):(l(8)), (l(3))>> end),
    show(fun() -> (g(l(1)))(l(2)) end),
    show(fun() -> (m(lists)):(m(reverse))(m([])) end),
    show(fun() -> #r{a = l(1), b = l(2), c = l(3)} end),
    show(fun() -> X = l(1), Y = l(2), {Y, X} end),
    show(fun() -> self() ! {l(1), l(2)} end),
    show(fun() -> case l(1) of 1 -> l(2) end, l(3) end),
    show(fun() -> try l(1) of _ -> l(2) after l(3) end end),
    show(fun() -> {l(1), catch throw(l(2)), l(3)} end),
    show(fun() -> l(1) =:= l(2) orelse l(3) =:= 3 andalso l(4) end),
    show(fun() -> try {l(1), error(x), l(2)} catch error:x -> l(3) end end).

show(F) -> put(log, []), _ = F(), io:format("~w~n", [lists:reverse(get(log))]).

l(X) -> put(log, [X | get(log)]), X.
m(X) -> put(log, [X | get(log)]), X.
f(A, _, _) -> A.
g(_) -> fun(X) -> X end.
