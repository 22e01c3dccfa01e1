%% Natives of lists. What has no proper end is a function_clause.
-module(muster_list).

-export([without/2, replace_key/4, take/2, join/2]).

%% The list without the first such element.
-spec without(term(), [T]) -> [T] | false.
without(_, _) -> erlang:nif_error(undef).

%% The list with New, of one element or none, instead of the first tuple that has an element equal to
%% Key at a place.
-spec replace_key(Key :: term(), pos_integer(), [T], New :: [T]) -> [T] | false.
replace_key(_, _, _, _) -> erlang:nif_error(undef).

%% The first elements of a list.
-spec take([T], Most :: non_neg_integer()) -> [T].
take(_, _) -> erlang:nif_error(undef).

%% The list is not empty.
-spec join(Separator, [T, ...]) -> [Separator | T].
join(_, _) -> erlang:nif_error(undef).
