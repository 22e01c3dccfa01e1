%% ets:fun2ms/1 and dbg:fun2ms/1 while a module is compiled: what they become, what cannot become one.
-module(match_specifications_from_funs).
-include_lib("stdlib/include/ms_transform.hrl").
-export([main/0]).
-record(r, {a, b = def}).
-record(q, {x}).

main() ->
    lists:foreach(fun(Spec) -> io:format("~p~n", [Spec]) end, specifications({val, 1})),
    use_them(#r{a = 1}),
    lists:foreach(fun refused/1, refused()).

use_them(R) ->
    Table = ets:new(table, [{keypos, #r.a}]),
    ets:insert(Table, [R#r{a = I, b = I * I} || I <- lists:seq(1, 10)]),
    Limit = 50,
    io:format("~p~n", [lists:sort(ets:select(Table, ets:fun2ms(
        fun(#r{a = A, b = B}) when B > Limit; A =:= 1 -> {A, B - Limit} end)))]),
    io:format("~p~n", [ets:select_delete(Table, ets:fun2ms(fun(#r{a = A}) -> A rem 2 =:= 0 end))]),
    io:format("~p~n", [lists:sort(ets:tab2list(Table))]).

refused(Text) ->
    Forms = forms("-module(m).\n-record(r, {a, b}).\n-export([f/1]).\nf(F) ->\n    " ++ Text ++ ".\n"),
    case compile:forms(Forms, [return, {parse_transform, ms_transform}]) of
        {error, [{_, [{At, Module, What} | _]}], _} ->
            io:format("~s~n  ~p ~ts~n", [Text, At, Module:format_error(What)]);
        Ok ->
            io:format("~s~n  ~p~n", [Text, element(1, Ok)])
    end.

forms(Text) -> forms(Text, {1, 1}, []).

forms(Text, Location, Forms) ->
    case erl_scan:tokens([], Text, Location) of
        {done, {ok, Tokens, Next}, Rest} ->
            {ok, Form} = erl_parse:parse_form(Tokens),
            forms(Rest, Next, [Form | Forms]);
        _ -> lists:reverse(Forms, [{eof, Location}])
    end.

specifications(V1) ->
    [
     ets:fun2ms(fun({A}) -> '_' end),
     ets:fun2ms(fun({A}) -> '$_' end),
     ets:fun2ms(fun({A}) -> '$*' end),
     ets:fun2ms(fun({A}) -> '$$' end),
     ets:fun2ms(fun({'_',A}) -> A end),
     ets:fun2ms(fun({'$_',A}) -> A end),
     ets:fun2ms(fun({'$x',A}) -> '$x' end),
     ets:fun2ms(fun({A}) when A ++ [1] -> A end),
     ets:fun2ms(fun({#{A := 1}}) -> A end),
     ets:fun2ms(fun({A}) -> is_record(A,r) end),
     ets:fun2ms(fun({A}) -> (A) end),
     ets:fun2ms(fun({A}) when true -> A end),
     ets:fun2ms(fun({A}) when {A} -> A end),
     ets:fun2ms(fun(#r{} = R) -> R end),
     ets:fun2ms(fun({A}) -> [1,2,A] ++ A end),
     ets:fun2ms(fun({A,B}) when is_map_key(A,B) -> A end),
     ets:fun2ms(fun(X) -> X end),
     ets:fun2ms(fun({A,B}) -> A end),
     ets:fun2ms(fun({A,B}) when A > B -> {A,B} end),
     ets:fun2ms(fun({A,B}=T) when A > B -> T end),
     ets:fun2ms(fun(T={A,B}) when A > B; is_atom(A) -> T end),
     ets:fun2ms(fun({A,_,A}) -> [A|1] end),
     ets:fun2ms(fun(_) -> object() end),
     ets:fun2ms(fun(_) -> bindings() end),
     ets:fun2ms(fun(#r{a=A}) -> A end),
     ets:fun2ms(fun(#r{a=A}=R) -> R#r.b end),
     ets:fun2ms(fun(#r{a=A}=R) when R#r.b > 1 -> R#r{a=2} end),
     ets:fun2ms(fun(#r{a=A, _=x}) -> #r{a=A} end),
     ets:fun2ms(fun(#r{a=A}) -> #r{a=A,_=3} end),
     ets:fun2ms(fun(X) when is_record(X,r) -> X end),
     ets:fun2ms(fun(X) when record(X,r) -> X end),
     ets:fun2ms(fun({A}) -> {A, a, "str", 1.5, $c, <<1,2>>, <<"ab">>} end),
     ets:fun2ms(fun({A}) -> V1 end),
     ets:fun2ms(fun({[A|B]}) -> [B,A] end),
     ets:fun2ms(fun({#{a:=A}}) -> A end),
     ets:fun2ms(fun({A}) -> #{x => A} end),
     ets:fun2ms(fun({A}) when map_size(A) > 1 -> map_get(a,A) end),
     ets:fun2ms(fun({A}) when A > 1, A < 5 -> A end),
     ets:fun2ms(fun({A}) when A > 1, A < 5; A =:= a -> A end),
     ets:fun2ms(fun({A}) when (A > 1) and (A < 5) -> A end),
     ets:fun2ms(fun({A}) when A > 1 andalso A < 5 orelse A -> A end),
     ets:fun2ms(fun({A}) when not (A > 1) -> -A end),
     ets:fun2ms(fun({A}) -> A + 1 end),
     ets:fun2ms(fun({A}) -> {A + 1, abs(A), element(1,A)} end),
     ets:fun2ms(fun({A}) -> erlang:abs(A) end),
     ets:fun2ms(fun({A}) -> node() end),
     ets:fun2ms(fun({A}) -> self() end),
     ets:fun2ms(fun({A}) -> A; ({A,B}) -> B end),
     ets:fun2ms(fun({A}) -> A, 1 end),
     ets:fun2ms(fun({A,<<1,2>>}) -> A end),
     ets:fun2ms(fun({A,<<"abc">>}) -> A end),
     ets:fun2ms(fun({A,"abc"}) -> A end),
     ets:fun2ms(fun({A,"abc"++B}) -> B end),
     ets:fun2ms(fun({A,1+2}) -> A end),
     ets:fun2ms(fun({A,-1}) -> A end),
     ets:fun2ms(fun({A,$a, 1.5}) -> A end),
     dbg:fun2ms(fun([A,B]) -> A end),
     dbg:fun2ms(fun([A,B]) when A > B -> return_trace() end),
     dbg:fun2ms(fun(X) -> X end),
     dbg:fun2ms(fun([A|B]=L) -> message(L) end),
     dbg:fun2ms(fun(_) -> message(caller()), return_trace() end),
     dbg:fun2ms(fun(_) -> exception_trace() end),
     dbg:fun2ms(fun([A]) -> bindings() end),
     dbg:fun2ms(fun([A]) -> object() end),
     dbg:fun2ms(fun([A]) -> set_seq_token(send,true), get_seq_token(), display(A), enable_trace(call), trace([],[call]), silent(true), process_dump(), set_tcw(1), get_tcw(), is_seq_trace() end),
     dbg:fun2ms(fun([A]) when is_seq_trace() -> ok end),
     dbg:fun2ms(fun([A]) -> return_trace end),
     ets:fun2ms(fun({A}) when A xor true, A or true, A /= 1, A =/= 1, A =< 1 -> A div 2 rem 3 end),
     ets:fun2ms(fun({A}) -> A ++ [1] end),
     ets:fun2ms(fun({A}) -> A ! 1 end),
     ets:fun2ms(fun({_A, _}) -> _A end),
     ets:fun2ms(fun({A,_}) -> _ end),
     ets:fun2ms(fun(#r{a=#q{x=X}}) -> X end),
     ets:fun2ms(fun(X) -> #r.b end),
     ets:fun2ms(fun({A}) -> {const, A} end),
     ets:fun2ms(fun({A}) -> '$1' end),
     ets:fun2ms(fun({A}) -> {} end),
     ets:fun2ms(fun({A}) -> [] end),
     ets:fun2ms(fun({A}) -> [[A]] end),
     ets:fun2ms(fun({A}) -> {{A}} end),
     ets:fun2ms(fun({A}) when integer(A) -> A end),
     ets:fun2ms(fun({A}) -> is_integer(A) end),
     ets:fun2ms(fun({A}) when is_integer(V1) -> A end),
     ets:fun2ms(fun({A}) -> ?MODULE end),
     ets:fun2ms(fun({A}) -> size(A) end),
     ets:fun2ms(fun({A}) when A#r.a -> A end),
     ets:fun2ms(fun({A,B,C,D,E,F,G,H,I,J,K}) -> K end),
     ets:fun2ms(fun({A}) -> float(A) end),
     ets:fun2ms(fun({A}) -> binary_part(A,1,2) end),
     ets:fun2ms(fun(#r{_='_'}) -> 1 end),
     ets:fun2ms(fun({A,B}) when {A,B} =:= {B,A} -> [{A,{B}}] end)
    ].

refused() ->
    [
     "ets:fun2ms(fun({X}=Y=Z) -> {X,Y,Z} end)",
     "ets:fun2ms(fun({X}={Y}) -> {X,Y} end)",
     "ets:fun2ms(fun({A}) -> <<A:8>> end)",
     "ets:fun2ms(fun({A}) -> receive X -> 1 end end)",
     "ets:fun2ms(fun({A}) -> if A -> 1 end end)",
     "ets:fun2ms(fun({A}) -> try A catch _:_ -> 1 end end)",
     "ets:fun2ms(fun({A}) -> << <<X>> || X <- A>> end)",
     "ets:fun2ms(fun({A}) -> F(A) end)",
     "ets:fun2ms(fun({A}) when A:b() -> A end)",
     "ets:fun2ms(fun({A}) when is_record(A,nosuch) -> A end)",
     "ets:fun2ms(fun({A}) -> #r{z=A} end)",
     "ets:fun2ms(fun({A}) -> A#r{z=1} end)",
     "ets:fun2ms(fun({A}) when [X||X<-A] -> A end)",
     "ets:fun2ms(fun({A}) when A = 1 -> A end)",
     "ets:fun2ms(fun(#r{a=A}=#r{b=B}) -> A end)",
     "ets:fun2ms(fun({A,f(1)}) -> A end)",
     "ets:fun2ms(fun(X) when is_record(X,r,3) -> X end)",
     "ets:fun2ms(fun({A}) -> A#{x => 1} end)",
     "ets:fun2ms(fun({A}) -> foo(A) end)",
     "ets:fun2ms(fun({A}) -> lists:foo(A) end)",
     "ets:fun2ms(fun({A}) when foo(A) -> A end)",
     "ets:fun2ms(fun({A}) -> B end)",
     "ets:fun2ms(fun({A},B) -> B end)",
     "ets:fun2ms(fun() -> B end)",
     "ets:fun2ms(F)",
     "ets:fun2ms(fun ets:foo/1)",
     "ets:fun2ms(1)",
     "ets:fun2ms(fun([A]) -> A end)",
     "ets:fun2ms(fun(a) -> A end)",
     "ets:fun2ms(fun({A}) -> A = 1 end)",
     "ets:fun2ms(fun({A}) -> case A of 1 -> 2 end end)",
     "ets:fun2ms(fun({A}) -> fun() -> 1 end end)",
     "ets:fun2ms(fun({A}) -> [X || X <- A] end)",
     "ets:fun2ms(fun({A}) -> begin A end end)",
     "ets:fun2ms(fun({{A}=B}) -> A end)",
     "ets:fun2ms(fun({A,<<B:8>>}) -> A end)",
     "dbg:fun2ms(fun(_) -> {A,B} = 1 end)",
     "dbg:fun2ms(fun({A}) -> A end)",
     "ets:fun2ms(fun({A}) when is_function(A,1), is_map_key(a,A), is_float(A), length(A)>1, tuple_size(A) =:= 2, hd(A) -> A bsl 1 end)",
     "ets:fun2ms(fun(#nosuch{a=1}) -> 1 end)",
     "ets:fun2ms(fun(#r{z=1}) -> 1 end)",
     "ets:fun2ms(fun(X) -> X#nosuch.a end)",
     "ets:fun2ms(fun(X) -> X#r.z end)",
     "ets:fun2ms(fun({'$1', A}) -> A end)",
     "ets:fun2ms(fun(X) -> ets:lookup(X) end)",
     "ets:fun2ms(fun X({A}) -> A end)",
     "ets:fun2ms(fun({A}) -> fun lists:map/2 end)",
     "ets:fun2ms(fun(#{k := V}) -> V end)",
     "ets:fun2ms(fun({A}) -> catch A end)"
    ].
