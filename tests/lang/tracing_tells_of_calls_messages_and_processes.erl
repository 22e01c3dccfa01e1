% erlang:trace/3 and trace_pattern/3: what a tracer is told of a traced process, in order.
-module(tracing_tells_of_calls_messages_and_processes).
-export([main/0, f/1, g/2, loop/1, fact/1, thrower/1, rec/1]).
main() ->
    Self = self(),
    P = spawn(fun() -> server() end),
    io:format("~p~n", [erlang:trace(P, true, [call, send, 'receive', procs])]),
    io:format("~p~n", [erlang:trace_pattern({?MODULE, f, 1}, [{'_', [], [{return_trace}]}], [local])]),
    io:format("~p~n", [erlang:trace_pattern({?MODULE, fact, 1}, [{'_', [], [{return_trace}]}], [local])]),
    io:format("~p~n", [erlang:trace_pattern({lists, seq, 2}, true, [global])]),
    io:format("~p~n", [erlang:trace_pattern({?MODULE, thrower, 1}, [{'_',[],[{exception_trace}]}], [local])]),
    io:format("~p~n", [erlang:trace_pattern({?MODULE, rec, 1}, [{['$1'],[{'=:=',{'rem','$1',2},0}],[{message,{{even,'$1'}}}]}], [local])]),
    F0 = fun() -> [] end,
    [call(P, F) || F <- [fun() -> f(1) end, fun() -> fact(4) end, fun() -> lists:seq(1, 3) end, fun() -> atom_to_list(hd([abc | F0()])) end,
      fun() -> catch thrower(1) end, fun() -> rec(4) end, fun() -> register(foo, self()) end, fun() -> link(Self), unlink(Self) end, fun() -> spawn(lists, seq, [1,2]) end, fun() -> apply(erlang, list_to_atom("atom_to_list"), [x]) end,
      fun() -> list_to_pid("<0.0.999>") ! x, ok end, fun() -> ?MODULE:loop(3) end]],
    {all, All} = erlang:trace_info({?MODULE, f, 1}, all),
    io:format("~p~n", [{all, lists:keydelete(call_memory, 1, All)}]), % of OTP 26
    unlink(P),
    exit(P, bye),
    R = erlang:trace_delivered(P),
    flush(P, R),
    io:format("~p~n", [erlang:trace_pattern({'_', '_', '_'}, false, [local]) > 100]),
    io:format("~p~n", [erlang:trace_pattern({'_', '_', '_'}, false, []) > 100]),
    f(1).
f(X) -> g(X, 1) + 1.
g(X, Y) -> X + Y.
loop(0) -> done;
loop(N) -> f(N), loop(N - 1).
fact(0) -> 1;
fact(N) -> N * fact(N - 1).
thrower(X) -> throw({oops, X}).
rec(0) -> 0;
rec(N) -> rec(N - 1).
server() -> receive {From, F} -> R = (catch F()), From ! {self(), R}, server() end.
call(P, F) -> P ! {self(), F}, receive {P, R} -> io:format("result ~p~n", [clean(R, P)]) end.
flush(P, R) ->
    receive {trace_delivered, P, R} -> ok; M -> io:format("~p~n", [clean(M, P)]), flush(P, R) after 1000 -> io:format("no~n") end.
clean(?MODULE, _) -> m;
clean(T, P) when T =:= P -> p;
clean(T, _) when T =:= self() -> self;
clean(T, _) when is_pid(T) -> pid;
clean(T, _) when is_function(T) -> 'fun';
clean(T, P) when is_tuple(T) -> list_to_tuple([clean(X, P) || X <- tuple_to_list(T)]);
clean([H|T], P) -> [clean(H, P)|clean(T, P)];
clean(T, _) -> T.
