%% Writes a run of tests as XML in the form of the Surefire plugin (JUnit's): one file for each
%% group at the top, TEST-NAME.xml. Options: {dir, Directory}; {file, File}: all in one file.
-module(eunit_surefire).
-behaviour(eunit_listener).
-export([start/0, start/1]).
-export([init/1, handle_begin/3, handle_end/3, handle_cancel/3, terminate/2]).

-record(case_, {name, class, status, time = 0, output = <<>>}).
%% id: place among the groups at the top. cases: newest first.
-record(suite, {id, name, time = 0, cases = []}).
%% suites: newest first; the first takes what comes
-record(state, {dir, file, suites = []}).

-spec start() -> pid().
start() -> start([]).

-spec start([term()]) -> pid().
start(Options) -> eunit_listener:start(?MODULE, Options).

-spec init([term()]) -> #state{}.
init(Options) ->
    State = #state{dir = proplists:get_value(dir, Options, "."),
                   file = proplists:get_value(file, Options)},
    receive {start, _} -> State end.

-spec terminate({ok, [{pass | fail | skip | cancel, non_neg_integer()}]} | {error, term()},
                #state{}) -> term().
terminate(Result, #state{dir = Dir, file = File, suites = Newest}) ->
    Suites = [S || #suite{cases = [_ | _]} = S <- lists:reverse(Newest)],
    case File of
        undefined ->
            _ = [write(filename:join(Dir, "TEST-" ++ file_name(S#suite.name) ++ ".xml"), suite(S))
                 || S <- Suites];
        _ ->
            write(File, ["<testsuites>\n", [suite(S) || S <- Suites], "</testsuites>\n"])
    end,
    receive
        {stop, Reference, Pid} ->
            Pid ! {result, Reference, Result},
            ok
    end.

-spec handle_begin(group | test, [{atom(), term()}], #state{}) -> #state{}.
handle_begin(group, Data, #state{suites = Suites} = State) ->
    case proplists:get_value(id, Data) of
        [N] ->
            Name = case proplists:get_value(desc, Data) of
                       undefined -> iolist_to_binary(io_lib:format("group ~w", [N]));
                       Desc -> Desc
                   end,
            State#state{suites = [#suite{id = N, name = Name} | Suites]};
        _ -> State
    end;
handle_begin(test, _, State) -> State.

-spec handle_end(group | test, [{atom(), term()}], #state{}) -> #state{}.
handle_end(group, Data, State) -> group_ended(Data, State);
handle_end(test, Data, State) -> add(Data, proplists:get_value(status, Data), State).

%% A group that was cancelled for a reason is an error of its own.
-spec handle_cancel(group | test, [{atom(), term()}], #state{}) -> #state{}.
handle_cancel(test, Data, State) -> add(Data, {cancelled, reason(Data)}, State);
handle_cancel(group, Data, State) ->
    case reason(Data) of
        undefined -> group_ended(Data, State);
        {blame, _} -> group_ended(Data, State);
        Reason -> add([{source, none} | Data], {cancelled, Reason}, group_ended(Data, State))
    end.

reason(Data) -> proplists:get_value(reason, Data).

group_ended(Data, #state{suites = [#suite{id = N} = Suite | Suites]} = State) ->
    case proplists:get_value(id, Data) of
        [N] ->
            %% One that was cancelled has none of its own.
            Time = case proplists:get_value(time, Data) of
                       undefined -> lists:sum([Ms || #case_{time = Ms} <- Suite#suite.cases]);
                       Ms -> Ms
                   end,
            State#state{suites = [Suite#suite{time = Time} | Suites]};
        _ -> State
    end;
group_ended(_, State) -> State.

%% Tests at the top are a suite, too.
add(Data, Status, #state{suites = Suites} = State) ->
    case {proplists:get_value(id, Data), Suites} of
        {[N | _], [#suite{id = N} = Suite | Others]} ->
            State#state{suites = [with(Data, Status, Suite) | Others]};
        {_, _} ->
            Name = top_name(Data),
            case Suites of
                [#suite{id = top, name = Name} = Suite | Others] ->
                    State#state{suites = [with(Data, Status, Suite) | Others]};
                _ ->
                    Suite = #suite{id = top, name = Name},
                    State#state{suites = [with(Data, Status, Suite) | Suites]}
            end
    end.

%% The only test of a module stands for it.
top_name(Data) ->
    case proplists:get_value(desc, Data) of
        undefined -> <<"tests">>;
        Desc ->
            case iolist_to_binary(Desc) of
                <<"module '", _/binary>> = Name -> Name;
                _ -> <<"tests">>
            end
    end.

with(Data, Status, #suite{cases = Cases} = Suite) ->
    {Class, Name} = case proplists:get_value(source, Data) of
                        none -> {"", ["group ", title(Data)]};
                        {M, F, _} ->
                            Line = proplists:get_value(line, Data, 0),
                            {atom_to_binary(M), io_lib:format("~ts:~w ~ts~ts",
                                                              [M, Line, F, title(Data)])}
                    end,
    Output = case proplists:get_value(output, Data) of
                 [Text] -> Text;
                 _ -> <<>>
             end,
    Case = #case_{name = Name, class = Class, status = Status,
                  time = proplists:get_value(time, Data, 0), output = Output},
    Suite#suite{cases = [Case | Cases]}.

title(Data) ->
    case proplists:get_value(desc, Data) of
        undefined -> "";
        Desc -> [" (", Desc, ")"]
    end.

%% ---- XML ----

file_name(Name) ->
    Text = case unicode:characters_to_list(Name) of
               "module '" ++ Module -> lists:droplast(Module);
               Other -> Other
           end,
    [case C of
         $/ -> $:;
         _ when C < $\s -> $_;
         _ -> C
     end || C <- Text].

write(File, Content) ->
    ok = filelib:ensure_dir(File),
    Text = ["<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n", Content],
    case file:write_file(File, unicode:characters_to_binary(Text)) of
        ok -> ok;
        {error, Reason} ->
            io:format("~ts: ~ts\n", [File, file:format_error(Reason)]),
            exit(report)
    end.

suite(#suite{name = Name, time = Time, cases = Newest}) ->
    Cases = lists:reverse(Newest),
    Kinds = [kind(Status) || #case_{status = Status} <- Cases],
    Count = fun(Kind) -> length([K || K <- Kinds, K =:= Kind]) end,
    [io_lib:format("<testsuite tests=\"~w\" failures=\"~w\" errors=\"~w\" skipped=\"~w\" "
                   "time=\"~.3f\" name=\"~ts\">\n",
                   [length(Cases), Count(failure), Count(error), Count(skipped), Time / 1000,
                    escape(Name)]),
     [testcase(Case) || Case <- Cases],
     "</testsuite>\n"].

%% An assertion that does not hold is a failure, other exceptions are errors.
kind(ok) -> ok;
kind({skipped, _}) -> skipped;
kind({cancelled, undefined}) -> skipped;
kind({cancelled, _}) -> error;
kind({error, {error, {Assertion, [{module, _} | _]}, _}}) when is_atom(Assertion) -> failure;
kind({error, _}) -> error.

testcase(#case_{name = Name, class = Class, status = Status, time = Time, output = Output}) ->
    [io_lib:format("  <testcase time=\"~.3f\" classname=\"~ts\" name=\"~ts\">\n",
                   [Time / 1000, escape(Class), escape(Name)]),
     outcome(kind(Status), Status),
     case Output of
         <<>> -> "";
         _ -> ["    <system-out>", escape(Output), "</system-out>\n"]
     end,
     "  </testcase>\n"].

outcome(ok, _) -> "";
outcome(Kind, Status) ->
    {Type, Text} = description(Status),
    io_lib:format("    <~w type=\"~ts\">\n~ts\n    </~w>\n",
                  [Kind, escape(Type), escape(Text), Kind]).

description({error, {error, {Assertion, [{module, _} | _]}, _} = Exception})
  when is_atom(Assertion) ->
    {atom_to_binary(Assertion), eunit_lib:format_exception(Exception, 100)};
description({error, {Class, _, _} = Exception}) ->
    {atom_to_binary(Class), eunit_lib:format_exception(Exception, 100)};
description({skipped, Reason}) -> {"skipped", eunit_lib:format_error(Reason, 100)};
description({cancelled, undefined}) -> {"cancelled", "the group did not get to its end"};
description({cancelled, {timeout, #{stacktrace := Stack}}}) ->
    {"timeout", ["timed out\n", eunit_lib:format_stacktrace(Stack)]};
description({cancelled, {abort, Reason}}) -> {"abort", eunit_lib:format_error(Reason, 100)};
description({cancelled, {exit, Reason}}) ->
    {"exit", io_lib:format("unexpected termination of test process: ~tP", [Reason, 100])};
description({cancelled, Reason}) -> {"cancelled", io_lib:format("~tP", [Reason, 100])}.

escape(Text) ->
    [case C of
         $< -> "&lt;";
         $> -> "&gt;";
         $& -> "&amp;";
         $" -> "&quot;";
         $\n -> C;
         $\t -> C;
         $\r -> C;
         _ when C < $\s; C =:= 16#fffe; C =:= 16#ffff -> $?;
         _ -> C
     end || C <- unicode:characters_to_list(Text)].
