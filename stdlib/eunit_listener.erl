%% A process that is told what happens in a run of tests, and how it has ended. The callback module
%% starts one by start(?MODULE, Options); init/1 waits for {start, Reference} before it returns a
%% state; terminate/2 may wait for {stop, Reference, Pid} and sends {result, Reference, Result} there.
%%
%% Data is a property list: id, desc; of tests source and line, and at the end status, time and
%% output; of groups order and spawn, and at the end size and time; reason where it was cancelled.
-module(eunit_listener).
-export([start/1, start/2]).

-callback init(Options :: term()) -> State :: term().
-callback handle_begin(group | test, Data :: [{atom(), term()}], State :: term()) -> term().
-callback handle_end(group | test, Data :: [{atom(), term()}], State :: term()) -> term().
-callback handle_cancel(group | test, Data :: [{atom(), term()}], State :: term()) -> term().
-callback terminate({ok, [{pass | fail | skip | cancel, non_neg_integer()}]} | {error, term()},
                    State :: term()) -> term().

-record(counts, {pass = 0, fail = 0, skip = 0, cancel = 0}).

-spec start(module()) -> pid().
start(Module) -> start(Module, []).

-spec start(module(), term()) -> pid().
start(Module, Options) ->
    spawn(fun() -> loop(Module, Module:init(Options), #counts{}) end).

loop(Module, State, Counts) ->
    receive
        {eunit_event, {'begin', Type, Data}} ->
            loop(Module, Module:handle_begin(Type, Data, State), Counts);
        {eunit_event, {'end', test, Data}} ->
            Next = case proplists:get_value(status, Data) of
                       ok -> Counts#counts{pass = Counts#counts.pass + 1};
                       {skipped, _} -> Counts#counts{skip = Counts#counts.skip + 1};
                       {error, _} -> Counts#counts{fail = Counts#counts.fail + 1}
                   end,
            loop(Module, Module:handle_end(test, Data, State), Next);
        {eunit_event, {'end', group, Data}} ->
            ended(Module, Data, Module:handle_end(group, Data, State), Counts);
        {eunit_event, {cancel, Type, Data}} ->
            ended(Module, Data, Module:handle_cancel(Type, Data, State),
                  Counts#counts{cancel = Counts#counts.cancel + 1})
    end.

%% The end of the root is that of the run.
ended(Module, Data, State, Counts) ->
    case proplists:get_value(id, Data) of
        [] ->
            #counts{pass = Pass, fail = Fail, skip = Skip, cancel = Cancel} = Counts,
            Module:terminate({ok, [{pass, Pass}, {fail, Fail}, {skip, Skip}, {cancel, Cancel}]},
                             State);
        _ -> loop(Module, State, Counts)
    end.
