%% The operating system: its environment, clock and programs.
-module(os).

-export([cmd/1, cmd/2, env/0, find_executable/1, find_executable/2, getenv/0, getenv/1, getenv/2,
         getpid/0, perf_counter/0, perf_counter/1, putenv/2, set_signal/2, system_time/0,
         system_time/1, timestamp/0, type/0, unsetenv/1, version/0]).

-export_type([env_var_name/0, env_var_value/0, env_var_name_value/0, command_input/0]).

-type env_var_name() :: nonempty_string().
-type env_var_value() :: string().
-type env_var_name_value() :: nonempty_string().
-type command_input() :: atom() | io_lib:chars().

%%% Natives

%% The value of a variable of the environment.
-spec getenv() -> [env_var_name_value()].
getenv() -> erlang:nif_error(undef).

-spec getenv(env_var_name()) -> env_var_value() | false.
getenv(_) -> erlang:nif_error(undef).

%% Sets a variable of the environment.
-spec putenv(env_var_name(), env_var_value()) -> true.
putenv(_, _) -> erlang:nif_error(undef).

%% Removes a variable of the environment.
-spec unsetenv(env_var_name()) -> true.
unsetenv(_) -> erlang:nif_error(undef).

%% The number of the machine's process.
-spec getpid() -> string().
getpid() -> erlang:nif_error(undef).

%% A clock of high resolution.
-spec perf_counter() -> integer().
perf_counter() -> erlang:nif_error(undef).

-spec perf_counter(erlang:time_unit()) -> integer().
perf_counter(_) -> erlang:nif_error(undef).

%% The time of the operating system.
-spec system_time() -> integer().
system_time() -> erlang:nif_error(undef).

-spec system_time(erlang:time_unit()) -> integer().
system_time(_) -> erlang:nif_error(undef).

%% The time of the operating system as {MegaSecs, Secs, MicroSecs}.
-spec timestamp() -> erlang:timestamp().
timestamp() -> erlang:nif_error(undef).

%% {Family, Name} of the operating system.
-spec type() -> {unix, linux}.
type() -> erlang:nif_error(undef).

%% The version of the operating system.
-spec version() -> {non_neg_integer(), non_neg_integer(), non_neg_integer()}.
version() -> erlang:nif_error(undef).

%%% In Erlang

%% All variables of the environment.
-spec env() -> [{env_var_name(), env_var_value()}].
env() ->
    [begin
         [Name, Value] = string:split(Entry, "="),
         {Name, Value}
     end || Entry <- getenv()].

-spec getenv(env_var_name(), Default) -> env_var_value() | Default.
getenv(Name, Default) ->
    case getenv(Name) of
        false -> Default;
        Value -> Value
    end.

%% What a signal does: default, handle or ignore.
-spec set_signal(atom(), default | handle | ignore) -> ok.
set_signal(Signal, Option)
  when is_atom(Signal), Signal =/= sigint, Option =:= default orelse Option =:= handle orelse Option =:= ignore ->
    case muster_signal:set(Signal, Option) of
        true -> ok;
        false -> erlang:error(badarg, [Signal, Option])
    end;
set_signal(Signal, Option) -> erlang:error(badarg, [Signal, Option]).

%% Where a program is, or false.
-spec find_executable(string()) -> string() | false.
find_executable(Name) -> find_executable(Name, getenv("PATH", "")).

-spec find_executable(string(), string()) -> string() | false.
find_executable(Name, Path) ->
    case lists:member($/, Name) of
        true ->
            case is_program(Name) of
                true -> filename:absname(Name);
                false -> false
            end;
        false -> in_directories(Name, string:tokens(Path, ":"))
    end.

in_directories(_, []) -> false;
in_directories(Name, [Dir | Dirs]) ->
    Program = filename:join(Dir, Name),
    case is_program(Program) of
        true -> filename:absname(Program);
        false -> in_directories(Name, Dirs)
    end.

is_program(Name) -> muster_file:is_executable(Name).

%% What a command writes.
-spec cmd(command_input()) -> string().
cmd(Command) ->
    try do_cmd(Command, #{})
    catch
        throw:badarg ->
            erlang:error(badarg, [Command], [{error_info, #{module => erl_kernel_errors}}])
    end.

-spec cmd(command_input(), #{max_size => non_neg_integer() | infinity}) -> string().
cmd(Command, Options) ->
    try do_cmd(Command, Options)
    catch
        throw:badopt ->
            erlang:error(badarg, [Command, Options],
                         [{error_info, #{module => erl_kernel_errors, cause => badopt}}]);
        throw:badarg ->
            erlang:error(badarg, [Command, Options],
                         [{error_info, #{module => erl_kernel_errors}}])
    end.

do_cmd(Command, Options) ->
    Max = max_size(Options),
    Text = command_text(Command),
    {_, Monitor} = spawn_monitor(fun() -> exit({shell_said, run_shell(Text, Max)}) end),
    receive
        {'DOWN', Monitor, process, _, {shell_said, Output}} ->
            case unicode:characters_to_list(Output) of
                List when is_list(List) -> List;
                _ -> binary_to_list(Output)
            end;
        {'DOWN', Monitor, process, _, Reason} -> exit(Reason)
    end.

max_size(Options) when is_map(Options) ->
    case Options of
        #{max_size := Max} when is_integer(Max), Max >= 0; Max =:= infinity -> Max;
        #{max_size := _} -> throw(badopt);
        #{} -> infinity
    end;
max_size(_) -> throw(badopt).

command_text(Command) when is_atom(Command) -> command_text(atom_to_list(Command));
command_text(Command) when is_list(Command) ->
    Flat = try lists:flatten(Command) catch error:_ -> throw(badarg) end,
    lists:all(fun(C) -> is_integer(C) andalso C > 0 end, trim_zeros(Flat)) orelse throw(badarg),
    case unicode:characters_to_binary(trim_zeros(Flat)) of
        Text when is_binary(Text) -> Text;
        _ -> throw(badarg)
    end;
command_text(_) -> throw(badarg).

trim_zeros(Text) -> lists:reverse(lists:dropwhile(fun(C) -> C =:= 0 end, lists:reverse(Text))).

%% The shell reads the command from its input and says ^D after it, so that what the command leaves
%% running in the background need not end.
run_shell(Text, Max) ->
    Port = open_port({spawn_executable, "/bin/sh"},
                     [{args, ["-s", "unix:cmd"]}, stream, in, out, use_stdio, stderr_to_stdout,
                      binary, eof, hide]),
    true = port_command(Port, ["(", Text, "\n) </dev/null; echo  \"\^D\"\n"]),
    Output = shell_output(Port, Max, []),
    true = port_close(Port),
    iolist_to_binary(Output).

shell_output(Port, Max, Before) ->
    receive
        {Port, {data, Bytes}} ->
            {Part, IsEnd} =
                case binary:split(Bytes, <<4>>) of
                    [All] -> {All, false};
                    [First | _] -> {First, true}
                end,
            case Max of
                _ when is_integer(Max), byte_size(Part) >= Max ->
                    [Before, binary:part(Part, 0, Max)];
                _ when IsEnd -> [Before, Part];
                infinity -> shell_output(Port, Max, [Before, Part]);
                _ -> shell_output(Port, Max - byte_size(Part), [Before, Part])
            end;
        {Port, eof} -> Before
    end.
