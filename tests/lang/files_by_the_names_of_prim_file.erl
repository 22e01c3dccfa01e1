%% prim_file: what it has of module file, for code that goes round that.
-module(files_by_the_names_of_prim_file).
-export([main/0]).

main() ->
    Base = filename:join(os:getenv("TMPDIR", "/tmp"), ?MODULE_STRING ++ os:getpid()),
    Name = Base ++ "_file",
    show(make_dir, prim_file:make_dir(Base)),
    show(make_dir, prim_file:make_dir(Base)),
    show(write_file, prim_file:write_file(Name, ["some ", <<"text\nand more\n">>])),
    show(read_file, prim_file:read_file(Name)),
    {ok, Fd} = prim_file:open(Name, [read, write, binary]),
    show(read, prim_file:read(Fd, 5)),
    show(read_line, prim_file:read_line(Fd)),
    show(pread, prim_file:pread(Fd, 0, 4)),
    show(pread, prim_file:pread(Fd, [{0, 2}, {5, 4}, {1000, 1}])),
    show(pwrite, prim_file:pwrite(Fd, 0, "SOME")),
    show(pwrite, prim_file:pwrite(Fd, [{0, "s"}, {2, <<"m">>}])),
    show(position, prim_file:position(Fd, {bof, 9})),
    show(truncate, prim_file:truncate(Fd)),
    show(write, prim_file:write(Fd, "!")),
    show(sync, {prim_file:sync(Fd), prim_file:datasync(Fd)}),
    show(close, prim_file:close(Fd)),
    show(read_file, prim_file:read_file(Name)),
    {ok, Info} = prim_file:read_file_info(Name),
    show(read_file_info, {element(1, Info), element(2, Info), element(3, Info)}),
    show(rename, prim_file:rename(Name, filename:join(Base, "a"))),
    show(make_symlink, prim_file:make_symlink("a", filename:join(Base, "b"))),
    show(make_link, prim_file:make_link(filename:join(Base, "a"), filename:join(Base, "c"))),
    show(read_link, prim_file:read_link(filename:join(Base, "b"))),
    {ok, Names} = prim_file:list_dir(Base),
    show(list_dir, lists:sort(Names)),
    show(list_dir, prim_file:list_dir(filename:join(Base, "none"))),
    [show(delete, prim_file:delete(filename:join(Base, N))) || N <- ["a", "b", "c", "d"]],
    show(del_dir, prim_file:del_dir(Base)),
    show(altname, prim_file:altname(Base)),
    show(names, [prim_file:internal_name2native("aå"), prim_file:internal_native2name(<<"a">>),
                 prim_file:is_translatable(<<"a">>), prim_file:is_translatable(<<255>>)]),
    {ok, Here} = prim_file:get_cwd(),
    show(set_cwd, prim_file:set_cwd(Here)).

show(What, Result) -> io:format("~p: ~p~n", [What, Result]).
