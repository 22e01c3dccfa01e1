%% erl_eval beside the compiler: sizes and keys in heads see the variables around them; prefixes of
%% binary generators; guards and patterns that are none; the order of evaluation.
-module(evaluation_of_expressions_sees_what_code_sees).
-export([main/0]).

main() ->
    [show(Text) || Text <- [
        "X = 32, [X || <<X:X>> <- [<<1:32>>, <<2:32>>, <<3:8>>]].",
        "L = 8, F = fun(<<A:L, B:A>>) -> B end, F(<<16:8, 7:16>>).",
        "L = 8, << <<B:32>> || <<L:L, B:L>> <= <<16:8, 7:16>> >>.",
        "X = key, (fun(#{X := value}) -> true end)(#{X => value}).",
        "K = a, [V || #{K := V} <- [#{a => 1}, #{b => 2}]].",
        "[X || <<\"hej\", X:8>> <= <<\"hej\", 8, \"san\", 9, \"hej\", 17, \"hej\">>].",
        "<< <<>> || <<34:(1 / 0)>> <= <<\"string\">> >>.",
        "<<X:(1 + a)>> = <<1>>.",
        "<< <<>> || <<>> <= <<1:(-1), (fun() -> a = b end())>> >>.",
        "A = 4, B = 28, <<13:(A + (X = B))>>, X.",
        "[3 || <<17/float>> <= <<17.0/float>>].",
        "[foo || <<(1 bsl 1023)/float>> <= <<(1 bsl 1023)/float>>].",
        "[foo || <<(1 bsl 1024)/float>> <= <<(1 bsl 1023)/float>>].",
        "[a || <<\"\\x{aa}x\"/utf8>> <= <<\"\\x{aa}y\"/utf8>>].",
        "if lists:member(1, [1]) -> true; true -> false end.",
        "case 4 of 2 + a -> true; _ -> false end.",
        "case 4 of 2 + 2 -> true; _ -> false end.",
        "#{term_to_binary(42) := _} = #{}.",
        "<<X:(process_info(self()))>> = <<>>.",
        "[A || X <- [{1, 2}], 1 == A].",
        "[]#{a => error(bad)}.",
        "[b]#{a => 1}.",
        "<<100:8/foo>>.",
        "(fun(A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13, A14, A15, A16, A17, A18, A19, A20) -> A20 end)"
            "(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20).",
        "fun(A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13, A14, A15, A16, A17, A18, A19, A20, A21) -> 1 end."]],
    handlers().

show(Text) ->
    Checked = value(Text, fun(Exprs) -> erl_eval:exprs(Exprs, []) end),
    Given = value(Text, fun(Exprs) -> erl_eval:exprs(Exprs, [], none) end),
    io:format("~ts~n  ~tp~n  ~tp~n", [Text, Checked, Given]).

value(Text, Eval) ->
    {ok, Tokens, _} = erl_scan:string(Text),
    {ok, Exprs} = erl_parse:parse_exprs(Tokens),
    try
        {value, V, Bindings} = Eval(Exprs),
        {V, [Name || {Name, _} <- Bindings]}
    catch
        C:R -> {C, R}
    end.

%% Handlers of local calls may carry arguments of their own.
handlers() ->
    F = fun(Name, Args) -> {Name, Args} end,
    G = fun(Name, Args, More) -> {Name, Args, More} end,
    [io:format("~p~n", [value("f(1 + 1).", fun(Es) -> erl_eval:exprs(Es, [], H) end)])
     || H <- [{value, F}, {value, G, [more]}]].
