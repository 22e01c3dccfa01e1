# A file whose name says bytecode and whose first bytes do not.
# status: 1 2
# stderr: bad.mbc
# stderr: Head
printf '\253Mustef\n0123456789abcdef0123456789' >bad.mbc
"$MUSTER" disasm bad.mbc 2>&1 | grep -q Head || exit 3
exec "$MUSTER" run bad.mbc
