%% spawn_request/1,2 and what arrives.
-module(spawn_request_replies_with_a_message).
-export([main/0]).

main() ->
    Self = self(),
    R1 = spawn_request(fun() -> Self ! hello end),
    receive {spawn_reply, R1, ok, P1} -> io:format("~w~n", [is_pid(P1)]) end,
    receive hello -> io:format("hello~n") end,
    R2 = spawn_request(fun() -> exit(gone) end, [monitor, {reply_tag, my_tag}]),
    receive {my_tag, R2, ok, P2} -> io:format("~w~n", [is_pid(P2)]) end,
    receive {'DOWN', R2, process, P2, Why} -> io:format("~w~n", [Why]) end,
    R3 = spawn_request(fun() -> Self ! quiet end, [{reply, no}]),
    receive quiet -> ok end,
    io:format("~w~n", [receive {spawn_reply, R3, _, _} -> replied after 50 -> no_reply end]),
    R4 = spawn_request(erlang, send, [Self, mfa]),
    receive {spawn_reply, R4, ok, _} -> ok end,
    io:format("~w~n", [receive mfa -> mfa end]).
