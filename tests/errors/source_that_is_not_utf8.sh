# status: 1
# stderr: main.erl:3
printf -- '-module(main).\n-export([main/0]).\nmain() -> "\377\376".\n' >main.erl
exec "$MUSTER" run main.erl
