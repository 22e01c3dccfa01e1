%% One value against several binary patterns (OTP 26).
-module(binaries_matched_in_parallel).
-export([main/0]).
-record(r, {a, b}).
main() ->
    io:format("~p~n", [head(<<16#a5>>)]),
    io:format("~p~n", [head(<<1,2>>)]),
    io:format("~p~n", [three(<<1,2,3>>)]),
    io:format("~p~n", [expr(<<255,1>>)]),
    io:format("~p~n", [try expr(<<255>>) catch error:Reason -> Reason end]),
    io:format("~p~n", [in(#r{a = <<7:8>>, b = x})]),
    io:format("~p~n", [in(#r{a = <<7:4>>, b = x})]),
    io:format("~p~n", [ [ {X, Y} || <<X:8>> = <<Y:4,_:4>> <- [<<1>>, <<2:4>>, <<16#30>>] ]]),
    io:format("~p~n", [several(<<"abc">>)]), io:format("~p~n", [several(<<"abd">>)]), io:format("~p~n", [several(<<"xbd">>)]),
    io:format("~p~n", [several(<<"xb">>)]),
    io:format("~p~n", [fun(<<A:8, _/bits>> = <<_:8, B/bits>>) -> {A, B} end(<<1,2,3>>)]),
    self() ! {<<1,2>>}, receive {<<C, _>> = <<_, D>>} -> io:format("~p~n", [{C, D}]) end,
    io:format("~p~n", [compare(<<"aa">>)]), io:format("~p~n", [compare(<<"ab">>)]).
head(<<A:8>> = <<B:4, C:4>>) -> {A, B, C};
head(<<A:16>> = <<B, C>>) -> {A, B, C}.
three(<<A:24>> = <<B:8, _/bits>> = <<_:16, C>>) -> {A, B, C}.
expr(X) -> <<A, _/bits>> = <<B:16>> = X, {A, B}.
in(#r{a = <<X:8>>, b = Y} = #r{a = <<Z:4, W:4>>}) -> {X, Y, Z, W};
in(_) -> no.
several(<<"ab", X>> = <<_:8, "bc">>) -> {1, X};
several(<<"ab", X>> = <<Y:24>>) -> {2, X, Y};
several(<<X, "bd">> = <<_:8, Y:16>>) -> {3, X, Y};
several(_) -> none.
compare(<<A, _>> = <<_, A>>) -> same;
compare(_) -> other.
