%% Files in memory: what file:open/2 opens with `ram`, and what is to be known of one.
-module(ram_file).
-export([open/2, close/1, read/2, write/2, pread/2, pread/3, pwrite/2, pwrite/3, position/2,
         truncate/1, sync/1, datasync/1, advise/4, allocate/3, copy/3, get_file/1, get_size/1]).

-spec open(iodata(), [file:mode()]) -> {ok, file:fd()} | {error, file:posix() | badarg}.
open(Bytes, Modes) when is_list(Modes) -> file:open(Bytes, [ram | lists:delete(ram, Modes)]).

-spec close(file:fd()) -> ok.
close(File) -> file:close(File).
-spec read(file:fd(), non_neg_integer()) -> {ok, binary() | string()} | eof | {error, term()}.
read(File, Count) -> file:read(File, Count).
-spec write(file:fd(), iodata()) -> ok | {error, term()}.
write(File, Bytes) -> file:write(File, Bytes).
-spec pread(file:fd(), [{non_neg_integer(), non_neg_integer()}]) ->
    {ok, [binary() | string() | eof]} | {error, term()}.
pread(File, Places) -> file:pread(File, Places).
-spec pread(file:fd(), non_neg_integer(), non_neg_integer()) ->
    {ok, binary() | string()} | eof | {error, term()}.
pread(File, At, Count) -> file:pread(File, At, Count).
-spec pwrite(file:fd(), [{non_neg_integer(), iodata()}]) -> ok | {error, term()}.
pwrite(File, Places) -> file:pwrite(File, Places).
-spec pwrite(file:fd(), non_neg_integer(), iodata()) -> ok | {error, term()}.
pwrite(File, At, Bytes) -> file:pwrite(File, At, Bytes).
-spec position(file:fd(), file:location()) -> {ok, non_neg_integer()} | {error, term()}.
position(File, At) -> file:position(File, At).
-spec truncate(file:fd()) -> ok | {error, term()}.
truncate(File) -> file:truncate(File).
-spec sync(file:fd()) -> ok | {error, term()}.
sync(File) -> file:sync(File).
-spec datasync(file:fd()) -> ok | {error, term()}.
datasync(File) -> file:datasync(File).
-spec advise(file:fd(), integer(), integer(), atom()) -> ok | {error, term()}.
advise(File, Offset, Length, Advice) -> file:advise(File, Offset, Length, Advice).
-spec allocate(file:fd(), non_neg_integer(), non_neg_integer()) -> ok | {error, term()}.
allocate(File, Offset, Length) -> file:allocate(File, Offset, Length).
-spec copy(file:fd(), file:fd(), non_neg_integer() | infinity) -> {ok, non_neg_integer()} | {error, term()}.
copy(From, To, Count) -> file:copy(From, To, Count).

-spec get_size(file:fd()) -> {ok, non_neg_integer()} | {error, file:posix() | badarg}.
get_size(File) -> keeping_place(File, fun(Size) -> {ok, Size} end).

%% All of it, as file:read/2 gives it: a binary if the file was opened so, else a list.
-spec get_file(file:fd()) -> {ok, binary() | string()} | {error, file:posix() | badarg}.
get_file(File) ->
    keeping_place(File, fun(Size) ->
        case file:pread(File, 0, Size) of
            eof -> file:pread(File, 0, 0);
            Answer -> Answer
        end
    end).

keeping_place(File, Fun) ->
    case file:position(File, cur) of
        {ok, Place} ->
            {ok, Size} = file:position(File, eof),
            Answer = Fun(Size),
            {ok, Place} = file:position(File, Place),
            Answer;
        {error, _} = Error -> Error
    end.
