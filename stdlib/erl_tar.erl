%% Archives of tar. What is written is ustar, with an extended header (pax) before an entry for what does
%% not fit there; what is read is that and what other tars wrote: v7, GNU's long names, global headers.
%% Sparse files of GNU tar are not understood.
%%
%% An archive is read entry by entry and never held as a whole; data goes between files in pieces.
%% Nothing is extracted outside the directory asked for: neither by its name nor through a link.
-module(erl_tar).

-export([create/2, create/3, extract/1, extract/2, table/1, table/2, t/1, tt/1]).
-export([open/2, init/3, add/3, add/4, close/1, format_error/1]).
-export_type([tar_descriptor/0]).

-include_lib("kernel/include/file.hrl").

-type typeflag() :: regular | link | symlink | char | block | directory | fifo | reserved | unknown.
-type access() :: fun((write | position | read2 | close, term()) -> term()).

-record(tar, {mode :: read | write, access :: access(), handle :: term()}).
-record(entry, {name = "" :: string(), mode = 0 :: integer(), uid = 0 :: integer(), gid = 0 :: integer(),
                size = 0 :: integer(), mtime = 0 :: integer(), type = regular :: typeflag(),
                link = "" :: string(), major = 0 :: integer(), minor = 0 :: integer(),
                more = [] :: [{string(), iodata()}]}). % pax records that were asked for

-opaque tar_descriptor() :: #tar{}.
-type archive() :: file:filename_all() | {binary, binary()} | {file, file:io_device()} | tar_descriptor().
-type extract_option() :: {cwd, string()} | {files, [string()]} | compressed | cooked | memory |
                          keep_old_files | verbose.
-type add_option() :: dereference | verbose | {chunks, pos_integer()} | {atime | mtime | ctime, integer()} |
                      {uid | gid, non_neg_integer()}.
-type create_option() :: compressed | cooked | dereference | verbose.

-define(BLOCK, 512).
-define(PIECE, 65536).
-define(NUMBER_7, 8#7777777). % the largest that fits in a field of eight characters
-define(NUMBER_11, 8#77777777777).

%%% Writing

%% Makes an archive of files and {Name, Bytes}.
-spec create(file:filename_all(), [string() | {string(), file:filename_all() | binary()}]) ->
          ok | {error, term()}.
create(Name, Files) -> create(Name, Files, []).

-spec create(file:filename_all(), [string() | {string(), file:filename_all() | binary()}], [create_option()]) ->
          ok | {error, term()}.
create(Name, Files, Options) when is_list(Name); is_binary(Name) ->
    case open(Name, [write | [O || O <- Options, O =:= compressed orelse O =:= cooked]]) of
        {ok, Tar} ->
            Added = add_all(Files, Tar, Options),
            Closed = close(Tar),
            case Added of ok -> Closed; _ -> Added end;
        Error -> Error
    end.

add_all([], _, _) -> ok;
add_all([File | Rest], Tar, Options) ->
    Added = case File of
                {Name, What} -> add(Tar, What, Name, Options);
                Name -> add(Tar, Name, Options)
            end,
    case Added of
        ok -> add_all(Rest, Tar, Options);
        Error -> Error
    end.

%% With `write`, what add/3,4 adds to; with `read`, what can be extracted from. A file that is given is
%% closed when the archive is.
-spec open(archive(), [write | read | compressed | cooked]) -> {ok, tar_descriptor()} | {error, term()}.
open({binary, Bytes}, Modes) when is_binary(Bytes) ->
    Plain = case lists:member(compressed, Modes) of
                true -> unpacked(Bytes);
                false -> Bytes
            end,
    {ok, File} = file:open(Plain, [ram, read, binary]),
    {ok, #tar{mode = read, access = fun on_file/2, handle = File}};
open({file, _} = Handle, [Mode | _]) when Mode =:= compressed; Mode =:= cooked ->
    {error, {Handle, {incompatible_option, Mode}}};
open({file, _} = Handle, [Mode | Modes]) when Modes =/= [], Mode =:= read orelse Mode =:= write ->
    open(Handle, Modes ++ [Mode]);
open({file, File}, Modes) ->
    {ok, #tar{mode = mode(Modes), access = fun on_file/2, handle = File}};
open(Name, Modes) when is_list(Name); is_binary(Name) ->
    Raw = [raw || not lists:member(cooked, Modes)],
    case Modes -- [write, read, compressed, cooked] of
        [] ->
            Wanted = [mode(Modes), binary] ++ Raw ++ [compressed || lists:member(compressed, Modes)],
            case file:open(Name, Wanted) of
                {ok, File} -> {ok, #tar{mode = mode(Modes), access = fun on_file/2, handle = File}};
                {error, Reason} -> {error, {Name, Reason}}
            end;
        _ -> {error, {Name, einval}}
    end.

%% An archive may be filled up after its end. What is not compressed stays as it is.
unpacked(Bytes) ->
    Z = zlib:open(),
    try
        ok = zlib:inflateInit(Z, 16 + 15, cut),
        iolist_to_binary(zlib:inflate(Z, Bytes))
    catch
        error:_ -> Bytes
    after
        zlib:close(Z)
    end.

mode(Modes) ->
    case lists:member(write, Modes) of
        true -> write;
        false -> read
    end.

on_file(write, {File, Bytes}) -> file:write(File, Bytes);
on_file(position, {File, Place}) -> file:position(File, Place);
on_file(read2, {File, Size}) -> file:read(File, Size);
on_file(close, File) -> file:close(File).

%% An archive on something that Access reads and writes.
-spec init(Handle :: term(), read | write, access()) -> {ok, tar_descriptor()} | {error, badarg}.
init(Handle, Mode, Access) when Mode =:= read orelse Mode =:= write, is_function(Access, 2) ->
    {ok, #tar{mode = Mode, access = Access, handle = Handle}};
init(_, _, _) -> {error, badarg}.

%% Of what was written, whose end is marked first, or of what was read.
-spec close(tar_descriptor()) -> ok | {error, term()}.
close(#tar{mode = write} = Tar) ->
    Written = attempt(fun() -> put_bytes(Tar, <<0:(2 * ?BLOCK)/unit:8>>) end),
    case do(Tar, close) of
        ok -> Written;
        Error -> Error
    end;
close(#tar{mode = read} = Tar) -> do(Tar, close);
close(_) -> {error, einval}.

%% Adds a file to an open archive.
-spec add(tar_descriptor(), string() | {string(), file:filename_all() | binary()}, [add_option()]) ->
          ok | {error, term()}.
add(Tar, {Name, What}, Options) -> add(Tar, What, Name, Options);
add(Tar, Name, Options) when is_list(Name) -> add(Tar, Name, Name, Options).

%% A file, a directory with what is in it, or bytes, under a name.
-spec add(tar_descriptor(), file:filename_all() | binary(), string(), [add_option()]) -> ok | {error, term()}.
add(#tar{mode = write} = Tar, What, Name, Options) ->
    attempt(fun() -> add_entry(Tar, What, Name, Options) end);
add(_, _, _, _) -> {error, einval}.

add_entry(Tar, Bytes, Name, Options) when is_binary(Bytes) ->
    told("a ~ts~n", [Name], Options),
    Now = erlang:system_time(second),
    put_header(Tar, asked(Options, #entry{name = Name, mode = 8#100644, mtime = Now, size = byte_size(Bytes)})),
    put_bytes(Tar, [Bytes, padding(byte_size(Bytes))]);
add_entry(Tar, File, Name, Options) ->
    Read = case lists:member(dereference, Options) of
               true -> file:read_file_info(File, [{time, posix}]);
               false -> file:read_link_info(File, [{time, posix}])
           end,
    case Read of
        {ok, Info} ->
            told("a ~ts~n", [Name], Options),
            add_file(Tar, File, entry_of(Name, Info), Options);
        {error, Reason} -> throw({error, {File, Reason}})
    end.

entry_of(Name, #file_info{mode = Mode, uid = Uid, gid = Gid, mtime = Mtime, size = Size, type = Type}) ->
    #entry{name = Name, mode = Mode, uid = Uid, gid = Gid, mtime = Mtime, size = Size, type = Type}.

add_file(Tar, File, #entry{type = regular, size = Size} = Entry, Options) ->
    put_header(Tar, asked(Options, Entry)),
    case file:open(File, [read, raw, binary]) of
        {ok, From} ->
            try copy_in(Tar, From, Size, proplists:get_value(chunks, Options, ?PIECE), File)
            after file:close(From)
            end,
            put_bytes(Tar, padding(Size));
        {error, Reason} -> throw({error, {File, Reason}})
    end;
add_file(Tar, File, #entry{type = symlink} = Entry, Options) ->
    {ok, To} = known(file:read_link(File), File),
    put_header(Tar, asked(Options, Entry#entry{size = 0, link = To}));
add_file(Tar, Dir, #entry{type = directory, name = Name} = Entry, Options) ->
    case known(file:list_dir(Dir), Dir) of
        {ok, []} -> put_header(Tar, asked(Options, Entry#entry{size = 0}));
        {ok, Names} ->
            [add_entry(Tar, filename:join(Dir, N), filename:join(Name, N), Options) || N <- Names],
            ok
    end;
add_file(_, File, _, _) -> throw({error, {File, einval}}). % a device, a pipe

%% A file that grows or shrinks meanwhile has the size that it had.
copy_in(_, _, 0, _, _) -> ok;
copy_in(Tar, From, Left, Piece, Name) ->
    case file:read(From, min(Left, Piece)) of
        {ok, Bytes} ->
            put_bytes(Tar, Bytes),
            copy_in(Tar, From, Left - byte_size(Bytes), Piece, Name);
        eof -> put_bytes(Tar, <<0:Left/unit:8>>);
        {error, Reason} -> throw({error, {Name, Reason}})
    end.

asked(Options, Entry) -> lists:foldl(fun asked_one/2, Entry, Options).

asked_one({mtime, Time}, E) -> E#entry{mtime = Time};
asked_one({uid, Id}, E) -> E#entry{uid = Id};
asked_one({gid, Id}, E) -> E#entry{gid = Id};
asked_one({Key, Time}, #entry{more = More} = E) when Key =:= atime; Key =:= ctime ->
    E#entry{more = [{atom_to_list(Key), integer_to_list(Time)} | More]};
asked_one(_, E) -> E.

%%% Headers that are written

put_header(Tar, #entry{type = Type, more = More} = Entry) ->
    Full = unicode:characters_to_binary(Entry#entry.name),
    Link = unicode:characters_to_binary(Entry#entry.link),
    Named = case Type of
                directory -> <<Full/binary, $/>>;
                _ -> Full
            end,
    {Prefix, Name, Long} = case split_name(Named) of
                               {P, N} -> {P, N, []};
                               too_long -> {<<>>, cut(Named), [{"path", Named}]}
                           end,
    Records = More ++ Long ++ [{"linkpath", Link} || byte_size(Link) > 100] ++
        [{Key, integer_to_list(N)} || {Key, N, Most} <- numbers(Entry), N < 0 orelse N > Most],
    Records =:= [] orelse put_records(Tar, Records, Entry),
    put_bytes(Tar, header(Entry, Prefix, Name, cut(Link), flag(Type))).

numbers(#entry{size = Size, mtime = Mtime, uid = Uid, gid = Gid}) ->
    [{"size", Size, ?NUMBER_11}, {"mtime", Mtime, ?NUMBER_11}, {"uid", Uid, ?NUMBER_7}, {"gid", Gid, ?NUMBER_7}].

%% Name and what stands before it, of which ustar has 100 and 155 bytes.
split_name(Name) when byte_size(Name) =< 100 -> {<<>>, Name};
split_name(Name) ->
    Slashes = [At || {At, 1} <- binary:matches(Name, <<"/">>), At > 0, At =< 155,
                     byte_size(Name) - At - 1 =< 100, At < byte_size(Name) - 1],
    case Slashes of
        [At | _] ->
            <<Prefix:At/binary, $/, Rest/binary>> = Name,
            {Prefix, Rest};
        [] -> too_long
    end.

cut(Bytes) -> binary:part(Bytes, 0, min(100, byte_size(Bytes))).

put_records(Tar, Records, #entry{name = Name, mtime = Mtime}) ->
    Text = iolist_to_binary([pax_record(Key, Value) || {Key, Value} <- Records]),
    Base = cut(unicode:characters_to_binary(filename:join("PaxHeaders", filename:basename(Name)))),
    Entry = #entry{mode = 8#644, mtime = Mtime, size = byte_size(Text)},
    put_bytes(Tar, [header(Entry, <<>>, Base, <<>>, $x), Text, padding(byte_size(Text))]).

%% "LENGTH KEY=VALUE\n", whose length counts its own digits.
pax_record(Key, Value) ->
    Rest = iolist_size([Key, Value]) + 3,
    Length = pax_length(Rest, Rest),
    [integer_to_list(Length), $\s, Key, $=, Value, $\n].

pax_length(Rest, Guess) ->
    case Rest + length(integer_to_list(Guess)) of
        Guess -> Guess;
        Other -> pax_length(Rest, Other)
    end.

header(#entry{mode = Mode, uid = Uid, gid = Gid, size = Size, mtime = Mtime, major = Major, minor = Minor},
       Prefix, Name, Link, Flag) ->
    Front = [field(Name, 100), octal(Mode, 8), octal(fitting(Uid, ?NUMBER_7), 8),
             octal(fitting(Gid, ?NUMBER_7), 8), octal(fitting(Size, ?NUMBER_11), 12),
             octal(fitting(Mtime, ?NUMBER_11), 12)],
    Back = [Flag, field(Link, 100), "ustar", 0, "00", <<0:64/unit:8>>, octal(Major, 8), octal(Minor, 8),
            field(Prefix, 155), <<0:12/unit:8>>],
    Sum = sum(iolist_to_binary([Front, "        ", Back])),
    [Front, octal(Sum, 7), $\s, Back].

fitting(N, Most) when N >= 0, N =< Most -> N;
fitting(_, _) -> 0.

field(Bytes, Size) -> [Bytes, <<0:(Size - byte_size(Bytes))/unit:8>>].

octal(N, Size) -> [string:right(integer_to_list(N, 8), Size - 1, $0), 0].

sum(Bytes) -> lists:sum(binary_to_list(Bytes)).

padding(Size) -> <<0:(-Size band (?BLOCK - 1))/unit:8>>.

put_bytes(#tar{access = Access, handle = Handle}, Bytes) ->
    case Access(write, {Handle, Bytes}) of
        ok -> ok;
        {error, _} = Error -> throw(Error)
    end.

do(#tar{access = Access, handle = Handle}, close) -> Access(close, Handle).

flag(regular) -> $0;
flag(symlink) -> $2;
flag(directory) -> $5.

%%% Reading

%% Writes what an archive has into files, or answers it with memory.
-spec extract(archive()) -> ok | {error, term()}.
extract(Archive) -> extract(Archive, []).

%% With `memory`, {ok, [{Name, Bytes}]} of the regular files.
-spec extract(archive(), [extract_option()]) -> ok | {ok, [{string(), binary()}]} | {error, term()}.
extract(Archive, Options) when is_list(Options) ->
    Memory = lists:member(memory, Options),
    Wanted = proplists:get_value(files, Options, all),
    Cwd = proplists:get_value(cwd, Options, "."),
    Fun = fun(#entry{name = Name} = Entry, Tar, Acc) ->
                  case Wanted =:= all orelse lists:member(Name, Wanted) of
                      false ->
                          skip(Tar, Entry#entry.size),
                          Acc;
                      true when Memory -> remember(Entry, Tar, Options, Acc);
                      true -> extract_entry(Entry, Tar, Cwd, Options, Acc)
                  end
          end,
    case fold(Archive, Options, Fun, []) of
        {ok, Files} when Memory -> {ok, lists:reverse(Files)};
        {ok, Directories} -> attempt(fun() -> lists:foreach(fun set_info/1, Directories) end);
        Error -> Error
    end.

%% The names of the files in an archive.
-spec table(archive()) -> {ok, [string()]} | {error, term()}.
table(Archive) -> table(Archive, []).

-spec table(archive(), [compressed | cooked | verbose]) -> {ok, [string() | tuple()]} | {error, term()}.
table(Archive, Options) when is_list(Options) ->
    Verbose = lists:member(verbose, Options),
    Fun = fun(#entry{name = Name} = Entry, Tar, Acc) ->
                  skip(Tar, Entry#entry.size),
                  [if Verbose -> row(Entry); true -> Name end | Acc]
          end,
    case fold(Archive, Options, Fun, []) of
        {ok, Rows} -> {ok, lists:reverse(Rows)};
        Error -> Error
    end.

row(#entry{name = Name, type = Type, size = Size, mtime = Mtime, mode = Mode, uid = Uid, gid = Gid}) ->
    {Name, Type, Size, Mtime, Mode, Uid, Gid}.

%% Prints the names.
-spec t(archive()) -> ok | {error, term()}.
t(Archive) -> printed(table(Archive), fun(Name) -> io:format("~ts\n", [Name]) end).

%% Prints names and more, as tar does.
-spec tt(archive()) -> ok | {error, term()}.
tt(Archive) -> printed(table(Archive, [verbose]), fun print_row/1).

printed({ok, Rows}, Fun) -> lists:foreach(Fun, Rows);
printed(Error, _) -> Error.

print_row({Name, Type, Size, Mtime, Mode, Uid, Gid}) ->
    {{Year, Month, Day}, {Hour, Minute, _}} =
        erlang:universaltime_to_localtime(erlang:posixtime_to_universaltime(Mtime)),
    io:format("~c~s ~4w/~-4w ~7w ~s ~2w ~2..0w:~2..0w ~w ~ts\n",
              [type_letter(Type), mode_text(Mode), Uid, Gid, Size, month(Month), Day, Hour, Minute, Year, Name]).

type_letter(regular) -> $-;
type_letter(directory) -> $d;
type_letter(link) -> $l;
type_letter(symlink) -> $s;
type_letter(char) -> $c;
type_letter(block) -> $b;
type_letter(fifo) -> $f;
type_letter(_) -> $?.

mode_text(Mode) ->
    [case (Mode bsr Bit) band 1 of 1 -> Letter; 0 -> $- end
     || {Bit, Letter} <- lists:zip(lists:seq(8, 0, -1), "rwxrwxrwx")].

month(N) -> lists:nth(N, ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]).

%% Fun(Entry, Tar, Acc), which also reads or skips the entry's data, for each entry.
fold(Archive, Options, Fun, Acc) ->
    Modes = [read | [O || O <- Options, O =:= compressed orelse O =:= cooked]],
    case Archive of
        #tar{mode = read} -> attempt(fun() -> {ok, fold_entries(Archive, #{}, Fun, Acc)} end);
        #tar{} -> {error, einval};
        _ ->
            case open(Archive, Modes) of
                {ok, Tar} ->
                    try attempt(fun() -> {ok, fold_entries(Tar, #{}, Fun, Acc)} end)
                    after close(Tar)
                    end;
                Error -> Error
            end
    end.

%% Global: pax records for all that follow.
fold_entries(Tar, Global, Fun, Acc) ->
    case next_header(Tar) of
        eof -> Acc;
        {$g, #entry{size = Size}} -> fold_entries(Tar, records(Tar, Size, Global), Fun, Acc);
        {Flag, Entry} ->
            Named = with_extensions(Tar, Flag, Entry, Global),
            fold_entries(Tar, Global, Fun, Fun(Named, Tar, Acc))
    end.

%% Headers that say something about the next one.
with_extensions(Tar, $x, #entry{size = Size}, Records) -> described(Tar, records(Tar, Size, Records));
with_extensions(Tar, $L, #entry{size = Size}, Records) ->
    described(Tar, Records#{"path" => long_name(Tar, Size)});
with_extensions(Tar, $K, #entry{size = Size}, Records) ->
    described(Tar, Records#{"linkpath" => long_name(Tar, Size)});
with_extensions(_, $S, _, _) -> throw({error, bad_header});
with_extensions(_, Flag, Entry, Records) -> typed(Flag, maps:fold(fun extended/3, Entry, Records)).

described(Tar, Records) ->
    case next_header(Tar) of
        eof -> throw({error, eof});
        {Flag, Entry} -> with_extensions(Tar, Flag, Entry, Records)
    end.

long_name(Tar, Size) ->
    [Name | _] = binary:split(data(Tar, Size), <<0>>),
    Name.

records(Tar, Size, Records) -> pax_records(data(Tar, Size), Records).

pax_records(<<>>, Records) -> Records;
pax_records(<<0, _/binary>>, Records) -> Records;
pax_records(Bytes, Records) ->
    try
        [Digits, _] = binary:split(Bytes, <<" ">>),
        Length = binary_to_integer(Digits),
        Start = byte_size(Digits) + 1,
        <<_:Start/binary, Record:(Length - Start - 1)/binary, $\n, Rest/binary>> = Bytes,
        [Key, Value] = binary:split(Record, <<"=">>),
        pax_records(Rest, Records#{binary_to_list(Key) => Value})
    catch
        error:_ -> throw({error, bad_header})
    end.

extended(_, <<>>, Entry) -> Entry;
extended("path", Value, Entry) -> Entry#entry{name = text(Value)};
extended("linkpath", Value, Entry) -> Entry#entry{link = text(Value)};
extended("size", Value, Entry) -> Entry#entry{size = whole(Value)};
extended("mtime", Value, Entry) -> Entry#entry{mtime = whole(Value)};
extended("uid", Value, Entry) -> Entry#entry{uid = whole(Value)};
extended("gid", Value, Entry) -> Entry#entry{gid = whole(Value)};
extended(_, _, Entry) -> Entry.

%% Times may have fractions.
whole(Value) ->
    [Whole | _] = binary:split(Value, <<".">>),
    try binary_to_integer(Whole) catch error:badarg -> throw({error, bad_header}) end.

%% Its type, and the name without the slash that directories end in.
typed(Flag, #entry{name = Name} = Entry) ->
    Type = case Flag of
               _ when Flag =:= $0; Flag =:= 0; Flag =:= $7 ->
                   case Name =/= "" andalso lists:last(Name) of
                       $/ -> directory;
                       _ -> regular
                   end;
               $1 -> link;
               $2 -> symlink;
               $3 -> char;
               $4 -> block;
               $5 -> directory;
               $6 -> fifo;
               _ -> unknown
           end,
    case Type of
        directory -> Entry#entry{type = directory, size = 0, name = without_slash(Name)};
        _ when Type =:= regular; Type =:= unknown -> Entry#entry{type = Type};
        _ -> Entry#entry{type = Type, size = 0}
    end.

without_slash(Name) ->
    case string:trim(Name, trailing, "/") of
        "" -> Name;
        Short -> Short
    end.

%%% Headers that are read

next_header(Tar) ->
    case read_some(Tar, ?BLOCK) of
        <<0:?BLOCK/unit:8>> -> eof;
        Block when byte_size(Block) =:= ?BLOCK -> parse(Block);
        _ -> throw({error, eof})
    end.

parse(<<Front:148/binary, SumField:8/binary, Flag, Back/binary>> = Block) ->
    Sum = number(SumField),
    sum(<<Front/binary, "        ", Flag, Back/binary>>) =:= Sum orelse throw({error, bad_header}),
    <<Name:100/binary, Mode:8/binary, Uid:8/binary, Gid:8/binary, Size:12/binary, Mtime:12/binary,
      _:9/binary, Link:100/binary, Magic:6/binary, _:66/binary, Major:8/binary, Minor:8/binary,
      Prefix:155/binary, _/binary>> = Block,
    Bytes = number(Size),
    Bytes >= 0 orelse throw({error, bad_header}),
    {Flag, #entry{name = full_name(Magic, until_zero(Prefix), until_zero(Name)), mode = number(Mode),
                  uid = number(Uid), gid = number(Gid), size = Bytes, mtime = number(Mtime),
                  link = text(until_zero(Link)), major = device(Magic, Major), minor = device(Magic, Minor)}}.

%% Only ustar's own has a prefix: there GNU has other things.
full_name(<<"ustar", 0>>, Prefix, Name) when Prefix =/= <<>> -> text(<<Prefix/binary, $/, Name/binary>>);
full_name(_, _, Name) -> text(Name).

device(<<"ustar", _>>, Field) -> number(Field);
device(_, _) -> 0.

until_zero(Bytes) -> hd(binary:split(Bytes, <<0>>)).

text(Bytes) ->
    case unicode:characters_to_list(Bytes) of
        Text when is_list(Text) -> Text;
        _ -> binary_to_list(Bytes)
    end.

%% Octal digits among spaces, or GNU's: a number of two's complement whose first bit says so.
number(<<1:1, Sign:1, _/bitstring>> = Field) ->
    Bits = bit_size(Field) - 1,
    <<_:1, N:Bits>> = Field,
    case Sign of
        0 -> N;
        1 -> N - (1 bsl Bits)
    end;
number(Field) ->
    case string:trim(binary_to_list(until_zero(Field))) of
        "" -> 0;
        Digits -> try list_to_integer(Digits, 8) catch error:badarg -> throw({error, invalid_tar_checksum}) end
    end.

%%% Data that is read

%% Fewer bytes than asked for: the end.
read_some(#tar{access = Access, handle = Handle}, Size) ->
    case Access(read2, {Handle, Size}) of
        {ok, Bytes} -> iolist_to_binary(Bytes);
        eof -> <<>>;
        {error, _} = Error -> throw(Error)
    end.

data(Tar, Size) ->
    case read_some(Tar, Size) of
        Bytes when byte_size(Bytes) =:= Size ->
            skip(Tar, 0, Size),
            Bytes;
        _ -> throw({error, eof})
    end.

skip(Tar, Size) -> skip(Tar, Size, Size).

%% Over Left bytes, and over what fills the last block of Size.
skip(#tar{access = Access, handle = Handle}, Left, Size) ->
    case Left + byte_size(padding(Size)) of
        0 -> ok;
        Count ->
            case Access(position, {Handle, {cur, Count}}) of
                {ok, _} -> ok;
                {error, _} = Error -> throw(Error)
            end
    end.

remember(#entry{name = Name, type = Type, size = Size}, Tar, Options, Acc) ->
    case Type =:= regular orelse Type =:= unknown of
        true ->
            told("x ~ts~n", [Name], Options),
            [{Name, data(Tar, Size)} | Acc];
        false -> Acc
    end.

%%% Extracting

%% Where an entry goes: below Cwd, whatever its name says.
path_inside(Name, Cwd) ->
    Relative = case filename:split(Name) of
                   ["/" | [_ | _] = Parts] -> filename:join(Parts);
                   _ -> Name
               end,
    filelib:safe_relative_path(Relative, Cwd) =/= unsafe orelse throw({error, {Name, unsafe_path}}),
    filename:join(Cwd, Relative).

%% Answers the directories that were made: what they are to be is set last, for a directory that may not be
%% written gets its files all the same.
extract_entry(#entry{name = Name, type = Type} = Entry, Tar, Cwd, Options, Directories) ->
    Path = path_inside(Name, Cwd),
    case lists:member(keep_old_files, Options) andalso Type =/= directory andalso exists(Path) of
        true ->
            skip(Tar, Entry#entry.size),
            told("x ~ts - exists, not created~n", [Name], Options),
            Directories;
        false -> extract_new(Type, Entry, Path, Tar, Cwd, Options, Directories)
    end.

exists(Path) -> element(1, file:read_link_info(Path)) =:= ok.

extract_new(directory, #entry{name = Name} = Entry, Path, _, _, Options, Directories) ->
    told("x ~ts~n", [Name], Options),
    known(filelib:ensure_path(Path), Path),
    [{Path, Entry} | Directories];
extract_new(symlink, #entry{name = Name, link = To}, Path, _, Cwd, Options, Directories) ->
    Inside = filename:join(filename:dirname(Name), To),
    filename:pathtype(To) =:= relative andalso filelib:safe_relative_path(Inside, Cwd) =/= unsafe
        orelse throw({error, {To, unsafe_symlink}}),
    told("x ~ts~n", [Name], Options),
    make_way(Path),
    known(file:make_symlink(To, Path), Path),
    Directories;
extract_new(link, #entry{name = Name, link = To}, Path, _, Cwd, Options, Directories) ->
    filelib:safe_relative_path(To, Cwd) =/= unsafe orelse throw({error, {To, unsafe_path}}),
    told("x ~ts~n", [Name], Options),
    make_way(Path),
    known(file:make_link(filename:join(Cwd, To), Path), Path),
    Directories;
extract_new(Type, #entry{name = Name, size = Size} = Entry, Path, Tar, _, Options, Directories)
  when Type =:= regular; Type =:= unknown ->
    told("x ~ts~n", [Name], Options),
    make_way(Path),
    {ok, To} = known(file:open(Path, [write, raw, binary]), Path),
    try copy_out(Tar, To, Size, Path) after file:close(To) end,
    skip(Tar, 0, Size),
    set_info({Path, Entry}),
    Directories;
extract_new(Type, #entry{name = Name}, _, _, _, Options, Directories) ->
    told("x ~ts - unsupported type ~w~n", [Name, Type], Options),
    Directories.

%% What is there is replaced, not written through: it may be a link.
make_way(Path) ->
    known(filelib:ensure_dir(Path), Path),
    _ = file:delete(Path).

copy_out(_, _, 0, _) -> ok;
copy_out(Tar, To, Left, Path) ->
    case read_some(Tar, min(Left, ?PIECE)) of
        <<>> -> throw({error, eof});
        Bytes ->
            known(file:write(To, Bytes), Path),
            copy_out(Tar, To, Left - byte_size(Bytes), Path)
    end.

set_info({Path, #entry{mode = Mode, mtime = Mtime}}) ->
    Info = #file_info{mode = Mode band 8#7777, mtime = Mtime},
    known(file:write_file_info(Path, Info, [{time, posix}]), Path).

%%% Help

known({error, Reason}, Path) -> throw({error, {Path, Reason}});
known(Result, _) -> Result.

told(Format, Args, Options) -> lists:member(verbose, Options) andalso io:format(Format, Args).

%% The value of Fun, or the error it throws.
attempt(Fun) ->
    try Fun() catch throw:{error, _} = Error -> Error end.

%% The text of the reason of an error.
-spec format_error(term()) -> string().
format_error(invalid_tar_checksum) -> "Checksum failed";
format_error(bad_header) -> "Unrecognized tar header format";
format_error(eof) -> "Unexpected end of file";
format_error({Path, unsafe_path}) ->
    lists:flatten(io_lib:format("~ts: The path points above the current working directory", [Path]));
format_error({Path, unsafe_symlink}) ->
    lists:flatten(io_lib:format("~ts: The symlink points above the current working directory", [Path]));
format_error({Name, Reason}) -> lists:flatten(io_lib:format("~ts: ~ts", [Name, format_error(Reason)]));
format_error(Reason) when is_atom(Reason) -> file:format_error(Reason);
format_error(Reason) -> lists:flatten(io_lib:format("~tp", [Reason])).
