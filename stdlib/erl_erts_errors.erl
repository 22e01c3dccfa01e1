%% What was wrong with the arguments of a built-in function of module erlang: for the text of
%% exceptions (error_info). Each argument has a kind; check/3 says what a value of that kind lacks.
-module(erl_erts_errors).
-export([format_error/2]).

-spec format_error(term(), [tuple()]) -> #{pos_integer() | general => unicode:chardata()}.
format_error(Reason, [{Module, Function, Args, _} | _])
  when is_list(Args), Module =:= erlang orelse Module =:= maps ->
    case Reason of
        {badmap, _} -> explain(Function, Args);
        {badkey, _} -> explain(Function, Args);
        {badarity, _} -> #{};
        {badfun, _} -> #{};
        badarith -> #{};
        system_limit -> limit(Function, Args);
        noproc -> #{};
        _ -> explain(Function, Args)
    end;
format_error(_, _) -> #{}.

limit(Function, Args) when Function =:= list_to_atom; Function =:= list_to_existing_atom;
                           Function =:= binary_to_atom; Function =:= binary_to_existing_atom ->
    case Args of
        [_ | _] -> #{1 => "too many characters in the atom name"};
        [] -> #{}
    end;
limit(_, _) -> #{}.

explain(Function, Args) ->
    Kinds = arguments(Function, length(Args)),
    Wrong = [{N, Text} || {N, Kind, Arg} <- number(1, Kinds, Args),
                          Text <- [check(Kind, Arg, Args)], Text =/= ok],
    case Wrong of
        [] -> maps:from_list(last_guess(Kinds, Args));
        _ -> maps:from_list(Wrong)
    end.

number(N, [Kind | Kinds], [Arg | Args]) -> [{N, Kind, Arg} | number(N + 1, Kinds, Args)];
number(_, _, _) -> [].

%% All arguments are of their kinds: then it is their values.
last_guess(Kinds, Args) ->
    [{N, Text} || {N, Kind, Arg} <- number(1, Kinds, Args),
                  Text <- [value(Kind, Arg)], Text =/= ok].

value(binary_float, _) -> "not a textual representation of a float";
value(binary_integer, _) -> "not a textual representation of an integer";
value(list_float, _) -> "not a textual representation of a float";
value(list_integer_base, _) -> "not a textual representation of an integer";
value(list_integer, _) -> "not a textual representation of an integer";
value(list_pid, _) -> "not a textual representation of a pid";
value(list_port, _) -> "not a textual representation of a port";
value(list_ref, _) -> "not a textual representation of a reference";
value(binary_existing, _) -> "not an already existing atom";
value(list_existing, _) -> "not an already existing atom";
value(binary_term, _) -> "invalid external representation of a term";
value(options, [_ | _]) -> "invalid option in list";
value(characters, _) -> "not a list of characters";
value(pid_suspended, _) -> "process is not suspended or is not alive";
value(index, _) -> "out of range";
value(index1, _) -> "out of range";
value(int_range, _) -> "out of range";
value(key, _) -> "not present in map";
value(registered, _) -> "not a registered name";
value(destination, _) -> "invalid destination";
value(info_items, _) -> "invalid item or item list";
value(statistics_item, _) -> "invalid statistics item";
value(system_item, _) -> "invalid system info item";
value(system_flag, Flag) when is_atom(Flag) -> ok;
value(item, _) -> "invalid item";
value(time_unit, _) -> "invalid time unit";
value(local_time, _) -> "not a valid local time";
value(universal_time, _) -> "not a valid universal time";
value(modifiers, _) -> "invalid modifier";
value(md5_context, _) -> "invalid MD5 context";
value(memory_type, _) -> "invalid memory type option";
value(encoding_out, _) -> "is an invalid encoding option";
value(_, _) -> ok.

%% ok, or what is wrong.
check(any, _, _) -> ok;
check(atom, V, _) -> unless(is_atom(V), "not an atom");
check(number, V, _) -> unless(is_number(V), "not a number");
check(integer, V, _) -> unless(is_integer(V), "not an integer");
check(float, V, _) -> unless(is_float(V), "not a float");
check(tuple, V, _) -> unless(is_tuple(V), "not a tuple");
check(map, V, _) -> unless(is_map(V), "not a map");
check(key, _, _) -> ok;
check('fun', V, _) -> unless(is_function(V), "not a fun");
check(pid, V, _) -> unless(is_pid(V), "not a pid");
check(pid_suspended, V, _) -> unless(is_pid(V), "not a pid");
check(port, V, _) -> unless(is_port(V) orelse is_atom(V), "not a port");
check(reference, V, _) -> unless(is_reference(V), "not a reference");
check(identifier, V, _) ->
    unless(is_pid(V) orelse is_port(V) orelse is_reference(V), "not a pid");
check(pid_or_port, V, _) -> unless(is_pid(V) orelse is_port(V), "not a pid or port");
check(pid_or_port_alive, V, _) ->
    unless(is_pid(V) orelse is_port(V), "not a pid or port");
check(binary, V, _) -> unless(is_binary(V), "not a binary");
check(binary_float, V, _) -> unless(is_binary(V), "not a binary");
check(binary_integer, V, _) -> unless(is_binary(V), "not a binary");
check(binary_term, V, _) -> unless(is_binary(V), "not a binary");
check(binary_existing, V, _) -> unless(is_binary(V), "not a binary");
check(md5_context, V, _) -> unless(is_binary(V), "not a binary");
check(bitstring, V, _) -> unless(is_bitstring(V), "not a bitstring");
check(iodata, V, _) -> unless(is_iodata(V), "not an iodata term");
check(iolist, V, _) -> unless(is_list(V) andalso is_iodata(V), "not an iolist term");
check(bitstring_list, V, _) -> unless(is_list(V) andalso is_iodata(V), "not a bitstring list");
check(nonempty, V, _) ->
    case V of [_ | _] -> ok; _ -> "not a nonempty list" end;
check(proper_list, V, _) -> unless(is_proper(V), "not a list");
check(proper, V, _) -> proper(V);
check(arglist, V, _) -> proper(V);
check(options, V, _) -> proper(V);
check(modifiers, V, _) -> proper(V);
check(string, V, _) -> proper(V);
check(stacktrace, V, _) -> proper(V);
check(list_integer_base, V, _) -> proper(V);
check(characters, V, _) -> proper(V);
check(list_existing, V, _) -> proper(V);
check(list_float, V, _) -> unless(is_list(V), "not a list");
check(list_integer, V, _) -> unless(is_list(V), "not a list");
check(list_pid, V, _) -> unless(is_list(V), "not a list");
check(list_port, V, _) -> unless(is_list(V), "not a list");
check(list_ref, V, _) -> unless(is_list(V), "not a list");
check(nonneg, V, _) -> from(V, 0);
check(positive, V, _) -> from(V, 1);
check(pos, V, _) -> from(V, 1);
check(arity, V, _) ->
    case from(V, 0) of
        ok -> unless(V =< 255, "out of range");
        Wrong -> Wrong
    end;
check(int_range, V, _) -> from(V, 0);
check(index, V, Args) -> index(V, Args, 0);
check(index1, V, Args) -> index(V, Args, 1);
check(base, V, _) ->
    unless(is_integer(V) andalso V >= 2 andalso V =< 36,
           "not an integer in the range 2 through 36");
check(encoding, V, _) ->
    unless(lists:member(V, [latin1, utf8, unicode]),
           "not one of the atoms: latin1, utf8, or unicode");
check(encoding_out, V, _) ->
    unless(lists:member(V, [latin1, utf8, unicode]), "is an invalid encoding option");
check(pos_length, V, _) ->
    case V of
        {P, L} when is_integer(P), is_integer(L) -> ok;
        _ -> "not a valid {Pos,Length} tuple"
    end;
check(time_unit, V, _) -> unless(is_time_unit(V), "invalid time unit");
check(time, V, _) -> from(V, 0);
check(timer_destination, V, _) -> unless(is_pid(V) orelse is_atom(V), "not a pid or an atom");
check(is_dst, V, _) ->
    unless(lists:member(V, [true, false, undefined]), "not 'true', 'false', or 'undefined'");
check(sized, V, _) -> unless(is_tuple(V) orelse is_binary(V), "not tuple or binary");
check(name, V, Args) ->
    case V of
        undefined -> "'undefined' is not a valid name";
        _ when is_atom(V) ->
            case is_atom(V) andalso whereis(V) =/= undefined andalso is_pid(hd(tl(Args))) of
                true -> "name is in use";
                false -> ok
            end;
        _ -> "not an atom"
    end;
check(registered, V, _) -> unless(is_atom(V), "not an atom");
check(class, V, _) ->
    unless(lists:member(V, [error, exit, throw]), "invalid exception class");
check(monitor_type, V, _) ->
    unless(lists:member(V, [process, port, time_offset]), "invalid monitor type");
check(memory_type, V, _) ->
    unless(is_atom(V) orelse is_list(V), "not an atom or a list of atoms");
check(node_kinds, V, _) ->
    unless(is_atom(V) orelse is_list(V), "not a valid node type");
check(halt, V, _) ->
    unless((is_integer(V) andalso V >= 0) orelse is_list(V) orelse V =:= abort,
           "invalid halt status");
check(_, _, _) -> ok.

unless(true, _) -> ok;
unless(false, Text) -> Text.

from(V, Least) when is_integer(V) -> unless(V >= Least, "out of range");
from(_, _) -> "not an integer".

%% An index into the tuple among the arguments, which may be `More` beyond its end.
index(V, _, _) when not is_integer(V) -> "not an integer";
index(V, [_, Tuple | _], More) when is_tuple(Tuple) ->
    unless(V >= 1 andalso V =< tuple_size(Tuple) + More, "out of range");
index(V, _, _) -> unless(V >= 1, "out of range").

proper(V) when is_list(V) -> unless(is_proper(V), "not a proper list");
proper(_) -> "not a list".

is_proper(V) ->
    try length(V) of _ -> true catch error:_ -> false end.

is_iodata(V) ->
    try iolist_size(V) of _ -> true catch error:_ -> false end.

is_time_unit(Unit) ->
    try erlang:convert_time_unit(0, Unit, second) of _ -> true catch error:_ -> false end.

%% The kinds of a function's arguments.
arguments(abs, 1) -> [number];
arguments(adler32, 1) -> [iodata];
arguments(adler32, 2) -> [nonneg, iodata];
arguments(adler32_combine, 3) -> [nonneg, nonneg, nonneg];
arguments(alias, 1) -> [options];
arguments(append, 2) -> [proper_list, any];
arguments(append_element, 2) -> [tuple, any];
arguments(apply, 2) -> ['fun', arglist];
arguments(apply, 3) -> [atom, atom, arglist];
arguments(atom_to_binary, 1) -> [atom];
arguments(atom_to_binary, 2) -> [atom, encoding_out];
arguments(atom_to_list, 1) -> [atom];
arguments(binary_part, 2) -> [binary, pos_length];
arguments(binary_part, 3) -> [binary, int_range, int_range];
arguments(binary_to_atom, 1) -> [binary];
arguments(binary_to_atom, 2) -> [binary, encoding];
arguments(binary_to_existing_atom, 1) -> [binary_existing];
arguments(binary_to_existing_atom, 2) -> [binary, encoding];
arguments(binary_to_float, 1) -> [binary_float];
arguments(binary_to_integer, 1) -> [binary_integer];
arguments(binary_to_integer, 2) -> [binary_integer, base];
arguments(binary_to_list, 1) -> [binary];
arguments(binary_to_list, 3) -> [binary, pos, pos];
arguments(binary_to_term, 1) -> [binary_term];
arguments(binary_to_term, 2) -> [binary_term, options];
arguments(bit_size, 1) -> [bitstring];
arguments(bitstring_to_list, 1) -> [bitstring];
arguments(bump_reductions, 1) -> [positive];
arguments(byte_size, 1) -> [bitstring];
arguments(cancel_timer, 1) -> [reference];
arguments(cancel_timer, 2) -> [reference, options];
arguments(ceil, 1) -> [number];
arguments(check_old_code, 1) -> [atom];
arguments(check_process_code, 2) -> [pid, atom];
arguments(check_process_code, 3) -> [pid, atom, options];
arguments(convert_time_unit, 3) -> [integer, time_unit, time_unit];
arguments(crc32, 1) -> [iodata];
arguments(crc32, 2) -> [nonneg, iodata];
arguments(crc32_combine, 3) -> [nonneg, nonneg, nonneg];
arguments(decode_packet, 3) -> [any, binary, options];
arguments(delete_element, 2) -> [index, tuple];
arguments(delete_module, 1) -> [atom];
arguments(demonitor, 1) -> [reference];
arguments(demonitor, 2) -> [reference, options];
arguments(display_string, 1) -> [string];
arguments(element, 2) -> [index, tuple];
arguments(exit, 2) -> [pid_or_port, any];
arguments(external_size, 2) -> [any, options];
arguments(float, 1) -> [number];
arguments(float_to_binary, 1) -> [float];
arguments(float_to_binary, 2) -> [float, options];
arguments(float_to_list, 1) -> [float];
arguments(float_to_list, 2) -> [float, options];
arguments(floor, 1) -> [number];
arguments(fun_info, 1) -> ['fun'];
arguments(fun_info, 2) -> ['fun', item];
arguments(fun_to_list, 1) -> ['fun'];
arguments(function_exported, 3) -> [atom, atom, arity];
arguments(garbage_collect, 1) -> [pid];
arguments(garbage_collect, 2) -> [pid, options];
arguments(get_cookie, 1) -> [atom];
arguments(group_leader, 2) -> [pid, pid];
arguments(halt, 1) -> [halt];
arguments(halt, 2) -> [halt, options];
arguments(hd, 1) -> [nonempty];
arguments(insert_element, 3) -> [index1, tuple, any];
arguments(integer_to_binary, 1) -> [integer];
arguments(integer_to_binary, 2) -> [integer, base];
arguments(integer_to_list, 1) -> [integer];
arguments(integer_to_list, 2) -> [integer, base];
arguments(iolist_size, 1) -> [iodata];
arguments(iolist_to_binary, 1) -> [iodata];
arguments(iolist_to_iovec, 1) -> [iodata];
arguments(is_builtin, 3) -> [atom, atom, arity];
arguments(is_function, 2) -> [any, nonneg];
arguments(is_map_key, 2) -> [any, map];
arguments(is_process_alive, 1) -> [pid];
arguments(is_record, 2) -> [any, atom];
arguments(is_record, 3) -> [any, atom, integer];
arguments(length, 1) -> [proper_list];
arguments(link, 1) -> [pid_or_port];
arguments(list_to_atom, 1) -> [characters];
arguments(list_to_binary, 1) -> [iolist];
arguments(list_to_bitstring, 1) -> [bitstring_list];
arguments(list_to_existing_atom, 1) -> [list_existing];
arguments(list_to_float, 1) -> [list_float];
arguments(list_to_integer, 1) -> [list_integer];
arguments(list_to_integer, 2) -> [list_integer_base, base];
arguments(list_to_pid, 1) -> [list_pid];
arguments(list_to_port, 1) -> [list_port];
arguments(list_to_ref, 1) -> [list_ref];
arguments(list_to_tuple, 1) -> [proper_list];
arguments(load_module, 2) -> [atom, binary];
arguments(localtime_to_universaltime, 1) -> [local_time];
arguments(localtime_to_universaltime, 2) -> [local_time, is_dst];
arguments(make_fun, 3) -> [atom, atom, arity];
arguments(make_tuple, 2) -> [nonneg, any];
arguments(make_tuple, 3) -> [nonneg, any, options];
arguments(map_get, 2) -> [key, map];
arguments(map_size, 1) -> [map];
arguments(md5, 1) -> [iodata];
arguments(md5_final, 1) -> [md5_context];
arguments(md5_update, 2) -> [md5_context, iodata];
arguments(memory, 1) -> [memory_type];
arguments(module_loaded, 1) -> [atom];
arguments(monitor, 2) -> [monitor_type, any];
arguments(monitor, 3) -> [monitor_type, any, options];
arguments(monotonic_time, 1) -> [time_unit];
arguments(node, 1) -> [identifier];
arguments(nodes, 1) -> [node_kinds];
arguments(phash, 2) -> [any_range, positive];
arguments(phash2, 2) -> [any, positive];
arguments(pid_to_list, 1) -> [pid];
arguments(port_close, 1) -> [port];
arguments(port_command, 2) -> [port, iodata];
arguments(port_command, 3) -> [port, iodata];
arguments(port_connect, 2) -> [port, pid];
arguments(port_control, 3) -> [port, nonneg, iodata];
arguments(port_info, 1) -> [port];
arguments(port_info, 2) -> [port, item_option];
arguments(port_to_list, 1) -> [port];
arguments(posixtime_to_universaltime, 1) -> [integer];
arguments(process_display, 2) -> [pid, any];
arguments(process_flag, 2) -> [flag, any];
arguments(process_flag, 3) -> [pid, flag, any];
arguments(process_info, 1) -> [pid];
arguments(process_info, 2) -> [pid, info_items];
arguments(purge_module, 1) -> [atom];
arguments(raise, 3) -> [class, any, stacktrace];
arguments(read_timer, 1) -> [reference];
arguments(read_timer, 2) -> [reference, options];
arguments(ref_to_list, 1) -> [reference];
arguments(register, 2) -> [name, pid_or_port_alive];
arguments(resume_process, 1) -> [pid_suspended];
arguments(round, 1) -> [number];
arguments(send, 2) -> [destination, any];
arguments(send, 3) -> [destination, any, options];
arguments(send_after, 3) -> [time, timer_destination, any];
arguments(send_after, 4) -> [time, timer_destination, any, options];
arguments(setelement, 3) -> [index, tuple, any];
arguments(size, 1) -> [sized];
arguments(spawn, 1) -> ['fun'];
arguments(spawn, 2) -> [atom, 'fun'];
arguments(spawn, 3) -> [atom, atom, arglist];
arguments(spawn, 4) -> [atom, atom, atom, arglist];
arguments(spawn_link, 1) -> ['fun'];
arguments(spawn_link, 2) -> [atom, 'fun'];
arguments(spawn_link, 3) -> [atom, atom, arglist];
arguments(spawn_link, 4) -> [atom, atom, atom, arglist];
arguments(spawn_monitor, 1) -> ['fun'];
arguments(spawn_monitor, 3) -> [atom, atom, arglist];
arguments(spawn_opt, 2) -> ['fun', options];
arguments(spawn_opt, 4) -> [atom, atom, arglist, options];
arguments(spawn_request, 1) -> ['fun'];
arguments(spawn_request, 3) -> [atom, atom, arglist];
arguments(spawn_request_abandon, 1) -> [reference];
arguments(split_binary, 2) -> [binary, int_range];
arguments(start_timer, 3) -> [time, timer_destination, any];
arguments(start_timer, 4) -> [time, timer_destination, any, options];
arguments(statistics, 1) -> [statistics_item];
arguments(subtract, 2) -> [proper, proper];
arguments(suspend_process, 1) -> [pid];
arguments(suspend_process, 2) -> [pid, options];
arguments(system_flag, 2) -> [system_flag, any];
arguments(system_info, 1) -> [system_item];
arguments(system_time, 1) -> [time_unit];
arguments(term_to_binary, 2) -> [any, options];
arguments(term_to_iovec, 2) -> [any, options];
arguments(time_offset, 1) -> [time_unit];
arguments(tl, 1) -> [nonempty];
arguments(trunc, 1) -> [number];
arguments(tuple_size, 1) -> [tuple];
arguments(tuple_to_list, 1) -> [tuple];
arguments(unalias, 1) -> [reference];
arguments(unique_integer, 1) -> [modifiers];
arguments(universaltime_to_localtime, 1) -> [universal_time];
arguments(universaltime_to_posixtime, 1) -> [universal_time];
arguments(unlink, 1) -> [pid_or_port];
arguments(unregister, 1) -> [registered];
arguments(whereis, 1) -> [atom];
arguments(_, _) -> [].
