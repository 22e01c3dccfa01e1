%% Timers. A message to a local process is left to the machine's own timer; everything else has a
%% process of its own that waits, acts, and ends: no server through which all timers must pass.
%% Interval timers fire at whole multiples after their start, so that they do not drift.
-module(timer).

-export([apply_after/2, apply_after/3, apply_after/4, send_after/2, send_after/3, exit_after/2,
         exit_after/3, kill_after/1, kill_after/2]).
-export([apply_interval/2, apply_interval/3, apply_interval/4, apply_repeatedly/2,
         apply_repeatedly/3, apply_repeatedly/4, send_interval/2, send_interval/3]).
-export([cancel/1, sleep/1, tc/1, tc/2, tc/3, tc/4, now_diff/2, seconds/1, minutes/1, hours/1,
         hms/3, start/0]).

-export_type([tref/0]).

-define(LONGEST, 16#ffffffff).

-type time() :: non_neg_integer().
-type destination() :: pid() | atom() | {RegName :: atom(), node()}.
-type started() :: {ok, tref()} | {error, term()}.
-opaque tref() :: {instant | send_local, reference()} | {once | interval, pid()}.

%% Longer than this and the machine's clock could not express the end.
-define(IS_TIME(T), is_integer(T), T >= 0, T =< 16#FFFFFFFFFFFF).

%%% Once

%% Nothing that is needed: the timers are the machine's.
-spec start() -> ok.
start() -> ok.

%% Calls a function after so many milliseconds.
-spec apply_after(time(), fun(() -> term())) -> started().
apply_after(Time, F) when ?IS_TIME(Time), is_function(F, 0) -> once(Time, {erlang, apply, [F, []]});
apply_after(_, _) -> {error, badarg}.

-spec apply_after(time(), fun((...) -> term()), [term()]) -> started().
apply_after(Time, F, Args) when ?IS_TIME(Time), is_function(F) ->
    case is_proper(Args) andalso is_function(F, length(Args)) of
        true -> once(Time, {erlang, apply, [F, Args]});
        false -> {error, badarg}
    end;
apply_after(_, _, _) -> {error, badarg}.

-spec apply_after(time(), module(), atom(), [term()]) -> started().
apply_after(Time, M, F, Args) when ?IS_TIME(Time), is_atom(M), is_atom(F) ->
    case is_proper(Args) of
        true -> once(Time, {M, F, Args});
        false -> {error, badarg}
    end;
apply_after(_, _, _, _) -> {error, badarg}.

%% Sends a message after so many milliseconds.
-spec send_after(time(), term()) -> started().
send_after(Time, Message) -> send_after(Time, self(), Message).

-spec send_after(time(), destination(), term()) -> started().
send_after(0, Destination, Message) ->
    case is_destination(Destination) of
        true ->
            send(Destination, Message),
            {ok, {instant, make_ref()}};
        false -> {error, badarg}
    end;
send_after(Time, Pid, Message) when is_pid(Pid), node(Pid) =:= node(), ?IS_TIME(Time) ->
    {ok, {send_local, erlang:send_after(Time, Pid, Message)}};
send_after(Time, Destination, Message) when ?IS_TIME(Time) ->
    case is_destination(Destination) of
        true -> once(Time, {send, Destination, Message});
        false -> {error, badarg}
    end;
send_after(_, _, _) -> {error, badarg}.

%% Ends a process after so many milliseconds.
-spec exit_after(time(), term()) -> started().
exit_after(Time, Reason) -> exit_after(Time, self(), Reason).

-spec exit_after(time(), pid() | atom(), term()) -> started().
exit_after(Time, Target, Reason) when ?IS_TIME(Time) -> once(Time, {exit, Target, Reason});
exit_after(_, _, _) -> {error, badarg}.

%% Kills a process after so many milliseconds.
-spec kill_after(time()) -> started().
kill_after(Time) -> exit_after(Time, self(), kill).

-spec kill_after(time(), pid() | atom()) -> started().
kill_after(Time, Target) -> exit_after(Time, Target, kill).

once(0, Task) ->
    perform(Task),
    {ok, {instant, make_ref()}};
once(Time, Task) ->
    Pid = spawn(fun() ->
        receive
            cancel -> ok
        after Time -> perform_last(Task)
        end
    end),
    {ok, {once, Pid}}.

%%% Again and again

%% Calls a function every so many milliseconds.
-spec apply_interval(time(), fun(() -> term())) -> started().
apply_interval(Time, F) when ?IS_TIME(Time), is_function(F, 0) ->
    interval(Time, self(), {erlang, apply, [F, []]});
apply_interval(_, _) -> {error, badarg}.

-spec apply_interval(time(), fun((...) -> term()), [term()]) -> started().
apply_interval(Time, F, Args) when ?IS_TIME(Time), is_function(F) ->
    case is_proper(Args) andalso is_function(F, length(Args)) of
        true -> interval(Time, self(), {erlang, apply, [F, Args]});
        false -> {error, badarg}
    end;
apply_interval(_, _, _) -> {error, badarg}.

-spec apply_interval(time(), module(), atom(), [term()]) -> started().
apply_interval(Time, M, F, Args) when ?IS_TIME(Time), is_atom(M), is_atom(F) ->
    case is_proper(Args) of
        true -> interval(Time, self(), {M, F, Args});
        false -> {error, badarg}
    end;
apply_interval(_, _, _, _) -> {error, badarg}.

%% Calls a function again and again, each time so long after the call before has ended.
-spec apply_repeatedly(time(), fun(() -> term())) -> started().
apply_repeatedly(Time, F) when ?IS_TIME(Time), is_function(F, 0) ->
    interval(Time, self(), {wait, {erlang, apply, [F, []]}});
apply_repeatedly(_, _) -> {error, badarg}.

%% The same with arguments.
-spec apply_repeatedly(time(), fun((...) -> term()), [term()]) -> started().
apply_repeatedly(Time, F, Args) when ?IS_TIME(Time), is_function(F) ->
    case is_proper(Args) andalso is_function(F, length(Args)) of
        true -> interval(Time, self(), {wait, {erlang, apply, [F, Args]}});
        false -> {error, badarg}
    end;
apply_repeatedly(_, _, _) -> {error, badarg}.

%% The same for a function by module and name.
-spec apply_repeatedly(time(), module(), atom(), [term()]) -> started().
apply_repeatedly(Time, M, F, Args) when ?IS_TIME(Time), is_atom(M), is_atom(F) ->
    case is_proper(Args) of
        true -> interval(Time, self(), {wait, {M, F, Args}});
        false -> {error, badarg}
    end;
apply_repeatedly(_, _, _, _) -> {error, badarg}.

%% Sends a message every so many milliseconds.
-spec send_interval(time(), term()) -> started().
send_interval(Time, Message) -> send_interval(Time, self(), Message).

-spec send_interval(time(), destination(), term()) -> started().
send_interval(Time, Destination, Message) when ?IS_TIME(Time) ->
    case is_destination(Destination) of
        true -> interval(Time, Destination, {send, Destination, Message});
        false -> {error, badarg}
    end;
send_interval(_, _, _) -> {error, badarg}.

%% The timer ends with the process it serves.
interval(Time, Served, Task) ->
    Start = erlang:monotonic_time(millisecond),
    Pid = spawn(fun() ->
        Monitor = monitor(process, Served),
        tick(Start + Time, Time, Monitor, Task)
    end),
    {ok, {interval, Pid}}.

tick(Next, Time, Monitor, Task) ->
    Timer = erlang:start_timer(Next, self(), tick, [{abs, true}]),
    receive
        {timeout, Timer, tick} ->
            case repeat(Task, Monitor) of
                stop -> ok;
                _ -> tick(Next + Time, Time, Monitor, Task)
            end;
        cancel -> ok;
        {'DOWN', Monitor, process, _, _} -> ok
    end.

%% A task that is waited for is not started again while it runs; a cancellation meanwhile counts.
repeat({wait, {M, F, Args}}, Monitor) ->
    {_, Running} = spawn_monitor(M, F, Args),
    receive
        {'DOWN', Running, process, _, _} -> ok;
        {'DOWN', Monitor, process, _, _} -> stop;
        cancel -> stop
    end;
repeat(Task, _) -> perform(Task).

perform({send, Destination, Message}) -> send(Destination, Message);
perform({exit, Target, Reason}) -> stop(Target, Reason);
perform({M, F, Args}) -> spawn(M, F, Args).

%% What a timer's process does as its last act, it does itself.
perform_last({M, F, Args}) when is_list(Args), M =/= send, M =/= exit -> apply(M, F, Args);
perform_last(Task) -> perform(Task).

send(Destination, Message) ->
    catch Destination ! Message,
    ok.

stop(Pid, Reason) when is_pid(Pid) -> exit(Pid, Reason);
stop(Name, Reason) when is_atom(Name) ->
    case whereis(Name) of
        undefined -> ok;
        Pid -> stop(Pid, Reason)
    end;
stop(_, _) -> ok.

%%% Control

%% When this returns, the timer does nothing any more.
-spec cancel(tref()) -> {ok, cancel} | {error, term()}.
cancel({instant, Ref}) when is_reference(Ref) -> {ok, cancel};
cancel({send_local, Ref}) when is_reference(Ref) ->
    _ = erlang:cancel_timer(Ref),
    {ok, cancel};
cancel({Kind, Ref}) when is_reference(Ref), Kind =:= once orelse Kind =:= interval -> {ok, cancel};
cancel({Kind, Pid}) when is_pid(Pid), Kind =:= once orelse Kind =:= interval ->
    Monitor = monitor(process, Pid),
    Pid ! cancel,
    receive
        {'DOWN', Monitor, process, _, _} -> {ok, cancel}
    end;
cancel(_) -> {error, badarg}.

%% However long: longer than a receive waits, too.
-spec sleep(timeout()) -> ok.
sleep(Time) when is_integer(Time), Time > ?LONGEST ->
    sleep(?LONGEST),
    sleep(Time - ?LONGEST);
sleep(Time) ->
    receive
    after Time -> ok
    end.

%%% Measuring

%% The time that a call takes, and its value.
-spec tc(fun(() -> T)) -> {integer(), T}.
tc(F) -> tc(F, microsecond).

-spec tc(fun(() -> T), erlang:time_unit()) -> {integer(), T};
        (fun((...) -> T), [term()]) -> {integer(), T}.
tc(F, Args) when is_list(Args) -> tc(F, Args, microsecond);
tc(F, Unit) ->
    Start = erlang:monotonic_time(),
    Value = F(),
    {elapsed(Start, Unit), Value}.

-spec tc(module(), atom(), [term()]) -> {integer(), term()};
        (fun((...) -> T), [term()], erlang:time_unit()) -> {integer(), T}.
tc(M, F, Args) when is_list(Args) -> tc(M, F, Args, microsecond);
tc(F, Args, Unit) ->
    Start = erlang:monotonic_time(),
    Value = apply(F, Args),
    {elapsed(Start, Unit), Value}.

-spec tc(module(), atom(), [term()], erlang:time_unit()) -> {integer(), term()}.
tc(M, F, Args, Unit) ->
    Start = erlang:monotonic_time(),
    Value = apply(M, F, Args),
    {elapsed(Start, Unit), Value}.

elapsed(Start, Unit) ->
    erlang:convert_time_unit(erlang:monotonic_time() - Start, native, Unit).

%% The microseconds between two timestamps.
-spec now_diff(erlang:timestamp(), erlang:timestamp()) -> integer().
now_diff({MegaA, SecondsA, MicroA}, {MegaB, SecondsB, MicroB}) ->
    ((MegaA - MegaB) * 1000000 + SecondsA - SecondsB) * 1000000 + MicroA - MicroB.

%% Seconds in milliseconds.
-spec seconds(non_neg_integer()) -> non_neg_integer().
seconds(Seconds) -> 1000 * Seconds.

%% Minutes in milliseconds.
-spec minutes(non_neg_integer()) -> non_neg_integer().
minutes(Minutes) -> 60 * 1000 * Minutes.

%% Hours in milliseconds.
-spec hours(non_neg_integer()) -> non_neg_integer().
hours(Hours) -> 60 * 60 * 1000 * Hours.

%% Hours, minutes and seconds in milliseconds.
-spec hms(non_neg_integer(), non_neg_integer(), non_neg_integer()) -> non_neg_integer().
hms(Hours, Minutes, Seconds) -> hours(Hours) + minutes(Minutes) + seconds(Seconds).

is_destination(Pid) when is_pid(Pid) -> true;
is_destination(Name) when is_atom(Name) -> true;
is_destination({Name, Node}) -> is_atom(Name) andalso is_atom(Node);
is_destination(_) -> false.

is_proper([_ | T]) -> is_proper(T);
is_proper(T) -> T =:= [].
