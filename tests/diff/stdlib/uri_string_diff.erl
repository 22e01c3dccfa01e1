%% uri_string against OTP's.
-module(uri_string_diff).
-include("diff.hrl").

run() ->
    Uris = ["foo://user@example.com:8042/over/there?name=ferret#nose", <<"http://[::1]:80/a%20b?q">>, "", "/a/b", "//h", "a:b:c", "?q", "#f", "http://", "http://h:/", "http://h:x/",
            "http://h:99999", "1a:b", "mailto:x@y", "http://a b/", "http://h/%zz", "http://h/%C3%B6", "http://\x{f6}/", "x:y/z?p?q#r", "//u:p@h", "a/b:c", "a:b/c", "http://1.2.3.4/",
            "http://[::g]", "./a:b", "http://h?q", "http://h#f", "http://u@h@x/", "http://[2001:db8::7]/c", "urn:a:b", "http://h/a/./b/../c", "HTTP://EX.com:80/%7e%c3", "tel:+1-816",
            <<"ftp://ftp.is.co.za/rfc/rfc1808.txt">>, "ldap://[2001:db8::7]/c=GB?objectClass?one", "a/../../b", "/..", "/.", ".", "https://h:443", "ssh://h:22", "http://h:80"],
    [call(uri_string, F, [U]) || F <- [parse, normalize], U <- Uris],
    [call(uri_string, normalize, [U, [return_map]]) || U <- Uris],
    [value({round, U}, fun() -> M = module(uri_string), M:recompose(M:parse(U)) end) || U <- Uris, is_map(uri_string:parse(U))],
    Maps = [#{path => "/a", scheme => "http", host => "h"}, #{path => "a"}, #{path => "//a"}, #{path => "/a", host => "h", port => 80, userinfo => "u"},
            #{scheme => "s", path => "p", query => "q", fragment => "f"}, #{host => "h", path => "a"}, #{}, #{path => <<"/a">>, host => <<"h">>}, #{path => "/\x{f6} \x{e5}"},
            #{path => "x", query => "a=b&c#d"}, #{port => 80, scheme => "http", host => "H", path => "/a/../b"}],
    [call(uri_string, F, [M]) || F <- [recompose, normalize, percent_decode], M <- Maps, F =/= normalize orelse is_map_key(path, M)],
    [call(uri_string, resolve, [R, B])
        || B <- ["http://a/b/c/d;p?q", "b", <<"http://h">>],
           R <- ["g:h", "g", "./g", "g/", "/g", "//g", "?y", "g?y", "#s", "g#s", "g?y#s", ";x", "g;x", "", ".", "./", "..", "../", "../g", "../..", "../../g", "../../../g",
                 "/./g", "/../g", "g.", "..g", "./g/.", "g/./h", "g/../h", "http:g"], is_list(B)],
    call(uri_string, resolve, ["/x", "http://h/y", [return_map]]),
    Lists = [[{"foo bar", "1"}, {"city", "\x{f6}rebro"}], [{<<"a">>, <<"b&c">>}], [{"a", true}, {"b", "c"}], [], [{"a", "~*-._ '"}], [{"a", b}]],
    [call(uri_string, compose_query, [L]) || L <- Lists],
    [call(uri_string, compose_query, [L, [{encoding, E}]]) || L <- Lists, E <- [utf8, latin1]],
    [call(uri_string, dissect_query, [Q]) || Q <- ["foo+bar=1&city=%C3%B6rebro", <<"a=b;c=d">>, "a&b=", "", "&", "=", "a=b=c", "%zz=1", <<"x=1&amp;y=2">>, [55296], "a" ++ [55296, 98], ["a", <<246>>], [<<246, 65>>], [<<65, 246>>, <<"=b">>], <<246>>]],
    Texts = ["SomeId/04", <<"a b">>, "\x{f6}", "-._~", "", "SomeId%2F04", <<"a%20b">>, "%zz", "%", "%C3%B6", "%ff", <<"%C3%B6">>],
    [call(uri_string, F, [T]) || F <- [quote, unquote, percent_decode], T <- Texts],
    [call(uri_string, quote, [T, S]) || T <- Texts, S <- ["", "/", "% "]],
    call(uri_string, percent_decode, [#{host => "%ff", path => ""}]),
    call(uri_string, transcode, [<<"foo%00%00%00%F6bar"/utf32>>, [{in_encoding, utf32}, {out_encoding, utf8}]]),
    call(uri_string, transcode, ["foo%F6bar", [{in_encoding, latin1}, {out_encoding, utf8}]]).
