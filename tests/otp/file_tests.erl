%% file, filelib and files in memory and compressed, as their manuals say. Everything lies in a directory of
%% the test's own.
-module(file_tests).
-include("check.hrl").
-include_lib("kernel/include/file.hrl").

at(Name) -> filename:join(get(dir), Name).
dir() -> put(dir, otp_check:dir("file")).
write(Name, Bytes) -> ok = file:write_file(at(Name), Bytes).
bytes(Name) -> {ok, B} = file:read_file(at(Name)), B.
open(Name, Modes) -> {ok, F} = file:open(at(Name), Modes), F.
%% The ways to have a file open: a process, and raw.
both(Test) -> [Test([]), Test([raw])].

%% ---- whole files ----

whole_files_test() ->
    dir(),
    ?eq(ok, file:write_file(at("a"), ["one", <<" two ">>, [$t, "hree"]])),
    ?eq({ok, <<"one two three">>}, file:read_file(at("a"))),
    ?eq({ok, <<"one two three">>}, file:read_file(list_to_binary(at("a")))),
    ?eq(ok, file:write_file(at("a"), "!", [append])),
    ?eq(<<"one two three!">>, bytes("a")),
    ?eq({error, eexist}, file:write_file(at("a"), "x", [exclusive])),
    ?eq(ok, file:write_file(at("u"), [246], [{encoding, utf8}])),
    ?eq(<<246/utf8>>, bytes("u")),
    ?eq({error, enoent}, file:read_file(at("nothing"))),
    ?eq({error, eisdir}, file:read_file(get(dir))),
    ?eq({error, enotdir}, file:read_file(at("a/b"))),
    ?eq({error, enoent}, file:write_file(at("no/b"), "")),
    ?eq({error, badarg}, file:write_file(at("a"), [256])),
    ?eq({error, badarg}, file:read_file(1)).

%% ---- open files ----

reading_and_places_test() ->
    dir(),
    write("a", "0123456789"),
    both(fun(Raw) ->
        F = open("a", [read, binary | Raw]),
        ?eq({ok, <<"012">>}, file:read(F, 3)),
        ?eq({ok, 3}, file:position(F, cur)),
        ?eq({ok, 1}, file:position(F, {cur, -2})),
        ?eq({ok, <<"1">>}, file:read(F, 1)),
        ?eq({ok, 8}, file:position(F, {eof, -2})),
        ?eq({ok, <<"89">>}, file:read(F, 100)),
        ?eq(eof, file:read(F, 1)),
        ?eq({ok, 20}, file:position(F, 20)),
        ?eq(eof, file:read(F, 1)),
        ?eq({error, einval}, file:position(F, {bof, -1})),
        ?eq({ok, <<"45">>}, file:pread(F, 4, 2)),
        ?eq({ok, [<<"0">>, <<"89">>, eof]}, file:pread(F, [{0, 1}, {8, 5}, {50, 1}])),
        ?eq({ok, <<>>}, file:read(F, 0)),
        ?eq({error, ebadf}, file:write(F, "x")),
        _ = file:close(F)
    end),
    F = open("a", [read]),
    ?eq({ok, "01"}, file:read(F, 2)),
    ok = file:close(F),
    ?eq({error, terminated}, file:read(F, 1)),
    ?eq(ok, file:close(F)),
    R = open("a", [read, raw]),
    ?eq({ok, "01"}, file:read(R, 2)),
    ok = file:close(R),
    ?eq({error, einval}, file:read(R, 1)).

writing_test() ->
    dir(),
    both(fun(Raw) ->
        F = open("a", [write, read, binary | Raw] -- [read]),
        ?eq(ok, file:write(F, ["ab", <<"cd">>])),
        ?eq(ok, file:pwrite(F, 6, "gh")),
        ?eq(ok, file:pwrite(F, [{0, "A"}, {3, "D"}])),
        ?eq({ok, 4}, file:position(F, 4)),
        ?eq(ok, file:write(F, "ef")),
        ?eq(ok, file:sync(F)),
        ?eq(ok, file:datasync(F)),
        ?eq(<<"AbcDefgh">>, bytes("a")),
        ?eq({ok, 3}, file:position(F, 3)),
        ?eq(ok, file:truncate(F)),
        ?eq(ok, file:close(F)),
        ?eq(<<"Abc">>, bytes("a")),
        G = open("a", [append | Raw]),
        ?eq(ok, file:write(G, "+")),
        ?eq(ok, file:close(G)),
        ?eq(<<"Abc+">>, bytes("a")),
        H = open("a", [read, write | Raw]),
        ?eq({ok, "A"}, file:read(H, 1)),
        ?eq(ok, file:write(H, "B")),
        ?eq({ok, "c"}, file:read(H, 1)),
        ?eq(ok, file:close(H)),
        ?eq(<<"ABc+">>, bytes("a")),
        ?eq({error, eexist}, file:open(at("a"), [write, exclusive | Raw]))
    end).

delayed_writes_arrive_test() ->
    dir(),
    both(fun(Raw) ->
        F = open("a", [write, {delayed_write, 100, 10} | Raw]),
        [?eq(ok, file:write(F, "0123456789")) || _ <- lists:seq(1, 25)],
        ?eq(ok, file:close(F)),
        ?eq(250, byte_size(bytes("a"))),
        H = open("a", [write, {delayed_write, 100, 10000} | Raw]),
        [ok = file:write(H, "0123456789") || _ <- lists:seq(1, 9)],
        ?eq(<<>>, bytes("a")),
        ok = file:write(H, "0123456789"),
        ?eq(100, byte_size(bytes("a"))), % as much as was asked for is written at once
        ?eq(ok, file:close(H)),
        G = open("a", [write, delayed_write | Raw]),
        ok = file:write(G, "x"),
        ?eq(ok, file:sync(G)),
        ?eq(<<"x">>, bytes("a")),
        ok = file:write(G, "y"),
        ?eq({ok, 0}, file:position(G, 0)),
        ?eq(<<"xy">>, bytes("a")),
        ?eq(ok, file:close(G))
    end).

lines_test() ->
    dir(),
    write("a", "one\ntwo\r\n\nlast"),
    both(fun(Raw) ->
        F = open("a", [read, read_ahead | Raw]),
        ?eq([{ok, "one\n"}, {ok, "two\n"}, {ok, "\n"}, {ok, "last"}, eof, eof],
            [file:read_line(F) || _ <- lists:seq(1, 6)]),
        ?eq({ok, 0}, file:position(F, 0)),
        ?eq({ok, "one\n"}, file:read_line(F)),
        ?eq({ok, "tw"}, file:read(F, 2)),
        ?eq({ok, 6}, file:position(F, cur)),
        ok = file:close(F)
    end),
    Long = binary:copy(<<"x">>, 100000),
    write("b", [Long, $\n, Long]),
    both(fun(Raw) ->
        F = open("b", [read, binary | Raw]),
        ?eq({ok, <<Long/binary, $\n>>}, file:read_line(F)),
        ?eq({ok, Long}, file:read_line(F)),
        ?eq(eof, file:read_line(F)),
        ok = file:close(F)
    end).

encodings_test() ->
    dir(),
    Text = [$a, 246, 8364, 128512, $\n],
    [begin
         F = open("a", [write, {encoding, E}]),
         ?eq(ok, io:put_chars(F, Text)),
         ok = file:close(F),
         ?eq(unicode:characters_to_binary([Text], unicode, E), bytes("a")),
         G = open("a", [read, {encoding, E}]),
         ?eq(Text, io:get_line(G, '')),
         ?eq(eof, io:get_line(G, '')),
         ok = file:close(G)
     end || E <- [utf8, {utf16, big}, {utf16, little}, {utf32, big}, {utf32, little}]],
    L = open("a", [write]),
    ?eq([{binary, false}, {encoding, latin1}], lists:sort(io:getopts(L))),
    ?eq({error, no_translation}, (catch io:put_chars(L, [8364])) =:= ok orelse {error, no_translation}).

modes_that_are_refused_test() ->
    dir(),
    write("a", ""),
    [?eq({error, badarg}, file:open(at("a"), Modes))
     || Modes <- [[{encoding, zork}], zork]],
    ?eq({error, enoent}, file:open(at("no"), [read])),
    ?eq({error, eisdir}, file:open(get(dir), [read])),
    ?like({ok, _}, file:open(get(dir), [read, directory])).

files_end_with_their_owner_test() ->
    dir(),
    Me = self(),
    {Pid, Ref} = spawn_monitor(fun() -> Me ! {file, open("a", [write])} end),
    put(dir, get(dir)),
    receive {'DOWN', Ref, process, Pid, _} -> ok end,
    receive {file, F} -> otp_check:wait_for(fun() -> not is_process_alive(F) end) after 0 -> ok end,
    ?ok(true).

%% ---- compressed ----

compressed_test() ->
    dir(),
    Text = iolist_to_binary([[integer_to_list(N), $\n] || N <- lists:seq(1, 30000)]),
    both(fun(Raw) ->
        W = open("a.gz", [write, compressed | Raw]),
        ?eq(ok, file:write(W, Text)),
        ?eq({ok, byte_size(Text)}, file:position(W, cur)),
        ?eq(ok, file:close(W)),
        ?eq(Text, zlib:gunzip(bytes("a.gz"))),
        R = open("a.gz", [read, binary, compressed | Raw]),
        ?eq({ok, <<"1\n2\n">>}, file:read(R, 4)),
        ?eq({ok, 100000}, file:position(R, 100000)),
        ?eq({ok, binary:part(Text, 100000, 50)}, file:read(R, 50)),
        ?eq({ok, 10}, file:position(R, {cur, -100040})),
        ?eq({ok, binary:part(Text, 10, 70000)}, file:read(R, 70000)),
        ?eq({ok, 0}, file:position(R, 0)),
        ?eq({ok, Text}, file:read(R, byte_size(Text) + 1)),
        ?eq(eof, file:read(R, 1)),
        ?eq({error, einval}, file:position(R, {eof, 0})),
        ?eq({ok, 0}, file:position(R, 0)),
        ?eq([{ok, <<"1\n">>}, {ok, <<"2\n">>}], [file:read_line(R), file:read_line(R)]),
        ?eq(ok, file:close(R))
    end).

compressed_or_not_test() ->
    dir(),
    write("a", "not compressed"),
    write("b", [zlib:gzip("one\n"), zlib:gzip("two\n")]),
    write("c", binary:part(zlib:gzip(binary:copy(<<"x">>, 1000)), 0, 15)),
    both(fun(Raw) ->
        Read = fun(Name) ->
                   F = open(Name, [read, compressed | Raw]),
                   Result = file:read(F, 100),
                   _ = file:close(F),
                   Result
               end,
        ?eq({ok, "not compressed"}, Read("a")),
        ?eq({ok, "one\ntwo\n"}, Read("b")),
        ?eq({error, einval}, file:open(at("a"), [read, write, compressed | Raw])),
        ?eq({error, einval}, file:open(at("a"), [append, compressed | Raw])),
        F = open("d", [write, compressed | Raw]),
        ?eq(ok, file:write(F, "ab")),
        ?eq({ok, 5}, file:position(F, {cur, 3})),
        ?eq({error, einval}, file:position(F, 1)),
        ?eq({error, ebadf}, file:read(F, 1)),
        _ = file:close(F)
    end),
    U = open("u", [write, compressed, {encoding, utf8}]),
    ?eq(ok, io:put_chars(U, [8364])),
    ok = file:close(U),
    ?eq(<<8364/utf8>>, zlib:gunzip(bytes("u"))).

%% ---- in memory ----

memory_test() ->
    {ok, F} = file:open("hello world", [ram, read, write]),
    ?eq({ok, "he"}, file:read(F, 2)),
    ?eq({ok, 2}, file:position(F, cur)),
    ?eq({ok, ["he", "lo w", eof]}, file:pread(F, [{0, 2}, {3, 4}, {100, 2}])),
    ?eq(ok, file:pwrite(F, [{0, "JE"}, {15, "abc"}])),
    ?eq({ok, 15}, file:position(F, {eof, -3})),
    ?eq({ok, "abc"}, file:read(F, 10)),
    ?eq(eof, file:read(F, 10)),
    ?eq({error, einval}, file:position(F, {bof, -3})),
    ?eq({ok, 5}, file:position(F, 5)),
    ?eq(ok, file:truncate(F)),
    ?eq({ok, 0}, file:position(F, 0)),
    ?eq({ok, "JEllo"}, file:read(F, 100)),
    ?eq(ok, file:write(F, "!!")),
    ?eq({ok, 9}, file:position(F, 9)),
    ?eq(ok, file:write(F, "end")),
    ?eq({ok, "JEllo!!\0\0end"}, file:pread(F, 0, 100)),
    ?eq(ok, file:close(F)),
    {ok, G} = file:open(<<"abc">>, [ram, binary]),
    ?eq({ok, <<"ab">>}, file:read(G, 2)),
    ?eq({error, ebadf}, file:write(G, "d")),
    ?eq(ok, file:close(G)),
    ?eq({error, badarg}, file:open([a, b], [ram, write])),
    ?eq({error, badarg}, file:open("a", [ram, append])).

%% ---- copying ----

copying_test() ->
    dir(),
    Text = binary:copy(<<"0123456789">>, 20000),
    write("a", Text),
    ?eq({ok, 200000}, file:copy(at("a"), at("b"))),
    ?eq(Text, bytes("b")),
    ?eq({ok, 5}, file:copy(at("a"), at("b"), 5)),
    ?eq(<<"01234">>, bytes("b")),
    ?eq({ok, 3}, file:copy({at("a"), [read]}, {at("b"), [append]}, 3)),
    ?eq(<<"01234012">>, bytes("b")),
    From = open("a", [read, binary]),
    To = open("c", [write, raw]),
    ?eq({ok, 7}, file:copy(From, To, 7)),
    ?eq({ok, <<"789">>}, file:read(From, 3)),
    ok = file:close(From),
    ok = file:close(To),
    ?eq(<<"0123456">>, bytes("c")),
    ?eq({error, enoent}, file:copy(at("no"), at("d"))).

%% ---- directories and names ----

directories_test() ->
    dir(),
    ?eq(ok, file:make_dir(at("d"))),
    ?eq({error, eexist}, file:make_dir(at("d"))),
    ?eq({error, enoent}, file:make_dir(at("no/d"))),
    write("d/b", ""), write("d/a", ""),
    {ok, Names} = file:list_dir(at("d")),
    ?eq(["a", "b"], lists:sort(Names)),
    ?eq({error, eexist}, file:del_dir(at("d"))),
    ?eq({error, enotdir}, file:list_dir(at("d/a"))),
    ?eq(ok, file:rename(at("d/a"), at("d/c"))),
    ?eq({error, enoent}, file:rename(at("d/a"), at("d/c"))),
    ?eq(ok, file:delete(at("d/b"))),
    ?eq({error, enoent}, file:delete(at("d/b"))),
    ?eq({error, eperm}, file:delete(at("d"))),
    ?eq(ok, file:delete(at("d/c"))),
    ?eq(ok, file:del_dir(at("d"))),
    ?eq({error, enoent}, file:del_dir(at("d"))),
    ok = filelib:ensure_path(at("t/u/v")),
    write("t/u/f", "x"),
    ok = file:make_symlink("f", at("t/u/l")),
    ?eq(ok, file:del_dir_r(at("t"))),
    ?eq({error, enoent}, file:read_file_info(at("t"))).

links_test() ->
    dir(),
    write("a", "aa"),
    ?eq(ok, file:make_link(at("a"), at("h"))),
    ?eq(ok, file:make_symlink("a", at("s"))),
    ?eq({error, eexist}, file:make_symlink("a", at("s"))),
    ?eq({ok, "a"}, file:read_link(at("s"))),
    ?eq({ok, "a"}, file:read_link_all(at("s"))),
    ?eq({error, einval}, file:read_link(at("a"))),
    {ok, #file_info{links = 2, type = regular, size = 2, access = Access}} = file:read_file_info(at("h")),
    ?eq(read_write, Access),
    ?like({ok, #file_info{type = symlink}}, file:read_link_info(at("s"))),
    ?like({ok, #file_info{type = regular}}, file:read_file_info(at("s"))),
    ?like({ok, #file_info{type = directory}}, file:read_file_info(get(dir))),
    F = open("a", [read, raw]),
    ?like({ok, #file_info{size = 2}}, file:read_file_info(F)),
    ok = file:close(F).

changing_information_test() ->
    dir(),
    write("a", ""),
    ?eq(ok, file:change_mode(at("a"), 8#640)),
    {ok, I} = file:read_file_info(at("a")),
    ?eq(8#640, I#file_info.mode band 8#777),
    ?eq(ok, file:change_time(at("a"), {{2001, 2, 3}, {4, 5, 6}})),
    {ok, J} = file:read_file_info(at("a"), [{time, local}]),
    ?eq({{2001, 2, 3}, {4, 5, 6}}, J#file_info.mtime),
    ?eq(ok, file:write_file_info(at("a"), #file_info{atime = 1000, mtime = 2000}, [{time, posix}])),
    {ok, K} = file:read_file_info(at("a"), [{time, posix}]),
    ?eq({1000, 2000}, {K#file_info.atime, K#file_info.mtime}),
    {ok, U} = file:read_file_info(at("a"), [{time, universal}]),
    ?eq({{1970, 1, 1}, {0, 33, 20}}, U#file_info.mtime),
    ?eq({error, enoent}, file:change_mode(at("no"), 8#640)).

names_of_all_kinds_test() ->
    dir(),
    [begin
         ?eq(ok, file:write_file(at(N), "x")),
         ?ok(filelib:is_regular(at(N)))
     end || N <- [[246], [8364], [128512], "with space", "a\tb", <<"binary">>, 'atom']],
    ?eq(ok, file:write_file([get(dir), $/, [["de"], ep]], "x")),
    ?ok(filelib:is_file(at("deep"))),
    ?eq({error, badarg}, file:read_file("a\0b")),
    Raw = <<(list_to_binary(get(dir)))/binary, "/", 255, 254>>,
    ?eq(ok, file:write_file(Raw, "raw")),
    ?eq({ok, <<"raw">>}, file:read_file(Raw)),
    {ok, Names} = file:list_dir(get(dir)),
    {ok, All} = file:list_dir_all(get(dir)),
    ?eq([<<255, 254>>], All -- Names).

%% ---- terms and expressions ----

terms_test() ->
    dir(),
    write("a", "%% a comment\n{one, \"two\"}.\n[3,\n 4].\n"),
    ?eq({ok, [{one, "two"}, [3, 4]]}, file:consult(at("a"))),
    write("b", "{one, }.\n"),
    ?like({error, {1, erl_parse, _}}, file:consult(at("b"))),
    write("c", "ok.\n\n'unended\n"),
    ?like({error, {3, erl_scan, _}}, file:consult(at("c"))),
    ?eq("1: syntax error before: '}'", lists:flatten(file:format_error(element(2, file:consult(at("b")))))),
    write("d", "X = 1 + 1.\n{X, Y}.\n"),
    ?eq({ok, {2, z}}, file:script(at("d"), [{'Y', z}])),
    ?like({error, {_, file, {error, {unbound_var, 'Y'}, _}}}, file:script(at("d"))),
    ?eq(ok, file:eval(at("d"), [{'Y', z}])),
    ?eq({error, enoent}, file:consult(at("no"))),
    write("u", <<"%% coding: utf-8\n\"", 8364/utf8, "\".\n">>),
    ?eq({ok, [[8364]]}, file:consult(at("u"))),
    write("l", <<"%% coding: latin-1\n\"", 246, "\".\n">>),
    ?eq({ok, [[246]]}, file:consult(at("l"))).

paths_test() ->
    dir(),
    ok = file:make_dir(at("one")),
    ok = file:make_dir(at("two")),
    write("two/f", "term.\n"),
    Path = [at("no"), at("one"), at("two")],
    ?eq({ok, [term], at("two/f")}, file:path_consult(Path, "f")),
    ?eq({ok, term, at("two/f")}, file:path_script(Path, "f")),
    ?eq({ok, at("two/f")}, file:path_eval(Path, "f")),
    {ok, F, Full} = file:path_open(Path, "f", [read]),
    ?eq(at("two/f"), Full),
    ok = file:close(F),
    ?eq({error, enoent}, file:path_consult(Path, "g")).

finding_test() ->
    dir(),
    [begin ok = filelib:ensure_dir(at(N)), write(N, "") end
     || N <- ["a.erl", "b.hrl", "d/c.erl", "d/e/f.erl"]],
    ?eq(["a.erl"], filelib:wildcard("*.erl", get(dir))),
    ?eq(["a.erl", "b.hrl"], filelib:wildcard("*.{e,h}rl", get(dir))),
    ?eq(["a.erl", "d/c.erl", "d/e/f.erl"], filelib:wildcard("**/*.erl", get(dir))),
    ?eq(["a.erl", "b.hrl"], filelib:wildcard("[a-b].?rl", get(dir))),
    ?eq([at("a.erl"), at("d/c.erl"), at("d/e/f.erl")],
        lists:sort(filelib:fold_files(get(dir), "\\.erl$", true, fun(F, Acc) -> [F | Acc] end, []))),
    ?eq({ok, at("d/c.erl")}, filelib:find_file("c.erl", at("d"))),
    ?eq({error, not_found}, filelib:find_file("zork.erl", at("d"))),
    ?eq(0, filelib:file_size(at("a.erl"))),
    ?eq(0, filelib:last_modified(at("no"))).

patterns_that_are_none_are_the_callers_fault_test() ->
    [begin
         {'EXIT', {Reason, [{filelib, Function, Arity, _} | _]}} = (catch apply(filelib, Function, Args)),
         ?eq({badpattern, missing_delimiter}, Reason),
         ?eq(length(Args), Arity)
     end || Pattern <- ["{", "x/{a,b"],
            {Function, Args} <- [{compile_wildcard, [Pattern]}, {wildcard, [Pattern]}, {wildcard, [Pattern, "."]}]].

%% ---- corners of what the system answers ----

characters_that_do_not_fit_end_the_file_test() ->
    dir(),
    [begin
         ok = file:write_file(at("u"), unicode:characters_to_binary([8364, $x], unicode, Encoding)),
         [begin
              F = open("u", [read, binary, {encoding, Encoding}]),
              ?eq({error, {no_translation, Name, latin1}}, Read(F)),
              ?eq({error, terminated}, io:get_chars(F, '', 1))
          end || Read <- [fun(F) -> file:read(F, 2) end, fun(F) -> file:read_line(F) end]]
     end || {Encoding, Name} <- [{utf8, unicode}, {{utf16, little}, {utf16, little}}, {{utf32, big}, {utf32, big}}]].

servers_of_another_kind_test() ->
    Loop = fun(Loop, Answer) ->
        receive {io_request, From, As, _} -> From ! {io_reply, As, Answer}, Loop(Loop, Answer) end
    end,
    [begin
         Server = spawn(fun() -> Loop(Loop, Answer) end),
         ?eq(Expected, file:read(Server, 2)),
         ?eq(Expected, file:read_line(Server)),
         exit(Server, kill)
     end || {Answer, Expected} <- [{"ab", {ok, "ab"}}, {<<"ab">>, {ok, <<"ab">>}}, {{ok, "ab"}, {ok, "ab"}}, {eof, eof}, {{error, x}, {error, x}}]].

closed_raw_files_test() ->
    dir(),
    write("a", "abc"),
    F = open("a", [read, write, raw]),
    [?eq(ok, file:advise(F, 0, 3, Advice)) || Advice <- [normal, sequential, random, no_reuse, will_need, dont_need]],
    ?eq({error, einval}, file:advise(F, 0, 3, otherwise)),
    P = open("a", [read]),
    ?eq(ok, file:advise(P, 0, 3, sequential)),
    ok = file:close(P),
    ok = file:close(F),
    ?eq({error, einval}, file:advise(F, 0, 3, normal)),
    ?eq({error, einval}, file:allocate(F, 0, 3)),
    ?eq({error, einval}, file:close(F)).

what_the_system_cannot_do_test() ->
    dir(),
    ?eq({error, einval}, file:rename("/", at("root"))),
    {ok, Before} = file:get_cwd(),
    ok = file:make_dir(at("full")),
    write("full/a", ""),
    ?eq({error, eexist}, file:del_dir(at("full"))),
    ok = file:set_cwd(at("full")),
    Deleted = file:del_dir(at("full")),
    ok = file:set_cwd(Before),
    ?eq({error, einval}, Deleted).

%% To functions; sockets are not for all machines.
files_that_are_sent_test() ->
    dir(),
    write("a", lists:seq(0, 99)),
    Self = self(),
    Took = fun(Data) -> Self ! {sent, iolist_to_binary(Data)}, ok end,
    Bytes = fun(From, To) -> list_to_binary(lists:seq(From, To)) end,
    ?eq({{ok, 100}, [{sent, Bytes(0, 99)}]}, {file:sendfile(at("a"), Took), otp_check:flush()}),
    F = open("a", [raw, read, binary]),
    ?eq({{ok, 20}, [{sent, Bytes(10, 29)}]}, {file:sendfile(F, Took, 10, 20, []), otp_check:flush()}),
    ?eq({{ok, 90}, [{sent, Bytes(10, 99)}]}, {file:sendfile(F, Took, 10, 1000, []), otp_check:flush()}),
    ?eq({{ok, 0}, []}, {file:sendfile(F, Took, 200, 10, []), otp_check:flush()}),
    ?eq({{ok, 70}, [{sent, Bytes(0, 29)}, {sent, Bytes(30, 59)}, {sent, Bytes(60, 69)}]},
        {file:sendfile(F, Took, 0, 70, [{chunk_size, 30}]), otp_check:flush()}),
    ?eq({ok, 0}, file:position(F, cur)),
    ?eq({error, closed}, file:sendfile(F, fun(_) -> {error, closed} end, 0, 0, [])),
    [?eq({error, einval}, file:sendfile(F, Took, At, Count, [])) || {At, Count} <- [{-1, 0}, {0, -1}]],
    [?eq({error, badarg}, Sent)
     || Sent <- [file:sendfile(F, Took, 0, x, []), file:sendfile(F, Took, 0, 0, x), file:sendfile(self(), Took, 0, 0, []),
                 file:sendfile(17, Took)]],
    ?eq({error, enoent}, file:sendfile(at("none"), Took)),
    ok = file:close(F).
