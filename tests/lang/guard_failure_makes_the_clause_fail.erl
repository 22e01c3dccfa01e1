%% Errors inside guards fail silently; ; tries alternatives, , needs all.
-module(guard_failure_makes_the_clause_fail).
-export([main/0]).

main() ->
    [io:format("~w -> ~w ~w ~w ~w~n", [X, semi(X), comma(X), orelse_(X), or_(X)]) || X <- [a, {1}, [1], 5, {}, [], #{}, <<1>>]].

semi(X) when hd(X) > 0; element(1, X) > 0; X =:= a -> yes;
semi(X) when length(X) =:= 0 -> empty;
semi(_) -> no.

comma(X) when is_list(X), hd(X) > 0 -> yes;
comma(X) when 10 div X =:= 2, X > 1 -> div_ok;
comma(_) -> no.

orelse_(X) when is_atom(X) orelse element(1, X) =:= 1 -> yes;
orelse_(X) when is_list(X) andalso tl(X) =:= [] -> tl_nil;
orelse_(_) -> no.

or_(X) when is_atom(X) or (element(1, X) =:= 1) -> yes;
or_(X) when not is_list(X), is_map(X) or is_binary(X) -> map_or_binary;
or_(X) when not (hd(X)) -> not_bool;
or_(_) -> no.
