# status: 0
# stdout: receive_from
cat >call.erl <<'END'
-module(call).
-export([call/2]).
call(Server, Request) ->
    Ref = monitor(process, Server, [{alias, demonitor}]),
    Server ! {'$gen_call', {self(), [alias | Ref]}, Request},
    receive
        {[alias | Ref], Reply} -> Reply;
        {'DOWN', Ref, _, _, Reason} -> exit(Reason)
    end.
END
exec "$MUSTER" disasm call.erl
