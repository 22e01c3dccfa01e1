%% Archives of zip, of up to four gigabytes: what is written is stored or deflated, what is read is that.
%% Encrypted archives, zip64 and other methods are refused.
%%
%% An archive is read by its directory, which lies at the end. Nothing is extracted outside the directory
%% asked for.
-module(zip).

-export([create/2, create/3, zip/2, zip/3, extract/1, extract/2, unzip/1, unzip/2, list_dir/1, list_dir/2,
         table/1, table/2, t/1, tt/1, foldl/3]).
-export([zip_open/1, zip_open/2, zip_get/1, zip_get/2, zip_get_crc32/2, zip_list_dir/1, zip_close/1]).
-export_type([create_option/0, filename/0, handle/0, zip_comment/0, zip_file/0]).

-include_lib("kernel/include/file.hrl").
-include_lib("stdlib/include/zip.hrl").

-type filename() :: file:filename().
-type zip_comment() :: #zip_comment{}.
-type zip_file() :: #zip_file{}.
-type what() :: all | [string()] | {add, [string()]} | {del, [string()]}.
-type create_option() :: memory | cooked | verbose | {comment, string()} | {cwd, filename()} |
                         {compress, what()} | {uncompress, what()}.
-type extract_option() :: {file_list, [filename()]} | {file_filter, fun((zip_file()) -> boolean())} |
                          keep_old_files | verbose | memory | cooked | {cwd, filename()}.
-type archive() :: filename() | binary().
-opaque handle() :: pid().

%% Of an entry: what both of its headers say.
-record(entry, {name :: string(), method = 0 :: 0 | 8, flags = 0 :: integer(), crc = 0 :: integer(),
                packed = 0 :: integer(), size = 0 :: integer(), mtime :: calendar:datetime(),
                mode :: integer() | unknown, offset = 0 :: integer(), comment = "" :: string()}).
%% at: where what is written next will lie.
-record(out, {file, at = 0 :: non_neg_integer(), entries = [] :: [#entry{}], options = []}).

-define(LOCAL, 16#04034b50).
-define(CENTRAL, 16#02014b50).
-define(END, 16#06054b50).
-define(UTF8, 16#0800).
-define(UNIX, 3).
-define(PACKED, [".Z", ".zip", ".zoo", ".arc", ".lzh", ".arj"]).

%%% Writing

%% Makes an archive of files and {Name, Bytes}.
-spec create(filename(), [filename() | {filename(), binary()} | {filename(), binary(), file:file_info()}]) ->
          {ok, filename() | {filename(), binary()}} | {error, term()}.
create(Name, Files) -> create(Name, Files, []).

-spec create(filename(), [filename() | {filename(), binary()} | {filename(), binary(), file:file_info()}],
             [create_option()]) -> {ok, filename() | {filename(), binary()}} | {error, term()}.
create(Name, Files, Options) when is_list(Files), is_list(Options) ->
    attempt(fun() ->
        _ = [is_create_option(O) orelse throw({error, {bad_option, O}}) || O <- Options],
        case lists:member(memory, Options) of
            true -> {ok, {Name, iolist_to_binary(write_all(Files, [], Options))}};
            false ->
                {ok, File} = known(file:open(Name, [write, raw, binary])),
                try write_all(Files, File, Options) after file:close(File) end,
                {ok, Name}
        end
    end).

%% Makes an archive of files and {Name, Bytes}.
-spec zip(filename(), list()) -> {ok, filename() | {filename(), binary()}} | {error, term()}.
zip(Name, Files) -> create(Name, Files).

-spec zip(filename(), list(), [create_option()]) ->
          {ok, filename() | {filename(), binary()}} | {error, term()}.
zip(Name, Files, Options) -> create(Name, Files, Options).

is_create_option({comment, _}) -> true;
is_create_option({cwd, _}) -> true;
is_create_option({compress, _}) -> true;
is_create_option({uncompress, _}) -> true;
is_create_option(Option) -> lists:member(Option, [memory, cooked, verbose]).

%% To an open file, or to a list.
write_all(Files, To, Options) ->
    Out = lists:foldl(fun add/2, #out{file = To, options = Options}, Files),
    Entries = lists:reverse(Out#out.entries),
    Directory = iolist_to_binary([central(Entry) || Entry <- Entries]),
    Comment = iolist_to_binary(proplists:get_value(comment, Options, "")),
    Count = length(Entries),
    End = <<?END:32/little, 0:16, 0:16, Count:16/little, Count:16/little,
            (byte_size(Directory)):32/little, (Out#out.at):32/little, (byte_size(Comment)):16/little, Comment/binary>>,
    (put_bytes([Directory, End], Out))#out.file.

add({Name, Bytes}, Out) when is_binary(Bytes) ->
    add_bytes(Name, Bytes, calendar:local_time(), 8#100644, Out);
add({Name, Bytes, #file_info{mtime = Mtime, mode = Mode}}, Out) when is_binary(Bytes) ->
    add_bytes(Name, Bytes, Mtime, Mode, Out);
add(Name, #out{options = Options} = Out) ->
    Path = in_directory(Name, Options),
    {ok, #file_info{type = Type, mtime = Mtime, mode = Mode}} = known(file:read_file_info(Path)),
    case Type of
        directory ->
            Below = add_bytes(Name ++ "/", <<>>, Mtime, Mode, Out),
            {ok, Names} = known(file:list_dir(Path)),
            lists:foldl(fun(N, Acc) -> add(filename:join(Name, N), Acc) end, Below, lists:sort(Names));
        _ ->
            {ok, Bytes} = known(file:read_file(Path)),
            add_bytes(Name, Bytes, Mtime, Mode, Out)
    end.

add_bytes(Name, Bytes, Mtime, Mode, #out{at = At, entries = Entries, options = Options} = Out) ->
    told("adding: ~tp~n", [Name], Options),
    {Method, Data} = pack(filename:extension(Name), Bytes, Options),
    Entry = #entry{name = Name, method = Method, flags = ?UTF8, crc = erlang:crc32(Bytes),
                   packed = byte_size(Data), size = byte_size(Bytes), mtime = Mtime, mode = Mode, offset = At},
    put_bytes([local(Entry), Data], Out#out{entries = [Entry | Entries]}).

%% What does not become shorter stays as it is.
pack(Extension, Bytes, Options) ->
    case is_to_pack(Extension, Options) of
        true ->
            case zlib:zip(Bytes) of
                Short when byte_size(Short) < byte_size(Bytes) -> {8, Short};
                _ -> {0, Bytes}
            end;
        false -> {0, Bytes}
    end.

is_to_pack(Extension, Options) ->
    chosen(Extension, proplists:get_all_values(compress, Options), all)
        andalso not chosen(Extension, proplists:get_all_values(uncompress, Options), ?PACKED).

chosen(_, [], all) -> true;
chosen(Extension, [], List) -> lists:member(Extension, List);
chosen(_, [all | _], _) -> true;
chosen(Extension, [{add, More} | Rest], all) -> lists:member(Extension, More) orelse chosen(Extension, Rest, all);
chosen(Extension, [{add, More} | Rest], List) -> chosen(Extension, Rest, More ++ List);
chosen(Extension, [{del, Some} | Rest], all) -> not lists:member(Extension, Some) andalso chosen(Extension, Rest, all);
chosen(Extension, [{del, Some} | Rest], List) -> chosen(Extension, Rest, List -- Some);
chosen(Extension, [List | Rest], _) -> chosen(Extension, Rest, List).

put_bytes(Bytes, #out{file = Before, at = At} = Out) when is_list(Before) ->
    Out#out{file = [Before, Bytes], at = At + iolist_size(Bytes)};
put_bytes(Bytes, #out{file = File, at = At} = Out) ->
    known(file:write(File, Bytes)),
    Out#out{at = At + iolist_size(Bytes)}.

local(#entry{name = Name, method = Method, flags = Flags, crc = Crc, packed = Packed, size = Size, mtime = Mtime}) ->
    Bytes = unicode:characters_to_binary(Name),
    {Time, Date} = to_dos(Mtime),
    [<<?LOCAL:32/little, 20:16/little, Flags:16/little, Method:16/little, Time:16/little, Date:16/little,
       Crc:32/little, Packed:32/little, Size:32/little, (byte_size(Bytes)):16/little, 0:16>>, Bytes].

central(#entry{name = Name, method = Method, flags = Flags, crc = Crc, packed = Packed, size = Size, mtime = Mtime,
               mode = Mode, offset = At}) ->
    Bytes = unicode:characters_to_binary(Name),
    {Time, Date} = to_dos(Mtime),
    [<<?CENTRAL:32/little, 20, ?UNIX, 20:16/little, Flags:16/little, Method:16/little, Time:16/little,
       Date:16/little, Crc:32/little, Packed:32/little, Size:32/little, (byte_size(Bytes)):16/little, 0:16, 0:16,
       0:16, 0:16, (Mode bsl 16):32/little, At:32/little>>, Bytes].

%% Local times of two seconds, from 1980 on.
to_dos({{Year, Month, Day}, {Hour, Minute, Second}}) when Year >= 1980 ->
    {(Hour bsl 11) bor (Minute bsl 5) bor (Second div 2), ((Year - 1980) bsl 9) bor (Month bsl 5) bor Day};
to_dos(_) -> {0, (1 bsl 5) bor 1}.

from_dos(Time, Date) ->
    {{1980 + (Date bsr 9), max(1, (Date bsr 5) band 15), max(1, Date band 31)},
     {(Time bsr 11) band 31, (Time bsr 5) band 63, (Time band 31) * 2}}.

%%% Reading

%% Writes what an archive has into files, or answers it with memory.
-spec extract(archive()) -> {ok, [filename() | {filename(), binary()}]} | {error, term()}.
extract(Archive) -> extract(Archive, []).

%% With `memory`, {Name, Bytes} of each file.
-spec extract(archive(), [extract_option()]) -> {ok, [filename() | {filename(), binary()}]} | {error, term()}.
extract(Archive, Options) when is_list(Options) ->
    attempt(fun() ->
        _ = [is_extract_option(O) orelse throw({error, {bad_option, O}}) || O <- Options],
        Wanted = wanted(Options),
        with_archive(Archive, fun(File, Entries, _) ->
            {ok, lists:append([extract_entry(File, Entry, Options) || Entry <- Entries, Wanted(Entry)])}
        end)
    end).

%% Writes what an archive has into files, or answers it with memory.
-spec unzip(archive()) -> {ok, [filename() | {filename(), binary()}]} | {error, term()}.
unzip(Archive) -> extract(Archive).
-spec unzip(archive(), [extract_option()]) -> {ok, [filename() | {filename(), binary()}]} | {error, term()}.
unzip(Archive, Options) -> extract(Archive, Options).

is_extract_option({file_list, _}) -> true;
is_extract_option({file_filter, Fun}) -> is_function(Fun, 1);
is_extract_option({cwd, _}) -> true;
is_extract_option(Option) -> lists:member(Option, [keep_old_files, verbose, memory, cooked]).

wanted(Options) ->
    List = proplists:get_value(file_list, Options, all),
    Filter = proplists:get_value(file_filter, Options, fun(_) -> true end),
    fun(#entry{name = Name} = Entry) ->
            (List =:= all orelse lists:member(Name, List)) andalso Filter(shown(Entry))
    end.

extract_entry(File, #entry{name = Name} = Entry, Options) ->
    Memory = lists:member(memory, Options),
    Directory = lists:last(Name) =:= $/,
    Cwd = proplists:get_value(cwd, Options, "."),
    Path = case Memory of
               true -> Name;
               false -> in_directory(inside(Name, Cwd), Options)
           end,
    Skip = not Memory andalso lists:member(keep_old_files, Options) andalso filelib:is_file(Path),
    if
        Memory, Directory -> [];
        Memory ->
            told("extracting: ~tp~n", [Name], Options),
            [{Name, contents(File, Entry)}];
        Skip -> [];
        true ->
            told("extracting: ~tp~n", [Name], Options),
            known(filelib:ensure_dir(Path)),
            write_entry(File, Entry, Directory, Path)
    end.

%% The name of an entry's file, which lies in Cwd whatever the archive says.
inside(Name, Cwd) ->
    Relative = case filename:split(Name) of
                   ["/" | [_ | _] = Parts] -> filename:join(Parts);
                   _ -> Name
               end,
    case filelib:safe_relative_path(Relative, Cwd) of
        unsafe ->
            io:format("Illegal path: ~ts, extracting in ~ts~n", [Name, Cwd]),
            filename:basename(Name);
        _ -> Relative
    end.

write_entry(_, _, true, _) -> [];
write_entry(File, #entry{mode = Mode, mtime = Mtime} = Entry, false, Path) ->
    Bytes = contents(File, Entry),
    _ = file:delete(Path), % it may be a link
    known(file:write_file(Path, Bytes)),
    Info = #file_info{mtime = Mtime, mode = if Mode =:= unknown -> undefined; true -> Mode band 8#777 end},
    _ = file:write_file_info(Path, Info),
    [Path].

contents(File, #entry{name = Name, method = Method, flags = Flags, crc = Crc, packed = Packed, size = Size,
                      offset = At} = Entry) ->
    Flags band 1 =:= 0 orelse throw({error, {encrypted, Name}}),
    case pread(File, At, 30) of
        <<?LOCAL:32/little, _:16, Local:20/binary, NameSize:16/little, ExtraSize:16/little>> ->
            agrees(Local, Entry),
            Data = pread(File, At + 30 + NameSize + ExtraSize, Packed),
            Bytes = try unpack(Method, Data)
                    catch error:_ -> throw({error, {bad_data, Name}})
                    end,
            byte_size(Bytes) =:= Size andalso erlang:crc32(Bytes) =:= Crc orelse throw({error, {bad_crc, Name}}),
            Bytes;
        _ -> throw({error, bad_local_file_header})
    end.

%% What stands before the data says the same as the directory, unless it says (bit 3) that it did not know yet.
agrees(<<Flags:16/little, Method:16/little, _/binary>>, #entry{method = Method}) when Flags band 8 =/= 0 -> ok;
agrees(<<_:16, Method:16/little, _:32, Crc:32/little, Packed:32/little, Size:32/little>>,
       #entry{name = Name, method = Method, packed = Packed, size = Size, crc = Expected}) ->
    Crc =:= Expected orelse throw({error, {bad_crc, Name}});
agrees(_, _) -> throw({error, bad_file_header}).

unpack(0, Data) -> Data;
unpack(8, Data) -> zlib:unzip(Data);
unpack(Method, _) -> throw({error, {bad_method, Method}}).

%% Name and information of each file in an archive.
-spec list_dir(archive()) -> {ok, [zip_comment() | zip_file()]} | {error, term()}.
list_dir(Archive) -> list_dir(Archive, []).

-spec list_dir(archive(), [cooked | names_only]) ->
          {ok, [zip_comment() | zip_file()] | [filename()]} | {error, term()}.
list_dir(Archive, Options) when is_list(Options) ->
    attempt(fun() ->
        with_archive(Archive, fun(_, Entries, Comment) -> {ok, directory(Entries, Comment, Options)} end)
    end).

directory(Entries, Comment, Options) ->
    case lists:member(names_only, Options) of
        true -> [Name || #entry{name = Name} <- Entries];
        false -> [#zip_comment{comment = Comment} | [shown(Entry) || Entry <- Entries]]
    end.

shown(#entry{name = Name, packed = Packed, size = Size, mtime = Mtime, mode = Mode, offset = At, comment = Comment}) ->
    Type = case lists:last(Name) of
               $/ -> directory;
               _ -> regular
           end,
    Info = #file_info{size = Size, type = Type, access = read_write, atime = Mtime, mtime = Mtime, ctime = Mtime,
                      mode = if Mode =:= unknown -> 8#66; true -> Mode end, links = 1, major_device = 0,
                      minor_device = 0, inode = 0, uid = 0, gid = 0},
    #zip_file{name = Name, info = Info, comment = Comment, offset = At, comp_size = Packed}.

%% Name and information of each file in an archive.
-spec table(archive()) -> {ok, [zip_comment() | zip_file()]} | {error, term()}.
table(Archive) -> list_dir(Archive).
-spec table(archive(), [cooked | names_only]) ->
          {ok, [zip_comment() | zip_file()] | [filename()]} | {error, term()}.
table(Archive, Options) -> list_dir(Archive, Options).

%% Prints the names.
-spec t(archive() | handle()) -> ok | {error, term()}.
t(Archive) -> print(Archive, fun(#zip_file{name = Name}) -> io:format("~ts\n", [Name]) end).

%% Prints names and more.
-spec tt(archive() | handle()) -> ok | {error, term()}.
tt(Archive) ->
    print(Archive, fun(#zip_file{name = Name, comp_size = Packed, info = #file_info{size = Size, mtime = Mtime}}) ->
        {{Year, Month, Day}, {Hour, Minute, _}} = Mtime,
        Percent = if
                      Packed >= Size; Size =:= 0 -> "**%";
                      true -> io_lib:format("~2w%", [Packed * 100 div Size])
                  end,
        io:format("~8w ~s ~2w ~2..0w:~2..0w ~w ~8w ~s ~ts \n",
                  [Packed, month(Month), Day, Hour, Minute, Year, Size, Percent, Name])
    end).

print(Archive, Fun) ->
    Listed = if is_pid(Archive) -> zip_list_dir(Archive); true -> list_dir(Archive) end,
    case Listed of
        {ok, [_ | Files]} -> lists:foreach(Fun, Files);
        Error -> Error
    end.

month(N) -> lists:nth(N, ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]).

%% Fun(Name, GetInfo, GetBytes, Acc) for each entry.
-spec foldl(fun((filename(), fun(() -> file:file_info()), fun(() -> binary()), Acc) -> Acc), Acc,
            archive() | {filename(), binary()}) -> {ok, Acc} | {error, term()} when Acc :: term().
foldl(Fun, Acc, {_, Bytes}) when is_binary(Bytes) -> foldl(Fun, Acc, Bytes);
foldl(Fun, Acc, Archive) when is_function(Fun, 4), is_list(Archive) orelse is_binary(Archive) ->
    attempt(fun() ->
        with_archive(Archive, fun(File, Entries, _) ->
            {ok, lists:foldl(fun(#entry{name = Name} = Entry, A) ->
                                     Info = fun() -> (shown(Entry))#zip_file.info end,
                                     Fun(Name, Info, fun() -> contents(File, Entry) end, A)
                             end, Acc, Entries)}
        end)
    end);
foldl(_, _, _) -> {error, einval}.

%%% The directory at the end

with_archive(Bytes, Fun) when is_binary(Bytes) ->
    {ok, File} = file:open(Bytes, [ram, read, binary]),
    with_file(File, Fun);
with_archive(Name, Fun) ->
    {ok, File} = known(file:open(Name, [read, raw, binary])),
    with_file(File, Fun).

with_file(File, Fun) ->
    try
        {Entries, Comment} = read_directory(File),
        Fun(File, Entries, Comment)
    after file:close(File)
    end.

read_directory(File) ->
    {ok, Size} = known(file:position(File, eof)),
    Tail = min(Size, 22 + 65535),
    {Count, Bytes, Comment} = find_end(pread(File, Size - Tail, Tail), Tail - 22, Size - Tail, File),
    {entries(Count, Bytes), Comment}.

find_end(_, At, _, _) when At < 0 -> throw({error, bad_eocd});
find_end(Tail, At, Base, File) ->
    case Tail of
        <<_:At/binary, ?END:32/little, _:32, _:16, Count:16/little, Size:32/little, Place:32/little,
          CommentSize:16/little, Comment:CommentSize/binary>> when Place + Size =< Base + At ->
            %% What stands before the archive moves all of it.
            Moved = Base + At - Size - Place,
            {Count, {Moved, pread(File, Place + Moved, Size)}, binary_to_list(Comment)};
        _ -> find_end(Tail, At - 1, Base, File)
    end.

entries(0, _) -> [];
entries(Count, {Moved, <<?CENTRAL:32/little, _Version, System, _:16, Flags:16/little, Method:16/little, Time:16/little,
                         Date:16/little, Crc:32/little, Packed:32/little, Size:32/little, NameSize:16/little,
                         ExtraSize:16/little, CommentSize:16/little, _:32, Attributes:32/little, Offset:32/little,
                         Name:NameSize/binary, _:ExtraSize/binary, Comment:CommentSize/binary, Rest/binary>>}) ->
    Mode = case {System, Attributes bsr 16} of
               {?UNIX, M} when M =/= 0 -> M;
               _ -> unknown
           end,
    [#entry{name = text(Name, Flags), method = Method, flags = Flags, crc = Crc, packed = Packed, size = Size,
            mtime = from_dos(Time, Date), mode = Mode, offset = Offset + Moved, comment = text(Comment, Flags)}
     | entries(Count - 1, {Moved, Rest})];
entries(_, _) -> throw({error, bad_central_directory}).

text(Bytes, Flags) when Flags band ?UTF8 =/= 0 ->
    case unicode:characters_to_list(Bytes) of
        Text when is_list(Text) -> Text;
        _ -> binary_to_list(Bytes)
    end;
text(Bytes, _) -> binary_to_list(Bytes).

pread(_, _, 0) -> <<>>;
pread(File, At, Size) ->
    case file:pread(File, At, Size) of
        {ok, Bytes} -> Bytes;
        eof -> <<>>;
        {error, _} = Error -> throw(Error)
    end.

%%% Open archives: a process, which ends with its owner

%% Opens an archive.
-spec zip_open(archive()) -> {ok, handle()} | {error, term()}.
zip_open(Archive) -> zip_open(Archive, []).

-spec zip_open(archive(), [cooked | memory | {cwd, filename()}]) -> {ok, handle()} | {error, term()}.
zip_open(Archive, Options) ->
    Owner = self(),
    {Pid, Ref} = spawn_monitor(fun() -> opened(Owner, Archive, Options) end),
    receive
        {Pid, Answer} ->
            demonitor(Ref, [flush]),
            Answer;
        {'DOWN', Ref, process, Pid, Reason} -> {error, Reason}
    end.

opened(Owner, Archive, Options) ->
    Result = attempt(fun() ->
        with_archive(Archive, fun(File, Entries, Comment) ->
            Monitor = monitor(process, Owner),
            Owner ! {self(), {ok, self()}},
            serve(Monitor, File, Entries, Comment, Options)
        end)
    end),
    case Result of
        closed -> ok;
        Error -> Owner ! {self(), Error}
    end.

serve(Monitor, File, Entries, Comment, Options) ->
    receive
        {'DOWN', Monitor, process, _, _} -> closed;
        {?MODULE, From, Ref, close} ->
            From ! {Ref, ok},
            closed;
        {?MODULE, From, Ref, Request} ->
            From ! {Ref, attempt(fun() -> asked(Request, File, Entries, Comment, Options) end)},
            serve(Monitor, File, Entries, Comment, Options)
    end.

asked(list, _, Entries, Comment, _) -> {ok, directory(Entries, Comment, [])};
asked(get, File, Entries, _, Options) ->
    {ok, lists:append([extract_entry(File, Entry, Options) || Entry <- Entries])};
asked({get, Name}, File, Entries, _, Options) ->
    case extract_entry(File, found(Name, Entries), Options) of
        [Result] -> {ok, Result};
        [] -> {ok, Name}
    end;
asked({crc, Name}, _, Entries, _, _) -> {ok, (found(Name, Entries))#entry.crc}.

found(Name, Entries) ->
    case lists:keyfind(Name, #entry.name, Entries) of
        false -> throw({error, file_not_found});
        Entry -> Entry
    end.

%% Extracts one file, or all, of an open archive.
-spec zip_get(handle()) -> {ok, [filename() | {filename(), binary()}]} | {error, term()}.
zip_get(Handle) -> ask(Handle, get).
-spec zip_get(filename(), handle()) -> {ok, filename() | {filename(), binary()}} | {error, term()}.
zip_get(Name, Handle) -> ask(Handle, {get, Name}).
%% The checksum of a file in an open archive.
-spec zip_get_crc32(filename(), handle()) -> {ok, non_neg_integer()} | {error, term()}.
zip_get_crc32(Name, Handle) -> ask(Handle, {crc, Name}).
%% As list_dir/1, of an open archive.
-spec zip_list_dir(handle()) -> {ok, [zip_comment() | zip_file()]} | {error, term()}.
zip_list_dir(Handle) -> ask(Handle, list).
%% Closes an archive.
-spec zip_close(handle()) -> ok | {error, einval}.
zip_close(Handle) -> ask(Handle, close).

ask(Handle, Request) when is_pid(Handle) ->
    Ref = monitor(process, Handle),
    Handle ! {?MODULE, self(), Ref, Request},
    receive
        {Ref, Answer} ->
            demonitor(Ref, [flush]),
            Answer;
        {'DOWN', Ref, process, _, _} -> {error, einval}
    end.

%%% Help

known({error, _} = Error) -> throw(Error);
known(Result) -> Result.

in_directory(Name, Options) ->
    case proplists:get_value(cwd, Options, "") of
        "" -> Name;
        Cwd -> filename:join(Cwd, Name)
    end.

told(Format, Args, Options) -> lists:member(verbose, Options) andalso io:format(Format, Args).

%% The value of Fun, or the error it throws.
attempt(Fun) ->
    try Fun() catch throw:{error, _} = Error -> Error end.
