%% `muster test`: finds tests in files and directories, runs them with eunit, shows how that goes, and
%% then what failed: where, what was expected and what was there instead.
-module(muster_test).
-behaviour(eunit_listener).
-export([main/2]).
-export([start/1, init/1, handle_begin/3, handle_end/3, handle_cancel/3, terminate/2]).

%% The status for the shell. 0: all tests passed; 1: some did not, or there are none; 2: no such path.
-spec main([string()], #{verbose := boolean(), cover := boolean(), junit := string() | none,
                         filter := string() | none}) -> no_return().
main(Paths, #{verbose := Verbose, cover := Cover, junit := Junit, filter := Filter}) ->
    case [Path || Path <- Paths, not filelib:is_file(Path)] of
        [] -> ok;
        [Missing | _] ->
            io:format(standard_error, "muster: ~ts: no such file or directory\n", [Missing]),
            halt(2)
    end,
    case lists:append([files(Path) || Path <- Paths]) of
        [] ->
            io:format(standard_error, "muster: no tests found\n", []),
            halt(1);
        Files ->
            Given = code:get_path(),
            _ = [code:add_pathz(Dir) || Dir <- lists:usort([filename:dirname(F) || F <- Files])],
            Covered = case Cover of
                          true -> muster_cover:sources(Files, Given);
                          false -> []
                      end,
            Counting = [filename:absname(File) || File <- Covered, {ok, _} <- [muster_cover:load(File)]],
            Reports = [{report, {eunit_surefire, [{file, Junit}]}} || Junit =/= none],
            Options = [no_tty, exact_execution,
                       {report, {?MODULE, [{verbose, Verbose}, {filter, Filter}, {told, self()}]}} | Reports],
            Result = eunit:test([suite(File, lists:member(filename:absname(File), Counting), Filter) || File <- Files],
                                Options),
            _ = Cover andalso muster_cover:report(),
            case Result of
                ok ->
                    receive
                        {?MODULE, 0} -> halt(1);
                        {?MODULE, _} -> halt(0)
                    end;
                error -> halt(1);
                {error, Reason} ->
                    io:format(standard_error, "muster: the tests ended: ~tp\n", [Reason]),
                    halt(1)
            end
    end.

%% ---- finding ----

%% A file that is named is a test; of directories, the source files that look as if they had some.
files(Path) ->
    case filelib:is_dir(Path) of
        true -> lists:sort(filelib:fold_files(Path, "\\.erl$", true, fun found/2, []));
        false -> [Path]
    end.

found(File, Files) ->
    case file:read_file(File) of
        {ok, Text} ->
            case binary:match(Text, [<<"_test()">>, <<"_test_()">>]) of
                nomatch -> Files;
                _ -> [File | Files]
            end;
        {error, _} -> Files
    end.

%% Each file has a process of its own, so that one that ends badly ends nothing else.
suite(File, Counts, Filter) ->
    Load = fun() ->
                   case if
                            Counts -> muster_cover:load(File);
                            true -> compile:load(File)
                        end of
                       {ok, Module} -> Module;
                       {error, _} -> exit({does_not_compile, File})
                   end
           end,
    Name = filename:basename(filename:rootname(File)),
    {Name, {spawn, {setup, local, Load, fun(Module) -> tests(Module, Filter) end}}}.

tests(Module, none) -> {module, Module};
tests(Module, Word) ->
    [Test || {Function, 0} <- lists:sort(Module:module_info(exports)), Test <- test(Module, Function),
             string:find(io_lib:format("~ts:~ts", [Module, Function]), Word) =/= nomatch].

%% What eunit does with functions of such names.
test(Module, Function) ->
    Name = atom_to_list(Function),
    case {lists:suffix("_test", Name), lists:suffix("_test_", Name)} of
        {true, _} -> [{test, Module, Function}];
        {_, true} -> [{generator, Module, Function}];
        _ -> []
    end.

%% ---- showing ----

%% bad: {Suite, Data, What}, newest first. in_suite: {Passed, Failed}. dots: written on this line.
%% named: whether the suite's name is written; where tests are chosen only suites with such are. slow: {Ms, Name}.
-record(state, {verbose, filter, told, good = 0, failed = 0, skipped = 0, bad = [], suite, named = false,
                in_suite = {0, 0}, dots = 0, held = none, cancelled = false, slow = [], start, suite_start}).

-define(SLOW_MS, 100).
-define(SHOWN_SLOW, 3).

-define(DOTS, 60).

-spec start([term()]) -> pid().
start(Options) -> eunit_listener:start(?MODULE, Options).

-spec init([term()]) -> #state{}.
init(Options) ->
    receive {start, _} -> ok end,
    #state{verbose = proplists:get_bool(verbose, Options), filter = proplists:get_value(filter, Options),
           told = proplists:get_value(told, Options),
           start = erlang:monotonic_time(millisecond)}.

-spec handle_begin(group | test, [{atom(), term()}], #state{}) -> #state{}.
handle_begin(group, Data, #state{filter = Filter} = State) ->
    case proplists:get_value(id, Data) of
        [_] ->
            Begun = State#state{suite = proplists:get_value(desc, Data), named = false, in_suite = {0, 0},
                                dots = 0, suite_start = erlang:monotonic_time(millisecond)},
            if Filter =:= none -> named(Begun); true -> Begun end;
        _ -> State
    end;
handle_begin(test, _, State) -> named(State).

named(#state{named = true} = State) -> State;
named(#state{suite = Suite, verbose = Verbose} = State) ->
    io:format("~ts~s", [Suite, if Verbose -> "\n"; true -> " " end]),
    State#state{named = true}.

-spec handle_end(group | test, [{atom(), term()}], #state{}) -> #state{}.
handle_end(test, Data, State) -> ended(Data, timed(Data, State));
handle_end(group, Data, State) ->
    suite_ended(Data, State),
    State.

timed(Data, #state{suite = Suite, slow = Slow} = State) ->
    case proplists:get_value(time, Data, 0) of
        Time when Time >= ?SLOW_MS ->
            State#state{slow = [{Time, [Suite, ": ", short_name(Data)]} | Slow]};
        _ -> State
    end.

ended(Data, #state{in_suite = {Good, Bad}} = State) ->
    case proplists:get_value(status, Data) of
        ok ->
            (shown(".", "ok", Data, State))#state{good = State#state.good + 1,
                                                  in_suite = {Good + 1, Bad}};
        {skipped, Reason} ->
            Text = eunit_lib:format_error(Reason),
            bad(Data, {text, Text}, (shown("S", "skipped", Data, State))#state{
                                      skipped = State#state.skipped + 1});
        {error, Exception} ->
            bad(Data, {exception, Exception},
                (shown("F", "FAILED", Data, State))#state{failed = State#state.failed + 1})
    end.

bad(Data, What, #state{suite = Suite, in_suite = {Good, Bad}, bad = All} = State) ->
    State#state{in_suite = {Good, Bad + 1}, bad = [{Suite, Data, What} | All]}.

%% A test may be cancelled for what its group then is: it is held until that is known.
-spec handle_cancel(group | test, [{atom(), term()}], #state{}) -> #state{}.
handle_cancel(test, Data, State) ->
    case proplists:get_value(reason, Data) of
        undefined -> State#state{held = Data};
        Reason -> cancelled(Reason, Data, State)
    end;
handle_cancel(group, Data, #state{held = Held} = State) ->
    Told = case proplists:get_value(reason, Data) of
               undefined -> State;
               {blame, _} -> State;
               Reason when Held =/= none -> cancelled(Reason, Held, State#state{held = none});
               Reason -> cancelled(Reason, Data, State)
           end,
    suite_ended(Data, Told),
    Told.

cancelled({timeout, #{stacktrace := Stack}}, Data, State) ->
    Text = ["took too long\n", eunit_lib:format_stacktrace(Stack)],
    count_cancelled(bad(Data, {text, Text}, shown("T", "TIMED OUT", Data, State)));
cancelled(Reason, Data, State) ->
    Text = case Reason of
               {abort, {setup_failed, {exit, {does_not_compile, File}, _}}} ->
                   [File, " does not compile\n"];
               {abort, Why} -> eunit_lib:format_error(Why);
               {exit, Why} -> io_lib:format("its process ended: ~tp\n", [Why])
           end,
    count_cancelled(bad(Data, {text, Text}, shown("F", "FAILED", Data, State))).

count_cancelled(#state{failed = Failed} = State) -> State#state{failed = Failed + 1, cancelled = true}.

shown(Dot, Word, Data, #state{named = false} = State) -> shown(Dot, Word, Data, named(State));
shown(_, Word, Data, #state{verbose = true} = State) ->
    Time = proplists:get_value(time, Data, 0),
    io:format("  ~ts ~ts~ts\n",
              [name(Data), Word, if Time > 0 -> io_lib:format(" (~w ms)", [Time]); true -> "" end]),
    State;
shown(Dot, _, _, #state{dots = Dots} = State) when Dots < ?DOTS; Dot =/= "." ->
    io:put_chars(Dot),
    State#state{dots = Dots + 1};
shown(_, _, _, State) -> State.

suite_ended(_, #state{named = false}) -> ok;
suite_ended(Data, #state{verbose = Verbose, in_suite = {Good, Bad}, suite_start = Start}) ->
    case proplists:get_value(id, Data) of
        [_] ->
            Time = erlang:monotonic_time(millisecond) - Start,
            Failed = if Bad > 0 -> io_lib:format(", ~w failed", [Bad]); true -> "" end,
            io:format("~s~w passed~s (~w ms)\n",
                      [if Verbose -> "  "; true -> " " end, Good, Failed, Time]);
        _ -> ok
    end.

%% "function (title)"; of a group its title.
name(Data) ->
    Desc = proplists:get_value(desc, Data),
    case proplists:get_value(source, Data) of
        undefined when Desc =:= undefined -> "a group";
        undefined -> Desc;
        {_, F, _} when Desc =:= undefined -> function_name(F);
        {_, F, _} -> io_lib:format("~ts (~ts)", [function_name(F), Desc])
    end.

short_name(Data) ->
    case proplists:get_value(source, Data) of
        undefined -> proplists:get_value(desc, Data, "a group");
        {_, F, _} -> function_name(F)
    end.

%% Of a fun the function that it stands in.
function_name(F) ->
    case string:split(atom_to_list(F), "/") of
        ["-" ++ Name, _] -> Name;
        _ -> io_lib:format("~tw", [F])
    end.

-spec terminate({ok, [{pass | fail | skip | cancel, non_neg_integer()}]} | {error, term()},
                #state{}) -> term().
terminate(Result, #state{good = Good, failed = Failed, skipped = Skipped, bad = Bad, slow = Slow,
                         filter = Filter, told = Told, cancelled = Cancelled, start = Start}) ->
    failures(lists:reverse(Bad), 1),
    Cancelled andalso io:put_chars("one or more tests were cancelled: what is left of their groups was not run\n"),
    case lists:sublist(lists:reverse(lists:keysort(1, Slow)), ?SHOWN_SLOW) of
        [] -> ok;
        Slowest ->
            io:format("slowest:~ts\n", [lists:join($,, [io_lib:format(" ~ts (~w ms)", [Name, Ms])
                                                       || {Ms, Name} <- Slowest])])
    end,
    Time = (erlang:monotonic_time(millisecond) - Start) / 1000,
    io:format("~w passed, ~w failed~s (~.3f s)\n",
              [Good, Failed,
               if Skipped > 0 -> io_lib:format(", ~w skipped", [Skipped]); true -> "" end, Time]),
    Count = Good + Failed + Skipped,
    Filter =:= none orelse Count > 0
        orelse io:format(standard_error, "muster: no test's name contains ~ts\n", [Filter]),
    Told ! {?MODULE, Count},
    receive
        {stop, Reference, Pid} ->
            Pid ! {result, Reference, Result},
            ok
    end.

failures([], _) -> ok;
failures([{Suite, Data, What} | Rest], N) ->
    {Owner, Place} = case proplists:get_value(source, Data) of
                         undefined -> {Suite, ""};
                         {M, _, _} -> {atom_to_list(M),
                                       place(M, What, proplists:get_value(line, Data, 0))}
                     end,
    io:format("\n~w) ~ts~ts~ts\n", [N, Owner, case name(Data) of
                                              Owner -> "";
                                              Name -> [": ", Name]
                                          end,
                                    case Place of
                                        "" -> "";
                                        _ -> [" at ", Place]
                                    end]),
    io:put_chars(indented(text(What))),
    case proplists:get_value(output, Data) of
        [Output] when Output =/= <<>> ->
            io:put_chars(["   it wrote:\n", indented(["  ", string:replace(string:trim(Output, trailing, "\n"), "\n", "\n  ", all), "\n"])]);
        _ -> ok
    end,
    case Rest of
        [] -> io:nl();
        _ -> ok
    end,
    failures(Rest, N + 1).

%% "file.erl:12": of the assertion, else of the innermost call of the module's, else of the test.
place(Module, {exception, {_, Reason, Stack}}, Line) ->
    Frames = [At || {M, _, _, At} <- Stack, M =:= Module, proplists:is_defined(line, At)],
    case Frames of
        [At | _] ->
            Found = case assertion(Reason) of
                        {_, Info} -> proplists:get_value(line, Info);
                        none -> proplists:get_value(line, At)
                    end,
            io_lib:format("~ts:~w", [proplists:get_value(file, At), Found]);
        [] -> place(Module, none, Line)
    end;
place(_, _, 0) -> "";
place(Module, _, Line) -> io_lib:format("~ts:~w", [source(Module), Line]).

%% The file as seen from here.
source(Module) ->
    Path = try proplists:get_value(source, Module:module_info(compile), "")
           catch error:undef -> ""
           end,
    {ok, Here} = file:get_cwd(),
    case {Path, string:prefix(Path, Here ++ "/")} of
        {"", _} -> atom_to_list(Module) ++ ".erl";
        {_, nomatch} -> Path;
        {_, Relative} -> Relative
    end.

assertion({Name, [{module, _}, {line, _} | _] = Info}) when is_atom(Name) -> {Name, Info};
assertion(_) -> none.

text({text, Text}) -> Text;
text({exception, {error, Reason, Stack} = Exception}) ->
    case assertion(Reason) of
        {Name, Info} ->
            Told = [{Key, Value} || {Key, Value} <- Info,
                                    not lists:member(Key, [module, line, expression, pattern])],
            [io_lib:format("~w: ~ts\n", [Name, what(Info)]), [told(Item) || Item <- Told],
             calls(Info, Stack)];
        none -> eunit_lib:format_exception(Exception, 50)
    end;
text({exception, Exception}) -> eunit_lib:format_exception(Exception, 50).

what(Info) ->
    Expression = proplists:get_value(expression, Info, proplists:get_value(command, Info, "")),
    case proplists:get_value(pattern, Info) of
        undefined -> Expression;
        Pattern -> [Pattern, " = ", Expression]
    end.

told({comment, Text}) -> io_lib:format("  comment:  ~ts\n", [printed(Text, 12)]);
told({unexpected_exception, {Class, Reason, Stack}}) ->
    Text = eunit_lib:format_exception({Class, Reason, eunit_test:own_stack(Stack)}, 50),
    ["  exception:\n", indented(Text)];
told({unexpected_success, Value}) -> told({value, Value});
told({value, Value}) -> io_lib:format("  actual:   ~ts\n", [printed(Value, 12)]);
told({expected, Value}) -> io_lib:format("  expected: ~ts\n", [printed(Value, 12)]);
told({Key, Value}) -> io_lib:format("  ~w: ~ts\n", [Key, printed(Value, 4)]).

printed(Text, _) when is_binary(Text) -> io_lib:format("~tp", [Text]);
printed(Value, Column) -> io_lib:format("~*.*tp", [96, Column, Value]).

%% Where the assertion was reached from, when it stands in a function that tests share.
calls(_, [_]) -> "";
calls(_, [_ | Stack]) -> eunit_lib:format_stacktrace([hd(Stack)]);
calls(_, []) -> "".

indented(Text) ->
    Lines = string:split(string:trim(unicode:characters_to_list(Text), trailing, "\n"), "\n", all),
    [["   ", Line, $\n] || Line <- Lines].
