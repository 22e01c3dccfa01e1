%% A table of keys and values that outlives the machine: in a file, transactional, ordered. What a
%% function here has answered with ok is there after a crash, a kill -9 or a power failure; of what was
%% under way all is there or nothing.
%%
%%     {ok, S} = store:open("accounts.store"),
%%     ok = store:put(S, {account, 1}, 100),
%%     {ok, 100} = store:get(S, {account, 1}),
%%     {ok, _} = store:transaction(S, fun() ->
%%         {ok, Balance} = store:get(S, {account, 1}),
%%         ok = store:put(S, {account, 1}, Balance - 10),
%%         ok = store:put(S, {account, 2}, 10)
%%     end).
%%
%% Keys are terms without pids, ports, references and funs; they lie in Erlang's order of terms, 1 and
%% 1.0 being two keys. Values are any terms.
%%
%% One process owns the file and serves all others; it may stand in a supervision tree (start_link).
%% Reading does not pass through it: readers see the latest committed state and never wait. Writes of
%% many processes are committed together where they come together.
%% Other machines may have the file open at the same time, as may other owners in this one; who watches is told of
%% what goes through its own owner.
%%
%% Within a transaction the same functions see what it has written; others do not until it is
%% committed. Transactions run one after the other.
-module(store).
-behaviour(gen_server).
-export([open/1, open/2, start_link/1, start_link/2, close/1, child_spec/2,
         get/2, get/3, is_key/2, put/3, delete/2, clear/1, update/3, update/4, size/1,
         fold/3, fold/4, range/2, range/3, first/1, last/1,
         transaction/2, abort/1, watch/2, unwatch/2, backup/2, info/1]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2]).
-export_type([store/0, key/0, value/0, options/0, range/0, change/0]).

-type handle() :: {store, pid(), reference()}.
-type store() :: handle() | pid() | atom().
-type key() :: term().
-type value() :: term().
%% name: registers the owner, and the atom may be used as the store. sync: full, nothing is lost even
%% when the power fails; normal, the latest writes may be lost then, but not when the machine is
%% killed; off, likewise, and the file may be damaged then.
-type options() :: #{name => atom(), sync => full | normal | off}.
%% Bounds with the key itself (from, to) and without it (above, below).
-type range() :: #{from => key(), above => key(), to => key(), below => key(),
                   limit => non_neg_integer(), reverse => boolean()}.
-type change() :: {put, key(), value()} | {delete, key()} | clear.

%% ---- opening and closing ----

%% The owner is linked to the caller.
-spec open(file:name_all()) -> {ok, store()} | {error, term()}.
open(File) -> open(File, #{}).

%% The same with options; sync is full (the default), normal or off.
-spec open(file:name_all(), options()) -> {ok, store()} | {error, term()}.
open(File, Options) ->
    case start_link(File, Options) of
        {ok, Pid} -> {ok, handle(Pid)};
        {error, _} = Error -> Error
    end.

%% Starts an owner, as a supervisor wants it.
-spec start_link(file:name_all()) -> {ok, pid()} | {error, term()}.
start_link(File) -> start_link(File, #{}).

%% The same with options, among them a name.
-spec start_link(file:name_all(), options()) -> {ok, pid()} | {error, term()}.
start_link(File, Options) when is_map(Options) ->
    case [{K, V} || {K, V} <- maps:to_list(Options), not is_option(K, V)] of
        [] -> ok;
        [Bad | _] -> error({badarg, Bad}, [File, Options])
    end,
    Sync = maps:get(sync, Options, full),
    case Options of
        #{name := Name} -> gen_server:start_link({local, Name}, ?MODULE, {File, Sync}, []);
        _ -> gen_server:start_link(?MODULE, {File, Sync}, [])
    end.

is_option(name, Name) -> is_atom(Name) andalso Name =/= undefined;
is_option(sync, Sync) -> lists:member(Sync, [full, normal, off]);
is_option(_, _) -> false.

%% For a supervisor.
-spec child_spec(file:name_all(), options()) -> supervisor:child_spec().
child_spec(File, Options) ->
    #{id => maps:get(name, Options, File), start => {?MODULE, start_link, [File, Options]},
      shutdown => infinity}.

%% Ends the owner; what was answered is in the file.
-spec close(store()) -> ok.
close(Store) -> gen_server:stop(owner(Store)).

%% ---- single entries ----

%% The value of a key.
-spec get(store(), key()) -> {ok, value()} | error.
get(Store, Key) ->
    case written(Store, Key) of
        {put, _, Value} -> {ok, Value};
        {delete, _} -> error;
        none ->
            case muster_store:get(native(Store), Key) of
                {ok, _} = Found -> Found;
                none -> error;
                Failed -> failed(Failed)
            end
    end.

%% The value of a key, or a default.
-spec get(store(), key(), Default) -> value() | Default.
get(Store, Key, Default) ->
    case get(Store, Key) of
        {ok, Value} -> Value;
        error -> Default
    end.

%% Whether a key is there.
-spec is_key(store(), key()) -> boolean().
is_key(Store, Key) -> get(Store, Key) =/= error.

%% Sets the value of a key; once it answers it lasts.
-spec put(store(), key(), value()) -> ok.
put(Store, Key, Value) -> write(Store, {put, Key, Value}).

%% Also when there is no such key.
-spec delete(store(), key()) -> ok.
delete(Store, Key) -> write(Store, {delete, Key}).

%% Deletes all.
-spec clear(store()) -> ok.
clear(Store) -> write(Store, clear).

%% Replaces a value by Fun of it, in a transaction; error({badkey, Key}) when there is none.
-spec update(store(), key(), fun((value()) -> value())) -> value().
update(Store, Key, Fun) ->
    updated(Store, Key, fun() ->
                                case get(Store, Key) of
                                    {ok, Value} -> Fun(Value);
                                    error -> error({badkey, Key})
                                end
                        end).

%% Initial: the new value when there is none.
-spec update(store(), key(), fun((value()) -> value()), value()) -> value().
update(Store, Key, Fun, Initial) ->
    updated(Store, Key, fun() ->
                                case get(Store, Key) of
                                    {ok, Value} -> Fun(Value);
                                    error -> Initial
                                end
                        end).

updated(Store, Key, New) ->
    {ok, Result} = transaction(Store, fun() ->
                                              Value = New(),
                                              put(Store, Key, Value),
                                              Value
                                      end),
    Result.

%% How many keys there are.
-spec size(store()) -> non_neg_integer().
size(Store) ->
    case transaction_of(Store) of
        none ->
            case muster_store:size(native(Store)) of
                Size when is_integer(Size) -> Size;
                Failed -> failed(Failed)
            end;
        _ -> fold(Store, fun(_, _, N) -> N + 1 end, 0)
    end.

%% ---- ranges ----

%% In the order of the keys, on the table as it was at the start.
-spec fold(store(), fun((key(), value(), Acc) -> Acc), Acc) -> Acc.
fold(Store, Fun, Acc) -> fold(Store, Fun, Acc, #{}).

%% Folds over a range of keys in order, in one snapshot.
-spec fold(store(), fun((key(), value(), Acc) -> Acc), Acc, range()) -> Acc.
fold(Store, Fun, Acc, Range) when is_function(Fun, 3), is_map(Range) ->
    From = bound(from, above, Range),
    To = bound(to, below, Range),
    Reverse = maps:get(reverse, Range, false),
    Limit = maps:get(limit, Range, infinity),
    Own = own_entries(Store, From, To, Reverse),
    case cleared(Store) of
        true -> fold_rows([], ended, none, Own, Reverse, Limit, Fun, Acc);
        false ->
            case muster_store:cursor(native(Store), From, To, Reverse) of
                {ok, Cursor} -> fold_rows([], more, Cursor, Own, Reverse, Limit, Fun, Acc);
                Failed -> failed(Failed)
            end
    end.

bound(With, Without, Range) ->
    case Range of
        #{With := _, Without := _} -> error({badarg, {With, Without}});
        #{With := Key} -> {with, Key};
        #{Without := Key} -> {without, Key};
        _ -> none
    end.

-define(ROWS, 500).

%% Rows: read and not yet given. Own: the transaction's, {Ordered, {put, K, V} | {delete, K}}, in the
%% same order; they come in the place of rows with the same key.
fold_rows(_, _, _, _, _, 0, _, Acc) -> Acc;
fold_rows([], more, Cursor, Own, Reverse, Limit, Fun, Acc) ->
    Most = case Limit of
               infinity -> ?ROWS;
               _ -> min(?ROWS, Limit + length(Own))
           end,
    case muster_store:next(Cursor, Most) of
        {Left, Rows} when is_list(Rows) ->
            fold_rows(Rows, Left, Cursor, Own, Reverse, Limit, Fun, Acc);
        Failed -> failed(Failed)
    end;
fold_rows([], ended, _, [], _, _, _, Acc) -> Acc;
fold_rows([{Key, Value} | Rows], Left, Cursor, [], Reverse, Limit, Fun, Acc) ->
    fold_rows(Rows, Left, Cursor, [], Reverse, less(Limit), Fun, Fun(Key, Value, Acc));
fold_rows([], ended, Cursor, [{_, Write} | Own], Reverse, Limit, Fun, Acc) ->
    fold_own(Write, [], ended, Cursor, Own, Reverse, Limit, Fun, Acc);
fold_rows([{Key, Value} | Rest] = Rows, Left, Cursor, [{Place, Write} | Others] = Own, Reverse,
          Limit, Fun, Acc) ->
    case muster_store:key(Key) of
        Place -> fold_own(Write, Rest, Left, Cursor, Others, Reverse, Limit, Fun, Acc);
        At when At < Place, not Reverse; At > Place, Reverse ->
            fold_rows(Rest, Left, Cursor, Own, Reverse, less(Limit), Fun, Fun(Key, Value, Acc));
        _ -> fold_own(Write, Rows, Left, Cursor, Others, Reverse, Limit, Fun, Acc)
    end.

fold_own({put, Key, Value}, Rows, Left, Cursor, Own, Reverse, Limit, Fun, Acc) ->
    fold_rows(Rows, Left, Cursor, Own, Reverse, less(Limit), Fun, Fun(Key, Value, Acc));
fold_own({delete, _}, Rows, Left, Cursor, Own, Reverse, Limit, Fun, Acc) ->
    fold_rows(Rows, Left, Cursor, Own, Reverse, Limit, Fun, Acc).

less(infinity) -> infinity;
less(N) -> N - 1.

%% The entries of a range, as a list.
-spec range(store(), range()) -> [{key(), value()}].
range(Store, Range) ->
    lists:reverse(fold(Store, fun(Key, Value, All) -> [{Key, Value} | All] end, [], Range)).

%% From and To are in it.
-spec range(store(), key(), key()) -> [{key(), value()}].
range(Store, From, To) -> range(Store, #{from => From, to => To}).

%% The smallest key with its value.
-spec first(store()) -> {ok, {key(), value()}} | error.
first(Store) -> only(range(Store, #{limit => 1})).

%% The largest key with its value.
-spec last(store()) -> {ok, {key(), value()}} | error.
last(Store) -> only(range(Store, #{limit => 1, reverse => true})).

only([Entry]) -> {ok, Entry};
only([]) -> error.

%% ---- transactions ----
%% What one has written lies in the process dictionary until it is committed: what was cleared, and the
%% last write to each key by its ordered form. changes: all writes, newest first.

-record(transaction, {cleared = false, writes = #{}, changes = []}).

%% Runs Fun alone with the store, and commits what it has written. {aborted, Reason} after abort/1;
%% other exceptions go through, and nothing is written. A transaction within one is a part of it.
-spec transaction(store(), fun(() -> Result)) -> {ok, Result} | {aborted, term()}.
transaction(Store, Fun) when is_function(Fun, 0) ->
    case transaction_of(Store) of
        none ->
            Owner = owner(Store),
            Lock = case gen_server:call(Owner, lock, infinity) of
                       {locked, Ref} -> Ref
                   end,
            erlang:put({?MODULE, Owner}, #transaction{}),
            run(Owner, Lock, Fun);
        _ -> {ok, Fun()}
    end.

run(Owner, Lock, Fun) ->
    try Fun() of
        Result ->
            #transaction{changes = Changes} = erlang:erase({?MODULE, Owner}),
            case gen_server:call(Owner, {commit, Lock, lists:reverse(Changes)}, infinity) of
                ok -> {ok, Result};
                Failed -> failed(Failed)
            end
    catch
        throw:{?MODULE, abort, Reason} ->
            give_up(Owner, Lock),
            {aborted, Reason};
        Class:Reason:Stack ->
            give_up(Owner, Lock),
            erlang:raise(Class, Reason, Stack)
    end.

give_up(Owner, Lock) ->
    erlang:erase({?MODULE, Owner}),
    gen_server:cast(Owner, {give_up, Lock}).

%% Ends the transaction that this process is in.
-spec abort(term()) -> no_return().
abort(Reason) -> throw({?MODULE, abort, Reason}).

transaction_of(Store) ->
    case erlang:get({?MODULE, owner(Store)}) of
        undefined -> none;
        Transaction -> Transaction
    end.

write(Store, Write) ->
    case transaction_of(Store) of
        none ->
            _ = checked(Write),
            case gen_server:call(owner(Store), {write, Write}, infinity) of
                ok -> ok;
                Failed -> failed(Failed)
            end;
        Transaction ->
            erlang:put({?MODULE, owner(Store)}, with(Write, Transaction)),
            ok
    end.

with(clear, #transaction{changes = Changes}) ->
    #transaction{cleared = true, changes = [clear | Changes]};
with(Write, #transaction{writes = Writes, changes = Changes} = Transaction) ->
    Transaction#transaction{writes = Writes#{checked(Write) => Write}, changes = [Write | Changes]}.

%% The key in its ordered form; badarg when it is none.
checked(clear) -> none;
checked(Write) -> muster_store:key(element(2, Write)).

written(Store, Key) ->
    case transaction_of(Store) of
        none -> none;
        #transaction{writes = Writes, cleared = Cleared} ->
            case Writes of
                #{} when map_size(Writes) =:= 0, not Cleared -> none;
                _ ->
                    case maps:find(muster_store:key(Key), Writes) of
                        {ok, Write} -> Write;
                        error when Cleared -> {delete, Key};
                        error -> none
                    end
            end
    end.

cleared(Store) ->
    case transaction_of(Store) of
        none -> false;
        #transaction{cleared = Cleared} -> Cleared
    end.

own_entries(Store, From, To, Reverse) ->
    case transaction_of(Store) of
        none -> [];
        #transaction{writes = Writes} ->
            Low = ordered(From),
            High = ordered(To),
            Within = [Entry || {Place, _} = Entry <- maps:to_list(Writes),
                               is_above(Place, Low), is_below(Place, High)],
            case Reverse of
                true -> lists:reverse(lists:keysort(1, Within));
                false -> lists:keysort(1, Within)
            end
    end.

ordered(none) -> none;
ordered({How, Key}) -> {How, muster_store:key(Key)}.

is_above(_, none) -> true;
is_above(Place, {with, Bound}) -> Place >= Bound;
is_above(Place, {without, Bound}) -> Place > Bound.

is_below(_, none) -> true;
is_below(Place, {with, Bound}) -> Place =< Bound;
is_below(Place, {without, Bound}) -> Place < Bound.

%% ---- the rest ----

%% What is committed from now on is sent to the caller: {store, Reference, [Change]}, in order. What:
%% all, {key, Key} or {range, Range}.
-spec watch(store(), all | {key, key()} | {range, range()}) -> reference().
watch(Store, What) ->
    Filter = case What of
                 all -> all;
                 {key, Key} ->
                     Place = muster_store:key(Key),
                     {{with, Place}, {with, Place}};
                 {range, Range} ->
                     {ordered(bound(from, above, Range)), ordered(bound(to, below, Range))};
                 _ -> error(badarg, [Store, What])
             end,
    gen_server:call(owner(Store), {watch, self(), Filter}, infinity).

%% Ends watching.
-spec unwatch(store(), reference()) -> ok.
unwatch(Store, Ref) ->
    ok = gen_server:call(owner(Store), {unwatch, Ref}, infinity),
    flush(Ref).

flush(Ref) ->
    receive {store, Ref, _} -> flush(Ref) after 0 -> ok end.

%% A copy of the table as it is now, in a new file, while others go on.
-spec backup(store(), file:name_all()) -> ok.
backup(Store, File) ->
    case muster_store:backup(native(Store), File) of
        ok -> ok;
        Failed -> failed(Failed)
    end.

%% What is known of a store: its file, how it syncs, commits and watchers.
-spec info(store()) -> #{file := file:name_all(), sync := full | normal | off,
                         watchers := non_neg_integer(), commits := non_neg_integer()}.
info(Store) -> gen_server:call(owner(Store), info, infinity).

-spec failed(term()) -> no_return().
failed({error, Reason}) -> error({store, Reason});
failed(corrupt) -> error({store, {corrupt, <<"a value cannot be read">>}}).

%% ---- handles ----

owner({store, Pid, _}) -> Pid;
owner(Pid) when is_pid(Pid) -> Pid;
owner(Name) when is_atom(Name) ->
    case whereis(Name) of
        undefined -> exit({noproc, {?MODULE, Name}});
        Pid -> Pid
    end.

native({store, _, Native}) -> Native;
native(Store) ->
    Pid = owner(Store),
    case erlang:get({?MODULE, native, Pid}) of
        undefined ->
            {store, Pid, Native} = handle(Pid),
            erlang:put({?MODULE, native, Pid}, Native),
            Native;
        Native -> Native
    end.

handle(Pid) -> {store, Pid, gen_server:call(Pid, native, infinity)}.

%% ---- the owner ----
%% lock: none, or {Ref, Pid}: Ref monitors the process whose transaction runs. waiting: what has to wait
%% for its end, newest first: {lock, From} or {write, From, Write}. watchers: {Pid, Filter} by monitor.

-record(state, {file, sync, native, lock = none, waiting = [], watchers = #{}, commits = 0}).

-spec init({file:name_all(), atom()}) -> {ok, #state{}} | {error, term()}.
init({File, Sync}) ->
    process_flag(trap_exit, true),
    case muster_store:open(File, Sync) of
        {ok, Native} -> {ok, #state{file = File, sync = Sync, native = Native}};
        {error, _} = Error -> Error
    end.

-spec handle_call(term(), gen_server:from(), #state{}) -> {reply, term(), #state{}} | {noreply, #state{}}.
handle_call({write, Write}, From, #state{lock = none} = State) ->
    %% All that have come meanwhile go with it: they are committed together.
    {noreply, write_now([{From, Write} | more_writes()], State)};
handle_call({write, Write}, From, #state{waiting = Waiting} = State) ->
    {noreply, State#state{waiting = [{write, From, Write} | Waiting]}};
handle_call(lock, From, #state{lock = none} = State) -> {noreply, lock(From, State)};
handle_call(lock, From, #state{waiting = Waiting} = State) ->
    {noreply, State#state{waiting = [{lock, From} | Waiting]}};
handle_call({commit, Ref, Changes}, From, #state{lock = {Ref, _}} = State) ->
    {Answer, Committed} = commit(Changes, State),
    gen_server:reply(From, Answer),
    {noreply, unlock(Ref, Committed)};
handle_call(native, _, #state{native = Native} = State) -> {reply, Native, State};
handle_call({watch, Pid, Filter}, _, #state{watchers = Watchers} = State) ->
    Ref = monitor(process, Pid),
    {reply, Ref, State#state{watchers = Watchers#{Ref => {Pid, Filter}}}};
handle_call({unwatch, Ref}, _, #state{watchers = Watchers} = State) ->
    demonitor(Ref, [flush]),
    {reply, ok, State#state{watchers = maps:remove(Ref, Watchers)}};
handle_call(info, _, #state{file = File, sync = Sync, commits = Commits} = State) ->
    {reply, #{file => File, sync => Sync, commits => Commits,
              watchers => map_size(State#state.watchers)}, State}.

-spec handle_cast(term(), #state{}) -> {noreply, #state{}}.
handle_cast({give_up, Ref}, #state{lock = {Ref, _}} = State) -> {noreply, unlock(Ref, State)};
handle_cast(_, State) -> {noreply, State}.

-spec handle_info(term(), #state{}) -> {noreply, #state{}} | {stop, term(), #state{}}.
handle_info({'DOWN', Ref, process, _, _}, #state{lock = {Ref, _}} = State) ->
    {noreply, unlock(Ref, State)};
handle_info({'DOWN', Ref, process, _, _}, #state{watchers = Watchers} = State) ->
    {noreply, State#state{watchers = maps:remove(Ref, Watchers)}};
handle_info({'EXIT', _, Reason}, State) when Reason =/= normal -> {stop, Reason, State};
handle_info(_, State) -> {noreply, State}.

-spec terminate(term(), #state{}) -> term().
terminate(_, #state{native = Native}) -> muster_store:close(Native).

more_writes() ->
    receive
        {'$gen_call', From, {write, Write}} -> [{From, Write} | more_writes()]
    after 0 -> []
    end.

%% When they fail together, each is tried alone: one may be too large, say.
write_now(Writes, State) ->
    case commit([Write || {_, Write} <- Writes], State) of
        {{error, _}, State} when length(Writes) > 1 ->
            lists:foldl(fun(Write, S) -> write_now([Write], S) end, State, Writes);
        {Answer, New} ->
            lists:foreach(fun({From, _}) -> gen_server:reply(From, Answer) end, Writes),
            New
    end.

commit([], State) -> {ok, State};
commit(Changes, #state{native = Native, watchers = Watchers, commits = Commits} = State) ->
    case muster_store:write(Native, Changes) of
        ok ->
            _ = [tell(Ref, Watcher, Changes) || {Ref, Watcher} <- maps:to_list(Watchers)],
            {ok, State#state{commits = Commits + 1}};
        {error, _} = Error -> {Error, State}
    end.

tell(Ref, {Pid, all}, Changes) -> Pid ! {store, Ref, Changes};
tell(Ref, {Pid, {Low, High}}, Changes) ->
    case [Change || Change <- Changes, concerns(Change, Low, High)] of
        [] -> ok;
        Some -> Pid ! {store, Ref, Some}
    end.

concerns(clear, _, _) -> true;
concerns(Change, Low, High) ->
    Place = muster_store:key(element(2, Change)),
    is_above(Place, Low) andalso is_below(Place, High).

lock({Pid, _} = From, State) ->
    Ref = monitor(process, Pid),
    gen_server:reply(From, {locked, Ref}),
    State#state{lock = {Ref, Pid}}.

%% The writes that come next in the queue are made, then the next transaction is let in.
unlock(Ref, #state{waiting = Waiting} = State) ->
    demonitor(Ref, [flush]),
    admit(lists:reverse(Waiting), State#state{lock = none, waiting = []}).

admit([], State) -> State;
admit([{lock, From} | Waiting], State) ->
    (lock(From, State))#state{waiting = lists:reverse(Waiting)};
admit(Waiting, State) ->
    {Writes, Rest} = lists:splitwith(fun(Item) -> element(1, Item) =:= write end, Waiting),
    admit(Rest, write_now([{From, Write} || {write, From, Write} <- Writes], State)).
