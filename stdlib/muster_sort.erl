%% Natives of lists: sorting by an element of tuples; of equal ones ukeysort/2 keeps the first. They
%% answer false where the list is not of such tuples.
-module(muster_sort).

-export([keysort/2, ukeysort/2]).

-spec keysort(pos_integer(), [T]) -> [T] | false.
keysort(_, _) -> erlang:nif_error(undef).

-spec ukeysort(pos_integer(), [T]) -> [T] | false.
ukeysort(_, _) -> erlang:nif_error(undef).
