%% What was wrong with the arguments of a built-in function, for the text of exceptions
%% (error_info). Each argument has a kind: check/3 says what a value of that kind lacks; where no
%% argument lacks anything, value/2 says what may be wrong with what it means.
-module(erl_erts_errors).
-export([format_error/2, format_bs_fail/2]).

-spec format_error(term(), [tuple()]) -> #{pos_integer() => binary()}.
format_error(Reason, [{Module, Function, Args, Where} | _]) when is_list(Args) ->
    Texts = texts(Module, Function, Args, Reason, cause(Where)),
    maps:from_list([{N, unicode:characters_to_binary(Text)} || {N, Text} <- Texts, Text =/= ok]);
format_error(_, _) -> #{}.

%% Of the construction of a binary: the cause is {Number, Type, What, Value}.
-spec format_bs_fail(term(), [tuple()]) -> #{general => binary(), reason => binary()}.
format_bs_fail(Reason, [{_, _, _, Where} | _]) ->
    {error_info, #{cause := {Position, Type, What, Value}} = Info} = lists:keyfind(error_info, 1, Where),
    Number = maps:get(override_segment_position, Info, Position),
    Printer = maps:get(pretty_printer, Info, fun shortened/1),
    Text = io_lib:format("segment ~w of type '~ts': ~ts",
                         [Number, Type, segment_text(Reason, Type, What, Value, Printer)]),
    #{general => unicode:characters_to_binary(Text), reason => <<"construction of binary failed">>}.

segment_text(_, binary, type, Value, Printer) -> ["expected a binary but got: ", Printer(Value)];
segment_text(_, float, type, Value, Printer) ->
    ["expected a float or an integer but got: ", Printer(Value)];
segment_text(_, integer, type, Value, Printer) -> ["expected an integer but got: ", Printer(Value)];
segment_text(_, Utf, type, Value, Printer) ->
    ["expected a non-negative integer encodable as ", atom_to_list(Utf), " but got: ",
     Printer(Value)];
segment_text(system_limit, _, size, Value, _) ->
    ["the size ", integer_to_list(Value), " is too large"];
segment_text(_, _, size, Value, Printer) ->
    ["expected a non-negative integer as size but got: ", Printer(Value)];
segment_text(_, _, invalid, Value, Printer) ->
    ["expected one of the supported sizes 16, 32, or 64 but got: ", Printer(Value)];
segment_text(_, _, short, Value, Printer) ->
    ["the value ", Printer(Value), " is shorter than the size of the segment"];
segment_text(_, _, unit, Value, Printer) ->
    ["the size of the value ", Printer(Value), " is not a multiple of the unit for the segment"];
segment_text(_, _, no_float, Value, Printer) ->
    ["the value ", Printer(Value), " is outside the range expressible as a float"].

%% Long numbers and binaries are shown by their ends.
shortened(Value) when is_integer(Value) ->
    Text = integer_to_list(Value),
    case length(Text) of
        Length when Length >= 48 ->
            [lists:sublist(Text, 12), "...", lists:nthtail(Length - 12, Text)];
        _ -> Text
    end;
shortened(Value) when is_bitstring(Value), bit_size(Value) > 15 * 8 ->
    <<First:8/binary, _/bits>> = Value,
    Bits = 8 + case bit_size(Value) rem 8 of 0 -> 8; More -> More end,
    Before = bit_size(Value) - Bits,
    <<_:Before, Last/bits>> = Value,
    [$<, $< | Begins] = lists:droplast(lists:droplast(plain(First))),
    [$<, $< | Ends] = plain(Last),
    ["<<", Begins, "...,", Ends];
shortened(Value) -> io_lib:format("~0tP", [Value, 20]).

plain(Binary) -> lists:flatten(io_lib:format("~w", [Binary])).

cause([{error_info, #{cause := Cause}} | _]) -> Cause;
cause([_ | Where]) -> cause(Where);
cause([]) -> none.

texts(persistent_term, get, [_], _, _) -> [{1, "no persistent term stored with this key"}];
texts(persistent_term, put_new, [_, _], badarg, _) ->
    [{1, "a persistent term with this key already exists"}];
texts(Module, new, _, system_limit, _) when Module =:= atomics; Module =:= counters ->
    [{1, [atom_to_list(Module), " array size reached a system limit"]}];
texts(Module, Function, Args, _, _) when Module =:= atomics; Module =:= counters ->
    case explain(cells(Module, Function, length(Args)), Args) of
        [{1, _} | _] = Texts -> Texts;
        Texts when Module =:= counters, Function =/= new -> lists:sublist(Texts, 1);
        Texts -> Texts
    end;
texts(erlang, Function, Args, Reason, Cause) ->
    case Reason of
        badarith -> [];
        system_limit -> [];
        {badarity, _} -> [];
        {badfun, _} -> [];
        _ -> special(Function, Args, Reason, Cause)
    end;
texts(_, _, _, _, _) -> [].

%% Functions whose arguments are not judged one by one.
special(apply, [_, _], _, _) -> [];
special(match_spec_test, [_, _, Dialect], _, _) ->
    [if Dialect =:= trace -> {1, "not a list"}; true -> {3, "invalid type for match spec"} end];
special(open_port, [Name, Options], Reason, Cause) -> open_port_texts(Name, Options, Reason, Cause);
special(binary_part, [Binary, Start, Length], _, _) ->
    case [check(binary, Binary), check(nonneg, Start), check(integer, Length)] of
        [ok, ok, ok] when Start > byte_size(Binary) -> [{2, "out of range"}];
        [ok, ok, ok] -> [{3, "out of range"}];
        Texts -> numbered(Texts)
    end;
special(binary_part, [Binary, {Start, Length}], _, _) when is_integer(Start), is_integer(Length) ->
    case check(binary, Binary) of
        ok -> [{2, "out of range"}];
        Text -> [{1, Text}]
    end;
special(binary_to_term, [Binary, Options], _, _) ->
    case [check(binary, Binary), check({options, binary_to_term}, Options)] of
        [ok, ok] ->
            case lists:member(safe, Options) of
                true -> [{1, "invalid or unsafe external representation of a term"}];
                false -> [{1, "invalid external representation of a term"}]
            end;
        Texts -> numbered(Texts)
    end;
special(decode_packet, [Type, Binary, Options], _, _) ->
    case [check(binary, Binary), check(proper, Options)] of
        [ok, ok] -> numbered([check(packet_type, Type), ok, "invalid option in list"]);
        Texts -> numbered([check(packet_type, Type) | Texts])
    end;
special(is_record, [_, Tag], _, _) -> [{1, check(atom, Tag)}];
special(Hash, [_, Range], _, _) when Hash =:= phash; Hash =:= phash2 ->
    [{1, check(positive, Range)}];
special(list_to_existing_atom, [List], _, _) ->
    case check(characters, List) of
        ok -> [{1, "not an already existing atom"}];
        Text -> [{1, Text}]
    end;
special(make_tuple, [_, _], _, _) -> [{1, "out of range"}];
special(monitor, [Type, Item, Options], Reason, Cause) ->
    case check({options, monitor}, Options) of
        ok -> special(monitor, [Type, Item], Reason, Cause);
        Text -> [{3, Text}]
    end;
special(monitor, [process, _], _, _) -> [{2, "not a pid"}];
special(monitor, [port, _], _, _) -> [{2, "not a port"}];
special(monitor, [time_offset, _], _, _) -> [];
special(monitor, [_, _], _, _) -> [{1, "invalid monitor type"}];
special(process_flag, [Flag, _], _, _) ->
    case is_process_flag(Flag) of
        true -> [{2, "invalid value for this process flag"}];
        false -> [{1, "invalid process flag"}]
    end;
special(process_flag, [Pid, Flag, _], _, _) ->
    case [check(pid, Pid), unless(Flag =:= save_calls, "invalid process flag")] of
        [ok, ok] -> [{3, "invalid value for process flag 'save_calls'"}];
        Texts -> numbered(Texts)
    end;
special(process_info, [Pid, _], _, _) ->
    case check(pid, Pid) of
        ok -> [{2, "invalid item or item list"}];
        Text -> [{1, Text}]
    end;
special(register, [Name, What], _, _) -> register_texts(Name, What);
special(Send, [_, _, Options], _, _) when Send =:= send; Send =:= send_nosuspend ->
    case check({options, send}, Options) of
        ok -> [{1, "invalid destination"}];
        Text -> [{3, Text}]
    end;
special(Timer, [Time, To, _, Options], _, _) when Timer =:= send_after; Timer =:= start_timer ->
    Others = [check(nonneg, Time), check(timer_destination, To)],
    case check({options, timer}, Options) of
        ok when Others =:= [ok, ok] -> [{1, check(time, Time)}];
        Text -> numbered(Others ++ [Text])
    end;
special(spawn_opt, [{M, F}, Options], _, _) when is_atom(M), is_atom(F) ->
    [{4, check(spawn_options, Options)}];
special(spawn_opt, [Fun, Options], _, _) ->
    case check('fun', Fun) of
        ok -> [{2, check(spawn_options, Options)}];
        Text -> [{1, Text}]
    end;
special(suspend_process, [Pid | Options], _, _) ->
    case check(pid, Pid) of
        _ when Pid =:= self() -> [{1, "the pid refers to the current process"}];
        ok when Options =:= [] -> [{1, "the pid does not refer to an existing process"}];
        ok ->
            case check({options, suspend_process}, hd(Options)) of
                ok -> [{1, "the pid does not refer to an existing process"}];
                Text -> [{2, Text}]
            end;
        Text -> [{1, Text}]
    end;
special(system_flag, [Flag, _], _, _) ->
    case is_system_flag(Flag) of
        true -> [{2, "invalid value for this system flag"}];
        false -> [{1, "invalid system flag"}]
    end;
special(Function, Args, _, _) -> explain(arguments(Function, length(Args)), Args).

numbered(Texts) -> lists:zip(lists:seq(1, length(Texts)), Texts).

%% A text for each argument.
explain(Kinds, Args) ->
    Numbered = numbered(Kinds, Args, 1),
    Wrong = [{N, check(Kind, Arg, Args)} || {N, Kind, Arg} <- Numbered],
    case [W || {_, Text} = W <- Wrong, Text =/= ok] of
        [] -> [{N, Text} || {N, Kind, Arg} <- Numbered, (Text = value(Kind, Arg)) =/= ok];
        Texts -> Texts
    end.

numbered([Kind | Kinds], [Arg | Args], N) -> [{N, Kind, Arg} | numbered(Kinds, Args, N + 1)];
numbered(_, _, _) -> [].

value(binary_atom, _) -> "invalid UTF8 encoding";
value(binary_existing, Binary) ->
    case unicode:characters_to_list(Binary) of
        List when is_list(List) -> "not an already existing atom";
        _ -> "invalid UTF8 encoding"
    end;
value(binary_float, _) -> "not a textual representation of a float";
value(binary_integer, _) -> "not a textual representation of an integer";
value(list_float, _) -> "not a textual representation of a float";
value(list_integer_base, _) -> "not a textual representation of an integer";
value(list_integer, _) -> "not a textual representation of an integer";
value(list_pid, _) -> "not a textual representation of a pid";
value(list_port, _) -> "not a textual representation of a port";
value(list_ref, _) -> "not a textual representation of a reference";
value(binary_term, _) -> "invalid external representation of a term";
value(options, [_ | _]) -> "invalid option in list";
value(characters, _) -> "not a list of characters";
value(pid_suspended, _) -> "process is not suspended or is not alive";
value(index, _) -> "out of range";
value(index1, _) -> "out of range";
value(int_range, _) -> "out of range";
value(key, _) -> "not present in map";
value(destination, _) -> "invalid destination";
value(item, _) -> "invalid item";
value(local_time, _) -> "not a valid local time";
value(universal_time, _) -> "not a valid universal time";
value(modifiers, _) -> "invalid modifier";
value(encoding_out, _) -> "is an invalid encoding option";
value(_, _) -> ok.

check(Kind, Value) -> check(Kind, Value, []).

%% ok, or what is wrong.
check(atom, V, _) -> unless(is_atom(V), "not an atom");
check(number, V, _) -> unless(is_number(V), "not a number");
check(integer, V, _) -> unless(is_integer(V), "not an integer");
check(float, V, _) -> unless(is_float(V), "not a float");
check(tuple, V, _) -> unless(is_tuple(V), "not a tuple");
check(map, V, _) -> unless(is_map(V), "not a map");
check('fun', V, _) -> unless(is_function(V), "not a fun");
check(fun_or_pair, {M, F}, _) when is_atom(M), is_atom(F) -> ok;
check(fun_or_pair, V, Args) -> check('fun', V, Args);
check(fun0, V, _) -> unless(is_function(V, 0), "not a fun");
check(pid, V, _) -> unless(is_pid(V), "not a pid");
check(pid_suspended, V, _) -> unless(is_pid(V), "not a pid");
check(pid_or_port, V, _) -> unless(is_pid(V) orelse is_port(V), "not a pid or port");
check(pid_of_pid_or_port, V, _) -> unless(is_pid(V) orelse is_port(V), "not a pid");
check(port, V, _) -> unless(is_port(V), "not a port");
check(port_or_name, V, _) -> unless(is_port(V) orelse is_atom(V), "not a port");
check(reference, V, _) -> unless(is_reference(V), "not a reference");
check(identifier, V, _) ->
    unless(is_pid(V) orelse is_port(V) orelse is_reference(V), "not a pid");
check(Binary, V, _)
  when Binary =:= binary; Binary =:= binary_float; Binary =:= binary_integer;
       Binary =:= binary_term; Binary =:= binary_existing; Binary =:= binary_atom ->
    unless(is_binary(V), "not a binary");
check(md5_context, V, _) when is_binary(V) -> unless(is_md5_context(V), "invalid MD5 context");
check(md5_context, _, _) -> "not a binary";
check(bitstring, V, _) -> unless(is_bitstring(V), "not a bitstring");
check(iodata, V, _) -> unless(is_iodata(V), "not an iodata term");
check(iolist, V, _) -> unless(is_list(V) andalso is_iodata(V), "not an iolist term");
check(bitstring_list, V, _) -> unless(is_list(V) andalso is_iodata(V), "not a bitstring list");
check(nonempty, V, _) ->
    case V of [_ | _] -> ok; _ -> "not a nonempty list" end;
check(List, V, _)
  when List =:= list; List =:= list_float; List =:= list_integer; List =:= list_pid;
       List =:= list_port; List =:= list_ref ->
    unless(is_proper(V), "not a list");
check(List, V, _)
  when List =:= proper; List =:= options; List =:= modifiers; List =:= list_integer_base ->
    proper(V);
check(characters, V, _) ->
    case proper(V) of
        ok -> unless(lists:all(fun is_character/1, V), "not a list of characters");
        Text -> Text
    end;
check({options, Of}, V, _) ->
    case proper(V) of
        ok -> unless(are_options(Of, V), "invalid option in list");
        Text -> Text
    end;
check({all_options, Of}, V, _) ->
    unless(is_proper(V) andalso are_options(Of, V), "invalid option in list");
check(spawn_options, V, _) ->
    case proper(V) of
        ok -> unless(are_options(spawn, V), "invalid spawn option");
        Text -> Text
    end;
check(nonneg, V, _) -> from(V, 0);
check(positive, V, _) -> from(V, 1);
check(u32, V, _) when is_integer(V), V >= 1 bsl 32 -> "out of range";
check(u32, V, _) -> from(V, 0);
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
check(time, V, _) when is_integer(V), V >= 1 bsl 62 -> "exceeds the maximum supported time value";
check(time, V, _) -> from(V, 0);
check(timer_destination, V, _) -> unless(is_pid(V) orelse is_atom(V), "not a pid or an atom");
check(is_dst, V, _) ->
    unless(lists:member(V, [true, false, undefined]), "not 'true', 'false', or 'undefined'");
check(date_time, V, _) -> unless(is_date_time(V), "not a valid local time");
check(sized, V, _) -> unless(is_tuple(V) orelse is_binary(V), "not tuple or binary");
check(class, V, _) ->
    unless(lists:member(V, [error, exit, throw]), "invalid exception class");
check(memory_type, V, _) when is_atom(V) -> "invalid memory type option";
check(memory_type, V, _) ->
    case is_proper(V) of
        true -> "invalid option in list";
        false -> "not an atom or a list of atoms"
    end;
check(node_types, V, _) when is_atom(V) -> unless(is_node_type(V), "not a valid node type");
check(node_types, V, _) when is_list(V) ->
    unless(is_proper(V) andalso lists:all(fun is_node_type/1, V), "not a list of valid node types");
check(node_types, _, _) -> "not a valid node type or list of valid node types";
check(packet_type, V, _) ->
    unless(lists:member(V, [raw, 0, 1, 2, 4, asn1, sunrm, cdr, fcgi, tpkt, line, http, http_bin,
                            httph, httph_bin, ssl_tls]),
           "invalid packet type");
check(status, V, _) ->
    unless((is_integer(V) andalso V >= 0) orelse is_list(V) orelse V =:= abort, "invalid status");
check({text, Text}, _, _) -> Text;
check({one_of, Values, Text}, V, _) -> unless(lists:member(V, Values), Text);
check({cells, Module}, V, _) ->
    try Module:info(V) of _ -> ok catch error:_ -> "invalid atomics reference" end;
check({cell_index, Module}, V, [Ref | _]) when is_integer(V) ->
    #{size := Size} = cells_of(Module, Ref),
    unless(V >= 1 andalso V =< Size, "out of range");
check({cell_index, _}, _, _) -> "not an integer";
check({cell_value, Module}, V, [Ref | _]) when is_integer(V) ->
    case cells_of(Module, Ref) of
        #{min := Least, max := Most} -> unless(V >= Least andalso V =< Most, "out of range");
        #{memory := _} -> unless(V >= -(1 bsl 63) andalso V < 1 bsl 63, "out of range");
        _ -> ok
    end;
check({cell_value, _}, _, _) -> "not an integer";
check(_, _, _) -> ok.

%% What atomics or counters these are. Of what is neither, any index above 0 will do, and any value.
cells_of(Module, Ref) ->
    try Module:info(Ref) catch error:_ -> #{size => infinity} end.

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

is_character(C) -> is_integer(C) andalso C >= 0 andalso C < 16#110000.

is_md5_context(V) ->
    try erlang:md5_update(V, []) of _ -> true catch error:_ -> false end.

is_time_unit(Unit) ->
    try erlang:convert_time_unit(0, Unit, second) of _ -> true catch error:_ -> false end.

is_date_time(Time) ->
    try erlang:localtime_to_universaltime(Time) of _ -> true catch error:_ -> false end.

is_node_type(Type) -> lists:member(Type, [connected, hidden, known, this, visible]).

is_process_flag(Flag) ->
    lists:member(Flag, [trap_exit, error_handler, fullsweep_after, min_heap_size, priority,
                        min_bin_vheap_size, max_heap_size, message_queue_data, save_calls,
                        sensitive, monitor_nodes])
        orelse is_pair_of(monitor_nodes, Flag).

is_system_flag(Flag) ->
    lists:member(Flag, [backtrace_depth, cpu_topology, dirty_cpu_schedulers_online, erts_alloc,
                        fullsweep_after, max_heap_size, microstate_accounting, min_bin_vheap_size,
                        min_heap_size, multi_scheduling, outstanding_system_requests_limit,
                        scheduler_bind_type, scheduler_wall_time, schedulers_online,
                        trace_control_word])
        orelse is_pair_of(erts_alloc, Flag).

is_pair_of(Key, Pair) ->
    is_tuple(Pair) andalso tuple_size(Pair) =:= 2 andalso element(1, Pair) =:= Key.

are_options(Of, Options) -> lists:all(fun(Option) -> is_option(Of, Option) end, Options).

is_option(atomics, {signed, Signed}) -> is_boolean(Signed);
is_option(counters, Option) -> lists:member(Option, [atomics, write_concurrency]);
is_option(binary_to_term, Option) -> lists:member(Option, [safe, used]);
is_option(check_process_code, {async, _}) -> true;
is_option(check_process_code, {allow_gc, Allow}) -> is_boolean(Allow);
is_option(external_size, {minor_version, V}) -> is_integer(V) andalso V >= 0 andalso V =< 2;
is_option(garbage_collect, {async, _}) -> true;
is_option(garbage_collect, {type, _}) -> true;
is_option(monitor, {alias, How}) ->
    lists:member(How, [explicit_unalias, demonitor, reply_demonitor]);
is_option(monitor, {tag, _}) -> true;
is_option(port_command, Option) -> lists:member(Option, [force, nosuspend]);
is_option(send, Option) -> lists:member(Option, [nosuspend, noconnect]);
is_option(spawn, {Name, V}) ->
    case Name of
        priority -> lists:member(V, [low, normal, high, max]);
        fullsweep_after -> is_integer(V) andalso V >= 0;
        min_heap_size -> is_integer(V) andalso V >= 0;
        min_bin_vheap_size -> is_integer(V) andalso V >= 0;
        max_heap_size -> is_map(V) orelse (is_integer(V) andalso V >= 0);
        message_queue_data -> V =:= on_heap orelse V =:= off_heap;
        async_dist -> is_boolean(V);
        scheduler -> is_integer(V) andalso V >= 0;
        monitor -> check({options, monitor}, V) =:= ok;
        _ -> false
    end;
is_option(spawn, Option) -> Option =:= link orelse Option =:= monitor;
is_option(suspend_process, {asynchronous, _}) -> true;
is_option(suspend_process, Option) -> lists:member(Option, [asynchronous, unless_suspending]);
is_option(timer, {Name, V}) when Name =:= abs; Name =:= async; Name =:= info -> is_boolean(V);
is_option(_, _) -> false.

%% What register/2 was told: a name that is taken, or a process that is no more.
register_texts(Name, What) ->
    case [check(atom, Name), check(pid_or_port, What)] of
        [ok, Text] when Name =:= undefined -> [{1, "'undefined' is not a valid name"}, {2, Text}];
        [ok, ok] ->
            case whereis(Name) of
                undefined when is_port(What) -> [{2, "the port does not refer to an existing port"}];
                undefined -> [{2, "the pid does not refer to an existing process"}];
                What -> [{2, "this process or port already has a name"}];
                _ -> [{1, "name is in use"}]
            end;
        Texts -> numbered(Texts)
    end.

open_port_texts(Name, Options, Reason, Cause) ->
    BadOptions = Cause =:= badopt orelse not is_proper(Options),
    if
        Reason =/= badarg -> [{1, "invalid port name"}];
        not is_tuple(Name) ->
            [{1, "not a tuple"} | [{2, "invalid option in list"} || BadOptions]];
        BadOptions -> [{2, "invalid option in list"}];
        true -> [{1, "invalid port name"}]
    end.

%% Of atomics and counters.
cells(Module, new, 2) -> [positive, {options, Module}];
cells(Module, info, 1) -> [{cells, Module}];
cells(Module, _, N) ->
    [{cells, Module}, {cell_index, Module} | lists:duplicate(N - 2, {cell_value, Module})].

%% The kinds of a function's arguments.
arguments(abs, 1) -> [number];
arguments(adler32, 1) -> [iodata];
arguments(adler32, 2) -> [u32, iodata];
arguments(adler32_combine, 3) -> [u32, u32, nonneg];
arguments(alias, 1) -> [options];
arguments(append, 2) -> [list, any];
arguments(append_element, 2) -> [tuple, any];
arguments(apply, 3) -> [atom, atom, proper];
arguments(atom_to_binary, 1) -> [atom];
arguments(atom_to_binary, 2) -> [atom, encoding_out];
arguments(atom_to_list, 1) -> [atom];
arguments(binary_part, 2) -> [binary, pos_length];
arguments(binary_to_atom, 1) -> [binary_atom];
arguments(binary_to_atom, 2) -> [binary_atom, encoding];
arguments(binary_to_existing_atom, 1) -> [binary_existing];
arguments(binary_to_existing_atom, 2) -> [binary_existing, encoding];
arguments(binary_to_float, 1) -> [binary_float];
arguments(binary_to_integer, 1) -> [binary_integer];
arguments(binary_to_integer, 2) -> [binary_integer, base];
arguments(binary_to_list, 1) -> [binary];
arguments(binary_to_list, 3) -> [binary, positive, positive];
arguments(binary_to_term, 1) -> [binary_term];
arguments(bit_size, 1) -> [bitstring];
arguments(bitstring_to_list, 1) -> [bitstring];
arguments(bump_reductions, 1) -> [positive];
arguments(byte_size, 1) -> [bitstring];
arguments(cancel_timer, 1) -> [reference];
arguments(cancel_timer, 2) -> [reference, options];
arguments(ceil, 1) -> [number];
arguments(check_old_code, 1) -> [atom];
arguments(check_process_code, 2) -> [pid, atom];
arguments(check_process_code, 3) -> [pid, atom, {all_options, check_process_code}];
arguments(convert_time_unit, 3) -> [integer, time_unit, time_unit];
arguments(crc32, 1) -> [iodata];
arguments(crc32, 2) -> [u32, iodata];
arguments(crc32_combine, 3) -> [u32, u32, nonneg];
arguments(delete_element, 2) -> [index, tuple];
arguments(delete_module, 1) -> [atom];
arguments(demonitor, 1) -> [reference];
arguments(demonitor, 2) -> [reference, options];
arguments(display_string, 1) -> [proper];
arguments(element, 2) -> [index, tuple];
arguments(exit, 2) -> [pid_of_pid_or_port, any];
arguments(external_size, 2) -> [any, {options, external_size}];
arguments(float, 1) -> [number];
arguments(float_to_binary, 1) -> [float];
arguments(float_to_binary, 2) -> [float, options];
arguments(float_to_list, 1) -> [float];
arguments(float_to_list, 2) -> [float, options];
arguments(floor, 1) -> [number];
arguments(fun_info, 1) -> ['fun'];
arguments(fun_info, 2) -> ['fun', item];
arguments(fun_to_list, 1) -> ['fun'];
arguments(function_exported, 3) -> [atom, atom, nonneg];
arguments(garbage_collect, 1) -> [pid];
arguments(garbage_collect, 2) -> [pid, {all_options, garbage_collect}];
arguments(get_cookie, 1) -> [atom];
arguments(group_leader, 2) -> [pid, pid];
arguments(halt, 1) -> [status];
arguments(halt, 2) -> [status, options];
arguments(hd, 1) -> [nonempty];
arguments(insert_element, 3) -> [index1, tuple, any];
arguments(integer_to_binary, 1) -> [integer];
arguments(integer_to_binary, 2) -> [integer, base];
arguments(integer_to_list, 1) -> [integer];
arguments(integer_to_list, 2) -> [integer, base];
arguments(iolist_size, 1) -> [iodata];
arguments(iolist_to_binary, 1) -> [iodata];
arguments(iolist_to_iovec, 1) -> [iodata];
arguments(is_builtin, 3) -> [atom, atom, nonneg];
arguments(is_function, 2) -> [any, nonneg];
arguments(is_map_key, 2) -> [any, map];
arguments(is_process_alive, 1) -> [pid];
arguments(is_record, 3) -> [any, atom, integer];
arguments(length, 1) -> [list];
arguments(link, 1) -> [pid_of_pid_or_port];
arguments(list_to_atom, 1) -> [characters];
arguments(list_to_binary, 1) -> [iolist];
arguments(list_to_bitstring, 1) -> [bitstring_list];
arguments(list_to_float, 1) -> [list_float];
arguments(list_to_integer, 1) -> [list_integer];
arguments(list_to_integer, 2) -> [list_integer_base, base];
arguments(list_to_pid, 1) -> [list_pid];
arguments(list_to_port, 1) -> [list_port];
arguments(list_to_ref, 1) -> [list_ref];
arguments(list_to_tuple, 1) -> [list];
arguments(load_module, 2) -> [atom, binary];
arguments(localtime_to_universaltime, 1) -> [local_time];
arguments(localtime_to_universaltime, 2) -> [date_time, is_dst];
arguments(make_fun, 3) -> [atom, atom, nonneg];
arguments(make_tuple, 3) -> [nonneg, any, options];
arguments(map_get, 2) -> [key, map];
arguments(map_size, 1) -> [map];
arguments(md5, 1) -> [iodata];
arguments(md5_final, 1) -> [md5_context];
arguments(md5_update, 2) -> [md5_context, iodata];
arguments(memory, 1) -> [memory_type];
arguments(module_loaded, 1) -> [atom];
arguments(monotonic_time, 1) -> [time_unit];
arguments(node, 1) -> [identifier];
arguments(nodes, 1) -> [node_types];
arguments(nodes, 2) -> [node_types, map];
arguments(pid_to_list, 1) -> [pid];
arguments(port_close, 1) -> [port_or_name];
arguments(port_command, 2) -> [port_or_name, iodata];
arguments(port_command, 3) -> [port_or_name, iodata, {options, port_command}];
arguments(port_connect, 2) -> [port_or_name, pid];
arguments(port_control, 3) -> [port_or_name, u32, iodata];
arguments(port_info, 1) -> [port_or_name];
arguments(port_info, 2) -> [port_or_name, item];
arguments(port_to_list, 1) -> [port];
arguments(posixtime_to_universaltime, 1) -> [integer];
arguments(process_display, 2) -> [pid, {one_of, [backtrace], "invalid value"}];
arguments(process_info, 1) -> [pid];
arguments(purge_module, 1) -> [atom];
arguments(raise, 3) -> [class, any, proper];
arguments(read_timer, 1) -> [reference];
arguments(read_timer, 2) -> [reference, options];
arguments(ref_to_list, 1) -> [reference];
arguments(resume_process, 1) -> [pid_suspended];
arguments(round, 1) -> [number];
arguments(send, 2) -> [destination, any];
arguments(send_nosuspend, 2) -> [destination, any];
arguments(send_after, 3) -> [time, timer_destination, any];
arguments(setelement, 3) -> [index, tuple, any];
arguments(size, 1) -> [sized];
arguments(spawn, 1) -> ['fun'];
arguments(spawn, 2) -> [atom, fun_or_pair];
arguments(spawn, 3) -> [atom, atom, proper];
arguments(spawn, 4) -> [atom, atom, atom, proper];
arguments(spawn_link, 1) -> ['fun'];
arguments(spawn_link, 2) -> [atom, fun_or_pair];
arguments(spawn_link, 3) -> [atom, atom, proper];
arguments(spawn_link, 4) -> [atom, atom, atom, proper];
arguments(spawn_monitor, 1) -> [fun0];
arguments(spawn_monitor, 3) -> [atom, atom, proper];
arguments(spawn_opt, 3) -> [atom, 'fun', options];
arguments(spawn_opt, 4) -> [atom, atom, proper, spawn_options];
arguments(spawn_opt, 5) -> [atom, atom, atom, proper, options];
arguments(spawn_request, 1) -> ['fun'];
arguments(spawn_request, 2) -> [any, 'fun'];
arguments(spawn_request, 3) -> [atom, atom, proper];
arguments(spawn_request_abandon, 1) -> [reference];
arguments(split_binary, 2) -> [binary, int_range];
arguments(start_timer, 3) -> [time, timer_destination, any];
arguments(statistics, 1) -> [{text, "invalid statistics item"}];
arguments(subtract, 2) -> [proper, proper];
arguments(system_info, 1) -> [{text, "invalid system info item"}];
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
arguments(unlink, 1) -> [pid_of_pid_or_port];
arguments(unregister, 1) -> [{text, "not a pid"}];
arguments(whereis, 1) -> [atom];
arguments(_, _) -> [].
