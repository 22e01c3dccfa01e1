%% What was wrong in a call of a built-in of ets that failed, a text for each argument: part of
%% erl_stdlib_errors. It looks at the arguments; what only the call itself could see it tells as `cause` (no
%% such table, no right to use it, a key that was not there, a position, an owner).
-module(muster_ets_error).
-export([texts/3]).

-define(NO_KEY, <<"not a key that exists in the table">>).
-define(NO_TABLE, <<"the table identifier does not refer to an existing ETS table">>).
-define(NO_ACCESS, <<"the table identifier refers to an ETS table with insufficient access rights">>).
-define(NO_TYPE, <<"the table identifier refers to an ETS table of a type not supported by this operation">>).
-define(NO_ID, <<"not an atom or a table identifier">>).
-define(NO_SPECIFICATION, <<"not a valid match specification">>).

%% As many texts as the function needs, from the first argument on; empty: nothing is wrong with it, as far as
%% can be told.
-spec texts(atom(), [term()], term()) -> [binary()].
texts(new, [Name, Options], Cause) -> texts_of_new(Cause, Name, Options);
texts(whereis, [_], _) -> [<<"invalid table name (must be an atom)">>];
texts(match_spec_compile, [_], _) -> [?NO_SPECIFICATION];
texts(Function, [_], _) when Function =:= match; Function =:= match_object; Function =:= select;
                             Function =:= select_reverse -> [<<"invalid continuation">>];
texts(Function, [Table | Args], Cause) ->
    Rest = arguments(Function, Args),
    case {told(Cause, Table), lists:all(fun(Text) -> Text =:= <<>> end, Rest)} of
        {<<>>, true} -> by_table(Function, Table, Args, Cause);
        {<<>>, false} when Function =:= update_counter, Cause =:= badkey -> [<<>>, ?NO_KEY | tl(Rest)];
        {Text, _} -> [Text | Rest]
    end;
texts(_, _, _) -> [].

texts_of_new(already_exists, _, _) -> [<<"table name already exists">>];
texts_of_new(_, Name, Options) -> new(Name, Options).

new(Name, Options) ->
    Texts = [unless(is_atom(Name), <<"not an atom">>), proper_list(Options)],
    case Texts of
        [<<>>, <<>>] ->
            case lists:all(fun is_option/1, Options) of
                true -> [<<"table name already exists">>];
                false -> [<<>>, <<"invalid options">>]
            end;
        _ -> Texts
    end.

is_option({heir, none}) -> true;
is_option({heir, Pid, _}) -> is_pid(Pid);
is_option({keypos, At}) -> is_integer(At) andalso At > 0;
is_option({write_concurrency, auto}) -> true;
is_option({Option, Value}) when Option =:= read_concurrency; Option =:= write_concurrency;
                                Option =:= decentralized_counters -> is_boolean(Value);
is_option(Option) ->
    lists:member(Option, [set, ordered_set, bag, duplicate_bag, public, protected, private, named_table, compressed]).

proper_list(List) ->
    try length(List) of
        _ -> <<>>
    catch
        error:badarg when is_list(List) -> <<"not a proper list">>;
        error:badarg -> <<"not a list">>
    end.

%%% The table

%% What the call itself found holds, whoever asks, and whatever became of the table.
told(id, _) -> ?NO_TABLE;
told(access, _) -> ?NO_ACCESS;
told(table_type, _) -> ?NO_TYPE;
told(type, Table) -> if is_reference(Table) -> <<"not a valid table identifier">>; true -> ?NO_ID end;
told(_, _) -> <<>>.

%%% The other arguments, whatever the table

arguments(delete_object, [Object]) -> [object(Object)];
arguments(give_away, [Pid, _]) -> [unless(is_pid(Pid), <<"not a pid">>)];
arguments(Function, [Objects]) when Function =:= insert; Function =:= insert_new -> [objects(Objects)];
arguments(lookup_element, [_, Position | _]) -> [<<>>, positive(Position)];
arguments(Function, [_, Limit]) when Function =:= match; Function =:= match_object -> [<<>>, positive(Limit)];
arguments(Function, [Specification, Limit]) when Function =:= select; Function =:= select_reverse ->
    [unless(is_specification(Specification), ?NO_SPECIFICATION), positive(Limit)];
arguments(rename, [Name]) -> [unless(is_atom(Name), <<"invalid table name (must be an atom)">>)];
arguments(update_counter, [_, Update]) -> [<<>>, counting(Update)];
arguments(update_element, [_, Update]) -> [<<>>, element_update(Update)];
arguments(update_element, [_, Update, Object]) -> [<<>>, element_update(Update), object(Object)];
arguments(_, _) -> [].

object(Object) when is_tuple(Object), tuple_size(Object) > 0 -> <<>>;
object({}) -> <<"is an empty tuple">>;
object(_) -> <<"not a tuple">>.

objects(Objects) when is_list(Objects) ->
    unless(proper_list(Objects) =:= <<>> andalso lists:all(fun(Object) -> object(Object) =:= <<>> end, Objects),
           <<"not a non-empty tuple or a list of non-empty tuples">>);
objects(Object) -> object(Object).

positive(Number) when is_integer(Number), Number > 0 -> <<>>;
positive(Number) when is_integer(Number) -> <<"out of range">>;
positive(_) -> <<"not an integer">>.

counting(Updates) -> unless(all(fun is_counting/1, Updates), <<"not a valid update operation">>).
is_counting({At, Add}) -> is_integer(At) andalso is_integer(Add);
is_counting({At, Add, Limit, Value}) -> lists:all(fun is_integer/1, [At, Add, Limit, Value]);
is_counting(Add) -> is_integer(Add).

element_update(Updates) -> unless(all(fun is_element_update/1, Updates), <<"is not a valid element specification">>).
is_element_update({At, _}) -> is_integer(At) andalso At > 0;
is_element_update(_) -> false.

all(Is, List) when is_list(List) -> proper_list(List) =:= <<>> andalso lists:all(Is, List);
all(Is, One) -> Is(One).

is_specification(Specification) ->
    try ets:match_spec_compile(Specification) of
        _ -> true
    catch
        error:badarg -> false
    end.

%%% Where neither table nor arguments are wrong by themselves

by_table(give_away, _, _, owner) -> [<<>>, <<"the process is already the owner of the table">>];
by_table(give_away, _, [Pid, _], _) ->
    case is_process_alive(Pid) of
        true -> [<<>>, <<"the current process is not the owner">>];
        false -> [<<>>, <<"the pid refers to a terminated process">>]
    end;
by_table(info, _, [_], _) -> [<<>>, <<"not a valid info item">>];
by_table(lookup_element, _, _, badkey) -> [<<>>, ?NO_KEY];
by_table(lookup_element, _, _, _) -> [<<>>, <<>>, <<"position is greater than the size of the object">>];
by_table(Function, _, _, _) when Function =:= next; Function =:= prev; Function =:= next_lookup;
                                 Function =:= prev_lookup -> [<<>>, ?NO_KEY];
by_table(rename, _, _, _) -> [<<>>, <<"table name already exists">>];
by_table(safe_fixtable, _, _, _) -> [<<>>, <<"not a boolean value">>];
by_table(Function, _, [Specification], _) when Function =:= select; Function =:= select_count; Function =:= select_delete;
                                               Function =:= select_replace; Function =:= select_reverse ->
    [<<>>, unless(Function =/= select_replace andalso is_specification(Specification), ?NO_SPECIFICATION)];
by_table(setopts, _, _, _) -> [<<>>, <<"invalid options">>];
by_table(slot, _, _, _) -> [<<>>, <<"out of range">>];
by_table(update_counter, _, [_, _, Object], _) when not is_tuple(Object) -> [<<>>, <<>>, <<>>, <<"not a tuple">>];
by_table(update_counter, _, _, badkey) -> [<<>>, ?NO_KEY];
by_table(update_counter, _, _, position) -> [<<>>, <<>>, <<"the position in the update operation is out of range">>];
by_table(Function, _, _, keypos) when Function =:= update_counter; Function =:= update_element ->
    [<<>>, <<>>, <<"the position is the same as the key position">>];
by_table(update_counter, Table, [_, Updates | _], _) ->
    case {counting(Updates), touches_key(Table, Updates)} of
        {<<>>, true} -> [<<>>, <<>>, <<"the position is the same as the key position">>];
        {Text, _} when Text =/= <<>> -> [<<>>, <<>>, Text];
        _ -> [<<>>, <<>>, <<"the value in the given position, in the object, is not an integer">>]
    end;
by_table(update_element, Table, [_, Updates | _], _) ->
    case touches_key(Table, Updates) of
        true -> [<<>>, <<>>, <<"the position is the same as the key position">>];
        false -> [<<>>, <<>>, <<"out of range">>]
    end;
by_table(_, _, _, _) -> [].

touches_key(Table, Updates) when is_list(Updates) -> lists:any(fun(One) -> touches_key(Table, One) end, Updates);
touches_key(Table, Update) when is_tuple(Update) -> element(1, Update) =:= ets:info(Table, keypos);
touches_key(_, _) -> false.

unless(true, _) -> <<>>;
unless(false, Text) -> Text.
