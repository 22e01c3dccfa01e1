# Deep in other ways: blocks, funs, cases, tuples, operators, calls.
# status: 0
# stdout: all survived
# timeout: 120
try() {
    {
        printf -- '-module(main).\n-export([main/0]).\nmain() -> '
        awk -v before="$1" -v middle="$2" -v after="$3" 'BEGIN {
            for (i = 0; i < 300000; i++) printf "%s", before
            printf "%s", middle
            for (i = 0; i < 300000; i++) printf "%s", after
            print "." }'
    } >main.erl
    timeout 60 "$MUSTER" run main.erl >/dev/null 2>message
    status=$?
    case $status in 0 | 1) ;; *) echo "$1: exit status $status"; exit 1 ;; esac
}
try '{' 'a' '}'
try 'begin ' 'a' ' end'
try 'fun() -> ' 'a' ' end'
try 'case a of a -> ' 'a' ' end'
try 'not ' 'true' ''
try 'id(' 'a' ')'
try '1 + ' '1' ''
try '' '1' ' + 1'
try '#{a => ' '1' '}'
try '[X || X <- ' '[]' ']'
try 'if true -> ' 'a' ' end'
try 'A = ' '1' ''
try '<<' '1' '>>'
try 'catch ' '1' ''
echo "all survived"
