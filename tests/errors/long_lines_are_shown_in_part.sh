# Of a line of thousands of characters what is around the place is shown.
# status: 1
# stderr: %    3| ...
# stderr: , X98 = 98, X99 = 99, bad() , X101 = 101, X102 = 102
# stdout: short
{
    echo '-module(long).'
    echo '-export([f/0]).'
    printf 'f() -> '
    i=0
    while [ $i -lt 300 ]; do
        i=$((i + 1))
        if [ $i -eq 100 ]; then printf 'bad() , '; else printf 'X%d = %d, ' $i $i; fi
    done
    echo 'X1.'
} >long.erl
"$MUSTER" compile long.erl 2>said
status=$?
cat said >&2
# 298 warnings of a line of 3,600 characters
[ "$(wc -c <said)" -lt 150000 ] && echo short
exit $status
