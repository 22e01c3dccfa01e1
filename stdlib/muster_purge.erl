%% Purging: ends what runs in an old version of a module, then frees it. A process of its own does it,
%% one at a time: so it comes to its end whatever happens to who asked. See runtime/code_purge.c.
-module(muster_purge).
-export([purge/1, soft_purge/1, purge_module/1, purge_refused/1, terms/0]).

%% True: processes ran in it, and were killed.
-spec purge(module()) -> boolean().
purge(Module) -> run(fun() -> old(Module, hard) end).

%% False: processes run in it; nothing was done.
-spec soft_purge(module()) -> boolean().
soft_purge(Module) -> run(fun() -> old(Module, soft) end).

%% erlang:purge_module/1
-spec purge_module(module()) -> true.
purge_module(Module) ->
    _ = purge(Module),
    true.

%% What an on_load function refused.
-spec purge_refused(module()) -> ok.
purge_refused(Module) ->
    run(fun() ->
                case start(Module, true) of
                    started -> _ = finish(lingering(Module)), ok;
                    nothing -> ok
                end
        end).

run(Fun) ->
    {Pid, Ref} = spawn_monitor(fun() -> exit({?MODULE, Fun()}) end),
    receive
        {'DOWN', Ref, process, Pid, {?MODULE, Result}} -> Result;
        {'DOWN', Ref, process, Pid, _} -> run(Fun) % it was killed
    end.

old(Module, How) ->
    case {start(Module, false), How} of
        {nothing, hard} -> false;
        {nothing, soft} -> true;
        {started, hard} -> finish(lingering(Module));
        {started, soft} ->
            case lingering(Module) of
                [] ->
                    _ = finish([]),
                    true;
                _ ->
                    muster_machine:purge_abort(),
                    false
            end
    end.

start(Module, Refused) ->
    case muster_machine:purge_start(Module, Refused) of
        busy ->
            receive after 1 -> start(Module, Refused) end;
        started ->
            await_known(),
            started;
        nothing -> nothing
    end.

await_known() ->
    case muster_machine:purge_is_known() of
        true -> ok;
        false ->
            erlang:yield(),
            await_known()
    end.

%% What the process of the machine does that frees values which persistent_term has no more.
-spec terms() -> ok.
terms() ->
    case muster_machine:purge_terms() of
        nothing -> ok;
        busy -> receive after 1 -> terms() end;
        started ->
            await_known(),
            take_literals(),
            muster_machine:purge_terms_end(),
            terms()
    end.

take_literals() ->
    _ = ask_all(fun(Pid) -> muster_machine:purge_literals(Pid, 0) end,
                fun() -> receive 0 -> false end end),
    ok.

finish(Lingering) ->
    Refs = [begin
                Ref = monitor(process, Pid),
                exit(Pid, kill),
                Ref
            end || Pid <- Lingering],
    lists:foreach(fun(Ref) -> receive {'DOWN', Ref, process, _, _} -> ok end end, Refs),
    take_literals(),
    muster_machine:purge_end(),
    Lingering =/= [].

%% Those that run in the version.
lingering(Module) ->
    ask_all(fun(Pid) -> erlang:check_process_code(Pid, Module, [{async, Pid}]) end,
            fun() ->
                    receive
                        {check_process_code, Pid, true} -> {true, Pid};
                        {check_process_code, _, _} -> false
                    end
            end).

%% Asks all processes, and collects what the answers give.
ask_all(Ask, Answer) -> ask_all(muster_machine:purge_processes(), 0, Ask, Answer, []).

ask_all([Pid | Pids], Waiting, Ask, Answer, Found) when Pid =/= self() ->
    case Waiting < erlang:system_info(outstanding_system_requests_limit) of
        true ->
            Ask(Pid),
            ask_all(Pids, Waiting + 1, Ask, Answer, Found);
        false -> await([Pid | Pids], Waiting, Ask, Answer, Found)
    end;
ask_all([Pid | Pids], Waiting, Ask, Answer, Found) when Pid =:= self() ->
    ask_all(Pids, Waiting, Ask, Answer, Found);
ask_all([], 0, _, _, Found) -> Found;
ask_all([], Waiting, Ask, Answer, Found) -> await([], Waiting, Ask, Answer, Found).

await(Pids, Waiting, Ask, Answer, Found) ->
    case Answer() of
        {true, What} -> ask_all(Pids, Waiting - 1, Ask, Answer, [What | Found]);
        false -> ask_all(Pids, Waiting - 1, Ask, Answer, Found)
    end.
