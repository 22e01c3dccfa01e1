%% A handler that writes to standard output, standard error, a device or a file. A handler that was
%% added has a process of its own: logger_h_common. The one that is there from the start has none
%% until it is configured: each event is written whole, by the process that logs it, and nothing is lost
%% when the machine halts.
%%
%% A file may be limited to max_no_bytes; the max_no_files older ones are FILE.0 (the newest), FILE.1 …,
%% compressed if compress_on_rotate says so. Is the file moved away or deleted by others, it is made
%% anew: that is looked for when file_check milliseconds have passed since the last time.
-module(logger_std_h).
-export([log/2, adding_handler/1, changing_config/3, removing_handler/1, filter_config/1,
         filesync/1]).
-export([check_config/1, same_config/1, fixed/0, open/2, configure/2, write/2, sync/1, close/1]).

-spec adding_handler(logger:handler_config()) -> {ok, logger:handler_config()} | {error, term()}.
adding_handler(Handler) -> logger_h_common:adding_handler(Handler).

-spec changing_config(set | update, logger:handler_config(), logger:handler_config()) ->
          {ok, logger:handler_config()} | {error, term()}.
changing_config(How, Old, New) -> logger_h_common:changing_config(How, Old, New).

-spec removing_handler(logger:handler_config()) -> ok.
removing_handler(Handler) -> logger_h_common:removing_handler(Handler).

-spec filter_config(logger:handler_config()) -> logger:handler_config().
filter_config(Handler) -> logger_h_common:filter_config(Handler).

-spec filesync(logger:handler_id()) -> ok | {error, term()}.
filesync(Id) -> logger_h_common:filesync(?MODULE, Id).

-spec log(logger:log_event(), logger:handler_config()) -> ok.
log(Event, #{config := #{olp := _}} = Handler) -> logger_h_common:log(Event, Handler);
log(Event, #{formatter := {Formatter, FormatterConfig}, config := #{type := Type}}) ->
    put_text(Type, unicode:characters_to_binary(Formatter:format(Event, FormatterConfig))).

put_text(standard_error, Text) ->
    muster_machine:write_error(Text),
    ok;
put_text(standard_io, Text) -> io:put_chars(user, Text);
put_text({device, Device}, Text) -> io:put_chars(Device, Text).

%% ---- configuration ----

-spec check_config(map()) -> {ok, map()} | {error, map()}.
check_config(Given) ->
    case typed(Given) of
        {ok, #{type := file} = Config} -> valid(maps:merge(file_defaults(), Config));
        {ok, Config} -> valid(maps:merge(#{filesync_repeat_interval => no_repeat}, Config));
        {error, _} = Error -> Error
    end.

-spec fixed() -> [atom()].
fixed() -> [type, file, modes].

%% Names of files made comparable.
-spec same_config(map()) -> map().
same_config(#{file := File} = Config) -> Config#{file := filename:absname(File)};
same_config(Config) -> Config.

typed(#{type := {file, File}} = Given) -> typed(Given#{type := file, file => File});
typed(#{type := {file, File, Modes}} = Given) ->
    typed(Given#{type := file, file => File, modes => Modes});
typed(#{type := file, file := File} = Given) ->
    case io_lib:printable_unicode_list(File) orelse is_binary(File) orelse is_atom(File) of
        true -> {ok, Given#{file := filename:absname(File)}};
        false -> {error, #{file => File}}
    end;
typed(#{type := file}) -> {error, #{type => file}};
typed(#{type := Type, file := File})
  when Type =:= standard_io; Type =:= standard_error; element(1, Type) =:= device ->
    {error, #{file => File}};
typed(#{type := Type} = Given) when Type =:= standard_io; Type =:= standard_error -> {ok, Given};
typed(#{type := {device, _}} = Given) -> {ok, Given};
typed(#{type := Type}) -> {error, #{type => Type}};
typed(#{file := _} = Given) -> typed(Given#{type => file});
typed(Given) -> {ok, Given#{type => standard_io}}.

file_defaults() ->
    #{filesync_repeat_interval => 5000, file_check => 0, max_no_bytes => infinity,
      max_no_files => 0, compress_on_rotate => false, modes => [delayed_write, raw, append]}.

valid(#{type := Type} = Config) ->
    Keys = case Type of
               file -> [file | maps:keys(file_defaults())];
               _ -> [filesync_repeat_interval]
           end,
    case [{K, V} || {K, V} <- maps:to_list(maps:remove(type, Config)),
                    not (lists:member(K, Keys) andalso is_valid(K, V))] of
        [] when Type =:= file -> {ok, Config#{modes := modes(maps:get(modes, Config))}};
        [] -> {ok, Config};
        [{K, V} | _] -> {error, #{K => V}}
    end.

is_valid(file, _) -> true;
is_valid(modes, Modes) -> is_list(Modes);
is_valid(max_no_bytes, infinity) -> true;
is_valid(max_no_bytes, N) -> is_integer(N) andalso N > 0;
is_valid(max_no_files, N) -> is_integer(N) andalso N >= 0;
is_valid(file_check, N) -> is_integer(N) andalso N >= 0;
is_valid(compress_on_rotate, Does) -> is_boolean(Does);
is_valid(filesync_repeat_interval, no_repeat) -> true;
is_valid(filesync_repeat_interval, N) -> is_integer(N) andalso N > 0.

modes(Modes) ->
    Writes = [M || M <- Modes, lists:member(M, [write, append, exclusive])],
    Delays = [M || M <- Modes, M =:= delayed_write orelse (is_tuple(M) andalso
                                                         element(1, M) =:= delayed_write)],
    [delayed_write || Delays =:= []] ++ [raw || not lists:member(raw, Modes)] ++ Modes
        ++ [append || Writes =:= []].

%% ---- the device of the process ----

-record(file, {name, modes, fd, inode, size = 0, checked = 0, config}).

-spec open(logger:handler_id(), map()) -> {ok, term()} | {error, term()}.
open(_, #{type := file, file := Name, modes := Modes} = Config) ->
    case opened(#file{name = Name, modes = Modes, config = Config}) of
        {ok, File} -> {ok, rotated(File)};
        {error, _} = Error -> Error
    end;
open(_, #{type := Type}) -> {ok, Type}.

opened(#file{name = Name, modes = Modes} = File) ->
    _ = filelib:ensure_dir(Name),
    case file:open(Name, Modes) of
        {ok, Fd} ->
            {Inode, Size} = state_of(Name),
            {ok, File#file{fd = Fd, inode = Inode, size = Size}};
        {error, Reason} -> {error, {open_failed, Name, Reason}}
    end.

state_of(Name) ->
    case file:read_file_info(Name, [raw]) of
        {ok, Info} -> {element(12, Info), element(2, Info)};
        {error, _} -> {none, 0}
    end.

-spec configure(map(), term()) -> term().
configure(Config, #file{name = Name, fd = Fd} = File) ->
    _ = file:datasync(Fd),
    {_, Size} = state_of(Name),
    prune(Name, case Config of
                    #{max_no_bytes := infinity} -> 0;
                    #{max_no_files := Files} -> Files
                end),
    pack(Name, 0, maps:get(compress_on_rotate, Config)),
    rotated(File#file{config = Config, size = Size});
configure(_, Device) -> Device.

%% Older files, from the Nth on, are those of limits that were.
prune(Name, N) ->
    case [file:delete([Name, $., integer_to_list(N), Ending]) || Ending <- ["", ".gz"]] of
        [{error, _}, {error, _}] -> ok;
        _ -> prune(Name, N + 1)
    end.

-spec write([binary()], term()) -> term().
write(Texts, #file{config = #{max_no_bytes := infinity}} = File) ->
    #file{fd = Fd} = Here = reopened(File),
    _ = file:write(Fd, Texts),
    Here;
write(Texts, #file{} = File) -> lists:foldl(fun write_sized/2, reopened(File), Texts);
write(Texts, Device) ->
    _ = try put_text(Device, iolist_to_binary(Texts)) catch _:_ -> ok end,
    Device.

write_sized(Text, #file{fd = Fd, size = Size} = File) ->
    case file:write(Fd, Text) of
        ok -> rotated(File#file{size = Size + byte_size(Text)});
        {error, _} -> File
    end.

%% Somebody may have taken the file away.
reopened(#file{name = Name, inode = Inode, checked = Checked,
               config = #{file_check := Check}} = File) ->
    Now = erlang:monotonic_time(millisecond),
    case Now - Checked >= Check andalso state_of(Name) of
        false -> File;
        {Inode, _} -> File#file{checked = Now};
        _ ->
            _ = file:close(File#file.fd),
            case opened(File#file{checked = Now}) of
                {ok, New} -> New;
                {error, _} -> File
            end
    end.

%% infinity is more than any size.
rotated(#file{size = Size, config = #{max_no_bytes := Most}} = File) when Size =< Most -> File;
rotated(#file{name = Name, fd = Fd, config = Config} = File) ->
    #{max_no_files := Files, compress_on_rotate := Compresses} = Config,
    _ = file:close(Fd),
    case Files of
        0 -> _ = file:delete(Name);
        _ ->
            shift(Name, Files - 1),
            First = [Name, ".0"],
            _ = file:rename(Name, First),
            _ = [compress(First) || Compresses]
    end,
    case opened(File) of
        {ok, New} -> New;
        {error, _} -> File
    end.

%% All older files are compressed, or none.
pack(Name, N, Compresses) ->
    File = [Name, $., integer_to_list(N)],
    case {filelib:is_regular(lists:flatten(File)), filelib:is_regular(lists:flatten([File, ".gz"]))} of
        {false, false} -> ok;
        {Plain, Packed} ->
            _ = [compress(File) || Plain, Compresses],
            _ = [decompress(File) || Packed, not Compresses],
            pack(Name, N + 1, Compresses)
    end.

%% FILE.N to FILE.N+1, the last one is gone.
shift(Name, Last) ->
    _ = [file:delete([Name, $., integer_to_list(Last), Ending]) || Ending <- ["", ".gz"]],
    _ = [file:rename([Name, $., integer_to_list(N), Ending],
                     [Name, $., integer_to_list(N + 1), Ending])
         || N <- lists:seq(Last - 1, 0, -1), Ending <- ["", ".gz"]],
    ok.

%% What cannot be compressed stays as it is.
compress(Name) ->
    try
        {ok, Content} = file:read_file(Name),
        ok = file:write_file([Name, ".gz"], zlib:gzip(Content)),
        file:delete(Name)
    catch
        error:_ -> ok
    end.

decompress(Name) ->
    try
        {ok, Content} = file:read_file([Name, ".gz"]),
        ok = file:write_file(Name, zlib:gunzip(Content)),
        file:delete([Name, ".gz"])
    catch
        error:_ -> ok
    end.

-spec sync(term()) -> {ok | {error, term()}, term()}.
sync(#file{fd = Fd} = File) -> {file:datasync(Fd), File};
sync(Device) -> {ok, Device}.

-spec close(term()) -> ok.
close(#file{fd = Fd}) ->
    _ = file:datasync(Fd),
    _ = file:close(Fd),
    ok;
close(_) -> ok.
