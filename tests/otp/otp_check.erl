%% Counts assertions; help for tests of processes.
-module(otp_check).
-export([start/0, count/0, counted/0, run/1, wait_for/1, quiet/1, flush/0, down/1, dir/1]).

start() -> persistent_term:put(?MODULE, counters:new(1, [])).

%% Nothing is counted where nobody started it.
count() ->
    case persistent_term:get(?MODULE, none) of
        none -> ok;
        Counter -> counters:add(Counter, 1, 1)
    end.

counted() -> counters:get(persistent_term:get(?MODULE), 1).

%% Runs modules' tests: prints what fails and how many assertions held; ends the machine.
run(Modules) ->
    start(),
    logger:set_primary_config(level, none),
    Result = eunit:test([{spawn, M} || M <- Modules], [exact_execution, {scale_timeouts, 12}]),
    io:format("~w assertions~n", [counted()]),
    halt(case Result of ok -> 0; _ -> 1 end).

%% Until Fun() is true; an error after five seconds.
wait_for(Fun) -> wait_for(Fun, 500).
wait_for(_, 0) -> error(waited_too_long);
wait_for(Fun, N) ->
    case Fun() of
        true -> ok;
        false ->
            timer:sleep(10),
            wait_for(Fun, N - 1)
    end.

%% Fun's value, nothing being logged meanwhile.
quiet(Fun) ->
    #{level := Level} = logger:get_primary_config(),
    logger:set_primary_config(level, none),
    try Fun() after logger:set_primary_config(level, Level) end.

flush() -> receive M -> [M | flush()] after 0 -> [] end.

%% The reason a process ends for.
down(Pid) ->
    Ref = monitor(process, Pid),
    receive {'DOWN', Ref, process, _, Reason} -> Reason after 5000 -> timeout end.

%% A new empty directory for files, deep below the run's own; it goes with that.
dir(Name) ->
    Unique = Name ++ "_" ++ os:getpid() ++ "_" ++ integer_to_list(erlang:unique_integer([positive])),
    Work = os:getenv("WORK"),
    Work =/= false orelse error(no_folder_to_work_in),
    Dir = filename:join([Work, "files", "of", "tests", Unique]),
    ok = filelib:ensure_path(Dir),
    Dir.
