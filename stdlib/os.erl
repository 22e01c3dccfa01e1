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

-spec getenv() -> [env_var_name_value()].
getenv() -> erlang:nif_error(undef).

-spec getenv(env_var_name()) -> env_var_value() | false.
getenv(_) -> erlang:nif_error(undef).

-spec putenv(env_var_name(), env_var_value()) -> true.
putenv(_, _) -> erlang:nif_error(undef).

-spec unsetenv(env_var_name()) -> true.
unsetenv(_) -> erlang:nif_error(undef).

-spec getpid() -> string().
getpid() -> erlang:nif_error(undef).

-spec perf_counter() -> integer().
perf_counter() -> erlang:nif_error(undef).

-spec perf_counter(erlang:time_unit()) -> integer().
perf_counter(_) -> erlang:nif_error(undef).

-spec system_time() -> integer().
system_time() -> erlang:nif_error(undef).

-spec system_time(erlang:time_unit()) -> integer().
system_time(_) -> erlang:nif_error(undef).

-spec timestamp() -> erlang:timestamp().
timestamp() -> erlang:nif_error(undef).

-spec type() -> {unix, linux}.
type() -> erlang:nif_error(undef).

-spec version() -> {non_neg_integer(), non_neg_integer(), non_neg_integer()}.
version() -> erlang:nif_error(undef).

%%% In Erlang

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

-spec set_signal(atom(), default | handle | ignore) -> ok.
set_signal(Signal, Option)
  when is_atom(Signal), Option =:= default orelse Option =:= handle orelse Option =:= ignore ->
    ok;
set_signal(Signal, Option) -> erlang:error(badarg, [Signal, Option]).

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

-spec cmd(command_input()) -> string().
cmd(Command) -> cmd(Command, #{}).

-spec cmd(command_input(), #{max_size => non_neg_integer() | infinity}) -> string().
cmd(Command, Options) when is_map(Options) ->
    Text =
        case Command of
            _ when is_atom(Command) -> atom_to_binary(Command);
            _ -> unicode:characters_to_binary(Command)
        end,
    is_binary(Text) andalso binary:match(Text, <<0>>) =:= nomatch
        orelse erlang:error(badarg, [Command, Options]),
    Output = muster_file:command(Text),
    Kept =
        case Options of
            #{max_size := Max} when is_integer(Max), byte_size(Output) > Max ->
                binary:part(Output, 0, Max);
            #{} -> Output
        end,
    case unicode:characters_to_list(Kept) of
        List when is_list(List) -> List;
        _ -> binary_to_list(Kept)
    end.
