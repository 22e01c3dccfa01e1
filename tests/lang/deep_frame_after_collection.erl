%% A frame with many slots whose callee collected: the room that it was promised when it was entered
%% must still be there.
-module(deep_frame_after_collection).
-export([main/0]).

main() -> run(1).

run(N) when N > 1000 -> io:format("ok~n");
run(N) ->
    Parent = self(),
    spawn(fun() -> Parent ! {N, f(N)} end),
    receive
        {N, {Sum, 240}} when Sum =:= N * (N + 1) div 2 -> ok;
        Other -> io:format("wrong: ~p ~p~n", [N, Other])
    end,
    run(N + 1).

make(0, Acc) -> Acc;
make(N, Acc) -> make(N - 1, [N | Acc]).

sum([], Acc) -> Acc;
sum([H | T], Acc) -> sum(T, Acc + H).

f(N) ->
    List = make(N, []),
    Tuple = {N + 0, N + 1, N + 2, N + 3, N + 4, N + 5, N + 6, N + 7, N + 8, N + 9, N + 10, N + 11, 
        N + 12, N + 13, N + 14, N + 15, N + 16, N + 17, N + 18, N + 19, N + 20, N + 21, N + 22, N + 23, 
        N + 24, N + 25, N + 26, N + 27, N + 28, N + 29, N + 30, N + 31, N + 32, N + 33, N + 34, N + 35, 
        N + 36, N + 37, N + 38, N + 39, N + 40, N + 41, N + 42, N + 43, N + 44, N + 45, N + 46, N + 47, 
        N + 48, N + 49, N + 50, N + 51, N + 52, N + 53, N + 54, N + 55, N + 56, N + 57, N + 58, N + 59, 
        N + 60, N + 61, N + 62, N + 63, N + 64, N + 65, N + 66, N + 67, N + 68, N + 69, N + 70, N + 71, 
        N + 72, N + 73, N + 74, N + 75, N + 76, N + 77, N + 78, N + 79, N + 80, N + 81, N + 82, N + 83, 
        N + 84, N + 85, N + 86, N + 87, N + 88, N + 89, N + 90, N + 91, N + 92, N + 93, N + 94, N + 95, 
        N + 96, N + 97, N + 98, N + 99, N + 100, N + 101, N + 102, N + 103, N + 104, N + 105, N + 106, N + 107, 
        N + 108, N + 109, N + 110, N + 111, N + 112, N + 113, N + 114, N + 115, N + 116, N + 117, N + 118, N + 119, 
        N + 120, N + 121, N + 122, N + 123, N + 124, N + 125, N + 126, N + 127, N + 128, N + 129, N + 130, N + 131, 
        N + 132, N + 133, N + 134, N + 135, N + 136, N + 137, N + 138, N + 139, N + 140, N + 141, N + 142, N + 143, 
        N + 144, N + 145, N + 146, N + 147, N + 148, N + 149, N + 150, N + 151, N + 152, N + 153, N + 154, N + 155, 
        N + 156, N + 157, N + 158, N + 159, N + 160, N + 161, N + 162, N + 163, N + 164, N + 165, N + 166, N + 167, 
        N + 168, N + 169, N + 170, N + 171, N + 172, N + 173, N + 174, N + 175, N + 176, N + 177, N + 178, N + 179, 
        N + 180, N + 181, N + 182, N + 183, N + 184, N + 185, N + 186, N + 187, N + 188, N + 189, N + 190, N + 191, 
        N + 192, N + 193, N + 194, N + 195, N + 196, N + 197, N + 198, N + 199, N + 200, N + 201, N + 202, N + 203, 
        N + 204, N + 205, N + 206, N + 207, N + 208, N + 209, N + 210, N + 211, N + 212, N + 213, N + 214, N + 215, 
        N + 216, N + 217, N + 218, N + 219, N + 220, N + 221, N + 222, N + 223, N + 224, N + 225, N + 226, N + 227, 
        N + 228, N + 229, N + 230, N + 231, N + 232, N + 233, N + 234, N + 235, N + 236, N + 237, N + 238, N + 239},
    {sum(List, 0), tuple_size(Tuple)}.
