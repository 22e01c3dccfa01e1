%% A handler that writes to a disk log: a ring of files (type wrap), or one (halt). See logger_h_common.
-module(logger_disk_log_h).
-export([log/2, adding_handler/1, changing_config/3, removing_handler/1, filter_config/1, filesync/1]).
-export([check_config/1, same_config/1, fixed/0, open/2, configure/2, write/2, sync/1, close/1]).

-spec log(logger:log_event(), logger:handler_config()) -> ok.
log(Event, Handler) -> logger_h_common:log(Event, Handler).

%% The file is called as the handler is, unless it is named.
-spec adding_handler(logger:handler_config()) -> {ok, logger:handler_config()} | {error, term()}.
adding_handler(#{id := Id} = Handler) ->
    Config = maps:get(config, Handler, #{}),
    Named = case is_map(Config) of
                true -> maps:merge(#{file => atom_to_list(Id)}, Config);
                false -> Config
            end,
    logger_h_common:adding_handler(Handler#{config => Named}).

-spec changing_config(set | update, logger:handler_config(), logger:handler_config()) ->
          {ok, logger:handler_config()} | {error, term()}.
changing_config(How, Old, New) -> logger_h_common:changing_config(How, Old, New).

-spec removing_handler(logger:handler_config()) -> ok.
removing_handler(Handler) -> logger_h_common:removing_handler(Handler).

-spec filter_config(logger:handler_config()) -> logger:handler_config().
filter_config(Handler) -> logger_h_common:filter_config(Handler).

-spec filesync(logger:handler_id()) -> ok | {error, term()}.
filesync(Id) -> logger_h_common:filesync(?MODULE, Id).

%% ---- configuration ----

%% What cannot be changed.
-spec fixed() -> [atom()].
fixed() -> [type, file, max_no_files, max_no_bytes].

-spec same_config(map()) -> map().
same_config(#{file := File} = Config) when is_list(File) -> Config#{file := filename:absname(File)};
same_config(Config) -> Config.

-spec check_config(map()) -> {ok, map()} | {error, map()}.
check_config(Given) ->
    Defaults = case Given of
                   #{type := halt} -> #{max_no_bytes => infinity};
                   #{} -> #{type => wrap, max_no_files => 10, max_no_bytes => 1048576}
               end,
    Config = maps:merge(Defaults#{filesync_repeat_interval => 5000}, Given),
    Type = maps:get(type, Config, wrap),
    case [{K, V} || {K, V} <- maps:to_list(Config), not is_valid(K, V, Type)] of
        [] -> {ok, same_config(Config)};
        [{K, V} | _] -> {error, #{K => V}}
    end.

is_valid(type, Type, _) -> Type =:= wrap orelse Type =:= halt;
is_valid(file, File, _) -> io_lib:printable_unicode_list(File);
is_valid(max_no_files, N, wrap) -> is_integer(N) andalso N > 0;
is_valid(max_no_bytes, infinity, halt) -> true;
is_valid(max_no_bytes, N, _) -> is_integer(N) andalso N > 0;
is_valid(filesync_repeat_interval, no_repeat, _) -> true;
is_valid(filesync_repeat_interval, N, _) -> is_integer(N) andalso N > 0;
is_valid(_, _, _) -> false.

%% ---- the log of the process ----

-spec open(logger:handler_id(), map()) -> {ok, logger:handler_id()} | {error, term()}.
open(Id, #{file := File, type := Type, max_no_bytes := Bytes} = Config) ->
    Size = case Config of
               #{max_no_files := Files} -> {Bytes, Files};
               #{} -> Bytes
           end,
    case disk_log:open([{name, Id}, {file, File}, {type, Type}, {size, Size}, {format, external}, {quiet, true}]) of
        {ok, Id} -> {ok, Id};
        {error, Reason} -> {error, {open_failed, File, Reason}}
    end.

-spec configure(map(), Log) -> Log when Log :: logger:handler_id().
configure(_, Log) -> Log.

%% What a full log, or a full disk, does not take is lost.
-spec write([binary()], Log) -> Log when Log :: logger:handler_id().
write(Texts, Log) ->
    _ = disk_log:blog_terms(Log, Texts),
    Log.

-spec sync(Log) -> {ok | {error, term()}, Log} when Log :: logger:handler_id().
sync(Log) -> {disk_log:sync(Log), Log}.

-spec close(logger:handler_id()) -> ok.
close(Log) ->
    _ = disk_log:close(Log),
    ok.
