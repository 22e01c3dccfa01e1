-module(bit_generators).
-export([a/1, b/1, c/1]).
a(B) -> [X || <<X/binary>> <= B].
b(B) -> << <<X>> || <<X:3, _/bits>> <= B >>.
c(B) -> [X || X <= B].
