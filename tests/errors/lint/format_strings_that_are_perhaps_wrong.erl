-module(format_strings_that_are_perhaps_wrong). -export([f/2]). -compile({warn_format, 2}).
f(F,G) ->
    io:format("~p"),                            

    io:format("~", F),
    io:format("~", [F]),
    io:format(a, b),
    io:format(a, "abc"),
    io:format(a, [a | "abc"]),
    io:format(4,5,6,7),
    io:format("~p", "abc" ++ "xyz"),            

    io:format("la cucaracha~n"),
    io:format(""),
    io:format("~p ~p~n", [F]),
    io:format("~p ~p~n", [1,2,F]),
    io:format("~p~n", [F]),
    io:format("~m"),
    io:format(F, "~p", []),
    io:format("~x~n", [F]),
    io:format("~p~n", F),
    io:format(F, [3]),

    io:format("~p", a),
    io:format("~p~", [F]),
    io:format("~p ~p", [F, 4 | 7]),
    io:format("~14p", [F]),
    io:format("~*p", [a, F]),
    io:format("~*p", [14, F]),

    io:fwrite("~p", []),
    io_lib:format("~p", []),
    foo:format("~p", []),
    io:format("~p", [F|G]), io:format(F), io:format([$a|G],[]), io:format("~p",F++G), io:format("~p", #{}), io:format("~p",{1}), io:format(<<"~p">>, [1,2]), io:format({a},[]), io:format("~p", [F|[G]]),io:format("~p ~p", [F|[G]]),io:format([$~|"p"],[1,2]),io:format("~p" "~p",[1,2,3]),io:format("a" ++ "~p", []),

    ok.
