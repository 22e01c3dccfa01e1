%% Queries: list comprehensions over lists, tables (of ets, dets, or one's own) and other queries. What
%% qlc:q([Template || Qualifiers]) is made into while a module is compiled, muster_qlc_transform says.
%%
%% Generators are nested loops. Where the elements of a generator's tuples can only have one value (a constant, or what
%% an earlier generator has), a table that can look it up is asked for these objects only; objects of any other handle
%% that stays the same are put into a map of that element when the generator is asked for the first time. So joins
%% take time for the objects and the answers, not for all pairs.
-module(qlc).
-export([parse_transform/2, q/1, q/2, e/1, e/2, eval/1, eval/2, fold/3, fold/4, append/1, append/2, cursor/1, cursor/2,
         next_answers/1, next_answers/2, delete_cursor/1, sort/1, sort/2, keysort/2, keysort/3, table/2,
         string_to_handle/1, string_to_handle/2, string_to_handle/3, info/1, info/2, format_error/1]).
-export_type([query_handle/0, query_cursor/0]).

-record(qlc_handle, {kind, options = #{}}).
-record(qlc_cursor, {pid, owner}).
-opaque query_handle() :: #qlc_handle{}.
-opaque query_cursor() :: #qlc_cursor{}.
-type source() :: query_handle() | list().
-type key_pos() :: pos_integer() | [pos_integer()].
-type order() :: ascending | descending | fun((term(), term()) -> boolean()).
-type sort_option() :: {order, order()} | order() | unique | {unique, boolean()} | {size, pos_integer()} |
                       {no_files, pos_integer()} | {tmpdir, file:filename()} | {compressed, boolean()}.

-define(BADARG(Args), error(badarg, Args)).

-spec parse_transform([erl_parse:abstract_form()], [compile:option()]) ->
          [erl_parse:abstract_form()] | {error, list(), list()}.
parse_transform(Forms, _) -> muster_qlc_transform:forms(Forms).

%% ---- making handles ----

%% The argument has become {qlc_query, Fun, Text}.
-spec q(term()) -> query_handle().
q(Query) -> q(Query, []).

-spec q(term(), term()) -> query_handle().
q({qlc_query, Fun, Text} = Query, Options) when is_function(Fun, 0) ->
    #qlc_handle{kind = {query, Fun, Text}, options = given(Options, fun is_query_option/2, [Query, Options])};
q(Query, Options) -> ?BADARG([Query, Options]).

is_query_option(Key, Value) when Key =:= unique; Key =:= lookup -> is_boolean(Value) orelse Value =:= any;
is_query_option(cache, Value) -> lists:member(Value, [true, false, ets, list, no]);
is_query_option(max_lookup, N) -> N =:= infinity orelse is_integer(N) andalso N >= 0;
is_query_option(join, Join) -> lists:member(Join, [any, lookup, merge, nested_loop]);
is_query_option(_, _) -> false.

%% Options as a map; an atom alone means true.
given(Options, IsValid, Args) when is_list(Options) ->
    lists:foldl(fun(Option, Given) ->
                        {Key, Value} = case Option of
                                           {K, V} -> {K, V};
                                           K -> {K, true}
                                       end,
                        IsValid(Key, Value) orelse ?BADARG(Args),
                        Given#{Key => Value}
                end, #{}, Options);
given(Option, IsValid, Args) -> given([Option], IsValid, Args).

-spec append([source()]) -> query_handle().
append(Sources) ->
    is_list(Sources) andalso lists:all(fun is_source/1, Sources) orelse ?BADARG([Sources]),
    #qlc_handle{kind = {append, Sources}}.

-spec append(source(), source()) -> query_handle().
append(First, Second) -> append([First, Second]).

is_source(#qlc_handle{}) -> true;
is_source(Source) -> is_list(Source).

-spec sort(source()) -> query_handle().
sort(Source) -> sort(Source, []).

-spec sort(source(), sort_option() | [sort_option()]) -> query_handle().
sort(Source, Options) -> sorted(none, Source, Options, [Source, Options]).

-spec keysort(key_pos(), source()) -> query_handle().
keysort(Positions, Source) -> keysort(Positions, Source, []).

-spec keysort(key_pos(), source(), sort_option() | [sort_option()]) -> query_handle().
keysort(Position, Source, Options) when is_integer(Position) -> keysort([Position], Source, Options);
keysort(Positions, Source, Options) ->
    Args = [Positions, Source, Options],
    is_list(Positions) andalso Positions =/= [] andalso
        lists:all(fun(N) -> is_integer(N) andalso N > 0 end, Positions) orelse ?BADARG(Args),
    sorted(Positions, Source, Options, Args).

sorted(Positions, Source, Options, Args) ->
    is_source(Source) orelse ?BADARG(Args),
    Given = given(case Options of
                      _ when is_list(Options) -> [order_option(Option) || Option <- Options];
                      _ -> [order_option(Options)]
                  end, fun is_sort_option/2, Args),
    %% A function orders terms, not keys.
    Positions =:= none orelse not is_function(maps:get(order, Given, ascending)) orelse ?BADARG(Args),
    #qlc_handle{kind = {sort, Positions, Source}, options = Given}.

order_option(Order) when Order =:= ascending; Order =:= descending -> {order, Order};
order_option(Option) -> Option.

is_sort_option(order, Order) -> Order =:= ascending orelse Order =:= descending orelse is_function(Order, 2);
is_sort_option(Key, Value) when Key =:= unique; Key =:= compressed -> is_boolean(Value);
is_sort_option(Key, _) -> lists:member(Key, [size, no_files, tmpdir]).

%% A table of one's own: Traverse answers its objects, [Object | fun() -> more of them end].
-spec table(fun(() -> term()) | fun((term()) -> term()), term()) -> query_handle().
table(Traverse, Options) when is_function(Traverse, 0); is_function(Traverse, 1) ->
    #qlc_handle{kind = {table, Traverse}, options = given(Options, fun is_table_option/2, [Traverse, Options])};
table(Traverse, Options) -> ?BADARG([Traverse, Options]).

is_table_option(_, undefined) -> true;
is_table_option(Key, Fun) when Key =:= pre_fun; Key =:= info_fun; Key =:= format_fun -> is_function(Fun, 1);
is_table_option(Key, Fun) when Key =:= post_fun; Key =:= parent_fun -> is_function(Fun, 0);
is_table_option(lookup_fun, Fun) -> is_function(Fun, 2);
is_table_option(key_equality, Op) -> Op =:= '=:=' orelse Op =:= '==';
is_table_option(_, _) -> false.

-spec string_to_handle(string()) -> source() | {error, module(), term()}.
string_to_handle(Text) -> string_to_handle(Text, []).

-spec string_to_handle(string(), term()) -> source() | {error, module(), term()}.
string_to_handle(Text, Options) -> string_to_handle(Text, Options, erl_eval:new_bindings()).

%% A comprehension, with Bindings for the variables that it has not itself.
-spec string_to_handle(string(), term(), erl_eval:binding_struct()) -> source() | {error, module(), term()}.
string_to_handle(Text, Options, Bindings) ->
    maybe
        {ok, Tokens, _} ?= erl_scan:string(Text),
        {ok, [Expr]} ?= erl_parse:parse_exprs(Tokens),
        {ok, Query} ?= muster_qlc_transform:expression(Expr),
        {value, Value, _} = erl_eval:expr(Query, Bindings),
        q(Value, Options)
    else
        {ok, [_ | _]} -> {error, ?MODULE, not_a_query_list_comprehension};
        {error, {_, Module, What}, _} -> {error, Module, What};
        {error, {_, Module, What}} -> {error, Module, What};
        {error, What} -> {error, ?MODULE, What}
    end.

-spec format_error(term()) -> io_lib:chars().
format_error({error, Module, Reason}) -> Module:format_error(Reason);
format_error(Reason) -> muster_qlc_transform:format_error(Reason).

%% ---- asking ----

-spec e(source()) -> [term()] | term().
e(Source) -> eval(Source, []).
-spec e(source(), term()) -> [term()] | term().
e(Source, Options) -> eval(Source, Options).

%% All answers.
-spec eval(source()) -> [term()] | term().
eval(Source) -> eval(Source, []).

-spec eval(source(), term()) -> [term()] | term().
eval(Source, Options) ->
    is_source(Source) orelse ?BADARG([Source, Options]),
    case folded(fun(Answer, All) -> [Answer | All] end, [], Source, eval_options(Options, [Source, Options])) of
        Answers when is_list(Answers) -> lists:reverse(Answers);
        Failed -> Failed
    end.

-spec fold(fun((term(), Acc) -> Acc), Acc, source()) -> Acc.
fold(Fun, Acc, Source) -> fold(Fun, Acc, Source, []).

-spec fold(fun((term(), Acc) -> Acc), Acc, source(), term()) -> Acc.
fold(Fun, Acc, Source, Options) ->
    Args = [Fun, Acc, Source, Options],
    is_function(Fun, 2) andalso is_source(Source) orelse ?BADARG(Args),
    folded(Fun, Acc, Source, eval_options(Options, Args)).

eval_options(Options, Args) -> given(Options, fun is_eval_option/2, Args).

is_eval_option(Key, Value) when Key =:= unique_all; Key =:= cache_all; Key =:= spawn_options ->
    is_boolean(Value) orelse lists:member(Value, [ets, list, no, default]) orelse is_list(Value);
is_eval_option(Key, _) -> lists:member(Key, [max_list_size, tmpdir, tmpdir_usage]).

%% ---- cursors ----

%% A process that computes answers as they are asked for, by the process that made it.
-spec cursor(source()) -> query_cursor().
cursor(Source) -> cursor(Source, []).

-spec cursor(source(), term()) -> query_cursor().
cursor(Source, Options) ->
    is_source(Source) orelse ?BADARG([Source, Options]),
    Given = eval_options(Options, [Source, Options]),
    Owner = self(),
    Parents = parent_values(Source),
    Pid = spawn(fun() ->
                    Monitor = monitor(process, Owner),
                    serve(Source, Given#{parents => Parents}, Owner, Monitor)
                end),
    #qlc_cursor{pid = Pid, owner = Owner}.

-spec next_answers(query_cursor()) -> [term()].
next_answers(Cursor) -> next_answers(Cursor, 10).

-spec next_answers(query_cursor(), pos_integer() | all_remaining) -> [term()].
next_answers(#qlc_cursor{pid = Pid, owner = Owner} = Cursor, N)
  when N =:= all_remaining; is_integer(N), N > 0 ->
    Owner =:= self() orelse error(not_cursor_owner, [Cursor, N]),
    Monitor = monitor(process, Pid),
    Pid ! {next, Monitor, N},
    receive
        {Monitor, Answers} ->
            demonitor(Monitor, [flush]),
            Answers;
        {Monitor, Class, Reason, Trace} ->
            demonitor(Monitor, [flush]),
            erlang:raise(Class, Reason, Trace);
        {'DOWN', Monitor, process, Pid, Reason} when Reason =:= noproc; Reason =:= normal -> [];
        {'DOWN', Monitor, process, Pid, Reason} -> exit(Reason)
    end;
next_answers(Cursor, N) -> ?BADARG([Cursor, N]).

-spec delete_cursor(query_cursor()) -> ok.
delete_cursor(#qlc_cursor{pid = Pid, owner = Owner} = Cursor) ->
    Owner =:= self() orelse error(not_cursor_owner, [Cursor]),
    Monitor = monitor(process, Pid),
    Pid ! stop,
    receive {'DOWN', Monitor, process, Pid, _} -> ok end;
delete_cursor(Cursor) -> ?BADARG([Cursor]).

%% Nothing is computed before the first request. Asked: the request that is being answered, how many answers it still
%% wants, and those it has.
serve(Source, Options, Owner, Monitor) ->
    try folded(fun(Answer, Asked) -> served(Answer, Asked, Owner, Monitor) end, wait(Monitor), Source, Options) of
        {asked, Ref, _, Answers} -> Owner ! {Ref, lists:reverse(Answers)};
        Failed -> Owner ! {get({?MODULE, asked}), Failed}
    catch
        throw:{?MODULE, stopped} -> ok;
        Class:Reason:Trace -> Owner ! {get({?MODULE, asked}), Class, Reason, Trace}
    end.

served(Answer, {asked, Ref, N, Answers}, Owner, Monitor) ->
    case N of
        1 ->
            Owner ! {Ref, lists:reverse(Answers, [Answer])},
            wait(Monitor);
        all_remaining -> {asked, Ref, N, [Answer | Answers]};
        _ -> {asked, Ref, N - 1, [Answer | Answers]}
    end.

wait(Monitor) ->
    receive
        {next, Ref, N} ->
            put({?MODULE, asked}, Ref),
            {asked, Ref, N, []};
        stop -> throw({?MODULE, stopped});
        {'DOWN', Monitor, process, _, _} -> throw({?MODULE, stopped})
    end.

%% What parent_fun of the tables says, in the process that makes the cursor: of those that are known by then.
parent_values(#qlc_handle{kind = {table, _}, options = #{parent_fun := Fun}} = Table) when is_function(Fun) ->
    [{Table, Fun()}];
parent_values(#qlc_handle{kind = {query, Fun, _}}) ->
    case Fun() of
        {generator, _, _, true, Handle, _} -> parent_values(Handle());
        _ -> []
    end;
parent_values(#qlc_handle{kind = {append, Sources}}) -> lists:flatmap(fun parent_values/1, Sources);
parent_values(#qlc_handle{kind = {sort, _, Source}}) -> parent_values(Source);
parent_values(_) -> [].

%% ---- evaluating ----
%% State: names what is remembered during one evaluation, a map in the process dictionary: which tables were begun (their
%% post_fun is to be called), the handles of fixed generators, and their objects by key.

folded(Fun, Acc, Source, Options) ->
    %% What a table answers in the place of objects is the result.
    State = make_ref(),
    put(State, #{}),
    try walk_source(Source, Fun, Acc, {State, Options, []})
    catch throw:{?MODULE, failed, State, Term} -> Term
    after
        Remembered = erase(State),
        [Post() || #{post_fun := Post} <- maps:get(tables, Remembered, []), is_function(Post)]
    end.

remembered(What, State) -> maps:get(What, get(State), none).

remember(What, Value, State) ->
    put(State, (get(State))#{What => Value}),
    Value.

%% Place: tells the generators of queries within queries apart; `none` where what is there may differ the next time.
walk_source(List, Fun, Acc, Context) when is_list(List) -> walk_list(List, Fun, Acc, Context);
walk_source(#qlc_handle{kind = {query, Query, _}, options = Own}, Fun, Acc, {_, Options, _} = Context) ->
    case maps:get(unique, Own, false) orelse maps:get(unique_all, Options, false) of
        true -> unique(fun(F, A) -> walk(Query(), F, A, Own, Context) end, Fun, Acc);
        _ -> walk(Query(), Fun, Acc, Own, Context)
    end;
walk_source(#qlc_handle{kind = {append, Sources}}, Fun, Acc, Context) ->
    Walk = fun(F, A) ->
               lists:foldl(fun({N, Source}, Sum) -> walk_source(Source, F, Sum, below(N, Context)) end, A,
                           lists:enumerate(Sources))
           end,
    case Context of
        {_, #{unique_all := true}, _} -> unique(Walk, Fun, Acc);
        _ -> Walk(Fun, Acc)
    end;
walk_source(#qlc_handle{kind = {sort, Positions, Source}, options = Own}, Fun, Acc, {_, Options, _} = Context) ->
    All = lists:reverse(walk_source(Source, fun(Answer, Answers) -> [Answer | Answers] end, [], Context)),
    Unique = maps:get(unique, Own, false) orelse maps:get(unique_all, Options, false),
    lists:foldl(Fun, Acc, in_order(Positions, maps:get(order, Own, ascending), Unique, All));
walk_source(#qlc_handle{kind = {table, Traverse}, options = Table} = Handle, Fun, Acc, Context) ->
    begun(Handle, Context),
    Walk = fun(F, A) ->
               walk_list(case is_function(Traverse, 0) of
                             true -> Traverse();
                             false -> Traverse([{'_', [], ['$_']}])
                         end, F, A, Context)
           end,
    case {Context, Table} of
        {{_, #{unique_all := true}, _}, _} -> unique(Walk, Fun, Acc);
        _ -> Walk(Fun, Acc)
    end;
walk_source(Other, _, _, _) -> ?BADARG([Other]).

below(_, {_, _, none} = Context) -> Context;
below(N, {State, Options, Place}) -> {State, Options, [N | Place]}.

%% Each answer once, where it comes first.
unique(Walk, Fun, Acc) ->
    {Result, _} = Walk(fun(Answer, {A, Seen}) ->
                           case Seen of
                               #{Answer := _} -> {A, Seen};
                               _ -> {Fun(Answer, A), Seen#{Answer => true}}
                           end
                       end, {Acc, #{}}),
    Result.

walk_list([Object | Rest], Fun, Acc, Context) -> walk_list(Rest, Fun, Fun(Object, Acc), Context);
walk_list([], _, Acc, _) -> Acc;
walk_list(More, Fun, Acc, Context) when is_function(More, 0) -> walk_list(More(), Fun, Acc, Context);
walk_list(Other, _, _, Context) -> failed(Other, Context).

failed(Term, {State, _, _}) -> throw({?MODULE, failed, State, Term}).

in_order(none, Order, Unique, Answers) ->
    case {Order, Unique} of
        {ascending, false} -> lists:sort(Answers);
        {ascending, true} -> lists:usort(Answers);
        {descending, false} -> lists:reverse(lists:sort(Answers));
        {descending, true} -> lists:reverse(lists:usort(Answers));
        {_, false} -> lists:sort(Order, Answers);
        {_, true} -> lists:usort(Order, Answers)
    end;
in_order(Positions, Order, Unique, Answers) ->
    Keyed = [{[element(Position, Answer) || Position <- Positions], Answer} || Answer <- Answers],
    Sorted = case Unique of
                 true -> lists:ukeysort(1, Keyed);
                 false -> lists:keysort(1, Keyed)
             end,
    InOrder = case Order of
                  ascending -> Sorted;
                  descending -> lists:reverse(Sorted)
              end,
    [Answer || {_, Answer} <- InOrder].

walk({answer, Template}, Fun, Acc, _, _) -> Fun(Template(), Acc);
walk({filter, Test, Next}, Fun, Acc, Own, Context) ->
    case Test() of
        true -> walk(Next(), Fun, Acc, Own, Context);
        false -> Acc;
        Other -> error({bad_filter, Other})
    end;
walk({generator, N, Keys, Fixed, Handle, Body}, Fun, Acc, Own, {State, Options, Place} = Context) ->
    %% Below a generator whose handle differs nothing can be remembered.
    Here = case Fixed of
               true -> below(N, Context);
               false -> {State, Options, none}
           end,
    Each = fun(Object, A) ->
               case Body(Object) of
                   none -> A;
                   Node -> walk(Node, Fun, A, Own, {State, Options, Place})
               end
           end,
    case found(Keys, Handle, Fixed, Own, Here) of
        {objects, Objects} -> lists:foldl(Each, Acc, Objects);
        {source, Source} -> walk_source(Source, Each, Acc, Here)
    end.

%% ---- by key ----

%% The objects that have the keys, or all that there are.
found(Keys, Handle, Fixed, Own, {State, _, Place} = Context) ->
    Remembers = Fixed andalso Place =/= none,
    Source = case Remembers of
                 false -> Handle();
                 true ->
                     case remembered({handle, Place}, State) of
                         none -> element(1, remember({handle, Place}, {Handle()}, State));
                         {Made} -> Made
                     end
             end,
    case {looked_up(Keys, Source, Own, Context), Source} of
        {{ok, Objects}, _} -> {objects, Objects};
        {no, _} when Remembers, Keys =/= [], not is_map_key(join, Own); Remembers, Keys =/= [], map_get(join, Own) =/= nested_loop ->
            indexed(Keys, Source, Context);
        _ -> {source, Source}
    end.

looked_up(Keys, #qlc_handle{kind = {table, _}, options = #{lookup_fun := Lookup} = Table} = Handle, Own, Context)
  when is_function(Lookup) ->
    Equality = maps:get(key_equality, Table, '=:='),
    case maps:get(lookup, Own, any) =/= false andalso maps:get(max_lookup, Own, infinity) =/= 0 andalso
        [{Position, Value} || {Position, Op, Value} <- Keys, lists:member(Position, key_positions(Table)),
                              Op =:= '=:=' orelse Equality =:= '==' orelse has_one_form(Value())] of
        [{Position, Value} | _] ->
            begun(Handle, Context),
            case Lookup(Position, [Value()]) of
                Objects when is_list(Objects) -> {ok, Objects};
                Other -> failed(Other, Context)
            end;
        _ -> no
    end;
looked_up(_, _, _, _) -> no.

key_positions(#{info_fun := Info}) when is_function(Info) ->
    Indices = case Info(indices) of
                  List when is_list(List) -> List;
                  undefined -> []
              end,
    case Info(keypos) of
        undefined -> Indices;
        Position -> [Position | Indices]
    end;
key_positions(_) -> [].

%% No other term is equal (==) to it.
has_one_form(Number) when is_number(Number) -> false;
has_one_form([Head | Tail]) -> has_one_form(Head) andalso has_one_form(Tail);
has_one_form(Tuple) when is_tuple(Tuple) -> has_one_form(tuple_to_list(Tuple));
has_one_form(Map) when is_map(Map) -> has_one_form(maps:to_list(Map));
has_one_form(_) -> true.

%% A query's first loop is gone through once: a map would not pay. That shows when the generator is asked again.
indexed([{Position, _, Value} | _], Source, {State, _, Place} = Context) ->
    case remembered({index, Place}, State) of
        none ->
            _ = remember({index, Place}, asked_once, State),
            {source, Source};
        asked_once ->
            Index = maps:map(fun(_, Objects) -> lists:reverse(Objects) end, index(Position, Source, Context)),
            of_index(Value, remember({index, Place}, Index, State));
        Index -> of_index(Value, Index)
    end.

of_index(Value, Index) -> {objects, maps:get(same_form(Value()), Index, [])}.

index(Position, Source, Context) ->
    walk_source(Source,
                fun(Object, Index) when is_tuple(Object), tuple_size(Object) >= Position ->
                        Key = same_form(element(Position, Object)),
                        Index#{Key => [Object | maps:get(Key, Index, [])]};
                   (_, Index) -> Index
                end, #{}, Context).

%% Equal (==) terms get the same form; the filters tell them apart again.
same_form(Float) when is_float(Float), trunc(Float) == Float -> trunc(Float);
same_form([Head | Tail]) -> [same_form(Head) | same_form(Tail)];
same_form(Tuple) when is_tuple(Tuple) -> list_to_tuple(same_form(tuple_to_list(Tuple)));
same_form(Map) when is_map(Map) -> maps:map(fun(_, Value) -> same_form(Value) end, Map);
same_form(Term) -> Term.

%% ---- tables that want to know ----

begun(#qlc_handle{options = Table} = Handle, {State, Options, _}) ->
    Begun = case remembered(tables, State) of
                none -> [];
                Tables -> Tables
            end,
    case lists:member(Table, Begun) of
        true -> ok;
        false ->
            _ = remember(tables, [Table | Begun], State),
            case Table of
                #{pre_fun := Pre} when is_function(Pre) -> Pre(pre_arguments(Handle, Table, Options));
                _ -> ok
            end
    end.

pre_arguments(Handle, Table, Options) ->
    Self = self(),
    case Options of
        #{parents := Parents} ->
            Value = proplists:get_value(Handle, Parents),
            [{parent_value, Value}, {stop_fun, fun() -> Self ! stop end}];
        _ ->
            Value = case Table of
                        #{parent_fun := Parent} when is_function(Parent) -> Parent();
                        _ -> undefined
                    end,
            [{parent_value, Value}, {stop_fun, fun() -> ok end}]
    end.

%% ---- what a handle is ----

-spec info(source()) -> string().
info(Source) -> info(Source, []).

-spec info(source(), term()) -> string().
info(Source, Options) ->
    is_source(Source) orelse ?BADARG([Source, Options]),
    lists:flatten(text(Source)).

text(List) when is_list(List) -> io_lib:format("~tp", [shown(List)]);
text(#qlc_handle{kind = {query, _, Text}, options = Options}) ->
    case maps:to_list(Options) of
        [] -> ["qlc:q(", Text, ")"];
        Given -> io_lib:format("qlc:q(~ts, ~tp)", [Text, Given])
    end;
text(#qlc_handle{kind = {append, Sources}}) -> ["qlc:append([", lists:join(", ", [text(Source) || Source <- Sources]), "])"];
text(#qlc_handle{kind = {sort, none, Source}, options = Options}) ->
    io_lib:format("qlc:sort(~ts, ~tp)", [text(Source), maps:to_list(Options)]);
text(#qlc_handle{kind = {sort, Positions, Source}, options = Options}) ->
    io_lib:format("qlc:keysort(~w, ~ts, ~tp)", [Positions, text(Source), maps:to_list(Options)]);
text(#qlc_handle{kind = {table, _}, options = #{format_fun := Format}}) when is_function(Format) ->
    case Format(all) of
        {Module, Function, Args} -> io_lib:format("~tw:~tw(~ts)", [Module, Function, lists:join(",", [io_lib:format("~tp", [A]) || A <- Args])]);
        Text when is_list(Text) -> Text;
        Form -> erl_pp:expr(Form)
    end;
text(#qlc_handle{kind = {table, Traverse}}) -> io_lib:format("qlc:table(~tp, [])", [Traverse]).

%% Lists that go on with functions are shown as far as they are there.
shown([Head | Tail]) -> [Head | shown(Tail)];
shown([]) -> [];
shown(_) -> ['...'].
