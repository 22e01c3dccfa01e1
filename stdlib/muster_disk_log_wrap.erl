%% The store of a disk log of type wrap: a ring of files NAME.1, NAME.2 …, of which one is being written. When it is
%% full the next one is, and what that held is lost. NAME.idx has the number of the current file and how many
%% items each has; NAME.siz the largest size of a file and the number of files.
-module(muster_disk_log_wrap).
-export([open/1, write/2, sync/1, read/2, step/3, clear/2, rename/3, next_file/2, resize/2, with_head/2,
         info/1, looked_at/1, close/1]).
-export([sizes/1, index/1]).
-export_type([store/0]).

%% counts: of the items in each file that is there. current: its number.
-type store() :: #{path := file:filename(), format := disk_log:dlog_format(), mode := disk_log:dlog_mode(),
                   max_bytes := pos_integer(), max_files := pos_integer(), current := pos_integer(),
                   file := muster_disk_log_file:file(), counts := #{pos_integer() => non_neg_integer()},
                   head := fun(() -> {ok, [binary()]} | {error, term()}), written := non_neg_integer(),
                   overflows := non_neg_integer(), seen_overflows := non_neg_integer()}.

-define(VERSION, 2).

-spec open(muster_disk_log:options()) ->
          {ok, store(), ok | {repaired, non_neg_integer(), non_neg_integer()}} | {error, term()}.
open(#{file := Path, format := Format, mode := Mode, repair := Repair} = Options) ->
    maybe
        {ok, {MaxBytes, MaxFiles}} ?= size_of(Path, Options),
        Store = #{path => Path, format => Format, mode => Mode, max_bytes => MaxBytes, max_files => MaxFiles,
                  counts => #{}, head => fun() -> muster_disk_log:head(Options) end, written => 0, overflows => 0,
                  seen_overflows => 0},
        case Repair =/= truncate andalso index(Path) of
            {ok, Current, Counts} when Mode =:= read_only ->
                continued(Store#{current => Current, counts => Counts}, Repair);
            {ok, Current, Counts} ->
                maybe
                    {ok, New, How} ?= continued(Store#{current => Current, counts => Counts}, Repair),
                    ok ?= saved_sizes(New),
                    {ok, New, How}
                end;
            {error, _} = Error -> Error;
            _ when Mode =:= read_only -> {error, {file_error, Path ++ ".idx", enoent}};
            _ ->
                _ = Repair =:= truncate andalso delete_files(Path, 1),
                maybe
                    {ok, New, ok} ?= begun(Store, 1),
                    ok ?= saved_sizes(Store),
                    {ok, New, ok}
                end
        end
    end.

size_of(_, #{repair := truncate, size := Size}) -> {ok, Size};
size_of(Path, Options) ->
    case {sizes(Path), Options} of
        {{ok, Size}, #{size := Size}} -> {ok, Size};
        {{ok, Size}, #{size := Given, mode := read_only}} -> {error, {size_mismatch, Size, Given}};
        {{ok, _}, #{size := Given}} -> {ok, Given};
        {{ok, Size}, _} -> {ok, Size};
        {none, #{size := Size}} -> {ok, Size};
        {none, #{mode := read_only}} -> {error, {file_error, Path ++ ".idx", enoent}};
        {none, _} -> {error, {badarg, size}}
    end.

%% The sizes of a log that is or was there.
-spec sizes(file:filename()) -> {ok, {pos_integer(), pos_integer()}} | none.
sizes(Path) ->
    case file:read_file(Path ++ ".siz") of
        {ok, <<?VERSION, MaxBytes:64, MaxFiles:32>>} -> {ok, {MaxBytes, MaxFiles}};
        {ok, <<1, MaxBytes:64, MaxFiles:32>>} -> {ok, {MaxBytes, MaxFiles}};
        {ok, <<0, MaxBytes:32, MaxFiles:32>>} -> {ok, {MaxBytes, MaxFiles}};
        {ok, <<MaxBytes:32, MaxFiles:32>>} -> {ok, {MaxBytes, MaxFiles}};
        _ -> none
    end.

saved_sizes(#{path := Path, max_bytes := MaxBytes, max_files := MaxFiles}) ->
    Name = Path ++ ".siz",
    muster_disk_log:file_result(Name, file:write_file(Name, <<?VERSION, MaxBytes:64, MaxFiles:32>>)).

%% The number of the current file, and how many items each of those has that are there.
-spec index(file:filename()) -> {ok, pos_integer(), #{pos_integer() => non_neg_integer()}} | none | {error, term()}.
index(Path) ->
    case file:read_file(Path ++ ".idx") of
        {ok, <<0:40, ?VERSION, Current:32, Counts/binary>>} when byte_size(Counts) rem 8 =:= 0, Current > 0 ->
            {ok, Current, there(Path, [Count || <<Count:64>> <= Counts])};
        %% As it once was, and before that.
        {ok, <<0, Current:32, Counts/binary>>} when byte_size(Counts) rem 4 =:= 0, Current > 0 ->
            {ok, Current, there(Path, [Count || <<Count:32>> <= Counts])};
        {ok, <<Current, Counts/binary>>} when byte_size(Counts) rem 4 =:= 0, Current > 0 ->
            {ok, Current, there(Path, [Count || <<Count:32>> <= Counts])};
        {ok, _} -> {error, {invalid_index_file, Path ++ ".idx"}};
        {error, enoent} -> none;
        {error, Reason} -> {error, {file_error, Path ++ ".idx", Reason}}
    end.

%% How many items which of the files have that are there.
there(Path, Counts) ->
    maps:from_list([{N, Count} || {N, Count} <- lists:enumerate(Counts), filelib:is_file(file(Path, N))]).

saved_index(#{mode := read_only}) -> ok;
saved_index(#{path := Path, current := Current, counts := Counts}) ->
    Last = lists:max(maps:keys(Counts)),
    Bytes = [<<(maps:get(N, Counts, 0)):64>> || N <- lists:seq(1, Last)],
    Name = Path ++ ".idx",
    muster_disk_log:file_result(Name, file:write_file(Name, [<<0:40, ?VERSION, Current:32>> | Bytes])).

file(Path, N) -> Path ++ "." ++ integer_to_list(N).

delete_files(Path, N) ->
    case file:delete(file(Path, N)) of
        ok -> delete_files(Path, N + 1);
        {error, _} -> ok
    end.

%% Goes on in the file that was written last.
continued(#{path := Path, format := Format, mode := Mode, current := Current, counts := Counts} = Store, Repair) ->
    case muster_disk_log_file:open(file(Path, Current), Format, Mode, Repair) of
        {ok, File, closed} -> {ok, Store#{file => File}, ok};
        {ok, File, {repaired, Items, _} = Repaired} ->
            {ok, Store#{file => File, counts := Counts#{Current => Items}}, Repaired};
        Error -> Error
    end.

%% File N, empty but for the head.
begun(#{path := Path, format := Format, head := Head, counts := Counts, written := Written} = Store, N) ->
    maybe
        {ok, Items} ?= Head(),
        {ok, File} ?= muster_disk_log_file:create(file(Path, N), Format, Items),
        New = Store#{current => N, file => File, counts := Counts#{N => length(Items)},
                     written := Written + length(Items)},
        ok ?= saved_index(New),
        {ok, New, ok}
    end.

-spec write(store(), [binary()]) -> {ok | {error, term()}, store(), [term()]}.
write(Store, Items) -> write(Store, Items, []).

write(Store, [], Events) -> {ok, Store, lists:reverse(Events)};
write(#{file := #{format := Format, at := At} = File, max_bytes := Max, current := Current, counts := Counts,
        written := Written} = Store, Items, Events) ->
    Have = maps:get(Current, Counts),
    {Fitting, Rest} = fitting(Items, Format, At, Max, Have, []),
    case Fitting of
        [] ->
            case switched(Store) of
                {ok, New, Event} -> write(New, Items, Event ++ Events);
                Error -> {Error, Store, lists:reverse(Events)}
            end;
        _ ->
            case muster_disk_log_file:write(File, muster_disk_log_file:framed(Format, Fitting)) of
                {ok, Longer} ->
                    write(Store#{file := Longer, counts := Counts#{Current := Have + length(Fitting)},
                                 written := Written + length(Fitting)}, Rest, Events);
                Error -> {Error, Store, lists:reverse(Events)}
            end
    end.

%% An item larger than a file has one for itself, beside the head.
fitting([Item | Items], Format, At, Max, Have, Fitting) ->
    After = At + muster_disk_log_file:size_framed(Format, Item),
    if
        After =< Max; Have =< 1, Fitting =:= [], At =< Max, After - At > Max ->
            fitting(Items, Format, After, Max, Have + 1, [Item | Fitting]);
        true -> {lists:reverse(Fitting), [Item | Items]}
    end;
fitting([], _, _, _, _, Fitting) -> {lists:reverse(Fitting), []}.

%% To the next file: the oldest go, up to that one. Events: {wrap, N}, that one had N items.
switched(#{file := File, path := Path, current := Current, max_files := MaxFiles, counts := Counts,
           overflows := Overflows} = Store) ->
    Next = case Current >= MaxFiles of
               true -> 1;
               false -> Current + 1
           end,
    Gone = case is_map_key(Next, Counts) of
               true -> lists:takewhile(fun(N) -> N =/= Next end, order(Store));
               false -> []
           end,
    maybe
        ok ?= closed_before(Next, Store),
        {ok, New, ok} ?= begun(Store#{counts := maps:without(Gone, Counts), overflows := Overflows + 1}, Next),
        ok ?= closed_after(Next, Current, File),
        [file:delete(file(Path, N)) || N <- Gone],
        {ok, New, [{wrap, maps:get(Next, Counts, 0)}]}
    end.

%% The next file may be the same one.
closed_before(Current, #{current := Current, file := File}) -> muster_disk_log_file:close(File);
closed_before(_, _) -> ok.

closed_after(Current, Current, _) -> ok;
closed_after(_, _, File) -> muster_disk_log_file:close(File).

-spec next_file(store(), term()) -> {ok, store(), [term()]} | {error, term()}.
next_file(Store, _) -> switched(Store).

-spec sync(store()) -> ok | {error, term()}.
sync(#{file := #{fd := Fd, path := Path}}) -> muster_disk_log:file_result(Path, file:sync(Fd)).

%% ---- reading ----

%% The files, the oldest first.
order(#{current := Current, counts := Counts}) ->
    {Newer, Older} = lists:partition(fun(N) -> N =< Current end, lists:sort(maps:keys(Counts))),
    Older ++ Newer.

-spec read(store(), start | muster_disk_log:place()) ->
          {muster_disk_log:place(), [binary()], non_neg_integer()} | eof | {error, term()}.
read(Store, start) -> read(Store, {hd(order(Store)), 0});
read(#{path := Path, mode := Mode, current := Current} = Store, {N, At}) ->
    Name = file(Path, N),
    Read = case Store of
               #{current := N, file := #{fd := Fd}} ->
                   muster_disk_log_file:read(Fd, Name, At, muster_disk_log:broken(Mode));
               _ ->
                   case file:open(Name, [read, raw, binary]) of
                       {ok, Fd} ->
                           try muster_disk_log_file:read(Fd, Name, At, muster_disk_log:broken(Mode))
                           after file:close(Fd)
                           end;
                       {error, Reason} -> {error, {file_error, Name, Reason}}
                   end
           end,
    case Read of
        eof when N =:= Current -> eof;
        eof -> read(Store, {after_file(Store, N), 0});
        {[], 0, Next} -> read(Store, {N, Next});
        {Items, Bad, Next} -> {{N, Next}, Items, Bad};
        Error -> Error
    end.

after_file(Store, N) ->
    case lists:dropwhile(fun(Other) -> Other =/= N end, order(Store)) of
        [_, Next | _] -> Next;
        _ -> hd(order(Store))
    end.

-spec step(store(), start | muster_disk_log:place(), integer()) ->
          {ok, muster_disk_log:place()} | end_of_log | not_internal_wrap.
step(#{format := external}, _, _) -> not_internal_wrap;
step(Store, start, Step) -> step(Store, {hd(order(Store)), 0}, Step);
step(#{max_files := MaxFiles} = Store, {N, _}, Step) ->
    Order = order(Store),
    Count = length(Order),
    At = length(lists:takewhile(fun(Other) -> Other =/= N end, Order)) + Step,
    if
        Count >= MaxFiles -> {ok, {lists:nth(1 + ((At rem Count) + Count) rem Count, Order), 0}};
        At >= 0, At < Count -> {ok, {lists:nth(1 + At, Order), 0}};
        true -> end_of_log
    end.

%% ---- beginning anew, changing ----

-spec clear(store(), {ok, [binary()]} | {error, term()}) -> {ok, store()} | {error, term()}.
clear(_, {error, _} = Error) -> Error;
clear(#{file := #{fd := Fd}, path := Path, counts := Counts} = Store, Head) ->
    _ = file:close(Fd),
    [file:delete(file(Path, N)) || N <- maps:keys(Counts)],
    anew(Store, Head).

-spec rename(store(), file:filename(), {ok, [binary()]} | {error, term()}) -> {ok, store()} | {error, term()}.
rename(_, _, {error, _} = Error) -> Error;
rename(#{file := File, path := Path, counts := Counts} = Store, To, Head) ->
    Suffixes = [integer_to_list(N) || N <- maps:keys(Counts)] ++ ["idx", "siz"],
    maybe
        ok ?= muster_disk_log_file:close(File),
        ok ?= saved_index(Store),
        [] ?= [{error, {file_error, To ++ "." ++ Suffix, Reason}} ||
               Suffix <- Suffixes, {error, Reason} <- [file:rename(Path ++ "." ++ Suffix, To ++ "." ++ Suffix)]],
        anew(Store, Head)
    else
        [Error | _] -> Error;
        Error -> Error
    end.

anew(Store, Head) ->
    Given = maps:get(head, Store),
    maybe
        ok ?= saved_sizes(Store),
        {ok, New, ok} ?= begun(Store#{counts := #{}, written := 0, overflows := 0, seen_overflows := 0, head := fun() -> Head end}, 1),
        {ok, New#{head := Given}}
    end.

%% Files too many go when the next file is begun.
-spec resize(store(), disk_log:dlog_size()) -> {ok, store()} | {error, term()}.
resize(Store, {MaxBytes, MaxFiles}) ->
    New = Store#{max_bytes := MaxBytes, max_files := MaxFiles},
    case saved_sizes(New) of
        ok -> {ok, New};
        Error -> Error
    end;
resize(_, _) -> {error, {badarg, size}}.

-spec with_head(store(), fun(() -> {ok, [binary()]} | {error, term()})) -> store().
with_head(Store, Head) -> Store#{head := Head}.

-spec info(store()) -> #{atom() => term()}.
info(#{max_bytes := MaxBytes, max_files := MaxFiles, file := #{at := At}, current := Current, counts := Counts,
       written := Written, overflows := Overflows, seen_overflows := Seen}) ->
    Total = lists:sum(maps:values(Counts)),
    #{size => {MaxBytes, MaxFiles}, items => Total, no_items => Total, no_current_bytes => At,
      no_current_items => maps:get(Current, Counts), current_file => Current, no_written_items => Written,
      no_overflows => {Overflows, Overflows - Seen}}.

%% The count of overflows begins anew with each look.
-spec looked_at(store()) -> store().
looked_at(#{overflows := Overflows} = Store) -> Store#{seen_overflows := Overflows}.

-spec close(store()) -> ok | {error, term()}.
close(#{file := File} = Store) ->
    Closed = muster_disk_log_file:close(File),
    case saved_index(Store) of
        ok -> Closed;
        Error -> Error
    end.
