%% What the macros of eunit.hrl call, and texts that listeners share.
-module(eunit_lib).
-export([command/1, command/2, under_eunit/0, captured_output/0,
         debug/3, debug_value/5, debug_time/4,
         format_exception/1, format_exception/2, format_stacktrace/1, format_error/1,
         format_error/2, is_string/1, consult_file/1, list_dir/1]).

%% ---- commands ----

%% Runs a program; its exit status and what it wrote.
-spec command(string()) -> {integer(), string()}.
command(Command) -> command(Command, "").

-spec command(string(), file:name()) -> {integer(), string()}.
command(Command, Dir) ->
    Where = case Dir of
                "" -> [];
                _ -> [{cd, Dir}]
            end,
    Port = open_port({spawn, Command}, Where ++ [stderr_to_stdout, in, exit_status]),
    command_output(Port, []).

command_output(Port, Output) ->
    receive
        {Port, {data, Data}} -> command_output(Port, [Output, Data]);
        {Port, {exit_status, Status}} -> {Status, lists:flatten(Output)}
    end.

%% ---- where this runs ----

-spec under_eunit() -> boolean().
under_eunit() ->
    case process_info(group_leader(), dictionary) of
        {dictionary, Dictionary} -> lists:member({'$eunit_keeper', true}, Dictionary);
        undefined -> false
    end.

%% What the test has written so far.
-spec captured_output() -> string().
captured_output() ->
    case under_eunit() of
        true ->
            Keeper = group_leader(),
            Ref = monitor(process, Keeper),
            Keeper ! {get_output, self()},
            receive
                {output, Keeper, Output} ->
                    demonitor(Ref, [flush]),
                    unicode:characters_to_list(Output);
                {'DOWN', Ref, _, _, _} -> ""
            end;
        false -> ""
    end.

%% ---- looking into things ----

-spec debug(string(), integer(), unicode:chardata()) -> ok.
debug(File, Line, Text) ->
    io:fwrite(user, "~ts:~w:~w: ~ts\n", [File, Line, self(), Text]),
    ok.

-spec debug_value(string(), integer(), string(), Value, integer()) -> Value.
debug_value(File, Line, Expression, Value, Depth) ->
    debug(File, Line, io_lib:format("~ts = ~tP", [Expression, Value, Depth])),
    Value.

-spec debug_time(string(), integer(), string(), fun(() -> Value)) -> Value.
debug_time(File, Line, Text, F) ->
    Start = erlang:monotonic_time(microsecond),
    Value = F(),
    Time = (erlang:monotonic_time(microsecond) - Start) / 1000000,
    debug(File, Line, io_lib:format("~ts: ~.3f s", [Text, Time])),
    Value.

%% ---- texts ----

-define(DEPTH, 20).

-spec format_exception({error | exit | throw, term(), [term()]} | term()) -> unicode:chardata().
format_exception(Exception) -> format_exception(Exception, ?DEPTH).

-spec format_exception({error | exit | throw, term(), [term()]} | term(), integer()) ->
          unicode:chardata().
format_exception({Class, Term, Stack}, Depth) when is_atom(Class), is_list(Stack) ->
    [format_stacktrace(Stack), format_term(Class, Term, Depth)];
format_exception(Term, Depth) -> io_lib:format("~tP", [Term, Depth]).

format_term(Class, Term, Depth) -> [io_lib:format("**~w:", [Class]),
                                    io_lib:format("~tP", [Term, Depth])].

-spec format_stacktrace([term()]) -> unicode:chardata().
format_stacktrace([]) -> "";
format_stacktrace([First | Rest]) ->
    [frame("in function", First) | [frame("in call from", Frame) || Frame <- Rest]].

frame(How, {M, F, As, At}) when is_list(As) ->
    [frame(How, {M, F, length(As), At}),
     io_lib:format("  called as ~tw(~ts)\n",
                   [F, lists:join(",", [io_lib:format("~tP", [A, 15]) || A <- As])])];
frame(How, {M, F, A, At}) when is_integer(A) ->
    Place = case {proplists:get_value(file, At), proplists:get_value(line, At)} of
                {undefined, _} -> "";
                {File, undefined} -> [" (", File, ")"];
                {File, Line} -> io_lib:format(" (~ts, line ~w)", [File, Line])
            end,
    [io_lib:format("~s ~tw:~tw/~w", [How, M, F, A]), Place, $\n];
frame(How, Other) -> io_lib:format("~s ~tp\n", [How, Other]).

%% Why a group was cancelled.
-spec format_error(term()) -> unicode:chardata().
format_error(Error) -> format_error(Error, ?DEPTH).

-spec format_error(term(), integer()) -> unicode:chardata().
format_error({bad_test, Term}, Depth) -> told("bad test descriptor", Term, Depth);
format_error({bad_generator, {{M, F, A}, Term}}, Depth) ->
    told(io_lib:format("result from generator ~tw:~tw/~w is not a test", [M, F, A]), Term, Depth);
format_error({generator_failed, {{M, F, A}, Exception}}, Depth) ->
    failed(io_lib:format("test generator ~tw:~tw/~w failed", [M, F, A]), Exception, Depth);
format_error({no_such_function, {M, F, A}}, _) ->
    told(io_lib:format("no such function: ~tw:~tw/~w", [M, F, A]), "", string);
format_error({module_not_found, M}, Depth) -> told("test module not found", M, Depth);
format_error({application_not_found, A}, Depth) -> told("application not found", A, Depth);
format_error({file_read_error, {_, Text, File}}, _) ->
    told("error reading file", [Text, ": ", File], string);
format_error({setup_failed, Exception}, Depth) -> failed("context setup failed", Exception, Depth);
format_error({cleanup_failed, Exception}, Depth) ->
    failed("context cleanup failed", Exception, Depth);
format_error({instantiation_failed, Exception}, Depth) ->
    failed("instantiation of subtests failed", Exception, Depth);
format_error(Term, Depth) -> told("unknown error", Term, Depth).

failed(Title, Exception, Depth) ->
    ["*** ", Title, " ***\n**", format_exception(Exception, Depth), "\n\n"].

told(Title, Text, string) -> ["*** ", Title, " ***\n**", Text, $\n];
told(Title, Term, Depth) -> ["*** ", Title, " ***\n", io_lib:format("**~tP\n", [Term, Depth])].

%% ---- lists and files ----

-spec is_string(term()) -> boolean().
is_string([C | T]) when is_integer(C), C >= 0, C =< 16#10ffff -> is_string(T);
is_string(T) -> T =:= [].

%% As file:consult/1 and file:list_dir/1, throwing {file_read_error, {Reason, Text, File}}.
-spec consult_file(file:name()) -> [term()].
consult_file(File) -> readable(file:consult(File), File).

-spec list_dir(file:name()) -> [file:filename()].
list_dir(Dir) -> readable(file:list_dir(Dir), Dir).

readable({ok, Result}, _) -> Result;
readable({error, Reason}, File) ->
    throw({file_read_error, {Reason, file:format_error(Reason), File}}).
