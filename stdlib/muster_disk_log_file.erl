%% One file of a disk log: how items lie in it. An internal file begins with eight bytes, of which the last four
%% say whether it was closed; each item then has its size (32 bits, of the term alone), a mark, and when it is
%% large its MD5 sum. An external file is the items' bytes and nothing else.
-module(muster_disk_log_file).
-export([create/3, open/4, was_closed/1, close/1, write/2, framed/2, size_framed/2, read/4]).
-export_type([file/0]).

-type file() :: #{fd := file:fd(), path := file:filename(), format := disk_log:dlog_format(), at := non_neg_integer(),
                  mode := disk_log:dlog_mode()}.

-define(START, 1, 2, 3, 4).
-define(OPENED, 6, 7, 8, 9).
-define(CLOSED, 99, 88, 77, 11).
-define(HEADER_BYTES, 8).
-define(MARK, 98, 87, 76, 65).
-define(OLD_MARK, 12, 33, 44, 55). % of items without sums
-define(LARGE, 65528). % from this size on there is a sum
-define(BLOCK, 65536).

%% An empty file in the place of whatever is there, and Head in it.
-spec create(file:filename(), disk_log:dlog_format(), [binary()]) -> {ok, file()} | {error, term()}.
create(Path, Format, Head) ->
    case file:open(Path, [read, write, raw, binary]) of
        {ok, Fd} ->
            Start = case Format of
                        internal -> <<?START, ?OPENED>>;
                        external -> <<>>
                    end,
            Bytes = [Start | framed(Format, Head)],
            maybe
                ok ?= replaceable(Fd, Format),
                {ok, 0} ?= file:position(Fd, 0),
                ok ?= file:truncate(Fd),
                ok ?= file:pwrite(Fd, 0, Bytes),
                {ok, #{fd => Fd, path => Path, format => Format, at => iolist_size(Bytes), mode => read_write}}
            else
                {error, not_a_log_file} ->
                    _ = file:close(Fd),
                    {error, {not_a_log_file, Path}};
                {error, Reason} ->
                    _ = file:close(Fd),
                    {error, {file_error, Path, Reason}}
            end;
        {error, Reason} -> {error, {file_error, Path, Reason}}
    end.

%% What is no log is not overwritten by one.
replaceable(_, external) -> ok;
replaceable(Fd, internal) ->
    case file:pread(Fd, 0, 4) of
        {ok, <<?START>>} -> ok;
        eof -> ok;
        {ok, _} -> {error, not_a_log_file};
        Error -> Error
    end.

%% A file that is there. Repair: what to do with one that was not closed. Second: how many items were saved and how many
%% bytes were not, of one that was repaired.
-spec open(file:filename(), disk_log:dlog_format(), disk_log:dlog_mode(), Repair :: boolean()) ->
          {ok, file(), closed | {repaired, non_neg_integer(), non_neg_integer()}} | {error, term()}.
open(Path, Format, Mode, Repair) ->
    Modes = case Mode of
                read_write -> [read, write, raw, binary];
                read_only -> [read, raw, binary]
            end,
    %% Opening for writing would make it.
    case filelib:is_regular(Path) andalso file:open(Path, Modes) of
        {ok, Fd} ->
            {ok, Size} = file:position(Fd, eof),
            File = #{fd => Fd, path => Path, format => Format, at => Size, mode => Mode},
            case opened(File, Format, Mode, Repair) of
                {error, _} = Error ->
                    _ = file:close(Fd),
                    Error;
                Opened -> Opened
            end;
        {error, Reason} -> {error, {file_error, Path, Reason}};
        false ->
            {error, Reason} = case file:read_file_info(Path) of
                                  {ok, _} -> {error, eisdir};
                                  Missing -> Missing
                              end,
            {error, {file_error, Path, Reason}}
    end.

%% Also when there is none.
-spec was_closed(file:filename()) -> boolean().
was_closed(Path) ->
    case file:open(Path, [read, raw, binary]) of
        {ok, Fd} ->
            Start = file:read(Fd, ?HEADER_BYTES),
            _ = file:close(Fd),
            Start =/= {ok, <<?START, ?OPENED>>};
        {error, _} -> true
    end.

opened(File, external, _, _) -> {ok, File, closed};
opened(#{fd := Fd, path := Path} = File, internal, Mode, Repair) ->
    case file:pread(Fd, 0, ?HEADER_BYTES) of
        {ok, <<?START, ?CLOSED>>} when Mode =:= read_only -> {ok, File, closed};
        {ok, <<?START, ?OPENED>>} when Mode =:= read_only -> {ok, File, closed};
        {ok, <<?START, ?CLOSED>>} -> marked(File, {ok, File, closed});
        {ok, <<?START, ?OPENED>>} when Repair -> repaired(File);
        {ok, <<?START, ?OPENED>>} -> {error, {need_repair, Path}};
        {error, Reason} -> {error, {file_error, Path, Reason}};
        _ -> {error, {not_a_log_file, Path}}
    end.

marked(#{fd := Fd, path := Path}, Result) ->
    case file:pwrite(Fd, 0, <<?START, ?OPENED>>) of
        ok -> Result;
        {error, Reason} -> {error, {file_error, Path, Reason}}
    end.

%% Keeps the items that are whole. Where others lie between them, they are written to another file, which then
%% takes the name of this one; so nothing is lost if the machine dies meanwhile.
repaired(#{fd := Fd, path := Path, at := Size} = File) ->
    case survey(Fd, ?HEADER_BYTES, 0, 0, ?HEADER_BYTES) of
        {Count, 0, _} -> {ok, File, {repaired, Count, 0}};
        {Count, Bad, End} when End + Bad =:= Size ->
            {ok, End} = file:position(Fd, End),
            case file:truncate(Fd) of
                ok -> {ok, File#{at := End}, {repaired, Count, Bad}};
                {error, Reason} -> {error, {file_error, Path, Reason}}
            end;
        {Count, Bad, _} ->
            case copied(Fd, Path ++ ".TMP") of
                {ok, Copy} ->
                    _ = file:close(Fd),
                    case file:rename(Path ++ ".TMP", Path) of
                        ok -> {ok, Copy#{path := Path}, {repaired, Count, Bad}};
                        {error, Reason} -> {error, {file_error, Path, Reason}}
                    end;
                Error -> Error
            end
    end.

%% How many items, how many bytes are none, and where the last whole item ends when all that is bad comes after it.
survey(Fd, At, Count, Bad, End) ->
    case whole_items(Fd, At) of
        eof -> {Count, Bad, End};
        {Items, Skipped, Next} ->
            NewEnd = case Items of
                         [] -> End;
                         _ -> Next
                     end,
            survey(Fd, Next, Count + length(Items), Bad + Skipped, NewEnd)
    end.

copied(Fd, Path) ->
    case create(Path, internal, []) of
        {ok, Copy} -> copied(Fd, ?HEADER_BYTES, Copy);
        Error -> Error
    end.

copied(Fd, At, Copy) ->
    case whole_items(Fd, At) of
        eof -> {ok, Copy};
        {Items, _, Next} ->
            case write(Copy, framed(internal, Items)) of
                {ok, More} -> copied(Fd, Next, More);
                {error, _} = Error -> Error
            end
    end.

%% Items that are terms, from the next block; what is none counts as skipped.
whole_items(Fd, At) ->
    case items(Fd, At, skip) of
        eof -> eof;
        {Items, Skipped, Next} ->
            {Good, Bad} = lists:partition(fun is_term/1, Items),
            {Good, lists:sum([byte_size(iolist_to_binary(framed(internal, [Item]))) || Item <- Bad]) + Skipped, Next}
    end.

is_term(Bytes) ->
    try binary_to_term(Bytes) of
        _ -> true
    catch
        error:badarg -> false
    end.

-spec close(file()) -> ok | {error, term()}.
close(#{fd := Fd, path := Path, format := Format, mode := Mode}) ->
    Marked = case {Format, Mode} of
                 {internal, read_write} -> file:pwrite(Fd, 4, <<?CLOSED>>);
                 _ -> ok
             end,
    case {Marked, file:close(Fd)} of
        {ok, ok} -> ok;
        {{error, Reason}, _} -> {error, {file_error, Path, Reason}};
        {_, {error, Reason}} -> {error, {file_error, Path, Reason}}
    end.

-spec write(file(), iodata()) -> {ok, file()} | {error, term()}.
write(#{fd := Fd, path := Path, at := At} = File, Bytes) ->
    case file:pwrite(Fd, At, Bytes) of
        ok -> {ok, File#{at := At + iolist_size(Bytes)}};
        {error, Reason} -> {error, {file_error, Path, Reason}}
    end.

%% As they lie in the file.
-spec framed(disk_log:dlog_format(), [binary()]) -> iodata().
framed(external, Items) -> Items;
framed(internal, Items) -> [framed(Item) || Item <- Items].

framed(Item) when byte_size(Item) < ?LARGE -> [<<(byte_size(Item)):32, ?MARK>>, Item];
framed(Item) -> [<<(byte_size(Item)):32, ?MARK>>, erlang:md5(Item), Item].

-spec size_framed(disk_log:dlog_format(), binary()) -> non_neg_integer().
size_framed(external, Item) -> byte_size(Item);
size_framed(internal, Item) when byte_size(Item) < ?LARGE -> 8 + byte_size(Item);
size_framed(internal, Item) -> 24 + byte_size(Item).

%% The items of the block at a place: {Items, Bytes between them that are none, where the next one is}.
%% Broken: `skip` leaves out what is no item, `fail` answers with an error.
-spec read(file:fd(), file:filename(), non_neg_integer(), skip | fail) ->
          {[binary()], non_neg_integer(), non_neg_integer()} | eof | {error, term()}.
read(Fd, Path, At, Broken) ->
    case items(Fd, max(At, ?HEADER_BYTES), Broken) of
        broken -> {error, {corrupt_log_file, Path}};
        Result -> Result
    end.

items(Fd, At, Broken) ->
    case file:pread(Fd, At, ?BLOCK) of
        {ok, Bytes} -> items(Bytes, Fd, At, Broken, [], 0);
        eof -> eof;
        {error, _} -> eof
    end.

items(<<Size:32, ?MARK, Item:Size/binary, Rest/binary>>, Fd, At, Broken, Items, Bad) when Size < ?LARGE ->
    items(Rest, Fd, At + 8 + Size, Broken, [Item | Items], Bad);
items(<<Size:32, ?OLD_MARK, Item:Size/binary, Rest/binary>>, Fd, At, Broken, Items, Bad) ->
    items(Rest, Fd, At + 8 + Size, Broken, [Item | Items], Bad);
%% What is left of the block is for the next time, then from its beginning.
items(_, _, At, _, [_ | _] = Items, Bad) -> {lists:reverse(Items), Bad, At};
items(<<Size:32, ?MARK, _/binary>> = Start, Fd, At, Broken, [], Bad) ->
    Sum = case Size < ?LARGE of
              true -> 0;
              false -> 16
          end,
    case pread_whole(Fd, At + 8, Size + Sum) of
        {ok, <<Md5:Sum/binary, Item/binary>>} ->
            case Sum =:= 0 orelse erlang:md5(Item) =:= Md5 of
                true -> {[Item], Bad, At + 8 + Sum + Size};
                false -> skipped(Start, Fd, At, Broken, Bad)
            end;
        short -> skipped(Start, Fd, At, Broken, Bad)
    end;
items(Start, Fd, At, Broken, [], Bad) -> skipped(Start, Fd, At, Broken, Bad).

%% No more memory for an item than the file is long.
pread_whole(Fd, At, Size) ->
    {ok, End} = file:position(Fd, eof),
    case At + Size =< End andalso file:pread(Fd, At, Size) of
        {ok, Bytes} when byte_size(Bytes) =:= Size -> {ok, Bytes};
        _ -> short
    end.

%% To the next mark, or to the end of the block, less what may be the beginning of one.
skipped(_, _, _, fail, _) -> broken;
skipped(Bytes, Fd, At, skip, Bad) ->
    Size = byte_size(Bytes),
    Skip = case binary:match(Bytes, <<?MARK>>, [{scope, {min(5, Size), max(0, Size - 5)}}]) of
               {Place, _} -> Place - 4;
               nomatch when Size < ?BLOCK -> Size;
               nomatch -> Size - 7
           end,
    case Bytes of
        <<_:Skip/binary>> -> {[], Bad + Skip, At + Skip};
        <<_:Skip/binary, Rest/binary>> -> items(Rest, Fd, At + Skip, skip, [], Bad + Skip)
    end.
