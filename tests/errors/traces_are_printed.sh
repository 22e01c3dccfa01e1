# --trace prints events of the program's processes, those that were asked for.
# status: 0
# stdout: all: spawn send receive exit
# stdout: procs: no messages
# stdout: calls: a_cup_of
# stdout: text is shown as text
# stderr: --trace=nonsense: procs, messages, calls:MODULE are known
# stderr: --trace=procs,calls:: procs, messages, calls:MODULE are known
cat >shop.erl <<'END'
-module(shop).
-export([main/0]).
main() ->
    Self = self(),
    {Clerk, Ref} = spawn_monitor(fun() -> clerk(Self) end),
    Clerk ! {order, tea},
    receive {Clerk, _} -> ok end,
    Clerk ! close,
    receive {'DOWN', Ref, process, Clerk, closed} -> ok end.
clerk(To) ->
    receive
        {order, What} -> To ! {self(), serve(What)}, clerk(To);
        close -> exit(closed)
    end.
serve(What) -> {a_cup_of, What}.
END
number='^[0-9]*\.[0-9]\{6\} <[0-9.]*> '
"$MUSTER" run --trace shop.erl 2>all || exit 1
grep -v -q "$number" all && exit 2
grep -q "${number}spawn <[0-9.]*> erlang:apply(#Fun<shop" all &&
    grep -q "${number}send {order,tea} to <[0-9.]*>\$" all &&
    grep -q "${number}receive {<[0-9.]*>,{a_cup_of,tea}}\$" all &&
    grep -q "${number}exit closed\$" all && echo 'all: spawn send receive exit'
grep -q ' call ' all && exit 3
"$MUSTER" run --trace=procs shop.erl 2>procs || exit 4
grep -q "${number}exit closed\$" procs && ! grep -q -e ' send ' -e ' receive ' procs && echo 'procs: no messages'
"$MUSTER" run --trace=calls:shop,messages shop.erl 2>calls || exit 5
grep -q "${number}call shop:serve(tea)\$" calls && ! grep -q ' spawn ' calls && echo 'calls: a_cup_of'
cat >text.erl <<'END'
-module(text).
-export([main/0]).
main() -> self() ! {"list", <<"binary">>, <<1, 2>>}, self() ! lists:duplicate(1000, $é).
END
"$MUSTER" run --trace=messages text.erl 2>text || exit 11
grep -q '{"list",<<"binary">>,<<1,2>>}' text && grep -q 'send "é*\.\.\. to' text && echo 'text is shown as text'
"$MUSTER" run shop.erl 2>none || exit 6
[ -s none ] && exit 7
"$MUSTER" run --trace=nonsense shop.erl
[ $? = 2 ] || exit 8
"$MUSTER" run --trace=procs,calls: shop.erl
[ $? = 2 ] || exit 9
exit 0
