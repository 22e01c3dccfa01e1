-module(export_all).
-compile(export_all).
a() -> ok.
