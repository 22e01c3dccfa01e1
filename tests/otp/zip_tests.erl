%% zip, as its manual says.
-module(zip_tests).
-include("check.hrl").
-include_lib("kernel/include/file.hrl").
-include_lib("stdlib/include/zip.hrl").

at(Name) -> filename:join(get(dir), Name).
dir() -> put(dir, otp_check:dir("zip")).
write(Name, Bytes) ->
    ok = filelib:ensure_dir(at(Name)),
    ok = file:write_file(at(Name), Bytes).
tree() ->
    dir(),
    write("src/a.txt", "alpha\n"),
    write("src/deep/b", binary:copy(<<"b">>, 70000)),
    write("src/zero", ""),
    ok = file:make_dir(at("src/empty")).
names() -> ["src/", "src/a.txt", "src/deep/", "src/deep/b", "src/empty/", "src/zero"].

round_trip_test() ->
    tree(),
    ?eq({ok, at("x.zip")}, zip:create(at("x.zip"), ["src"], [{cwd, get(dir)}])),
    ?eq({ok, names()}, zip:list_dir(at("x.zip"), [names_only])),
    {ok, [#zip_comment{comment = []} | Files]} = zip:list_dir(at("x.zip")),
    ?eq(names(), [N || #zip_file{name = N} <- Files]),
    [B] = [F || #zip_file{name = "src/deep/b"} = F <- Files],
    ?ok(B#zip_file.comp_size < 1000),
    ?eq({70000, regular}, {(B#zip_file.info)#file_info.size, (B#zip_file.info)#file_info.type}),
    {ok, Extracted} = zip:extract(at("x.zip"), [{cwd, at("out")}]),
    ?eq([at("out/src/" ++ N) || N <- ["a.txt", "deep/b", "zero"]], Extracted),
    [?eq(file:read_file(at("src/" ++ N)), file:read_file(at("out/src/" ++ N))) || N <- ["a.txt", "deep/b", "zero"]].

memory_test() ->
    {ok, {"any.zip", Zip}} = zip:create("any.zip", [{"a", <<"aa">>}, {"d/b", <<>>}], [memory, {comment, "remark"}]),
    ?eq({ok, [{"a", <<"aa">>}, {"d/b", <<>>}]}, zip:extract(Zip, [memory])),
    ?like({ok, [#zip_comment{comment = "remark"}, #zip_file{name = "a"}, #zip_file{name = "d/b"}]}, zip:table(Zip)),
    ?eq({ok, [{"a", <<"aa">>}]}, zip:unzip(Zip, [memory, {file_list, ["a", "nothing"]}])),
    ?eq({ok, [{"d/b", <<>>}]}, zip:unzip(Zip, [memory, {file_filter, fun(#zip_file{name = N}) -> N =/= "a" end}])),
    ?eq({ok, [{"d/b", 0}, {"a", 2}]},
        zip:foldl(fun(N, _, Get, Acc) -> [{N, byte_size(Get())} | Acc] end, [], {"any.zip", Zip})).

what_is_packed_test() ->
    Text = binary:copy(<<"text ">>, 1000),
    Sizes = fun(Options) ->
                {ok, {_, Zip}} = zip:create("z", [{"a.txt", Text}, {"b.zip", Text}, {"c", Text}], [memory | Options]),
                {ok, [_ | Files]} = zip:list_dir(Zip),
                [N || #zip_file{name = N, comp_size = Size} <- Files, Size < 1000]
            end,
    ?eq(["a.txt", "c"], Sizes([])),
    ?eq([], Sizes([{uncompress, all}])),
    ?eq(["a.txt"], Sizes([{compress, [".txt"]}])),
    ?eq(["c"], Sizes([{uncompress, {add, [".txt"]}}])),
    ?eq(["a.txt", "b.zip", "c"], Sizes([{uncompress, {del, [".zip"]}}])).

open_archives_test() ->
    dir(),
    {ok, _} = zip:create(at("x.zip"), [{"a", <<"aa">>}, {"b", <<"bb">>}]),
    {ok, Handle} = zip:zip_open(at("x.zip"), [memory]),
    ?eq({ok, {"b", <<"bb">>}}, zip:zip_get("b", Handle)),
    ?eq({error, file_not_found}, zip:zip_get("c", Handle)),
    ?eq({ok, [{"a", <<"aa">>}, {"b", <<"bb">>}]}, zip:zip_get(Handle)),
    ?like({ok, [#zip_comment{}, #zip_file{}, #zip_file{}]}, zip:zip_list_dir(Handle)),
    ?eq(ok, zip:zip_close(Handle)),
    ?eq({error, enoent}, zip:zip_open(at("nothing"))).

errors_test() ->
    dir(),
    ?eq({error, enoent}, zip:list_dir(at("nothing"))),
    ?eq({error, enoent}, zip:extract(at("nothing"))),
    ?eq({error, enoent}, zip:create(at("x.zip"), [at("nothing")])),
    write("bad", binary:copy(<<"no zip ">>, 100)),
    ?like({error, _}, zip:list_dir(at("bad"))),
    ?like({error, _}, zip:extract(at("bad"), [memory])).

%% ---- beside zip(1) and unzip(1), where they are ----

others_test() ->
    case os:find_executable("unzip") =:= false orelse os:find_executable("zip") =:= false of
        true -> ok;
        false ->
            tree(),
            {ok, _} = zip:create(at("x.zip"), ["src"], [{cwd, get(dir)}]),
            ?eq("", os:cmd("cd '" ++ get(dir) ++ "' && unzip -qq x.zip -d out 2>&1 && diff -r src out/src 2>&1")),
            ?eq("", os:cmd("cd '" ++ get(dir) ++ "' && zip -qr y.zip src 2>&1")),
            {ok, Names} = zip:list_dir(at("y.zip"), [names_only]),
            ?eq(names(), lists:sort(Names)),
            {ok, _} = zip:extract(at("y.zip"), [{cwd, at("again")}]),
            ?eq("", os:cmd("cd '" ++ get(dir) ++ "' && diff -r src/deep again/src/deep 2>&1"))
    end.

what_points_above_is_extracted_below_test() ->
    dir(),
    {ok, {_, Zip}} = zip:create("any.zip", [{"../up.txt", <<"u">>}, {"ok.txt", <<"o">>}], [memory]),
    ?eq({ok, [at("in/up.txt"), at("in/ok.txt")]}, zip:extract(Zip, [{cwd, at("in")}])),
    ?eq(false, filelib:is_file(at("up.txt"))).

local_header_that_says_another_method_test() ->
    {ok, {_, Zip}} = zip:create("any.zip", [{"a", <<"aa">>}], [memory]),
    <<Start:6/binary, _:32, Rest/binary>> = Zip,
    [?eq({error, bad_file_header}, zip:extract(<<Start/binary, Flags:16/little, 99:16/little, Rest/binary>>, [memory]))
     || Flags <- [0, 8]].

local_header_that_says_another_checksum_test() ->
    {ok, {_, Zip}} = zip:create("any.zip", [{"a", <<"aa">>}], [memory]),
    <<Start:14/binary, Crc:32, Rest/binary>> = Zip,
    ?eq({error, {bad_crc, "a"}}, zip:extract(<<Start/binary, (Crc bxor 1):32, Rest/binary>>, [memory])),
    ?eq({error, einval}, zip:foldl(fun(_, _, _, Acc) -> Acc end, [], 42)).
