%% Runs what tests are made of: test functions, and the setup and cleanup of fixtures.
-module(eunit_test).
-export([run_testfun/1, function/2, enter_context/4, multi_setup/1, own_stack/1, start_node/2, stop_node/1]).
-export_type([exception/0]).

-type exception() :: {error | exit | throw, term(), [term()]}.

%% {error, {no_such_function, …}} or {error, {module_not_found, …}}: see function/2.
-spec run_testfun(fun(() -> Value)) -> {ok, Value} | {error, exception() | {atom(), term()}}.
run_testfun(F) ->
    try F() of
        Value -> {ok, Value}
    catch
        throw:{?MODULE, Reason} -> {error, Reason};
        Class:Reason:Stack -> {error, {Class, Reason, own_stack(Stack)}}
    end.

%% The stack above eunit.
-spec own_stack([term()]) -> [term()].
own_stack(Stack) ->
    lists:takewhile(fun({M, _, _, _}) -> not is_runner(M) end, Stack).

is_runner(?MODULE) -> true;
is_runner(eunit_proc) -> true;
is_runner(eunit_data) -> true;
is_runner(_) -> false.

%% M:F/0 as a test, which says when there is no such function.
-spec function(module(), atom()) -> fun(() -> term()).
function(M, F) ->
    fun() ->
            case erlang:function_exported(M, F, 0) of
                true -> M:F();
                false ->
                    case code:ensure_loaded(M) of
                        {module, M} ->
                            case erlang:function_exported(M, F, 0) of
                                true -> M:F();
                                false -> throw({?MODULE, {no_such_function, {M, F, 0}}})
                            end;
                        {error, _} -> throw({?MODULE, {module_not_found, M}})
                    end
            end
    end.

%% Setup, then Run of what Instantiate makes of its result, then Cleanup. Throws {context_error,
%% setup_failed | instantiation_failed | cleanup_failed, Exception}.
-spec enter_context(fun(() -> Resource), fun((Resource) -> term()), fun((Resource) -> Tests),
                    fun((Tests) -> Value)) -> Value.
enter_context(Setup, Cleanup, Instantiate, Run) ->
    Resource = part(setup_failed, Setup),
    Tests = part(instantiation_failed, fun() -> Instantiate(Resource) end),
    try Run(Tests)
    after
        part(cleanup_failed, fun() -> Cleanup(Resource) end)
    end.

part(Name, F) ->
    try F()
    catch
        Class:Reason:Stack -> throw({context_error, Name, {Class, Reason, own_stack(Stack)}})
    end.

%% A setup of several steps, [{Tag, Setup} or {Tag, Setup, Cleanup}]: its result is the list of
%% theirs; when one fails, those before it are cleaned up, newest first.
-spec multi_setup([tuple()]) -> {fun(() -> [term()]), fun(([term()]) -> ok)}.
multi_setup(Steps) ->
    Complete = [case Step of
                    {Tag, S} when is_function(S, 0) -> {Tag, S, fun(_) -> ok end};
                    {_, S, C} when is_function(S, 0), is_function(C, 1) -> Step;
                    _ -> throw(bad_setup)
                end || Step <- Steps],
    {fun() -> set_up(Complete, []) end,
     fun(Values) -> clean_up(lists:reverse(lists:zip(Complete, Values))) end}.

set_up([], Done) -> lists:reverse([Value || {_, Value} <- Done]);
set_up([{Tag, Setup, _} = Step | Steps], Done) ->
    try Setup() of
        Value -> set_up(Steps, [{Step, Value} | Done])
    catch
        Class:Reason:Stack ->
            _ = clean_up(Done),
            throw({Tag, {Class, Reason, own_stack(Stack)}})
    end.

clean_up([]) -> ok;
clean_up([{{Tag, _, Cleanup}, Value} | Steps]) ->
    try Cleanup(Value)
    catch
        Class:Reason:Stack ->
            _ = try clean_up(Steps) catch _:_ -> ok end,
            throw({Tag, {Class, Reason, own_stack(Stack)}})
    end,
    clean_up(Steps).

%% Another node for {node, Name, Tests}.
-spec start_node(node(), string()) -> {node(), term()}.
start_node(Node, Args) ->
    case is_alive() of
        false -> exit(not_alive);
        true ->
            {ok, Peer, Node} = peer:start_link(#{name => Node, args => string:lexemes(Args, " ")}),
            {Node, Peer}
    end.

-spec stop_node({node(), term()}) -> term().
stop_node({_, Peer}) -> peer:stop(Peer).
