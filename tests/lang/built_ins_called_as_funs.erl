%% Built-ins that hot code calls through funs: results, exceptions, and those that take long.
-module(built_ins_called_as_funs).
-export([main/0]).

main() ->
    Ints = lists:seq(1, 3000),
    Texts = lists:map(fun integer_to_list/1, Ints),
    io:format("~w~n", [lists:sum(lists:map(fun erlang:length/1, Texts))]),
    io:format("~w~n", [lists:map(fun erlang:list_to_integer/1, Texts) =:= Ints]),
    io:format("~w~n", [length(lists:filter(fun erlang:is_integer/1, Ints ++ Texts))]),
    io:format("~w~n", [lists:foldl(fun erlang:max/2, 0, Ints)]),
    io:format("~w~n", [catching(fun erlang:list_to_integer/1, Texts ++ ["x"] ++ Texts, 0, 0)]),
    io:format("~w~n", [catching(fun erlang:hd/1, [[1], [], [2], a | lists:duplicate(3000, [3])], 0, 0)]),
    io:format("~p~n", [try lists:map(fun erlang:atom_to_list/1, lists:duplicate(3000, a) ++ [1])
                       catch error:Reason:Stack -> {Reason, erlang:delete_element(4, hd(Stack))} end]),
    Long = lists:seq(1, 300000),
    io:format("~w~n", [[lists:sum(lists:map(fun erlang:phash2/1, [Long, Long])) =:= 2 * erlang:phash2(Long),
                        lists:map(fun lists:sort/1, [lists:reverse(Long), Long]) =:= [Long, Long],
                        lists:map(fun maps:from_list/1, lists:duplicate(100, [{a, 1}])) =:= lists:duplicate(100, #{a => 1})]]),
    io:format("~w~n", [traced()]).

catching(F, [X | Xs], Good, Bad) ->
    try F(X) of
        _ -> catching(F, Xs, Good + 1, Bad)
    catch
        error:badarg -> catching(F, Xs, Good, Bad + 1)
    end;
catching(_, [], Good, Bad) ->
    {Good, Bad}.

%% Calls are seen from when they are traced until they are not.
traced() ->
    F = fun erlang:integer_to_list/1,
    Me = self(),
    Pid = spawn(fun() -> worker(F, Me) end),
    Before = ask(Pid),
    erlang:trace(Pid, true, [call]),
    erlang:trace_pattern({erlang, integer_to_list, 1}, true, []),
    During = ask(Pid),
    erlang:trace_pattern({erlang, integer_to_list, 1}, false, []),
    After = ask(Pid),
    erlang:trace(Pid, false, [call]),
    {Before, During, After, seen(0)}.

worker(F, To) ->
    receive go -> ok end,
    To ! {self(), length(lists:map(F, lists:seq(1, 2000)))},
    worker(F, To).

ask(Pid) -> Pid ! go, receive {Pid, N} -> N end.

seen(N) -> receive {trace, _, call, {erlang, integer_to_list, [_]}} -> seen(N + 1) after 200 -> N end.
