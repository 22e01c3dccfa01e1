%% Dictionaries as lists of {Key, Value} in the order of keys. Keys that compare equal are one.
-module(orddict).

-compile({no_auto_import, [size/1]}).

-export([new/0, is_key/2, to_list/1, from_list/1, size/1, is_empty/1, fetch/2, find/2, fetch_keys/1,
         take/2, erase/2, store/3, append/3, append_list/3, update/3, update/4, update_counter/3,
         fold/3, map/2, filter/2, merge/3]).

-export_type([orddict/0, orddict/2]).

%% As far as it shows.
-define(DICT(Dict), Dict =:= [] orelse tuple_size(hd(Dict)) =:= 2).

-type orddict() :: orddict(term(), term()).
-type orddict(Key, Value) :: [{Key, Value}].

%% An empty dictionary.
-spec new() -> orddict(none(), none()).
new() -> [].

%% The entries as {Key, Value} tuples.
-spec to_list(orddict(Key, Value)) -> [{Key, Value}].
to_list(Dict) -> Dict.

%% The last of several values of a key counts.
-spec from_list([{Key, Value}]) -> orddict(Key, Value).
from_list(Pairs) when ?DICT(Pairs) ->
    lists:ukeysort(1, lists:foldl(fun({_, _} = P, Out) -> [P | Out] end, [], Pairs)).

%% How many entries there are.
-spec size(orddict()) -> non_neg_integer().
size(Dict) -> length(Dict).

%% Whether there are no entries.
-spec is_empty(orddict()) -> boolean().
is_empty([]) -> true;
is_empty([_ | _]) -> false.

%%% Looking up

%% The rest of the dictionary from the first key on that is not smaller.
from_key(Key, [{K, _} | Dict]) when Key > K -> from_key(Key, Dict);
from_key(_, Dict) when ?DICT(Dict) -> Dict.

%% Whether the key is there.
-spec is_key(Key, orddict(Key, term())) -> boolean().
is_key(Key, Dict) when ?DICT(Dict) -> find(Key, Dict) =/= error.

%% The value of the key, which has to be there.
-spec fetch(Key, orddict(Key, Value)) -> Value.
fetch(Key, Dict) when ?DICT(Dict) ->
    case from_key(Key, Dict) of
        [{K, Value} | _] when K == Key -> Value;
        Rest -> erlang:error(function_clause, [Key, Rest])
    end.

%% {ok, Value} of the key, or error.
-spec find(Key, orddict(Key, Value)) -> {ok, Value} | error.
find(Key, Dict) when ?DICT(Dict) ->
    case from_key(Key, Dict) of
        [{K, Value} | _] when K == Key -> {ok, Value};
        _ -> error
    end.

%% The keys.
-spec fetch_keys(orddict(Key, term())) -> [Key].
fetch_keys(Dict) when ?DICT(Dict) -> lists:map(fun({Key, _}) -> Key end, Dict).

%%% Changing the place of one key

%% {Value, The others}, or error.
-spec take(Key, orddict(Key, Value)) -> {Value, orddict(Key, Value)} | error.
take(Key, Dict) when ?DICT(Dict) ->
    case find(Key, Dict) of
        {ok, Value} -> {Value, erase(Key, Dict)};
        error -> error
    end.

%% Without the key.
-spec erase(Key, orddict(Key, Value)) -> orddict(Key, Value).
erase(Key, Dict) when ?DICT(Dict) -> change(Key, Dict, fun(_) -> [] end, []).

%% With the value under the key.
-spec store(Key, Value, orddict(Key, Value)) -> orddict(Key, Value).
store(Key, Value, Dict) when ?DICT(Dict) ->
    Pair = [{Key, Value}],
    change(Key, Dict, fun(_) -> Pair end, Pair).

%% With the value at the end of the key's list.
-spec append(Key, Value, orddict(Key, [Value])) -> orddict(Key, [Value]).
append(Key, Value, Dict) when ?DICT(Dict) -> append_list(Key, [Value], Dict).

%% With the values at the end of the key's list.
-spec append_list(Key, [Value], orddict(Key, [Value])) -> orddict(Key, [Value]).
append_list(Key, Values, Dict) when ?DICT(Dict) ->
    change(Key, Dict, fun(Old) -> [{Key, Old ++ Values}] end, [{Key, Values}]).

%% With what the fun makes of the key's value; Initial where it is not there.
-spec update(Key, fun((Value) -> Value), orddict(Key, Value)) -> orddict(Key, Value).
update(Key, F, Dict) when ?DICT(Dict) ->
    case is_key(Key, Dict) of
        true -> change(Key, Dict, fun(Old) -> [{Key, F(Old)}] end, []);
        false -> erlang:error(function_clause, [Key, F, from_key(Key, Dict)])
    end.

-spec update(Key, fun((Value) -> Value), Value, orddict(Key, Value)) -> orddict(Key, Value).
update(Key, F, Initial, Dict) when ?DICT(Dict) ->
    change(Key, Dict, fun(Old) -> [{Key, F(Old)}] end, [{Key, Initial}]).

%% With the key's number increased.
-spec update_counter(Key, number(), orddict(Key, number())) -> orddict(Key, number()).
update_counter(Key, N, Dict) when ?DICT(Dict) ->
    change(Key, Dict, fun(Old) -> [{Key, Old + N}] end, [{Key, N}]).

%% Instead of the pair with that key comes what Found makes of its value; where there is none, Missing.
%% Both are lists of pairs.
change(Key, [{K, _} = Pair | Dict], Found, Missing) when Key > K ->
    [Pair | change(Key, Dict, Found, Missing)];
change(Key, [{K, Old} | Dict], Found, _) when Key == K ->
    Found(Old) ++ Dict;
change(_, Dict, _, Missing) when ?DICT(Dict) ->
    Missing ++ Dict.

%%% All of it

%% The fun of each key, value and what it made of those before.
-spec fold(fun((Key, Value, Acc) -> Acc), Acc, orddict(Key, Value)) -> Acc.
fold(F, Acc, []) when is_function(F, 3) -> Acc;
fold(F, Acc, [{Key, Value} | Dict]) -> fold(F, F(Key, Value, Acc), Dict).

%% Each key with what the fun makes of it and its value.
-spec map(fun((Key, Value) -> Value1), orddict(Key, Value)) -> orddict(Key, Value1).
map(F, []) when is_function(F, 2) -> [];
map(F, [{Key, Value} | Dict]) -> [{Key, F(Key, Value)} | map(F, Dict)].

%% The entries for which the predicate holds.
-spec filter(fun((Key, Value) -> boolean()), orddict(Key, Value)) -> orddict(Key, Value).
filter(F, []) when is_function(F, 2) ->
    [];
filter(F, [{Key, Value} = Pair | Dict]) ->
    Kept = case F(Key, Value) of
        true -> [Pair];
        false -> []
    end,
    Kept ++ filter(F, Dict).

%% Both; values of keys in both are what the fun makes of them.
-spec merge(fun((Key, Value, Value) -> Value), orddict(Key, Value), orddict(Key, Value)) ->
    orddict(Key, Value).
merge(F, [], Dict) when is_function(F, 3) ->
    Dict;
merge(F, Dict, []) when is_function(F, 3) ->
    Dict;
merge(F, [{Ka, A} = Pair | As1] = As, [{Kb, B} = Other | Bs1] = Bs) ->
    if
        Ka < Kb -> [Pair | merge(F, As1, Bs)];
        Kb < Ka -> [Other | merge(F, As, Bs1)];
        true -> [{Ka, F(Ka, A, B)} | merge(F, As1, Bs1)]
    end.
