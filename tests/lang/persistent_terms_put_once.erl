%% persistent_term:put_new/2 of OTP 27.
-module(persistent_terms_put_once).
-export([main/0]).

main() ->
    Key = {?MODULE, key},
    io:format("~p~n", [persistent_term:put_new(Key, {a, "list"})]),
    io:format("~p~n", [persistent_term:put_new(Key, {a, "list"})]),
    try persistent_term:put_new(Key, other)
    catch error:badarg:Stack ->
        {_, _, Args, _} = hd(Stack),
        io:format("~p ~p~n", [Args, erl_erts_errors:format_error(badarg, Stack)])
    end,
    io:format("~p~n", [persistent_term:get(Key)]),
    true = persistent_term:erase(Key),
    io:format("~p~n", [persistent_term:put_new(Key, other)]),
    io:format("~p~n", [persistent_term:get(Key)]).
