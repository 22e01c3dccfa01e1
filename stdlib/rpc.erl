%% Calls to nodes. There is one node: calls to it run here, in a process of their own; any other is
%% down.
-module(rpc).
-export([call/4, call/5, block_call/4, block_call/5, cast/4, async_call/4, yield/1, nb_yield/1,
         nb_yield/2, multicall/3, multicall/4, multicall/5, abcast/2, abcast/3, sbcast/2, sbcast/3,
         eval_everywhere/3, eval_everywhere/4, multi_server_call/2, multi_server_call/3,
         server_call/4, parallel_eval/1, pmap/3, pinfo/1, pinfo/2]).
-export_type([key/0]).

-opaque key() :: {pid(), reference()}.
-type time() :: timeout() | {abs, integer()}.

-spec call(node(), module(), atom(), [term()]) -> term() | {badrpc, term()}.
call(Node, M, F, A) -> call(Node, M, F, A, infinity).

-spec call(node(), module(), atom(), [term()], time()) -> term() | {badrpc, term()}.
call(Node, M, F, A, Timeout) ->
    try erpc:call(Node, M, F, A, Timeout)
    catch
        throw:Value -> Value;
        exit:{exception, Reason} -> bad_exit(Reason);
        exit:{signal, Reason} -> bad_exit(Reason);
        error:{exception, Reason, Stack} -> bad_exit({Reason, Stack});
        error:{erpc, timeout} -> {badrpc, timeout};
        error:{erpc, noconnection} -> {badrpc, nodedown};
        error:{erpc, badarg} -> error(badarg);
        error:{erpc, Reason} -> {badrpc, Reason}
    end.

bad_exit(Reason) -> {badrpc, {'EXIT', Reason}}.

-spec block_call(node(), module(), atom(), [term()]) -> term() | {badrpc, term()}.
block_call(Node, M, F, A) -> call(Node, M, F, A, infinity).

-spec block_call(node(), module(), atom(), [term()], time()) -> term() | {badrpc, term()}.
block_call(Node, M, F, A, Timeout) -> call(Node, M, F, A, Timeout).

-spec cast(node(), module(), atom(), [term()]) -> true.
cast(Node, M, F, A) ->
    try erpc:cast(Node, M, F, A) of
        ok -> true
    catch
        error:{erpc, badarg} -> error(badarg)
    end.

%% ---- promises ----

-spec async_call(node(), module(), atom(), [term()]) -> key().
async_call(Node, M, F, A) ->
    Caller = self(),
    spawn_monitor(fun() ->
                          Monitor = monitor(process, Caller),
                          Value = call(Node, M, F, A),
                          answer(Caller, Monitor, Value)
                  end).

%% Whoever asked first takes the value along; it is given when it is wanted.
answer(Caller, Monitor, Value) ->
    receive
        {Caller, Ref, give} -> Caller ! {self(), Ref, Value}, ok;
        {'DOWN', Monitor, process, Caller, _} -> ok
    end.

-spec yield(key()) -> term() | {badrpc, term()}.
yield(Key) ->
    {value, Value} = nb_yield(Key, infinity),
    Value.

-spec nb_yield(key()) -> {value, term()} | timeout.
nb_yield(Key) -> nb_yield(Key, 0).

-spec nb_yield(key(), timeout()) -> {value, term()} | timeout.
nb_yield({Pid, Ref}, Timeout) when is_pid(Pid), is_reference(Ref) ->
    case get({rpc_asked, Ref}) of
        undefined -> put({rpc_asked, Ref}, true), Pid ! {self(), Ref, give};
        true -> ok
    end,
    receive
        {Pid, Ref, Value} -> forget(Ref), {value, Value};
        {'DOWN', Ref, process, Pid, Reason} -> forget(Ref), {value, bad_exit(Reason)}
    after Timeout -> timeout
    end.

forget(Ref) ->
    erase({rpc_asked, Ref}),
    demonitor(Ref, [flush]).

%% ---- several nodes ----

-spec multicall(module(), atom(), [term()]) -> {[term()], [node()]}.
multicall(M, F, A) -> multicall([node() | nodes()], M, F, A, infinity).

-spec multicall([node()], module(), atom(), [term()]) -> {[term()], [node()]};
               (module(), atom(), [term()], time()) -> {[term()], [node()]}.
multicall(Nodes, M, F, A) when is_list(Nodes) -> multicall(Nodes, M, F, A, infinity);
multicall(M, F, A, Timeout) -> multicall([node() | nodes()], M, F, A, Timeout).

-spec multicall([node()], module(), atom(), [term()], time()) -> {[term()], [node()]}.
multicall(Nodes, M, F, A, Timeout) when is_list(Nodes), is_atom(M), is_atom(F), is_list(A) ->
    Answers = erpc:multicall(Nodes, M, F, A, Timeout),
    both(Nodes, Answers, [], []);
multicall(_, _, _, _, _) -> error(badarg).

both([], [], Values, Bad) -> {lists:reverse(Values), lists:reverse(Bad)};
both([_ | Nodes], [{ok, Value} | More], Values, Bad) -> both(Nodes, More, [Value | Values], Bad);
both([_ | Nodes], [{throw, Value} | More], Values, Bad) -> both(Nodes, More, [Value | Values], Bad);
both([_ | Nodes], [{exit, {_, Reason}} | More], Values, Bad) ->
    both(Nodes, More, [bad_exit(Reason) | Values], Bad);
both([_ | Nodes], [{error, {exception, Reason, Stack}} | More], Values, Bad) ->
    both(Nodes, More, [bad_exit({Reason, Stack}) | Values], Bad);
both([Node | Nodes], [{error, {erpc, _}} | More], Values, Bad) ->
    both(Nodes, More, Values, [Node | Bad]).

-spec abcast(atom(), term()) -> abcast.
abcast(Name, Message) -> abcast([node() | nodes()], Name, Message).

-spec abcast([node()], atom(), term()) -> abcast.
abcast(Nodes, Name, Message) when is_list(Nodes), is_atom(Name) ->
    [catch {Name, Node} ! Message || Node <- Nodes],
    abcast.

-spec sbcast(atom(), term()) -> {[node()], [node()]}.
sbcast(Name, Message) -> sbcast([node() | nodes()], Name, Message).

-spec sbcast([node()], atom(), term()) -> {[node()], [node()]}.
sbcast(Nodes, Name, Message) when is_list(Nodes), is_atom(Name) ->
    lists:partition(fun(Node) ->
                            Node =:= node() andalso is_pid(whereis(Name)) andalso
                                begin Name ! Message, true end
                    end, Nodes).

-spec eval_everywhere(module(), atom(), [term()]) -> abcast.
eval_everywhere(M, F, A) -> eval_everywhere([node() | nodes()], M, F, A).

-spec eval_everywhere([node()], module(), atom(), [term()]) -> abcast.
eval_everywhere(Nodes, M, F, A) ->
    [cast(Node, M, F, A) || Node <- Nodes],
    abcast.

%% ---- servers of the same name on several nodes ----

-spec server_call(node(), atom(), atom(), term()) -> term() | {error, nodedown}.
server_call(Node, Name, Answer, Message) when is_atom(Node), is_atom(Name) ->
    Monitor = monitor(process, Name),
    case Node =:= node() andalso whereis(Name) of
        Pid when is_pid(Pid) ->
            Pid ! {self(), Message},
            receive
                {Answer, Node, Reply} -> demonitor(Monitor, [flush]), Reply;
                {'DOWN', Monitor, process, _, _} -> {error, nodedown}
            end;
        _ ->
            demonitor(Monitor, [flush]),
            {error, nodedown}
    end.

-spec multi_server_call(atom(), term()) -> {[term()], [node()]}.
multi_server_call(Name, Message) -> multi_server_call([node() | nodes()], Name, Message).

-spec multi_server_call([node()], atom(), term()) -> {[term()], [node()]}.
multi_server_call(Nodes, Name, Message) when is_list(Nodes), is_atom(Name) ->
    Answers = [{Node, server_call(Node, Name, Name, Message)} || Node <- Nodes],
    {[Value || {_, Value} <- Answers, Value =/= {error, nodedown}],
     [Node || {Node, {error, nodedown}} <- Answers]}.

%% ---- side by side ----

-spec parallel_eval([{module(), atom(), [term()]}]) -> [term()].
parallel_eval(Calls) ->
    Keys = [async_call(node(), M, F, A) || {M, F, A} <- Calls],
    [yield(Key) || Key <- Keys].

-spec pmap({module(), atom()}, [term()], [term()]) -> [term()].
pmap({M, F}, Extra, List) ->
    Values = parallel_eval([{M, F, [Element | Extra]} || Element <- List]),
    [case Value of
         {badrpc, _} -> exit(badrpc);
         _ -> Value
     end || Value <- Values].

-spec pinfo(pid()) -> [{atom(), term()}] | undefined.
pinfo(Pid) -> process_info(Pid).

-spec pinfo(pid(), atom() | [atom()]) -> term().
pinfo(Pid, Item) -> process_info(Pid, Item).
