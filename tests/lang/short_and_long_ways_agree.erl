%% What has a quick way for the common case answers the same where that ends: deep terms, long ones,
%% bits between bytes, numbers at the edge of a word, files read by lines and otherwise.
-module(short_and_long_ways_agree).
-export([main/0]).

main() ->
    lists:foreach(fun({Name, F}) -> io:format("~s: ~w~n", [Name, F()]) end,
                  [{equality, fun equality/0}, {hashes, fun hashes/0}, {order_of_maps, fun order_of_maps/0},
                   {iodata, fun iodata/0}, {external, fun external/0}, {integers, fun integers/0},
                   {floats, fun floats/0}, {search, fun search/0}, {characters, fun characters/0},
                   {lines, fun lines/0}, {tables, fun tables/0}, {queues, fun queues/0},
                   {restrictions, fun restrictions/0}]).

deep(N, X, F) -> lists:foldl(fun(_, A) -> F(A) end, X, lists:seq(1, N)).

copy(X) -> binary_to_term(term_to_binary(X)).

shapes() ->
    [fun(A) -> [A] end, fun(A) -> {a, A} end, fun(A) -> {A, a} end, fun(A) -> [1, A, 2] end,
     fun(A) -> #{k => A, 1 => <<"abc">>} end, fun(A) -> [a | {A}] end].

equality() ->
    [begin
         A = deep(N, 1, F), B = copy(A), C = deep(N, 2, F), D = deep(N, 1.0, F),
         {A =:= B, A =:= C, A == D, A =:= D, A < C, C < A}
     end || N <- [1, 10, 23, 24, 25, 31, 32, 33, 34, 100, 10000], F <- shapes()].

hashes() ->
    [erlang:phash2([erlang:phash2(deep(N, X, F)) || N <- [0, 1, 23, 24, 25, 26, 1000], F <- shapes()])
     || X <- [0, 255, 256, -1, 1 bsl 27, 1 bsl 70, abc, 'größe', '', 1.5, "abc", [1, 300, 2 | x],
              [1, 2, 3 | 4], <<1:3>>, {}, #{}, []]].

order_of_maps() ->
    M = maps:from_list([{I, {I}} || I <- lists:seq(1, 100)]),
    N = maps:from_list([{float(I), I} || I <- lists:seq(1, 100)]),
    Others = [M, N, M#{50 := {0}}, M#{50 := {99}}, M#{1 := {1.0}}, maps:remove(7, M#{a => 1}),
              maps:remove(100, M#{0 => 1}), M#{20 := M}, M#{20 := M#{3 := {9}}}, copy(M)],
    [{A < B, A == B, A =:= B} || A <- Others, B <- Others].

iodata() ->
    Deep = fun(N) -> deep(N, "x", fun(A) -> [A, <<"y">> | <<"z">>] end) end,
    [erlang:md5(iolist_to_binary(Deep(N))) || N <- [1, 30, 31, 32, 33, 34, 35, 2000]]
        ++ [iolist_size(Deep(N)) || N <- [1, 32, 33, 2000]]
        ++ [erlang:md5(list_to_binary(lists:duplicate(N, $a))) || N <- [99999, 100001, 400000, 400001]]
        ++ [list_to_bitstring([<<1:3>>, 255, [<<2:5>>, 1 | <<3:2>>], "ab"])]
        ++ [try F(X) catch error:R -> R end
            || X <- [[1 | 2], [256], [a], [[-1]], deep(40, a, fun(A) -> [A] end), [<<1:3>>]],
               F <- [fun list_to_binary/1, fun iolist_size/1, fun list_to_bitstring/1]].

external() ->
    Terms = [lists:seq(1, N) || N <- [203, 204, 205, 400]] ++ [binary:copy(<<"a">>, N) || N <- [1015, 1018, 1019, 5000]]
        ++ [deep(N, x, F) || N <- [22, 23, 24, 25, 26, 3000], F <- shapes()]
        ++ [[I / 3 || I <- lists:seq(1, 300)], <<5:3, 1:5000>>, lists:duplicate(200, 'größe'), lists:duplicate(70000, 1),
            [[a | b] | c], lists:seq(1, 300) ++ tail],
    [begin
         B = term_to_binary(T),
         {erlang:phash2(erlang:md5(B)), byte_size(B) =:= erlang:external_size(T), binary_to_term(B) =:= T}
     end || T <- Terms].

integers() ->
    Digits = [{Base, N} || Base <- [2, 3, 4, 8, 10, 16, 32, 36], N <- [1, 11, 12, 13, 15, 16, 17, 18, 19, 20, 31, 32, 33, 63, 64, 65, 128, 399, 400, 401, 1000]],
    Values = [begin
                  X = lists:foldl(fun(I, A) -> A * Base + (I * 7 + 1) rem Base end, 1, lists:seq(1, N)),
                  T = integer_to_list(X, Base), L = integer_to_list(-X, Base),
                  X = list_to_integer(T, Base), X = binary_to_integer(list_to_binary(["+000", T]), Base),
                  X = -list_to_integer(string:lowercase(L), Base),
                  badarg = try list_to_integer(T ++ ":", Base) catch error:R -> R end,
                  T
              end || {Base, N} <- Digits],
    [erlang:phash2(Values) | [try binary_to_integer(B) catch error:R -> R end
                              || B <- [<<>>, <<"+">>, <<"-">>, <<"12a">>, <<"-0">>, <<"+7">>, <<"2305843009213693952">>, <<"999999999999999999">>]]].

floats() ->
    [try <<(list_to_float(S)):64>> of B -> B catch error:badarg -> badarg; error:_ -> wrong end || S <- ["1", "1.", ".5"]]
        ++ [<<(list_to_float(S)):64/float>> || S <- ["0.0", "-0.0", "0.1", "123456789012345.0", "1234567890123456.0", "1.0e22", "1.0e23", "1.0E-22", "1.0e-23",
                                                    "9007199254740993.0", "0.000000000000000000001", "5.0e-324", "1.7976931348623157e308", "+3.25"]].

search() ->
    B = <<(binary:copy(<<"a">>, 262140))/binary, "xyzw", (binary:copy(<<"b">>, 300000))/binary, "xyzwv">>,
    [binary:match(B, P) || P <- [<<"a">>, <<"xyzw">>, <<"xyzwv">>, [<<"xy">>, <<"xyzwv">>], <<"q">>, [<<"bx">>, <<"wb">>]]]
        ++ [[byte_size(X) || X <- binary:split(B, P)] || P <- [<<"x">>, <<"zw">>, <<"v">>, <<"q">>]]
        ++ [binary:match(B, <<"x">>, [{scope, {262141, 300005}}]), length(binary:matches(B, <<"z">>))]
        ++ [string:split(<<"a,b,,c", 16#CC, 16#81, ",d">>, ",", all), string:split(<<"aXXXb">>, "XX", all),
            string:split(<<"a,", 16#CC, 16#81, "b,c">>, ",", all)].

characters() ->
    Deep = fun(N) -> deep(N, [$a, 955], fun(A) -> [A, <<"ü"/utf8>> | <<"z">>] end) end,
    [erlang:phash2({unicode:characters_to_binary(Deep(N)), unicode:characters_to_list(Deep(N)),
                    unicode:characters_to_binary(Deep(N), latin1)}) || N <- [1, 31, 32, 33, 34, 500]]
        ++ [{unicode:characters_to_list(X), unicode:characters_to_binary(X)}
            || X <- [[<<195>>, <<188>>], [<<195>>], <<"ab", 255>>, [$a, 16#D800], [<<"x">>, [300 | <<200>>]], <<>>, [[], <<>>]]]
        ++ [lists:flatten(io_lib:format("~s|~ts|~5ts|~.2s", ["ab", [<<"c">>, 955], <<"ü"/utf8>>, "xyz"]))].

lines() ->
    Name = "short_and_long_ways.txt",
    ok = file:write_file(Name, ["line " ++ integer_to_list(I) ++ "\n" || I <- lists:seq(1, 200)]),
    {ok, F} = file:open(Name, [read, write, raw, binary]),
    R1 = [file:read_line(F), file:read(F, 3), file:read_line(F), file:position(F, cur), file:read_line(F),
          file:pread(F, 0, 4), file:read_line(F), file:position(F, {cur, -7}), file:read_line(F)],
    ok = file:write(F, <<"LINE">>),
    R2 = [file:read_line(F), file:read(F, 300), file:read_line(F), file:position(F, eof), file:read_line(F)],
    ok = file:close(F),
    {ok, Text} = file:read_file(Name),
    ok = file:delete(Name),
    {R1, R2, erlang:phash2(Text)}.

tables() ->
    [begin
         T = ets:new(t, [Type, public]),
         Object = {k, 1, "text", <<0:1000>>, #{a => [1.5]}, fun lists:map/2},
         R = [ets:insert_new(T, Object), ets:insert_new(T, {k, 2}), ets:lookup(T, k) =:= [Object],
              ets:update_element(T, k, {2, 7}), ets:update_element(T, k, [{2, x}, {3, "other"}]), ets:update_element(T, none, x),
              ets:update_element(T, k, {3, an_atom}), ets:lookup_element(T, k, 3), ets:update_element(T, k, [{2, 5}, {3, "t"}]),
              ets:update_counter(T, k, [{2, 1}, {2, -3}]), ets:update_counter(T, k, {2, 1 bsl 70}), ets:lookup(T, k),
              ets:select(T, [{'_', [], ['$_']}]) =:= ets:lookup(T, k), ets:insert_new(T, [{a, 1}, {k, 1}]), ets:info(T, size)],
         ets:delete(T),
         R
     end || Type <- [set, ordered_set]].

queues() ->
    Q = fun(N) -> lists:foldl(fun queue:in/2, queue:new(), lists:seq(1, N)) end,
    [{queue:filter(fun(X) -> X rem 2 =:= 0 end, Q(N)), queue:filter(fun(X) -> [X, -X] end, Q(N)), queue:delete(2, Q(N)), queue:delete(N, Q(N)),
      queue:delete_r(1, Q(N)), queue:delete(x, Q(N)), queue:from_list(lists:seq(1, N))} || N <- [0, 1, 2, 3, 4, 7]].

restrictions() ->
    R = sofs:relation([{X rem 5, X} || X <- lists:seq(1, 20)]),
    S = sofs:set([1, 3, 9]),
    [sofs:to_external(X) || X <- [sofs:restriction(R, S), sofs:drestriction(R, S), sofs:image(R, S), sofs:inverse_image(R, sofs:set([1, 7, 30])),
                                  sofs:restriction(2, R, S), sofs:drestriction(2, R, S)]]
        ++ [proplists:split([a, {b, 1}, {a, 2, 3}, c, "x", {b}], [b, a, d])].
