# status: 1
# stderr: checksum
. "$HERE/compiled_module.inc"
size=$(wc -c <"$LIB")
half=$((size / 2))
byte=$(od -An -tu1 -j $half -N 1 "$LIB" | tr -d ' ')
printf "\\$(printf '%03o' $((byte ^ 16)))" | dd of="$LIB" bs=1 seek=$half conv=notrunc 2>/dev/null
exec "$MUSTER" run -pa out main.erl
