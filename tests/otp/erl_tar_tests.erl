%% erl_tar, as its manual says; and beside tar(1), which is on every Debian.
-module(erl_tar_tests).
-include("check.hrl").
-include_lib("kernel/include/file.hrl").

at(Name) -> filename:join(get(dir), Name).
dir() -> put(dir, otp_check:dir("tar")).
write(Name, Bytes) ->
    ok = filelib:ensure_dir(at(Name)),
    ok = file:write_file(at(Name), Bytes).
bytes(Name) -> {ok, B} = file:read_file(at(Name)), B.
names(Tar) -> names(Tar, []).
names(Tar, Options) -> {ok, L} = erl_tar:table(Tar, Options), L.
in_memory(Tar) -> {ok, L} = erl_tar:extract(Tar, [memory]), lists:sort(L).
%% A command there, its output.
sh(Format, Args) -> os:cmd("cd '" ++ get(dir) ++ "' && " ++ lists:flatten(io_lib:format(Format, Args))).
tree() ->
    dir(),
    write("src/a.txt", "alpha\n"),
    write("src/deep/er/b", binary:copy(<<"b">>, 70000)),
    write("src/zero", ""),
    write("src/exactly", binary:copy(<<"e">>, 512)),
    ok = file:make_dir(at("src/empty")),
    ok = file:make_symlink("a.txt", at("src/link")),
    ok = file:change_mode(at("src/a.txt"), 8#751),
    ok = file:change_time(at("src/a.txt"), {{2020, 1, 2}, {3, 4, 5}}, {{2021, 2, 3}, {4, 5, 6}}).
long() -> lists:append(lists:duplicate(15, "longname_")) ++ ".txt".

%% ---- creating and extracting ----

round_trip_test() ->
    tree(),
    ?eq(ok, erl_tar:create(at("x.tar"), [{"src", at("src")}])),
    ?eq(lists:sort(["src/a.txt", "src/deep/er/b", "src/empty", "src/exactly", "src/link", "src/zero"]),
        lists:sort(names(at("x.tar")))),
    ?eq(ok, erl_tar:extract(at("x.tar"), [{cwd, at("out")}])),
    [?eq(bytes("src/" ++ N), bytes("out/src/" ++ N)) || N <- ["a.txt", "deep/er/b", "zero", "exactly"]],
    ?ok(filelib:is_dir(at("out/src/empty"))),
    ?eq({ok, "a.txt"}, file:read_link(at("out/src/link"))),
    {ok, I} = file:read_file_info(at("out/src/a.txt")),
    ?eq(8#751, I#file_info.mode band 8#777),
    ?eq({{2021, 2, 3}, {4, 5, 6}}, I#file_info.mtime).

memory_has_regular_files_test() ->
    tree(),
    ok = erl_tar:create(at("x.tar"), [{"src", at("src")}]),
    ?eq([{"src/a.txt", 6}, {"src/deep/er/b", 70000}, {"src/exactly", 512}, {"src/zero", 0}],
        [{N, byte_size(B)} || {N, B} <- in_memory(at("x.tar"))]),
    ?eq({ok, [{"src/a.txt", <<"alpha\n">>}]},
        erl_tar:extract(at("x.tar"), [memory, {files, ["src/a.txt", "src/nothing"]}])),
    ?eq({ok, []}, erl_tar:extract(at("x.tar"), [memory, {files, []}])).

bytes_are_files_test() ->
    dir(),
    ?eq(ok, erl_tar:create(at("x.tar"), [{"one", <<"1">>}, {"d/two", <<>>}])),
    ?eq([{"d/two", <<>>}, {"one", <<"1">>}], in_memory(at("x.tar"))),
    {ok, [{"one", regular, 1, Time, Mode, 0, 0}, _]} = erl_tar:table(at("x.tar"), [verbose]),
    ?eq(8#644, Mode band 8#777),
    ?ok(abs(Time - erlang:system_time(second)) < 100).

empty_archive_test() ->
    dir(),
    ?eq(ok, erl_tar:create(at("x.tar"), [])),
    ?eq([], names(at("x.tar"))),
    ?eq({ok, []}, erl_tar:extract(at("x.tar"), [memory])),
    ?eq(ok, erl_tar:extract(at("x.tar"), [{cwd, at("out")}])).

compressed_test() ->
    tree(),
    ?eq(ok, erl_tar:create(at("x.tgz"), [{"src", at("src")}], [compressed])),
    ?like(<<31, 139, _/binary>>, bytes("x.tgz")),
    ?eq({error, eof}, erl_tar:table(at("x.tgz"))),
    ?eq(6, length(names(at("x.tgz"), [compressed]))),
    ?eq(ok, erl_tar:extract(at("x.tgz"), [compressed, {cwd, at("out")}])),
    ?eq(bytes("src/deep/er/b"), bytes("out/src/deep/er/b")),
    {ok, Files} = erl_tar:extract({binary, bytes("x.tgz")}, [compressed, memory]),
    ?eq(4, length(Files)),
    %% What is not compressed is read all the same.
    ok = erl_tar:create(at("x.tar"), [{"a", <<"a">>}]),
    ?eq(["a"], names(at("x.tar"), [compressed])).

where_archives_are_test() ->
    dir(),
    ok = erl_tar:create(at("x.tar"), [{"a", <<"aa">>}, {"b", <<"bb">>}]),
    ?eq(["a", "b"], names({binary, bytes("x.tar")})),
    [begin
         {ok, F} = file:open(at("x.tar"), Modes),
         ?eq(["a", "b"], names({file, F})),
         ?like({error, _}, file:position(F, 0)) % it is closed
     end || Modes <- [[read, binary], [read, raw, binary]]],
    ?eq(["a", "b"], names(at("x.tar"), [cooked])),
    ?eq(ok, erl_tar:create(at("y.tar"), [{"a", <<"aa">>}], [cooked])),
    ?eq(["a"], names(at("y.tar"))).

old_files_are_kept_test() ->
    dir(),
    ok = erl_tar:create(at("x.tar"), [{"a", <<"new">>}, {"b", <<"new">>}]),
    write("out/a", "old"),
    ?eq(ok, erl_tar:extract(at("x.tar"), [keep_old_files, {cwd, at("out")}])),
    ?eq({<<"old">>, <<"new">>}, {bytes("out/a"), bytes("out/b")}),
    ?eq(ok, erl_tar:extract(at("x.tar"), [{cwd, at("out")}])),
    ?eq(<<"new">>, bytes("out/a")).

dereference_test() ->
    tree(),
    ?eq(ok, erl_tar:create(at("x.tar"), [{"l", at("src/link")}], [dereference])),
    ?eq([{"l", <<"alpha\n">>}], in_memory(at("x.tar"))),
    ok = erl_tar:create(at("y.tar"), [{"l", at("src/link")}]),
    ?like({ok, [{"l", symlink, 0, _, _, _, _}]}, erl_tar:table(at("y.tar"), [verbose])).

piece_by_piece_test() ->
    tree(),
    {ok, T} = erl_tar:open(at("x.tar"), [write]),
    ?eq(ok, erl_tar:add(T, at("src/a.txt"), "a", [])),
    ?eq(ok, erl_tar:add(T, <<"bytes">>, "b", [{mtime, 1000000}, {uid, 7}, {gid, 8}, {atime, 5}, {ctime, 6}])),
    ?eq(ok, erl_tar:add(T, {"c", at("src/zero")}, [])),
    ?eq(ok, erl_tar:add(T, at("src/deep/er/b"), "d", [{chunks, 999}])),
    ?eq({error, {at("nothing"), enoent}}, erl_tar:add(T, at("nothing"), "n", [])),
    ?eq(ok, erl_tar:add(T, at("src/deep"), "dir", [])),
    ?eq(ok, erl_tar:close(T)),
    ?eq(["a", "b", "c", "d", "dir/er/b"], names(at("x.tar"))),
    {ok, Rows} = erl_tar:table(at("x.tar"), [verbose]),
    ?like({"b", regular, 5, 1000000, _, 7, 8}, lists:keyfind("b", 1, Rows)),
    ?eq(bytes("src/deep/er/b"), proplists:get_value("d", in_memory(at("x.tar")))).

an_archive_on_anything_test() ->
    dir(),
    {ok, F} = file:open(at("x.tar"), [read, write, raw, binary]),
    Access = fun(write, {H, B}) -> file:write(H, B);
                (position, {H, P}) -> file:position(H, P);
                (read2, {H, N}) -> file:read(H, N);
                (close, H) -> file:close(H)
             end,
    {ok, T} = erl_tar:init(F, write, Access),
    ?eq(ok, erl_tar:add(T, <<"a">>, "a", [])),
    ?eq(ok, erl_tar:close(T)),
    ?eq({error, einval}, file:read(F, 1)),
    ?eq(["a"], names(at("x.tar"))).

names_of_all_lengths_test() ->
    dir(),
    Names = [lists:duplicate(N, $n) || N <- [1, 99, 100, 101, 155, 156, 200, 255, 300]] ++
        [filename:join(lists:duplicate(N, "0123456789")) || N <- [9, 10, 20, 23, 24, 60]] ++
        [long(), [246, 8364, 128512], "with space"],
    ?eq(ok, erl_tar:create(at("x.tar"), [{N, unicode:characters_to_binary(N)} || N <- Names])),
    ?eq(Names, names(at("x.tar"))),
    [?eq(unicode:characters_to_binary(N), B) || {N, B} <- in_memory(at("x.tar"))].

long_links_test() ->
    dir(),
    To = lists:duplicate(150, $x),
    ok = file:make_symlink(To, at("l")),
    ok = erl_tar:create(at("x.tar"), [{"l", at("l")}]),
    ?eq(ok, erl_tar:extract(at("x.tar"), [{cwd, at("out")}])),
    ?eq({ok, To}, file:read_link(at("out/l"))).

%% ---- safety ----

names_that_lead_outside_test() ->
    dir(),
    [begin
         ok = erl_tar:create(at("x.tar"), [{Name, <<"evil">>}]),
         ?eq({error, {Name, unsafe_path}}, erl_tar:extract(at("x.tar"), [{cwd, at("in/out")}])),
         ?eq({ok, [{Name, <<"evil">>}]}, erl_tar:extract(at("x.tar"), [memory]))
     end || Name <- ["../../evil", "a/../../evil"]],
    ?eq([], filelib:wildcard(at("**/evil"))),
    ok = erl_tar:create(at("x.tar"), [{"a/../b", <<"x">>}, {"./c", <<"y">>}]),
    ok = file:make_dir(at("out2")),
    ok = file:make_dir(at("out2/a")),
    ?eq(ok, erl_tar:extract(at("x.tar"), [{cwd, at("out2")}])),
    ?eq(<<"x">>, bytes("out2/b")).

links_that_lead_outside_test() ->
    dir(),
    [begin
         _ = file:delete(at("l")),
         ok = file:make_symlink(To, at("l")),
         ok = erl_tar:create(at("x.tar"), [{"l", at("l")}]),
         ?like({error, {_, unsafe_symlink}}, erl_tar:extract(at("x.tar"), [{cwd, at("in/out")}]))
     end || To <- ["/etc/passwd", "../x", "a/../../../x"]],
    %% Nothing is written through a link that is already there.
    ok = file:make_dir(at("elsewhere")),
    ok = filelib:ensure_path(at("out3")),
    ok = file:make_symlink(at("elsewhere"), at("out3/way")),
    ok = erl_tar:create(at("x.tar"), [{"way/evil", <<"evil">>}]),
    ?eq({error, {"way/evil", unsafe_path}}, erl_tar:extract(at("x.tar"), [{cwd, at("out3")}])),
    ?eq({ok, []}, file:list_dir(at("elsewhere"))).

%% ---- what goes wrong ----

errors_test() ->
    dir(),
    ?eq({error, {at("no.tar"), enoent}}, erl_tar:table(at("no.tar"))),
    ?eq({error, {at("no.tar"), enoent}}, erl_tar:extract(at("no.tar"))),
    ?eq({error, {at("no/x.tar"), enoent}}, erl_tar:create(at("no/x.tar"), [])),
    ?eq({error, {at("no"), enoent}}, erl_tar:create(at("x.tar"), [at("no")])),
    ?eq({error, {at("x.tar"), einval}}, erl_tar:open(at("x.tar"), [zork])),
    ok = erl_tar:create(at("x.tar"), [{"a", <<"aa">>}, {"b", binary:copy(<<"b">>, 1000)}]),
    Bytes = bytes("x.tar"),
    [?eq({error, eof}, erl_tar:table({binary, binary:part(Bytes, 0, N)}))
     || N <- [0, 1, 200, 511, 512, 513, 1024, 1500, 1536, 1600, 2000]],
    ?eq({ok, []}, erl_tar:table({binary, <<0:1024/unit:8>>})),
    ?eq({error, invalid_tar_checksum}, erl_tar:table({binary, binary:copy(<<"garbage!">>, 200)})),
    [begin
         <<X:At/binary, C, Y/binary>> = Bytes,
         Changed = <<X/binary, (C bxor 1), Y/binary>>,
         ?eq({error, bad_header}, erl_tar:table({binary, Changed}))
     end || At <- [0, 50, 101, 110, 120, 126, 130, 138, 156, 160, 258]],
    [begin
         <<X:At/binary, _, Back/binary>> = Bytes,
         <<Y:(147 - At)/binary, _:8/binary, Z:356/binary, Rest/binary>> = Back,
         Sum = lists:sum(binary_to_list(<<X/binary, "z        ", Y/binary, Z/binary>>)),
         Changed = [X, $z, Y, io_lib:format("~6.8.0b", [Sum]), 0, $\s, Z, Rest],
         ?eq({error, invalid_tar_checksum}, erl_tar:table({binary, iolist_to_binary(Changed)}))
     end || At <- [101, 110, 120, 130, 140]].

texts_of_errors_test() ->
    [?eq(Text, lists:flatten(erl_tar:format_error(Error)))
     || {Error, Text} <- [{invalid_tar_checksum, "Checksum failed"},
                          {bad_header, "Unrecognized tar header format"},
                          {eof, "Unexpected end of file"},
                          {{"n", enoent}, "n: no such file or directory"},
                          {{"p", unsafe_path}, "p: The path points above the current working directory"},
                          {enoent, "no such file or directory"}]].

%% ---- beside tar(1) ----

tar_reads_what_we_wrote_test() ->
    tree(),
    write("src/" ++ long(), "long"),
    ok = erl_tar:create(at("x.tar"), [{"src", at("src")}]),
    ok = file:make_dir(at("out")),
    ?eq("", sh("tar xf x.tar -C out 2>&1", [])),
    ?eq("", sh("diff -r src out/src 2>&1", [])),
    ok = erl_tar:create(at("x.tgz"), [{"src", at("src")}], [compressed]),
    ?eq(sh("tar tf x.tar | sort", []), sh("tar tzf x.tgz | sort", [])).

we_read_what_tar_wrote_test_() ->
    {timeout, 60, [{Format, fun() -> written_by_tar(Format) end} || Format <- ["gnu", "oldgnu", "v7", "ustar", "posix"]]}.

written_by_tar(Format) ->
    tree(),
    %% v7 has no long names.
    [write("src/" ++ long(), "long") || Format =/= "v7", Format =/= "ustar"],
    Deep = ["src" | lists:duplicate(7, "0123456789")] ++ [lists:duplicate(90, $f)],
    [write(filename:join(Deep), "deep") || Format =/= "v7"],
    ?eq("", sh("tar cf x.tar --format=~s src 2>&1", [Format])),
    ?eq(lists:sort(string:lexemes(sh("tar tf x.tar | sed 's,/$,,'", []), "\n")), lists:sort(names(at("x.tar")))),
    ok = filelib:ensure_path(at("out")),
    ?eq(ok, erl_tar:extract(at("x.tar"), [{cwd, at("out")}])),
    ?eq("", sh("diff -r src out/src 2>&1", [])).

numbers_beyond_octal_test() ->
    dir(),
    write("f", "f"),
    ?eq("", sh("tar cf x.tar --format=posix --owner=:3000000 --group=:4000000 f 2>&1", [])),
    ?like({ok, [{"f", regular, 1, _, _, 3000000, 4000000}]}, erl_tar:table(at("x.tar"), [verbose])),
    {ok, T} = erl_tar:open(at("y.tar"), [write]),
    ok = erl_tar:add(T, <<"f">>, "f", [{uid, 3000000}, {gid, 4000000}]),
    ok = erl_tar:close(T),
    ?like({ok, [{"f", regular, 1, _, _, 3000000, 4000000}]}, erl_tar:table(at("y.tar"), [verbose])).

absolute_names_are_extracted_below_test() ->
    Dir = otp_check:dir("absolute"),
    Tar = filename:join(Dir, "a.tar"),
    {ok, Fd} = erl_tar:open(Tar, [write]),
    ok = erl_tar:add(Fd, <<"contents">>, "/e/d/member", []),
    ok = erl_tar:close(Fd),
    ?eq(ok, erl_tar:extract(Tar, [{cwd, Dir}])),
    ?eq({ok, <<"contents">>}, file:read_file(filename:join(Dir, "e/d/member"))).

compressed_archives_may_be_filled_up_test() ->
    Dir = otp_check:dir("filled"),
    Tar = filename:join(Dir, "a.tgz"),
    ok = erl_tar:create(Tar, [{"a", <<"aa">>}], [compressed]),
    {ok, Bytes} = file:read_file(Tar),
    ?eq({ok, ["a"]}, erl_tar:table({binary, <<Bytes/binary, 0:8000>>}, [compressed])),
    {ok, File} = file:open(Tar, [read]),
    ?eq({error, {{file, File}, {incompatible_option, compressed}}}, erl_tar:open({file, File}, [read, compressed])),
    ok = file:close(File).
