%% A module that is loaded, used, replaced and purged again and again leaves no memory behind.
-module(memory_of_code_is_given_back).
-export([main/0]).

main() ->
    {ok, Module, Code} = compile:forms(forms(300)),
    lists:foreach(fun(_) -> round(Module, Code) end, lists:seq(1, 5)),
    Before = erlang:memory(code),
    lists:foreach(fun(_) -> round(Module, Code) end, lists:seq(1, 100)),
    Grown = erlang:memory(code) - Before,
    %% One version is about 10 kB.
    io:format("~p~n", [Grown < 20000]).

round(Module, Code) ->
    {module, Module} = code:load_binary(Module, "big.erl", Code),
    [7 | _] = Module:f(7),
    code:purge(Module).

forms(N) ->
    Line = {1, 1},
    Body = lists:foldl(fun(I, Tail) -> {cons, Line, {op, Line, '+', {var, Line, 'X'}, {integer, Line, I}}, Tail} end,
                       {nil, Line}, lists:seq(N, 0, -1)),
    [{attribute, Line, module, memory_of_code_big},
     {attribute, Line, export, [{f, 1}]},
     {function, Line, f, 1, [{clause, Line, [{var, Line, 'X'}], [], [Body]}]}].
