%% erlang:display/1 prints a term and a newline and returns true.
-module(display_prints_raw_terms).
-export([main/0]).

main() ->
    true = erlang:display(foo),
    erlang:display({1, two, [3, 4]}),
    erlang:display('quoted atom'),
    erlang:display([]),
    erlang:display(-17).
