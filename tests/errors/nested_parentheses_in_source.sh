# status: 0 1
# timeout: 120
{
    printf -- '-module(main).\n-export([main/0]).\nmain() -> '
    head -c 10000000 /dev/zero | tr '\0' '('
    printf ok
    head -c 10000000 /dev/zero | tr '\0' ')'
    echo .
} >main.erl
exec "$MUSTER" run main.erl
