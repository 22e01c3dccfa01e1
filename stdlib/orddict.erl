%% Dictionaries as lists of {Key, Value} in the order of keys. Keys that compare equal are one.
-module(orddict).

-compile({no_auto_import, [size/1]}).

-export([new/0, is_key/2, to_list/1, from_list/1, size/1, is_empty/1, fetch/2, find/2, fetch_keys/1,
         take/2, erase/2, store/3, append/3, append_list/3, update/3, update/4, update_counter/3,
         fold/3, map/2, filter/2, merge/3]).

-export_type([orddict/0, orddict/2]).

-type orddict() :: orddict(term(), term()).
-type orddict(Key, Value) :: [{Key, Value}].

-spec new() -> orddict(none(), none()).
new() -> [].

-spec is_key(Key, orddict(Key, term())) -> boolean().
is_key(Key, [{K, _} | _]) when Key < K -> false;
is_key(Key, [{K, _} | Dict]) when Key > K -> is_key(Key, Dict);
is_key(_, [{_, _} | _]) -> true;
is_key(_, []) -> false.

-spec to_list(orddict(Key, Value)) -> [{Key, Value}].
to_list(Dict) -> Dict.

%% The last of several values of a key counts.
-spec from_list([{Key, Value}]) -> orddict(Key, Value).
from_list([]) -> [];
from_list([{_, _}] = Pairs) -> Pairs;
from_list(Pairs) -> lists:ukeysort(1, reverse_pairs(Pairs, [])).

reverse_pairs([{_, _} = Pair | Pairs], Out) -> reverse_pairs(Pairs, [Pair | Out]);
reverse_pairs([], Out) -> Out.

-spec size(orddict()) -> non_neg_integer().
size(Dict) -> length(Dict).

-spec is_empty(orddict()) -> boolean().
is_empty([]) -> true;
is_empty([_ | _]) -> false.

-spec fetch(Key, orddict(Key, Value)) -> Value.
fetch(Key, [{K, _} | Dict]) when Key > K -> fetch(Key, Dict);
fetch(Key, [{K, Value} | _]) when Key == K -> Value.

-spec find(Key, orddict(Key, Value)) -> {ok, Value} | error.
find(Key, [{K, _} | _]) when Key < K -> error;
find(Key, [{K, _} | Dict]) when Key > K -> find(Key, Dict);
find(_, [{_, Value} | _]) -> {ok, Value};
find(_, []) -> error.

-spec fetch_keys(orddict(Key, term())) -> [Key].
fetch_keys([{Key, _} | Dict]) -> [Key | fetch_keys(Dict)];
fetch_keys([]) -> [].

-spec take(Key, orddict(Key, Value)) -> {Value, orddict(Key, Value)} | error.
take(Key, Dict) -> take(Key, Dict, []).

take(Key, [{K, _} | _], _) when Key < K -> error;
take(Key, [{K, _} = Pair | Dict], Before) when Key > K -> take(Key, Dict, [Pair | Before]);
take(_, [{_, Value} | Dict], Before) -> {Value, lists:reverse(Before, Dict)};
take(_, [], _) -> error.

-spec erase(Key, orddict(Key, Value)) -> orddict(Key, Value).
erase(Key, [{K, _} | _] = Dict) when Key < K -> Dict;
erase(Key, [{K, _} = Pair | Dict]) when Key > K -> [Pair | erase(Key, Dict)];
erase(_, [{_, _} | Dict]) -> Dict;
erase(_, []) -> [].

-spec store(Key, Value, orddict(Key, Value)) -> orddict(Key, Value).
store(Key, New, [{K, _} | _] = Dict) when Key < K -> [{Key, New} | Dict];
store(Key, New, [{K, _} = Pair | Dict]) when Key > K -> [Pair | store(Key, New, Dict)];
store(Key, New, [{_, _} | Dict]) -> [{Key, New} | Dict];
store(Key, New, []) -> [{Key, New}].

-spec append(Key, Value, orddict(Key, [Value])) -> orddict(Key, [Value]).
append(Key, New, [{K, _} | _] = Dict) when Key < K -> [{Key, [New]} | Dict];
append(Key, New, [{K, _} = Pair | Dict]) when Key > K -> [Pair | append(Key, New, Dict)];
append(Key, New, [{_, Old} | Dict]) -> [{Key, Old ++ [New]} | Dict];
append(Key, New, []) -> [{Key, [New]}].

-spec append_list(Key, [Value], orddict(Key, [Value])) -> orddict(Key, [Value]).
append_list(Key, New, [{K, _} | _] = Dict) when Key < K -> [{Key, New} | Dict];
append_list(Key, New, [{K, _} = Pair | Dict]) when Key > K -> [Pair | append_list(Key, New, Dict)];
append_list(Key, New, [{_, Old} | Dict]) -> [{Key, Old ++ New} | Dict];
append_list(Key, New, []) -> [{Key, New}].

-spec update(Key, fun((Value) -> Value), orddict(Key, Value)) -> orddict(Key, Value).
update(Key, F, [{K, _} = Pair | Dict]) when Key > K -> [Pair | update(Key, F, Dict)];
update(Key, F, [{K, Value} | Dict]) when Key == K -> [{Key, F(Value)} | Dict].

-spec update(Key, fun((Value) -> Value), Value, orddict(Key, Value)) -> orddict(Key, Value).
update(Key, _, Init, [{K, _} | _] = Dict) when Key < K -> [{Key, Init} | Dict];
update(Key, F, Init, [{K, _} = Pair | Dict]) when Key > K -> [Pair | update(Key, F, Init, Dict)];
update(Key, F, _, [{_, Value} | Dict]) -> [{Key, F(Value)} | Dict];
update(Key, _, Init, []) -> [{Key, Init}].

-spec update_counter(Key, number(), orddict(Key, number())) -> orddict(Key, number()).
update_counter(Key, N, [{K, _} | _] = Dict) when Key < K -> [{Key, N} | Dict];
update_counter(Key, N, [{K, _} = Pair | Dict]) when Key > K -> [Pair | update_counter(Key, N, Dict)];
update_counter(Key, N, [{_, Value} | Dict]) -> [{Key, Value + N} | Dict];
update_counter(Key, N, []) -> [{Key, N}].

-spec fold(fun((Key, Value, Acc) -> Acc), Acc, orddict(Key, Value)) -> Acc.
fold(F, Acc, [{Key, Value} | Dict]) -> fold(F, F(Key, Value, Acc), Dict);
fold(F, Acc, []) when is_function(F, 3) -> Acc.

-spec map(fun((Key, Value) -> Value1), orddict(Key, Value)) -> orddict(Key, Value1).
map(F, [{Key, Value} | Dict]) -> [{Key, F(Key, Value)} | map(F, Dict)];
map(F, []) when is_function(F, 2) -> [].

-spec filter(fun((Key, Value) -> boolean()), orddict(Key, Value)) -> orddict(Key, Value).
filter(F, [{Key, Value} = Pair | Dict]) ->
    case F(Key, Value) of
        true -> [Pair | filter(F, Dict)];
        false -> filter(F, Dict)
    end;
filter(F, []) when is_function(F, 2) -> [].

-spec merge(fun((Key, Value, Value) -> Value), orddict(Key, Value), orddict(Key, Value)) ->
    orddict(Key, Value).
merge(F, [{K1, _} = A | As], [{K2, _} | _] = Bs) when K1 < K2 -> [A | merge(F, As, Bs)];
merge(F, [{K1, _} | _] = As, [{K2, _} = B | Bs]) when K1 > K2 -> [B | merge(F, As, Bs)];
merge(F, [{K, V1} | As], [{_, V2} | Bs]) -> [{K, F(K, V1, V2)} | merge(F, As, Bs)];
merge(F, [], Bs) when is_function(F, 3) -> Bs;
merge(F, As, []) when is_function(F, 3) -> As.
