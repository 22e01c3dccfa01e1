# status: 1
# stderr: muster: some.beam: code for the BEAM; its source is needed
printf 'FOR1\000\000\000\010BEAMAtU8' >some.beam
"$MUSTER" disasm some.beam && exit 7
exec "$MUSTER" run some.beam
