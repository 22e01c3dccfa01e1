%% A muster_virtual_file that is read ahead of its reader, or written after its writer: a raw file that was
%% opened with `read_ahead` or `delayed_write`. So small pieces do not go to the system one by one.
-module(muster_buffered_file).

-export([open/2, request/2, close/1, patience/1, idle/1]).

%% bytes: read and not asked for yet. failed: of what was written late, for who asks next.
-record(buffered, {handle, ahead :: non_neg_integer(), bytes = <<>> :: binary(),
                   delayed = none :: none | {Size :: non_neg_integer(), Ms :: non_neg_integer()},
                   unwritten = [] :: iodata(), unwritten_size = 0 :: non_neg_integer(),
                   failed = ok :: ok | {error, atom()}}).

-define(SHORT, 256).

-spec open({file:name_all(), [file:mode()], boolean()}, [atom()]) -> {ok, #buffered{}} | {error, atom()}.
open({Name, Modes, Directory}, Flags) ->
    try muster_file:open(Name, Flags, Directory) of
        {ok, Handle} ->
            {ok, #buffered{handle = Handle, ahead = ahead(Modes), delayed = delayed(Modes)}};
        Error -> Error
    catch
        error:badarg -> {error, badarg}
    end.

ahead([read_ahead | _]) -> 65536;
ahead([{read_ahead, Size} | _]) -> Size;
ahead([_ | Modes]) -> ahead(Modes);
ahead([]) -> 0.

delayed([delayed_write | _]) -> {65536, 2000};
delayed([{delayed_write, Size, Ms} | _]) -> {Size, Ms};
delayed([_ | Modes]) -> delayed(Modes);
delayed([]) -> none.

-spec patience(#buffered{}) -> timeout().
patience(#buffered{unwritten = []}) -> infinity;
patience(#buffered{delayed = {_, Ms}}) -> Ms.

-spec idle(#buffered{}) -> #buffered{}.
idle(S) -> written(S).

-spec close(#buffered{}) -> ok | {error, atom()}.
close(S) ->
    #buffered{handle = Handle, failed = Failed} = written(S),
    Closed = muster_file:close(Handle),
    case Failed of
        ok -> Closed;
        _ -> Failed
    end.

-spec request(tuple() | atom(), #buffered{}) -> {term(), #buffered{}}.
request({write, New}, #buffered{delayed = {Most, _}, failed = ok} = S) ->
    case go_back(S) of
        {ok, #buffered{unwritten = Before, unwritten_size = Size} = There} ->
            Later = There#buffered{unwritten = [Before | New], unwritten_size = Size + byte_size(New)},
            {ok, if Later#buffered.unwritten_size > Most -> written(Later); true -> Later end};
        Failed -> Failed
    end;
request(Request, S) ->
    case written(S) of
        #buffered{failed = ok} = There -> ask(Request, There);
        #buffered{failed = Error} = There -> {Error, There#buffered{failed = ok}}
    end.

written(#buffered{unwritten = []} = S) -> S;
written(#buffered{handle = Handle, unwritten = Bytes} = S) ->
    S#buffered{unwritten = [], unwritten_size = 0, failed = muster_file:write(Handle, Bytes)}.

ask({read, Count}, S) -> read(Count, S);
ask(read_line, S) -> read_line(0, S);
ask({pread, At, Count}, #buffered{handle = Handle} = S) -> {muster_file:pread(Handle, At, Count), S};
ask({pwrite, At, New}, #buffered{handle = Handle} = S) -> {muster_file:pwrite(Handle, At, New), S};
ask(sync, #buffered{handle = Handle} = S) -> {muster_file:sync(Handle, false), S};
ask(handle_info, #buffered{handle = Handle} = S) -> {muster_file:handle_info(Handle), S};
ask({allocate, At, Count}, #buffered{handle = Handle} = S) -> {muster_file:allocate(Handle, At, Count), S};
ask(Request, S) ->
    case go_back(S) of
        {ok, There} -> {in_place(Request, There#buffered.handle), There};
        Failed -> Failed
    end.

in_place({position, From, Offset}, Handle) -> muster_file:seek(Handle, From, Offset);
in_place({write, New}, Handle) -> muster_file:write(Handle, New);
in_place(truncate, Handle) -> muster_file:truncate(Handle).

%% The place in the file becomes where the reader believes to be.
go_back(#buffered{bytes = <<>>} = S) -> {ok, S};
go_back(#buffered{handle = Handle, bytes = Bytes} = S) ->
    case muster_file:seek(Handle, cur, -byte_size(Bytes)) of
        {ok, _} -> {ok, S#buffered{bytes = <<>>}};
        Error -> {Error, S}
    end.

read(Count, #buffered{bytes = Bytes} = S) when byte_size(Bytes) >= Count ->
    <<Data:Count/binary, Rest/binary>> = Bytes,
    {{ok, Data}, S#buffered{bytes = Rest}};
read(Count, #buffered{handle = Handle, bytes = Bytes, ahead = Ahead} = S) ->
    case muster_file:read(Handle, max(Ahead, Count - byte_size(Bytes))) of
        {ok, New} -> read_again(Count, S#buffered{bytes = <<Bytes/binary, New/binary>>});
        eof when Bytes =/= <<>> -> {{ok, Bytes}, S#buffered{bytes = <<>>}};
        Other -> {Other, S}
    end.

%% Fewer bytes than asked for: the end, or all that a pipe has.
read_again(Count, #buffered{bytes = Bytes} = S) -> read(min(Count, byte_size(Bytes)), S).

read_line(From, #buffered{handle = Handle, bytes = Bytes, ahead = Ahead} = S) ->
    case binary:match(Bytes, <<"\n">>, [{scope, {From, byte_size(Bytes) - From}}]) of
        {At, 1} ->
            <<Line:At/binary, $\n, Rest/binary>> = Bytes,
            {{ok, line(Line, At - 1)}, S#buffered{bytes = Rest}};
        nomatch ->
            case muster_file:read(Handle, max(?SHORT, max(Ahead, byte_size(Bytes)))) of
                {ok, New} ->
                    read_line(byte_size(Bytes), S#buffered{bytes = <<Bytes/binary, New/binary>>});
                eof when Bytes =/= <<>> -> {{ok, Bytes}, S#buffered{bytes = <<>>}};
                Other -> {Other, S}
            end
    end.

%% A line ends in \n, also where the file has \r\n.
line(Line, Before) ->
    case Line of
        <<Text:Before/binary, $\r>> -> <<Text/binary, $\n>>;
        _ -> <<Line/binary, $\n>>
    end.
