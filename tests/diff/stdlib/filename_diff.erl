%% filename against OTP's, on every short name over a small alphabet and on odd ones.
-module(filename_diff).
-include("diff.hrl").

run() ->
    Names = every(5, "a/."),
    Odd = [a, 'a.b', '', ["a", b, ["/c"]], "a/b/c.d.e", "./a", "../a", "~/x", [16#e4, $/, 16#3b1], <<"a/", 255, ".b">>,
           <<>>, <<"/">>, [$a, 0], 1, {}],
    [one(N) || N <- Names ++ Odd],
    [one(list_to_binary(N)) || N <- every(4, "a/.")],
    times(4000, fun() ->
        {A, B} = {name(Odd), name(Odd)},
        [call(filename, F, [A, B]) || F <- [join, append, absname, absname_join], is_name(B)],
        [call(filename, F, [A, B]) || F <- [basename, rootname], plain_ending(A, B)] end),
    times(300, fun() -> call(filename, join, [some(pick(4), fun() -> name(Odd) end)]) end),
    [call(filename, F, [N, E]) || F <- [basename, rootname], N <- ["a.b", "x/a.b", ".b", "a.b/", "/.b", <<"a.b">>, a_b, "a.b.b"], E <- [".b", "b", "", <<".b">>, '.b', "a.b", 1], plain_ending(N, E)],
    [call(filename, basedir, [T, N, O]) || T <- [user_cache, user_config, user_data, user_log, site_config, site_data, nix, 1],
        N <- ["app", <<"app">>, app, 1], O <- [#{}, #{author => "me"}, #{version => "1.0"}, #{os => linux, version => <<"1">>},
            #{os => darwin, author => "me", version => "2"}, #{os => other}, []]],
    [call(filename, basedir, [T, "app"]) || T <- [user_cache, site_data]].

%% What is left out: an empty ending, atoms beside binaries, binaries that end in a slash.
plain_ending(A, B) ->
    not is_atom(A) andalso not is_atom(B) andalso B =/= <<>> andalso B =/= []
        andalso not ((is_binary(A) orelse is_binary(B)) andalso lists:suffix("/", characters(A))).

characters(A) when is_binary(A) -> binary_to_list(A);
characters(A) when is_list(A) -> lists:flatten(A);
characters(_) -> "".

is_name(B) -> not is_integer(B) andalso not is_tuple(B).

one(Name) -> [call(filename, F, [Name]) || F <- [split, basename, dirname, extension, rootname, pathtype, flatten, nativename, validate, absname]].

name(Odd) ->
    case pick(5) of
        0 -> pick(Odd);
        1 -> list_to_binary(some(pick(7), fun() -> pick("ab/.") end));
        _ -> some(pick(7), fun() -> pick("ab/.") end)
    end.

every(0, _) -> [[]];
every(N, Alphabet) ->
    Shorter = every(N - 1, Alphabet),
    [[]] ++ [[C | T] || C <- Alphabet, T <- Shorter].
