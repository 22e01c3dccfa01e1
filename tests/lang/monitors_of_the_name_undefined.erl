%% whereis/1 answers it for no process: it can be monitored as a name that nobody has.
-module(monitors_of_the_name_undefined).
-export([main/0]).

main() ->
    [begin
         Ref = monitor(Type, undefined),
         receive {'DOWN', Ref, T, Name, Reason} -> io:format("~p~n", [{T, Name, Reason}]) end
     end || Type <- [process, port]].
