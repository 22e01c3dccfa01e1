%% Corners of text and sets: improper options, text that is no text, types of sets found out.
-module(text_and_sets_corner_cases).
-export([main/1]).

main(_) ->
    [show(F) || F <- cases()],
    ok.

show(F) -> io:format("~w~n", [try F() catch error:R -> {error, R} end]).

cases() ->
    Prefixes = ["12345678" ++ [x], "123456789" ++ [x], "1234567" ++ [x], ["1", "2", "3", "4", "5", "6"], [$a, $b, "cdefgh"], [$I | <<"x">>]],
    Word = "\"ab" ++ [1089] ++ "cd\"",
    Map = maps:from_list([{I, {x, [I, I], y}} || I <- lists:seq(1, 7)]),
    [fun() -> sofs:to_external(sofs:from_term([], ['_'])) end,
     fun() -> sofs:type(sofs:set([a], ['_'])) end,
     fun() -> sofs:type(sofs:from_term([[], [[]]])) end,
     fun() -> sofs:relation([[a]], ['_']) end,
     fun() -> sofs:relation([{a} | b]) end,
     fun() -> sofs:type(sofs:a_function([{{a}, [{b, c}]}], ['_'])) end,
     fun() -> sofs:family([{a, b}], ['_']) end,
     fun() -> sofs:substitution({external, fun({A, _}) -> A end}, sofs:set([])) end,
     fun() -> calendar:system_time_to_rfc3339(482196050520000000, [{unit, native}, {offset, "Z"}]) end,
     fun() -> is_list(catch calendar:system_time_to_rfc3339(253402300800, [{offset, "Z"}])) end,
     fun() -> io_lib:collect_line(start, <<"abcde\r\nx">>, latin1, dummy) end,
     fun() -> io_lib:collect_line(io_lib:collect_line(start, <<"abcde\r">>, latin1, dummy), <<"\nx">>, latin1, dummy) end,
     fun() -> io_lib:collect_line(io_lib:collect_line(start, "abcde\r", latin1, dummy), "\nx", latin1, dummy) end]
    ++ [fun() -> io_lib:limit_term(Map, D) end || D <- [0, 1, 2, 3, 4, 5, 6]]
    ++ [fun() -> io_lib:limit_term(#{[1, 2, 3] => {a, b, c}, {x, y} => []}, D) end || D <- [1, 2, 3]]
    ++ [fun() -> array:new([{default, 0} | fixed]) end,
        fun() -> array:new([{size, 2} | 3]) end,
        fun() -> string:to_integer([$3, []]) end,
        fun() -> string:to_integer([$3, <<>>]) end,
        fun() -> string:to_integer([$3, hello]) end,
        fun() -> string:to_integer([$3, $a, hello]) end,
        fun() -> string:to_float([$2, $., $3, []]) end,
        fun() -> string:to_float([$2, $., $3, x]) end]
    ++ [fun() -> io_lib:fread(F, Word) end || F <- ["~ts", "~s", "~a", "~ta"]]
    ++ [fun() -> lists:flatten(io_lib:format("~ts|~10ts", [T, T])) end
        || T <- [[<<195, 164>>, <<228>>], [<<195>>, <<164>>, "x"], [<<195>>, "x", -1], <<195, 40>>, [<<164>> | <<"x">>]]]
    ++ [fun() -> lists:flatten(io_lib_pretty:print(lists:seq(1, 40), [{depth, 1, 1}])) end]
    ++ [fun() -> lists:flatten(io_lib:format(F, [T], [{chars_limit, N}])) end
        || T <- [[12, [[]]] | Prefixes], N <- [3, 5, 8, 10, 12, 92], F <- ["~tp", "~p"]].
