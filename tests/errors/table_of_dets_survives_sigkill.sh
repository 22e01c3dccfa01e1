# status: 0
# stdout: killed 137
# stdout: {ok,t}
# stdout: {1,true}
cat >w.erl <<'END'
-module(w).
-export([main/0]).
main() ->
    {ok, t} = dets:open_file(t, [{file, "t.dets"}]),
    write(1).
write(N) ->
    ok = dets:insert(t, [{N, a}, {{N, too}, b}]),
    ok = file:write_file("acknowledged", integer_to_list(N)),
    write(N + 1).
END
timeout -s KILL 0.5 "$MUSTER" run w.erl
echo "killed $?"
"$MUSTER" eval '
    {ok, Text} = file:read_file("acknowledged"),
    io:format("~p~n", [dets:open_file(t, [{file, "t.dets"}])]),
    All = dets:match_object(t, list_to_atom("_")),
    Whole = [N || {N, a} <- All, dets:lookup(t, {N, too}) =:= [{{N, too}, b}]],
    Missing = [N || N <- lists:seq(1, list_to_integer("0" ++ binary_to_list(Text))), not lists:member(N, Whole)],
    io:format("~p~n", [{case 2 * length(Whole) =:= length(All) of true -> 1; false -> 0 end, Missing =:= []}])'
