%% Calls of built-in functions are traced as others are: from code that was native before, too.
-module(tracing_sees_calls_of_built_ins).
-export([main/0]).

main() ->
    P = spawn(fun loop/0),
    use(P, 2000),
    1 = erlang:trace(P, true, [call]),
    1 = erlang:trace_pattern({erlang, atom_to_list, 1}, true, [local]),
    1 = erlang:trace_pattern({erlang, phash2, 1}, true, []),
    use(P, 2),
    told(),
    1 = erlang:trace_pattern({erlang, atom_to_list, 1}, [{'_', [], [{return_trace}]}], [local]),
    1 = erlang:trace_pattern({erlang, phash2, 1}, false, []),
    use(P, 1),
    told(),
    1 = erlang:trace_pattern({erlang, atom_to_list, 1}, false, [local]),
    use(P, 1),
    told().

loop() ->
    receive
        {From, X} ->
            From ! {self(), atom_to_list(X), hash(X), apply(erlang, list_to_atom("atom_to_list"), [X])},
            loop()
    end.

hash(X) -> erlang:phash2(X).

use(_, 0) -> ok;
use(P, N) ->
    P ! {self(), abc},
    receive {P, "abc", _, "abc"} -> use(P, N - 1) end.

told() ->
    receive
        M -> io:format("~p~n", [setelement(2, M, p)]), told()
    after 50 -> io:format("no more~n")
    end.
