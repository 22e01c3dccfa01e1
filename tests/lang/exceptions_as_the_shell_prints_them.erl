-module(exceptions_as_the_shell_prints_them).
-export([main/0]).
t(F) -> try F() catch C:R:S -> {C,R,lists:takewhile(fun(E) -> element(2,E) =/= main end, S)} end.
main() ->
  E = id([]), A = id(a),
  L = [t(fun() -> hd(E) end), t(fun() -> error(foo) end), t(fun() -> exit({a,b}) end), t(fun() -> throw(lists:seq(1,100)) end),
     t(fun() -> error({badmatch, #{a=>1}}) end),  t(fun() -> foo:bar(1,2) end), t(fun() -> A + 1 end),t(fun() -> case A of b -> c end end),t(fun() -> A() end)],
  [io:format("~ts~n---~n", [erl_error:format_exception(C,R,S)]) || {C,R,S} <- L],
  {C,R,S} = lists:nth(4,L),
  io:format("~ts~n---~n", [erl_error:format_exception(C,R,S,#{column=>30})]),
  io:format("~ts~n---~n", [erl_error:format_exception(C,R,S,#{format_fun=>fun(T,I) -> io_lib:format("<~p ~w>",[T,I]) end})]),
  io:format("~ts~n---~n", [erl_error:format_exception(C,R,S,#{stack_trim_fun=>fun(M,_,_) -> M =:= ?MODULE end})]),
  io:format("~ts~n---~n", [erl_error:format_exception(error,undef,[])]).
id(X) -> X.
