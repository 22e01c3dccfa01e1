# Lines, characters, terms and numbers from standard input, whatever pieces it comes in; output goes
# on while nothing comes; the last line needs no newline.
# status: 0
# stdout: [ok,{error,enotsup},{error,{request,foo}}]
# stdout: > ["one\n","tw"]
# stdout: "o\n"
# stdout: [{ok,[1,2]},{ok,[3]},{ok,[4]}]
# stdout: ["hé Ж\n"]
# stdout: [tick,"last",eof,eof]
cat >input.erl <<'END'
-module(input).
-export([main/0]).
main() ->
    io:format("~p~n", [[io:setopts([list]), io:setopts([strange]), io:request(foo)]]),
    io:format("~p~n", [[io:get_line("> "), io:get_chars("", 2)]]),
    io:format("~p~n", [io:get_line("")]),
    io:format("~p~n", [[io:fread("", Format) || Format <- ["~d ~d", "~d", "~d"]]]),
    io:format("[\"~ts\\n\"]~n", [string:trim(io:get_line(""))]),
    Self = self(),
    spawn(fun() -> io:format("tick~n"), Self ! tick end),
    Tick = receive X -> X end,
    io:format("~p~n", [[Tick, io:get_line(""), io:get_line(""), io:get_line("")]]).
END
{
    printf 'one\ntw'
    sleep 0.1
    printf 'o\n1 2 3\n4\nh\303'
    sleep 0.1
    printf '\251 \320\226\nlast'
} | "$MUSTER" run input.erl
