# The manual page is made of what `muster help` says, all of it.
# status: 0
sh "$HERE/../../tools/manual.sh" "$MUSTER" >muster.1 || exit 1
grep -q '^muster .. runs Erlang' muster.1 || exit 2
for command in run eval test compile disasm jit; do
    grep -q "^\.B $command " muster.1 || exit 3
    "$MUSTER" help $command || exit 4
done >commands
sed -n 's/^  \(-[-a-zA-Z]*\)[ [].*/\1/p' commands | sort -u >options
[ "$(wc -l <options)" -gt 15 ] || exit 5
while read -r option; do
    grep -q -e "^\.B $(echo "$option" | sed 's/-/.-/g')" muster.1 || { echo "lacks $option" >&2; exit 6; }
done <options
