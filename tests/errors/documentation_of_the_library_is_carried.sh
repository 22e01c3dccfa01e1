# status: 0
# stdout: 	store
# stdout: A table of keys and values that outlives the machine
# stdout:   fold(Store, Fun, Acc, Range)
# stdout:   -spec range(store(), range()) -> [{key(), value()}].
# stdout: The entries of a range, as a list.
# stdout:   -type from() :: {pid(), reply_tag()}.
# stdout:   -callback init(term()) -> {ok, term()}
# stdout: {error,function_missing}
# stdout: all of it
cat >demo.erl <<'END'
-module(demo).
-export([main/0]).
-include_lib("kernel/include/eep48.hrl").
main() ->
    ok = c:h(store),
    ok = c:h(store, range),
    ok = c:ht(gen_server, from),
    ok = c:hcb(gen_server, init, 1),
    io:format("~p~n", [c:h(lists, no_such_function)]),
    [] = [{M, F} || M <- [lists, maps, string, file, ets, gen_server, gen_statem, supervisor, application, store],
                    {ok, #docs_v1{docs = Docs}} <- [code:get_doc(M)],
                    F <- M:module_info(exports) -- [{module_info, 0}, {module_info, 1}, {behaviour_info, 1}],
                    not documented(F, Docs)],
    {error, missing} = code:get_doc(muster_list),
    io:put_chars("all of it\n").
documented({F, A}, Docs) ->
    case lists:keyfind({function, F, A}, 1, Docs) of
        {_, _, [_], _, #{signature := [{attribute, _, spec, {{F, A}, _}}]}} -> true;
        _ -> false
    end.
END
exec "$MUSTER" run demo.erl
