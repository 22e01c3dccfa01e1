# status: 1 2
# stderr: x.file:1:
echo "this is not bytecode" >x.file
exec "$MUSTER" disasm x.file
