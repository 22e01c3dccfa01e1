%% With both main/1 and main/0 exported, main/1 is called with the arguments.
-module(main_of_one_argument_is_preferred).
-export([main/0, main/1]).

main() -> io:format("main/0~n").

main(Args) -> io:format("main/1 ~w~n", [Args]).
