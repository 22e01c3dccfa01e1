%% The trace control word, and what else specifications of traces can ask and do.
-module(trace_specifications_use_the_control_word).
-export([main/1]).

main(_) ->
    Self = self(),
    Tracer = spawn(fun() -> l(Self) end),
    1 = erlang:trace(Self, true, [call, {tracer, Tracer}]),
    [begin
        1 = erlang:trace_pattern({?MODULE, traced, 1}, [{'_', G, Body}], [local]),
        traced(x),
        receive M -> io:format("~p~n", [shown(M)]) after 100 -> io:format("nothing~n") end,
        io:format("~p~n", [erlang:system_flag(trace_control_word, 3)])
    end || {G, Body} <- [{[], [{message, {set_tcw, 7}}]}, {[{'==',{get_tcw},3}], [{set_tcw, 4}, {message, {get_tcw}}]}, {[], [{message, {set_tcw, -1}}]}, {[], [{message,{set_tcw, a}}]},
       {[], [{message, {is_binary, {process_dump}}}]}, {[], [{message, {{{byte_size, {process_dump}}}}}]}, {[{is_seq_trace}],[]}, {[{'not',{is_seq_trace}}],[{message,{'not',{is_seq_trace}}}]}]].
l(S) -> receive {trace, _, call, _, M} -> S ! {with, M}; {trace, _, call, _} -> S ! without end, l(S).
traced(X) -> X.

shown({with, {Size}}) when Size > 50 -> a_dump;
shown(M) -> M.
