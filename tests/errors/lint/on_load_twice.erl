-module(on_load_twice).
-on_load(foo/0).
-on_load(bar/0).
-on_load(three/3).
foo() -> ok.
bar() -> ok.
three(_, _, _) -> ok.
