%% The reasons that failing operations raise.
-module(error_reasons_of_every_kind).
-export([main/0]).

-record(r, {a}).

main() ->
    Cases =
        [{badarith, fun() -> id(a) + 1 end}, {badarith_div, fun() -> id(1) div id(0) end},
         {badarith_unary, fun() -> -id(a) end}, {badarith_band, fun() -> id(1.0) band 1 end},
         {badarg, fun() -> atom_to_list(id(1)) end}, {badarg_element, fun() -> element(3, id({a})) end},
         {badmatch, fun() -> {ok, _} = id({error, x}) end}, {case_clause, fun() -> case id(5) of 6 -> ok end end},
         {if_clause, fun() -> if_(id(1)) end}, {try_clause, fun() -> try id(5) of 6 -> ok after ok end end},
         {function_clause, fun() -> only_one(id(2)) end}, {badfun, fun() -> (id(x))() end},
         {undef, fun() -> nomod:f(1) end}, {badmap, fun() -> (id(1))#{a => 1} end},
         {badmap_get, fun() -> maps:get(a, id([])) end}, {badkey, fun() -> #{a := _} = (id(#{}))#{a := 1} end},
         {badkey_get, fun() -> maps:get(k, id(#{})) end}, {badrecord, fun() -> (id({x}))#r.a end},
         {noproc_send, fun() -> no_such_name ! hello end}, {timeout_value, fun() -> receive after id(a) -> ok end end},
         {timeout_negative, fun() -> receive after id(-1) -> ok end end},
         {system_limit, fun() -> 1 bsl (1 bsl id(40)) end}, {badarg_list, fun() -> list_to_integer(id("x1")) end},
         {badarg_not, fun() -> not id(3) end}, {bad_generator, fun() -> [X || X <- id(3)] end},
         {bad_filter, fun() -> [X || X <- [1], id(X)] end}, {badarg_bin, fun() -> <<(id(a)):8>> end},
         {badarg_andalso, fun() -> id(1) andalso true end}, {bad_spawn, fun() -> spawn(id(1)) end},
         {bad_link, fun() -> link(id(a)) end}, {bad_register, fun() -> register(undefined, self()) end}],
    [io:format("~w: ~w~n", [N, try F(), no_exception catch C:R -> {C, R} end]) || {N, F} <- Cases].

only_one(1) -> one.

if_(X) -> if X > 5 -> a end.

id(X) -> X.
