-module(gen_statem_pushed).
-compile(export_all).
-compile(nowarn_export_all).
callback_mode() -> handle_event_function.
handle_event(_,pop,_,_) -> {keep_state_and_data,pop_callback_module};
handle_event(T,C,S,D) -> io:format("st2: ~p~n",[{T,C,S,D}]), keep_state_and_data.
