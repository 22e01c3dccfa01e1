%% What is said about wrong arguments of built-ins: the exception, and the texts that format_error/2
%% of the module named in its error_info gives, from which shells and reports make
%% "*** argument 1: not a list".
-module(error_info_diff).
-include("diff.hrl").

run() ->
    process_flag(trap_exit, true),
    logger:set_primary_config(level, none),
    [every(M, F, A) || {M, Fs} <- functions(), {F, As} <- Fs, A <- As].

every(M, F, 1) -> [explained(M, F, [X]) || X <- samples()];
every(M, F, A) ->
    times(if A =:= 2 -> 90; true -> 120 end,
          fun() -> explained(M, F, some(A, fun() -> pick(samples()) end)) end).

explained(M, F, Args) ->
    case skipped(M, F, Args) of
        true -> ok;
        false ->
            line([atom_to_list(M), $:, atom_to_list(F), text(Args), " -> ",
                  text(explain(M, F, Args))])
    end.

explain(M, F, Args) ->
    try apply(M, F, Args) of
        _ -> fine
    catch
        Class:Reason:Stack -> {Class, kind(Reason), info(Reason, Stack)}
    end.

kind(R) when is_tuple(R), tuple_size(R) > 0 -> element(1, R);
kind(R) -> R.

info(Reason, [{M, F, Args, Info} | _] = Stack) ->
    case lists:keyfind(error_info, 1, Info) of
        {error_info, Map} ->
            Module = maps:get(module, Map, M),
            Texts = Module:format_error(Reason, Stack),
            Pairs = lists:sort(maps:to_list(Texts)),
            {M, F, is_list(Args), Module, [{K, flat(V)} || {K, V} <- Pairs]};
        false -> {M, F, is_list(Args), none}
    end.

flat(V) -> list_to_atom(lists:sublist(unicode:characters_to_list(V), 200)).

%% What would take all memory or stop the machine.
skipped(_, F, Args)
  when F =:= make_tuple; F =:= seq; F =:= duplicate; F =:= posixtime_to_universaltime ->
    lists:any(fun(X) -> is_integer(X) andalso abs(X) > 100000 end, Args);
skipped(erlang, open_port, [_, []]) -> true; % OTP's format_error fails
skipped(erlang, F, Args) when F =:= group_leader; F =:= suspend_process; F =:= send ->
    lists:any(fun is_pid/1, Args);
skipped(_, _, _) -> false.

samples() ->
    [0, 1, -1, 2, 3, 10, 255, 256, 1 bsl 31, 1 bsl 64, -(1 bsl 64), 0.0, 1.5, -2.5, 1.0e100, a, true,
     false, undefined, '', [], "abc", [1, 2, 3], [a, b], [1 | 2], [[1], 2], [{a, 1}, {b, 2}],
     ["ab", <<"c">>], [-1], "12", "1.5", "zz", <<>>, <<"abc">>, <<255>>, <<"12">>, <<"1.5">>, <<1:3>>,
     {}, {a}, {a, b}, {1, 2, 3}, {0, 1}, #{}, #{a => 1}, utf8, latin1, unicode, [global], [trim],
     [{decimals, 2}], [short], [safe], [compressed], second, self(), make_ref(), fun(X) -> X end,
     fun(_, _) -> ok end, fun erlang:self/0, {{2020, 2, 29}, {12, 30, 15}}, {{2021, 2, 29}, {0, 0, 0}},
     <<131, 97, 1>>, list_to_tuple(lists:seq(1, 20)), lists:duplicate(256, $a), ['a' | <<"b">>],
     [{scope, {0, 2}}], foo_not_registered].

functions() ->
    [{erlang, [{abs, [1]}, {adler32, [1, 2]}, {adler32_combine, [3]}, {alias, [1]}, {append_element, [2]},
               {atom_to_binary, [1, 2]}, {atom_to_list, [1]}, {binary_part, [2, 3]},
               {binary_to_atom, [1, 2]}, {binary_to_existing_atom, [1, 2]}, {binary_to_float, [1]},
               {binary_to_integer, [1, 2]}, {binary_to_list, [1, 3]}, {binary_to_term, [1, 2]},
               {bit_size, [1]}, {bitstring_to_list, [1]}, {bump_reductions, [1]}, {byte_size, [1]},
               {cancel_timer, [1, 2]}, {ceil, [1]}, {check_old_code, [1]}, {check_process_code, [2, 3]},
               {convert_time_unit, [3]}, {crc32, [1, 2]}, {crc32_combine, [3]}, {delete_element, [2]},
               {delete_module, [1]}, {demonitor, [1, 2]}, {decode_packet, [3]}, {element, [2]},
               {error, [3]}, {external_size, [1, 2]}, {float, [1]}, {float_to_binary, [1, 2]},
               {float_to_list, [1, 2]}, {floor, [1]}, {fun_info, [1, 2]}, {fun_to_list, [1]},
               {function_exported, [3]}, {garbage_collect, [2]}, {get_keys, [1]}, {group_leader, [2]},
               {hd, [1]}, {insert_element, [3]}, {integer_to_binary, [1, 2]}, {integer_to_list, [1, 2]},
               {iolist_size, [1]}, {iolist_to_binary, [1]}, {iolist_to_iovec, [1]}, {is_builtin, [3]},
               {is_function, [2]}, {is_map_key, [2]}, {is_process_alive, [1]}, {is_record, [2, 3]},
               {length, [1]}, {link, [1]}, {list_to_atom, [1]}, {list_to_binary, [1]},
               {list_to_bitstring, [1]}, {list_to_existing_atom, [1]}, {list_to_float, [1]},
               {list_to_integer, [1, 2]}, {list_to_pid, [1]}, {list_to_port, [1]}, {list_to_ref, [1]},
               {list_to_tuple, [1]}, {load_module, [2]}, {localtime_to_universaltime, [1, 2]},
               {make_fun, [3]}, {make_tuple, [2, 3]}, {map_get, [2]}, {map_size, [1]}, {md5, [1]},
               {md5_final, [1]}, {md5_update, [2]}, {memory, [1]}, {module_loaded, [1]},
               {monitor, [2, 3]}, {monotonic_time, [1]}, {node, [1]}, {nodes, [1]}, {phash, [2]},
               {phash2, [2]}, {pid_to_list, [1]}, {port_close, [1]}, {port_command, [2, 3]},
               {port_connect, [2]}, {port_control, [3]}, {port_info, [1, 2]}, {port_to_list, [1]},
               {port_get_data, [1]}, {port_set_data, [2]}, {open_port, [2]},
               {posixtime_to_universaltime, [1]}, {process_display, [2]}, {process_flag, [2, 3]},
               {process_info, [1, 2]}, {read_timer, [1, 2]}, {ref_to_list, [1]}, {register, [2]},
               {resume_process, [1]}, {round, [1]}, {send, [2, 3]}, {send_after, [3, 4]},
               {send_nosuspend, [2, 3]}, {setelement, [3]}, {size, [1]}, {spawn, [1, 2, 3]},
               {spawn_link, [1, 3]}, {spawn_monitor, [1, 3]}, {spawn_opt, [2, 4]},
               {spawn_request_abandon, [1]}, {split_binary, [2]}, {start_timer, [3, 4]},
               {statistics, [1]}, {suspend_process, [1, 2]}, {system_flag, [2]}, {system_info, [1]},
               {system_time, [1]}, {term_to_binary, [2]}, {term_to_iovec, [2]}, {time_offset, [1]},
               {tl, [1]}, {trunc, [1]}, {tuple_size, [1]}, {tuple_to_list, [1]}, {unalias, [1]},
               {unique_integer, [1]}, {universaltime_to_localtime, [1]},
               {universaltime_to_posixtime, [1]}, {unlink, [1]}, {unregister, [1]}, {whereis, [1]},
               {'+', [2]}, {'-', [1]}, {'/', [2]}, {'div', [2]}, {'rem', [2]}, {'band', [2]},
               {'bnot', [1]}, {'++', [2]}, {'--', [2]}, {'and', [2]}, {'not', [1]}]},
     {lists, [{keyfind, [3]}, {keymember, [3]}, {keysearch, [3]}, {member, [2]}, {reverse, [2]},
              {seq, [2, 3]}, {nth, [2]}, {duplicate, [2]}]},
     {math, [{acos, [1]}, {acosh, [1]}, {asin, [1]}, {atan2, [2]}, {atanh, [1]}, {ceil, [1]}, {cos, [1]},
             {exp, [1]}, {fmod, [2]}, {log, [1]}, {log2, [1]}, {log10, [1]}, {pow, [2]}, {sqrt, [1]}]},
     {unicode, [{characters_to_list, [1, 2]}, {characters_to_binary, [1, 2, 3]}]},
     {persistent_term, [{get, [1]}, {erase, [1]}]},
     {atomics, [{new, [2]}, {get, [2]}, {put, [3]}, {add, [3]}, {add_get, [3]}, {sub, [3]},
                {sub_get, [3]}, {exchange, [3]}, {compare_exchange, [4]}, {info, [1]}]},
     {counters, [{new, [2]}, {get, [2]}, {put, [3]}, {add, [3]}, {sub, [3]}, {info, [1]}]}].
