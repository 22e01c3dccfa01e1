%% Whoever makes itself a port's owner is linked to it when port_connect/2 returns.
-module(new_owner_of_a_port_is_linked_at_once).
-export([main/0]).

main() ->
    process_flag(trap_exit, true),
    [begin
         Port = open_port({spawn, "sleep 2"}, [binary]),
         spawn(fun() -> port_connect(Port, self()), End(Port) end),
         receive {'EXIT', Port, Why} -> io:format("~p~n", [Why]) end
     end || End <- [fun(_) -> ok end, fun(_) -> exit(enough) end, fun port_close/1]],
    ok.
