-module(rpc_and_erpc_to_this_node).
-export([main/0]).
p(X) -> io:format("~p~n", [X]).
c(F) -> try F() catch C:R -> {C, case R of {exception,E,_} -> {exception,E}; _ -> R end} end.
main() ->
    N = node(),
    p(rpc:call(N, lists, reverse, [[1,2,3]])),
    p(case rpc:call(N, erlang, hd, [[]]) of {badrpc,{'EXIT',{R,[{M,F,A,_}|_]}}} -> {R,M,F,A} end),
    p(rpc:call(N, erlang, throw, [x])),
    p(rpc:call(N, erlang, exit, [x])),
    p(rpc:call(N, timer, sleep, [5000], 10)),
    p(rpc:call(other@host, erlang, node, [])),
    K = rpc:async_call(N, lists, sum, [[1,2,3]]), p(rpc:yield(K)),
    K2 = rpc:async_call(N, timer, sleep, [500]), p(rpc:nb_yield(K2)), p(rpc:nb_yield(K2, 5000)),
    p(rpc:multicall(erlang, length, [[1]])),
    p(rpc:multicall([N, other@host], erlang, length, [[1]])),
    p(rpc:pmap({lists,nth}, [[a,b,c]], [3,2,1])),
    p(rpc:parallel_eval([{lists,sum,[[1,2]]},{erlang,exit,[a]}])),
    p(rpc:cast(N, erlang, send, [self(), hello])), receive hello -> p(got) end,
    p(c(fun() -> erpc:call(N, fun() -> 1 + 1 end) end)),
    p(c(fun() -> erpc:call(N, erlang, hd, [[]]) end)),
    p(c(fun() -> erpc:call(N, erlang, exit, [a]) end)),
    p(c(fun() -> erpc:call(N, erlang, throw, [a]) end)),
    p(c(fun() -> erpc:call(N, timer, sleep, [5000], 10) end)),
    p(c(fun() -> erpc:call(other@host, erlang, node, []) end)),
    p(c(fun() -> erpc:call(N, a, b, c) end)),
    p(c(fun() -> erpc:multicall([N,other@host], erlang, length, [[1]]) end)),
    R1 = erpc:send_request(N, lists, sum, [[1,2]]), p(erpc:wait_response(R1, 5000)),
    C0 = erpc:send_request(N, fun() -> 1 end, one, erpc:reqids_new()),
    C1 = erpc:send_request(N, lists, sum, [[2,3]], two, C0),
    p(erpc:reqids_size(C1)),
    {A1,L1,C2} = erpc:receive_response(C1, 5000, true), {A2,L2,C3} = erpc:receive_response(C2, 5000, true),
    p(lists:sort([{A1,L1},{A2,L2}])), p(erpc:receive_response(C3, 5000, true)).
