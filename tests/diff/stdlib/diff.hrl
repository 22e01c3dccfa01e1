%% The common half of every library comparison: a test module defines run/0, which calls
%% call/3 (or value/2) as often as it likes; each call prints one line. The same module runs on
%% erl and on muster, and the two outputs must be equal. Nothing here depends on the machine, on
%% time or on a random seed of the system. Funs, pids, ports and references print as such only.
%%
%% main([Prefix]) tests modules named Prefix ++ Name, so that a library compiled under another
%% name is compared with OTP's own inside one erl.

-export([main/0, main/1]).
-compile([nowarn_unused_function]).

main() ->
    main([]).

main([]) ->
    main([""]);
main([Prefix | _]) ->
    put(diff_prefix, Prefix),
    put(diff_seed, 20240607),
    put(diff_lines, []),
    run(),
    flush_lines(),
    ok.

%% Calls Module:Function(Args) of the tested library and prints the outcome.
call(Module, Function, Args) ->
    Outcome = outcome(Module, Function, Args),
    line([atom_to_list(Module), $:, atom_to_list(Function), text(Args), " -> ", text(Outcome)]).

%% Prints the outcome of a fun, for what is not one call.
value(Label, Fun) ->
    line([text(Label), " -> ", text(attempt(Fun))]).

%% The tested module that stands for Module.
module(Module) ->
    case get(diff_prefix) of
        "" -> Module;
        Prefix -> list_to_atom(Prefix ++ atom_to_list(Module))
    end.

outcome(Module, Function, Args) ->
    M = module(Module),
    attempt(fun() -> apply(M, Function, Args) end).

attempt(Fun) ->
    try Fun() of
        Value -> {ok, Value}
    catch
        Class:Reason -> {Class, Reason}
    end.

line(Text) ->
    Lines = get(diff_lines),
    case length(Lines) of
        200 ->
            flush_lines(),
            put(diff_lines, [[Text, $\n]]);
        _ ->
            put(diff_lines, [[Text, $\n] | Lines])
    end.

flush_lines() ->
    io:put_chars(lists:reverse(get(diff_lines))),
    put(diff_lines, []).

text({ok, [C | _] = String} = Term) when is_integer(C) ->
    case ascii(String) of
        true -> ["ok ", quoted(String)];
        false -> written(Term)
    end;
text(Term) ->
    written(Term).

%% In ASCII, whatever the terminal's encoding.
written(Term) ->
    [case C > 126 of true -> io_lib:format("\\x{~.16B}", [C]); false -> C end
     || C <- lists:flatten(io_lib:format("~w", [plain(Term)]))].

ascii([$\n | T]) -> ascii(T);
ascii([C | T]) when is_integer(C), C >= 32, C =< 126 -> ascii(T);
ascii(T) -> T =:= [].

quoted(String) -> [$", [case C of $\n -> "\\n"; $" -> "\\\""; $\\ -> "\\\\"; _ -> C end || C <- String], $"].

plain(F) when is_function(F) -> '#fun';
plain(P) when is_pid(P) -> '#pid';
plain(P) when is_port(P) -> '#port';
plain(R) when is_reference(R) -> '#ref';
plain([H | T]) -> [plain(H) | plain(T)];
plain(T) when is_tuple(T) -> list_to_tuple(plain(tuple_to_list(T)));
plain(M) when is_map(M) ->
    {'#map', [{plain(K), plain(V)} || {K, V} <- lists:sort(maps:to_list(M))]};
plain(T) -> T.

%% A number in 0..N-1, from a fixed sequence.
pick(N) when is_integer(N), N > 0 ->
    Seed = (get(diff_seed) * 6364136223846793005 + 1442695040888963407) band 16#FFFFFFFFFFFFFFFF,
    put(diff_seed, Seed),
    (Seed bsr 33) rem N;
pick(List) when is_list(List) ->
    lists:nth(pick(length(List)) + 1, List);
pick(Tuple) when is_tuple(Tuple) ->
    element(pick(tuple_size(Tuple)) + 1, Tuple).

times(0, _) -> ok;
times(N, Fun) ->
    Fun(),
    times(N - 1, Fun).

some(N, Fun) ->
    [Fun() || _ <- lists:seq(1, N)].

atom() ->
    pick({a, b, c, ok, error, true, false, undefined, [], hello_world, 'Hello', 'two words', '', 'x@y',
          'end', '\n', 'é', '_a', long_atom_name_number_one}).

int() ->
    case pick(8) of
        0 -> pick(10);
        1 -> -pick(10);
        2 -> pick(256);
        3 -> pick(100000);
        4 -> pick(1 bsl 30) * pick(1 bsl 30);
        5 -> -(pick(1 bsl 30) * pick(1 bsl 30) * pick(1 bsl 30));
        6 -> pick({0, 1, -1, 255, 256, 65535, 1 bsl 27, (1 bsl 59) - 1, 1 bsl 59, -(1 bsl 59), 1 bsl 63,
                   1 bsl 64, -(1 bsl 64)});
        7 -> 32 + pick(95)
    end.

float() ->
    case pick(4) of
        0 -> float(pick(100));
        1 -> (pick(2000000) - 1000000) / 1000;
        2 -> pick({0.0, 1.0, -1.0, 0.1, 1.0e10, 1.0e22, 1.0e23, 1.5e-10, 5.0e-324, 1.7976931348623157e308,
                   123456789.125, 2.0e-5, 3.14159, 9007199254740993.0});
        3 ->
            N = (pick(1 bsl 30) bsl 34) bor (pick(1 bsl 30) bsl 4) bor pick(16),
            case <<N:64>> of
                <<F:64/float>> -> F;
                _ -> 2.5
            end
    end.

text_list() ->
    case pick(6) of
        0 -> "";
        1 -> some(pick(8), fun() -> $a + pick(26) end);
        2 -> some(pick(60), fun() -> 32 + pick(95) end);
        3 -> some(1 + pick(10), fun() -> pick({$\n, $\t, $a, $b, $\", $\\, $', 27, $\r, 8, 0, 127}) end);
        4 -> some(pick(20), fun() -> 160 + pick(96) end);
        5 -> some(pick(12), fun() -> pick({$x, $y, 16#3b1, 16#4e00, 16#1f600, 228, $z, 16#301}) end)
    end.

bin() ->
    case pick(4) of
        0 -> <<>>;
        1 -> list_to_binary(some(pick(12), fun() -> pick(256) end));
        2 -> list_to_binary(some(pick(40), fun() -> 32 + pick(95) end));
        3 -> unicode:characters_to_binary(text_list())
    end.

bits() ->
    case pick(3) of
        0 -> <<(bin())/binary, (pick(8)):(1 + pick(7))>>;
        _ -> bin()
    end.

%% Any term, nested to at most Depth levels.
term() -> term(4).

term(0) ->
    case pick(6) of
        0 -> atom();
        1 -> int();
        2 -> float();
        3 -> text_list();
        4 -> bits();
        5 -> pick({[], {}, 1, a, "", <<>>})
    end;
term(Depth) ->
    case pick(9) of
        0 -> list_to_tuple(some(pick(6), fun() -> term(Depth - 1) end));
        1 -> some(pick(6), fun() -> term(Depth - 1) end);
        2 -> maps:from_list(some(pick(5), fun() -> {term(Depth - 1), term(Depth - 1)} end));
        3 -> [{atom(), term(Depth - 1)} || _ <- some(pick(5), fun() -> x end)];
        4 -> [term(Depth - 1) | term(0)];
        5 -> list_to_tuple([atom() | some(pick(5), fun() -> term(Depth - 1) end)]);
        _ -> term(0)
    end.
