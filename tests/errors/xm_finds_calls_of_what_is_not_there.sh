# status: 0
# stdout: [{deprecated,[{{xa,f,1},{erlang,now,0}},
# stdout:               {{xa,f,1},{xd,old,0}},
# stdout:               {{xa,h,0},{xd,old2,1}}]},
# stdout:  {undefined,[{{xa,f,1},{lists,gone,7}},
# stdout:              {{xa,f,1},{lists,nosuch,1}},
# stdout:              {{xa,f,1},{lists,zork,2}},
# stdout:              {{xa,f,1},{nomod,foo,1}},
# stdout:              {{xa,g,0},{nomod,bar,1}},
# stdout:              {{xa,g,0},{nomod,baz,1}},
# stdout:              {{xa,h,0},{nomod,q,1}},
# stdout:              {{xa,h,0},{nomod,r,0}},
# stdout:              {{xa,i,1},{xa,nothere,1}},
# stdout:              {{xa,unused2,1},{erlang,nosuchbif,1}}]},
# stdout:  {unused,[{xa,unused,1},{xa,unused2,1}]}]
# stdout: [{deprecated,[]},{undefined,[]},{unused,[]}]
# stdout: [{deprecated,[{{xe,x,0},{xe,x,0}}]},
# stdout:  {undefined,[{{xe,x,0},{erlang,get_stacktrace,0}},{{xe,x,0},{xd,nothere,0}}]},
# stdout:  {unused,[]}]
# stdout: {error,muster_xref,{no_such_module,nosuch}}
cat >xa.erl <<'END'
-module(xa).
-export([f/1,g/0,h/0,i/1]).
-import(lists,[map/2]).
-record(r,{a=xd:x()}).
f(X)->nomod:foo(X), lists:nosuch(X), map(fun u/1,[X]), erlang:now(), fun lists:gone/7, xd:old(), M=X, M:foo(), apply(lists,zork,[1,2]).
g()->lists:map(fun(Y)->nomod:bar(Y),used(Y) end,[]), #r{}, size({}), spawn(nomod,baz,[1]).
u(X)->X.
used(X)->X, rec(X).
rec(X)->rec(X).
unused(X)->unused2(X).
unused2(X)->unused(X), erlang:nosuchbif(X).
h()->[nomod:q(X)||X<-[1]], try nomod:r() catch _:_->xd:old2(1) end, fun xd:x/0, fun(A)->nomod:A() end.
i(X)->?MODULE:nothere(X), i2(X), self()!a, X+1, length(X).
i2(X) when is_atom(X)->unicode:characters_to_list(X).
END
cat >xd.erl <<'END'
-module(xd).
-export([x/0,old/0,old2/1,'$handle_undefined_function'/2]).
-deprecated({old,0,"use x"}).
-deprecated([{old2,1}]).
x()->1.
old()->1.
old2(_)->2.
'$handle_undefined_function'(_,_)->ok.
END
cat >xe.erl <<'END'
-module(xe).
-export([x/0]).
-deprecated(module).
-on_load(init/0).
x()->xd:nothere(), string:chars($a,3), xe:x(), erlang:get_stacktrace().
init()->ok.
END
cat >main.erl <<'END'
-module(main).
-export([main/0]).
main() ->
    [io:format("~p~n", [c:xm(M)]) || M <- [xa, xd, xe]],
    {ok, xa} = compile:file(xa, [debug_info]),
    true = c:xm(xa) =:= c:xm("./xa"),
    io:format("~p~n", [c:xm(nosuch)]).
END
exec "$MUSTER" run main.erl
