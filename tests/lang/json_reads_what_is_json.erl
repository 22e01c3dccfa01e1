%% What is JSON and what is not, and what is said of it: by json:decode/1, by json:decode/3 and in
%% pieces, which must agree. Then random values, whole and damaged.
-module(json_reads_what_is_json).
-export([main/1]).

main(_) ->
    [io:format("~w ~w~n", [Text, decoded(Text)]) || Text <- good() ++ bad()],
    Deep = binary:copy(<<"[">>, 100000),
    io:format("deep ~w ~w~n", [element(1, decoded(Deep)),
                               element(1, decoded(<<Deep/binary, (binary:copy(<<"]">>, 100000))/binary>>))]),
    io:format("long ~w~n", [element(2, decoded(binary:copy(<<"7">>, 20000))) =:= binary_to_integer(binary:copy(<<"7">>, 20000))]),
    rand:seed(exsss, 7),
    [random_one() || _ <- lists:seq(1, 2000)],
    io:format("random ones agree~n").

random_one() ->
    Value = value(4),
    Text = iolist_to_binary(json:encode(Value)),
    {ok, Value} = decoded(Text),
    {ok, Value} = decoded(iolist_to_binary(json:format(Value))),
    At = rand:uniform(byte_size(Text)) - 1,
    <<Before:At/binary, _, After/binary>> = Text,
    decoded(<<Before/binary, (lists:nth(rand:uniform(12), "\"\\{}[]:,0e\x00\xff")), After/binary>>),
    decoded(Before).

%% Three ways to the same end.
decoded(Text) ->
    A = outcome(fun() -> json:decode(Text) end),
    B = outcome(fun() -> blanks(json:decode(Text, ok, #{})) end),
    C = outcome(fun() -> pieces(Text) end),
    case A =:= B andalso B =:= C of
        true -> A;
        false -> exit({differ, Text, A, B, C})
    end.

outcome(F) ->
    try {ok, F()}
    catch error:Reason -> {error, Reason}
    end.

blanks({Value, ok, <<C, Rest/binary>>}) when C =:= $\s; C =:= $\t; C =:= $\r; C =:= $\n -> blanks({Value, ok, Rest});
blanks({Value, ok, <<>>}) -> Value;
blanks({_, ok, <<C, _/binary>>}) -> error({invalid_byte, C}).

pieces(Text) -> pieces(Text, json:decode_start(<<>>, ok, #{})).

pieces(<<Piece:3/binary, Rest/binary>>, {continue, State}) -> pieces(Rest, json:decode_continue(Piece, State));
pieces(<<>>, {continue, State}) -> blanks(json:decode_continue(end_of_input, State));
pieces(Piece, {continue, State}) -> pieces(<<>>, json:decode_continue(Piece, State));
pieces(Text, {Value, ok, Rest}) -> blanks({Value, ok, <<Rest/binary, Text/binary>>}).

value(0) -> leaf(rand:uniform(9));
value(N) ->
    case rand:uniform(4) of
        1 -> [value(N - 1) || _ <- lists:seq(2, rand:uniform(6))];
        2 -> maps:from_list([{text(), value(N - 1)} || _ <- lists:seq(2, rand:uniform(6))]);
        _ -> leaf(rand:uniform(9))
    end.

leaf(1) -> null;
leaf(2) -> true;
leaf(3) -> false;
leaf(4) -> rand:uniform(1000) - 500;
leaf(5) -> rand:uniform(1 bsl 80) - (1 bsl 79);
leaf(6) -> (rand:uniform() - 0.5) * math:pow(10, rand:uniform(40) - 20);
leaf(_) -> text().

text() ->
    << <<(lists:nth(rand:uniform(14), [$a, $z, $\s, $", $\\, $/, 0, $\n, 31, 127, 228, 8364, 16#1F600, $\t]))/utf8>>
       || _ <- lists:seq(2, rand:uniform(8)) >>.

good() ->
    [<<"null">>, <<" true ">>, <<"false\n">>, <<"0">>, <<"-0">>, <<"-0.0">>, <<"123">>, <<"-1.5">>, <<"1E5">>, <<"1e+5">>, <<"1.25e-3">>,
     <<"12345678901234567890123">>, <<"1e-400">>, <<"\"\"">>, <<"\"a b\"">>, <<"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"">>, <<"\"\\u0041\\u00e4\\uD83D\\uDE00\"">>,
     <<"\"", 16#7f, "\"">>, <<"\"", 195, 164, 226, 130, 172, 240, 159, 152, 128, "\"">>, <<"\"\\u0000\"">>, <<"[]">>, <<"[ ]">>, <<"{}">>, <<"{ }">>, <<"[[],{}]">>,
     <<"[1, 2 ,3]">>, <<"{\"a\":1}">>, <<" { \"a\" : [ 1 ] , \"b\" : { } } ">>, <<"{\"a\":1,\"a\":2}">>, <<"[\"a\",null,true,1.0]">>, <<"\"\\uFFFF\"">>,
     <<"[0.1e1,0e0,-1E-2]">>, <<"\t[\r\n]">>].

bad() ->
    [<<>>, <<" ">>, <<"nul">>, <<"nulL">>, <<"True">>, <<"+1">>, <<"01">>, <<"-">>, <<"-a">>, <<"1.">>, <<".5">>, <<"1.e1">>, <<"1e">>, <<"1e+">>, <<"1e1.5">>, <<"0x1">>,
     <<"1e400">>, <<"-1.5e999">>, <<"NaN">>, <<"Infinity">>, <<"\"">>, <<"\"a">>, <<"'a'">>, <<"\"", 10, "\"">>, <<"\"", 0, "\"">>, <<"\"\\x\"">>, <<"\"\\u12\"">>, <<"\"\\u12G4\"">>,
     <<"\"\\uD800\"">>, <<"\"\\uD800x\"">>, <<"\"\\uD800\\u0041\"">>, <<"\"\\uDC00\"">>, <<"\"\\U0041\"">>, <<"\"", 255, "\"">>, <<"\"", 192, 128, "\"">>, <<"\"", 237, 160, 128, "\"">>,
     <<"\"", 226, 130>>, <<"[">>, <<"]">>, <<"[1">>, <<"[1,">>, <<"[1,]">>, <<"[,1]">>, <<"[1 2]">>, <<"[1}">>, <<"{">>, <<"}">>, <<"{\"a\"">>, <<"{\"a\":">>, <<"{\"a\":1">>, <<"{\"a\":1,}">>,
     <<"{\"a\" 1}">>, <<"{\"a\":1 \"b\":2}">>, <<"{a:1}">>, <<"{1:1}">>, <<"{\"a\":1]">>, <<"{\"a\",1}">>, <<"1 2">>, <<"[] x">>, <<"{},">>, <<239, 187, 191, "1">>, <<"[1]]">>, <<"/* */ 1">>].
