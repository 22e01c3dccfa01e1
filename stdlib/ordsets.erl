%% Sets as ordered lists. Elements that compare equal are one.
-module(ordsets).

-compile({no_auto_import, [size/1]}).

-export([new/0, is_set/1, size/1, is_empty/1, is_equal/2, to_list/1, from_list/1, is_element/2,
         add_element/2, del_element/2, union/2, union/1, intersection/2, intersection/1,
         is_disjoint/2, subtract/2, is_subset/2, fold/3, filter/2, map/2, filtermap/2]).

-export_type([ordset/1]).

-type ordset(T) :: [T].

-spec new() -> [].
new() -> [].

-spec is_set(term()) -> boolean().
is_set([X | Set]) -> is_set(Set, X);
is_set([]) -> true;
is_set(_) -> false.

is_set([Y | Set], X) when X < Y -> is_set(Set, Y);
is_set([_ | _], _) -> false;
is_set([], _) -> true.

-spec size(ordset(term())) -> non_neg_integer().
size(Set) -> length(Set).

-spec is_empty(ordset(term())) -> boolean().
is_empty(Set) -> Set =:= [].

-spec is_equal(ordset(term()), ordset(term())) -> boolean().
is_equal(A, B) when is_list(A), is_list(B) -> A == B.

-spec to_list(ordset(T)) -> [T].
to_list(Set) -> Set.

-spec from_list([T]) -> ordset(T).
from_list(List) -> lists:usort(List).

-spec is_element(term(), ordset(term())) -> boolean().
is_element(X, [Y | Set]) when X > Y -> is_element(X, Set);
is_element(X, [Y | _]) -> X == Y;
is_element(_, []) -> false.

-spec add_element(E, ordset(T)) -> ordset(T | E).
add_element(X, [Y | Set]) when X > Y -> [Y | add_element(X, Set)];
add_element(X, [Y | _] = Set) when X < Y -> [X | Set];
add_element(_, [_ | _] = Set) -> Set;
add_element(X, []) -> [X].

-spec del_element(term(), ordset(T)) -> ordset(T).
del_element(X, [Y | Set]) when X > Y -> [Y | del_element(X, Set)];
del_element(X, [Y | _] = Set) when X < Y -> Set;
del_element(_, [_ | Set]) -> Set;
del_element(_, []) -> [].

-spec union(ordset(A), ordset(B)) -> ordset(A | B).
union([X | As], [Y | _] = Bs) when X < Y -> [X | union(As, Bs)];
union([X | _] = As, [Y | Bs]) when X > Y -> [Y | union(Bs, As)];
union([X | As], [_ | Bs]) -> [X | union(As, Bs)];
union([], Bs) -> Bs;
union(As, []) -> As.

-spec union([ordset(T)]) -> ordset(T).
union(Sets) -> lists:umerge(Sets).

-spec intersection(ordset(T), ordset(T)) -> ordset(T).
intersection([X | As], [Y | _] = Bs) when X < Y -> intersection(As, Bs);
intersection([X | _] = As, [Y | Bs]) when X > Y -> intersection(Bs, As);
intersection([X | As], [_ | Bs]) -> [X | intersection(As, Bs)];
intersection([], _) -> [];
intersection(_, []) -> [].

-spec intersection([ordset(T), ...]) -> ordset(T).
intersection([A, B | Sets]) -> intersection([intersection(A, B) | Sets]);
intersection([Set]) -> Set.

-spec is_disjoint(ordset(term()), ordset(term())) -> boolean().
is_disjoint([X | As], [Y | _] = Bs) when X < Y -> is_disjoint(As, Bs);
is_disjoint([X | _] = As, [Y | Bs]) when X > Y -> is_disjoint(Bs, As);
is_disjoint([_ | _], [_ | _]) -> false;
is_disjoint([], _) -> true;
is_disjoint(_, []) -> true.

-spec subtract(ordset(T), ordset(term())) -> ordset(T).
subtract([X | As], [Y | _] = Bs) when X < Y -> [X | subtract(As, Bs)];
subtract([X | _] = As, [Y | Bs]) when X > Y -> subtract(As, Bs);
subtract([_ | As], [_ | Bs]) -> subtract(As, Bs);
subtract([], _) -> [];
subtract(As, []) -> As.

-spec is_subset(ordset(term()), ordset(term())) -> boolean().
is_subset([X | _], [Y | _]) when X < Y -> false;
is_subset([X | _] = As, [Y | Bs]) when X > Y -> is_subset(As, Bs);
is_subset([_ | As], [_ | Bs]) -> is_subset(As, Bs);
is_subset([], _) -> true;
is_subset(_, []) -> false.

-spec fold(fun((T, Acc) -> Acc), Acc, ordset(T)) -> Acc.
fold(F, Acc, Set) -> lists:foldl(F, Acc, Set).

-spec filter(fun((T) -> boolean()), ordset(T)) -> ordset(T).
filter(F, Set) -> lists:filter(F, Set).

-spec map(fun((A) -> B), ordset(A)) -> ordset(B).
map(F, Set) -> from_list(lists:map(F, Set)).

-spec filtermap(fun((A) -> boolean() | {true, B}), ordset(A)) -> ordset(A | B).
filtermap(F, Set) -> from_list(lists:filtermap(F, Set)).
