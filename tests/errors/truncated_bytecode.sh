# status: 1
# stderr: lib
. "$HERE/compiled_module.inc"
size=$(wc -c <"$LIB")
head -c $((size / 2)) "$LIB" >half
cp half "$LIB"
exec "$MUSTER" run -pa out main.erl
