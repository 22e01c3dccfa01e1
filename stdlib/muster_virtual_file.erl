%% Open files that the machine does not know: in memory or compressed on disk. One process has the file,
%% and ends with its owner; what it does to it is a module's, whose functions take the request and the
%% state and give the answer and the next one. Raw descriptors of module file lead here, and so does
%% file_io_server, which lays encodings and lines over it. The functions are those of the natives.
-module(muster_virtual_file).

-export([open/4, start/3, close/1, read/2, read_line/1, pread/3, write/2, pwrite/3, seek/3, truncate/1,
         sync/2, allocate/3, advise/4, handle_info/1]).

-type handle() :: {?MODULE, pid()}.
-type failure() :: {error, atom()}.
-export_type([handle/0]).

-callback open(term(), [atom()]) -> {ok, State :: term()} | failure().
-callback request(Request :: tuple() | atom(), State) -> {Answer :: term(), State}.
-callback close(State :: term()) -> ok | failure().

%% What reads and writes a file of module file: the machine's own, or one of these.
-spec open(file:name_all(), [file:mode()], [atom()], boolean()) -> {ok, handle() | reference()} | failure().
open(Name, Modes, Flags, Directory) ->
    Buffers = lists:member(raw, Modes) andalso lists:any(fun is_buffering/1, Modes),
    case lists:member(compressed, Modes) of
        true -> start(muster_gzip_file, Name, Flags);
        false when Buffers -> muster_buffered_file:open(Name, Modes, Flags, Directory);
        false -> muster_file:open(Name, Flags, Directory)
    end.

is_buffering(read_ahead) -> true;
is_buffering(delayed_write) -> true;
is_buffering({read_ahead, _}) -> true;
is_buffering({delayed_write, _, _}) -> true;
is_buffering(_) -> false.

%% Opens with Module:open(What, Flags), in the new process. The handle can be used by everyone.
-spec start(module(), term(), [atom()]) -> {ok, handle()} | failure().
start(Module, What, Flags) ->
    Owner = self(),
    {Pid, Monitor} = spawn_monitor(fun() -> init(Owner, Module, What, Flags) end),
    receive
        {Pid, ok} ->
            demonitor(Monitor, [flush]),
            {ok, {?MODULE, Pid}};
        {Pid, Error} ->
            demonitor(Monitor, [flush]),
            Error;
        {'DOWN', Monitor, _, _, _} -> {error, terminated}
    end.

-spec close(handle()) -> ok | failure().
close(File) -> call(File, close).

-spec read(handle(), non_neg_integer()) -> {ok, binary()} | eof | failure().
read(File, Count) -> call(File, {read, Count}).

-spec read_line(handle()) -> {ok, binary()} | eof | failure().
read_line(File) -> call(File, read_line).

-spec pread(handle(), non_neg_integer(), non_neg_integer()) -> {ok, binary()} | eof | failure().
pread(File, At, Count) -> call(File, {pread, At, Count}).

-spec write(handle(), iodata()) -> ok | failure().
write(File, Bytes) -> call(File, {write, iolist_to_binary(Bytes)}).

-spec pwrite(handle(), non_neg_integer(), iodata()) -> ok | failure().
pwrite(File, At, Bytes) -> call(File, {pwrite, At, iolist_to_binary(Bytes)}).

-spec seek(handle(), bof | cur | eof, integer()) -> {ok, non_neg_integer()} | failure().
seek(File, From, Offset) -> call(File, {position, From, Offset}).

-spec truncate(handle()) -> ok | failure().
truncate(File) -> call(File, truncate).

-spec sync(handle(), boolean()) -> ok | failure().
sync(File, _DataOnly) -> call(File, sync).

-spec allocate(handle(), non_neg_integer(), non_neg_integer()) -> ok | failure().
allocate(File, At, Count) -> call(File, {allocate, At, Count}).

-spec advise(handle(), integer(), integer(), file:posix_file_advise()) -> ok | failure().
advise(File, At, Count, Advice) -> call(File, {advise, At, Count, Advice}).

-spec handle_info(handle()) -> {ok, tuple()} | {error, atom()}.
handle_info(File) -> call(File, handle_info).

call({?MODULE, Pid}, Request) ->
    Monitor = monitor(process, Pid),
    Pid ! {?MODULE, self(), Monitor, Request},
    receive
        {?MODULE, Monitor, Answer} ->
            demonitor(Monitor, [flush]),
            Answer;
        {'DOWN', Monitor, _, _, _} -> {error, einval}
    end.

init(Owner, Module, What, Flags) ->
    case Module:open(What, Flags) of
        {ok, State} ->
            Monitor = monitor(process, Owner),
            Owner ! {self(), ok},
            loop(Monitor, Module, State);
        Error -> Owner ! {self(), Error}
    end.

loop(Monitor, Module, State) ->
    receive
        {'DOWN', Monitor, _, _, _} -> Module:close(State);
        {?MODULE, From, Ref, close} -> From ! {?MODULE, Ref, Module:close(State)};
        {?MODULE, From, Ref, Request} ->
            {Answer, Next} = Module:request(Request, State),
            From ! {?MODULE, Ref, Answer},
            loop(Monitor, Module, Next);
        _ -> loop(Monitor, Module, State)
    end.
