# status: 0
# stdout: ["other","tool-1.10","main"]
# stdout: {"newest","libs/other","own"}
# stdout: {ok,"1.10"}
# stdout: "own: 1"
mkdir -p libs/tool-1.9/ebin libs/tool-1.10/ebin libs/tool-1.10/src libs/other/src libs/none more/main/ebin
echo '{application, tool, [{vsn, "1.9"}]}.' >libs/tool-1.9/ebin/tool.app
echo '{application, tool, [{vsn, "1.10"}]}.' >libs/tool-1.10/ebin/tool.app
printf -- '-module(tool).\n-export([f/0]).\nf() -> "newest".\n' >libs/tool-1.10/src/tool.erl
printf -- '-module(tool).\n-export([f/0]).\nf() -> "old".\n' >libs/tool-1.9/ebin/tool.erl
printf -- '-module(other).\n-export([f/0]).\nf() -> code:lib_dir(other).\n' >libs/other/src/other.erl
printf -- '-module(mine).\n-export([f/0]).\nf() -> "theirs".\n' >libs/other/src/mine.erl
printf -- '-module(mine).\n-export([f/0]).\nf() -> "own".\n' >mine.erl
printf -- '-module(io_lib).\n-export([format/2]).\nformat(_, _) -> theirs.\n' >libs/other/src/io_lib.erl
cat >main.erl <<'END'
-module(main).
-export([main/0]).
main() ->
    Apps = [filename:basename(filename:dirname(Dir)) || Dir <- code:get_path(), filename:basename(Dir) =/= "."],
    io:format("~p~n", [[App || App <- uniq(Apps), App =/= "."]]),
    io:format("~p~n", [{tool:f(), other:f(), mine:f()}]),
    ok = application:load(tool),
    io:format("~p~n", [application:get_key(tool, vsn)]),
    io:format("~p~n", [lists:flatten(io_lib:format("own: ~w", [1]))]).
uniq([A | As]) -> [A | uniq([B || B <- As, B =/= A])];
uniq([]) -> [].
END
ERL_LIBS=libs:nowhere::more exec "$MUSTER" run main.erl
