%% -ifdef, -ifndef, -else, -undef, -if, -elif and defined/1.
-module(preprocessor_conditionals).
-export([main/0]).

-define(YES, true).
-define(VALUE, 5).

-ifdef(YES).
a() -> ifdef.
-else.
a() -> otherwise.
-endif.

-ifndef(YES).
b() -> ifndef.
-else.
b() -> otherwise.
-endif.

-undef(YES).
-ifdef(YES).
c() -> still.
-else.
c() -> gone.
-endif.

-if(?VALUE > 10).
d() -> more_than_10.
-elif(?VALUE =:= 5).
d() -> five.
-else.
d() -> neither.
-endif.

-ifdef(NOPE).
-ifdef(VALUE).
e() -> inner.
this is not even syntax ( but it is skipped.
-endif.
-else.
-ifdef(VALUE).
e() -> nested_else.
-endif.
-endif.

-if(defined(VALUE) andalso not defined(NOPE)).
f() -> defined.
-else.
f() -> not_defined.
-endif.

-undef(VALUE).
-define(VALUE, redefined).

main() -> io:format("~w~n", [[a(), b(), c(), d(), e(), f(), ?VALUE]]).
