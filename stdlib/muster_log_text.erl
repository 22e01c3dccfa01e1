%% Terms in the reports that behaviours log: as the formatter wants them (depth, one line or many).
-module(muster_log_text).
-export([term/2, column/3, is_single/1, client/1, client_text/2]).

-type extra() :: #{depth => pos_integer() | unlimited, single_line => boolean(), _ => _}.

-spec is_single(extra()) -> boolean().
is_single(Extra) -> maps:get(single_line, Extra, false).

-spec term(term(), extra()) -> unicode:chardata().
term(Term, Extra) ->
    Width = case is_single(Extra) of
                true -> "0";
                false -> ""
            end,
    case maps:get(depth, Extra, unlimited) of
        unlimited -> io_lib:format("~" ++ Width ++ "tp", [Term]);
        Depth -> io_lib:format("~" ++ Width ++ "tP", [Term, Depth])
    end.

%% Head and a term, whose lines go on below its first column.
-spec column(string(), term(), extra()) -> unicode:chardata().
column(Head, Term, Extra) ->
    case maps:get(depth, Extra, unlimited) of
        unlimited -> io_lib:format("~ts~tp", [Head, Term]);
        Depth -> io_lib:format("~ts~tP", [Head, Term, Depth])
    end.

%% ---- who asked for what a server was doing ----

-type client() :: undefined | {pid(), dead | remote | {pid() | atom(), [term()]}}.

-spec client({pid(), term()} | undefined) -> client().
client({Pid, _}) when is_pid(Pid), node(Pid) =/= node() -> {Pid, remote};
client({Pid, _}) when is_pid(Pid) ->
    case process_info(Pid, [current_stacktrace, registered_name]) of
        undefined -> {Pid, dead};
        [{current_stacktrace, Stack}, {registered_name, []}] -> {Pid, {Pid, Stack}};
        [{current_stacktrace, Stack}, {registered_name, Name}] -> {Pid, {Name, Stack}}
    end;
client(_) -> undefined.

-spec client_text(client(), extra()) -> unicode:chardata().
client_text(undefined, _) -> "";
client_text({Pid, What}, Extra) ->
    case is_single(Extra) of
        true -> [" Client ", client_on_line(Pid, What, Extra), $.];
        false -> ["** Client ", client_on_lines(Pid, What, Extra), $\n]
    end.

client_on_line(_, {Name, Stack}, Extra) ->
    [term(Name, Extra), " stacktrace: ", term(Stack, Extra)];
client_on_line(Pid, Gone, Extra) -> gone(Pid, Gone, Extra).

client_on_lines(_, {Name, Stack}, Extra) ->
    [term(Name, Extra), " stacktrace\n", column("** ", Stack, Extra)];
client_on_lines(Pid, Gone, Extra) -> gone(Pid, Gone, Extra).

gone(Pid, dead, Extra) -> [term(Pid, Extra), " is dead"];
gone(Pid, remote, Extra) -> [term(Pid, Extra), " is remote on node ", term(node(Pid), Extra)].
