%% Natives of gb_trees and gb_sets: search trees of nodes {Key, Value, Smaller, Bigger} or {Key,
%% Smaller, Bigger}, no node nil. What is no such tree is a function_clause.
-module(muster_tree).

-export([find/2, edge/2, beside/3, put/2, enter/3, insert/3, remove/2, remove_edge/2]).

-type tree() :: nil | tuple().
-type side() :: smaller | bigger.

%% The node with that key.
-spec find(term(), tree()) -> tree().
find(_, _) -> erlang:nif_error(undef).

%% The node farthest to that side; the tree is not empty.
-spec edge(side(), tree()) -> tree().
edge(_, _) -> erlang:nif_error(undef).

%% The node next to a key, which need not be there.
-spec beside(side(), term(), tree()) -> tree().
beside(_, _, _) -> erlang:nif_error(undef).

%% The tree with the leaf's key and value in place of an equal key; nil: there is none.
-spec put(Leaf :: tuple(), tree()) -> tree().
put(_, _) -> erlang:nif_error(undef).

%% One or the other, with the size before and after it; nil: the size is no small integer.
-spec enter(Leaf :: tuple(), tree(), Size) -> {Size, tree()} | nil.
enter(_, _, _) -> erlang:nif_error(undef).

%% The tree with one node more, Size of them then; nil: the key is there already.
-spec insert(Leaf :: tuple(), tree(), Size :: non_neg_integer()) -> tree().
insert(_, _, _) -> erlang:nif_error(undef).

%% The node with that key and the tree without it; nil: it is not there.
-spec remove(term(), tree()) -> {tuple(), tree()} | nil.
remove(_, _) -> erlang:nif_error(undef).

%% The same with the node farthest to a side.
-spec remove_edge(side(), tree()) -> {tuple(), tree()}.
remove_edge(_, _) -> erlang:nif_error(undef).
