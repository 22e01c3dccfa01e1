%% Switches over many atoms, integers and mixed values.
-module(big_case_over_atoms_and_integers).
-export([main/0]).

main() ->
    Days = [monday, tuesday, wednesday, thursday, friday, saturday, sunday, noday],
    io:format("~w~n", [[day(D) || D <- Days]]),
    io:format("~w~n", [[num(N) || N <- [0, 1, 2, 3, 10, 11, 12, 100, 1000, -1, -7, 1 bsl 62, 1 bsl 70, 5]]]),
    io:format("~w~n", [[mixed(X) || X <- [a, 1, 1.0, "a", {a}, <<"a">>, [], b, 2, 2.0, #{}]]]).

day(monday) -> 1; day(tuesday) -> 2; day(wednesday) -> 3; day(thursday) -> 4; day(friday) -> 5;
day(D) when D =:= saturday; D =:= sunday -> weekend; day(_) -> none.

num(0) -> z; num(1) -> a; num(2) -> b; num(3) -> c; num(10) -> ten; num(11) -> eleven; num(12) -> twelve;
num(100) -> hundred; num(1000) -> thousand; num(-1) -> minus; num(-7) -> minus7;
num(16#4000000000000000) -> bit62; num(16#400000000000000000) -> bit70; num(_) -> other.

mixed(a) -> atom_a; mixed(1) -> int1; mixed(1.0) -> float1; mixed("a") -> str; mixed({a}) -> tuple; mixed(<<"a">>) -> bin;
mixed([]) -> nil; mixed(b) -> atom_b; mixed(2) -> int2; mixed(2.0) -> float2; mixed(_) -> other.
