%% filename, uri_string and re: every function with typical, boundary and wrong arguments.
-module(sweep_names_diff).
-include("sweep.hrl").

samples_of(name) -> ["", "a", "/a/b/c.erl", "a/b", "/", "//a//b/", "a.b.c", ".bashrc", "dir/.x", "../x", "a/..", "./a", "/a/./b", <<"bin/x.erl">>, <<>>, abc, "åä/ö", ["a", $/, "b"], "a/", "file.tar.gz", "~/x", "/usr/lib/.", 'at.om'];
samples_of(extension) -> ["", ".erl", "erl", ".gz", <<".erl">>, ".c"];
samples_of(names) -> [["a"], ["a", "b", "c"], ["/", "a"], ["a", "/b"], ["a/", "/"], [<<"a">>, "b"], ["a", ""], [a, "b"], ["", "x"], ["/a/", "b//c"]];
samples_of(uri) -> ["", "http://example.com", "http://user:pw@example.com:8080/a/b?x=1&y=2#frag", "foo://example.com:8042/over/there?name=ferret#nose", "mailto:John.Doe@example.com", "/a/b/../c", "../x",
    "?q", "#f", "//host/path", "http://[::1]:80/", "urn:oasis:names", "http://a/b%20c", <<"http://example.com/x">>, "http://example.com:/", "http://", "a:b:c", "%41", "http://ex ample", "http://a/%zz", "tel:+1-816-555-1212",
    "ftp://ftp.is.co.za/rfc/rfc1808.txt", "HTTP://EXAMPLE.com:80/%7Euser/./a/../b", "http://1.2.3.4/", "x", "http://åäö.se/", <<"http://"/utf8, 229/utf8>>, "http://a?b=["];
samples_of(uri_map) -> [#{path => "a"}, #{scheme => "http", host => "h", path => "/x"}, #{scheme => "http", host => "h", port => 80, path => ""}, #{path => "//x"}, #{host => "h", path => "a"},
    #{scheme => "s", path => "a:b", query => "q=1", fragment => "f"}, #{scheme => <<"http">>, host => <<"h">>, path => <<"/">>}, #{scheme => "http", userinfo => "u:p", host => "::1", path => "/å b"}, #{port => 1, path => "x"}];
samples_of(query) -> ["", "a=1&b=2", "a&b=", "x=%20y+z", <<"k=v&k2">>, "&&", "=", "a=1;b=2", "%zz", "å=ö", "a==b"];
samples_of(pairs_of_text) -> [[], [{"a", "b"}], [{"a", true}, {"b", "c d&e"}], [{<<"k">>, <<"v">>}], [{"å", "ö"}], [{a, 1}], [{"x", "~-_.*!()'"}]];
samples_of(quotable) -> ["", "a b", "ÅÄÖ", <<"x/y?z">>, "~-_.", "%41", <<"å"/utf8>>, [$a, <<"b">>], "a+b&c=d"];
samples_of(quoted) -> ["", "%41", "a%20b", "%C3%85", <<"%7E">>, "%", "%4", "%zz", "abc+d", "%c3%85%"];
samples_of(subject) -> ["", "abc", "aaa bbb", "hello world", <<"abcabc">>, "a\nb\r\nc", "åäö", <<"åäö"/utf8>>, ["ab", <<"cd">>], "ABC", "2024-01-31"];
samples_of(regex) -> ["", "a", "b+", "(a)(b)?", "^a.*c$", "\\d+", "(?<x>a)(?<y>b)", "a|b", "\\s", "(?i)abc", "o", <<"l+">>, "(a*)*b", "\\w+", "é", "(\\d+)-(\\d+)"];
samples_of(any_regex) -> ["[", "(", "a{2,1}", "*", "\\", "a"];
samples_of(run_options) -> [[], [{capture, all, list}], [{capture, all, binary}], [{capture, first}], [{capture, none}], [{capture, [1, 2], list}], [{capture, all_but_first, index}], [global], [global, {capture, all, list}], [caseless], [unicode],
    [{capture, [x, y], list}], [{capture, ["x"], binary}], [notbol], [anchored], [notempty], [dotall], [multiline, global], [{newline, crlf}], [ungreedy], [firstline], [{capture, all_names, list}], [x], [{offset, -1}], [extended], [no_auto_capture], [dollar_endonly]];
samples_of(compile_options) -> [[], [caseless], [unicode], [multiline, dotall], [anchored], [{newline, any}], [dupnames], [extended], [x], [ucp], [no_start_optimize], [bsr_unicode], [never_utf]];
samples_of(replacement) -> ["", "x", "<&>", "\\1-\\2", "\\g1", "\\g{2}", <<"y">>, "\\&", "\\\\", "$1", "å"];
samples_of(replace_options) -> [[], [global], [{return, list}], [{return, binary}], [global, {return, list}], [caseless, {return, list}], [{return, x}], [unicode, {return, binary}], [global, unicode, {return, list}], [x]];
samples_of(split_options) -> [[], [{return, list}], [{return, binary}], [{parts, 2}, {return, list}], [trim, {return, list}], [group, {return, list}], [{parts, infinity}], [group, trim, {return, binary}], [{parts, 0}, {return, list}], [{parts, 1}, {return, list}], [x], [caseless, {return, list}], [unicode, {return, list}]].

run() ->
    sweep(filename, [
        {absname, [name, {fixed, {one, ["/base", "/", "/x/y/"]}}]}, {absname_join, [{fixed, name}, {fixed, name}]}, {append, [name, name]}, {basename, [name]}, {basename, [{one, samples_of(name) -- [abc, 'at.om']}, extension], 100}, {dirname, [name]}, {extension, [name]},
        {flatten, [name]}, {join, [{fixed, names}]}, {join, [{fixed, name}, {fixed, name}], 120}, {nativename, [name]}, {pathtype, [name]}, {rootname, [name]}, {rootname, [name, extension], 100}, {split, [name]}, {validate, [name]}]),
    sweep(uri_string, [
        {allowed_characters, []}, {compose_query, [pairs_of_text]}, {compose_query, [{fixed, pairs_of_text}, {fixed, {one, [[{encoding, utf8}], [{encoding, latin1}]]}}], 60}, {dissect_query, [{fixed, query}]}, {normalize, [{fixed, uri}], 60}, {normalize, [{fixed, uri_map}]}, {normalize, [{fixed, uri}, {fixed, {one, [[], [return_map]]}}], 90},
        {parse, [uri], 60}, {percent_decode, [quoted]}, {percent_decode, [uri], 60}, {percent_decode, [uri_map]}, {quote, [quotable]}, {quote, [quotable, {fixed, {one, ["", " ", "/?"]}}]}, {recompose, [uri_map]}, {resolve, [{fixed, uri}, {fixed, uri}], 400},
        {resolve, [{fixed, uri}, {fixed, uri}, {fixed, {one, [[], [return_map]]}}], 100}, {transcode, [{fixed, {one, ["a%C3%A5", <<"http://a/%c3%a5">>, "x"]}}, {fixed, {one, [[{in_encoding, utf8}, {out_encoding, utf8}], [{in_encoding, latin1}, {out_encoding, utf8}], [{in_encoding, utf8}, {out_encoding, utf32}]]}}], 60}, {unquote, [quoted]}]),
    sweep(re, [
        {run, [subject, any_regex], 60}, {run, [subject, regex], 300}, {run, [{fixed, subject}, regex, run_options], 1500}, {run, [{fixed, {one, ["hello world", <<"abcabc">>]}}, {fixed, regex}, {one, [[{offset, 1}], [global, {offset, 2}], [{offset, 4}]]}], 60}, {replace, [subject, regex, {fixed, replacement}], 300}, {replace, [subject, regex, {fixed, replacement}, replace_options], 900},
        {split, [subject, regex], 300}, {split, [subject, regex, split_options], 900}, {inspect, [regex, {one, [namelist, x]}]}]),
    [value({compile, R, O}, fun() -> case re:compile(R, O) of {ok, T} -> {ok, element(1, T), element(2, T), element(3, T), element(4, T)}; E -> E end end) || R <- samples_of(regex), O <- samples_of(compile_options)],
    [value({names, R}, fun() -> {ok, MP} = re:compile(R), re:inspect(MP, namelist) end) || R <- samples_of(regex)].
