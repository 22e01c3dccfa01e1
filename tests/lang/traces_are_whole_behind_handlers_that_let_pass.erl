%% A trace is made whole where it is asked for: behind handlers that did not match, that raise again, and
%% collections in between.
-module(traces_are_whole_behind_handlers_that_let_pass).
-export([main/0]).

main() ->
    Self = self(),
    [begin
         spawn(fun() -> Self ! {trace, caught(Run)} end),
         receive {trace, T} -> io:format("~p~n", [T]) end
     end || Run <- [fun() -> bottom(3) end, fun() -> middle(3) end, fun() -> collecting(3) end,
                    fun() -> again(3) end, fun() -> deep(30) end, fun() -> with_trace(3) end,
                    fun() -> twice(3) end]],
    io:format("~p~n", [many(3000, 0)]).

caught(Run) ->
    try Run() catch Class:Reason:Trace -> {Class, Reason, [{F, A, proplists:get_value(line, I)} || {_, F, A, I} <- Trace,
                             hd(atom_to_list(F)) =/= $-]} end.

bottom(N) when N < 0 -> [N];
bottom(N) -> X = error({x, N}), [X].
middle(N) -> X = try bottom(N) catch throw:Y -> Y end, {ok, X}.
collecting(N) -> X = try middle(N) after put(x, N), garbage_collect(), erlang:yield() end, {k, X}.
again(N) -> X = try bottom(N) catch error:E -> erlang:error({again, E}) end, {e, X}.
deep(0) -> bottom(0);
deep(N) when N rem 2 =:= 0 -> 1 + deep(N - 1);
deep(N) -> X = deep(N - 1), X + 1.
with_trace(N) ->
    X = try middle(N) catch error:E:S -> erlang:raise(error, {E, length(S) > 2}, S) end,
    {e, X}.
twice(N) ->
    X = try collecting(N)
        catch
            error:{x, 4} -> no;
            error:E:S when N > 3 -> {E, S}
        end,
    {e, X}.

many(0, Sum) -> Sum;
many(N, Sum) ->
    many(N - 1, Sum + try middle(N rem 3) catch error:{x, 0} -> 5; error:{x, Y}:S -> Y + length(tl(S)) * 0 end).
