%% fun_info, function_exported, module_info and is_builtin.
-module(fun_info_and_introspection).
-export([main/0]).

-export([visible/1]).

visible(X) -> X.
hidden(X) -> X.

main() ->
    N = hidden(5),
    F = fun(A, B) -> A + B + N end,
    io:format("~w~n", [erlang:fun_info(F, arity)]),
    io:format("~w~n", [erlang:fun_info(F, env)]),
    io:format("~w~n", [erlang:fun_info(fun visible/1, type)]),
    io:format("~w~n", [erlang:fun_info(fun ?MODULE:visible/1, name)]),
    io:format("~w~n", [[erlang:function_exported(?MODULE, Fn, Ar) || {Fn, Ar} <- [{main, 0}, {visible, 1}, {hidden, 1}, {module_info, 0}, {nope, 9}]]]),
    io:format("~w~n", [lists:sort(?MODULE:module_info(exports))]),
    io:format("~w~n", [hidden(lists:member({hidden, 1}, ?MODULE:module_info(functions)))]),
    io:format("~w~n", [[erlang:is_builtin(erlang, length, 1), erlang:is_builtin(lists, nosuch, 1)]]),
    io:format("~w~n", [lists:sort([K || {K, _} <- ?MODULE:module_info()])]),
    io:format("~w~n", [erlang:module_loaded(?MODULE)]),
    io:format("~w~n", [erlang:module_loaded(surely_not_loaded)]).
