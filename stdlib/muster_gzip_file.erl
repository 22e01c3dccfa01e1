%% A muster_virtual_file that is compressed on disk, as file:open/2 opens it with `compressed`: either read or written.
%% What is read may also not be compressed; then it is read as it is. Going back while reading begins
%% anew; going on while writing writes zeros.
-module(muster_gzip_file).

-export([open/2, request/2, close/1]).

%% bytes: inflated and not read yet. at: where the user is, in what is not compressed.
-record(reader, {handle, z :: zlib:zstream() | none, bytes = <<>> :: binary(),
                 at = 0 :: non_neg_integer(), pending = false :: boolean()}).
-record(writer, {handle, z :: zlib:zstream(), at = 0 :: non_neg_integer()}).

-define(CHUNK, 65536).
-define(GZIP, 31). % the largest window, with gzip's header

-spec open(file:name_all(), [atom()]) -> {ok, #reader{} | #writer{}} | {error, atom()}.
open(Name, Flags) ->
    case {lists:member(read, Flags), lists:member(write, Flags), lists:member(append, Flags)} of
        {_, false, false} -> opened(Name, [read], fun reader/1);
        {false, true, false} -> opened(Name, Flags, fun writer/1);
        _ -> {error, einval}
    end.

opened(Name, Flags, Fun) ->
    try muster_file:open(Name, Flags, false) of
        {ok, Handle} -> Fun(Handle);
        Error -> Error
    catch
        error:badarg -> {error, badarg}
    end.

reader(Handle) ->
    Z = case muster_file:pread(Handle, 0, 2) of
            {ok, <<31, 139>>} ->
                New = zlib:open(),
                ok = zlib:inflateInit(New, ?GZIP, reset),
                New;
            _ -> none
        end,
    {ok, #reader{handle = Handle, z = Z}}.

writer(Handle) ->
    Z = zlib:open(),
    ok = zlib:deflateInit(Z, default, deflated, ?GZIP, 8, default),
    {ok, #writer{handle = Handle, z = Z}}.

-spec close(#reader{} | #writer{}) -> ok | {error, atom()}.
close(#reader{handle = Handle}) -> muster_file:close(Handle);
close(#writer{handle = Handle, z = Z}) ->
    Written = muster_file:write(Handle, zlib:deflate(Z, <<>>, finish)),
    case muster_file:close(Handle) of
        ok -> Written;
        Error -> Error
    end.

-spec request(tuple() | atom(), S) -> {term(), S} when S :: #reader{} | #writer{}.
request({read, Count}, #reader{} = S) -> read(Count, S);
request(read_line, #reader{} = S) -> read_line(0, S);
request({pread, At, Count}, #reader{at = Here} = S) ->
    case position(At, S) of
        {{ok, At}, There} ->
            {Answer, S1} = read(Count, There),
            {_, Back} = position(Here, S1),
            {Answer, Back};
        Failed -> Failed
    end;
request({position, From, Offset}, #reader{at = At} = S) when From =/= eof ->
    position(place(From, At, Offset), S);
request({write, Bytes}, #writer{} = S) -> write(Bytes, S);
request({pwrite, At, Bytes}, #writer{} = S) ->
    case forward(At, S) of
        {{ok, At}, There} -> write(Bytes, There);
        Failed -> Failed
    end;
request({position, From, Offset}, #writer{at = At} = S) when From =/= eof ->
    forward(place(From, At, Offset), S);
request({position, _, _}, S) -> {{error, einval}, S};
request(Request, S) ->
    Data = is_tuple(Request) andalso lists:member(element(1, Request), [read, write]),
    {{error, case Data orelse Request =:= read_line of true -> ebadf; false -> enotsup end}, S}.

place(bof, _, Offset) -> Offset;
place(cur, At, Offset) -> At + Offset.

%%% Reading

read(Count, #reader{bytes = Bytes, at = At} = S) when byte_size(Bytes) >= Count ->
    <<Data:Count/binary, Rest/binary>> = Bytes,
    {{ok, Data}, S#reader{bytes = Rest, at = At + Count}};
read(Count, #reader{bytes = Bytes, at = At} = S) ->
    case more(S) of
        {ok, S1} -> read(Count, S1);
        {eof, S1} when Bytes =:= <<>> -> {eof, S1};
        {eof, S1} -> {{ok, Bytes}, S1#reader{bytes = <<>>, at = At + byte_size(Bytes)}};
        Failed -> Failed
    end.

read_line(From, #reader{bytes = Bytes} = S) ->
    case binary:match(Bytes, <<"\n">>, [{scope, {From, byte_size(Bytes) - From}}]) of
        {At, 1} -> read(At + 1, S);
        nomatch ->
            case more(S) of
                {ok, S1} -> read_line(byte_size(Bytes), S1);
                {eof, S1} when Bytes =:= <<>> -> {eof, S1};
                {eof, S1} -> read(byte_size(Bytes), S1);
                Failed -> Failed
            end
    end.

more(#reader{handle = Handle, z = none} = S) ->
    case muster_file:read(Handle, ?CHUNK) of
        {ok, Bytes} -> {ok, add(Bytes, S)};
        Other -> {Other, S}
    end;
more(#reader{pending = true} = S) -> inflated(<<>>, S);
more(#reader{handle = Handle} = S) ->
    case muster_file:read(Handle, ?CHUNK) of
        {ok, Bytes} -> inflated(Bytes, S);
        Other -> {Other, S}
    end.

%% A little that becomes a lot comes in pieces.
inflated(Bytes, #reader{z = Z} = S) ->
    try zlib:safeInflate(Z, Bytes) of
        {State, Data} ->
            {ok, add(iolist_to_binary(Data), S#reader{pending = State =:= continue})}
    catch
        error:_ -> {{error, eio}, S}
    end.

add(New, #reader{bytes = Bytes} = S) -> S#reader{bytes = <<Bytes/binary, New/binary>>}.

%% Beyond the end there is the end.
position(Place, S) when Place < 0 -> {{error, einval}, S};
position(Place, #reader{at = At} = S) when Place >= At -> skip(Place - At, S);
position(Place, #reader{handle = Handle, z = Z} = S) ->
    {ok, 0} = muster_file:seek(Handle, bof, 0),
    Z =:= none orelse zlib:inflateReset(Z),
    skip(Place, S#reader{bytes = <<>>, at = 0, pending = false}).

skip(Count, #reader{at = At} = S) ->
    case read(min(Count, ?CHUNK), S) of
        {{ok, Data}, S1} when byte_size(Data) < Count, Data =/= <<>> -> skip(Count - byte_size(Data), S1);
        {{error, _}, _} = Failed -> Failed;
        {eof, S1} -> {{ok, At}, S1};
        {{ok, _}, #reader{at = There} = S1} -> {{ok, There}, S1}
    end.

%%% Writing

write(Bytes, #writer{handle = Handle, z = Z, at = At} = S) ->
    {muster_file:write(Handle, zlib:deflate(Z, Bytes)), S#writer{at = At + byte_size(Bytes)}}.

forward(Place, #writer{at = At} = S) when Place < At -> {{error, einval}, S};
forward(Place, #writer{at = At} = S) ->
    case write(<<0:(Place - At)/unit:8>>, S) of
        {ok, S1} -> {{ok, Place}, S1};
        Failed -> Failed
    end.
