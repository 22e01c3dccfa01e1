%% badarity, badfun, undef and function_clause of funs.
-module(fun_call_errors).
-export([main/0]).

main() ->
    io:format("~w~n", [t(fun() -> (id(not_fun))(1) end)]),
    io:format("~w~n", [t(fun() -> (id({a, b}))(1) end)]),
    {error, {badarity, {F, Args}}} = t(fun() -> (id(fun(X) -> X end))(1, 2) end),
    io:format("badarity ~w ~w~n", [is_function(F, 1), Args]),
    {error, {badarity, {_, Args2}}} = t(fun() -> apply(id(fun(X) -> X end), []) end),
    io:format("badarity ~w~n", [Args2]),
    io:format("~w~n", [t(fun() -> (id(fun(1) -> one end))(2) end)]),
    io:format("~w~n", [t(fun() -> (id(fun no_module:no_function/1))(2) end)]),
    io:format("~w~n", [t(fun() -> no_module:no_function(1) end)]),
    io:format("~w~n", [t(fun() -> lists:no_such_function(1, 2) end)]),
    io:format("~w~n", [t(fun() -> (id(lists)):(id(nope))() end)]),
    io:format("~w~n", [t(fun() -> apply(id(lists), reverse, id(not_list)) end)]),
    io:format("~w~n", [t(fun() -> (id(5)):foo() end)]),
    io:format("~w~n", [t(fun() -> apply(id(fun(X) -> X end), [1 | id(2)]) end)]).

id(X) -> X.

t(F) -> try F() catch C:R -> {C, R} end.
