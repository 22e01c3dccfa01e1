%% code:load_binary/3 is told where the code is from; code:which/1 and is_loaded/1 say so.
-module(loaded_binaries_tell_their_file).
-export([main/0]).

main() ->
    [begin
         {module, told} = code:load_binary(told, File, version(N)),
         io:format("~p ~p ~p~n", [told:n(), code:is_loaded(told), code:which(told)])
     end || {N, File} <- [{1, "told.beam"}, {2, "/nowhere/other.beam"}, {3, "dir/\x{3b1}.beam"}]],
    io:format("~p~n", [lists:keyfind(told, 1, code:all_loaded())]),
    code:purge(told),
    true = code:delete(told),
    io:format("~p ~p~n", [code:is_loaded(told), code:which(told)]).

version(N) ->
    Forms = [{attribute, 1, module, told}, {attribute, 1, export, [{n, 0}]},
             {function, 2, n, 0, [{clause, 2, [], [], [{integer, 2, N}]}]}],
    {ok, told, Code} = compile:forms(Forms),
    Code.
