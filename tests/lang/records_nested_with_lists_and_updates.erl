%% Records in records, in lists, updated through several levels.
-module(records_nested_with_lists_and_updates).
-export([main/0]).

-record(item, {id, qty = 1, tags = [] :: [atom()]}).
-record(order, {items = [] :: [#item{}], customer = #{} :: map(), total = {0, eur}}).
-record(db, {orders = #{}, next = 1}).

main() ->
    Db0 = #db{},
    {1, Db1} = add(#order{items = [#item{id = a}, #item{id = b, qty = 3}]}, Db0),
    {2, Db2} = add(#order{customer = #{name => "X"}, items = [#item{id = c, tags = [new, hot]}]}, Db1),
    io:format("~w~n", [Db2]),
    io:format("~w~n", [[qty(O) || O <- maps:values(Db2#db.orders)]]),
    Db3 = Db2#db{orders = maps:map(fun(_, O) -> O#order{items = [I#item{qty = I#item.qty + 1} || I <- O#order.items]} end, Db2#db.orders)},
    io:format("~w~n", [[qty(O) || O <- maps:values(Db3#db.orders)]]),
    #db{orders = #{2 := #order{items = [#item{tags = [_ | Tags]}], customer = #{name := Name}}}} = Db3,
    io:format("~w ~p~n", [Tags, Name]),
    {V, Cur} = (maps:get(1, Db3#db.orders))#order.total,
    io:format("~w ~w~n", [V, Cur]),
    io:format("~w~n", [(hd((maps:get(1, Db3#db.orders))#order.items))#item.id]),
    io:format("~w~n", [[I#item.id || #order{items = Is} <- maps:values(Db3#db.orders), #item{qty = Q} = I <- Is, Q > 1]]),
    io:format("~w~n", [lists:keysort(#item.qty, [#item{id = x, qty = 9}, #item{id = y, qty = 2}])]),
    io:format("~w~n", [setelement(#item.id, #item{}, set)]).

add(Order, #db{orders = Os, next = N} = Db) -> {N, Db#db{orders = Os#{N => Order}, next = N + 1}}.

qty(#order{items = Is}) -> lists:sum([Q || #item{qty = Q} <- Is]).
