%% Files. An open file is a process of module file_io_server, or, when `raw`, a record that holds
%% the handle itself. The operations are natives of muster_file.
-module(file).

-export([advise/4, allocate/3, change_group/2, change_mode/2, change_owner/2, change_owner/3,
         change_time/2, change_time/3, close/1, consult/1, copy/2, copy/3, datasync/1, del_dir/1,
         del_dir_r/1, delete/1, delete/2, eval/1, eval/2, format_error/1, get_cwd/0, get_cwd/1,
         list_dir/1, list_dir_all/1, make_dir/1, make_link/2, make_symlink/2,
         native_name_encoding/0, open/2, path_consult/2, path_eval/2, path_eval/3, path_open/3, path_script/2,
         path_script/3, pid2name/1, position/2, pread/2, pread/3, pwrite/2, pwrite/3, read/2,
         read_file/1, read_file/2, read_file_info/1, read_file_info/2, read_line/1, read_link/1,
         read_link_all/1, read_link_info/1, read_link_info/2, rename/2, script/1, script/2,
         sendfile/2, sendfile/5, set_cwd/1, sync/1, truncate/1, write/2, write_file/2, write_file/3, write_file_info/2,
         write_file_info/3]).

-export_type([date_time/0, fd/0, file_info/0, filename/0, filename_all/0, io_device/0, location/0,
              mode/0, name/0, name_all/0, posix/0]).

-include_lib("kernel/include/file.hrl").

-type filename() :: string().
-type filename_all() :: string() | (RawFilename :: binary()).
-type file_info() :: #file_info{}.
-type fd() :: #file_descriptor{}.
-type io_device() :: pid() | fd().
-type location() ::
    integer() | {bof, Offset :: integer()} | {cur, Offset :: integer()} |
    {eof, Offset :: integer()} | bof | cur | eof.
-type mode() ::
    read | write | append | exclusive | raw | binary |
    {delayed_write, Size :: non_neg_integer(), Delay :: non_neg_integer()} | delayed_write |
    {read_ahead, Size :: pos_integer()} | read_ahead | compressed |
    {encoding, unicode:encoding()} | ram | directory | sync.
-type name() :: string() | atom() | [name() | char()].
-type name_all() :: string() | atom() | [name() | char()] | (RawFilename :: binary()).
-type posix() :: atom().
-type date_time() :: calendar:datetime().
-type reason() :: posix() | badarg | terminated | system_limit.

-define(COPY_SIZE, 65536).
-define(SEND_SIZE, 20 bsl 20).

%% A native refuses what is no name, or no iodata, with badarg.
-define(NATIVE(Call), try Call catch error:badarg -> {error, badarg} end).

%% Whose file it is: the machine's, or a process's.
-define(BACKEND(Handle), (case Handle of
                              {muster_virtual_file, _} -> muster_virtual_file;
                              _ -> muster_file
                          end)).

%%% Whole files

%% The contents of a file, a binary.
-spec read_file(name_all()) -> {ok, binary()} | {error, reason()}.
read_file(Name) -> ?NATIVE(muster_file:read_file(flat(Name))).

-spec read_file(name_all(), [raw]) -> {ok, binary()} | {error, reason()}.
read_file(Name, Options) when is_list(Options) -> read_file(Name).

%% Writes a file anew, or with append among the modes, to its end.
-spec write_file(name_all(), iodata()) -> ok | {error, reason()}.
write_file(Name, Bytes) -> write_file(Name, Bytes, []).

-spec write_file(name_all(), iodata(), [mode()]) -> ok | {error, reason()}.
write_file(Name, Bytes, Modes) when is_list(Modes) ->
    case lists:any(fun({encoding, _}) -> true; (Mode) -> Mode =:= compressed end, Modes) of
        true -> write_encoded(Name, Bytes, Modes);
        false ->
            case native_flags([write, binary | Modes -- [write, binary]]) of
                {error, _} = Error -> Error;
                {Flags, _} -> ?NATIVE(muster_file:write_file(flat(Name), Bytes, Flags))
            end
    end;
write_file(_, _, _) -> {error, badarg}.

write_encoded(Name, Bytes, Modes) ->
    case open(Name, [write | Modes]) of
        {ok, File} ->
            Result = write(File, Bytes),
            _ = close(File),
            Result;
        Error -> Error
    end.

%%% Open files

%% Opens a file: a process has it, unless raw is among the modes.
-spec open(name_all() | iodata(), [mode()] | atom() | tuple()) ->
    {ok, io_device()} | {error, reason()}.
open(Name, Modes) when is_list(Modes) ->
    case native_flags(Modes) of
        {error, _} = Error -> Error;
        {Flags, Directory} ->
            case {lists:member(ram, Modes), lists:member(raw, Modes)} of
                {true, true} -> erlang:error(badarg, [Name, Modes]);
                {true, false} -> open_ram(Name, Modes, Flags);
                {false, true} -> open_raw(Name, Modes, Flags, Directory);
                {false, false} -> file_io_server:start(self(), flat(Name), Modes, Flags, Directory)
            end
    end;
open(Name, Mode) when Mode =:= read; Mode =:= write; Mode =:= append; Mode =:= exclusive;
                       Mode =:= raw; Mode =:= binary; Mode =:= delayed_write;
                       Mode =:= read_ahead; Mode =:= sync; Mode =:= directory ->
    open(Name, [Mode]);
open(Name, read_write) -> open(Name, [read, write]); % as long ago
open(Name, {binary, Mode}) when is_atom(Mode) -> open(Name, [binary, Mode]);
open(_, _) -> {error, badarg}.

open_raw(Name, Modes, Flags, Directory) ->
    case ?NATIVE(muster_virtual_file:open(flat(Name), Modes, Flags, Directory)) of
        {ok, Handle} ->
            Data = {Handle, lists:member(binary, Modes)},
            {ok, #file_descriptor{module = file, data = Data}};
        Error -> Error
    end.

open_ram(Bytes, Modes, Flags) ->
    Binary = lists:member(binary, Modes),
    case Modes -- [ram, read, write, binary] of
        [] -> ram_opened(Bytes, Binary, Flags);
        _ -> {error, badarg}
    end.

ram_opened(Bytes, Binary, Flags) ->
    case muster_virtual_file:start(muster_ram_file, Bytes, Flags) of
        {ok, Handle} -> {ok, #file_descriptor{module = ram_file, data = {Handle, Binary}}};
        Error -> Error
    end.

%% What the native is to do, and whether directories can be opened.
native_flags(Modes) ->
    try lists:foldl(fun mode/2, [], Modes) of
        Flags ->
            Writes = lists:member(write, Flags),
            Truncate = Writes andalso not lists:member(read, Flags) andalso
                not lists:member(append, Flags) andalso not lists:member(exclusive, Flags),
            {[F || F <- Flags, F =/= directory] ++ [create || Writes] ++ [truncate || Truncate],
             lists:member(directory, Flags)}
    catch
        throw:Error -> Error
    end.

mode(read, Flags) -> [read | Flags];
mode(write, Flags) -> [write | Flags];
mode(append, Flags) -> [write, append | Flags];
mode(exclusive, Flags) -> [write, exclusive | Flags];
mode(sync, Flags) -> [sync | Flags];
mode(directory, Flags) -> [directory | Flags];
mode(Mode, Flags) when Mode =:= raw; Mode =:= binary; Mode =:= list; Mode =:= delayed_write;
                       Mode =:= read_ahead; Mode =:= ram; Mode =:= compressed -> Flags;
mode(Mode, Flags) when is_atom(Mode) -> Flags; % as OTP
mode({delayed_write, Size, Delay}, Flags) when is_integer(Size), Size >= 0, is_integer(Delay),
                                               Delay >= 0 -> Flags;
mode({read_ahead, Size}, Flags) when is_integer(Size), Size > 0 -> Flags;
mode({encoding, Encoding}, Flags) ->
    case file_io_server:encoding(Encoding) of
        error -> throw({error, badarg});
        _ -> Flags
    end;
mode(_, _) -> throw({error, badarg}).

%% Closes an open file.
-spec close(io_device()) -> ok | {error, reason()}.
close(#file_descriptor{data = {Handle, _}}) -> ?BACKEND(Handle):close(Handle);
close(File) when is_pid(File) ->
    case request(File, close) of
        {error, terminated} -> ok;
        Result -> Result
    end;
close(_) -> {error, badarg}.

%% So many bytes or characters, or eof.
-spec read(io_device() | atom(), non_neg_integer()) ->
    {ok, string() | binary()} | eof | {error, reason() | {no_translation, unicode, latin1}}.
read(#file_descriptor{data = {Handle, Binary}}, N) when is_integer(N), N >= 0 ->
    as_wanted(?BACKEND(Handle):read(Handle, N), Binary);
read(File, N) when (is_pid(File) orelse is_atom(File)), is_integer(N), N >= 0 ->
    io_result(io:request(File, {get_chars, latin1, '', N}));
read(_, _) -> {error, badarg}.

%% The next line with its \n, or eof.
-spec read_line(io_device() | atom()) ->
    {ok, string() | binary()} | eof | {error, reason() | {no_translation, unicode, latin1}}.
read_line(#file_descriptor{data = {Handle, Binary}}) ->
    as_wanted(?BACKEND(Handle):read_line(Handle), Binary);
read_line(File) when is_pid(File); is_atom(File) ->
    io_result(io:request(File, {get_line, latin1, ''}));
read_line(_) -> {error, badarg}.

as_wanted({ok, Bytes}, false) -> {ok, binary_to_list(Bytes)};
as_wanted(Result, _) -> Result.

io_result(eof) -> eof;
io_result(Data) when is_list(Data); is_binary(Data) -> {ok, Data};
io_result(Other) -> Other. % an error, or what a server of its own kind says

%% Reads at a position.
-spec pread(io_device(), [{At :: location(), Number :: non_neg_integer()}]) ->
    {ok, [string() | binary() | eof]} | {error, reason()}.
pread(File, List) when is_list(List) -> pread_all(File, List, []).

pread_all(File, [{At, N} | Rest], Acc) ->
    case pread(File, At, N) of
        {ok, Data} -> pread_all(File, Rest, [Data | Acc]);
        eof -> pread_all(File, Rest, [eof | Acc]);
        Error -> Error
    end;
pread_all(_, [], Acc) -> {ok, lists:reverse(Acc)};
pread_all(_, _, _) -> {error, badarg}.

-spec pread(io_device(), location(), non_neg_integer()) ->
    {ok, string() | binary()} | eof | {error, reason()}.
pread(#file_descriptor{data = {Handle, Binary}}, At, N)
  when is_integer(At), At >= 0, is_integer(N), N >= 0 ->
    as_wanted(?BACKEND(Handle):pread(Handle, At, N), Binary);
pread(File, At, N) when is_integer(N), N >= 0 ->
    if
        is_pid(File) -> request(File, {pread, At, N});
        true ->
            case position(File, At) of
                {ok, _} -> read(File, N);
                Error -> Error
            end
    end;
pread(_, _, _) -> {error, badarg}.

%% Writes bytes.
-spec write(io_device() | atom(), iodata()) -> ok | {error, reason()}.
write(#file_descriptor{data = {Handle, _}}, Bytes) -> ?NATIVE(?BACKEND(Handle):write(Handle, Bytes));
write(File, Bytes) when is_pid(File); is_atom(File) ->
    try iolist_to_binary(Bytes) of
        Binary -> io:request(File, {put_chars, latin1, Binary})
    catch
        error:_ -> {error, badarg}
    end;
write(_, _) -> {error, badarg}.

%% Writes at a position.
-spec pwrite(io_device(), [{At :: location(), iodata()}]) ->
    ok | {error, {N :: non_neg_integer(), reason()}}.
pwrite(File, List) when is_list(List) -> pwrite_all(File, List, 0).

pwrite_all(File, [{At, Bytes} | Rest], N) ->
    case pwrite(File, At, Bytes) of
        ok -> pwrite_all(File, Rest, N + 1);
        {error, Reason} -> {error, {N, Reason}}
    end;
pwrite_all(_, [], _) -> ok;
pwrite_all(_, _, _) -> {error, badarg}.

-spec pwrite(io_device(), location(), iodata()) -> ok | {error, reason()}.
pwrite(#file_descriptor{data = {Handle, _}}, At, Bytes) when is_integer(At), At >= 0 ->
    ?NATIVE(?BACKEND(Handle):pwrite(Handle, At, Bytes));
pwrite(File, At, Bytes) when is_pid(File) ->
    try iolist_to_binary(Bytes) of
        Binary -> request(File, {pwrite, At, Binary})
    catch
        error:_ -> {error, badarg}
    end;
pwrite(#file_descriptor{} = File, At, Bytes) ->
    case position(File, At) of
        {ok, _} -> write(File, Bytes);
        Error -> Error
    end;
pwrite(_, _, _) -> {error, badarg}.

%% Sets where the next read or write is, and says where.
-spec position(io_device(), location()) -> {ok, integer()} | {error, reason()}.
position(#file_descriptor{data = {Handle, _}}, Location) ->
    case location(Location) of
        {From, Offset} -> ?BACKEND(Handle):seek(Handle, From, Offset);
        error -> {error, badarg}
    end;
position(File, Location) when is_pid(File) ->
    case location(Location) of
        {From, Offset} -> request(File, {position, From, Offset});
        error -> {error, badarg}
    end;
position(_, _) -> {error, badarg}.

location(At) when is_integer(At) -> {bof, At};
location(From) when From =:= bof; From =:= cur; From =:= eof -> {From, 0};
location({From, Offset}) when is_integer(Offset),
                              From =:= bof orelse From =:= cur orelse From =:= eof ->
    {From, Offset};
location(_) -> error.

%% Cuts the file off at the position.
-spec truncate(io_device()) -> ok | {error, reason()}.
truncate(File) -> on_handle(File, truncate, fun(H) -> ?BACKEND(H):truncate(H) end).

%% Waits until contents and information are on the disk.
-spec sync(io_device()) -> ok | {error, reason()}.
sync(File) -> on_handle(File, sync, fun(H) -> ?BACKEND(H):sync(H, false) end).

%% Waits until the contents are on the disk.
-spec datasync(io_device()) -> ok | {error, reason()}.
datasync(File) -> on_handle(File, datasync, fun(H) -> ?BACKEND(H):sync(H, true) end).

%% Reserves room in a file.
-spec allocate(io_device(), non_neg_integer(), non_neg_integer()) -> ok | {error, posix()}.
allocate(File, At, N) ->
    on_handle(File, {allocate, At, N}, fun(H) -> ?BACKEND(H):allocate(H, At, N) end).

%% Advice may be ignored.
-spec advise(io_device(), integer(), integer(), atom()) -> ok | {error, reason()}.
advise(File, At, N, Advice) when is_integer(At), is_integer(N), is_atom(Advice) ->
    case lists:member(Advice, [normal, sequential, random, no_reuse, will_need, dont_need]) of
        true -> on_handle(File, {advise, At, N, Advice}, fun(H) -> ?BACKEND(H):advise(H, At, N, Advice) end);
        false -> {error, einval}
    end;
advise(_, _, _, _) -> {error, badarg}.

on_handle(#file_descriptor{data = {Handle, _}}, _, Fun) -> ?NATIVE(Fun(Handle));
on_handle(File, Request, _) when is_pid(File) -> request(File, Request);
on_handle(_, _, _) -> {error, badarg}.

request(File, Request) ->
    Ref = monitor(process, File),
    File ! {file_request, self(), Ref, Request},
    receive
        {file_reply, Ref, Reply} ->
            demonitor(Ref, [flush]),
            Reply;
        {'DOWN', Ref, _, _, _} -> {error, terminated}
    end.

%% The name of the file that a process has open.
-spec pid2name(pid()) -> {ok, filename()} | undefined.
pid2name(File) when is_pid(File) ->
    case process_info(File, dictionary) of
        {dictionary, Dictionary} ->
            case lists:keyfind(file_io_server_name, 1, Dictionary) of
                {_, Name} -> {ok, filename:flatten(Name)};
                false -> undefined
            end;
        undefined -> undefined
    end.

%% Copies so many bytes from a file to another: how many there were.
-spec copy(io_device() | name_all() | {name_all(), [mode()]},
           io_device() | name_all() | {name_all(), [mode()]}) ->
    {ok, non_neg_integer()} | {error, reason()}.
copy(Source, Destination) -> copy(Source, Destination, infinity).

-spec copy(io_device() | name_all() | {name_all(), [mode()]},
           io_device() | name_all() | {name_all(), [mode()]}, non_neg_integer() | infinity) ->
    {ok, non_neg_integer()} | {error, reason()}.
copy(Source, Destination, Count)
  when Count =:= infinity; is_integer(Count), Count >= 0 ->
    with_file(Source, read, fun(From) ->
        with_file(Destination, write, fun(To) -> copy_bytes(From, To, Count, 0) end)
    end);
copy(_, _, _) -> {error, badarg}.

%% What is in the file goes to a function, in pieces. (Sockets, which it may go to, too, there are none.)
-spec sendfile(name_all(), fun((iodata()) -> ok | {error, posix() | closed})) ->
    {ok, non_neg_integer()} | {error, posix() | closed | badarg | not_owner}.
sendfile(Name, Destination) ->
    case open(Name, [read, raw, binary]) of
        {ok, File} ->
            try sendfile(File, Destination, 0, 0, [])
            after close(File)
            end;
        Error -> Error
    end.

%% `Bytes` of them, 0: all, from `Offset` on. Where the file is read and written next stays as it is.
-spec sendfile(fd(), fun((iodata()) -> ok | {error, posix() | closed}), non_neg_integer(), non_neg_integer(),
               [{chunk_size, non_neg_integer()} | {use_threads, boolean()}]) ->
    {ok, non_neg_integer()} | {error, posix() | closed | badarg | not_owner}.
sendfile(#file_descriptor{} = File, Destination, Offset, Bytes, Options)
  when is_function(Destination, 1), is_integer(Offset), is_integer(Bytes), is_list(Options) ->
    Chunk = case proplists:get_value(chunk_size, Options, ?SEND_SIZE) of
                Size when is_integer(Size), Size > 0 -> Size;
                _ -> ?SEND_SIZE
            end,
    Left = case Bytes of 0 -> infinity; _ -> Bytes end,
    case Offset < 0 orelse Bytes < 0 of
        true -> {error, einval};
        false -> send_bytes(File, Destination, Offset, Left, Chunk, 0)
    end;
sendfile(_, _, _, _, _) -> {error, badarg}.

send_bytes(_, _, _, 0, _, Sent) -> {ok, Sent};
send_bytes(File, Destination, At, Left, Chunk, Sent) ->
    case pread(File, At, min(Left, Chunk)) of % a number is less than an atom
        {ok, Data} ->
            Size = iolist_size(Data),
            Rest = case Left of infinity -> infinity; _ -> Left - Size end,
            case Destination(Data) of
                ok -> send_bytes(File, Destination, At + Size, Rest, Chunk, Sent + Size);
                Other -> Other
            end;
        eof -> {ok, Sent};
        Error -> Error
    end.

with_file(File, _, Fun) when is_pid(File); is_record(File, file_descriptor) -> Fun(File);
with_file({Name, Modes}, Mode, Fun) when is_list(Modes) ->
    with_opened(Name, [Mode, binary | Modes], Fun);
with_file(Name, Mode, Fun) -> with_opened(Name, [Mode, raw, binary], Fun).

with_opened(Name, Modes, Fun) ->
    case open(Name, Modes) of
        {ok, File} ->
            Result = Fun(File),
            case close(File) of
                ok -> Result;
                Error -> Error
            end;
        Error -> Error
    end.

copy_bytes(_, _, 0, Done) -> {ok, Done};
copy_bytes(From, To, Left, Done) ->
    case read(From, min(Left, ?COPY_SIZE)) of
        {ok, Data} ->
            Size = iolist_size(Data),
            case write(To, Data) of
                ok when is_integer(Left) -> copy_bytes(From, To, Left - Size, Done + Size);
                ok -> copy_bytes(From, To, Left, Done + Size);
                Error -> Error
            end;
        eof -> {ok, Done};
        Error -> Error
    end.

%%% Directories and names

%% The current directory.
-spec get_cwd() -> {ok, filename()} | {error, reason()}.
get_cwd() -> muster_file:get_cwd().

-spec get_cwd(string()) -> {ok, filename()} | {error, reason()}.
get_cwd([_ | _]) -> {error, enotsup};
get_cwd(_) -> {error, badarg}.

%% Sets the current directory.
-spec set_cwd(name_all()) -> ok | {error, reason() | no_translation}.
set_cwd(Name) -> ?NATIVE(muster_file:set_cwd(flat(Name))).

%% The names of the files in a directory.
-spec list_dir(name_all()) ->
    {ok, [filename()]} | {error, reason() | {no_translation, unicode:latin1_binary()}}.
list_dir(Name) ->
    case list_dir_all(Name) of
        {ok, Names} -> {ok, [N || N <- Names, is_list(N)]};
        Error -> Error
    end.

%% The same with names that are not in the file system's encoding as binaries.
-spec list_dir_all(name_all()) -> {ok, [filename_all()]} | {error, reason()}.
list_dir_all(Name) -> ?NATIVE(muster_file:list_dir(flat(Name))).

%% Makes a directory.
-spec make_dir(name_all()) -> ok | {error, reason()}.
make_dir(Name) -> ?NATIVE(muster_file:make_dir(flat(Name))).

%% Deletes an empty directory.
-spec del_dir(name_all()) -> ok | {error, reason()}.
del_dir(Name) -> ?NATIVE(muster_file:del_dir(flat(Name))).

%% Deletes a file or a directory and all in it.
-spec del_dir_r(name_all()) -> ok | {error, reason()}.
del_dir_r(Name) ->
    case read_link_info(Name) of
        {ok, #file_info{type = directory}} ->
            case list_dir_all(Name) of
                {ok, Names} ->
                    case del_all([filename:join(Name, N) || N <- Names]) of
                        ok -> del_dir(Name);
                        Error -> Error
                    end;
                Error -> Error
            end;
        {ok, _} -> delete(Name);
        Error -> Error
    end.

del_all([Name | Rest]) ->
    case del_dir_r(Name) of
        ok -> del_all(Rest);
        Error -> Error
    end;
del_all([]) -> ok.

%% Deletes a file.
-spec delete(name_all()) -> ok | {error, reason()}.
delete(Name) ->
    case ?NATIVE(muster_file:delete(flat(Name))) of
        {error, eisdir} -> {error, eperm};
        Result -> Result
    end.

-spec delete(name_all(), [raw]) -> ok | {error, reason()}.
delete(Name, Options) when is_list(Options) -> delete(Name).

%% Gives a file another name.
-spec rename(name_all(), name_all()) -> ok | {error, reason()}.
rename(From, To) -> ?NATIVE(muster_file:rename(flat(From), flat(To))).

%% Makes a second name for a file.
-spec make_link(name_all(), name_all()) -> ok | {error, reason()}.
make_link(Old, New) -> ?NATIVE(muster_file:make_link(flat(Old), flat(New))).

%% Makes a symbolic link.
-spec make_symlink(name_all(), name_all()) -> ok | {error, reason()}.
make_symlink(Old, New) -> ?NATIVE(muster_file:make_symlink(flat(Old), flat(New))).

%% What a symbolic link points to.
-spec read_link(name_all()) -> {ok, filename()} | {error, reason()}.
read_link(Name) ->
    case read_link_all(Name) of
        {ok, Raw} when is_binary(Raw) -> {error, einval};
        Result -> Result
    end.

%% The same, a binary where it is not in the file system's encoding.
-spec read_link_all(name_all()) -> {ok, filename_all()} | {error, reason()}.
read_link_all(Name) -> ?NATIVE(muster_file:read_link(flat(Name))).

%% How names of files are encoded.
-spec native_name_encoding() -> latin1 | utf8.
native_name_encoding() -> utf8.

%% Names may be deep lists with atoms in them.
flat(Name) when is_binary(Name); is_atom(Name) -> Name;
flat(Name) when is_list(Name) -> flat(Name, []);
flat(_) -> <<0>>. % no name

flat([H | T], Tail) when is_list(H) -> flat(H, flat(T, Tail));
flat([H | T], Tail) when is_atom(H) -> atom_to_list(H) ++ flat(T, Tail);
flat([H | T], Tail) -> [H | flat(T, Tail)];
flat([], Tail) -> Tail;
flat(_, _) -> [-1].

%%% Information

%% Kind, size, times and owner of a file: a #file_info{} of file.hrl.
-spec read_file_info(io_device() | name_all()) -> {ok, file_info()} | {error, reason()}.
read_file_info(Name) -> read_file_info(Name, []).

-spec read_file_info(io_device() | name_all(), [raw | {time, local | universal | posix}]) ->
    {ok, file_info()} | {error, reason()}.
read_file_info(#file_descriptor{data = {Handle, _}}, Options) ->
    info(?BACKEND(Handle):handle_info(Handle), Options);
read_file_info(File, Options) when is_pid(File) -> info(request(File, handle_info), Options);
read_file_info(Name, Options) -> named_info(Name, true, Options).

%% As read_file_info, of a link itself.
-spec read_link_info(name_all()) -> {ok, file_info()} | {error, reason()}.
read_link_info(Name) -> read_link_info(Name, []).

-spec read_link_info(name_all(), [raw | {time, local | universal | posix}]) ->
    {ok, file_info()} | {error, reason()}.
read_link_info(Name, Options) -> named_info(Name, false, Options).

named_info(Name, Follow, Options) ->
    case lists:member(time_option(Options), [local, universal, posix]) of
        true -> info(?NATIVE(muster_file:info(flat(Name), Follow)), Options);
        false -> {error, badarg}
    end.

info({ok, {Size, Type, Access, Atime, Mtime, Ctime, Mode, Links, Major, Minor, Inode, Uid, Gid}},
     Options) ->
    Time = time_option(Options),
    {ok, #file_info{size = Size, type = Type, access = Access, atime = from_posix(Time, Atime),
                    mtime = from_posix(Time, Mtime), ctime = from_posix(Time, Ctime), mode = Mode,
                    links = Links, major_device = Major, minor_device = Minor, inode = Inode,
                    uid = Uid, gid = Gid}};
info(Error, _) -> Error.

time_option(Options) -> proplists:get_value(time, Options, local).

from_posix(posix, Seconds) -> Seconds;
from_posix(universal, Seconds) -> erlang:posixtime_to_universaltime(Seconds);
from_posix(local, Seconds) ->
    erlang:universaltime_to_localtime(erlang:posixtime_to_universaltime(Seconds)).

to_posix(_, Seconds) when is_integer(Seconds) -> Seconds;
to_posix(universal, Time) -> erlang:universaltime_to_posixtime(Time);
to_posix(_, Time) ->
    erlang:universaltime_to_posixtime(erlang:localtime_to_universaltime(Time)).

%% Sets what a #file_info{} says of permissions, owner and times.
-spec write_file_info(name_all(), file_info()) -> ok | {error, reason()}.
write_file_info(Name, Info) -> write_file_info(Name, Info, []).

-spec write_file_info(name_all(), file_info(), [raw | {time, local | universal | posix}]) ->
    ok | {error, reason()}.
write_file_info(Name, #file_info{} = Info, Options) ->
    Flat = flat(Name),
    Time = time_option(Options),
    try
        first_error([
            fun() -> set_mode(Flat, Info#file_info.mode) end,
            fun() -> set_owner(Flat, Info#file_info.uid, Info#file_info.gid) end,
            fun() -> set_times(Flat, Time, Info#file_info.atime, Info#file_info.mtime) end
        ])
    catch
        error:_ -> {error, badarg}
    end.

first_error([F | Rest]) ->
    case F() of
        ok -> first_error(Rest);
        Error -> Error
    end;
first_error([]) -> ok.

set_mode(_, undefined) -> ok;
set_mode(Name, Mode) -> muster_file:change_mode(Name, Mode band 8#7777).

set_owner(_, undefined, undefined) -> ok;
set_owner(Name, Uid, Gid) -> muster_file:change_owner(Name, or_same(Uid), or_same(Gid)).

or_same(undefined) -> -1;
or_same(Id) -> Id.

set_times(_, _, undefined, undefined) -> ok;
set_times(Name, Time, Atime, Mtime) ->
    {ok, #file_info{atime = OldA, mtime = OldM}} = read_file_info(Name, [{time, posix}]),
    New = fun(undefined, Old) -> Old; (T, _) -> to_posix(Time, T) end,
    muster_file:change_time(Name, New(Atime, OldA), New(Mtime, OldM)).

%% Sets the permissions of a file.
-spec change_mode(name_all(), integer()) -> ok | {error, reason()}.
change_mode(Name, Mode) when is_integer(Mode) ->
    write_file_info(Name, #file_info{mode = Mode}).

%% Gives a file to another owner.
-spec change_owner(name_all(), integer()) -> ok | {error, reason()}.
change_owner(Name, Uid) when is_integer(Uid) -> write_file_info(Name, #file_info{uid = Uid}).

-spec change_owner(name_all(), integer(), integer()) -> ok | {error, reason()}.
change_owner(Name, Uid, Gid) when is_integer(Uid), is_integer(Gid) ->
    write_file_info(Name, #file_info{uid = Uid, gid = Gid}).

%% Gives a file to another group.
-spec change_group(name_all(), integer()) -> ok | {error, reason()}.
change_group(Name, Gid) when is_integer(Gid) -> write_file_info(Name, #file_info{gid = Gid}).

%% Sets when a file was modified, and read.
-spec change_time(name_all(), date_time()) -> ok | {error, reason()}.
change_time(Name, {{_, _, _}, {_, _, _}} = Mtime) ->
    write_file_info(Name, #file_info{mtime = Mtime}).

-spec change_time(name_all(), date_time(), date_time()) -> ok | {error, reason()}.
change_time(Name, {{_, _, _}, {_, _, _}} = Atime, {{_, _, _}, {_, _, _}} = Mtime) ->
    write_file_info(Name, #file_info{atime = Atime, mtime = Mtime}).

%%% Files of Erlang terms and expressions

%% The terms of a file, each ended by a dot.
-spec consult(name_all()) -> {ok, [term()]} | {error, reason() | {integer(), module(), term()}}.
consult(Name) -> with_text(Name, fun(File) -> consult(File, 1, []) end).

consult(File, Line, Acc) ->
    case io:read(File, '', Line) of
        {ok, Term, Next} -> consult(File, Next, [Term | Acc]);
        {eof, _} -> {ok, lists:reverse(Acc)};
        {error, Error, _} -> {error, Error};
        {error, _} = Error -> Error
    end.

%% Evaluates the expressions of a file, each ended by a dot.
-spec eval(name_all()) -> ok | {error, reason() | {integer(), module(), term()}}.
eval(Name) -> eval(Name, erl_eval:new_bindings()).

-spec eval(name_all(), erl_eval:binding_struct()) ->
    ok | {error, reason() | {integer(), module(), term()}}.
eval(Name, Bindings) ->
    with_text(Name, fun(File) -> eval(File, 1, Bindings, ok, fun(_) -> ok end) end).

%% The value of the last expression of a file.
-spec script(name_all()) -> {ok, term()} | {error, reason() | {integer(), module(), term()}}.
script(Name) -> script(Name, erl_eval:new_bindings()).

-spec script(name_all(), erl_eval:binding_struct()) ->
    {ok, term()} | {error, reason() | {integer(), module(), term()}}.
script(Name, Bindings) ->
    with_text(Name, fun(File) -> eval(File, 1, Bindings, none, fun script_value/1) end).

script_value({value, Value}) -> {ok, Value};
script_value(none) -> {error, {1, ?MODULE, undefined_script}}.

eval(File, Line, Bindings, Last, Answer) ->
    case io:parse_erl_exprs(File, '', Line) of
        {ok, Exprs, Next} ->
            try erl_eval:exprs(Exprs, Bindings) of
                {value, Value, Bindings1} -> eval(File, Next, Bindings1, {value, Value}, Answer)
            catch
                Class:Reason:Stack -> {error, {Line, file, {Class, Reason, Stack}}}
            end;
        {eof, _} -> Answer(Last);
        {error, Error, _} -> {error, Error};
        {error, _} = Error -> Error
    end.

%% Of UTF-8, unless a comment on its first two lines says otherwise.
with_text(Name, Fun) ->
    case open(Name, [read]) of
        {ok, File} ->
            _ = epp:set_encoding(File),
            try Fun(File) after close(File) end;
        Error -> Error
    end.

%% open/2 of the first file of that name in some directories.
-spec path_open([name_all()], name_all(), [mode()]) ->
    {ok, io_device(), filename_all()} | {error, reason()}.
path_open(Path, Name, Modes) ->
    in_path(Path, Name, fun(Full) -> open(Full, Modes) end).

%% consult/1 of the first file of that name in some directories.
-spec path_consult([name_all()], name_all()) ->
    {ok, [term()], filename_all()} | {error, reason() | {integer(), module(), term()}}.
path_consult(Path, Name) -> in_path(Path, Name, fun consult/1).

%% eval/1 of the first file of that name in some directories.
-spec path_eval([name_all()], name_all()) ->
    {ok, filename_all()} | {error, reason() | {integer(), module(), term()}}.
path_eval(Path, Name) -> in_path(Path, Name, fun eval/1).

-spec path_eval([name_all()], name_all(), erl_eval:binding_struct()) ->
    {ok, filename_all()} | {error, reason() | {integer(), module(), term()}}.
path_eval(Path, Name, Bindings) -> in_path(Path, Name, fun(Full) -> eval(Full, Bindings) end).

%% script/1 of the first file of that name in some directories.
-spec path_script([name_all()], name_all()) ->
    {ok, term(), filename_all()} | {error, reason() | {integer(), module(), term()}}.
path_script(Path, Name) -> in_path(Path, Name, fun script/1).

-spec path_script([name_all()], name_all(), erl_eval:binding_struct()) ->
    {ok, term(), filename_all()} | {error, reason() | {integer(), module(), term()}}.
path_script(Path, Name, Bindings) -> in_path(Path, Name, fun(Full) -> script(Full, Bindings) end).

in_path(Path, Name, Fun) ->
    case filename:pathtype(Name) of
        relative -> in_directories(Path, Name, Fun);
        _ -> named(Fun(Name), Name)
    end.

in_directories([Dir | Rest], Name, Fun) ->
    Full = filename:join(Dir, Name),
    case Fun(Full) of
        {error, enoent} -> in_directories(Rest, Name, Fun);
        {error, enotdir} -> in_directories(Rest, Name, Fun);
        Result -> named(Result, Full)
    end;
in_directories([], _, _) -> {error, enoent}.

named({ok, Value}, Name) -> {ok, Value, Name};
named(ok, Name) -> {ok, Name};
named(Error, _) -> Error.

%%% Errors as text

%% The text of the reason of an error.
-spec format_error(reason() | {integer(), module(), term()}) -> string().
format_error({_, ?MODULE, {Class, Reason, Stack}}) ->
    lists:flatten(io_lib:format("~tp: ~tp ~tp", [Class, Reason, Stack]));
format_error({Line, ?MODULE, undefined_script}) ->
    lists:flatten(io_lib:format("~tp: no value returned from script", [Line]));
format_error({Line, Module, Reason}) ->
    lists:flatten(io_lib:format("~w: ~ts", [Line, Module:format_error(Reason)]));
format_error(badarg) -> "bad argument";
format_error(system_limit) -> "a system limit was hit, probably not enough ports";
format_error(terminated) -> "the file server process is terminated";
format_error(Posix) -> erl_posix_msg:message(Posix).
