%% Tests of door.erl.
-module(door_tests).
-include_lib("eunit/include/eunit.hrl").

door(OpenMs) -> {ok, Door} = door:start_link([1, 2, 3], OpenMs), Door.
press(Door, Digits) -> [door:button(Door, D) || D <- Digits].

opens_with_the_code_test() ->
    Door = door(10000),
    ?assertEqual(locked, door:state(Door)),
    press(Door, [1, 2, 3]),
    ?assertEqual(open, door:state(Door)).

only_the_last_buttons_count_test() ->
    Door = door(10000),
    press(Door, [9, 9, 1, 2]),
    ?assertEqual(locked, door:state(Door)),
    press(Door, [3]),
    ?assertEqual(open, door:state(Door)).

locks_by_itself_test() ->
    Door = door(20),
    press(Door, [1, 2, 3]),
    timer:sleep(100),
    ?assertEqual(locked, door:state(Door)).

locks_when_told_and_forgets_the_code_test() ->
    Door = door(10000),
    press(Door, [1, 2, 3]),
    ?assertEqual(ok, door:lock(Door)),
    press(Door, [3]),
    ?assertEqual(locked, door:state(Door)).

who_waits_gets_in_test() ->
    Door = door(10000),
    Self = self(),
    spawn_link(fun() -> Self ! {told, door:enter(Door)} end),
    ?assertEqual(waits, receive {told, _} -> in after 30 -> waits end),
    press(Door, [1, 2, 3]),
    ?assertEqual(welcome, receive {told, Answer} -> Answer after 2000 -> never end).
