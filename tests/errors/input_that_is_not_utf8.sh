# Bytes that are no text: an error for those who want characters, the bytes for those who want
# binaries; reading goes on after them.
# status: 0
# stdout: {error,collect_line}
# stdout: [110,101,120,116,10]
# stdout: <<97,255,98,10>>
# stdout: {error,collect_chars}
cat >bytes.erl <<'END'
-module(bytes).
-export([main/1]).
main(["line"]) -> print(io:get_line("")), print(io:get_line(""));
main(["binary"]) -> ok = io:setopts([binary]), print(io:get_line(""));
main(["chars"]) -> print(io:get_chars("", 3)).
print(X) -> io:format("~w~n", [X]).
END
for how in line binary chars; do
    printf 'a\377b\nnext\n' | "$MUSTER" run bytes.erl $how || exit 3
done
