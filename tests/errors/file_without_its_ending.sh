# The name of a module where a file is needed: the file is pointed out.
# status: 1
# stderr: muster: main: No such file or directory (there is main.erl)
echo '-module(main).' >main.erl
"$MUSTER" run main 2>first && exit 7
"$MUSTER" compile main 2>second && exit 7
cmp first second || exit 8
cat first >&2
exit 1
