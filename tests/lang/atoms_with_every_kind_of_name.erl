%% Atoms that need quotes, escapes and wide characters.
-module(atoms_with_every_kind_of_name).
-export([main/0]).

main() ->
    L = [a, 'A', 'hello world', '', 'a@b', 'a_b', 'with\'quote', 'tab\t', 'new\nline', '1a', 'end', 'and', 'receive', '\x{3b1}', [], '[]', '{}', 'a.b', true, '\\'],
    [io:format("~w ~p~n", [A, A]) || A <- L],
    io:format("~w~n", [[atom_to_list(X) || X <- ['\x{3b1}', å, 'é b']]]),
    io:format("~w~n", [[atom_to_list('hello world'), atom_to_binary(abc), list_to_atom("x y"), binary_to_atom(<<"z">>)]]),
    io:format("~w~n", [[length(atom_to_list(list_to_atom(lists:duplicate(255, $x)))),
                        try list_to_atom(lists:duplicate(256, $x)) catch C:R -> {C, R} end]]),
    io:format("~w~n", [try binary_to_existing_atom(<<"surely there is no such atom">>) catch C2:R2 -> {C2, R2} end]).
