%% Files without a process in between: what module file does with raw files, under the names that code which
%% goes round module file calls.
-module(prim_file).
-export([open/2, close/1, read/2, read_line/1, write/2, pread/2, pread/3, pwrite/2, pwrite/3, position/2, truncate/1,
         sync/1, datasync/1, advise/4, allocate/3, read_file/1, write_file/2, get_cwd/0, get_cwd/1, set_cwd/1,
         list_dir/1, list_dir_all/1, read_file_info/1, read_file_info/2, read_link_info/1, read_link_info/2,
         write_file_info/2, write_file_info/3, read_link/1, read_link_all/1, make_link/2, make_symlink/2,
         make_dir/1, del_dir/1, delete/1, rename/2, altname/1, internal_name2native/1, internal_native2name/1,
         is_translatable/1]).

-include_lib("kernel/include/file.hrl").

-type name() :: file:name_all().
-type result() :: ok | {error, term()}.

%% ---- open files ----

-spec open(name(), [file:mode()]) -> {ok, file:fd()} | {error, term()}.
open(Name, Modes) -> file:open(Name, [raw | Modes]).

-spec close(file:fd()) -> result().
close(Fd) -> file:close(Fd).

-spec read(file:fd(), non_neg_integer()) -> {ok, binary() | string()} | eof | {error, term()}.
read(Fd, Size) -> file:read(Fd, Size).

-spec read_line(file:fd()) -> {ok, binary() | string()} | eof | {error, term()}.
read_line(Fd) -> file:read_line(Fd).

-spec write(file:fd(), iodata()) -> result().
write(Fd, Bytes) -> file:write(Fd, Bytes).

-spec pread(file:fd(), [{integer(), non_neg_integer()}]) -> {ok, [binary() | string() | eof]} | {error, term()}.
pread(Fd, Places) -> file:pread(Fd, Places).

-spec pread(file:fd(), integer(), non_neg_integer()) -> {ok, binary() | string()} | eof | {error, term()}.
pread(Fd, Offset, Size) -> file:pread(Fd, Offset, Size).

-spec pwrite(file:fd(), [{integer(), iodata()}]) -> ok | {error, {non_neg_integer(), term()}}.
pwrite(Fd, Places) -> file:pwrite(Fd, Places).

-spec pwrite(file:fd(), integer(), iodata()) -> result().
pwrite(Fd, Offset, Bytes) -> file:pwrite(Fd, Offset, Bytes).

-spec position(file:fd(), file:location()) -> {ok, integer()} | {error, term()}.
position(Fd, Location) -> file:position(Fd, Location).

-spec truncate(file:fd()) -> result().
truncate(Fd) -> file:truncate(Fd).

-spec sync(file:fd()) -> result().
sync(Fd) -> file:sync(Fd).

-spec datasync(file:fd()) -> result().
datasync(Fd) -> file:datasync(Fd).

-spec advise(file:fd(), integer(), integer(), file:posix_file_advise()) -> result().
advise(Fd, Offset, Length, Advice) -> file:advise(Fd, Offset, Length, Advice).

-spec allocate(file:fd(), non_neg_integer(), non_neg_integer()) -> result().
allocate(Fd, Offset, Length) -> file:allocate(Fd, Offset, Length).

%% ---- by name ----

-spec read_file(name()) -> {ok, binary()} | {error, term()}.
read_file(Name) -> file:read_file(Name).

-spec write_file(name(), iodata()) -> result().
write_file(Name, Bytes) -> file:write_file(Name, Bytes).

-spec get_cwd() -> {ok, string()} | {error, term()}.
get_cwd() -> file:get_cwd().

-spec get_cwd(string()) -> {ok, string()} | {error, term()}.
get_cwd(Drive) -> file:get_cwd(Drive).

-spec set_cwd(name()) -> result().
set_cwd(Dir) -> file:set_cwd(Dir).

-spec list_dir(name()) -> {ok, [file:filename()]} | {error, term()}.
list_dir(Dir) -> file:list_dir(Dir).

-spec list_dir_all(name()) -> {ok, [file:filename_all()]} | {error, term()}.
list_dir_all(Dir) -> file:list_dir_all(Dir).

-spec read_file_info(name()) -> {ok, #file_info{}} | {error, term()}.
read_file_info(Name) -> file:read_file_info(Name).

-spec read_file_info(name(), [file:file_info_option()]) -> {ok, #file_info{}} | {error, term()}.
read_file_info(Name, Options) -> file:read_file_info(Name, Options).

-spec read_link_info(name()) -> {ok, #file_info{}} | {error, term()}.
read_link_info(Name) -> file:read_link_info(Name).

-spec read_link_info(name(), [file:file_info_option()]) -> {ok, #file_info{}} | {error, term()}.
read_link_info(Name, Options) -> file:read_link_info(Name, Options).

-spec write_file_info(name(), #file_info{}) -> result().
write_file_info(Name, Info) -> file:write_file_info(Name, Info).

-spec write_file_info(name(), #file_info{}, [file:file_info_option()]) -> result().
write_file_info(Name, Info, Options) -> file:write_file_info(Name, Info, Options).

-spec read_link(name()) -> {ok, file:filename()} | {error, term()}.
read_link(Name) -> file:read_link(Name).

-spec read_link_all(name()) -> {ok, file:filename_all()} | {error, term()}.
read_link_all(Name) -> file:read_link_all(Name).

-spec make_link(name(), name()) -> result().
make_link(Existing, New) -> file:make_link(Existing, New).

-spec make_symlink(name(), name()) -> result().
make_symlink(Existing, New) -> file:make_symlink(Existing, New).

-spec make_dir(name()) -> result().
make_dir(Dir) -> file:make_dir(Dir).

-spec del_dir(name()) -> result().
del_dir(Dir) -> file:del_dir(Dir).

-spec delete(name()) -> result().
delete(Name) -> file:delete(Name).

-spec rename(name(), name()) -> result().
rename(From, To) -> file:rename(From, To).

%% Names of another kind are an affair of Windows.
-spec altname(name()) -> {error, enotsup}.
altname(_) -> {error, enotsup}.

%% ---- names as the operating system has them ----

-spec internal_name2native(name()) -> binary().
internal_name2native(Name) when is_binary(Name) -> <<Name/binary, 0>>;
internal_name2native(Name) ->
    case unicode:characters_to_binary(Name) of
        Bytes when is_binary(Bytes) -> <<Bytes/binary, 0>>;
        _ -> error(badarg, [Name])
    end.

-spec internal_native2name(binary()) -> string() | {error, warning}.
internal_native2name(Bytes) when is_binary(Bytes) ->
    case unicode:characters_to_list(Bytes) of
        Name when is_list(Name) -> Name;
        _ -> {error, warning}
    end.

-spec is_translatable(binary()) -> boolean().
is_translatable(Name) when is_binary(Name) -> is_list(unicode:characters_to_list(Name));
is_translatable(Name) -> error(badarg, [Name]).
