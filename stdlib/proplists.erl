%% Property lists: {Key, Value, ...} tuples, and atoms A that stand for {A, true}; the first entry
%% of a key counts, anything else in the list is ignored.
-module(proplists).

-export([append_values/2, compact/1, delete/2, expand/2, from_map/1, get_all_values/2, get_bool/2,
         get_keys/1, get_value/2, get_value/3, is_defined/2, lookup/2, lookup_all/2, normalize/2,
         property/1, property/2, split/2, substitute_aliases/2, substitute_negations/2, to_map/1,
         to_map/2, unfold/1]).

-export_type([property/0, proplist/0]).

%% Whether an entry has that key.
-define(HAS(P, Key), is_atom(P), P =:= Key; tuple_size(P) > 0, element(1, P) =:= Key).

-type property() :: atom() | tuple().
-type proplist() :: [property()].

%% A property of a key and a value in its shortest form.
-spec property(property()) -> property().
property({Key, true}) when is_atom(Key) -> Key;
property(Property) -> Property.

-spec property(term(), term()) -> property().
property(Key, true) when is_atom(Key) -> Key;
property(Key, Value) -> {Key, Value}.

%% With Key as {Key, true}.
-spec unfold([term()]) -> [term()].
unfold(List) when is_list(List) ->
    lists:map(fun(P) when is_atom(P) -> {P, true}; (P) -> P end, List).

%% With {Key, true} as Key.
-spec compact([property()]) -> [property()].
compact(List) -> [property(P) || P <- List].

%%% Looking up. Everything begins at the first entry of a key.

from_first(Key, [P | _] = List) when ?HAS(P, Key) -> List;
from_first(Key, [_ | List]) -> from_first(Key, List);
from_first(_, []) -> [].

%% The value of an entry in a list, if it has just one.
value(P) when is_atom(P) -> [true];
value({_, Value}) -> [Value];
value(_) -> [].

as_tuple(P) when is_atom(P) -> {P, true};
as_tuple(P) -> P.

%% The first entry of the key, or none.
-spec lookup(term(), [term()]) -> none | tuple().
lookup(Key, List) when is_list(List) ->
    case from_first(Key, List) of
        [P | _] -> as_tuple(P);
        [] -> none
    end.

%% All entries of the key.
-spec lookup_all(term(), [term()]) -> [tuple()].
lookup_all(Key, List) when is_list(List) -> collect(fun(P) -> [as_tuple(P)] end, Key, List).

%% All values of the key.
-spec get_all_values(term(), [term()]) -> [term()].
get_all_values(Key, List) when is_list(List) -> collect(fun value/1, Key, List).

%% All values of the key, appended.
-spec append_values(term(), [term()]) -> [term()].
append_values(Key, List) when is_list(List) ->
    collect(fun({_, Values}) when is_list(Values) -> Values; (P) -> value(P) end, Key, List).

%% What Of makes of each entry of a key, appended.
collect(Of, Key, List) ->
    case from_first(Key, List) of
        [P | Rest] -> Of(P) ++ collect(Of, Key, Rest);
        [] -> []
    end.

%% Whether there is an entry of the key.
-spec is_defined(term(), [term()]) -> boolean().
is_defined(Key, List) when is_list(List) -> from_first(Key, List) =/= [].

%% The value of the first entry of the key, or the default.
-spec get_value(term(), [term()]) -> term().
get_value(Key, List) -> get_value(Key, List, undefined).

-spec get_value(term(), [term()], term()) -> term().
get_value(Key, [P | _], Default) when ?HAS(P, Key) ->
    case value(P) of
        [Value] -> Value;
        [] -> Default
    end;
get_value(Key, [_ | List], Default) ->
    get_value(Key, List, Default);
get_value(_, [], Default) ->
    Default.

%% Whether the first entry of the key is true.
-spec get_bool(term(), [term()]) -> boolean().
get_bool(Key, List) when is_list(List) -> get_value(Key, List, false) =:= true.

%% The keys, each once.
-spec get_keys([term()]) -> [term()].
get_keys(List) when is_list(List) ->
    Key = fun(P) when is_atom(P) -> {true, P};
             (P) when tuple_size(P) > 0 -> {true, element(1, P)};
             (_) -> false
          end,
    sets:to_list(sets:from_list(lists:filtermap(Key, List))).

%%% Changing

%% Without all entries of the key.
-spec delete(term(), [term()]) -> [term()].
delete(Key, [P | List]) when ?HAS(P, Key) -> delete(Key, List);
delete(Key, [P | List]) -> [P | delete(Key, List)];
delete(_, []) -> [].

%% With keys replaced by others.
-spec substitute_aliases([{term(), term()}], [term()]) -> [term()].
substitute_aliases(Aliases, List) -> substitute(Aliases, fun renamed/2, List).

renamed(P, Key) when is_atom(P) -> property(Key, true);
renamed(P, Key) -> property(setelement(1, P, Key)).

%% With keys replaced by others of the opposite value.
-spec substitute_negations([{term(), term()}], [term()]) -> [term()].
substitute_negations(Negations, List) -> substitute(Negations, fun negated/2, List).

%% What is no boolean is taken for false.
negated(P, Key) -> property(Key, value(P) =/= [true]).

%% The first rule for its key changes an entry.
substitute(Rules, Change, List) -> [substituted(P, Rules, Change) || P <- List].

substituted(P, [{Key, NewKey} | _], Change) when ?HAS(P, Key) -> Change(P, NewKey);
substituted(P, [{_, _} | Rules], Change) -> substituted(P, Rules, Change);
substituted(P, [], _) -> P.

%% Where the first entry of a key is the property to expand, the expansion takes the place of all
%% entries of that key. What was put in is not expanded again.
-spec expand([{property(), [term()]}], [term()]) -> [term()].
expand(Expansions, List) when is_list(List) ->
    Expanded = expand_all([{property(P), E} || {P, E} <- Expansions], List),
    lists:append([case is_list(X) of true -> X; false -> [X] end || X <- Expanded]).

expand_all([{P, Expansion} | Expansions], List) ->
    expand_all(Expansions, expand_one(P, key(P), Expansion, List));
expand_all([], List) ->
    List.

key(P) when is_atom(P) -> P;
key(P) when tuple_size(P) >= 1 -> element(1, P);
key(P) -> P.

expand_one(P, Key, Expansion, List) ->
    case lists:splitwith(fun(Entry) -> not has_key(Entry, Key) end, List) of
        {Before, [Entry | After]} ->
            case property(Entry) of
                P -> Before ++ [Expansion | delete(Key, After)];
                Other -> Before ++ [Other | After]
            end;
        {_, []} -> List
    end.

has_key(P, Key) when ?HAS(P, Key) -> true;
has_key(_, _) -> false.

%% Aliases, negations and expansions replaced, and compact.
-spec normalize([term()], [{aliases | negations | expand, list()}]) -> [term()].
normalize(List, Stages) -> compact(stages(List, Stages)).

stages(List, [{aliases, Aliases} | Stages]) -> stages(substitute_aliases(Aliases, List), Stages);
stages(List, [{negations, Negations} | Stages]) ->
    stages(substitute_negations(Negations, List), Stages);
stages(List, [{expand, Expansions} | Stages]) -> stages(expand(Expansions, List), Stages);
stages(List, []) -> List.

%% The entries of each of the keys, and the others.
-spec split([term()], [term()]) -> {[[term()]], [term()]}.
split(List, Keys) ->
    {Found, Rest} = split(List, maps:from_list([{Key, []} || Key <- Keys]), []),
    {[lists:reverse(map_get(Key, Found)) || Key <- Keys], Rest}.

split([P | List], Found, Rest) ->
    Key = if
        is_atom(P) -> P;
        tuple_size(P) >= 1 -> element(1, P);
        true -> Found
    end,
    case Found of
        #{Key := Others} -> split(List, Found#{Key := [P | Others]}, Rest);
        #{} -> split(List, Found, [P | Rest])
    end;
split([], Found, Rest) ->
    {Found, lists:reverse(Rest)}.

%% As a map; of equal keys the first entry counts.
-spec to_map([property()]) -> #{term() => term()}.
to_map(List) -> maps:from_list(first_values(List, #{})).

%% The first entry of a key decides; if it has not just one value, the key has none.
first_values([P | Ps], Seen) ->
    Key = if
        is_atom(P) -> P;
        tuple_size(P) >= 1 -> element(1, P);
        true -> Seen
    end,
    case P of
        _ when Key =:= Seen; is_map_key(Key, Seen) -> first_values(Ps, Seen);
        {_, Value} -> [{Key, Value} | first_values(Ps, Seen#{Key => []})];
        _ when is_atom(P) -> [{Key, true} | first_values(Ps, Seen#{Key => []})];
        _ -> first_values(Ps, Seen#{Key => []})
    end;
first_values([], _) ->
    [].

-spec to_map([property()], [{aliases | negations | expand, list()}]) -> #{term() => term()}.
to_map(List, Stages) -> to_map(stages(List, Stages)).

%% The associations as properties.
-spec from_map(#{term() => term()}) -> [{term(), term()}].
from_map(Map) -> maps:to_list(Map).
