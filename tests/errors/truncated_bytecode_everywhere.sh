# Cut anywhere, the file is refused, and disasm says where.
# status: 0
# stdout: all refused
# timeout: 120
. "$HERE/compiled_module.inc"
size=$(wc -c <"$LIB")
cut=0
while [ "$cut" -lt "$size" ]; do
    head -c "$cut" "$LIB" >cut.file
    "$MUSTER" disasm cut.file >/dev/null 2>message
    status=$?
    if [ $status -ne 1 ] && [ $status -ne 2 ]; then
        echo "cut at $cut: exit status $status"
        exit 1
    fi
    cut=$((cut + 13))
done
echo "all refused"
