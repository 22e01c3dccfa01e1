%% Property lists: {Key, Value, ...} tuples, and atoms A that stand for {A, true}; the first entry
%% of a key counts, anything else in the list is ignored.
-module(proplists).

-export([append_values/2, compact/1, delete/2, expand/2, from_map/1, get_all_values/2, get_bool/2,
         get_keys/1, get_value/2, get_value/3, is_defined/2, lookup/2, lookup_all/2, normalize/2,
         property/1, property/2, split/2, substitute_aliases/2, substitute_negations/2, to_map/1,
         to_map/2, unfold/1]).

-export_type([property/0, proplist/0]).

-type property() :: atom() | tuple().
-type proplist() :: [property()].

-spec property(property()) -> property().
property({Key, true}) when is_atom(Key) -> Key;
property(Property) -> Property.

-spec property(term(), term()) -> property().
property(Key, true) when is_atom(Key) -> Key;
property(Key, Value) -> {Key, Value}.

-spec unfold([term()]) -> [term()].
unfold([P | Ps]) when is_atom(P) -> [{P, true} | unfold(Ps)];
unfold([P | Ps]) -> [P | unfold(Ps)];
unfold([]) -> [].

-spec compact([property()]) -> [property()].
compact(List) -> [property(P) || P <- List].

-spec lookup(term(), [term()]) -> none | tuple().
lookup(Key, [P | Ps]) ->
    if
        is_atom(P), P =:= Key -> {Key, true};
        tuple_size(P) >= 1, element(1, P) =:= Key -> P;
        true -> lookup(Key, Ps)
    end;
lookup(_, []) ->
    none.

-spec lookup_all(term(), [term()]) -> [tuple()].
lookup_all(Key, [P | Ps]) ->
    if
        is_atom(P), P =:= Key -> [{Key, true} | lookup_all(Key, Ps)];
        tuple_size(P) >= 1, element(1, P) =:= Key -> [P | lookup_all(Key, Ps)];
        true -> lookup_all(Key, Ps)
    end;
lookup_all(_, []) ->
    [].

-spec is_defined(term(), [term()]) -> boolean().
is_defined(Key, [P | Ps]) ->
    if
        is_atom(P), P =:= Key -> true;
        tuple_size(P) >= 1, element(1, P) =:= Key -> true;
        true -> is_defined(Key, Ps)
    end;
is_defined(_, []) ->
    false.

-spec get_value(term(), [term()]) -> term().
get_value(Key, List) -> get_value(Key, List, undefined).

-spec get_value(term(), [term()], term()) -> term().
get_value(Key, [P | Ps], Default) ->
    if
        is_atom(P), P =:= Key -> true;
        tuple_size(P) >= 1, element(1, P) =:= Key ->
            case P of
                {_, Value} -> Value;
                _ -> Default
            end;
        true -> get_value(Key, Ps, Default)
    end;
get_value(_, [], Default) ->
    Default.

-spec get_all_values(term(), [term()]) -> [term()].
get_all_values(Key, [P | Ps]) ->
    if
        is_atom(P), P =:= Key -> [true | get_all_values(Key, Ps)];
        tuple_size(P) >= 1, element(1, P) =:= Key ->
            case P of
                {_, Value} -> [Value | get_all_values(Key, Ps)];
                _ -> get_all_values(Key, Ps)
            end;
        true -> get_all_values(Key, Ps)
    end;
get_all_values(_, []) ->
    [].

-spec append_values(term(), [term()]) -> [term()].
append_values(Key, [P | Ps]) ->
    if
        is_atom(P), P =:= Key -> [true | append_values(Key, Ps)];
        tuple_size(P) >= 1, element(1, P) =:= Key ->
            case P of
                {_, Value} when is_list(Value) -> Value ++ append_values(Key, Ps);
                {_, Value} -> [Value | append_values(Key, Ps)];
                _ -> append_values(Key, Ps)
            end;
        true -> append_values(Key, Ps)
    end;
append_values(_, []) ->
    [].

-spec get_bool(term(), [term()]) -> boolean().
get_bool(Key, [P | Ps]) ->
    if
        is_atom(P), P =:= Key -> true;
        tuple_size(P) >= 1, element(1, P) =:= Key ->
            case P of
                {_, true} -> true;
                _ -> false
            end;
        true -> get_bool(Key, Ps)
    end;
get_bool(_, []) ->
    false.

-spec get_keys([term()]) -> [term()].
get_keys(List) -> get_keys(List, sets:new()).

get_keys([P | Ps], Keys) ->
    if
        is_atom(P) -> get_keys(Ps, sets:add_element(P, Keys));
        tuple_size(P) >= 1 -> get_keys(Ps, sets:add_element(element(1, P), Keys));
        true -> get_keys(Ps, Keys)
    end;
get_keys([], Keys) ->
    sets:to_list(Keys).

-spec delete(term(), [term()]) -> [term()].
delete(Key, [P | Ps]) ->
    if
        is_atom(P), P =:= Key -> delete(Key, Ps);
        tuple_size(P) >= 1, element(1, P) =:= Key -> delete(Key, Ps);
        true -> [P | delete(Key, Ps)]
    end;
delete(_, []) ->
    [].

-spec substitute_aliases([{term(), term()}], [term()]) -> [term()].
substitute_aliases(Aliases, List) -> [substitute_alias(Aliases, P) || P <- List].

substitute_alias([{Key, NewKey} | Aliases], P) ->
    if
        is_atom(P), P =:= Key -> property(NewKey, true);
        tuple_size(P) >= 1, element(1, P) =:= Key -> property(setelement(1, P, NewKey));
        true -> substitute_alias(Aliases, P)
    end;
substitute_alias([], P) ->
    P.

-spec substitute_negations([{term(), term()}], [term()]) -> [term()].
substitute_negations(Negations, List) -> [substitute_negation(Negations, P) || P <- List].

substitute_negation([{Key, NewKey} | Negations], P) ->
    if
        is_atom(P), P =:= Key -> property(NewKey, false);
        tuple_size(P) >= 1, element(1, P) =:= Key ->
            case P of
                {_, true} -> property(NewKey, false);
                {_, false} -> property(NewKey, true);
                %% Not a boolean: taken for true.
                _ -> property(NewKey, true)
            end;
        true -> substitute_negation(Negations, P)
    end;
substitute_negation([], P) ->
    P.

%% Where the first entry of a key is the property to expand, the expansion takes the place of all
%% entries of that key. What was put in is not expanded again.
-spec expand([{property(), [term()]}], [term()]) -> [term()].
expand(Expansions, List) when is_list(List) ->
    flatten(expand_all([{property(P), E} || {P, E} <- Expansions], List)).

expand_all([{P, Expansion} | Expansions], List) ->
    expand_all(Expansions, expand_one(P, key(P), Expansion, List));
expand_all([], List) ->
    List.

key(P) when is_atom(P) -> P;
key(P) when tuple_size(P) >= 1 -> element(1, P);
key(P) -> P.

expand_one(P, Key, Expansion, [Entry | List]) ->
    case is_entry(Key, Entry) of
        true ->
            case property(Entry) of
                P -> [Expansion | delete(Key, List)];
                Other -> [Other | List]
            end;
        false -> [Entry | expand_one(P, Key, Expansion, List)]
    end;
expand_one(_, _, _, []) ->
    [].

flatten([L | T]) when is_list(L) -> L ++ flatten(T);
flatten([H | T]) -> [H | flatten(T)];
flatten([]) -> [].

is_entry(Key, Entry) when is_atom(Entry) -> Entry =:= Key;
is_entry(Key, Entry) -> is_tuple(Entry) andalso Entry =/= {} andalso element(1, Entry) =:= Key.

-spec normalize([term()], [{aliases | negations | expand, list()}]) -> [term()].
normalize(List, Stages) -> compact(stages(List, Stages)).

stages(List, [{aliases, Aliases} | Stages]) -> stages(substitute_aliases(Aliases, List), Stages);
stages(List, [{negations, Negations} | Stages]) ->
    stages(substitute_negations(Negations, List), Stages);
stages(List, [{expand, Expansions} | Stages]) -> stages(expand(Expansions, List), Stages);
stages(List, []) -> List.

-spec split([term()], [term()]) -> {[[term()]], [term()]}.
split(List, Keys) ->
    {Found, Rest} = split(List, maps:from_list([{Key, []} || Key <- Keys]), []),
    {[lists:reverse(map_get(Key, Found)) || Key <- Keys], lists:reverse(Rest)}.

split([P | Ps], Found, Rest) ->
    Key = if
        is_atom(P) -> P;
        tuple_size(P) >= 1 -> element(1, P);
        true -> Found
    end,
    case Found of
        #{Key := Entries} -> split(Ps, Found#{Key := [P | Entries]}, Rest);
        #{} -> split(Ps, Found, [P | Rest])
    end;
split([], Found, Rest) ->
    {Found, Rest}.

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

-spec from_map(#{term() => term()}) -> [{term(), term()}].
from_map(Map) -> maps:to_list(Map).
