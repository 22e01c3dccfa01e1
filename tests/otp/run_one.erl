%% muster run run_one.erl MODULE…
-module(run_one).
-export([main/1]).

main(Names) -> otp_check:run([list_to_atom(Name) || Name <- Names]).
