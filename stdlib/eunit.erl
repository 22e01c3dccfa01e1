%% Unit tests: runs what eunit_data can read as tests, and tells listeners what happens.
-module(eunit).
-export([start/0, stop/0, test/1, test/2, test/3]).

-type option() :: verbose | no_tty | {report, module() | {module(), term()}}
                | {print_depth, pos_integer()} | {exact_execution, boolean()}
                | {scale_timeouts, pos_integer()} | term().

%% There is no server to be started: every run stands for itself.
-spec start() -> ok.
start() -> ok.

-spec stop() -> ok.
stop() -> ok.

-spec test(term()) -> ok | error | {error, term()}.
test(Tests) -> test(Tests, []).

%% ok: all tests passed, and none was skipped or cancelled.
-spec test(term(), option() | [option()]) -> ok | error | {error, term()}.
test(Tests, Options) when is_list(Options) ->
    Listeners = listeners(Options),
    Run = #{exact => proplists:get_bool(exact_execution, Options),
            scale => proplists:get_value(scale_timeouts, Options, 1)},
    Leader = group_leader(),
    {Pid, Ref} = spawn_monitor(fun() ->
                                       group_leader(Leader, self()),
                                       exit({result, run(Tests, Run, Listeners)})
                               end),
    receive
        {'DOWN', Ref, process, Pid, {result, Result}} -> Result;
        {'DOWN', Ref, process, Pid, Reason} -> {error, Reason}
    end;
test(Tests, Option) -> test(Tests, [Option]).

%% The first argument named a server once.
-spec test(term(), term(), option() | [option()]) -> ok | error | {error, term()}.
test(_Server, Tests, Options) -> test(Tests, Options).

listeners(Options) ->
    Reports = [case Report of
                   {Module, Args} -> Module:start(Args);
                   Module -> Module:start(Options)
               end || Report <- proplists:get_all_values(report, Options)],
    case proplists:get_bool(no_tty, Options) of
        true -> Reports;
        false -> [eunit_tty:start(Options) | Reports]
    end.

%% ---- one run ----
%% open: what has begun and not ended, innermost first: {Id, Type, Data}.

run(Tests, Options, Listeners) ->
    Ref = make_ref(),
    _ = [Pid ! {start, Ref} || Pid <- Listeners],
    Root = eunit_proc:start(eunit_data:tests(Tests), Options, self()),
    Monitor = monitor(process, Root),
    Good = events(Monitor, Listeners, [], true),
    Asked = [{Pid, monitor(process, Pid)} || Pid <- Listeners],
    _ = [Pid ! {stop, Ref, self()} || Pid <- Listeners],
    answers(Asked, Ref),
    case Good of
        true -> ok;
        false -> error
    end.

events(Monitor, Listeners, Open, Good) ->
    receive
        {eunit, _, Id, {'begin', Type, Data}} ->
            tell(Listeners, {'begin', Type, Data}),
            events(Monitor, Listeners, [{Id, Type, Data} | Open], Good);
        {eunit, _, Id, {'end', Type, Data}} ->
            tell(Listeners, {'end', Type, Data}),
            Passed = Type =:= group orelse proplists:get_value(status, Data) =:= ok,
            events(Monitor, Listeners, lists:keydelete(Id, 1, Open), Good andalso Passed);
        {eunit, _, Id, {cancel, Reason}} ->
            Begun = case lists:keymember(Id, 1, Open) of
                        true -> Open;
                        false -> begun(Id, Open, Listeners)
                    end,
            events(Monitor, Listeners, cancel(Id, Reason, Begun, Listeners), false);
        {'DOWN', Monitor, process, _, _} ->
            %% If its keeper was killed, too.
            _ = cancel([], undefined, Open, Listeners),
            Good andalso Open =:= []
    end.

%% It could not even begin: its process did not start.
begun(Id, Open, Listeners) ->
    Data = [{id, Id}, {desc, undefined}, {spawn, undefined}, {order, undefined}],
    tell(Listeners, {'begin', group, Data}),
    [{Id, group, Data} | Open].

%% What is open within it is cancelled first, for no reason of its own.
cancel(Id, Reason, [{Id, Type, Data} | Open], Listeners) ->
    tell(Listeners, {cancel, Type, [{reason, Reason} | Data]}),
    Open;
cancel(Id, Reason, [{At, Type, Data} | Open], Listeners) ->
    case lists:prefix(Id, At) of
        true ->
            tell(Listeners, {cancel, Type, [{reason, undefined} | Data]}),
            cancel(Id, Reason, Open, Listeners);
        false -> [{At, Type, Data} | cancel(Id, Reason, Open, Listeners)]
    end;
cancel(_, _, [], _) -> [].

tell(Listeners, Event) ->
    _ = [Pid ! {eunit_event, Event} || Pid <- Listeners],
    ok.

answers([], _) -> ok;
answers(Asked, Ref) ->
    receive
        {'DOWN', _, process, Pid, _} -> answers(lists:keydelete(Pid, 1, Asked), Ref);
        {result, Ref, _} -> answers(Asked, Ref)
    end.
