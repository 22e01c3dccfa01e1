%% Writes N lines to a file, with delayed_write, and reads them again line by line, raw and read ahead.
-module(log_file_lines).
-export([run/1, default/0]).

default() -> 200000.

run(N) ->
    File = "/tmp/log_file_lines_" ++ os:getpid(),
    {ok, Out} = file:open(File, [write, raw, binary, delayed_write]),
    write(N, Out),
    ok = file:close(Out),
    {ok, In} = file:open(File, [read, raw, binary, read_ahead]),
    Sum = read(In, 0),
    ok = file:close(In),
    ok = file:delete(File),
    Sum.

write(0, _) -> ok;
write(N, Out) ->
    ok = file:write(Out, [<<"line ">>, integer_to_binary(N), <<" of some forty characters or so\n">>]),
    write(N - 1, Out).

read(In, Sum) ->
    case file:read_line(In) of
        {ok, Line} -> read(In, Sum + byte_size(Line));
        eof -> Sum
    end.
