%% A try whose body cannot fail, as an argument: what it leaves is moved to where it is, and is read there.
-module(try_that_cannot_fail_in_an_argument).
-export([main/0]).

main() -> [io:format("~w~n", [[appended(7), both(1, 2), nested({a})]]) || _ <- [1, 2, 3]].

appended(V) -> [V || [] <- [[], a, []]] ++ try [] of [] -> [] catch [] -> [] end.

both(A, B) -> {A, try B of 2 -> [A] catch throw:B -> A end, try [] of X -> [X | A] catch [] -> B end}.

nested(T) -> [try a of a -> try T of {Y} -> Y catch b -> T end catch T -> [] end | try [] of [] -> T catch _ -> [] end].
