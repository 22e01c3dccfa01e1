%% A door with a code lock, as a state machine.
%%
%% What a door does depends on the state that it is in: so each state is a function, and each clause says
%% what one event does there. A time-out that belongs to a state ends with it; events that the present
%% state has no use for can be postponed until another one has. Compare that with flags and timers kept
%% by hand.
%%
%%     locked --right code--> open --two seconds, or lock/1--> locked
%%
%%     muster run examples/door.erl
%%     muster test examples/door_tests.erl
-module(door).
-behaviour(gen_statem).
-export([main/0, start_link/1, start_link/2, button/2, enter/1, lock/1, state/1]).
-export([init/1, callback_mode/0, locked/3, open/3]).

main() ->
    {ok, Door} = start_link([1, 2, 3], 100),
    Say = fun(What) -> io:format("~s: the door is ~p~n", [What, state(Door)]) end,
    Say("at first"),
    [button(Door, N) || N <- [3, 2, 1]],
    Say("after the wrong code"),
    [button(Door, N) || N <- [1, 2, 3]],
    Say("after the right one"),
    timer:sleep(150),
    Say("a little later").

%% ---- what others call ----

start_link(Code) -> start_link(Code, 2000).
start_link(Code, OpenMs) -> gen_statem:start_link(?MODULE, {Code, OpenMs}, []).

button(Door, Digit) -> gen_statem:cast(Door, {button, Digit}).
%% Waits until the door is open.
enter(Door) -> gen_statem:call(Door, enter).
lock(Door) -> gen_statem:call(Door, lock).
state(Door) -> gen_statem:call(Door, state).

%% ---- the machine ----

callback_mode() -> [state_functions, state_enter].

%% pressed: the last buttons, newest first.
init({Code, OpenMs}) ->
    {ok, locked, #{code => lists:reverse(Code), pressed => [], open_ms => OpenMs}}.

locked(enter, _Old, Data) -> {keep_state, Data#{pressed := []}};
locked(cast, {button, Digit}, #{code := Code, pressed := Pressed} = Data) ->
    case lists:sublist([Digit | Pressed], length(Code)) of
        Code -> {next_state, open, Data};
        Others -> {keep_state, Data#{pressed := Others}}
    end;
locked({call, From}, lock, _) -> {keep_state_and_data, [{reply, From, ok}]};
locked({call, _}, enter, _) -> {keep_state_and_data, [postpone]}; % when it is open, maybe
locked({call, From}, state, _) -> {keep_state_and_data, [{reply, From, locked}]}.

open(enter, _Old, #{open_ms := Ms}) -> {keep_state_and_data, [{state_timeout, Ms, shut}]};
open(state_timeout, shut, Data) -> {next_state, locked, Data};
open(cast, {button, _}, _) -> keep_state_and_data;
open({call, From}, lock, Data) -> {next_state, locked, Data, [{reply, From, ok}]};
open({call, From}, enter, _) -> {keep_state_and_data, [{reply, From, welcome}]};
open({call, From}, state, _) -> {keep_state_and_data, [{reply, From, open}]}.
