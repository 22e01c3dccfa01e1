# status: 1
# stderr: bad.erl:3:11: unterminated string starting with "abc
printf -- '-module(bad).\n-export([main/0]).\nmain() -> "abc' >bad.erl
exec "$MUSTER" run bad.erl
