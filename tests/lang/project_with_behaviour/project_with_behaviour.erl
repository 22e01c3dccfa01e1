%% A behaviour of our own, two callback modules, dynamic calls between them.
-module(project_with_behaviour).
-export([main/0]).

main() ->
    [io:format("~w~n", [engine:run(M, [1, 2, 3])]) || M <- [summer, collector]],
    io:format("~w~n", [try engine:run(no_such_module, []) catch error:undef -> undef end]),
    io:format("~w~n", [erlang:function_exported(summer, step, 2)]),
    io:format("~w~n", [erlang:function_exported(summer, nope, 2)]).
