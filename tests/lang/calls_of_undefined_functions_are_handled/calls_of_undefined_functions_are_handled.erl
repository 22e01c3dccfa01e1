%% A module's own '$handle_undefined_function', and the error handler of a process.
-module(calls_of_undefined_functions_are_handled).
-export([main/0, undefined_function/3, undefined_lambda/3]).

main() ->
    io:format("~p~n", [handles:nothing()]),
    io:format("~p~n", [handles:there(1)]),
    io:format("~p~n", [apply(handles, other, [1, [2]])]),
    io:format("~p~n", [(fun handles:f/2)(a, b)]),
    io:format("~p~n", [spawned(fun() -> handles:last_call(x) end)]),
    error_handler = process_flag(error_handler, ?MODULE),
    io:format("~p~n", [process_info(self(), error_handler)]),
    io:format("~p~n", [no_such:'call'(1)]),
    io:format("~p~n", [lists:no_such_function(1, 2)]),
    io:format("~p~n", [lists:reverse([1, 2])]),
    io:format("~p~n", [spawned(fun() -> no_such:'call'(here) end)]),
    io:format("~p~n", [catch ?MODULE:not_mine()]),
    io:format("~p~n", [try raises:x() catch throw:T -> {caught, T} end]),
    ?MODULE = process_flag(error_handler, error_handler),
    io:format("~p~n", [try no_such:'call'(1) catch error:E2:S2 -> top(E2, S2) end]),
    Handler = spawn(fun() -> receive go -> ok end, io:format("~p~n", [process_info(self(), error_handler)]) end),
    Ref = monitor(process, Handler),
    Handler ! go,
    receive {'DOWN', Ref, process, _, Reason} -> io:format("~p~n", [Reason]) end.

top(Error, [{M, F, A, _} | _]) -> {Error, M, F, A}.

spawned(Fun) ->
    {_, Ref} = spawn_monitor(fun() -> exit({value, try Fun() catch C:R -> {C, R} end}) end),
    receive {'DOWN', Ref, process, _, Reason} -> Reason end.

undefined_function(raises, Function, Args) -> throw({Function, Args});
undefined_function(Module, Function, Args) -> {undefined, Module, Function, Args}.

undefined_lambda(Module, Fun, Args) -> {lambda, Module, Fun, Args}.
