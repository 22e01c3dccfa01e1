%% The built-ins of erlang, ets, os and persistent_term that no other comparison calls: each with every sample
%% for one argument, and what comes of those that depend on nothing but their arguments.
-module(sweep_rest_diff).
-include("diff.hrl").

run() ->
    process_flag(trap_exit, true),
    [call(erlang, F, [X]) || F <- [is_atom, is_binary, is_bitstring, is_boolean, is_float, is_integer, is_list, is_map, is_pid,
                                   is_port, is_reference, is_tuple, is_number, is_function, throw, exit, error, nif_error],
                             X <- samples()],
    [call(erlang, F, [X, Y]) || F <- ['/=', '=/=', '>=', '==', '=:=', '<', append, subtract, nif_error, raise_wrongly],
                                X <- samples(), Y <- samples(), F =/= raise_wrongly],
    [call(erlang, raise, [C, R, S]) || C <- [error, exit, throw, foo, 1], R <- [oops, {a, b}, "abc"],
                                       S <- [[], [a], [{m, f, 1}], [{m, f, [x], []}], [{m, f, 1, [{file, "x"}, {line, 3}]}], x, [{m, f}],
                                             [{m, f, -1, []}], [{1, f, 1, []}], [{fun erlang:self/0, []}], [{m, f, 1, x}], [a | b]]],
    dictionary(),
    wrong_arguments(),
    constants(),
    environment(),
    terms_kept(),
    tables_and_files().

dictionary() ->
    [value({put_get, K, V}, fun() -> {put(K, V), get(K), put(K, other), lists:member(K, get_keys()), get_keys(other), erase(K), get(K), erase(K)} end)
     || K <- samples(), V <- [1, "x", {a}]],
    value(all, fun() -> alone(fun() -> [put(K, K) || K <- [a, b, {c}]], R = {lists:sort(get()), lists:sort(get_keys())}, {R, lists:sort(erase()), get()} end) end).

alone(Fun) ->
    {Pid, Ref} = spawn_monitor(fun() -> exit({done, Fun()}) end),
    receive {'DOWN', Ref, process, Pid, {done, Result}} -> Result end.

%% What needs the right arguments to have an effect.
wrong_arguments() ->
    Wrong = [X || X <- samples(), not is_pid(X), not is_atom(X), not is_list(X), X =/= 0, X =/= 1],
    [call(erlang, F, [X]) || F <- [exit_not, purge_module, disconnect_node, get_cookie, set_cookie, get_module_info, link, unlink, unregister, whereis,
                                   monitor_node_not, spawn_request, spawn_monitor, spawn_request_abandon, list_to_port, port_close,
                                   halt, trace_delivered, garbage_collect, check_old_code, delete_module, module_loaded, process_info],
                             erlang:function_exported(erlang, F, 1), X <- Wrong],
    [call(erlang, F, [X, Y]) || F <- [exit, '!', send, monitor_node, set_cookie, get_module_info, load_nif, spawn_request, group_leader, register,
                                      port_call, port_control_not, link_not, halt, display_string, process_flag, trace_info, monitor],
                                erlang:function_exported(erlang, F, 2), X <- Wrong, Y <- [1.5, {a}, [a | b]]],
    [call(erlang, F, [X, Y, Z]) || F <- [hibernate, spawn, spawn_link, spawn_monitor, spawn_request, send_after, start_timer, trace, monitor_node,
                                         port_call, apply, send_nosuspend, check_process_code, is_record],
                                   erlang:function_exported(erlang, F, 3), X <- [1.5, {a}, "a"], Y <- [1.5, {a}], Z <- [1.5, [a | b], {}]],
    [call(erlang, display_string, [X]) || X <- Wrong, not is_binary(X)], % OTP 27 takes binaries
    [call(erlang, seq_trace_info, [X]) || X <- Wrong],
    [call(erlang, F, [X]) || F <- [monotonic_time, system_time, time_offset], X <- Wrong, not is_integer(X)].

constants() ->
    [value(F, fun() -> shape(apply(erlang, F, [])) end)
     || F <- [date, time, localtime, universaltime, now, timestamp, monotonic_time, system_time, time_offset, make_ref, self, node, nodes, ports, processes, loaded,
              registered, is_alive, get_cookie, yield, group_leader, md5_init_not, system_monitor, system_profile],
        erlang:function_exported(erlang, F, 0)],
    value(md5, fun() -> erlang:md5_final(erlang:md5_update(erlang:md5_init_context(), "abc")) end),
    [value({os, F}, fun() -> shape(apply(os, F, [])) end)
     || F <- [env, getenv, getpid, perf_counter, system_time, timestamp, type, version]].

%% Of which kind it is.
shape(X) when is_integer(X) -> integer;
shape(X) when is_float(X) -> float;
shape(X) when is_atom(X) -> X;
shape(X) when is_pid(X) -> pid;
shape(X) when is_reference(X) -> reference;
shape([]) -> list;
shape([_ | _]) -> list;
shape(X) when is_tuple(X) -> list_to_tuple([shape(E) || E <- tuple_to_list(X)]);
shape(_) -> other.

environment() ->
    Names = ["MU_A", "MU_B", "MU_LONG" ++ lists:duplicate(50, $x), "", "A=B", [0], [a], "\x{e9}", <<"MU_A">>, mu, 1, ["MU", "_A"]],
    Values = ["", "1", "a b", "x=y", "\x{e9}\x{20ac}", lists:duplicate(2000, $v), [0], [a], <<"bin">>, 1, ["a", <<"b">>]],
    [value({env, N, V}, fun() ->
        {attempt(fun() -> os:putenv(N, V) end), attempt(fun() -> os:getenv(N) end), attempt(fun() -> os:getenv(N, other) end),
         attempt(fun() -> os:unsetenv(N) end), attempt(fun() -> os:getenv(N) end)}
     end) || N <- Names, V <- Values],
    [call(os, F, [X]) || F <- [find_executable, cmd, system_time, perf_counter], X <- samples(), not is_list(X), not is_integer(X), not is_binary(X), not is_atom(X)],
    [call(os, set_signal, [S, H]) || S <- [sigkill, foo, 1, "sighup"], H <- [ignore, default, handle, foo]],
    [call(os, set_signal, [S, foo]) || S <- [sighup, sigusr1, sigterm]],
    [call(os, find_executable, [N]) || N <- ["sh", "surely_not_there", "", "/bin/sh", "./none"]],
    [call(os, find_executable, [N, P]) || N <- ["sh", "none"], P <- ["/bin", "", "/none:/bin", "/none"]],
    [call(os, cmd, [C]) || C <- ["echo a b", "true", "printf 'x\\ny'", "exit 3", ["echo ", "c"], <<"echo d">>, 'echo']],
    [call(os, cmd, ["printf 123456789", #{max_size => N}]) || N <- [0, 1, 5, 9, 100]],
    [call(os, cmd, ["echo a", O]) || O <- [[], #{foo => 1}, #{max_size => -1}, #{max_size => a}, x]].

terms_kept() ->
    [value({persistent, K}, fun() ->
        {persistent_term:put({mu, K}, K), persistent_term:get({mu, K}), persistent_term:get({mu, K}, d), persistent_term:put({mu, K}, 2),
         persistent_term:get({mu, K}), persistent_term:erase({mu, K}), persistent_term:erase({mu, K}), persistent_term:get({mu, K}, d),
         attempt(fun() -> persistent_term:get({mu, K}) end)}
     end) || K <- samples()],
    value(info, fun() -> lists:sort(maps:keys(persistent_term:info())) end).

tables_and_files() ->
    value(table_to_file, fun() ->
        Folder = filename:join(["/tmp", "mu_diff_" ++ os:getpid()]),
        File = Folder ++ ".tab",
        T = ets:new(kept, [ordered_set, {keypos, 2}, public]),
        ets:insert(T, [{X, N} || {N, X} <- lists:zip(lists:seq(1, length(samples())), samples()), not is_function(X), not is_pid(X), not is_reference(X)]),
        Written = ets:tab2file(T, File, [{extended_info, [object_count, md5sum]}]),
        {ok, Info} = ets:tabfile_info(File),
        Keys = [K || K <- [name, type, protection, named_table, keypos, size], lists:keymember(K, 1, Info)],
        {ok, Again} = ets:file2tab(File, [{verify, true}]),
        Same = ets:tab2list(T) =:= ets:tab2list(Again),
        file:delete(File),
        {Written, Keys, [ets:info(Again, I) || I <- [name, type, keypos, size, protection]], Same, attempt(fun() -> ets:file2tab(File) end)}
    end),
    value(init_table, fun() ->
        T = ets:new(t, [ordered_set]),
        More = fun(F, N) -> fun(close) -> ok; (read) when N > 3 -> end_of_input; (read) -> {[{N, a}, {-N, b}], F(F, N + 1)} end end,
        {ets:init_table(T, More(More, 1)), ets:tab2list(T)}
    end),
    value(continuations, fun() ->
        T = ets:new(t, [ordered_set]),
        ets:insert(T, [{N, N * N} || N <- lists:seq(1, 10)]),
        MS = [{{'$1', '$2'}, [{'>', '$2', 10}], ['$1']}],
        {First, C} = ets:select(T, MS, 2),
        {First, element(1, ets:select(ets:repair_continuation(C, MS))), element(1, ets:select_reverse(T, MS, 3)),
         attempt(fun() -> ets:repair_continuation(x, MS) end), attempt(fun() -> ets:repair_continuation('$end_of_table', MS) end),
         ets:match_spec_run_r([{1, 20}, {2, 3}, {3, 11}], ets:match_spec_compile(MS), [last])}
    end),
    [call(ets, F, [X]) || F <- [tabfile_info, file2tab], X <- samples(), not is_list(X), not is_atom(X), not is_binary(X)].

samples() ->
    [0, 1, -1, 255, 1 bsl 70, 1.0, 1.5, a, [], '', "abc", [1, 2], [a | b], [[]], <<>>, <<"abc">>, <<1:3>>, {}, {a}, {a, b}, #{}, #{a => 1},
     self(), the_ref(), fun(X) -> X end, fun erlang:self/0].

%% Always the same: of two, either may be the smaller when their maker moved to another scheduler in between.
the_ref() ->
    case get(the_ref) of
        undefined ->
            put(the_ref, make_ref()),
            get(the_ref);
        Ref -> Ref
    end.
