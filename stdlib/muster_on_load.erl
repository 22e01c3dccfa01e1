%% Runs on_load functions. A module that has one is loaded but waits, unseen: the first call of an
%% exported function and whatever loads code come here. The function runs in a process of its own;
%% all who need the module wait for that one run. `ok`: it becomes the current version; anything
%% else, and it is as if it had never been there.
-module(muster_on_load).
-export([call/3, finish/2, load/2, run/1]).

%% The call that met a module which waits.
-spec call(module(), atom(), [term()]) -> term().
call(Module, Function, Args) ->
    _ = settle(Module),
    case erlang:function_exported(Module, Function, length(Args)) of
        true -> apply(Module, Function, Args);
        false -> error_handler:raise_undef_exception(Module, Function, Args)
    end.

%% Loaded is the answer of what loaded Module, if it is accepted.
-spec finish(module(), Loaded) -> Loaded | {error, on_load_failure}.
finish(Module, Loaded) ->
    case settle(Module) of
        true -> Loaded;
        false -> {error, on_load_failure}
    end.

%% erlang:load_module/2 while the version before still waits.
-spec load(module(), binary()) -> {module, module()} | {error, term()}.
load(Module, Binary) ->
    case muster_machine:on_load_state(Module) of
        own -> {error, on_load};
        _ ->
            _ = settle(Module),
            erlang:load_module(Module, Binary)
    end.

%% Waits until Module does not wait any more; true: it was accepted.
settle(Module) ->
    case muster_machine:on_load_state(Module) of
        none -> erlang:module_loaded(Module);
        own -> false; % the function calls its own module
        free ->
            {Pid, Ref} = spawn_monitor(?MODULE, run, [Module]),
            await(Module, Pid, Ref);
        Pid -> await(Module, Pid, monitor(process, Pid))
    end.

await(Module, Pid, Ref) ->
    receive
        {'DOWN', Ref, process, Pid, {?MODULE, Accepted}} -> Accepted;
        {'DOWN', Ref, process, Pid, Reason} ->
            %% It failed, or had ended already. One of those who wait sees to it.
            case muster_machine:on_load_settle(Module, Pid, false) of
                true ->
                    refused(Module, Reason),
                    false;
                false -> settle(Module)
            end
    end.

%% The process of its own. An exception ends it, and is reported as of any process.
-spec run(module()) -> no_return().
run(Module) ->
    case muster_machine:on_load_claim(Module) of
        true ->
            Result = muster_machine:on_load_call(Module),
            Accepted = Result =:= ok andalso muster_machine:on_load_settle(Module, self(), true),
            Accepted orelse begin
                _ = muster_machine:on_load_settle(Module, self(), false),
                refused(Module, Result)
            end,
            exit({?MODULE, Accepted});
        false -> exit({?MODULE, settle(Module)}) % another was faster
    end.

refused(Module, Result) ->
    ok = muster_purge:purge_refused(Module),
    Now = erlang:system_time(microsecond),
    Text = [muster_report:header("WARNING REPORT", muster_report:local_time(Now), Now, ""),
            io_lib:format("~nThe on_load function for module ~s returned:~n~tP~n~n",
                          [Module, Result, 10])],
    muster_machine:write_error(unicode:characters_to_binary(Text)).
