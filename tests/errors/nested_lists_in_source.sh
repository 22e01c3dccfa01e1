# Ten million opening brackets are an error, not a crash.
# status: 1
# stderr: main.erl:3
# timeout: 120
{
    printf -- '-module(main).\n-export([main/0]).\nmain() -> '
    head -c 10000000 /dev/zero | tr '\0' '['
    head -c 10000000 /dev/zero | tr '\0' ']'
    echo .
} >main.erl
exec "$MUSTER" run main.erl
