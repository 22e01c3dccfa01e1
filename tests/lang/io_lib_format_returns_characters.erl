%% io_lib:format and its kin give deep lists that flatten to the text.
-module(io_lib_format_returns_characters).
-export([main/0]).

main() ->
    S = fun(F, A) -> lists:flatten(io_lib:format(F, A)) end,
    io:format("~p~n", [S("~w-~s-~c", [{1, a}, "str", $x])]),
    io:format("~p~n", [S("~5b|~-5b|~5..0b", [42, 42, 42])]),
    io:format("~p~n", [S("~8.3f|~10.2e", [3.14159, 31415.9])]),
    io:format("~p~n", [S("~p", [[{a, "b"}, <<"c">>]])]),
    io:format("~p~n", [S("~s", [["deep", [$l, "ist"], <<"bin">>]])]),
    io:format("~p~n", [S("~10s|~-10s|~.3s|~10.3s", ["abcdef", "abcdef", "abcdef", "abcdef"])]),
    io:format("~p~n", [S("~.8b ~.16x ~.16X ~.36B", [64, 255, "0x", 255, "0x", 35])]),
    io:format("~p~n", [lists:flatten(io_lib:write({a, [1, "b"], <<"c">>}))]),
    io:format("~p~n", [lists:flatten(io_lib:print(#{a => "x"}))]),
    io:format("~p~n", [io_lib:write_atom('hello world')]),
    io:format("~p~n", [io_lib:write_string("a\"b\n")]).
