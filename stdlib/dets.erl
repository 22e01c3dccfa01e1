%% Tables of tuples in files. A file is that of a `store` (store.erl), in which a key of the table is a key, its
%% objects are the value, and `meta` has the table's type and where keys are; so what was written is there after a
%% crash, and nothing is ever repaired. OTP's files are others.
%%
%% Each open table is a process (muster_dets), through which writes go. Readers see what was written last, and those
%% who go through a whole table see it as it was when they began.
-module(dets).

-export([start/0, stop/0, open_file/1, open_file/2, close/1, sync/1, all/0, info/1, info/2, pid2name/1, is_dets_file/1,
         insert/2, insert_new/2, lookup/2, member/2, delete/2, delete_object/2, delete_all_objects/1, update_counter/3,
         first/1, next/2, slot/2, foldl/3, foldr/3, traverse/2, match/1, match/2, match/3, match_object/1, match_object/2,
         match_object/3, match_delete/2, select/1, select/2, select/3, select_delete/2, repair_continuation/2,
         safe_fixtable/2, to_ets/2, from_ets/2, init_table/2, init_table/3, bchunk/2, is_compatible_bchunk_format/2,
         table/1, table/2]).
-export_type([tab_name/0, bindings_cont/0, cont/0, object_cont/0, select_cont/0]).

-type tab_name() :: term().
-type access() :: read | read_write.
-type type() :: bag | duplicate_bag | set.
-type open_arg() :: {access, access()} | {auto_save, infinity | non_neg_integer()} |
                    {estimated_no_objects, non_neg_integer() | default} | {file, file:name()} |
                    {max_no_slots, non_neg_integer() | default} | {min_no_slots, non_neg_integer() | default} |
                    {keypos, pos_integer()} | {ram_file, boolean()} | {repair, boolean() | force} | {type, type()} |
                    {version, term()}.
-type object() :: tuple().
-type pattern() :: atom() | tuple().
-type match_spec() :: ets:match_spec().
%% How to go on: where in the table, what of it is left, how it is asked.
-opaque cont() :: {dets_cont, tab_name(), binary() | none, [term()], match_spec() | all, pos_integer()}.
-opaque bindings_cont() :: cont().
-opaque object_cont() :: cont().
-opaque select_cont() :: cont().

%% The function at hand and its arguments, for who finds that they are bad.
-define(CALL(Args), {?FUNCTION_NAME, Args}).
-define(SERVER, dets).
-define(CHUNK, 100).

-spec start() -> ok.
start() ->
    _ = muster_open_files:start(?SERVER),
    ok.

%% The tables stay, for they belong to those who opened them.
-spec stop() -> stopped.
stop() -> stopped.

%% ---- opening and closing ----

%% A file that is there, as it was made.
-spec open_file(file:name()) -> {ok, reference()} | {error, term()}.
open_file(File) ->
    case file_name(File) of
        {ok, Name} ->
            case filelib:is_regular(Name) of
                true -> opened(make_ref(), #{file => Name, must_exist => true});
                false -> {error, {file_error, Name, enoent}}
            end;
        error -> error(badarg, [File])
    end.

-spec open_file(tab_name(), [open_arg()]) -> {ok, tab_name()} | {error, term()}.
open_file(Table, Options) ->
    try opened(Table, options(Options, #{}))
    catch throw:bad_option -> error(badarg, [Table, Options])
    end.

opened(Table, Options) ->
    {ok, Pid} = muster_open_files:process(?SERVER, Table, muster_dets),
    case asked(Pid, {attach, self(), Options}) of
        closed -> opened(Table, Options);
        {error, {badarg, _}} -> throw(bad_option);
        Result -> Result
    end.

options([], Given) -> Given;
options([{Key, Value} | Rest], Given) ->
    _ = is_option(Key, Value) orelse throw(bad_option),
    case Key of
        file ->
            {ok, Name} = file_name(Value),
            options(Rest, Given#{file => Name});
        _ -> options(Rest, Given#{Key => Value})
    end;
options(_, _) -> throw(bad_option).

is_option(access, Access) -> Access =:= read orelse Access =:= read_write;
is_option(auto_save, Time) -> Time =:= infinity orelse is_integer(Time) andalso Time >= 0;
is_option(file, File) -> file_name(File) =/= error;
is_option(keypos, N) -> is_integer(N) andalso N > 0;
is_option(ram_file, Does) -> is_boolean(Does);
is_option(repair, Repair) -> is_boolean(Repair) orelse Repair =:= force;
is_option(type, Type) -> lists:member(Type, [bag, duplicate_bag, set]);
is_option(version, _) -> true;
is_option(Key, N) when Key =:= estimated_no_objects; Key =:= max_no_slots; Key =:= min_no_slots ->
    N =:= default orelse is_integer(N) andalso N >= 0;
is_option(_, _) -> false.

file_name(File) when is_atom(File) -> {ok, atom_to_list(File)};
file_name(File) ->
    try {ok, lists:flatten(filename:join([File]))}
    catch error:_ -> error
    end.

-spec close(tab_name()) -> ok | {error, term()}.
close(Table) ->
    case muster_open_files:find(?SERVER, Table) of
        {ok, Pid} ->
            case asked(Pid, {close, self()}) of
                closed -> {error, not_owner};
                Answer -> Answer
            end;
        error -> {error, not_owner}
    end.

%% What was written is on the disk.
-spec sync(tab_name()) -> ok | {error, term()}.
sync(Table) -> write(Table, sync, ?CALL([Table])).

-spec all() -> [tab_name()].
all() -> [Name || {Name, _} <- muster_open_files:all(?SERVER)].

-spec pid2name(pid()) -> {ok, tab_name()} | undefined.
pid2name(Pid) ->
    case [Name || {Name, Owner} <- muster_open_files:all(?SERVER), Owner =:= Pid] of
        [Name] -> {ok, Name};
        [] -> undefined
    end.

-spec is_dets_file(file:name()) -> boolean() | {error, term()}.
is_dets_file(File) -> muster_dets:is_table(element(2, file_name(File))).

-spec info(tab_name()) -> [{atom(), term()}] | undefined.
info(Table) ->
    case info(Table, type) of
        undefined -> undefined;
        Type -> [{type, Type} | [{Item, info(Table, Item)} || Item <- [keypos, size, file_size, filename]]]
    end.

-spec info(tab_name(), Item :: atom()) -> term() | undefined.
info(Table, Item) ->
    case muster_open_files:find(?SERVER, Table) of
        {ok, Pid} ->
            case asked(Pid, {info, Item}) of
                closed -> undefined;
                {counted, Count} -> counted(Count, Table);
                Answer -> Answer
            end;
        error -> undefined
    end.

%% What has to go through the table is done by who wants to know.
counted(keys, Table) -> rows(handle(Table, {info, [Table, size]}), fun(_, N) -> N + 1 end, 0);
counted(objects, Table) -> rows(handle(Table, {info, [Table, no_objects]}), fun(Objects, N) -> N + length(Objects) end, 0).

%% ---- writing ----

-spec insert(tab_name(), object() | [object()]) -> ok | {error, term()}.
insert(Table, Objects) -> write(Table, {insert, objects(Table, Objects, ?CALL([Table, Objects]))}, ?CALL([Table, Objects])).

%% Only when none of the keys is there.
-spec insert_new(tab_name(), object() | [object()]) -> boolean() | {error, term()}.
insert_new(Table, Objects) -> write(Table, {insert_new, objects(Table, Objects, ?CALL([Table, Objects]))}, ?CALL([Table, Objects])).

objects(Table, Given, Call) ->
    #{keypos := Keypos} = handle(Table, Call),
    Objects = case is_tuple(Given) of
                  true -> [Given];
                  false -> Given
              end,
    Valid = is_list(Objects) andalso
        (try lists:all(fun(Object) -> is_tuple(Object) andalso tuple_size(Object) >= Keypos end, Objects)
         catch error:_ -> false
         end),
    Valid orelse bad(Call),
    Objects.

-spec delete(tab_name(), Key :: term()) -> ok | {error, term()}.
delete(Table, Key) -> write(Table, {delete, Key}, ?CALL([Table, Key])).

-spec delete_object(tab_name(), object()) -> ok | {error, term()}.
delete_object(Table, Object) -> write(Table, {delete_objects, objects(Table, Object, ?CALL([Table, Object]))}, ?CALL([Table, Object])).

-spec delete_all_objects(tab_name()) -> ok | {error, term()}.
delete_all_objects(Table) -> write(Table, clear, ?CALL([Table])).

-spec update_counter(tab_name(), Key :: term(), integer() | {pos_integer(), integer()}) -> integer().
update_counter(Table, Key, Increment) ->
    case write(Table, {update_counter, Key, Increment}, ?CALL([Table, Key, Increment])) of
        badarg -> error(badarg, [Table, Key, Increment]);
        Result -> Result
    end.

-spec match_delete(tab_name(), pattern()) -> ok | {error, term()}.
match_delete(Table, Pattern) ->
    case deleted(Table, [{Pattern, [], [true]}], ?CALL([Table, Pattern])) of
        {error, _} = Error -> Error;
        _ -> ok
    end.

%% How many were.
-spec select_delete(tab_name(), match_spec()) -> non_neg_integer() | {error, term()}.
select_delete(Table, Spec) -> deleted(Table, Spec, ?CALL([Table, Spec])).

deleted(Table, Spec, Call) ->
    Compiled = compiled(Spec, Call),
    Wanted = fun(Object, All) ->
                     case ets:match_spec_run([Object], Compiled) of
                         [true] -> [Object | All];
                         _ -> All
                     end
             end,
    Gone = read(Table, Spec, fun(Objects, All) -> lists:foldl(Wanted, All, Objects) end, [], Call),
    case write(Table, {delete_objects, Gone}, Call) of
        ok -> length(Gone);
        Error -> Error
    end.

%% ---- reading ----

-spec lookup(tab_name(), Key :: term()) -> [object()] | {error, term()}.
lookup(Table, Key) ->
    Handle = handle(Table, ?CALL([Table, Key])),
    muster_dets:lookup(Handle, Key).

-spec member(tab_name(), Key :: term()) -> boolean() | {error, term()}.
member(Table, Key) ->
    Handle = handle(Table, ?CALL([Table, Key])),
    muster_dets:lookup(Handle, Key) =/= [].

-spec first(tab_name()) -> Key :: term() | '$end_of_table'.
first(Table) -> key_after(handle(Table, ?CALL([Table])), none).

-spec next(tab_name(), Key :: term()) -> Key :: term() | '$end_of_table' | {error, term()}.
next(Table, Key) -> key_after(handle(Table, ?CALL([Table, Key])), muster_dets:place(Key)).

key_after(#{keypos := Keypos} = Handle, Place) ->
    case muster_dets:next_rows(Handle, Place, 1) of
        {_, [[Object | _]]} -> element(Keypos, Object);
        ended -> '$end_of_table'
    end.

%% The objects of the Nth key, counted from 0.
-spec slot(tab_name(), N :: non_neg_integer()) -> [object()] | '$end_of_table' | {error, term()}.
slot(Table, N) when is_integer(N), N >= 0 ->
    case muster_dets:next_rows(handle(Table, ?CALL([Table, N])), none, N + 1) of
        {_, Rows} when length(Rows) > N -> lists:last(Rows);
        _ -> '$end_of_table'
    end;
slot(Table, N) -> error(badarg, [Table, N]).

-spec foldl(fun((object(), Acc) -> Acc), Acc, tab_name()) -> Acc | {error, term()}.
foldl(Fun, Acc, Table) when is_function(Fun, 2) ->
    rows(handle(Table, ?CALL([Fun, Acc, Table])), fun(Objects, A) -> lists:foldl(Fun, A, Objects) end, Acc);
foldl(Fun, Acc, Table) -> error(badarg, [Fun, Acc, Table]).

%% There is no other order.
-spec foldr(fun((object(), Acc) -> Acc), Acc, tab_name()) -> Acc | {error, term()}.
foldr(Fun, Acc, Table) -> foldl(Fun, Acc, Table).

%% Fun's values are collected while it says so.
-spec traverse(tab_name(), fun((object()) -> continue | {continue, Value} | {done, Value} | Other)) ->
          [Value] | Other | {error, term()}.
traverse(Table, Fun) when is_function(Fun, 1) ->
    Handle = handle(Table, ?CALL([Table, Fun])),
    Collect = fun(Object, Values) ->
                      case Fun(Object) of
                          continue -> Values;
                          {continue, Value} -> [Value | Values];
                          {done, Value} -> throw({?MODULE, traversed, [Value | Values]});
                          Other -> throw({?MODULE, traversed, Other})
                      end
              end,
    try rows(Handle, fun(Objects, Values) -> lists:foldl(Collect, Values, Objects) end, [])
    catch throw:{?MODULE, traversed, Result} -> Result
    end;
traverse(Table, Fun) -> error(badarg, [Table, Fun]).

%% ---- matching ----

-spec match(tab_name(), pattern()) -> [[term()]] | {error, term()}.
match(Table, Pattern) -> selected(Table, [{Pattern, [], ['$$']}], ?CALL([Table, Pattern])).

-spec match_object(tab_name(), pattern()) -> [object()] | {error, term()}.
match_object(Table, Pattern) -> selected(Table, [{Pattern, [], ['$_']}], ?CALL([Table, Pattern])).

-spec select(tab_name(), match_spec()) -> [term()] | {error, term()}.
select(Table, Spec) -> selected(Table, Spec, ?CALL([Table, Spec])).

selected(Table, Spec, Call) ->
    Compiled = compiled(Spec, Call),
    Found = read(Table, Spec, fun(Objects, All) -> [ets:match_spec_run(Objects, Compiled) | All] end, [], Call),
    lists:append(lists:reverse(Found)).

compiled(Spec, Call) ->
    try ets:match_spec_compile(Spec)
    catch error:badarg -> bad(Call)
    end.

%% With a key that is given nothing else is looked at.
read(Table, Spec, Fun, Acc, Call) ->
    #{keypos := Keypos} = Handle = handle(Table, Call),
    case Spec of
        [{Pattern, _, _}] when is_tuple(Pattern), tuple_size(Pattern) >= Keypos ->
            Key = element(Keypos, Pattern),
            case is_constant(Key) of
                true -> Fun(muster_dets:lookup(Handle, Key), Acc);
                false -> rows(Handle, Fun, Acc)
            end;
        _ -> rows(Handle, Fun, Acc)
    end.

is_constant('_') -> false;
is_constant(Atom) when is_atom(Atom) ->
    case atom_to_list(Atom) of
        [$$ | _] -> false;
        _ -> true
    end;
is_constant([Head | Tail]) -> is_constant(Head) andalso is_constant(Tail);
is_constant(Tuple) when is_tuple(Tuple) -> is_constant(tuple_to_list(Tuple));
is_constant(Map) when is_map(Map) -> false;
is_constant(_) -> true.

rows(Handle, Fun, Acc) -> muster_dets:fold(Handle, Fun, Acc).

-type some(What) :: {[What], cont()} | '$end_of_table' | {error, term()}.

-spec match(tab_name(), pattern(), pos_integer() | default) -> some([term()]).
match(Table, Pattern, N) -> begun(Table, [{Pattern, [], ['$$']}], N, ?CALL([Table, Pattern, N])).
-spec match(bindings_cont()) -> some([term()]).
match(Continuation) -> more(Continuation, ?CALL([Continuation])).

-spec match_object(tab_name(), pattern(), pos_integer() | default) -> some(object()).
match_object(Table, Pattern, N) -> begun(Table, [{Pattern, [], ['$_']}], N, ?CALL([Table, Pattern, N])).
-spec match_object(object_cont()) -> some(object()).
match_object(Continuation) -> more(Continuation, ?CALL([Continuation])).

-spec select(tab_name(), match_spec(), pos_integer() | default) -> some(term()).
select(Table, Spec, N) -> begun(Table, Spec, N, ?CALL([Table, Spec, N])).
-spec select(select_cont()) -> some(term()).
select(Continuation) -> more(Continuation, ?CALL([Continuation])).

begun(Table, Spec, default, Call) -> begun(Table, Spec, ?CHUNK, Call);
begun(Table, Spec, N, Call) when is_integer(N), N > 0 ->
    _ = handle(Table, Call),
    _ = compiled(Spec, Call),
    more({dets_cont, Table, none, [], Spec, N}, Call);
begun(_, _, _, Call) -> bad(Call).

more({dets_cont, Table, Place, Rest, Spec, N}, Call) ->
    Handle = handle(Table, Call),
    case filled(Handle, Place, Rest, length(Rest), ets:match_spec_compile(Spec), N) of
        {[], _} -> '$end_of_table';
        {Found, Next} ->
            {Now, Later} = lists:split(min(N, length(Found)), Found),
            {Now, {dets_cont, Table, Next, Later, Spec, N}}
    end;
more('$end_of_table', _) -> '$end_of_table';
more(_, Call) -> bad(Call).

filled(_, ended, Found, _, _, _) -> {Found, ended};
filled(_, Place, Found, Have, _, N) when Have >= N -> {Found, Place};
filled(Handle, Place, Found, _, Compiled, N) ->
    case muster_dets:next_rows(Handle, Place, max(N, ?CHUNK)) of
        {Next, Rows} ->
            All = Found ++ ets:match_spec_run(lists:append(Rows), Compiled),
            filled(Handle, Next, All, length(All), Compiled, N);
        ended -> {Found, ended}
    end.

%% Continuations hold nothing that a file would not keep.
-spec repair_continuation(cont(), match_spec()) -> cont().
repair_continuation(Continuation, _) -> Continuation.

%% Who goes from key to key finds the next one in any case.
-spec safe_fixtable(tab_name(), boolean()) -> ok.
safe_fixtable(Table, Fix) when is_boolean(Fix) -> write(Table, {fix, self(), Fix}, ?CALL([Table, Fix]));
safe_fixtable(Table, Fix) -> error(badarg, [Table, Fix]).

%% ---- whole tables ----

-spec to_ets(tab_name(), ets:table()) -> ets:table() | {error, term()}.
to_ets(Table, Ets) ->
    ets:info(Ets, size) =/= undefined orelse error(badarg, [Table, Ets]),
    rows(handle(Table, ?CALL([Table, Ets])), fun(Objects, _) -> ets:insert(Ets, Objects) end, true),
    Ets.

%% The objects of Ets in the place of all that is there.
-spec from_ets(tab_name(), ets:table()) -> ok | {error, term()}.
from_ets(Table, Ets) ->
    ets:info(Ets, size) =/= undefined orelse error(badarg, [Table, Ets]),
    ets:safe_fixtable(Ets, true),
    try filled_by(Table, ets_chunks(ets:match_object(Ets, '_', ?CHUNK)), [Table, Ets])
    after ets:safe_fixtable(Ets, false)
    end.

ets_chunks('$end_of_table') -> fun(read) -> end_of_input; (close) -> ok end;
ets_chunks({Objects, Continuation}) ->
    fun(read) -> {Objects, ets_chunks(ets:match_object(Continuation))};
       (close) -> ok
    end.

-spec init_table(tab_name(), fun((read | close) -> term())) -> ok | {error, term()}.
init_table(Table, Fun) -> init_table(Table, Fun, []).

-spec init_table(tab_name(), fun((read | close) -> term()), [{atom(), term()}]) -> ok | {error, term()}.
init_table(Table, Fun, Options) when is_function(Fun, 1) ->
    case proplists:get_value(format, Options, term) of
        term -> filled_by(Table, Fun, ?CALL([Table, Fun, Options]));
        bchunk -> filled_by(Table, from_chunks(Fun), ?CALL([Table, Fun, Options]));
        _ -> error(badarg, [Table, Fun, Options])
    end;
init_table(Table, Fun, Options) -> error(badarg, [Table, Fun, Options]).

from_chunks(Fun) ->
    fun(read) ->
            case Fun(read) of
                {Chunks, Next} when is_list(Chunks) ->
                    {lists:append([binary_to_term(Chunk) || Chunk <- Chunks]), from_chunks(Next)};
                Other -> Other
            end;
       (close) -> Fun(close)
    end.

filled_by(Table, Fun, Call) ->
    case write(Table, replace, Call) of
        ok -> filled_on(Table, Fun, Call);
        Error -> Error
    end.

filled_on(Table, Fun, Call) ->
    case Fun(read) of
        end_of_input -> ok;
        {Objects, Next} when is_list(Objects), is_function(Next, 1) ->
            try insert(Table, Objects) of
                ok -> filled_on(Table, Next, Call);
                Error ->
                    _ = Next(close),
                    Error
            catch
                error:badarg ->
                    _ = Next(close),
                    bad(Call)
            end;
        Other ->
            _ = Fun(close),
            {error, {init_fun, Other}}
    end.

%% The table in pieces, for init_table/3 of another one with {format, bchunk}.
-spec bchunk(tab_name(), start | cont()) -> {cont(), binary() | [binary()]} | '$end_of_table' | {error, term()}.
bchunk(Table, start) -> bchunk(Table, {dets_cont, Table, none, [], all, ?CHUNK});
bchunk(Table, {dets_cont, Table, Place, [], all, N}) ->
    case muster_dets:next_rows(handle(Table, ?CALL([Table, Place])), Place, N) of
        {Next, Rows} -> {{dets_cont, Table, Next, [], all, N}, [term_to_binary(lists:append(Rows))]};
        ended -> '$end_of_table'
    end;
bchunk(Table, Other) -> error(badarg, [Table, Other]).

-spec is_compatible_bchunk_format(tab_name(), Format :: binary()) -> boolean().
is_compatible_bchunk_format(Table, Format) -> info(Table, bchunk_format) =:= Format.

%% ---- as a table of qlc ----

-spec table(tab_name()) -> qlc:query_handle().
table(Table) -> table(Table, []).

-spec table(tab_name(), term()) -> qlc:query_handle().
table(Table, Option) when not is_list(Option) -> table(Table, [Option]);
table(Table, Options) ->
    N = case proplists:get_value(n_objects, Options, default) of
            default -> ?CHUNK;
            Given -> Given
        end,
    Traverse = case proplists:get_value(traverse, Options, first_next) of
                   {select, Spec} -> fun() -> table_chunks(select(Table, Spec, N)) end;
                   _ -> fun() -> table_chunks(match_object(Table, '_', N)) end
               end,
    Info = fun(is_unique_objects) -> info(Table, type) =/= duplicate_bag;
              (keypos) -> info(Table, keypos);
              (num_of_objects) -> info(Table, size);
              (_) -> undefined
           end,
    Lookup = fun(_, Keys) -> lists:flatmap(fun(Key) -> lookup(Table, Key) end, Keys) end,
    qlc:table(Traverse, [{info_fun, Info}, {lookup_fun, Lookup}, {key_equality, '=:='}]).

table_chunks('$end_of_table') -> [];
table_chunks({Found, Continuation}) -> Found ++ fun() -> table_chunks(select(Continuation)) end.

%% ---- asking tables ----

%% What was called, badly: helpers do not stand in its place.
-spec bad({atom(), [term()]}) -> no_return().
bad({Function, Args}) ->
    {current_stacktrace, Stack} = process_info(self(), current_stacktrace),
    Callers = lists:dropwhile(fun(Frame) -> element(1, Frame) =:= ?MODULE end, Stack),
    erlang:raise(error, badarg, [{?MODULE, Function, Args, []} | Callers]).

handle(Table, Call) ->
    case muster_open_files:find(?SERVER, Table) of
        {ok, Pid} ->
            case asked(Pid, handle) of
                closed -> bad(Call);
                Handle -> Handle
            end;
        error -> bad(Call)
    end.

write(Table, Request, Call) ->
    case muster_open_files:find(?SERVER, Table) of
        {ok, Pid} ->
            case asked(Pid, {write, Request}) of
                closed -> bad(Call);
                Answer -> Answer
            end;
        error -> bad(Call)
    end.

asked(Pid, Request) ->
    try gen_server:call(Pid, Request, infinity)
    catch exit:{Reason, _} when Reason =:= noproc; Reason =:= normal -> closed
    end.
