%% A table of BIFs with wrong arguments: all raise badarg (or what erl raises).
-module(errors_from_bifs_with_bad_arguments).
-export([main/0]).

main() ->
    Calls = [{abs, [a]}, {atom_to_list, ["a"]}, {binary_to_list, [a]}, {binary_to_term, [<<1, 2>>]}, {bit_size, [1]}, {byte_size, [a]}, {element, [1, a]},
             {element, [0, {a}]}, {float, [a]}, {float_to_list, [1]}, {hd, [a]}, {integer_to_list, [1.0]}, {iolist_to_binary, [a]}, {length, [a]},
             {list_to_atom, [a]}, {list_to_atom, [[-1]]}, {list_to_binary, [[a]]}, {list_to_integer, ["a"]}, {list_to_tuple, [a]}, {map_size, [a]},
             {round, [a]}, {setelement, [0, {a}, b]}, {size, [a]}, {split_binary, [<<1>>, 2]}, {tl, [a]}, {trunc, [a]}, {tuple_size, [[]]},
             {tuple_to_list, [a]}, {make_tuple, [-1, a]}, {append_element, [a, b]}, {monitor, [bad, self()]}, {link, [1]},
             {unlink, [a]}, {exit, [a, b]}, {send, [1, x]}, {whereis, [1]}, {register, [1, self()]}, {process_flag, [bad, true]},
             {process_flag, [trap_exit, 1]}, {spawn, [1, 2, 3]}, {apply, [lists, reverse, a]}, {binary_part, [<<1>>, 0, 2]}, {cancel_timer, [a]},
             {start_timer, [-1, self(), a]}, {demonitor, [a]}, {group_leader, [a, self()]}, {is_process_alive, [a]}, {process_info, [a]},
             {process_info, [self(), bad]}, {bitstring_to_list, [a]}, {list_to_bitstring, [[a]]}, {atom_to_binary, [1]}, {binary_to_atom, [a]},
             {ceil, [a]}, {floor, [a]}, {is_map_key, [a, b]}, {map_get, [a, b]}, {map_get, [a, #{}]}, {max, [a]}, {throw, [thrown]}],
    [io:format("~w/~w: ~w~n", [F, length(A), try {ok, apply(erlang, F, A)} catch C:R -> {C, R} end]) || {F, A} <- Calls].
