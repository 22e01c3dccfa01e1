%% A muster_virtual_file in memory, as file:open/2 opens it with `ram`: its name is what it holds.
-module(muster_ram_file).

-export([open/2, request/2, close/1]).

-record(ram, {bytes :: binary(), at = 0 :: non_neg_integer(), readable :: boolean(),
              writable :: boolean()}).

-spec open(iodata(), [atom()]) -> {ok, #ram{}} | {error, badarg}.
open(Bytes, Flags) ->
    try iolist_to_binary(Bytes) of
        Binary ->
            Writable = lists:member(write, Flags),
            Readable = not Writable orelse lists:member(read, Flags),
            {ok, #ram{bytes = Binary, readable = Readable, writable = Writable}}
    catch
        error:badarg -> {error, badarg}
    end.

-spec close(#ram{}) -> ok.
close(_) -> ok.

-spec request(tuple() | atom(), #ram{}) -> {term(), #ram{}}.
request({position, From, Offset}, #ram{bytes = Bytes, at = At} = S) ->
    case Offset + case From of bof -> 0; cur -> At; eof -> byte_size(Bytes) end of
        Place when Place >= 0 -> {{ok, Place}, S#ram{at = Place}};
        _ -> {{error, einval}, S}
    end;
request(sync, S) -> {ok, S};
request({allocate, _, _}, S) -> {ok, S};
request({advise, _, _, _}, S) -> {ok, S};
request(handle_info, S) -> {{error, enotsup}, S};
request({write, New}, #ram{at = At, writable = true} = S) ->
    {ok, (put_at(At, New, S))#ram{at = At + byte_size(New)}};
request({pwrite, At, New}, #ram{writable = true} = S) -> {ok, put_at(At, New, S)};
request(truncate, #ram{at = At, writable = true} = S) ->
    #ram{bytes = Bytes} = Long = put_at(At, <<>>, S),
    {ok, Long#ram{bytes = binary:part(Bytes, 0, At)}};
request(Request, #ram{readable = true} = S) -> fetch(Request, S);
request(_, S) -> {{error, ebadf}, S}.

fetch({read, Count}, #ram{at = At} = S) ->
    case part(At, Count, S) of
        {ok, Bytes} -> {{ok, Bytes}, S#ram{at = At + byte_size(Bytes)}};
        eof -> {eof, S}
    end;
fetch({pread, At, Count}, S) -> {part(At, Count, S), S};
fetch(read_line, #ram{bytes = Bytes, at = At} = S) when At < byte_size(Bytes) ->
    End = case binary:match(Bytes, <<"\n">>, [{scope, {At, byte_size(Bytes) - At}}]) of
              {Place, 1} -> Place + 1;
              nomatch -> byte_size(Bytes)
          end,
    fetch({read, End - At}, S);
fetch(read_line, S) -> {eof, S};
fetch(_, S) -> {{error, ebadf}, S}.

part(_, 0, _) -> {ok, <<>>};
part(At, _, #ram{bytes = Bytes}) when At >= byte_size(Bytes) -> eof;
part(At, Count, #ram{bytes = Bytes}) ->
    {ok, binary:part(Bytes, At, min(Count, byte_size(Bytes) - At))}.

%% Zeros fill what lies between the end and the place. Appending is in place: what grows by small pieces
%% does not become quadratic.
put_at(At, New, #ram{bytes = Bytes} = S) ->
    After = At + byte_size(New),
    Together = case byte_size(Bytes) of
                   At -> <<Bytes/binary, New/binary>>;
                   Size when Size < At -> <<Bytes/binary, 0:(At - Size)/unit:8, New/binary>>;
                   Size when Size =< After -> <<(binary:part(Bytes, 0, At))/binary, New/binary>>;
                   Size ->
                       <<(binary:part(Bytes, 0, At))/binary, New/binary,
                         (binary:part(Bytes, After, Size - After))/binary>>
               end,
    S#ram{bytes = Together}.
