%% Nothing is made of them, but type and size have to be right.
-module(empty_strings_in_bit_syntax).
-export([main/0]).
id(X) -> X.
t(N, F) -> io:format("~s: ~p~n", [N, try F() of V -> V catch C:R -> {C,R} end]).
-define(T(E), t(??E, fun() -> E end)).
main() ->
    ?T(<<""/binary>>), ?T(<<""/bits>>), ?T(<<"":0/bits>>), ?T(<<"":0/binary>>), ?T(<<"":(id(0))/binary>>), ?T(<<"":(id(1))/binary>>), ?T(<<"":(id(-1))/bits>>), ?T(<<"":(id(x))/bits>>), ?T(<<""/utf8>>), ?T(<<""/float>>),
    ?T(<<"":(id(x))/float>>), ?T(<<"":(id(-3))/float>>), ?T(<<"":x/float>>), ?T(<<"":(-1)/float>>), ?T(<<"":5/integer-unit:3>>), ?T(<<(id("")):1>>), ?T(<<"":(-1)>>), ?T(<<"":(id(-1))>>), ?T(<<"":bad>>), ?T(<<(""):1/bits>>), ?T(<<"":70, 3:16>>),
    ?T(<<3:16, "":(_X = 42)>>), ?T(begin <<"":(Y = 42), 1>>, Y end), ?T(<<"":(throw(size))>>), ?T(<<"":(throw(size))/bits>>), ?T(<<"abc":(id(-1))>>), ?T(<<(""):8>>), ?T(<<""/integer>>), ?T(<<"":(1 bsl 70)>>).
