%% cover: which lines of a module are executed.
-module(cover_tests).
-include("check.hrl").

-define(SOURCE, "-module(cover_example).\n-export([f/1, g/2]).\n\n"
                "f(X) when X > 0 ->\n    Y = X + 1,\n    Y * 2;\nf(_) ->\n    zero.\n\n"
                "g([], A) ->\n    A;\ng([_ | T], A) ->\n    g(T, A + 1).\n").

compiled() ->
    File = filename:join(otp_check:dir("cover"), "cover_example.erl"),
    ok = file:write_file(File, ?SOURCE),
    {ok, cover_example} = cover:compile_module(filename:rootname(File)),
    File.

lines_are_counted_until_it_stops_test() ->
    {ok, Server} = cover:start(),
    ?eq({error, {already_started, Server}}, cover:start()),
    ?eq(false, cover:is_compiled(cover_example)),
    ?eq({error, {not_cover_compiled, cover_example}}, cover:analyse(cover_example)),
    {error, Missing} = cover:compile_module("no_such_source"),
    ?eq("no_such_source.erl", filename:basename(Missing)),
    File = compiled(),
    ?eq({file, File}, cover:is_compiled(cover_example)),
    ?eq([cover_example], cover:modules()),
    ?eq(4, cover_example:f(1)),
    ?eq(2, cover_example:g([a, b], 0)),
    M = cover_example,
    ?eq({ok, [{{M, 5}, 1}, {{M, 6}, 1}, {{M, 8}, 0}, {{M, 11}, 1}, {{M, 13}, 2}]}, cover:analyse(M, calls, line)),
    ?eq({ok, [{{M, 5}, {1, 0}}, {{M, 6}, {1, 0}}, {{M, 8}, {0, 1}}, {{M, 11}, {1, 0}}, {{M, 13}, {1, 0}}]},
        cover:analyse(M, coverage, line)),
    ?eq({ok, [{{M, f, 1}, {2, 1}}, {{M, g, 2}, {2, 0}}]}, cover:analyse(M)),
    ?eq({ok, {M, {4, 1}}}, cover:analyse(M, module)),
    ok = cover:reset(M),
    ?eq({ok, {M, {0, 5}}}, cover:analyse(M, coverage, module)),
    ?eq(ok, cover:stop()),
    ?eq(false, code:is_loaded(M)).
