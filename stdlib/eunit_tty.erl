%% Writes what happens in a run of tests, in eunit's words: failures only, or with the option verbose
%% every test.
-module(eunit_tty).
-behaviour(eunit_listener).
-export([start/0, start/1]).
-export([init/1, handle_begin/3, handle_end/3, handle_cancel/3, terminate/2]).

-record(state, {verbose, depth, indent = 0}).

-spec start() -> pid().
start() -> start([]).

-spec start([term()]) -> pid().
start(Options) -> eunit_listener:start(?MODULE, Options).

-spec init([term()]) -> #state{}.
init(Options) ->
    State = #state{verbose = proplists:get_bool(verbose, Options),
                   depth = proplists:get_value(print_depth, Options, 20)},
    receive
        {start, _} ->
            _ = [io:put_chars("======================== EUnit ========================\n")
                 || State#state.verbose],
            State
    end.

-spec terminate({ok, [{pass | fail | skip | cancel, non_neg_integer()}]} | {error, term()},
                #state{}) -> term().
terminate({ok, Counts}, #state{verbose = Verbose}) ->
    [Pass, Fail, Skip, Cancel] = [proplists:get_value(Key, Counts, 0)
                                  || Key <- [pass, fail, skip, cancel]],
    Good = Fail =:= 0 andalso Skip =:= 0 andalso Cancel =:= 0,
    if
        Good, Pass =:= 0 -> io:put_chars("  There were no tests to run.\n");
        true ->
            _ = [rule() || Verbose orelse not Good],
            if
                Good -> passed(Pass);
                true ->
                    io:format("  Failed: ~w.  Skipped: ~w.  Passed: ~w.\n", [Fail, Skip, Pass]),
                    _ = [io:put_chars("One or more tests were cancelled.\n") || Cancel > 0],
                    ok
            end
    end,
    finish(if Good -> ok; true -> error end);
terminate({error, Reason}, _) ->
    io:put_chars("Internal error.\n"),
    io:format("~tP.\n", [Reason, 25]),
    finish(error).

rule() -> io:put_chars("=======================================================\n").

passed(1) -> io:put_chars("  Test passed.\n");
passed(2) -> io:put_chars("  2 tests passed.\n");
passed(N) -> io:format("  All ~w tests passed.\n", [N]).

finish(Result) ->
    receive
        {stop, Reference, Pid} ->
            Pid ! {result, Reference, Result},
            ok
    end.

-spec handle_begin(group | test, [{atom(), term()}], #state{}) -> #state{}.
handle_begin(group, Data, #state{verbose = true, indent = Indent} = State) ->
    case proplists:get_value(desc, Data) of
        undefined -> State;
        Desc ->
            indent(Indent),
            io:format("~ts\n", [Desc]),
            State#state{indent = Indent + 1}
    end;
handle_begin(test, Data, #state{verbose = true} = State) ->
    test(Data, State),
    State;
handle_begin(_, _, State) -> State.

-spec handle_end(group | test, [{atom(), term()}], #state{}) -> #state{}.
handle_end(group, Data, #state{verbose = true, indent = Indent} = State) ->
    case proplists:get_value(desc, Data) of
        undefined -> State;
        _ ->
            Time = proplists:get_value(time, Data, 0),
            _ = [begin
                     indent(Indent),
                     io:format("[done in ~.3f s]\n", [Time / 1000])
                 end || proplists:get_value(size, Data) > 0],
            State#state{indent = Indent - 1}
    end;
handle_end(test, Data, #state{verbose = Verbose} = State) ->
    case proplists:get_value(status, Data) of
        ok when Verbose ->
            case proplists:get_value(time, Data) of
                0 -> io:put_chars("ok\n");
                Time -> io:format("[~.3f s] ok\n", [Time / 1000])
            end;
        ok -> ok;
        Status ->
            _ = [test(Data, State) || not Verbose],
            bad(Status, proplists:get_value(output, Data), State)
    end,
    State;
handle_end(_, _, State) -> State.

bad({skipped, {module_not_found, M}}, _, _) ->
    io:format("*did not run*\n::missing module: ~tw\n", [M]);
bad({skipped, {no_such_function, {M, F, A}}}, _, _) ->
    io:format("*did not run*\n::no such function: ~tw:~tw/~w\n", [M, F, A]);
bad({error, Exception}, Output, #state{depth = Depth}) ->
    Text = case Output of
               [Binary] -> Binary;
               _ -> unicode:characters_to_binary(Output)
           end,
    io:format("*failed*\n~ts\n  output:<<\"~ts\">>\n\n",
              [eunit_lib:format_exception(Exception, Depth), Text]).

-spec handle_cancel(group | test, [{atom(), term()}], #state{}) -> #state{}.
handle_cancel(group, Data, #state{verbose = Verbose, indent = Indent} = State) ->
    Reason = proplists:get_value(reason, Data),
    case Reason of
        undefined -> ok;
        _ ->
            Desc = proplists:get_value(desc, Data),
            %% A title stands there already.
            _ = [begin
                     _ = [indent(Indent) || Verbose],
                     io:format("~ts\n", [Desc])
                 end || not (Verbose andalso Desc =/= undefined)],
            _ = [indent(Indent) || Verbose, element(1, Reason) =/= blame],
            cancelled(Reason, State)
    end,
    State#state{indent = max(0, Indent - 1)};
handle_cancel(test, Data, #state{verbose = Verbose} = State) ->
    _ = [test(Data, State) || not Verbose],
    cancelled(proplists:get_value(reason, Data), State),
    State.

cancelled(undefined, _) -> io:put_chars("*skipped*\n");
cancelled({timeout, #{stacktrace := Stack}}, _) ->
    io:format("*timed out*\n~ts", [eunit_lib:format_stacktrace(Stack)]);
cancelled({blame, _}, _) -> ok;
cancelled({abort, Reason}, #state{depth = Depth}) ->
    io:format("~ts\n", [eunit_lib:format_error(Reason, Depth)]);
cancelled({exit, Reason}, #state{depth = Depth}) ->
    io:format("*unexpected termination of test process*\n::~tP\n\n", [Reason, Depth]);
cancelled(Reason, #state{depth = Depth}) ->
    io:format("*skipped*\n::~tP\n\n", [Reason, Depth]).

indent(N) when N > 0 -> io:put_chars(lists:duplicate(2 * N, $\s));
indent(_) -> ok.

%% "module:line: function (title)..."
test(Data, #state{verbose = Verbose, indent = Indent}) ->
    _ = [indent(Indent) || Verbose],
    {M, F, _} = proplists:get_value(source, Data),
    Line = case proplists:get_value(line, Data, 0) of
               0 -> "";
               N -> io_lib:format("~w:", [N])
           end,
    Desc = case proplists:get_value(desc, Data) of
               undefined -> "";
               Text -> io_lib:format(" (~ts)", [Text])
           end,
    io:format("~ts:~s ~ts~ts...", [M, Line, F, Desc]).
