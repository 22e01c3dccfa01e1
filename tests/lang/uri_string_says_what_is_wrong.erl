%% Errors of uri_string, and the shapes of its results.
-module(uri_string_says_what_is_wrong).
-export([main/0]).

main() ->
    [show(uri_string:parse(Uri)) ||
        Uri <- ["//[:::127.0.0.1]", "//[::127.0.0.x]", "//[::1227.0.0.3]", "//[g::]", "//[::1", "//[1:2]",
                "//[::1]x", "//[]", "x://[g::]", "//localhost:A8"]],
    [show(uri_string:compose_query(List)) ||
        List <- [[{<<"a">>, "b"}], [{<<"a">>, true}], [{<<"a">>, <<"b">>}, {"c", "d"}], [{"a", 4}], [{5, ""}]]],
    [show(uri_string:compose_query([{"\x{5408}fo\x{f6}", "1"}], [{encoding, E}])) ||
        E <- [utf8, latin1, utf16]],
    [show(uri_string:dissect_query(Query)) ||
        Query <- ["a=%26%2321512%3B", "a=%XX%B6&b=2", "a=%99%B6", "a=%26%23xyz%3B", "a&b=c&=d&&"]],
    show(uri_string:transcode(<<"foo%C3%BXbar">>, [{in_encoding, utf8}, {out_encoding, utf32}])),
    show(uri_string:recompose(#{host => <<"h">>, path => ["/", "p"]})),
    show(uri_string:recompose(#{host => <<"h">>, path => <<"/p">>})).

show(Result) -> io:format("~p~n", [Result]).
