%% A little stack machine runs a loop N times: many clauses, tuples, a dispatch each step.
-module(bytecode_vm).
-export([run/1, default/0]).

default() -> 1200000.

run(N) -> vm(0, program(), [N, 0], 0).

%% The stack holds [I, Sum]; while I > 0 the loop adds I * 3 mod 1000 to Sum.
program() ->
    {dup, {jump_if_zero, 13}, dup, {push, 3}, mul, {push, 1000}, modulo, {over2}, add, {store, 1}, {push, 1}, sub,
     {jump, 0}, halt}.

vm(Pc, Code, Stack, Steps) -> step(element(Pc + 1, Code), Pc, Code, Stack, Steps + 1).

step(dup, Pc, Code, [A | S], N) -> vm(Pc + 1, Code, [A, A | S], N);
step({push, V}, Pc, Code, S, N) -> vm(Pc + 1, Code, [V | S], N);
step(add, Pc, Code, [B, A | S], N) -> vm(Pc + 1, Code, [A + B | S], N);
step(sub, Pc, Code, [B, A | S], N) -> vm(Pc + 1, Code, [A - B | S], N);
step(mul, Pc, Code, [B, A | S], N) -> vm(Pc + 1, Code, [A * B | S], N);
step(modulo, Pc, Code, [B, A | S], N) -> vm(Pc + 1, Code, [A rem B | S], N);
step({over2}, Pc, Code, [A, B, C | S], N) -> vm(Pc + 1, Code, [C, A, B, C | S], N);
step({store, 1}, Pc, Code, [V, B, _ | S], N) -> vm(Pc + 1, Code, [B, V | S], N);
step({jump, To}, _, Code, S, N) -> vm(To, Code, S, N);
step({jump_if_zero, To}, _, Code, [0 | S], N) -> vm(To, Code, S, N);
step({jump_if_zero, _}, Pc, Code, [_ | S], N) -> vm(Pc + 1, Code, S, N);
step(halt, _, _, S, N) -> {N, S}.
