%% Records: defaults, access, update, matching, nested, wildcard initialisation.
-module(records_define_create_update).
-export([main/0]).

-record(person, {name, age = 0, tags = [] :: list(), address}).
-record(address, {street = "none", city}).
-record(empty, {}).

main() ->
    P = #person{name = "Ann"},
    io:format("~p~n", [P]),
    P2 = P#person{age = 30, address = #address{city = "Ulm"}},
    io:format("~p~n", [P2]),
    io:format("~p ~p ~p~n", [P2#person.name, P2#person.age, P2#person.address#address.city]),
    #person{name = N, address = #address{street = S}} = P2,
    io:format("~p ~p~n", [N, S]),
    P3 = P2#person{address = (P2#person.address)#address{street = "Main"}},
    io:format("~p~n", [P3#person.address#address.street]),
    io:format("~p~n", [#person{_ = x}]),
    io:format("~p~n", [#person{name = y, _ = '_'}]),
    io:format("~p ~p~n", [#empty{}, is_record(#empty{}, empty)]),
    io:format("~p ~p ~p~n", [#person.name, #person.address, record_info(size, person)]),
    io:format("~p~n", [record_info(fields, person)]),
    io:format("~p~n", [lists:keysearch("Ann", #person.name, [P2])]),
    io:format("~p~n", [[is_record(X, person) || X <- [P, {person}, {person, 1, 2, 3, 4}, {person, 1, 2, 3}, 5]]]),
    io:format("~p~n", [try (id({other, 1}))#person.name catch C:R -> {C, R} end]),
    io:format("~p~n", [try (id({person, 1}))#person{age = 1} catch C2:R2 -> {C2, R2} end]).

id(X) -> X.
