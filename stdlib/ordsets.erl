%% Sets as ordered lists. Elements that compare equal are one.
%%
%% Two sets are walked as runs: elements of one as long as they come before the next one of the other,
%% which waits outside its list.
-module(ordsets).

-compile({no_auto_import, [size/1]}).

-export([new/0, is_set/1, size/1, is_empty/1, is_equal/2, to_list/1, from_list/1, is_element/2,
         add_element/2, del_element/2, union/2, union/1, intersection/2, intersection/1,
         is_disjoint/2, subtract/2, is_subset/2, fold/3, filter/2, map/2, filtermap/2]).

-export_type([ordset/1]).

-type ordset(T) :: [T].

%% An empty set.
-spec new() -> [].
new() -> [].

%% The set of the elements of a list.
-spec from_list([T]) -> ordset(T).
from_list(List) -> lists:usort(List).

%% The elements as a list.
-spec to_list(ordset(T)) -> [T].
to_list(Set) -> Set.

%% Whether the term looks like a set.
-spec is_set(term()) -> boolean().
is_set([X, Y | Set]) -> X < Y andalso is_set([Y | Set]);
is_set([_]) -> true;
is_set(Term) when Term =:= []; not is_list(Term) -> Term =:= [].

%% How many elements there are.
-spec size(ordset(term())) -> non_neg_integer().
size(Set) -> length(Set).

%% Whether it has no elements.
-spec is_empty(ordset(term())) -> boolean().
is_empty(Set) -> Set =:= [].

%% Whether both have the same elements.
-spec is_equal(ordset(term()), ordset(term())) -> boolean().
is_equal(A, B) when is_list(A), is_list(B) -> A == B.

%%% One element

%% Whether the element is in it.
-spec is_element(term(), ordset(term())) -> boolean().
is_element(_, []) -> false;
is_element(X, [Y | Set]) -> X == Y orelse X > Y andalso is_element(X, Set).

%% With the element.
-spec add_element(E, ordset(T)) -> ordset(T | E).
add_element(X, Set) when is_list(Set) -> at(X, Set, add).

%% Without the element.
-spec del_element(term(), ordset(T)) -> ordset(T).
del_element(X, Set) when is_list(Set) -> at(X, Set, delete).

%% The set with something done at the place of X.
at(X, [Y | Set], Do) when X > Y -> [Y | at(X, Set, Do)];
at(X, [Y | _] = Set, add) when X == Y -> Set;
at(X, [Y | Set], delete) when X == Y -> Set;
at(X, Set, add) when is_list(Set) -> [X | Set];
at(_, Set, delete) when is_list(Set) -> Set.

%%% Two sets

%% What is in any.
-spec union(ordset(A), ordset(B)) -> ordset(A | B).
union([], Bs) -> Bs;
union(As, []) -> As;
union(As, [B | Bs]) when is_list(As) -> run(As, B, Bs).

%% Of two equal ones the element that belongs to the run stays.
run([X | Xs], Y, Ys) when X < Y -> [X | run(Xs, Y, Ys)];
run([X | Xs], Y, Ys) when X > Y -> [Y | run(Ys, X, Xs)];
run([X | Xs], _, Ys) -> [X | union(Xs, Ys)];
run([], Y, Ys) -> [Y | Ys].

-spec union([ordset(T)]) -> ordset(T).
union(Sets) -> lists:umerge(Sets).

%% What is in all.
-spec intersection(ordset(T), ordset(T)) -> ordset(T).
intersection([], _) -> [];
intersection(_, []) -> [];
intersection(As, [B | Bs]) when is_list(As) -> common(As, B, Bs).

common([X | Xs], Y, Ys) when X < Y -> common(Xs, Y, Ys);
common([X | Xs], Y, Ys) when X > Y -> common(Ys, X, Xs);
common([X | Xs], _, Ys) -> [X | intersection(Xs, Ys)];
common([], _, _) -> [].

-spec intersection([ordset(T), ...]) -> ordset(T).
intersection([Set]) -> Set;
intersection([A, B | Sets]) -> intersection([intersection(A, B) | Sets]).

%% Whether no element is in both.
-spec is_disjoint(ordset(term()), ordset(term())) -> boolean().
is_disjoint([], _) -> true;
is_disjoint(_, []) -> true;
is_disjoint(As, [B | Bs]) when is_list(As) -> apart(As, B, Bs).

apart([X | Xs], Y, Ys) when X < Y -> apart(Xs, Y, Ys);
apart([X | Xs], Y, Ys) when X > Y -> apart(Ys, X, Xs);
apart(Xs, _, _) -> Xs =:= [].

%% What is in the first and not in the second.
-spec subtract(ordset(T), ordset(term())) -> ordset(T).
subtract([], _) -> [];
subtract(As, []) -> As;
subtract(As, [B | Bs]) when is_list(As) -> without(As, B, Bs).

without([X | Xs], Y, Ys) when X < Y -> [X | without(Xs, Y, Ys)];
without([X | Xs], Y, Ys) when X == Y -> subtract(Xs, Ys);
without([_ | _] = Xs, _, Ys) -> subtract(Xs, Ys);
without([], _, _) -> [].

%% Whether all elements of the first are in the second.
-spec is_subset(ordset(term()), ordset(term())) -> boolean().
is_subset([], _) -> true;
is_subset(_, []) -> false;
is_subset([X | Xs], Set) when is_list(Set) -> within(X, Xs, Set).

%% Whether X and then Xs are in a set.
within(X, Xs, [Y | Set]) when X > Y -> within(X, Xs, Set);
within(X, Xs, [Y | Set]) when X == Y -> is_subset(Xs, Set);
within(_, _, Set) when is_list(Set) -> false.

%%% All elements

%% The fun of each element and what it made of those before.
-spec fold(fun((T, Acc) -> Acc), Acc, ordset(T)) -> Acc.
fold(F, Acc, Set) -> lists:foldl(F, Acc, Set).

%% The elements for which the predicate holds.
-spec filter(fun((T) -> boolean()), ordset(T)) -> ordset(T).
filter(F, Set) -> lists:filter(F, Set).

%% The set of what a function makes of the elements.
-spec map(fun((A) -> B), ordset(A)) -> ordset(B).
map(F, Set) -> from_list(lists:map(F, Set)).

%% The elements for which a function answers true, or the value of {true, Value} in their place.
-spec filtermap(fun((A) -> boolean() | {true, B}), ordset(A)) -> ordset(A | B).
filtermap(F, Set) -> from_list(lists:filtermap(F, Set)).
