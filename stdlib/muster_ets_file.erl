%% Tables in files, for ets:tab2file/3 and its kin. Such a file is a log of module disk_log, as OTP writes it: first a
%% tuple of what is known of the table, then its objects, then, where more was asked for, ['$end_of_table', Info] with
%% the number of objects and the checksum of all terms before.
-module(muster_ets_file).

-export([write/3, read/2, info/1]).

-define(AT_ONCE, 1000). % objects between two looks at the table

-record(options, {sync = false, extended = []}).

%% ---- writing ----

-spec write(ets:table(), file:name(), [term()]) -> ok | {error, term()}.
write(Tab, File, Options) ->
    case options(Options, #options{}) of
        #options{extended = Extended} = Wanted ->
            case ets:info(Tab) of
                undefined -> {error, badtab};
                Info -> write(Tab, File, header(Info, Extended), Wanted)
            end;
        Error -> Error
    end.

options([{sync, Flag} | Rest], Read) when is_boolean(Flag) -> options(Rest, Read#options{sync = Flag});
options([{extended_info, Kinds} = Option | Rest], Read) when is_list(Kinds) ->
    case Kinds -- [object_count, md5sum] of
        [] -> options(Rest, Read#options{extended = [K || K <- [object_count, md5sum], lists:member(K, Kinds)]});
        _ -> {error, {unknown_option, [Option | Rest]}}
    end;
options([{extended_info, Other} | _], _) -> {error, {malformed_option, Other}};
options([Option | _], _) -> {error, {unknown_option, Option}};
options([], Read) -> Read;
options(Other, _) -> {error, {malformed_option, Other}}.

header(Info, Extended) ->
    list_to_tuple(Info ++ [{major_version, 1}, {minor_version, 0}, {extended_info, Extended}]).

write(Tab, File, Header, #options{sync = Sync, extended = Extended}) ->
    _ = file:delete(File),
    Log = make_ref(),
    case disk_log:open([{name, Log}, {file, File}]) of
        {ok, Log} ->
            ets:safe_fixtable(Tab, true),
            try
                Md5 = log([Header], Log, md5_start(Extended)),
                {Count, Md5a} = log_objects(ets:select(Tab, [{'_', [], ['$_']}], ?AT_ONCE), Log, 0, Md5),
                End = [{count, Count} || lists:member(object_count, Extended)] ++
                    [{md5, erlang:md5_final(Md5a)} || Md5a =/= none],
                _ = [log([['$end_of_table', End]], Log, none) || End =/= []],
                _ = [ok(disk_log:sync(Log)) || Sync],
                ok
            catch
                throw:Error -> Error
            after
                disk_log:close(Log),
                catch ets:safe_fixtable(Tab, false)
            end;
        Error -> Error
    end.

log_objects('$end_of_table', _, Count, Md5) -> {Count, Md5};
log_objects({Objects, Next}, Log, Count, Md5) ->
    log_objects(ets:select(Next), Log, Count + length(Objects), log(Objects, Log, Md5)).

log(Terms, Log, Md5) ->
    ok(disk_log:log_terms(Log, Terms)),
    md5_update(Terms, Md5).

ok(ok) -> ok;
ok(Error) -> throw(Error).

md5_start(Extended) ->
    case lists:member(md5sum, Extended) of
        true -> erlang:md5_init();
        false -> none
    end.

md5_update(_, none) -> none;
md5_update(Terms, Md5) -> erlang:md5_update(Md5, [term_to_binary(T) || T <- Terms]).

%% ---- reading ----

%% Gives each list of objects to the fun, after what is known of the table.
-spec read(file:name(), [term()]) -> {ok, ets:table()} | {error, term()}.
read(File, Options) ->
    case verifies(Options, false) of
        Verifies when is_boolean(Verifies) ->
            with_log(File, fun(Header, Objects, Place, Log) -> make(Header, Objects, Place, Log, Verifies) end);
        Error -> Error
    end.

verifies([{verify, Flag} | Rest], _) when is_boolean(Flag) -> verifies(Rest, Flag);
verifies([Option | _], _) -> {error, {unknown_option, Option}};
verifies([], Verifies) -> Verifies;
verifies(Other, _) -> {error, {malformed_option, Other}}.

-spec info(file:name()) -> {ok, [term()]} | {error, term()}.
info(File) ->
    with_log(File, fun(Header, _, _, _) ->
        Keys = [name, type, protection, named_table, keypos, size],
        {ok, [{K, value(K, Header)} || K <- Keys] ++
             [{extended_info, proplists:get_value(extended_info, Header, [])},
              {version, {proplists:get_value(major_version, Header, 0), proplists:get_value(minor_version, Header, 0)}}]}
    end).

with_log(File, Fun) ->
    Log = make_ref(),
    case disk_log:open([{name, Log}, {file, File}, {mode, read_only}]) of
        {ok, Log} -> chunks(Log, Fun);
        {repaired, Log, _, _} -> chunks(Log, Fun);
        {error, Reason} -> {error, {read_error, Reason}}
    end.

chunks(Log, Fun) ->
    try
        case chunk(Log, start) of
            {Place, [Header | Objects]} when is_tuple(Header) -> Fun(tuple_to_list(Header), Objects, Place, Log);
            _ -> {error, badfile}
        end
    catch
        throw:Error -> Error
    after
        disk_log:close(Log)
    end.

chunk(Log, Place) ->
    case disk_log:chunk(Log, Place) of
        {error, Reason} -> throw({error, {read_error, Reason}});
        {Next, Terms} -> {Next, Terms};
        {_, _, _Bad} -> throw({error, badfile}); % bytes that are no terms
        eof -> eof
    end.

value(Key, Header) ->
    case lists:keyfind(Key, 1, Header) of
        {Key, Value} -> Value;
        false -> throw({error, badfile})
    end.

make(Header, Objects, Place, Log, Verifies) ->
    [Name, Type, Protection, Named, Keypos, Size] =
        [value(K, Header) || K <- [name, type, protection, named_table, keypos, size]],
    Extended = proplists:get_value(extended_info, Header, []),
    Kept = [{Kind, Value} || Kind <- [read_concurrency, write_concurrency],
                             Value <- [proplists:get_value(Kind, Header, false)], Value =/= false],
    Flags = [named_table || Named] ++ [compressed || proplists:get_bool(compressed, Header)] ++ Kept,
    Tab = try ets:new(Name, [Type, Protection, {keypos, Keypos} | Flags])
          catch error:_ -> throw({error, cannot_create_table})
          end,
    Md5 = case Verifies of
              true -> md5_update([list_to_tuple(Header)], md5_start(Extended));
              false -> none
          end,
    try
        {Count, Sum, End} = fill(Tab, Objects, Place, Log, 0, Md5),
        _ = [verify(Size, Extended, Count, Sum, End) || Verifies],
        {ok, Tab}
    catch
        Class:Reason ->
            ets:delete(Tab),
            case Class of
                throw -> throw(Reason);
                _ -> {error, badfile}
            end
    end.

fill(Tab, Objects, Place, Log, Count, Md5) ->
    case lists:splitwith(fun is_tuple/1, Objects) of
        {All, []} ->
            ets:insert(Tab, All),
            Count1 = Count + length(All),
            Md5a = md5_update(All, Md5),
            case chunk(Log, Place) of
                eof -> {Count1, Md5a, []};
                {Next, More} -> fill(Tab, More, Next, Log, Count1, Md5a)
            end;
        {Last, [['$end_of_table', End]]} ->
            ets:insert(Tab, Last),
            {Count + length(Last), md5_update(Last, Md5), End}
    end.

%% Without the number at the end, what the table held when writing began counts.
verify(Size, Extended, Count, Sum, End) ->
    Expected = case lists:member(object_count, Extended) of
                   true -> proplists:get_value(count, End);
                   false -> Size
               end,
    _ = [throw({error, invalid_object_count}) || Count =/= Expected, Extended =:= [] orelse lists:member(object_count, Extended)],
    _ = [throw({error, checksum_error}) || Sum =/= none, proplists:get_value(md5, End) =/= erlang:md5_final(Sum)],
    ok.
