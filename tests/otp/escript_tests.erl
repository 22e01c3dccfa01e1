%% escript: what scripts are made of.
-module(escript_tests).
-include("check.hrl").

-define(SOURCE, <<"main(_) -> ok.\n">>).

creating_test() ->
    [?eq({ok, Text}, escript:create(binary, Sections))
     || {Sections, Text} <-
            [{[{source, ?SOURCE}], ?SOURCE},
             {[shebang, {source, ?SOURCE}], <<"#!/usr/bin/env escript\nmain(_) -> ok.\n">>},
             {[shebang, comment, {emu_args, "-x y"}, {source, ?SOURCE}],
              <<"#!/usr/bin/env escript\n%% This is an -*- erlang -*- file\n%%!-x y\nmain(_) -> ok.\n">>},
             {[{shebang, "/bin/es"}, {comment, "hi"}, {source, ?SOURCE}], <<"#!/bin/es\n%% hi\nmain(_) -> ok.\n">>},
             {[{shebang, default}, {comment, undefined}, {source, ?SOURCE}],
              <<"#!/usr/bin/env escript\nmain(_) -> ok.\n">>}]].

round_trip_test() ->
    File = filename:join(otp_check:dir("escript"), "script"),
    {ok, {_, Zip}} = zip:create("a", [{"m.erl", <<"x">>}], [memory]),
    [begin
         ?eq(ok, escript:create(File, Sections)),
         ?eq({ok, Sections}, escript:extract(File, []))
     end || Body <- [{source, ?SOURCE}, {archive, Zip}],
            Args <- [undefined, "-x"], Comment <- [default, undefined, "words"], Shebang <- [default, "/bin/es"],
            Sections <- [[{shebang, Shebang}, {comment, Comment}, {emu_args, Args}, Body]]],
    ?eq(ok, escript:create(File, [shebang, {archive, [{"m.erl", <<"x">>}], []}])),
    {ok, [_, _, _, {archive, Archive}]} = escript:extract(File, []),
    ?eq({ok, [{"m.erl", <<"x">>}]}, zip:extract(Archive, [memory])).

errors_test() ->
    ?eq({error, missing_body}, escript:create(binary, [])),
    ?eq({error, {badarg, foo}}, escript:create(binary, [foo])),
    ?eq({error, {enoent, {source, "/nope"}}}, escript:create(binary, [shebang, {source, "/nope"}])),
    ?eq({error, "no such file or directory: '/nope'"}, escript:extract("/nope", [])).
