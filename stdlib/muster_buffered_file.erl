%% Raw files that were opened with `read_ahead` or `delayed_write`. The buffers are the handle's, and the natives of
%% muster_file use them (runtime/bif_file_buffer.c); for late writes there is a process, which sees that nothing waits
%% too long and that the file is closed when who opened it has ended.
-module(muster_buffered_file).

-export([open/4]).

-spec open(file:name_all(), [file:mode()], [atom()], boolean()) -> {ok, reference()} | {error, atom()}.
open(Name, Modes, Flags, Directory) ->
    case muster_file:open(Name, Flags, Directory) of
        {ok, Handle} ->
            case delayed(Modes) of
                none -> ok = muster_file:buffer(Handle, ahead(Modes), 0, false);
                {Size, Ms} -> ok = muster_file:buffer(Handle, ahead(Modes), Size, flusher(Handle, Ms))
            end,
            {ok, Handle};
        Error -> Error
    end.

ahead([read_ahead | _]) -> 65536;
ahead([{read_ahead, Size} | _]) -> Size;
ahead([_ | Modes]) -> ahead(Modes);
ahead([]) -> 0.

delayed([delayed_write | _]) -> {65536, 2000};
delayed([{delayed_write, Size, Ms} | _]) -> {Size, Ms};
delayed([_ | Modes]) -> delayed(Modes);
delayed([]) -> none.

flusher(Handle, Ms) ->
    Owner = self(),
    spawn(fun() -> loop(Handle, monitor(process, Owner), Ms) end).

%% Told `flush` when a first byte waits, and `close` when the file is closed.
loop(Handle, Owner, Ms) ->
    receive
        flush ->
            receive
                {'DOWN', Owner, _, _, _} -> muster_file:close(Handle);
                close -> ok
            after Ms ->
                _ = muster_file:flush(Handle),
                loop(Handle, Owner, Ms)
            end;
        {'DOWN', Owner, _, _, _} -> muster_file:close(Handle);
        close -> ok
    end.
