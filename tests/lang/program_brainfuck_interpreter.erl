%% A whole program: an interpreter with a zipper tape and nested loops.
-module(program_brainfuck_interpreter).
-export([main/0]).

main() ->
    run("++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++.>>.<-.<.+++.------.--------.>>+.>++."),
    run("++++[>+++++<-]>[<+++++>-]+<+[>[>+>+<<-]++>>[<<+>>-]>>>[-]++>[-]+>>>+[[-]++++++>>>]<<<[[<++++++++<++>>-]+<.<[>----<-]<]<<[>>>>>[>>>[-]+++++++++<[>-<-]+++++++++>[-[<->-]+[<<<]]<[>+<-]>]<<-]<<-]").

run(Code) -> loop(parse(Code, []), {[], 0, []}), io:nl().

parse([], Acc) -> lists:reverse(Acc);
parse([$[ | T], Acc) -> {Body, Rest} = body(T, []), parse(Rest, [{loop, Body} | Acc]);
parse([C | T], Acc) -> parse(T, [C | Acc]).

body([$] | T], Acc) -> {lists:reverse(Acc), T};
body([$[ | T], Acc) -> {B, R} = body(T, []), body(R, [{loop, B} | Acc]);
body([C | T], Acc) -> body(T, [C | Acc]).

loop([], Tape) -> Tape;
loop([Op | Rest], Tape) -> loop(Rest, step(Op, Tape)).

step($+, {L, X, R}) -> {L, (X + 1) band 255, R};
step($-, {L, X, R}) -> {L, (X - 1) band 255, R};
step($>, {L, X, []}) -> {[X | L], 0, []};
step($>, {L, X, [Y | R]}) -> {[X | L], Y, R};
step($<, {[], X, R}) -> {[], 0, [X | R]};
step($<, {[Y | L], X, R}) -> {L, Y, [X | R]};
step($., {_, X, _} = T) -> io:put_chars([X]), T;
step({loop, _}, {_, 0, _} = T) -> T;
step({loop, B} = Op, T) -> step(Op, loop(B, T)).
