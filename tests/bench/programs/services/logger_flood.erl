%% 20 processes log N events to a file as fast as they can. Who is too fast is held back, and what is too
%% much is dropped, on both sides.
-module(logger_flood).
-export([run/1, default/0]).

default() -> 40000.

run(N) ->
    File = "/tmp/logger_flood_" ++ os:getpid() ++ ".log",
    ok = logger:add_handler(flood, logger_std_h,
                            #{config => #{file => File, burst_limit_enable => false}, filter_default => stop,
                              filters => [{mine, {fun logger_filters:domain/2, {log, equal, [flood]}}}]}),
    Senders = [spawn_monitor(fun() -> events(N div 20) end) || _ <- lists:seq(1, 20)],
    [receive {'DOWN', Ref, process, Pid, normal} -> ok end || {Pid, Ref} <- Senders],
    ok = logger:remove_handler(flood),
    true = filelib:file_size(File) > 0,
    ok = file:delete(File),
    N.

events(0) -> ok;
events(N) ->
    logger:notice("event ~w of ~p: ~ts", [N, self(), "something happened"], #{domain => [flood]}),
    events(N - 1).
