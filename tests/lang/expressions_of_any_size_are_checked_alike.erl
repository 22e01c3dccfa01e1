%% erl_eval and erl_lint check a few low forms at once and others elsewhere: what they say is the
%% same on both sides of the border, in height and in number.
-module(expressions_of_any_size_are_checked_alike).
-export([main/0]).

-define(SIZES, [1, 2, 10, 25, 26, 27, 28, 29, 30, 31, 50, 59, 60, 61, 62, 100, 200, 400, 401, 3000]).

main() ->
    [io:format("~w: ~0p~n", [N, [nested(N), minus(N), many(N), unbound(N), module(N)]])
     || N <- ?SIZES].

nested(N) -> depth(value([wrapped(N, {integer, 1, 7})]), 0).

minus(N) -> value([lists:foldl(fun(_, E) -> {op, 1, '-', E} end, {integer, 1, 7}, lists:seq(1, N))]).

many(N) -> length(value([list([{integer, I, I} || I <- lists:seq(1, N)])])).

unbound(N) -> catch_error(fun() -> value([wrapped(N, {var, 1, 'X'})]) end).

module(N) ->
    Body = [{match, I, {var, I, variable(I)}, {integer, I, I}} || I <- lists:seq(1, min(N, 500))],
    {ok, [{"nofile", Warnings}]} =
        erl_lint:module([{attribute, 1, module, m}, {attribute, 1, export, [{f, 0}]},
                         {function, 1, f, 0, [{clause, 1, [], [], Body}]}], "nofile",
                        [warn_unused_vars]),
    {length(Warnings), lists:last(Warnings)}.

value(Exprs) ->
    {value, Value, _} = erl_eval:exprs(Exprs, []),
    Value.

wrapped(0, E) -> E;
wrapped(N, E) -> wrapped(N - 1, {tuple, 1, [E]}).

list([]) -> {nil, 1};
list([E | Es]) -> {cons, 1, E, list(Es)}.

variable(I) -> list_to_atom("V" ++ integer_to_list(I)).

depth({T}, N) -> depth(T, N + 1);
depth(T, N) -> {T, N}.

catch_error(F) -> try F() catch error:Why -> Why end.
