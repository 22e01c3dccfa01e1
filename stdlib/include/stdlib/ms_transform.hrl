%% ets:fun2ms/1 and dbg:fun2ms/1 become match specifications while a module is compiled.
-compile({parse_transform, ms_transform}).
