%% filelib against OTP's, in a directory made for it. Names with braces and brackets included.
-module(filelib_diff).
-include("diff.hrl").

run() ->
    Dir = "filelib_diff.dir",
    remove(Dir),
    [ok = file:make_dir(filename:join(Dir, D)) || D <- ["", "a", "a/b", "a/b/c", "c", ".h", "a/x.d"]],
    [ok = file:write_file(filename:join(Dir, F), <<"some text">>) || F <- ["f1", "f2.erl", "f-", "f[]", "f[1", "a/g.erl", "a/b/h.erl",
        "a/b/c/i.erl", ".hid", "c/[x]", "c/a,b", "c/{q", "c/*", "a/x.d/f", "aaaaab", "aaab"]],
    ok = file:make_symlink("nosuch", filename:join(Dir, "dangling")),
    ok = file:make_symlink("a", filename:join(Dir, "link")),
    ok = file:make_symlink("loop", filename:join(Dir, "loop")),
    ok = file:make_symlink("/", filename:join(Dir, "root")),
    Here = element(2, file:get_cwd()),
    ok = file:set_cwd(Dir),
    try inside() after file:set_cwd(Here), remove(Dir) end.

remove(Name) ->
    case file:read_link_info(Name) of
        {ok, Info} when element(3, Info) =:= directory ->
            {ok, Names} = file:list_dir(Name),
            [remove(filename:join(Name, N)) || N <- Names],
            ok = file:del_dir(Name);
        {ok, _} -> ok = file:delete(Name);
        _ -> ok
    end.

inside() ->
    Patterns = ["*", "*.erl", "a/**", "a/**/*.erl", "c/*", "a/*", "?1", "f[12]*", "f[1-2]*", "f[!1]*", "f[^1]*", "{f1,f2.erl}", "{a,c}/*", "*/", "./*",
        "a/../f*", "a/./*", "nosuch", "f1", "f1/*", "a/b", "a/b/", ".h*", "c/\\[x\\]", "c/[[]x]", "c/[]x]*", "c/*,*", "c/\\{q", "{a,c", "f[1", "f[]", "f[]*",
        "a/*/*.erl", "f**", "a**", "dangling", "*a*", "f{1,2.erl}", "f{1,}", "{a/b,c}/*", "f[1,2]*", "f[1-]*", "f[-1]*", "f[3-1]*", "..", "\\*", "c/\\*",
        "f\\1", "link/*", "a//b", "a//*", "a*b", "a*a*a*b", "{a,c}/{b,x.d,[q]}", "f{1,[2-]}*", "{}", "f{}1", "{,f1}", "a/b/**", "a/**/c/*", "link/**", "f.*", "*.*",
        "f-*", "[f-a]1", "**.erl"],
    [call(filelib, wildcard, [P]) || P <- Patterns],
    [call(filelib, wildcard, [P, D]) || P <- ["*", "f1", "*.erl", "../f1"], D <- ["a", "c", "nosuch", "a/b/"]],
    [call(filelib, wildcard, [P, D, file]) || P <- ["*"], D <- ["a", <<"a">>]],
    [call(filelib, wildcard, [P]) || P <- [a, 1, <<"*">>, ["a/", '*'], ["a", $/, "*"]]],
    [call(filelib, F, [N]) || F <- [is_dir, is_file, is_regular, file_size],
        N <- ["f1", "dangling", "link", "nosuch", "loop", "f1/x", <<"f1">>, f1, 1, [$a, 0]], F =/= file_size orelse N =/= "link"],
    [call(filelib, last_modified, [N]) || N <- ["nosuch", "dangling"]],
    value(modified, fun() -> {{Y, _, _}, {_, _, _}} = (module(filelib)):last_modified("f1"), Y > 2000 end),
    [call(filelib, F, [N]) || F <- [ensure_dir, ensure_path], N <- ["n/m/f", "f1/x", "f1/x/y", "x", "/x", "n/m/f", "/", "f1", "n/q/r", <<"n/b">>, "."]],
    [call(filelib, safe_relative_path, [N, "."]) || N <- ["a", "../a", "a/../b", "a/../../b", "", "/a", "link/../x", "link/b", "dangling/x", ".", "./a", "a/.",
        "a/b/../../c", <<"a/../b">>, "..", "a/..", "loop", "loop/x", "root", "root/etc", <<>>, <<"link/x">>]],
    [value({fold, D, E, R}, fun() -> lists:sort((module(filelib)):fold_files(D, E, R, fun(F, A) -> [F | A] end, [])) end)
        || D <- [".", "a", "nosuch", "f1", <<"a">>], E <- [".*", "erl$", "^[ab]", "\\.", "("], R <- [true, false], D =/= "." orelse not R],
    [call(filelib, find_file, [N, D]) || N <- ["f1", "nix", "h.erl"], D <- [".", "a/b", "c"]],
    [call(filelib, find_file, [N, D, Rules]) || N <- ["h.erl"], D <- ["c", "a/b", "a/x.d"], Rules <- [[], [{"c", "a/b"}], [{"x.d", "b"}], [{"x.d", "*"}]]],
    [call(filelib, find_source, [N]) || N <- ["c/h.beam", "a/b/h.beam", "a/b/nix.beam"]],
    [call(filelib, find_source, [N, D, Rules]) || N <- ["h.beam", "h.xx"], D <- ["c", "a/b"], Rules <- [[], [{".beam", ".erl", [{"c", "a/b"}]}], [{".xx", ".erl", [{"c", "a/*"}]}]]].
