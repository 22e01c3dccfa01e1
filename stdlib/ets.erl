%% Tables of terms. Most functions are native; here are those that call funs, and files.
-module(ets).

-export([all/0, delete/1, delete/2, delete_all_objects/1, delete_object/2, file2tab/1, file2tab/2,
         first/1, first_lookup/1, foldl/3, foldr/3, from_dets/2, fun2ms/1, give_away/3, i/0, i/1,
         info/1, info/2, init_table/2, insert/2, insert_new/2, is_compiled_ms/1, last/1, last_lookup/1,
         lookup/2, lookup_element/3, lookup_element/4, match/1, match/2, match/3, match_delete/2,
         match_object/1, match_object/2, match_object/3, match_spec_compile/1, match_spec_run/2,
         match_spec_run_r/3, member/2, new/2, next/2, next_lookup/2, prev/2, prev_lookup/2,
         rename/2, repair_continuation/2, safe_fixtable/2, select/1, select/2, select/3,
         select_count/2, select_delete/2, select_replace/2, select_reverse/1, select_reverse/2,
         select_reverse/3, setopts/2, slot/2, tab2file/2, tab2file/3, tab2list/1, tabfile_info/1,
         table/1, table/2, take/2, test_ms/2, to_dets/2, update_counter/3, update_counter/4,
         update_element/3, update_element/4, whereis/1]).

-export_type([table/0, table_access/0, table_type/0, tid/0, tab/0, match_pattern/0, match_spec/0,
              comp_match_spec/0, continuation/0]).

-type table() :: atom() | tid().
-type tab() :: table().
-opaque tid() :: reference().
-type table_access() :: public | protected | private.
-type table_type() :: set | ordered_set | bag | duplicate_bag.
-type continuation() :: '$end_of_table' | tuple().
-opaque comp_match_spec() :: reference().
-type match_pattern() :: atom() | tuple().
-type match_spec() :: [{match_pattern(), [term()], [term()]}].

%%% Natives

-define(NATIVE, erlang:nif_error(undef)).

%% The tables there are.
-spec all() -> [table()].
all() -> ?NATIVE.
%% Deletes a table, or the objects of a key.
-spec delete(table()) -> true.
delete(_) -> ?NATIVE.
-spec delete(table(), Key :: term()) -> true.
delete(_, _) -> ?NATIVE.
%% Empties the table.
-spec delete_all_objects(table()) -> true.
delete_all_objects(_) -> ?NATIVE.
%% Deletes what equals the object.
-spec delete_object(table(), tuple()) -> true.
delete_object(_, _) -> ?NATIVE.
%% The first key, or '$end_of_table'.
-spec first(table()) -> Key :: term() | '$end_of_table'.
first(_) -> ?NATIVE.
-spec first_lookup(table()) -> {Key :: term(), [tuple()]} | '$end_of_table'.
first_lookup(_) -> ?NATIVE.
%% Makes another process the owner.
-spec give_away(table(), pid(), GiftData :: term()) -> true.
give_away(_, _, _) -> ?NATIVE.
%% What there is to know of a table.
-spec info(table()) -> [{atom(), term()}] | undefined.
info(_) -> ?NATIVE.
-spec info(table(), Item :: atom()) -> term() | undefined.
info(_, _) -> ?NATIVE.
%% Puts in objects; others of their keys go, but in bags.
-spec insert(table(), tuple() | [tuple()]) -> true.
insert(_, _) -> ?NATIVE.
%% Puts in objects if none of their keys is there; says whether.
-spec insert_new(table(), tuple() | [tuple()]) -> boolean().
insert_new(_, _) -> ?NATIVE.
%% Whether the term is what match_spec_compile/1 makes.
-spec is_compiled_ms(term()) -> boolean().
is_compiled_ms(_) -> ?NATIVE.
%% The last key, or '$end_of_table'.
-spec last(table()) -> Key :: term() | '$end_of_table'.
last(_) -> ?NATIVE.
-spec last_lookup(table()) -> {Key :: term(), [tuple()]} | '$end_of_table'.
last_lookup(_) -> ?NATIVE.
%% The objects of the key.
-spec lookup(table(), Key :: term()) -> [tuple()].
lookup(_, _) -> ?NATIVE.
%% The element at a position of the key's objects.
-spec lookup_element(table(), Key :: term(), pos_integer()) -> term() | [term()].
lookup_element(_, _, _) -> ?NATIVE.
-spec lookup_element(table(), Key :: term(), pos_integer(), Default :: term()) -> term() | [term()].
lookup_element(_, _, _, _) -> ?NATIVE.
%% What the variables of a pattern match.
-spec match(continuation()) -> {[[term()]], continuation()} | '$end_of_table'.
match(_) -> ?NATIVE.
-spec match(table(), match_pattern()) -> [[term()]].
match(_, _) -> ?NATIVE.
-spec match(table(), match_pattern(), Limit :: pos_integer()) ->
    {[[term()]], continuation()} | '$end_of_table'.
match(_, _, _) -> ?NATIVE.
%% Deletes the objects that match a pattern.
-spec match_delete(table(), match_pattern()) -> true.
match_delete(_, _) -> ?NATIVE.
%% The objects that match a pattern.
-spec match_object(continuation()) -> {[tuple()], continuation()} | '$end_of_table'.
match_object(_) -> ?NATIVE.
-spec match_object(table(), match_pattern()) -> [tuple()].
match_object(_, _) -> ?NATIVE.
-spec match_object(table(), match_pattern(), Limit :: pos_integer()) ->
    {[tuple()], continuation()} | '$end_of_table'.
match_object(_, _, _) -> ?NATIVE.
%% A match specification in the form that match_spec_run/2 takes.
-spec match_spec_compile(match_spec()) -> comp_match_spec().
match_spec_compile(_) -> ?NATIVE.
-spec match_spec_run_r([term()], comp_match_spec(), [term()]) -> [term()].
match_spec_run_r(_, _, _) -> ?NATIVE.
%% Whether the key is there.
-spec member(table(), Key :: term()) -> boolean().
member(_, _) -> ?NATIVE.
%% Makes a table, whose owner is who calls.
-spec new(Name :: atom(), Options :: [term()]) -> table().
new(_, _) -> ?NATIVE.
%% The key behind this one, or '$end_of_table'.
-spec next(table(), Key :: term()) -> Key :: term() | '$end_of_table'.
next(_, _) -> ?NATIVE.
-spec next_lookup(table(), Key :: term()) -> {Key :: term(), [tuple()]} | '$end_of_table'.
next_lookup(_, _) -> ?NATIVE.
%% The key before this one, or '$end_of_table'.
-spec prev(table(), Key :: term()) -> Key :: term() | '$end_of_table'.
prev(_, _) -> ?NATIVE.
-spec prev_lookup(table(), Key :: term()) -> {Key :: term(), [tuple()]} | '$end_of_table'.
prev_lookup(_, _) -> ?NATIVE.
%% Gives the table another name.
-spec rename(table(), Name) -> Name when Name :: atom().
rename(_, _) -> ?NATIVE.
%% Keeps going through the table with first/1 and next/2 safe, until undone.
-spec safe_fixtable(table(), Fix :: boolean()) -> true.
safe_fixtable(_, _) -> ?NATIVE.
%% What a match specification makes of the objects.
-spec select(continuation()) -> {[term()], continuation()} | '$end_of_table'.
select(_) -> ?NATIVE.
-spec select(table(), match_spec()) -> [term()].
select(_, _) -> ?NATIVE.
-spec select(table(), match_spec(), Limit :: pos_integer()) ->
    {[term()], continuation()} | '$end_of_table'.
select(_, _, _) -> ?NATIVE.
%% For how many objects a match specification answers true.
-spec select_count(table(), match_spec()) -> non_neg_integer().
select_count(_, _) -> ?NATIVE.
%% Deletes the objects for which a match specification answers true.
-spec select_delete(table(), match_spec()) -> non_neg_integer().
select_delete(_, _) -> ?NATIVE.
%% Replaces each object by what a match specification makes of it.
-spec select_replace(table(), match_spec()) -> non_neg_integer().
select_replace(_, _) -> ?NATIVE.
%% As select, the other way round in an ordered_set.
-spec select_reverse(continuation()) -> {[term()], continuation()} | '$end_of_table'.
select_reverse(_) -> ?NATIVE.
-spec select_reverse(table(), match_spec()) -> [term()].
select_reverse(_, _) -> ?NATIVE.
-spec select_reverse(table(), match_spec(), Limit :: pos_integer()) ->
    {[term()], continuation()} | '$end_of_table'.
select_reverse(_, _, _) -> ?NATIVE.
%% Sets the heir of the table.
-spec setopts(table(), {heir, pid(), term()} | {heir, none} | [term()]) -> true.
setopts(_, _) -> ?NATIVE.
%% The objects of a slot, or '$end_of_table'.
-spec slot(table(), non_neg_integer()) -> [tuple()] | '$end_of_table'.
slot(_, _) -> ?NATIVE.
%% The objects of the key, which are deleted.
-spec take(table(), Key :: term()) -> [tuple()].
take(_, _) -> ?NATIVE.
%% Adds to numbers in the key's object: the new values.
-spec update_counter(table(), Key :: term(), UpdateOp :: term()) -> integer() | [integer()].
update_counter(_, _, _) -> ?NATIVE.
-spec update_counter(table(), Key :: term(), UpdateOp :: term(), Default :: tuple()) ->
    integer() | [integer()].
update_counter(_, _, _, _) -> ?NATIVE.
%% Puts values into the key's object; says whether it is there.
-spec update_element(table(), Key :: term(), {pos_integer(), term()} | [{pos_integer(), term()}]) ->
    boolean().
update_element(_, _, _) -> ?NATIVE.
-spec update_element(table(), Key :: term(), {pos_integer(), term()} | [{pos_integer(),
    term()}], Default :: tuple()) ->
    boolean().
update_element(_, _, _, _) -> ?NATIVE.
%% What the table of this name is referred to by, or undefined.
-spec whereis(table()) -> tid() | undefined.
whereis(_) -> ?NATIVE.

%%% Whole tables

%% The objects.
-spec tab2list(table()) -> [tuple()].
tab2list(Tab) -> match_object(Tab, '_').

%% The fun of each object and what it made of those before.
-spec foldl(fun((tuple(), Acc) -> Acc), Acc, table()) -> Acc.
foldl(F, Acc, Tab) ->
    safe_fixtable(Tab, true),
    try fold_up(F, Acc, Tab, first(Tab))
    after safe_fixtable(Tab, false)
    end.

fold_up(_, Acc, _, '$end_of_table') -> Acc;
fold_up(F, Acc, Tab, Key) when is_function(F, 2) ->
    Acc1 = case lookup(Tab, Key) of
        [Object] -> F(Object, Acc);
        Objects -> lists:foldl(F, Acc, Objects)
    end,
    fold_up(F, Acc1, Tab, next(Tab, Key)).

%% As foldl, the other way round.
-spec foldr(fun((tuple(), Acc) -> Acc), Acc, table()) -> Acc.
foldr(F, Acc, Tab) ->
    safe_fixtable(Tab, true),
    try fold_down(F, Acc, Tab, last(Tab))
    after safe_fixtable(Tab, false)
    end.

fold_down(_, Acc, _, '$end_of_table') -> Acc;
fold_down(F, Acc, Tab, Key) when is_function(F, 2) ->
    Acc1 = case lookup(Tab, Key) of
        [Object] -> F(Object, Acc);
        Objects -> lists:foldr(F, Acc, Objects)
    end,
    fold_down(F, Acc1, Tab, prev(Tab, Key)).

%% Fills the table from a fun.
-spec init_table(table(), fun((read | close) -> end_of_input | {[tuple()], fun()})) -> true.
init_table(Tab, Fun) ->
    delete_all_objects(Tab),
    init_from(Tab, Fun).

init_from(Tab, Fun) ->
    case Fun(read) of
        end_of_input -> true;
        {Objects, Next} when is_list(Objects), is_function(Next) ->
            insert(Tab, Objects),
            init_from(Tab, Next);
        {Objects, Next} -> erlang:error(badarg, [Objects, Next])
    end.

%% Fills the table from one of dets.
-spec from_dets(table(), term()) -> true.
from_dets(Tab, Dets) ->
    case info(Tab, type) =/= undefined andalso dets:to_ets(Dets, Tab) of
        Tab -> true;
        _ -> erlang:error(badarg, [Tab, Dets])
    end.

%% Fills a table of dets with this one.
-spec to_dets(table(), term()) -> term().
to_dets(Tab, Dets) ->
    case dets:from_ets(Dets, Tab) of
        ok -> Dets;
        _ -> erlang:error(badarg, [Tab, Dets])
    end.

%% Prints the tables there are, or what is in one.
-spec i() -> ok.
i() ->
    io:format(" ~-15s ~-17s ~-5s ~-6s ~-10s ~s~n", [id, name, type, size, mem, owner]),
    io:format(" ~s~n", [lists:duplicate(76, $-)]),
    lists:foreach(
        fun(Tab) ->
            case info(Tab, size) of
                undefined -> ok;
                Size ->
                    io:format(" ~-15w ~-17tw ~-5w ~-6w ~-10w ~w~n",
                              [Tab, info(Tab, name), info(Tab, type), Size, info(Tab, memory),
                               info(Tab, owner)])
            end
        end,
        lists:sort(all())).

%% Shows the objects of a table, a page at a time.
-spec i(table()) -> ok.
i(Tab) -> muster_ets_browser:browse(Tab).

%%% Match specifications

%% Calls with a literal fun are replaced by the compiler. A fun that the evaluator made can still be
%% looked into; any other is an error.
-spec fun2ms(fun()) -> match_spec() | {error, transform_error}.
fun2ms(Fun) when is_function(Fun) ->
    case erl_eval:fun_data(Fun) of
        {fun_data, Bindings, Clauses} -> fun2ms(Clauses, Bindings);
        _ -> not_literal()
    end.

fun2ms(Clauses, Bindings) ->
    case ms_transform:transform_from_shell(ets, Clauses, Bindings) of
        {error, [{_, [{_, Module, Why} | _]} | _], _} ->
            io:format("Error: ~ts~n", [Module:format_error(Why)]),
            {error, transform_error};
        Spec -> Spec
    end.

not_literal() ->
    exit({badarg, {ets, fun2ms, [function, called, with, real, 'fun', should, be,
                                 transformed, with, parse_transform,
                                 'or', called, with, a, 'fun', generated, in, the,
                                 shell]}}).

%% What a match specification makes of a list of objects.
-spec match_spec_run([term()], comp_match_spec()) -> [term()].
match_spec_run(List, Compiled) -> lists:reverse(match_spec_run_r(List, Compiled, [])).

%% A continuation of select/1 that has been outside of the machine, made good.
-spec repair_continuation(continuation(), match_spec()) -> continuation().
repair_continuation('$end_of_table', _) -> '$end_of_table';
repair_continuation({Tab, Spec, Mode, Limit, Cursor, Rest, 0} = Continuation, MS) ->
    case is_compiled_ms(Spec) of
        true -> Continuation;
        false -> {Tab, match_spec_compile(MS), Mode, Limit, Cursor, Rest, 0}
    end;
repair_continuation(Continuation, MS) -> erlang:error(badarg, [Continuation, MS]).

%% What a match specification makes of a tuple.
-spec test_ms(tuple(), match_spec()) -> {ok, term()} | {error, [{warning | error, string()}]}.
test_ms(Term, MS) ->
    case muster_match_spec:test(Term, MS, table) of
        {ok, Result, _, _} -> {ok, Result};
        Errors -> Errors
    end.

%%% Tables as files: the table's description, then its objects, in the external format.

%% Writes the table into a file.
-spec tab2file(table(), file:name()) -> ok | {error, term()}.
tab2file(Tab, File) -> tab2file(Tab, File, []).

-spec tab2file(table(), file:name(), [term()]) -> ok | {error, term()}.
tab2file(Tab, File, Options) -> muster_ets_file:write(Tab, File, Options).

%% Makes a table of a file that tab2file/2 wrote.
-spec file2tab(file:name()) -> {ok, table()} | {error, term()}.
file2tab(File) -> file2tab(File, []).

-spec file2tab(file:name(), [{verify, boolean()}]) -> {ok, table()} | {error, term()}.
file2tab(File, Options) -> muster_ets_file:read(File, Options).

%% What is known of a file that tab2file/2 wrote.
-spec tabfile_info(file:name()) -> {ok, [term()]} | {error, term()}.
tabfile_info(File) -> muster_ets_file:info(File).

%%% For qlc

%% A query handle for qlc.
-spec table(table()) -> term().
table(Tab) -> table(Tab, []).

-spec table(table(), term()) -> term().
table(Tab, Option) when not is_list(Option) -> table(Tab, [Option]);
table(Tab, Options) ->
    N = case proplists:get_value(n_objects, Options, default) of
            default -> 100;
            Given -> Given
        end,
    Traverse = case proplists:get_value(traverse, Options, select) of
                   first_next -> fun() -> by_key(Tab, first(Tab), fun next/2) end;
                   last_prev -> fun() -> by_key(Tab, last(Tab), fun prev/2) end;
                   select -> fun() -> select_more(select(Tab, [{'_', [], ['$_']}], N)) end;
                   {select, Spec} -> fun() -> select_more(select(Tab, Spec, N)) end
               end,
    Info = fun(is_unique_objects) -> info(Tab, type) =/= duplicate_bag;
              (keypos) -> info(Tab, keypos);
              (num_of_objects) -> info(Tab, size);
              (is_sorted_key) -> info(Tab, type) =:= ordered_set;
              (_) -> undefined
           end,
    Lookup = fun(_, Keys) -> lists:flatmap(fun(K) -> lookup(Tab, K) end, Keys) end,
    Equality = case info(Tab, type) of
                   ordered_set -> '==';
                   _ -> '=:='
               end,
    %% Others may delete objects meanwhile.
    qlc:table(Traverse, [{info_fun, Info}, {lookup_fun, Lookup}, {key_equality, Equality},
                         {pre_fun, fun(_) -> safe_fixtable(Tab, true) end},
                         {post_fun, fun() -> info(Tab, size) =:= undefined orelse safe_fixtable(Tab, false) end}]).

by_key(_, '$end_of_table', _) -> [];
by_key(Tab, Key, Next) -> lookup(Tab, Key) ++ fun() -> by_key(Tab, Next(Tab, Key), Next) end.

select_more('$end_of_table') -> [];
select_more({Objects, Continuation}) ->
    Objects ++ fun() -> select_more(select(Continuation)) end.
