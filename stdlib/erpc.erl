%% Calls to nodes, with exceptions told apart. There is one node: calls to it run here, in a process
%% of their own if they are not waited for without end; any other cannot be connected to.
-module(erpc).
-export([call/2, call/3, call/4, call/5, cast/2, cast/4, multicall/2, multicall/3, multicall/4,
         multicall/5, multicast/2, multicast/4, send_request/2, send_request/4, send_request/6,
         receive_response/1, receive_response/2, receive_response/3, wait_response/1,
         wait_response/2, wait_response/3, check_response/2, check_response/3, reqids_new/0,
         reqids_size/1, reqids_add/3, reqids_to_list/1]).
-export([run/4]).
-export_type([request_id/0, request_id_collection/0, timeout_time/0]).

-opaque request_id() :: {reference(), reference()}.
-opaque request_id_collection() :: #{reference() => {request_id(), term()}}.
-type timeout_time() :: timeout() | {abs, integer()}.

-define(IS_CALL(M, F, A), is_atom(M), is_atom(F), is_list(A)).

%% ---- one call ----

-spec call(node(), fun(() -> Result)) -> Result.
call(Node, Fun) -> call(Node, Fun, infinity).

-spec call(node(), fun(() -> Result), timeout_time()) -> Result.
call(Node, Fun, Timeout) when is_function(Fun, 0) -> call(Node, erlang, apply, [Fun, []], Timeout);
call(_, _, _) -> error({erpc, badarg}).

-spec call(node(), module(), atom(), [term()]) -> term().
call(Node, M, F, A) -> call(Node, M, F, A, infinity).

-spec call(node(), module(), atom(), [term()], timeout_time()) -> term().
call(Node, M, F, A, infinity) when Node =:= node(), ?IS_CALL(M, F, A) ->
    %% Nobody can tell, and may rely on, which process makes it.
    try apply(M, F, A)
    catch
        exit:Reason -> exit({exception, Reason});
        error:Reason:Stack -> error({exception, Reason, ours_removed(Stack)})
    end;
call(Node, M, F, A, Timeout) ->
    Request = send_request(Node, M, F, A),
    try receive_response(Request, Timeout)
    catch
        error:{erpc, badarg} -> error({erpc, badarg})
    end.

-spec cast(node(), fun(() -> term())) -> ok.
cast(Node, Fun) when is_function(Fun, 0) -> cast(Node, erlang, apply, [Fun, []]);
cast(_, _) -> error({erpc, badarg}).

-spec cast(node(), module(), atom(), [term()]) -> ok.
cast(Node, M, F, A) when is_atom(Node), ?IS_CALL(M, F, A) ->
    %% What is wrong with the call is wrong there, and nobody hears of it.
    _ = [try spawn(M, F, A) catch error:badarg -> ok end || Node =:= node()],
    ok;
cast(_, _, _, _) -> error({erpc, badarg}).

%% ---- requests ----

-spec send_request(node(), fun(() -> term())) -> request_id().
send_request(Node, Fun) when is_function(Fun, 0) -> send_request(Node, erlang, apply, [Fun, []]);
send_request(_, _) -> error({erpc, badarg}).

-spec send_request(node(), module(), atom(), [term()]) -> request_id();
                  (node(), fun(() -> term()), term(), request_id_collection()) ->
          request_id_collection().
send_request(Node, Fun, Label, Collection) when is_function(Fun, 0), is_map(Collection) ->
    reqids_add(send_request(Node, Fun), Label, Collection);
send_request(Node, M, F, A) when Node =:= node(), ?IS_CALL(M, F, A) ->
    Result = make_ref(),
    {_, Monitor} = spawn_monitor(?MODULE, run, [Result, M, F, A]),
    {Result, Monitor};
send_request(Node, M, F, A) when is_atom(Node), ?IS_CALL(M, F, A) ->
    Monitor = make_ref(),
    self() ! {'DOWN', Monitor, process, undefined, noconnection},
    {make_ref(), Monitor};
send_request(_, _, _, _) -> error({erpc, badarg}).

-spec send_request(node(), module(), atom(), [term()], term(), request_id_collection()) ->
          request_id_collection().
send_request(Node, M, F, A, Label, Collection) ->
    reqids_add(send_request(Node, M, F, A), Label, Collection).


%% The process of a call: how it went is its exit reason.
-spec run(reference(), module(), atom(), [term()]) -> no_return().
run(Result, M, F, A) ->
    exit(try {Result, return, apply(M, F, A)}
         catch
             throw:Value -> {Result, throw, Value};
             exit:Reason -> {Result, exit, Reason};
             error:Reason:Stack -> {Result, error, Reason, ours_removed(Stack)}
         end).

%% Without the frames of this module.
ours_removed(Stack) -> lists:takewhile(fun(Entry) -> element(1, Entry) =/= ?MODULE end, Stack).

%% The response as it was, raised or returned.
give(Result, {Result, return, Value}) -> Value;
give(Result, {Result, throw, Value}) -> throw(Value);
give(Result, {Result, exit, Reason}) -> exit({exception, Reason});
give(Result, {Result, error, Reason, Stack}) -> error({exception, Reason, Stack});
give(_, noconnection) -> error({erpc, noconnection});
give(_, Reason) -> exit({signal, Reason}).

-spec receive_response(request_id()) -> term().
receive_response(Request) -> receive_response(Request, infinity).

-spec receive_response(request_id(), timeout_time()) -> term();
                      (request_id_collection(), boolean()) -> term().
receive_response({Result, Monitor}, Timeout) when is_reference(Monitor) ->
    receive
        {'DOWN', Monitor, process, _, How} -> give(Result, How)
    after milliseconds(Timeout) ->
            demonitor(Monitor, [flush]),
            error({erpc, timeout})
    end;
receive_response(_, _) -> error({erpc, badarg}).

-spec receive_response(request_id_collection(), timeout_time(), boolean()) ->
          {term(), term(), request_id_collection()} | no_request.
receive_response(Collection, _, _) when map_size(Collection) =:= 0 -> no_request;
receive_response(Collection, Timeout, Delete) when is_map(Collection), is_boolean(Delete) ->
    receive
        {'DOWN', Monitor, process, _, How} when is_map_key(Monitor, Collection) ->
            of_collection(Monitor, How, Collection, Delete)
    after milliseconds(Timeout) ->
            [demonitor(Monitor, [flush]) || Monitor <- maps:keys(Collection)],
            error({erpc, timeout})
    end;
receive_response(_, _, _) -> error({erpc, badarg}).

-spec wait_response(request_id()) -> {response, term()} | no_response.
wait_response(Request) -> wait_response(Request, 0).

-spec wait_response(request_id(), timeout_time()) -> {response, term()} | no_response.
wait_response({Result, Monitor}, Timeout) when is_reference(Monitor) ->
    receive
        {'DOWN', Monitor, process, _, How} -> {response, give(Result, How)}
    after milliseconds(Timeout) -> no_response
    end;
wait_response(_, _) -> error({erpc, badarg}).

-spec wait_response(request_id_collection(), timeout_time(), boolean()) ->
          {{response, term()}, term(), request_id_collection()} | no_response | no_request.
wait_response(Collection, _, _) when map_size(Collection) =:= 0 -> no_request;
wait_response(Collection, Timeout, Delete) when is_map(Collection), is_boolean(Delete) ->
    receive
        {'DOWN', Monitor, process, _, How} when is_map_key(Monitor, Collection) ->
            {Value, Label, Rest} = of_collection(Monitor, How, Collection, Delete),
            {{response, Value}, Label, Rest}
    after milliseconds(Timeout) -> no_response
    end;
wait_response(_, _, _) -> error({erpc, badarg}).

-spec check_response(term(), request_id()) -> {response, term()} | no_response.
check_response({'DOWN', Monitor, process, _, How}, {Result, Monitor}) ->
    {response, give(Result, How)};
check_response(_, {_, Monitor}) when is_reference(Monitor) -> no_response;
check_response(_, _) -> error({erpc, badarg}).

-spec check_response(term(), request_id_collection(), boolean()) ->
          {{response, term()}, term(), request_id_collection()} | no_response | no_request.
check_response(_, Collection, _) when map_size(Collection) =:= 0 -> no_request;
check_response({'DOWN', Monitor, process, _, How}, Collection, Delete)
  when is_map_key(Monitor, Collection), is_boolean(Delete) ->
    {Value, Label, Rest} = of_collection(Monitor, How, Collection, Delete),
    {{response, Value}, Label, Rest};
check_response(_, Collection, Delete) when is_map(Collection), is_boolean(Delete) -> no_response;
check_response(_, _, _) -> error({erpc, badarg}).

of_collection(Monitor, How, Collection, Delete) ->
    #{Monitor := {{Result, _}, Label}} = Collection,
    Rest = case Delete of
               true -> maps:remove(Monitor, Collection);
               false -> Collection
           end,
    {give(Result, How), Label, Rest}.

-spec reqids_new() -> request_id_collection().
reqids_new() -> #{}.

-spec reqids_size(request_id_collection()) -> non_neg_integer().
reqids_size(Collection) when is_map(Collection) -> map_size(Collection);
reqids_size(_) -> error({erpc, badarg}).

-spec reqids_add(request_id(), term(), request_id_collection()) -> request_id_collection().
reqids_add({_, Monitor} = Request, Label, Collection)
  when is_reference(Monitor), is_map(Collection), not is_map_key(Monitor, Collection) ->
    Collection#{Monitor => {Request, Label}};
reqids_add(_, _, _) -> error({erpc, badarg}).

-spec reqids_to_list(request_id_collection()) -> [{request_id(), term()}].
reqids_to_list(Collection) when is_map(Collection) -> maps:values(Collection);
reqids_to_list(_) -> error({erpc, badarg}).

milliseconds(infinity) -> infinity;
milliseconds(Timeout) when is_integer(Timeout), Timeout >= 0, Timeout =< 16#ffffffff -> Timeout;
milliseconds({abs, Time}) when is_integer(Time) ->
    max(0, Time - erlang:monotonic_time(millisecond));
milliseconds(_) -> error({erpc, badarg}).

%% ---- several nodes ----

-spec multicall([node()], fun(() -> term())) -> [term()].
multicall(Nodes, Fun) -> multicall(Nodes, Fun, infinity).

-spec multicall([node()], fun(() -> term()), timeout_time()) -> [term()].
multicall(Nodes, Fun, Timeout) when is_function(Fun, 0) ->
    multicall(Nodes, erlang, apply, [Fun, []], Timeout);
multicall(_, _, _) -> error({erpc, badarg}).

-spec multicall([node()], module(), atom(), [term()]) -> [term()].
multicall(Nodes, M, F, A) -> multicall(Nodes, M, F, A, infinity).

-spec multicall([node()], module(), atom(), [term()], timeout_time()) -> [term()].
multicall(Nodes, M, F, A, Timeout) when is_list(Nodes), ?IS_CALL(M, F, A) ->
    End = case milliseconds(Timeout) of
              infinity -> infinity;
              Left -> {abs, erlang:monotonic_time(millisecond) + Left}
          end,
    Requests = [send_request(Node, M, F, A) || Node <- Nodes],
    [try {ok, receive_response(Request, End)}
     catch
         Class:Reason -> {Class, Reason}
     end || Request <- Requests];
multicall(_, _, _, _, _) -> error({erpc, badarg}).

-spec multicast([node()], fun(() -> term())) -> ok.
multicast(Nodes, Fun) when is_function(Fun, 0) -> multicast(Nodes, erlang, apply, [Fun, []]);
multicast(_, _) -> error({erpc, badarg}).

-spec multicast([node()], module(), atom(), [term()]) -> ok.
multicast(Nodes, M, F, A) when is_list(Nodes), ?IS_CALL(M, F, A) ->
    [cast(Node, M, F, A) || Node <- Nodes],
    ok;
multicast(_, _, _, _) -> error({erpc, badarg}).
