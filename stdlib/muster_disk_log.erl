%% The process of an open disk log: who uses it, who may at the moment, and what they ask. How items lie on the disk is
%% the affair of its store, muster_disk_log_halt or muster_disk_log_wrap, which have the same functions.
%%
%% The log is closed when the last of its users has closed it or, being linked (an owner), has ended. While one process
%% blocks it, the requests of others wait, or are refused.
-module(muster_disk_log).
-behaviour(gen_server).
-export([start/1, head/1, broken/1, file_result/2]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2]).
-export_type([place/0, options/0]).

%% Where to go on reading: in a file, or in one of a ring.
-type place() :: non_neg_integer() | {File :: pos_integer(), non_neg_integer()}.
-type options() :: #{file := file:filename(), format := disk_log:dlog_format(), mode := disk_log:dlog_mode(),
                     repair := boolean() | truncate, size => disk_log:dlog_size(), head => term(),
                     head_func => {module(), atom(), [term()]}, atom() => term()}.

%% options: as the log was opened. owners: those linked, and whether they are told what happens. users: how many
%% others have opened it. blocked: by whom, and whether others wait: their requests, newest first. status: the last
%% that was told. full: that was told. pending: what is to be logged, and who wants to hear of it, newest first; it is
%% written when nothing more has come, when it is much, and before anything else is done.
-record(log, {name, options, module, store, owners = #{}, users = 0, blocked = none, waiting = [], status = ok,
              full = false, pending = [], pending_bytes = 0}).

-define(MUCH, 65536).

-spec start(disk_log:log()) -> {ok, pid()}.
start(Name) -> gen_server:start(?MODULE, Name, []).

-spec init(disk_log:log()) -> {ok, #log{}}.
init(Name) ->
    group_leader(whereis(user), self()),
    process_flag(trap_exit, true),
    {ok, #log{name = Name}}.

%% ---- who may ----

-spec handle_call(term(), gen_server:from(), Log) ->
          {reply, term(), Log} | {noreply, Log} | {noreply, Log, 0} | {stop, normal, Log} when Log :: #log{}.
handle_call({log, _, Items} = Request, {Pid, _} = From, Log) ->
    case permission(Request, Pid, Log) of
        ok -> pend(From, Items, Log);
        wait -> {noreply, waits(From, Request, Log)};
        Error -> {reply, Error, Log}
    end;
handle_call(Request, {Pid, _} = From, Before) ->
    Log = flushed(Before),
    case permission(Request, Pid, Log) of
        ok -> answered(From, call(Request, Pid, Log));
        wait -> {noreply, waits(From, Request, Log)};
        Error -> {reply, Error, Log}
    end.

%% Only what is logged without an answer comes so.
-spec handle_cast(term(), Log) -> {noreply, Log} | {noreply, Log, 0} when Log :: #log{}.
handle_cast({log, _, Items} = Request, Log) ->
    case permission(Request, none, Log) of
        ok -> pend(none, Items, Log);
        wait -> {noreply, waits(none, Request, Log)};
        {error, {Why, _}} ->
            Told = case Why of
                       read_only_mode -> read_only;
                       _ -> Why
                   end,
            tell(Log, {Told, Items}),
            {noreply, Log}
    end.

waits(From, Request, #log{waiting = Waiting} = Log) -> Log#log{waiting = [{From, Request} | Waiting]}.

%% When nobody uses the log any more it is closed, and not to be found, before the last one hears of it.
answered(From, {Answer, #log{owners = Owners, users = 0} = Log}) when map_size(Owners) =:= 0 ->
    Closed = closed(Log),
    muster_open_files:forget(disk_log_server, self()),
    answer(From, Answer),
    {stop, normal, Closed};
answered(From, {Answer, Log}) ->
    answer(From, Answer),
    {noreply, Log}.

answer(none, _) -> ok;
answer(From, Answer) -> gen_server:reply(From, Answer).

permission(info, _, _) -> ok;
permission({attach, _}, _, _) -> ok;
permission({close, _}, _, _) -> ok;
permission({unblock, _}, _, _) -> ok;
permission(Request, Pid, #log{name = Name, blocked = {By, _, Queue}} = Log) ->
    case element(1, Request) of
        Read when By =:= Pid, Read =:= read orelse Read =:= step -> permission(Request, Pid, Log#log{blocked = none});
        _ when By =/= Pid, Queue -> wait;
        _ -> {error, {blocked_log, Name}}
    end;
permission({block, _, _}, _, _) -> ok;
permission({read, _}, _, Log) -> internal(Log);
permission({step, _, _}, _, _) -> ok;
permission({change_notify, _, _}, _, _) -> ok;
permission(_, _, #log{name = Name, options = #{mode := read_only}}) -> {error, {read_only_mode, Name}};
permission({log, internal, _}, _, Log) -> internal(Log);
permission({truncate, {internal, _}}, _, Log) -> internal(Log);
permission({reopen, _, {internal, _}}, _, Log) -> internal(Log);
permission(_, _, _) -> ok.

internal(#log{options = #{format := internal}}) -> ok;
internal(#log{name = Name}) -> {error, {format_external, Name}}.

%% ---- what they ask ----

%% The answer, and the log afterwards.
call({attach, Given}, _, #log{store = undefined} = Log) -> opened(Given, Log);
call({attach, Given}, _, #log{name = Name, options = Options} = Log) ->
    Keys = [Key || Key <- [file, mode, type, format, repair, head, head_func, size], is_map_key(Key, Given)],
    case [Error || Key <- Keys, Error <- mismatch(Key, map_get(Key, Given), Options, Name)] ++
             notify_mismatch(Given, Log) of
        [] -> {{ok, Name}, attached(Given, Log)};
        [Error | _] -> {{error, Error}, Log}
    end;
call({close, Pid}, _, #log{owners = Owners, users = Users} = Log) ->
    case Owners of
        #{Pid := _} ->
            unlink(Pid),
            {ok, unblocked_by(Pid, Log#log{owners = maps:remove(Pid, Owners)})};
        _ when Users > 0 -> {ok, unblocked_by(Pid, Log#log{users = Users - 1})};
        _ -> {{error, {not_owner, Pid}}, Log}
    end;
call({log, _, Items}, _, Log) -> logged(Items, Log);
call({sync}, _, #log{module = Module, store = Store} = Log) -> {Module:sync(Store), Log};
call({truncate, Head}, _, #log{module = Module, store = Store} = Log) ->
    Items = map_get(items, Module:info(Store)),
    {Answer, New} = begun_anew(Module:clear(Store, head_given(Head, Log)), Log),
    _ = Answer =:= ok andalso tell(New, {truncated, Items}),
    {Answer, New};
call({reopen, File, Head}, _, #log{name = Name, module = Module, store = Store, options = Options} = Log) ->
    case Options of
        #{file := File} -> {{error, {same_file_name, Name}}, Log};
        _ ->
            Items = map_get(items, Module:info(Store)),
            {Answer, New} = begun_anew(Module:rename(Store, File, head_given(Head, Log)), Log),
            _ = Answer =:= ok andalso tell(New, {truncated, Items}),
            {Answer, New}
    end;
call({next_file}, _, #log{name = Name, module = Module, store = Store} = Log) ->
    case Module:next_file(Store, Name) of
        halt_log -> {{error, {halt_log, Name}}, Log};
        {ok, New, Events} ->
            [tell(Log, Event) || Event <- Events],
            {ok, Log#log{store = New}};
        {error, _} = Error -> {Error, Log}
    end;
call({change_size, Size}, _, #log{name = Name, module = Module, store = Store} = Log) ->
    case Module:resize(Store, Size) of
        {ok, New} -> {ok, with_status(ok, Log#log{store = New, full = false})};
        {error, {new_size_too_small, Is}} -> {{error, {new_size_too_small, Name, Is}}, Log};
        Error -> {Error, Log}
    end;
call({change_notify, Pid, Notify}, _, #log{owners = Owners} = Log) ->
    case Owners of
        #{Pid := _} -> {ok, Log#log{owners = Owners#{Pid := Notify}}};
        _ -> {{error, {not_owner, Pid}}, Log}
    end;
call({change_header, {Key, Head}}, _, #log{options = Options, store = Store, module = Module} = Log) ->
    New = (maps:without([head, head_func], Options))#{Key => Head},
    case Key =:= head_func orelse head(New) of
        {error, _} -> {{error, {badarg, head}}, Log};
        _ -> {ok, Log#log{options = New, store = Module:with_head(Store, fun() -> head(New) end)}}
    end;
call({block, Pid, Queue}, _, Log) -> {ok, Log#log{blocked = {Pid, monitor(process, Pid), Queue}}};
call({unblock, Pid}, _, #log{name = Name, blocked = Blocked} = Log) ->
    case Blocked of
        {Pid, _, _} -> {ok, unblocked(Log)};
        none -> {{error, {not_blocked, Name}}, Log};
        _ -> {{error, {not_blocked_by_pid, Name}}, Log}
    end;
call({read, Place}, _, #log{module = Module, store = Store} = Log) ->
    case Module:read(Store, Place) of
        {Next, Items, Bad} -> {{items, self(), Next, Items, Bad}, Log};
        Other -> {Other, Log}
    end;
call({step, Place, Step}, _, #log{name = Name, module = Module, store = Store} = Log) ->
    case Module:step(Store, Place, Step) of
        {ok, Next} -> {{place, self(), Next}, Log};
        end_of_log -> {{error, end_of_log}, Log};
        not_internal_wrap -> {{error, {not_internal_wrap, Name}}, Log}
    end;
call(info, _, Log) -> info(Log).

%% ---- opening ----

opened(Given, #log{name = Name} = Log) ->
    Type = maps:get(type, Given, halt),
    Module = case Type of
                 halt -> muster_disk_log_halt;
                 wrap -> muster_disk_log_wrap
             end,
    Defaults = #{format => internal, mode => read_write, repair => true, quiet => false, type => Type},
    maybe
        {ok, File} ?= file(Name, Given),
        Options = maps:merge(Defaults, Given#{file => File}),
        ok ?= plain_head(Options),
        _ = Type =:= halt andalso tell_of_repair(Options),
        {ok, Store, How} ?= Module:open(Options),
        Answer = case How of
                     ok -> {ok, Name};
                     {repaired, Items, Bad} -> {repaired, Name, {recovered, Items}, {badbytes, Bad}}
                 end,
        {Answer, attached(Given, Log#log{options = Options, module = Module, store = Store})}
    else
        {error, _} = Error -> {Error, Log}
    end.

file(_, #{file := File}) when is_atom(File) -> {ok, atom_to_list(File)};
file(_, #{file := File}) -> {ok, File};
file(Name, _) ->
    try {ok, lists:flatten(lists:concat([Name, ".LOG"]))}
    catch _:_ -> {error, {badarg, file}}
    end.

tell_of_repair(#{file := File, quiet := false, repair := true, format := internal, mode := read_write}) ->
    case muster_disk_log_file:was_closed(File) of
        false -> error_logger:info_msg("disk_log: repairing ~tp ...\n", [File]);
        true -> ok
    end;
tell_of_repair(_) -> ok.

mismatch(file, File, #{file := Is}, Name) when File =/= Is -> [{name_already_open, Name}];
mismatch(mode, Mode, #{mode := Is}, Name) when Mode =/= Is ->
    case Is of
        read_write -> [{open_read_write, Name}];
        read_only -> [{open_read_only, Name}]
    end;
mismatch(size, {_, _} = Size, #{size := Is}, _) when Size =/= Is -> [{size_mismatch, Is, Size}];
mismatch(Key, Value, Options, _) when Key =/= file, Key =/= mode, Key =/= size ->
    case Options of
        #{Key := Value} -> [];
        #{Key := Is} -> [{arg_mismatch, Key, Is, Value}];
        #{} -> [{arg_mismatch, Key, none, Value}]
    end;
mismatch(_, _, _, _) -> [].

notify_mismatch(#{linkto := Pid, notify := Notify}, #log{owners = Owners}) ->
    case Owners of
        #{Pid := Is} when Is =/= Notify -> [{arg_mismatch, notify, Is, Notify}];
        _ -> []
    end;
notify_mismatch(_, _) -> [].

attached(#{linkto := none}, #log{users = Users} = Log) -> Log#log{users = Users + 1};
attached(#{linkto := Pid} = Given, #log{owners = Owners} = Log) ->
    link(Pid),
    Notify = maps:get(notify, Given, maps:get(Pid, Owners, false)),
    Log#log{owners = Owners#{Pid => Notify}}.

%% The items that each new file begins with.
-spec head(options()) -> {ok, [binary()]} | {error, {invalid_header, term()}}.
head(#{head := none}) -> {ok, []};
head(#{head := Head, format := Format}) -> encoded_head(Format, Head, Head);
head(#{head_func := {M, F, A} = Function, format := Format}) ->
    try apply(M, F, A) of
        {ok, Head} -> encoded_head(Format, Head, {Function, {ok, Head}});
        Other -> {error, {invalid_header, {Function, Other}}}
    catch
        Class:Reason when Class =:= error; Class =:= exit ->
            {error, {invalid_header, {Function, {'EXIT', Reason}}}};
        throw:Thrown -> {error, {invalid_header, {Function, Thrown}}}
    end;
head(_) -> {ok, []}.

encoded_head(internal, Head, _) -> {ok, [term_to_binary(Head)]};
encoded_head(external, Head, Shown) ->
    try {ok, [iolist_to_binary(Head)]}
    catch error:badarg -> {error, {invalid_header, Shown}}
    end.

%% One that a function makes is made when a file is begun.
plain_head(#{head_func := _}) -> ok;
plain_head(Options) ->
    case head(Options) of
        {ok, _} -> ok;
        {error, _} -> {error, {badarg, head}}
    end.

head_given(same, #log{options = Options}) -> head(Options);
head_given({_, Head}, _) -> {ok, [Head]}.

%% What to do with bytes that are no item.
-spec broken(disk_log:dlog_mode()) -> skip | fail.
broken(read_only) -> skip;
broken(read_write) -> fail.

-spec file_result(file:filename(), ok | {error, term()}) -> ok | {error, {file_error, file:filename(), term()}}.
file_result(_, ok) -> ok;
file_result(Name, {error, Reason}) -> {error, {file_error, Name, Reason}}.

%% ---- writing ----

pend(From, Items, #log{pending = Pending, pending_bytes = Bytes} = Log) ->
    More = Bytes + lists:sum([byte_size(Item) || Item <- Items]),
    New = Log#log{pending = [{From, Items} | Pending], pending_bytes = More},
    case More >= ?MUCH of
        true -> {noreply, flushed(New)};
        false -> {noreply, New, 0}
    end.

flushed(#log{pending = []} = Log) -> Log;
flushed(#log{pending = Pending, store = Store} = Log) ->
    Requests = lists:reverse(Pending),
    Empty = Log#log{pending = [], pending_bytes = 0},
    case Store of
        #{max := Max} when Max =/= infinity -> lists:foldl(fun flush_one/2, Empty, Requests); % it may become full
        _ ->
            {Answer, New} = logged(lists:append([Items || {_, Items} <- Requests]), Empty),
            [answer(From, Answer) || {From, _} <- Requests],
            New
    end.

flush_one({From, Items}, Log) ->
    {Answer, New} = logged(Items, Log),
    answer(From, Answer),
    New.

logged(Items, #log{name = Name, module = Module, store = Store} = Log) ->
    {Result, New, Events} = Module:write(Store, Items),
    [tell(Log, Event) || Event <- Events],
    case Result of
        full ->
            _ = Log#log.full orelse tell(Log, full),
            Error = {error, {full, Name}},
            {Error, with_status(Error, Log#log{store = New, full = true})};
        _ -> {Result, with_status(Result, Log#log{store = New})}
    end.

%% A log that has lost its file is closed.
begun_anew({ok, Store}, Log) -> {ok, with_status(ok, Log#log{store = Store, full = false})};
begun_anew({error, {invalid_header, _}} = Error, Log) -> {Error, Log};
begun_anew(Error, #log{owners = Owners} = Log) ->
    [unlink(Pid) || Pid <- maps:keys(Owners)],
    {Error, Log#log{owners = #{}, users = 0, store = undefined}}.

%% Owners hear when writing begins to fail, and when it no longer does.
with_status(Status, #log{status = Status} = Log) -> Log;
with_status(Status, Log) ->
    tell(Log, {error_status, Status}),
    Log#log{status = Status}.

tell(#log{name = Name, owners = Owners}, What) ->
    [Pid ! {disk_log, node(), Name, What} || {Pid, true} <- maps:to_list(Owners)],
    ok.

%% ---- blocking and ending ----

-spec handle_info(term(), Log) -> {noreply, Log} | {stop, normal, Log} when Log :: #log{}.
handle_info({'EXIT', Pid, _}, #log{owners = Owners} = Log) when is_map_key(Pid, Owners) ->
    answered(none, {ok, unblocked_by(Pid, (flushed(Log))#log{owners = maps:remove(Pid, Owners)})});
handle_info({'DOWN', _, process, Pid, _}, Log) -> {noreply, unblocked_by(Pid, flushed(Log))};
handle_info(_, Log) -> {noreply, flushed(Log)}. % timeout: nothing more has come

unblocked_by(Pid, #log{blocked = {Pid, _, _}} = Log) -> unblocked(Log);
unblocked_by(_, Log) -> Log.

%% Those who wait come in the order in which they came; each finds the log as it then is.
unblocked(#log{blocked = {_, Monitor, _}, waiting = Waiting} = Log) ->
    demonitor(Monitor, [flush]),
    lists:foldr(fun waited/2, Log#log{blocked = none, waiting = []}, Waiting).

waited({none, Request}, Log) ->
    flushed(element(2, handle_cast(Request, Log)));
waited({{Pid, _} = From, Request}, Log) ->
    case permission(Request, Pid, Log) of
        ok ->
            {Answer, New} = call(Request, Pid, Log),
            gen_server:reply(From, Answer),
            New;
        wait -> waits(From, Request, Log);
        Error ->
            gen_server:reply(From, Error),
            Log
    end.

closed(#log{store = undefined} = Log) -> Log;
closed(#log{module = Module, store = Store} = Log) ->
    _ = Module:close(Store),
    Log#log{store = undefined}.

-spec terminate(term(), #log{}) -> term().
terminate(_, Log) -> closed(flushed(Log)).

%% ---- what is known ----

info(#log{name = Name, module = Module, store = Store, options = Options, status = Status} = Log) ->
    #{file := File, type := Type, format := Format, mode := Mode} = Options,
    #{size := Size, items := Items, no_written_items := Written} = Known = Module:info(Store),
    Head = case maps:get(head_func, Options, none) of
               none ->
                   case head(Options) of
                       {ok, [Bytes]} -> Bytes;
                       {ok, []} -> none
                   end;
               Function -> Function
           end,
    Now = case Log#log.blocked of
              none -> ok;
              {_, _, Queue} -> {blocked, Queue}
          end,
    Kind = case Type of
               halt -> [{full, Status =/= ok}, {no_written_items, Written}];
               wrap ->
                   [{Key, map_get(Key, Known)} || Key <- [no_current_bytes, no_current_items, no_items, no_written_items,
                                                          current_file, no_overflows]]
           end,
    Seen = case Type of
               halt -> Store;
               wrap -> Module:looked_at(Store)
           end,
    {[{name, Name}, {file, File}, {type, Type}, {format, Format}, {size, Size}, {items, Items},
      {owners, maps:to_list(Log#log.owners)}, {users, Log#log.users}, {head, Head}, {mode, Mode}, {status, Now},
      {node, node()} | Kind], Log#log{store = Seen}}.
