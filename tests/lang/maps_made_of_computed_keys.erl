%% Maps made of keys that are computed, and of keys that are binaries; maps put into and made with more
%% operands than native code hands to C at once, and binaries of as many segments.
-module(maps_made_of_computed_keys).
-export([main/0]).

main() ->
    io:format("~p~n", [lists:sum([loop(N, 0) || N <- lists:seq(1, 300)])]),
    io:format("~p~n", [lists:sum([maps:size(wide(N)) || N <- lists:seq(1, 300)])]),
    io:format("~p~n", [lists:foldl(fun(N, M) -> wider(N, M) end, #{}, lists:seq(1, 3000)) =:=
      wide_again(3000)]),
    io:format("~p~n", [[made(K, 1) || K <- [a, b, 1.5, {t}, "text"]]]),
    io:format("~p~n", [nested(300, none)]),
    io:format("~p~n", [erlang:phash2([segments(N) || N <- lists:seq(1, 300)])]).

loop(0, Sum) -> Sum;
loop(N, Sum) ->
    #{K := V} = pair(K = N band 7, N),
    #{<<"id">> := Id, <<"next">> := Next} = named(N),
    loop(N - 1, Sum + V + Id + maps:size(Next)).

pair(K, V) -> #{K => V, other => K, {K} => V + 1}.

named(N) -> #{<<"id">> => N, <<"next">> => #{<<"id">> => N + 1}, <<"id">> => N + 2}.

%% Keys that are the same: the last one wins.
made(K, V) -> #{K => V, a => first, K => [V], b => second}.

nested(0, M) -> M;
nested(N, _) -> nested(N - 1, #{N band 3 => #{x => N}, (N band 1) + 2 => N}).

wide(X) ->
    #{X => 0, k1 => 1, k2 => 2, k3 => 3, k4 => 4, k5 => 5, k6 => 6, k7 => 7, k8 => 8, k9 => 9, X =>
      10, k11 => 11, k12 => 12, k13 => 13, k14 => 14, k15 => 15, k16 => 16, k17 => 17, k18 => 18,
      k19 => 19, X => 20, k21 => 21, k22 => 22, k23 => 23, k24 => 24, k25 => 25, k26 => 26, k27 =>
      27, k28 => 28, k29 => 29, X => 30, k31 => 31, k32 => 32, k33 => 33, k34 => 34, k35 => 35, k36
      => 36, k37 => 37, k38 => 38, k39 => 39, X => 40, k41 => 41, k42 => 42, k43 => 43, k44 => 44,
      k45 => 45, k46 => 46, k47 => 47, k48 => 48, k49 => 49, X => 50, k51 => 51, k52 => 52, k53 =>
      53, k54 => 54, k55 => 55, k56 => 56, k57 => 57, k58 => 58, k59 => 59, X => 60, k61 => 61, k62
      => 62, k63 => 63, k64 => 64, k65 => 65, k66 => 66, k67 => 67, k68 => 68, k69 => 69, X => 70,
      k71 => 71, k72 => 72, k73 => 73, k74 => 74, k75 => 75, k76 => 76, k77 => 77, k78 => 78, k79 =>
      79, X => 80, k81 => 81, k82 => 82, k83 => 83, k84 => 84, k85 => 85, k86 => 86, k87 => 87, k88
      => 88, k89 => 89, X => 90, k91 => 91, k92 => 92, k93 => 93, k94 => 94, k95 => 95, k96 => 96,
      k97 => 97, k98 => 98, k99 => 99, X => 100, k101 => 101, k102 => 102, k103 => 103, k104 => 104,
      k105 => 105, k106 => 106, k107 => 107, k108 => 108, k109 => 109, X => 110, k111 => 111, k112
      => 112, k113 => 113, k114 => 114, k115 => 115, k116 => 116, k117 => 117, k118 => 118, k119 =>
      119, X => 120, k121 => 121, k122 => 122, k123 => 123, k124 => 124, k125 => 125, k126 => 126,
      k127 => 127, k128 => 128, k129 => 129, X => 130, k131 => 131, k132 => 132, k133 => 133, k134
      => 134, k135 => 135, k136 => 136, k137 => 137, k138 => 138, k139 => 139, X => 140, k141 =>
      141, k142 => 142, k143 => 143, k144 => 144, k145 => 145, k146 => 146, k147 => 147, k148 =>
      148, k149 => 149}.

wider(X, M) ->
    M#{k0 => X, k1 => X, k2 => X, k3 => X, k4 => X, k5 => X, k6 => X, k7 => X, k8 => X, k9 => X, k10
      => X, k11 => X, k12 => X, k13 => X, k14 => X, k15 => X, k16 => X, k17 => X, k18 => X, k19 =>
      X, k20 => X, k21 => X, k22 => X, k23 => X, k24 => X, k25 => X, k26 => X, k27 => X, k28 => X,
      k29 => X, k30 => X, k31 => X, k32 => X, k33 => X, k34 => X, k35 => X, k36 => X, k37 => X, k38
      => X, k39 => X, k40 => X, k41 => X, k42 => X, k43 => X, k44 => X, k45 => X, k46 => X, k47 =>
      X, k48 => X, k49 => X, k50 => X, k51 => X, k52 => X, k53 => X, k54 => X, k55 => X, k56 => X,
      k57 => X, k58 => X, k59 => X, k60 => X, k61 => X, k62 => X, k63 => X, k64 => X, k65 => X, k66
      => X, k67 => X, k68 => X, k69 => X, k70 => X, k71 => X, k72 => X, k73 => X, k74 => X, k75 =>
      X, k76 => X, k77 => X, k78 => X, k79 => X, k80 => X, k81 => X, k82 => X, k83 => X, k84 => X,
      k85 => X, k86 => X, k87 => X, k88 => X, k89 => X, k90 => X, k91 => X, k92 => X, k93 => X, k94
      => X, k95 => X, k96 => X, k97 => X, k98 => X, k99 => X, k100 => X, k101 => X, k102 => X, k103
      => X, k104 => X, k105 => X, k106 => X, k107 => X, k108 => X, k109 => X, k110 => X, k111 => X,
      k112 => X, k113 => X, k114 => X, k115 => X, k116 => X, k117 => X, k118 => X, k119 => X, k120
      => X, k121 => X, k122 => X, k123 => X, k124 => X, k125 => X, k126 => X, k127 => X, k128 => X,
      k129 => X, k130 => X, k131 => X, k132 => X, k133 => X, k134 => X, k135 => X, k136 => X, k137
      => X, k138 => X, k139 => X, k140 => X, k141 => X, k142 => X, k143 => X, k144 => X, k145 => X,
      k146 => X, k147 => X, k148 => X, k149 => X}.

wide_again(X) ->
    maps:from_list([{list_to_atom("k" ++ integer_to_list(I)), X} || I <- lists:seq(0, 149)]).

segments(X) -> <<X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
      X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
      X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
      X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
      X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
      X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
      X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
      X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
      X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
      X, X, X, X, X, X, X, X, X, X, X, X, X, X>>.
