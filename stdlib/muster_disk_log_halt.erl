%% The store of a disk log of type halt: one file, which may have a largest size.
-module(muster_disk_log_halt).
-export([open/1, write/2, sync/1, read/2, step/3, clear/2, rename/3, next_file/2, resize/2, with_head/2, info/1,
         close/1]).
-export_type([store/0]).

-type store() :: #{file := muster_disk_log_file:file(), max := infinity | pos_integer(), items := non_neg_integer(),
                   written := non_neg_integer()}.

-spec open(muster_disk_log:options()) ->
          {ok, store(), ok | {repaired, non_neg_integer(), non_neg_integer()}} | {error, term()}.
open(#{file := Path, format := Format, mode := Mode, repair := Repair} = Options) ->
    There = filelib:is_file(Path),
    Max = maps:get(size, Options, infinity),
    if
        Mode =:= read_write, not There; Repair =:= truncate ->
            case created(Path, Format, muster_disk_log:head(Options), Max) of
                {ok, Store} -> {ok, Store, ok};
                Error -> Error
            end;
        true ->
            case muster_disk_log_file:open(Path, Format, Mode, Repair) of
                {ok, File, closed} -> {ok, store(File, Max, 0, 0), ok};
                {ok, File, Repaired} -> {ok, store(File, Max, 0, 0), Repaired};
                Error -> Error
            end
    end.

store(File, Max, Items, Written) -> #{file => File, max => Max, items => Items, written => Written}.

created(_, _, {error, _} = Error, _) -> Error;
created(Path, Format, {ok, Head}, Max) ->
    case muster_disk_log_file:create(Path, Format, Head) of
        {ok, File} -> {ok, store(File, Max, length(Head), length(Head))};
        Error -> Error
    end.

%% As many as there is room for. Third: what is to be told to the owners.
-spec write(store(), [binary()]) -> {ok | full | {error, term()}, store(), [term()]}.
write(#{file := #{format := Format, at := At} = File, max := Max} = Store, Items) ->
    {Fitting, Rest} = fitting(Items, Format, At, Max, []),
    case written(Store, File, Fitting) of
        {ok, New} when Rest =:= [] -> {ok, New, []};
        {ok, New} -> {full, New, []};
        {error, _} = Error -> {Error, Store, []}
    end.

fitting(Items, _, _, infinity, []) -> {Items, []};
fitting([Item | Items], Format, At, Max, Fitting) ->
    case At + muster_disk_log_file:size_framed(Format, Item) of
        After when After =< Max -> fitting(Items, Format, After, Max, [Item | Fitting]);
        _ -> {lists:reverse(Fitting), [Item | Items]}
    end;
fitting([], _, _, _, Fitting) -> {lists:reverse(Fitting), []}.

written(Store, _, []) -> {ok, Store};
written(#{items := Count, written := Written} = Store, #{format := Format} = File, Items) ->
    case muster_disk_log_file:write(File, muster_disk_log_file:framed(Format, Items)) of
        {ok, Longer} ->
            {ok, Store#{file := Longer, items := Count + length(Items), written := Written + length(Items)}};
        Error -> Error
    end.

-spec sync(store()) -> ok | {error, term()}.
sync(#{file := #{fd := Fd, path := Path}}) ->
    muster_disk_log:file_result(Path, file:sync(Fd)).

-spec read(store(), start | muster_disk_log:place()) ->
          {muster_disk_log:place(), [binary()], non_neg_integer()} | eof | {error, term()}.
read(Store, start) -> read(Store, 0);
read(#{file := #{fd := Fd, path := Path, mode := Mode}} = Store, At) when is_integer(At) ->
    case muster_disk_log_file:read(Fd, Path, At, muster_disk_log:broken(Mode)) of
        {[], 0, Next} -> read(Store, Next);
        {Items, Bad, Next} -> {Next, Items, Bad};
        Other -> Other
    end.

-spec step(store(), term(), integer()) -> not_internal_wrap.
step(_, _, _) -> not_internal_wrap.

%% Begins anew.
-spec clear(store(), {ok, [binary()]} | {error, term()}) -> {ok, store()} | {error, term()}.
clear(_, {error, _} = Error) -> Error;
clear(#{file := #{fd := Fd, path := Path, format := Format}, max := Max}, Head) ->
    _ = file:close(Fd),
    created(Path, Format, Head, Max).

-spec rename(store(), file:filename(), {ok, [binary()]} | {error, term()}) -> {ok, store()} | {error, term()}.
rename(_, _, {error, _} = Error) -> Error;
rename(#{file := #{path := Path, format := Format} = File, max := Max}, To, Head) ->
    maybe
        ok ?= muster_disk_log_file:close(File),
        ok ?= muster_disk_log:file_result(To, file:rename(Path, To)),
        created(Path, Format, Head, Max)
    end.

-spec next_file(store(), term()) -> halt_log.
next_file(_, _) -> halt_log.

-spec resize(store(), disk_log:dlog_size()) -> {ok, store()} | {error, term()}.
resize(_, {_, _}) -> {error, {badarg, size}};
resize(#{file := #{at := At}}, Size) when Size < At -> {error, {new_size_too_small, At}};
resize(Store, Size) -> {ok, Store#{max := Size}}.

%% Only a file that is begun has a head, and there is one only.
-spec with_head(store(), fun()) -> store().
with_head(Store, _) -> Store.

-spec info(store()) -> #{atom() => term()}.
info(#{max := Max, items := Items, written := Written}) -> #{size => Max, items => Items, no_written_items => Written}.

-spec close(store()) -> ok | {error, term()}.
close(#{file := File}) -> muster_disk_log_file:close(File).
