%% ets:fun2ms/1 in a module and of funs that the evaluator made.
-module(match_specifications_are_made_of_funs).
-include_lib("stdlib/include/ms_transform.hrl").
-export([main/0]).

-record(r, {a, b = 2, c}).

main() ->
    N = 27,
    show(ets:fun2ms(fun(_) -> <<N:16, 27:16>> end)),
    show(ets:fun2ms(fun(A) -> A band (-(-17) bsl 3) end)),
    show(ets:fun2ms(fun(A) -> A + (1 + 2) * N end)),
    show(ets:fun2ms(fun({X, Y}) when erlang:'and'(X, Y) -> erlang:'+'(X, 1) end)),
    show(ets:fun2ms(fun(X) when float(X) -> true end)),
    show(ets:fun2ms(fun(X) when is_pid(X) or float(X) -> true end)),
    show(ets:fun2ms(fun({A, B}) when A > B, is_atom(A); B =:= N -> {A, object(), bindings()} end)),
    show(ets:fun2ms(fun(#r{a = A}) when (object())#r.b == nisse -> #r{a = A} end)),
    show(ets:fun2ms(fun(R = #r{_ = 1}) -> R#r{c = 3} end)),
    [shell(Text) || Text <- ["fun({X, Y}) when X > N -> {Y, N} end.", "fun(_) -> <<N:8>> end.",
                             "fun({X}) -> X band (1 bsl 3) end.", "fun(X, Y) -> X end.",
                             "fun(X) -> foo(X) end."]],
    show(catch_of(fun() -> (id(ets)):fun2ms(fun main/0) end)).

shell(Text) ->
    {ok, Tokens, _} = erl_scan:string("ets:fun2ms(" ++ lists:droplast(Text) ++ ")."),
    {ok, Exprs} = erl_parse:parse_exprs(Tokens),
    {value, V, _} = erl_eval:exprs(Exprs, [{'N', 5}]),
    show(V).

show(V) -> io:format("~0p~n", [V]).

id(X) -> X.

catch_of(F) -> try F() catch Class:Reason -> {Class, element(1, Reason)} end.
