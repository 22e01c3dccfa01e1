%% What the language knows by name: operators, functions of module erlang that need no module.
-module(erl_internal).
-export([bif/2, bif/3, guard_bif/2, type_test/2, arith_op/2, bool_op/2, comp_op/2, list_op/2,
         send_op/2, op_type/2, old_bif/2, new_type_test/2, old_type_test/2, is_type/2,
         add_predefined_functions/1]).

%% Functions of module erlang by name, and their arities: those that need no module, those that guards may have, and
%% those that needed no module before release R14.
-define(FUNCTIONS, #{abs => [1], alias => [0, 1], apply => [2, 3], atom_to_binary => [1, 2],
                     atom_to_list => [1], binary_part => [2, 3], binary_to_atom => [1, 2],
                     binary_to_existing_atom => [1, 2], binary_to_float => [1], binary_to_integer => [1, 2],
                     binary_to_list => [1, 3], binary_to_term => [1, 2], bit_size => [1],
                     bitstring_to_list => [1], byte_size => [1], ceil => [1], check_old_code => [1],
                     check_process_code => [2, 3], date => [0], delete_module => [1], demonitor => [1, 2],
                     disconnect_node => [1], element => [2], erase => [0, 1], error => [1, 2, 3],
                     exit => [1, 2], float => [1], float_to_binary => [1, 2], float_to_list => [1, 2],
                     floor => [1], garbage_collect => [0, 1, 2], get => [0, 1], get_keys => [0, 1],
                     group_leader => [0, 2], halt => [0, 1, 2], hd => [1], integer_to_binary => [1, 2],
                     integer_to_list => [1, 2], iolist_size => [1], iolist_to_binary => [1], is_alive => [0],
                     is_atom => [1], is_binary => [1], is_bitstring => [1], is_boolean => [1], is_float => [1],
                     is_function => [1, 2], is_integer => [1], is_list => [1], is_map => [1], is_map_key => [2],
                     is_number => [1], is_pid => [1], is_port => [1], is_process_alive => [1],
                     is_record => [2, 3], is_reference => [1], is_tuple => [1], length => [1], link => [1],
                     list_to_atom => [1], list_to_binary => [1], list_to_bitstring => [1],
                     list_to_existing_atom => [1], list_to_float => [1], list_to_integer => [1, 2],
                     list_to_pid => [1], list_to_port => [1], list_to_ref => [1], list_to_tuple => [1],
                     load_module => [2], make_ref => [0], map_get => [2], map_size => [1], max => [2],
                     min => [2], module_loaded => [1], monitor => [2, 3], monitor_node => [2], node => [0, 1],
                     nodes => [0, 1, 2], now => [0], open_port => [2], pid_to_list => [1], port_close => [1],
                     port_command => [2, 3], port_connect => [2], port_control => [3], port_to_list => [1],
                     pre_loaded => [0], process_flag => [2, 3], process_info => [1, 2], processes => [0],
                     purge_module => [1], put => [2], ref_to_list => [1], register => [2], registered => [0],
                     round => [1], self => [0], setelement => [3], size => [1], spawn => [1, 2, 3, 4],
                     spawn_link => [1, 2, 3, 4], spawn_monitor => [1, 2, 3, 4], spawn_opt => [2, 3, 4, 5],
                     spawn_request => [1, 2, 3, 4, 5], spawn_request_abandon => [1], split_binary => [2],
                     statistics => [1], term_to_binary => [1, 2], term_to_iovec => [1, 2], throw => [1],
                     time => [0], tl => [1], trunc => [1], tuple_size => [1], tuple_to_list => [1],
                     unalias => [1], unlink => [1], unregister => [1], whereis => [1]}).

-define(GUARD_FUNCTIONS, #{abs => [1], binary_part => [2, 3], bit_size => [1], byte_size => [1], ceil => [1],
                           element => [2], float => [1], floor => [1], hd => [1], is_atom => [1],
                           is_binary => [1], is_bitstring => [1], is_boolean => [1], is_float => [1],
                           is_function => [1, 2], is_integer => [1], is_list => [1], is_map => [1],
                           is_map_key => [2], is_number => [1], is_pid => [1], is_port => [1],
                           is_record => [2, 3], is_reference => [1], is_tuple => [1], length => [1],
                           map_get => [2], map_size => [1], max => [2], min => [2], node => [0, 1],
                           round => [1], self => [0], size => [1], tl => [1], trunc => [1],
                           tuple_size => [1]}).

-define(OLD_FUNCTIONS, #{abs => [1], apply => [2, 3], atom_to_binary => [2], atom_to_list => [1],
                         binary_to_atom => [2], binary_to_existing_atom => [2], binary_to_list => [1, 3],
                         binary_to_term => [1], bit_size => [1], bitstring_to_list => [1], byte_size => [1],
                         check_process_code => [2], date => [0], delete_module => [1], disconnect_node => [1],
                         element => [2], erase => [0, 1], exit => [1, 2], float => [1], float_to_list => [1],
                         garbage_collect => [0, 1], get => [0, 1], get_keys => [1], group_leader => [0, 2],
                         halt => [0, 1], hd => [1], integer_to_list => [1], iolist_size => [1],
                         iolist_to_binary => [1], is_alive => [0], is_atom => [1], is_binary => [1],
                         is_bitstring => [1], is_boolean => [1], is_float => [1], is_function => [1, 2],
                         is_integer => [1], is_list => [1], is_number => [1], is_pid => [1], is_port => [1],
                         is_process_alive => [1], is_record => [2, 3], is_reference => [1], is_tuple => [1],
                         length => [1], link => [1], list_to_atom => [1], list_to_binary => [1],
                         list_to_bitstring => [1], list_to_existing_atom => [1], list_to_float => [1],
                         list_to_integer => [1], list_to_pid => [1], list_to_tuple => [1], load_module => [2],
                         make_ref => [0], module_loaded => [1], monitor_node => [2], node => [0, 1],
                         nodes => [0, 1], now => [0], open_port => [2], pid_to_list => [1], port_close => [1],
                         port_command => [2], port_connect => [2], port_control => [3], pre_loaded => [0],
                         process_flag => [2, 3], process_info => [1, 2], processes => [0], purge_module => [1],
                         put => [2], register => [2], registered => [0], round => [1], self => [0],
                         setelement => [3], size => [1], spawn => [1, 2, 3, 4], spawn_link => [1, 2, 3, 4],
                         spawn_monitor => [1, 3], spawn_opt => [2, 3, 4, 5], split_binary => [2],
                         statistics => [1], term_to_binary => [1, 2], throw => [1], time => [0], tl => [1],
                         trunc => [1], tuple_size => [1], tuple_to_list => [1], unlink => [1],
                         unregister => [1], whereis => [1]}).

%% May be called without naming module erlang.
-spec bif(atom(), module(), arity()) -> boolean().
bif(erlang, Name, Arity) -> bif(Name, Arity);
bif(Module, Name, Arity) when is_atom(Module), is_atom(Name), is_integer(Arity) -> false.

-spec bif(atom(), arity()) -> boolean().
bif(Name, Arity) when is_atom(Name), is_integer(Arity) -> is_in(Name, Arity, ?FUNCTIONS).

%% Allowed in guards.
-spec guard_bif(atom(), arity()) -> boolean().
guard_bif(Name, Arity) when is_atom(Name), is_integer(Arity) -> is_in(Name, Arity, ?GUARD_FUNCTIONS).

%% Those of them that ask for the type of a term.
-spec new_type_test(atom(), arity()) -> boolean().
new_type_test(Name, Arity) ->
    guard_bif(Name, Arity) andalso Name =/= is_map_key andalso lists:prefix("is_", atom_to_list(Name)).

is_in(Name, Arity, Table) ->
    case Table of
        #{Name := Arities} -> lists:member(Arity, Arities);
        #{} -> false
    end.

-spec arith_op(atom(), arity()) -> boolean().
arith_op(Op, Arity) when is_atom(Op), is_integer(Arity) -> op(Op, Arity) =:= arith.

-spec bool_op(atom(), arity()) -> boolean().
bool_op(Op, Arity) when is_atom(Op), is_integer(Arity) -> op(Op, Arity) =:= bool.

-spec comp_op(atom(), arity()) -> boolean().
comp_op(Op, Arity) when is_atom(Op), is_integer(Arity) -> op(Op, Arity) =:= comp.

-spec list_op(atom(), arity()) -> boolean().
list_op(Op, Arity) when is_atom(Op), is_integer(Arity) -> op(Op, Arity) =:= list.

-spec send_op(atom(), arity()) -> boolean().
send_op(Op, Arity) when is_atom(Op), is_integer(Arity) -> op(Op, Arity) =:= send.

-spec op_type(atom(), arity()) -> arith | bool | comp | list | send.
op_type(Op, Arity) ->
    case op(Op, Arity) of
        none -> error(function_clause, [Op, Arity]);
        Type -> Type
    end.

op('+', 1) -> arith;
op('-', 1) -> arith;
op('bnot', 1) -> arith;
op('not', 1) -> bool;
op(Op, 2) ->
    case Op of
        '+' -> arith; '-' -> arith; '*' -> arith; '/' -> arith; 'div' -> arith; 'rem' -> arith;
        'band' -> arith; 'bor' -> arith; 'bxor' -> arith; 'bsl' -> arith; 'bsr' -> arith;
        'and' -> bool; 'or' -> bool; 'xor' -> bool;
        '==' -> comp; '/=' -> comp; '=<' -> comp; '<' -> comp; '>=' -> comp; '>' -> comp;
        '=:=' -> comp; '=/=' -> comp;
        '++' -> list; '--' -> list;
        '!' -> send;
        _ -> none
    end;
op(_, _) -> none.

%% Imported before release R14: a local function of that name does not override these silently.
-spec old_bif(atom(), arity()) -> boolean().
old_bif(Name, Arity) when is_atom(Name), is_integer(Arity) -> is_in(Name, Arity, ?OLD_FUNCTIONS).

-spec type_test(atom(), arity()) -> boolean().
type_test(Name, Arity) -> new_type_test(Name, Arity) orelse old_type_test(Name, Arity).

%% Those of old guards: atom(X).
-spec old_type_test(atom(), arity()) -> boolean().
old_type_test(record, 2) -> true;
old_type_test(Name, 1) when is_atom(Name) ->
    lists:member(Name, [integer, float, number, atom, list, tuple, pid, reference, port, binary,
                        function]);
old_type_test(Name, Arity) when is_atom(Name), is_integer(Arity) -> false.

%% Types that a program may not define.
-spec is_type(atom(), arity()) -> boolean().
is_type(Name, 0) ->
    lists:member(Name, [any, arity, atom, binary, bitstring, bool, boolean, byte, char, dynamic,
                        float, function, identifier, integer, iodata, iolist, list, map,
                        maybe_improper_list, mfa, module, neg_integer, nil, no_return, node,
                        non_neg_integer, none, nonempty_binary, nonempty_bitstring, nonempty_list,
                        nonempty_maybe_improper_list, nonempty_string, number, pid, port,
                        pos_integer, reference, string, term, timeout, tuple]);
is_type(Name, 1) -> lists:member(Name, [list, nonempty_list]);
is_type(Name, 2) ->
    lists:member(Name, [maybe_improper_list, nonempty_improper_list,
                        nonempty_maybe_improper_list]);
is_type(_, _) -> false.

%% module_info/0,1, and behaviour_info/1 where there are callbacks.
-spec add_predefined_functions(Forms) -> Forms when Forms :: [erl_parse:abstract_form()].
add_predefined_functions(Forms) -> Forms ++ predefined(Forms).

predefined(Forms) ->
    [{attribute, 0, export, [{module_info, 0}, {module_info, 1}]}] ++
        [info_function(Forms, Args) || Args <- [[], [{var, 0, 'Item'}]]] ++ behaviour_info(Forms).

info_function(Forms, Args) ->
    [Module | _] = [M || {attribute, _, module, M} <- Forms],
    Call = {call, 0, {remote, 0, {atom, 0, erlang}, {atom, 0, get_module_info}},
            [{atom, 0, Module} | Args]},
    {function, 0, module_info, length(Args), [{clause, 0, Args, [], [Call]}]}.

behaviour_info(Forms) ->
    Optional = lists:append([Names || {attribute, _, optional_callbacks, Names} <- Forms]),
    case [Name || {attribute, _, callback, {Name, _}} <- Forms] of
        [] -> [];
        Callbacks ->
            [{attribute, 0, export, [{behaviour_info, 1}]},
             {function, 0, behaviour_info, 1,
              [{clause, 0, [{atom, 0, What}], [], [erl_parse:abstract(Names)]}
               || {What, Names} <- [{callbacks, Callbacks}, {optional_callbacks, Optional}]]}]
    end.
