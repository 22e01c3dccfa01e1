%% The process of an open dets table, and how the table lies in its file, which is that of a `store`: an entry for each
%% key, whose value are its objects in the order in which they were inserted, and the entry `meta` with what the table
%% is. Writes come here, one after the other, each committed as one; those who read do so by themselves.
-module(muster_dets).
-behaviour(gen_server).
-export([start/1, is_table/1, lookup/2, fold/3, next_rows/3, place/1]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2]).
-export_type([handle/0, place/0]).

-type handle() :: #{native := term(), keypos := pos_integer(), type := set | bag | duplicate_bag}.
%% Before the first key, after one, or where nothing more comes.
-type place() :: none | {without, term()} | ended.

-define(ROWS, 500).
-define(SERVER, dets).

%% users: how often which process has opened it, and its monitor. fixed: how often which process has,
%% and since when anyone has.
-record(table, {name, file, handle, options, users = #{}, fixed = #{}, fixed_at}).

-spec start(dets:tab_name()) -> {ok, pid()}.
start(Name) -> gen_server:start(?MODULE, Name, []).

-spec init(dets:tab_name()) -> {ok, #table{}}.
init(Name) ->
    group_leader(whereis(user), self()),
    process_flag(trap_exit, true),
    {ok, #table{name = Name}}.

%% ---- who uses it ----

-spec handle_call(term(), gen_server:from(), Table) -> {reply, term(), Table} | {noreply, Table} | {stop, normal, Table}
              when Table :: #table{}.
handle_call({attach, Pid, Options}, From, #table{handle = undefined, name = Name} = Table) ->
    case opened(Options, Table) of
        {ok, Open} -> {reply, {ok, Name}, used_by(Pid, Open)};
        {error, _} = Error -> ended(From, Error, Table)
    end;
handle_call({attach, Pid, Options}, _, #table{name = Name} = Table) ->
    case agrees(Options, Table) of
        true -> {reply, {ok, Name}, used_by(Pid, Table)};
        false -> {reply, {error, incompatible_arguments}, Table}
    end;
handle_call({close, Pid}, From, #table{users = Users} = Table) ->
    case Users of
        #{Pid := _} -> ended_by(Pid, From, Table);
        _ -> {reply, {error, not_owner}, Table}
    end;
handle_call({write, Request}, _, Table) ->
    {Answer, New} = written(Request, Table),
    {reply, Answer, New};
handle_call({info, Item}, _, Table) -> {reply, info(Item, Table), Table};
handle_call(handle, _, #table{handle = Handle} = Table) -> {reply, Handle, Table}.

-spec handle_cast(term(), Table) -> {noreply, Table} when Table :: #table{}.
handle_cast(_, Table) -> {noreply, Table}.

-spec handle_info(term(), Table) -> {noreply, Table} | {stop, normal, Table} when Table :: #table{}.
handle_info({'DOWN', _, process, Pid, _}, #table{users = Users} = Table) ->
    case Users of
        #{Pid := {_, Monitor}} -> ended_by(Pid, none, Table#table{users = Users#{Pid := {1, Monitor}}});
        _ -> {noreply, Table}
    end;
handle_info(_, Table) -> {noreply, Table}.

-spec terminate(term(), #table{}) -> term().
terminate(_, Table) -> closed(Table).

used_by(Pid, #table{users = Users} = Table) ->
    Use = case Users of
              #{Pid := {N, Monitor}} -> {N + 1, Monitor};
              _ -> {1, monitor(process, Pid)}
          end,
    Table#table{users = Users#{Pid => Use}}.

ended_by(Pid, From, #table{users = Users, fixed = Fixed} = Table) ->
    case Users of
        #{Pid := {1, Monitor}} ->
            demonitor(Monitor, [flush]),
            Left = maps:remove(Pid, Users),
            New = Table#table{users = Left, fixed = maps:remove(Pid, Fixed)},
            case map_size(Left) of
                0 -> ended(From, ok, New);
                _ ->
                    answer(From, ok),
                    {noreply, New}
            end;
        #{Pid := {N, Monitor}} ->
            answer(From, ok),
            {noreply, Table#table{users = Users#{Pid := {N - 1, Monitor}}}}
    end.

%% It is not to be found any more when the last one hears of it.
ended(From, Answer, Table) ->
    Closed = closed(Table),
    muster_open_files:forget(?SERVER, self()),
    answer(From, Answer),
    {stop, normal, Closed}.

answer(none, _) -> ok;
answer(From, Answer) -> gen_server:reply(From, Answer).

closed(#table{handle = #{native := Native}} = Table) ->
    _ = muster_store:close(Native),
    Table#table{handle = undefined};
closed(Table) -> Table.

%% ---- opening ----

opened(Options, #table{name = Name} = Table) ->
    maybe
        {ok, File} ?= file(Name, Options),
        Access = maps:get(access, Options, read_write),
        ok ?= may_be_opened(File, filelib:is_file(File), Access, Options),
        {ok, Native} ?= native(File),
        case meta(Native, File, Options) of
            {ok, Type, Keypos} ->
                Handle = #{native => Native, type => Type, keypos => Keypos},
                {ok, Table#table{file = File, handle = Handle, options = Options#{access => Access}}};
            Error ->
                _ = muster_store:close(Native),
                Error
        end
    end.

file(_, #{file := File}) -> {ok, File};
file(Name, _) when is_atom(Name) -> {ok, atom_to_list(Name)};
file(Name, _) -> {error, {badarg, Name}}.

may_be_opened(File, There, Access, Options) ->
    case Options of
        _ when There -> ok;
        #{must_exist := true} -> {error, {file_error, File, enoent}};
        _ when Access =:= read -> {error, {file_error, File, enoent}};
        _ -> file_result(File, file:write_file(File, <<>>)) % says why not
    end.

file_result(_, ok) -> ok;
file_result(File, {error, Reason}) -> {error, {file_error, File, Reason}}.

%% Nothing is done to a file that is no store.
native(File) ->
    case muster_store:open(File, normal) of
        {ok, Native} -> {ok, Native};
        {error, {no_store, _}} -> {error, {not_a_dets_file, File}};
        {error, Reason} -> {error, {file_error, File, Reason}}
    end.

%% What the table is; a new one is what it is opened as.
meta(Native, File, Options) ->
    case {muster_store:get(Native, meta), muster_store:size(Native)} of
        {{ok, {dets, Type, Keypos}}, _} ->
            case Options of
                #{type := Other} when Other =/= Type -> {error, {type_mismatch, File}};
                #{keypos := Other} when Other =/= Keypos -> {error, {keypos_mismatch, File}};
                #{} -> {ok, Type, Keypos}
            end;
        {none, 0} ->
            Type = maps:get(type, Options, set),
            Keypos = maps:get(keypos, Options, 1),
            case muster_store:write(Native, [{put, meta, {dets, Type, Keypos}}]) of
                ok -> {ok, Type, Keypos};
                {error, Reason} -> {error, {file_error, File, Reason}}
            end;
        _ -> {error, {not_a_dets_file, File}}
    end.

-spec is_table(file:filename()) -> boolean() | {error, {file_error, file:filename(), term()}}.
is_table(File) ->
    case filelib:is_file(File) of
        false -> {error, {file_error, File, enoent}};
        true ->
            case native(File) of
                {ok, Native} ->
                    Meta = muster_store:get(Native, meta),
                    _ = muster_store:close(Native),
                    case Meta of
                        {ok, {dets, _, _}} -> true;
                        _ -> false
                    end;
                {error, _} -> false
            end
    end.

agrees(Options, #table{file = File, handle = #{type := Type, keypos := Keypos}, options = Given}) ->
    Access = maps:get(access, Given),
    maps:get(file, Options, File) =:= File andalso maps:get(type, Options, Type) =:= Type andalso
        maps:get(keypos, Options, Keypos) =:= Keypos andalso maps:get(access, Options, Access) =:= Access.

%% ---- reading: whoever has the handle ----

-spec lookup(handle(), Key :: term()) -> [tuple()].
lookup(#{native := Native}, Key) ->
    case muster_store:get(Native, entry(Key)) of
        {ok, Objects} -> Objects;
        none -> []
    end.

%% What the store cannot order gets a place by how it would be sent.
entry(Key) ->
    try muster_store:key({term, Key}) of
        _ -> {term, Key}
    catch
        error:_ -> {bytes, term_to_binary(Key)}
    end.

-spec place(Key :: term()) -> place().
place(Key) -> {without, entry(Key)}.

%% Fun(Objects of a key, Acc), on the table as it is now.
-spec fold(handle(), fun(([tuple()], Acc) -> Acc), Acc) -> Acc.
fold(Handle, Fun, Acc) ->
    {ok, Cursor} = cursor(Handle, none),
    fold_on(Cursor, Fun, Acc).

fold_on(Cursor, Fun, Acc) ->
    {Left, Rows} = muster_store:next(Cursor, ?ROWS),
    New = lists:foldl(fun({_, Objects}, A) -> Fun(Objects, A) end, Acc, Rows),
    case Left of
        ended -> New;
        more -> fold_on(Cursor, Fun, New)
    end.

%% The entries are tuples of two, which come after `meta`, an atom, and before whatever else there might be.
cursor(#{native := Native}, none) -> muster_store:cursor(Native, {without, meta}, none, false);
cursor(#{native := Native}, {without, _} = Place) -> muster_store:cursor(Native, Place, none, false).

%% At most N keys' objects from a place on, and where to go on.
-spec next_rows(handle(), place(), pos_integer()) -> {place(), [[tuple()]]} | ended.
next_rows(_, ended, _) -> ended;
next_rows(Handle, Place, N) ->
    {ok, Cursor} = cursor(Handle, Place),
    case muster_store:next(Cursor, N) of
        {_, []} -> ended;
        {_, Rows} ->
            {Last, _} = lists:last(Rows),
            {{without, Last}, [Objects || {_, Objects} <- Rows]}
    end.

%% ---- writing ----

written({fix, Pid, true}, #table{fixed = Fixed} = Table) ->
    Since = case map_size(Fixed) of
                0 -> {erlang:timestamp(), erlang:monotonic_time()};
                _ -> Table#table.fixed_at
            end,
    {ok, Table#table{fixed = Fixed#{Pid => maps:get(Pid, Fixed, 0) + 1}, fixed_at = Since}};
written({fix, Pid, false}, #table{fixed = Fixed} = Table) ->
    New = case Fixed of
              #{Pid := N} when N > 1 -> Fixed#{Pid := N - 1};
              _ -> maps:remove(Pid, Fixed)
          end,
    {ok, Table#table{fixed = New}};
written(sync, #table{options = #{access := read}} = Table) -> {ok, Table};
written(_, #table{options = #{access := read}, file = File} = Table) -> {{error, {access_mode, File}}, Table};
written(replace, #table{name = Name, fixed = Fixed} = Table) when map_size(Fixed) > 0 ->
    {{error, {fixed_table, Name}}, Table};
written(replace, Table) -> written(clear, Table);
written(Request, #table{handle = Handle} = Table) -> {change(Request, Handle, Table), Table}.

change({insert, Objects}, Handle, Table) -> commit(inserted(Objects, Handle), Handle, Table);
change({insert_new, Objects}, #{keypos := Keypos} = Handle, Table) ->
    case lists:any(fun(Object) -> lookup(Handle, element(Keypos, Object)) =/= [] end, Objects) of
        true -> false;
        false ->
            case commit(inserted(Objects, Handle), Handle, Table) of
                ok -> true;
                Error -> Error
            end
    end;
change({delete, Key}, Handle, Table) -> commit([{delete, entry(Key)}], Handle, Table);
change({delete_objects, Objects}, Handle, Table) -> commit(without(Objects, Handle), Handle, Table);
change(clear, #{type := Type, keypos := Keypos} = Handle, Table) ->
    commit([clear, {put, meta, {dets, Type, Keypos}}], Handle, Table);
change({update_counter, Key, Increment}, #{type := set, keypos := Keypos} = Handle, Table) ->
    {At, By} = case Increment of
                   {_, _} -> Increment;
                   _ -> {Keypos + 1, Increment}
               end,
    case lookup(Handle, Key) of
        [Object] when is_integer(At), At > 0, At =/= Keypos, tuple_size(Object) >= At, is_integer(element(At, Object)),
                      is_integer(By) ->
            Value = element(At, Object) + By,
            case commit([{put, entry(Key), [setelement(At, Object, Value)]}], Handle, Table) of
                ok -> Value;
                Error -> Error
            end;
        _ -> badarg
    end;
change({update_counter, _, _}, _, _) -> badarg;
%% A commit that waits for the disk carries along those before it.
change(sync, #{type := Type, keypos := Keypos}, #table{file = File}) ->
    case muster_store:open(File, full) of
        {ok, Native} ->
            Result = muster_store:write(Native, [{put, meta, {dets, Type, Keypos}}]),
            _ = muster_store:close(Native),
            file_result(File, Result);
        {error, Reason} -> {error, {file_error, File, Reason}}
    end.

commit([], _, _) -> ok;
commit(Changes, #{native := Native}, #table{file = File}) -> file_result(File, muster_store:write(Native, Changes)).

%% Of a set the last object of each key counts.
inserted(Objects, #{type := set, keypos := Keypos}) ->
    [{put, entry(element(Keypos, Object)), [Object]} || Object <- Objects];
inserted(Objects, #{type := Type} = Handle) ->
    Add = case Type of
              bag -> fun(Object, Have) -> lists:delete(Object, Have) ++ [Object] end;
              duplicate_bag -> fun(Object, Have) -> Have ++ [Object] end
          end,
    changed(Objects, Add, Handle).

without(Objects, Handle) ->
    changed(Objects, fun(Object, Have) -> [Other || Other <- Have, Other =/= Object] end, Handle).

%% The new values of the keys of some objects.
changed(Objects, Change, #{keypos := Keypos} = Handle) ->
    New = lists:foldl(fun(Object, Values) ->
                              Key = element(Keypos, Object),
                              Have = case Values of
                                         #{Key := Value} -> Value;
                                         _ -> lookup(Handle, Key)
                                     end,
                              Values#{Key => Change(Object, Have)}
                      end, #{}, Objects),
    [case Value of
         [] -> {delete, entry(Key)};
         _ -> {put, entry(Key), Value}
     end || {Key, Value} <- maps:to_list(New)].

%% ---- what is known ----

info(Item, #table{file = File, handle = #{type := Type, keypos := Keypos}, options = Options} = Table) ->
    case Item of
        access -> maps:get(access, Options);
        auto_save -> maps:get(auto_save, Options, 180000);
        bchunk_format -> term_to_binary({muster_dets, Type, Keypos});
        file_size -> filelib:file_size(File);
        filename -> File;
        keypos -> Keypos;
        memory -> filelib:file_size(File);
        no_keys -> {counted, keys};
        no_objects -> {counted, objects};
        owner -> self();
        pid -> self();
        ram_file -> maps:get(ram_file, Options, false);
        safe_fixed -> fixed(1, Table);
        safe_fixed_monotonic_time -> fixed(2, Table);
        size when Type =:= set -> {counted, keys};
        size -> {counted, objects};
        type -> Type;
        users -> maps:keys(Table#table.users);
        _ -> undefined
    end.

fixed(_, #table{fixed = Fixed}) when map_size(Fixed) =:= 0 -> false;
fixed(Clock, #table{fixed = Fixed, fixed_at = Since}) -> {element(Clock, Since), maps:to_list(Fixed)}.
