%% Raw files with delayed_write and read_ahead: what is written is there after the delay, when the buffer is full, before
%% any other operation, when the file is closed or its owner ends; what is read ahead is not lost when the place moves.
-module(raw_files_buffer_writes_and_reads).
-export([main/1]).

main(_) ->
    File = "buffered_" ++ os:getpid(),
    try
        [io:format("~p: ~p~n", [Name, Fun(File)]) ||
            {Name, Fun} <- [{delay, fun delay/1}, {size, fun size/1}, {order, fun order/1}, {owner, fun owner/1},
                            {ahead, fun ahead/1}, {lines, fun lines/1}, {both, fun both/1}, {place, fun place/1},
                            {append, fun append/1}, {wrong, fun wrong/1}, {closed, fun closed/1}]],
        io:format("full: ~p~n", [full()])
    after
        file:delete(File)
    end.

seen(File) ->
    {ok, Bytes} = file:read_file(File),
    case byte_size(Bytes) > 40 of
        true -> byte_size(Bytes);
        false -> Bytes
    end.

until(File, Bytes) ->
    case file:read_file(File) of
        {ok, Bytes} -> ok;
        _ -> timer:sleep(5), until(File, Bytes)
    end.

delay(File) ->
    {ok, F} = file:open(File, [write, raw, {delayed_write, 1000, 300}]),
    R1 = [file:write(F, "ab"), file:write(F, [<<"c">>, [$d | <<"e">>]]), seen(File)],
    until(File, <<"abcde">>),
    R2 = [file:write(F, "fg"), seen(File)],
    until(File, <<"abcdefg">>),
    R1 ++ R2 ++ [file:close(F), seen(File)].

size(File) ->
    {ok, F} = file:open(File, [write, raw, {delayed_write, 10, 100000}]),
    R = [file:write(F, "12345"), seen(File), file:write(F, "67890ab"), until(File, <<"1234567890ab">>),
         file:write(F, "c"), seen(File)],
    R ++ [file:close(F), seen(File)].

%% Each of these makes what was written visible first.
order(File) ->
    [begin
         {ok, F} = file:open(File, [read, write, raw, binary, {delayed_write, 1000, 100000}]),
         ok = file:truncate(F),
         ok = file:write(F, "hello"),
         R = Fun(F),
         S = seen(File),
         {R, S, file:close(F)}
     end || Fun <- [fun(F) -> file:position(F, cur) end, fun(F) -> file:position(F, {bof, 2}) end,
                    fun(F) -> file:pread(F, 1, 2) end, fun(F) -> file:pwrite(F, 1, "EL") end,
                    fun(F) -> file:sync(F) end, fun(F) -> file:datasync(F) end, fun(F) -> file:read(F, 3) end,
                    fun(F) -> file:read_line(F) end,
                    fun(F) -> {ok, 2} = file:position(F, 2), file:truncate(F) end]].

owner(File) ->
    {Pid, Monitor} = spawn_monitor(fun() ->
        {ok, F} = file:open(File, [write, raw, delayed_write]),
        ok = file:write(F, "of one who ends")
    end),
    receive {'DOWN', Monitor, process, Pid, normal} -> until(File, <<"of one who ends">>) end.

ahead(File) ->
    ok = file:write_file(File, "abcdefghijklmnopqrstuvwxyz"),
    {ok, F} = file:open(File, [read, raw, {read_ahead, 10}]),
    R = [file:read(F, 3), file:position(F, cur), file:read(F, 0), file:read(F, 9), file:pread(F, 20, 2),
         file:read(F, 2), file:position(F, {cur, -3}), file:read(F, 12), file:read(F, 10), file:read(F, 1),
         file:read(F, 0), file:position(F, bof), file:read(F, 100), file:position(F, {bof, -1}),
         file:position(F, {eof, -2}), file:read(F, 5)],
    R ++ [file:close(F)].

lines(File) ->
    ok = file:write_file(File, ["one\n", "two\r\n", "\n", "\r\n", lists:duplicate(30, $x), "\n", "\r\r\n", "last\r"]),
    [begin
         {ok, F} = file:open(File, [read, raw, binary | Modes]),
         Lines = all_lines(F, []),
         {ok, 5} = file:position(F, 5),
         {Lines, file:read_line(F), file:position(F, cur), file:read(F, 3), file:read_line(F), file:close(F)}
     end || Modes <- [[read_ahead], [{read_ahead, 1}], [{read_ahead, 7}], []]].

all_lines(F, Lines) ->
    case file:read_line(F) of
        {ok, Line} -> all_lines(F, [Line | Lines]);
        eof -> lists:reverse(Lines)
    end.

both(File) ->
    ok = file:write_file(File, "0123456789"),
    {ok, F} = file:open(File, [read, write, raw, binary, {read_ahead, 4}, {delayed_write, 100, 100000}]),
    R = [file:read(F, 2), file:write(F, "ab"), file:read(F, 2), file:write(F, "cd"), file:write(F, "efgh"),
         file:position(F, cur), seen(File), file:close(F)],
    R ++ [seen(File)].

place(File) ->
    {ok, F} = file:open(File, [read, write, raw, binary, delayed_write]),
    R = [file:position(F, bof), file:write(F, "ABC"), file:position(F, {cur, 1}), file:write(F, "D"), file:position(F, eof)],
    R ++ [file:close(F), seen(File)].

append(File) ->
    {ok, F} = file:open(File, [append, raw, delayed_write]),
    R = [file:write(F, "+1"), file:write(F, "+2"), file:position(F, bof), file:write(F, "+3")],
    R ++ [file:close(F), seen(File)].

wrong(File) ->
    {ok, F} = file:open(File, [write, raw, delayed_write]),
    R = [file:write(F, [a]), file:write(F, atom), file:write(F, [1 | 2]), file:write(F, [256]), file:write(F, "ok"),
         file:read(F, 1), file:write(F, [])],
    {ok, G} = file:open(File, [read, raw, read_ahead]),
    R ++ [file:close(F), seen(File), file:write(G, "x"), file:read(G, 1), file:read(G, -1), file:close(G)].

closed(File) ->
    {ok, F} = file:open(File, [write, raw, delayed_write]),
    {ok, G} = file:open(File, [read, raw, read_ahead]),
    ok = file:close(F),
    ok = file:close(G),
    [file:close(F), file:position(F, cur), file:read(G, 1), file:read_line(G), file:close(G)].

%% What could not be written is told to who asks next.
full() ->
    [begin
         {ok, F} = file:open("/dev/full", [write, raw, {delayed_write, 10, 100000}]),
         {file:write(F, "short"), Fun(F)}
     end || Fun <- [fun file:close/1, fun file:sync/1, fun(F) -> file:position(F, cur) end]].
