% Values that are replaced or erased are freed; who read them before keeps them whole: in registers, in the
% dictionary, in messages on their way, in tables.
-module(persistent_terms_that_go_stay_with_who_uses_them).
-export([main/0]).
-define(KEY, {?MODULE, value}).
-define(LAST, 300).
main() ->
    put_value(0),
    Table = ets:new(t, [public]),
    Self = self(),
    Readers = [spawn_link(fun() -> reader(Self, Table, N, 400, []) end) || N <- lists:seq(1, 4)],
    Before = literal_bytes(),
    writer(1, ?LAST),
    [receive {R, Sum} -> io:format("~p~n", [Sum]) end || R <- Readers],
    io:format("~p~n", [lists:sum([check(V) || {_, V} <- ets:tab2list(Table)]) > 0]),
    Bin = persistent_term:get(?KEY),
    io:format("~p~n", [persistent_term:erase(?KEY)]),
    io:format("~p~n", [persistent_term:erase(?KEY)]),
    io:format("~p~n", [element(1, element(2, catch persistent_term:get(?KEY)))]),
    % 300 values of about 6,000 words would be 14 MB
    io:format("~p~n", [settle(Before + 2000000, 5000)]),
    io:format("~p~n", [check(Bin) >= 0]),
    persistent_term:put(a, 1), persistent_term:put(a, 2), persistent_term:put(a, x),
    io:format("~p ~p~n", [persistent_term:get(a), persistent_term:erase(a)]),
    io:format("~p~n", [[{K, V} || {K, V} <- persistent_term:get(), K =:= a orelse K =:= ?KEY]]).
put_value(N) -> persistent_term:put(?KEY, value(N)).
value(N) -> {N, lists:duplicate(3000, N), #{N => <<N:32>>, bin => binary:copy(<<N:32>>, 100)}, [{N} | {N}]}.
check({N, List, Map, [{N} | {N}]}) ->
    true = length(List) =:= 3000 andalso lists:all(fun(X) -> X =:= N end, List),
    #{N := <<N:32>>, bin := Bin} = Map,
    Bin = binary:copy(<<N:32>>, 100),
    N.
writer(N, Most) when N > Most -> ok;
writer(N, Most) ->
    put_value(N),
    N rem 10 =:= 0 andalso erlang:yield(),
    writer(N + 1, Most).
reader(Main, _, _, 0, Kept) ->
    true = lists:all(fun(V) -> check(V) >= 0 end, Kept),
    Main ! {self(), length(Kept)};
reader(Main, Table, Me, N, Kept) ->
    N rem 50 =:= 0 andalso await_other_than(case get(kept) of undefined -> 0; {Last, _, _, _} -> Last end),
    V = persistent_term:get(?KEY),
    put(kept, V),
    true = check(V) >= 0,
    self() ! V,
    N rem 50 =:= 0 andalso ets:insert(Table, {{Me, N}, V}),
    receive {M, _, _, _} = V2 -> true = check(V2) =:= M end,
    true = check(get(kept)) >= 0,
    reader(Main, Table, Me, N - 1, if N rem 100 =:= 0 -> [V2 | Kept]; true -> Kept end).
literal_bytes() -> try muster_machine:literal_bytes() catch error:undef -> 0 end. % there in Muster only
%% The readers read while the writer writes, however fast one or the other is.
await_other_than(N) ->
    case persistent_term:get(?KEY) of
        {N, _, _, _} when N < ?LAST -> erlang:yield(), await_other_than(N);
        _ -> ok
    end.
%% What is to be freed is, in its time.
settle(_, 0) -> {much, literal_bytes()};
settle(Most, N) ->
    case literal_bytes() < Most of
        true -> freed;
        false -> receive after 2 -> settle(Most, N - 1) end
    end.
