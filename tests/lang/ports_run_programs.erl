%% Ports to external programs: how data goes in and comes out, and how the program's end is told.
-module(ports_run_programs).
-export([main/0]).

main() ->
    data(),
    lines(),
    packets(),
    ends(),
    programs(),
    commands(),
    wrong_options().

%% All that comes from the port, to its end, as one list of what is in {Port, _}. What must come yet: with
%% `eof` the port stays.
all(Port, Options) ->
    Status = [exit_status || lists:member(exit_status, Options)],
    all(Port, Status ++ case lists:member(eof, Options) of true -> [eof]; false -> ['EXIT'] end, 10000).

all(Port, Missing, Time) ->
    receive
        {Port, {exit_status, _} = Status} -> [Status | rest(Port, Missing -- [exit_status])];
        {Port, eof} -> [eof | rest(Port, Missing -- [eof])];
        {Port, Data} -> [Data | all(Port, Missing, Time)];
        {'EXIT', Port, Reason} -> [{'EXIT', Reason} | rest(Port, Missing -- ['EXIT'])]
    after Time -> [nothing || Missing =/= []]
    end.

rest(Port, []) -> all(Port, [], 30);
rest(Port, Missing) -> all(Port, Missing, 10000).

joined([{data, A}, {data, B} | T]) when is_binary(A) -> joined([{data, <<A/binary, B/binary>>} | T]);
joined([{data, [_ | _] = A}, {data, B} | T]) -> joined([{data, A ++ B} | T]);
joined([H | T]) -> [H | joined(T)];
joined([]) -> [].

show(Label, Result) -> io:format("~s: ~0p~n", [Label, Result]).

run(Label, Name, Options) ->
    Me = self(),
    {_, Ref} = spawn_monitor(fun() ->
        process_flag(trap_exit, true),
        exit({said, try joined(all(open_port(Name, Options), Options))
                    catch Class:Reason -> {Class, Reason}
                    end, Me =/= self()})
    end),
    receive {'DOWN', Ref, _, _, {said, Result, _}} -> show(Label, Result) end.

data() ->
    process_flag(trap_exit, true),
    P1 = open_port({spawn, "cat"}, []),
    true = port_command(P1, ["hel", <<"lo">>]),
    receive {P1, {data, D1}} -> show(echo_list, D1) end,
    P1 ! {self(), {command, "again"}},
    receive {P1, {data, D2}} -> show(echo_again, D2) end,
    true = port_close(P1),
    receive {'EXIT', P1, R1} -> show(closed, R1) end,
    P2 = open_port({spawn, "cat"}, [binary]),
    P2 ! {self(), {command, <<"bytes">>}},
    receive {P2, {data, D3}} -> show(echo_binary, D3) end,
    P2 ! {self(), close},
    receive {P2, closed} -> show(closed, by_message) end,
    Big = binary:copy(<<"0123456789abcdef">>, 20000),
    P3 = open_port({spawn, "cat"}, [binary]),
    true = port_command(P3, Big),
    show(big_data, collect(P3, byte_size(Big), <<>>) =:= Big),
    show(output_counted, erlang:port_info(P3, output)),
    port_close(P3).

collect(_, 0, Done) -> Done;
collect(P, Left, Done) ->
    receive {P, {data, B}} -> collect(P, Left - byte_size(B), <<Done/binary, B/binary>>) end.

lines() ->
    [run("line " ++ Text, {spawn, "printf '" ++ Text ++ "'"}, [{line, 4}, exit_status])
     || Text <- ["abcd\\n", "abcde\\n", "abcd\\r\\n", "abc\\r\\n", "abc\\r", "a\\rb\\n", "abcdefgh",
                 "\\r\\n\\n", "abc\\rd\\n", "a\\r\\r\\n", "abcd\\r", "abcde\\r\\nx"]],
    P = open_port({spawn, "seq 1 30000"}, [{line, 20}, binary, exit_status]),
    show(many_lines, count_lines(P, 0, 0)).

count_lines(P, Count, Sum) ->
    receive
        {P, {data, {eol, Line}}} -> count_lines(P, Count + 1, Sum + binary_to_integer(Line));
        {P, {exit_status, 0}} -> {Count, Sum}
    end.

packets() ->
    [begin
         P = open_port({spawn, "cat"}, [{packet, N}, binary]),
         [port_command(P, D) || D <- ["one", "", binary:copy(<<"x">>, 255)]],
         show("packet " ++ integer_to_list(N),
              [receive {P, {data, D}} -> byte_size(D) end || _ <- [1, 2, 3]]),
         port_close(P)
     end || N <- [1, 2, 4]],
    P1 = open_port({spawn, "cat"}, [{packet, 1}, binary]),
    true = port_command(P1, binary:copy(<<"x">>, 256)),
    receive {'EXIT', P1, Reason} -> show(packet_too_long, Reason) end,
    Big = rand:bytes(300000),
    P4 = open_port({spawn, "cat"}, [{packet, 4}, binary]),
    true = port_command(P4, Big),
    receive {P4, {data, Big}} -> show(big_packet, same) end,
    port_close(P4),
    run(cut_packet, {spawn, "printf '\\000\\003abc\\000\\005de'"}, [{packet, 2}, exit_status]).

ends() ->
    run(exit_status, {spawn, "sh -c 'echo hi; exit 3'"}, [exit_status]),
    run(exit_status_and_eof, {spawn, "sh -c 'echo hi; exit 3'"}, [exit_status, eof]),
    run(eof, {spawn, "sh -c 'echo hi; exit 3'"}, [eof]),
    run(plain, {spawn, "sh -c 'echo hi; exit 3'"}, []),
    run(signal, {spawn, "sh -c 'kill -9 $$'"}, [exit_status]),
    run(background, {spawn, "sh -c 'sleep 0.1 & exit 3'"}, [exit_status]),
    run(not_there, {spawn, "no_such_program 2>/dev/null"}, [exit_status]),
    P = open_port({spawn, "sh -c 'exec 0</dev/null; echo; sleep 2'"}, []),
    receive {P, {data, "\n"}} -> ok end,
    true = port_command(P, "nobody reads"),
    receive {'EXIT', P, Reason} -> show(broken_pipe, Reason) end,
    P2 = open_port({spawn, "sleep 5"}, [in]),
    true = port_command(P2, "no output"),
    receive {'EXIT', P2, Reason2} -> show(in_only, Reason2) end.

programs() ->
    Echo = "/bin/echo",
    run(arguments, {spawn_executable, Echo}, [{args, ["a b", <<"c">>, '*']}, exit_status]),
    run(arg0, {spawn_executable, "/bin/sh"}, [{args, ["-c", "echo $0"]}, {arg0, "zero"}, exit_status]),
    run(characters, {spawn, "printf %s " ++ [233, 8364]}, [exit_status]),
    run(bytes, {spawn_executable, "/usr/bin/printf"}, [{args, ["%s", <<233, 1>>]}, exit_status]),
    run(no_program, {spawn_executable, "/no/such/program"}, []),
    run(no_permission, {spawn_executable, "/etc/passwd"}, []),
    run(directory, {spawn, "pwd"}, [{cd, "/usr"}, exit_status]),
    os:putenv("PORTS_KEPT", "kept"),
    os:putenv("PORTS_GONE", "gone"),
    run(environment, {spawn, "sh -c 'echo $PORTS_NEW-$PORTS_KEPT-$PORTS_GONE'"},
        [{env, [{"PORTS_NEW", "new"}, {"PORTS_GONE", false}]}, exit_status]),
    run(nouse_stdio, {spawn, "sh -c 'echo got >&4'"}, [nouse_stdio, exit_status]),
    run(stderr, {spawn, "sh -c 'echo hi >&2'"}, [stderr_to_stdout, binary, exit_status]).

commands() ->
    show(cmd, os:cmd("echo hello; exit 2")),
    show(cmd_stderr, os:cmd("echo err >&2")),
    show(cmd_no_input, os:cmd("cat")),
    show(cmd_background, os:cmd("sleep 60 >/dev/null & echo started")),
    show(cmd_most, os:cmd("echo hello", #{max_size => 3})),
    show(cmd_atom, os:cmd('echo atom')),
    show(cmd_deep, os:cmd(["ec", [$h, "o"], " deep"])),
    [show(cmd_wrong, catch_reason(fun() -> os:cmd(C) end)) || C <- ["a\0b", 1, [a]]],
    show(cmd_wrong, catch_reason(fun() -> os:cmd("a", []) end)).

catch_reason(F) -> try F() catch Class:Reason -> {Class, Reason} end.

wrong_options() ->
    [show(wrong, {Name, Options, catch_reason(fun() -> open_port(Name, Options) end)})
     || {Name, Options} <-
            [{{spawn, 1}, []}, {{spawn, ""}, []}, {{spawn, "a\0b"}, []}, {{other, "x"}, []}, {7, []},
             {{fd, a, 1}, []}, {{fd, -1, 1}, []}, {{spawn_driver, "none"}, []},
             {{spawn, "true"}, [other]}, {{spawn, "true"}, other}, {{spawn, "true"}, [{line, 0}]},
             {{spawn, "true"}, [{packet, 3}]}, {{spawn, "true"}, [{packet, 2}, {line, 3}]},
             {{spawn, "true"}, [{args, []}]}, {{spawn, "true"}, [{cd, 1}]},
             {{spawn, "true"}, [{env, [{a, "b"}]}]}, {{spawn, "true"}, [{env, [{"A=", "b"}]}]},
             {{spawn_executable, "/bin/true"}, [{args, [1]}]},
             {{spawn_executable, "/bin/true"}, [{args, none}]}]].
