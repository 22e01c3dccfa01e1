%% erlang:decode_packet/3: packets of every kind, whole, cut anywhere, limited, and bytes that are none.
-module(packets_diff).
-include("diff.hrl").

run() ->
    [decode(T, D, O) || T <- kinds(), D <- data(), O <- options()],
    [decode(T, D, []) || T <- [http, http_bin], D <- first_lines()],
    [decode(T, D, []) || T <- [httph, httph_bin], D <- headers()],
    [decode(httph, [Name, ": v\r\n\r\n"], []) || Name <- names()],
    [decode(httph, [$a, C, "b: v\r\n\r\n"], []) || C <- lists:seq(0, 255)],
    [decode(http, [$a, C, "b /x HTTP/1.1\r\n"], []) || C <- lists:seq(0, 255)],
    [decode(http, ["a /", C, " HTTP/1.1\r\n"], []) || C <- lists:seq(0, 255)],
    [call(erlang, decode_packet, [T, D, O]) || T <- [foo, 3, "a", http_x, raw], D <- [a, <<1>>, <<1:3>>, "x"],
                                              O <- [[], foo, [foo], [{foo, 1}], [{packet_size, a}], [{line_delimiter, 300}]]],
    %% Bits behind the last byte.
    [call(erlang, decode_packet, [T, <<(iolist_to_binary(D))/binary, 5:N>>, []]) || T <- kinds(), D <- data(), N <- [1, 7]],
    times(1000, fun() ->
        D = list_to_binary(some(pick(30), fun() -> pick({0, 1, 2, 3, 22, 128, 48, 10, 13, 32, $:, $/, $H, $T, $P, pick(256)}) end)),
        [decode(T, D, []) || T <- kinds()]
    end).

decode(Kind, Data, Options) -> call(erlang, decode_packet, [Kind, iolist_to_binary(Data), Options]).

kinds() -> [raw, 0, 1, 2, 4, asn1, cdr, sunrm, fcgi, tpkt, line, http, httph, http_bin, httph_bin, ssl_tls].

options() -> [[]] ++ [[{packet_size, N}] || N <- [0, 1, 2, 3, 4, 8, 100]] ++ [[{line_length, N}] || N <- [0, 1, 3, 8]] ++
             [[{line_delimiter, $c}], [{packet_size, 4}, {line_length, 3}]].

data() ->
    Whole = ["", [0], [1], [0, 1], [1, 2], [0, 3, 1, 2, 3, 4], [0, 0, 0, 2, 5, 6, 7], [255, 255, 255, 255, 1], [128, 0, 0, 0],
             "abc\ndef", "abc", [16#30, 3, 1, 2, 3, 4], [16#30, 16#82, 0, 2, 1, 2, 3], [16#30, 16#80, 1], [31, 129, 1, 2, 5, 6, 7],
             [16#30, 16#85, 1, 2, 3, 4, 5], [16#30, 16#84, 255, 255, 255, 255], ["GIOP", 1, 0, 0, 0, 0, 0, 0, 2, 9, 8, 7],
             ["GIOP", 1, 0, 1, 0, 2, 0, 0, 0, 9, 8, 7], "FOOPxxxxxxxxxxxx", [128, 0, 0, 2, 1, 2, 3], [1, 1, 0, 1, 0, 2, 1, 0, 5, 6, 7, 8],
             [3, 0, 0, 6, 1, 2, 3], [3, 0, 0, 3, 1], [22, 3, 1, 0, 2, 1, 2, 3], [128, 5, 1, 3, 0, 1, 2, 3], [128, 1, 1, 3, 0, 1]],
    lists:usort(lists:append([[lists:sublist(W, N) || N <- [length(W) - 2, length(W) - 1, length(W)], N >= 0]
                              || L <- Whole, W <- [binary_to_list(iolist_to_binary(L))]])).

first_lines() ->
    ["GET / HTTP/1.1\r\n", "get / HTTP/1.1\r\n", "FOO /x HTTP/1.0\r\n", "GET http://a.b:80/c?d HTTP/1.1\r\n", "GET https://a.b/c HTTP/1.1\r\n",
     "GET ftp://a.b/c HTTP/1.1\r\n", "GET * HTTP/1.1\r\n", "CONNECT a:80 HTTP/1.1\r\n", "GET foo HTTP/1.1\r\n", "GET foo:bar HTTP/1.1\r\n",
     "GET http://a HTTP/1.1\r\n", "GET http://a:x/ HTTP/1.1\r\n", "GET / HTTP/1\r\n", "GET /\r\n", "GET / HTTP/1.1 x\r\n", "GET / FOO/1.1\r\n",
     "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200\r\n", "HTTP/1.1 abc OK\r\n", "HTTP/1.1 404 Not Found here\r\n", "\r\n", "garbage\r\n", "", "GET / HT",
     "GET / HTTP/1.1\n", "  GET / HTTP/1.1\r\n", "GET  /  HTTP/1.1\r\n", "HTTP/1.1 20 OK\r\n", "GET / HTTP/12.34\r\n", "HTTP/12.34 200 OK\r\n",
     "OPTIONS / HTTP/1.1\r\n", "HEAD / HTTP/1.1\r\n", "POST / HTTP/1.1\r\n", "PUT / HTTP/1.1\r\n", "DELETE / HTTP/1.1\r\n", "TRACE / HTTP/1.1\r\n",
     "PATCH / HTTP/1.1\r\n", "HTTP/1.1 200 OK  \r\n", "HTTP/1.1  200  OK\r\n", "HTTP/1.1 200OK\r\n", "HTTP/1.1 -1 OK\r\n", "HTTP/1.1 99999999999 OK\r\n",
     "HTTP/1 200 OK\r\n", "HTTP/1. 200 OK\r\n", "HTTP/.1 200 OK\r\n", "http/1.1 200 OK\r\n", "HTTP/1.1\t200\tOK\r\n", "HTTP/1.1\r\n", "HTTP/1.1 \r\n",
     "HTTP/\r\n", "HTTP\r\n", "GET HTTP://h/ HTTP/1.1\r\n", "GET http:///x HTTP/1.1\r\n", "GET http://u@h:8/x HTTP/1.1\r\n", "GET http://h:99999/x HTTP/1.1\r\n",
     "GET http://h:/x HTTP/1.1\r\n", "GET http://[::1]:80/x HTTP/1.1\r\n", "GET http://h:80 HTTP/1.1\r\n", "GET ** HTTP/1.1\r\n", "GET : HTTP/1.1\r\n",
     "GET x: HTTP/1.1\r\n", "GET :x HTTP/1.1\r\n", "GET http: HTTP/1.1\r\n", "GET http:// HTTP/1.1\r\n", "GET\r\n", "GET \r\n", "GET / \r\n",
     "GET / HTTP/1.1x\r\n", "GET / HTTP/1.\r\n", "GET / HTTP/1.1\r\r\n", "GET / HTTP/1.1\n\n", "GET /\n", "GET / http/1.1\r\n", "GET http://h:12x/p HTTP/1.1\r\n",
     "GET http://h:0/p HTTP/1.1\r\n", "GET httpx://h HTTP/1.1\r\n", "GET http:/x HTTP/1.1\r\n", "GET http://h?x HTTP/1.1\r\n", "GET x HTTP/1.1\r\n"].

headers() ->
    ["Host: a\r\n", "Host: a\r\nX", "Host: a\r\n b\r\nX", "Host: a\r\n\tb\r\n\r\n", "Host:a  \r\nX", "host :a\r\nX", "x-FOO-bar: a\r\nX", "\r\nrest", "\nrest",
     "nocolon\r\nX", ": x\r\nX", "A_b: x\r\nX", "A:\r\nX", " A: b\r\nX", "a b: c\r\nX", "A:  \t v\r\n\r\n", "A: v\n\n", "A: v\n", "A: v", "\r\n", "\r", "\r\r\n", "A",
     "a-b-c: 1\r\n\r\n", "aB-Cd: 1\r\n\r\n", "-a: 1\r\n\r\n", "a--b: 1\r\n\r\n", "1a: 1\r\n\r\n", "A: v\r\n  \r\n\r\n", "A: v\r\n\r\n B", "A:\r\n b\r\n\r\n", "A: v\n b\n\n"]
    ++ [lists:duplicate(N, $a) ++ ": v\r\n\r\n" || N <- [1, 19, 20, 21, 49, 50, 51, 52, 100]].

names() ->
    ["Cache-Control", "Connection", "Date", "Pragma", "Transfer-Encoding", "Upgrade", "Via", "Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language",
     "Authorization", "From", "Host", "If-Modified-Since", "If-Match", "If-None-Match", "If-Range", "If-Unmodified-Since", "Max-Forwards", "Proxy-Authorization",
     "Range", "Referer", "User-Agent", "Age", "Location", "Proxy-Authenticate", "Public", "Retry-After", "Server", "Vary", "Warning", "Www-Authenticate",
     "WWW-Authenticate", "Allow", "Content-Base", "Content-Encoding", "Content-Language", "Content-Length", "Content-Location", "Content-Md5", "CONTENT-MD5",
     "Content-Range", "Content-Type", "Etag", "ETag", "Expires", "Last-Modified", "Accept-Ranges", "Set-Cookie", "Set-Cookie2", "X-Forwarded-For", "Cookie",
     "Keep-Alive", "Proxy-Connection", "Origin", "TE", "Trailer", "Expect", "X-Foo"].
