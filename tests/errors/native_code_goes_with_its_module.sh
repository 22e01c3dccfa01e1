# What a module's functions were compiled to goes with them: loading a module again and again, with hot
# functions and a process that still waits in the version before, does not fill the code cache.
# status: 0
# stdout: 60 versions
# stdout: little is left
cat >versions.erl <<'END'
-module(versions).
-export([main/0]).

main() ->
    Last = lists:foldl(fun version/2, none, lists:seq(1, 60)),
    Last ! stop,
    io:format("~w versions~n", [hotmod:number()]).

version(N, Before) ->
    Functions = [io_lib:format("h~w(0, S, _) -> S;\nh~w(N, S, T) -> h~w(N - 1, S + ~w, [N | T]).\n", [I, I, I, N]) || I <- lists:seq(1, 30)],
    ok = file:write_file("hotmod.erl",
                         ["-module(hotmod).\n-export([f/1, wait/1, number/0]).\nnumber() -> ", integer_to_list(N), ".\n", Functions,
                          "f(N) -> ", lists:join(" + ", [io_lib:format("h~w(N, 0, [])", [I]) || I <- lists:seq(1, 30)]), ".\n",
                          "wait(From) -> V = f(1000), From ! V, receive stop -> ok; {more, To} -> To ! f(1000), wait(To) end.\n"]),
    {ok, hotmod, Code} = compile:file("hotmod.erl", [binary]),
    code:purge(hotmod), % ends who still waits in the version before the last
    {module, hotmod} = code:load_binary(hotmod, "hotmod.erl", Code),
    Self = self(),
    Pid = spawn(fun() -> hotmod:wait(Self) end),
    V = 30 * 1000 * N,
    receive V -> ok end,
    case Before of
        none -> ok;
        _ ->
            Before ! {more, Self}, % old code goes on
            Old = 30 * 1000 * (N - 1),
            receive Old -> ok end
    end,
    Pid.
END
for options in "" "--jit-threshold 1" "--jit=optimised --jit-threshold 1"; do
    # shellcheck disable=SC2086
    "$MUSTER" run $options --jit-stats versions.erl >out 2>stats || exit 1
    # Each version is some 30 KB of native code. (There may be none: under ThreadSanitizer.)
    used=$(sed -n 's/.*cache \([0-9]*\) of.*/\1/p' stats)
    [ "${used:-0}" -lt 1000000 ] || { echo "$used bytes of code are left"; exit 1; }
done
cat out
echo 'little is left'
