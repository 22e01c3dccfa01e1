%% A process that waits, and that no message wakes, is collected when another asks for it; it goes on waiting, as
%% long as it would have, and what it does not read again is gone.
-module(waiting_processes_are_collected_when_asked).
-export([main/0, woken/1]).

main() ->
    [io:format("~p: ~p~n", [Name, shrinks(Name)]) || Name <- [for_ever, with_a_timeout, past_messages, in_a_call, kept]],
    hibernated(),
    timed(),
    asynchronous().

%% Little is left; then it still answers.
shrinks(Name) ->
    Self = self(),
    Pid = spawn(fun() -> L = lists:seq(1, 50000), Sum = lists:sum(L), Self ! {ready, self()}, wait(Name, Sum, L) end),
    receive {ready, Pid} -> ok end,
    wait_until_waiting(Pid),
    Before = words(Pid),
    true = garbage_collect(Pid),
    After = words(Pid),
    Pid ! {go, self()},
    {After =< Before, After < 5000, receive {Pid, Answer} -> Answer end}.

wait(for_ever, Sum, _) -> receive {go, From} -> From ! {self(), Sum} end;
wait(with_a_timeout, Sum, _) -> receive {go, From} -> From ! {self(), Sum} after 60000 -> late end;
wait(past_messages, Sum, _) ->
    [self() ! {other, N} || N <- lists:seq(1, 50)],
    receive {go, From} -> From ! {self(), Sum + length(element(2, process_info(self(), messages)))} end;
wait(in_a_call, Sum, _) ->
    From = receiver(),
    From ! {self(), Sum};
wait(kept, Sum, L) ->
    receive {go, From} -> From ! {self(), Sum + length(L)} end.

receiver() -> receive {go, From} -> id(From) end.
id(X) -> X.

words(Pid) ->
    {total_heap_size, Words} = process_info(Pid, total_heap_size),
    Words.

wait_until_waiting(Pid) ->
    case process_info(Pid, status) of
        {status, waiting} -> ok;
        _ -> erlang:yield(), wait_until_waiting(Pid)
    end.

%% It is not woken by that.
hibernated() ->
    Self = self(),
    Pid = spawn(fun() -> erlang:hibernate(?MODULE, woken, [Self]) end),
    wait_until_waiting(Pid),
    [true = garbage_collect(Pid) || _ <- lists:seq(1, 3)],
    receive woken -> io:format("hibernated: woken~n") after 50 -> io:format("hibernated: sleeps~n") end,
    Pid ! now,
    receive woken -> io:format("hibernated: woken~n") end.

woken(Parent) -> receive now -> Parent ! woken end.

%% The time it waits is not begun anew.
timed() ->
    Self = self(),
    Pid = spawn(fun() -> receive never -> ok after 100 -> Self ! {self(), over} end end),
    io:format("timed: ~p~n", [asked_till_over(Pid)]).

asked_till_over(Pid) ->
    garbage_collect(Pid),
    receive {Pid, over} -> over after 5 -> asked_till_over(Pid) end.

asynchronous() ->
    Pid = spawn(fun() -> L = lists:seq(1, 50000), N = length(L), receive stop -> N end end),
    wait_until_waiting(Pid),
    async = garbage_collect(Pid, [{async, 1}]),
    receive {garbage_collect, 1, true} -> ok end,
    io:format("asynchronous: ~p~n", [words(Pid) < 5000]),
    exit(Pid, kill).
