-module(nowarn_options).
-compile([nowarn_unused_function, nowarn_shadow_vars, nowarn_deprecated_function, nowarn_format, nowarn_export_all, export_all]).
a(X) -> fun(X) -> X end, io:format("~p", []), now().
b() -> ok.
