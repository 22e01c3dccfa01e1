# status: 1 2
# stderr: not a module of Muster
echo "this is not bytecode" >x.file
exec "$MUSTER" disasm x.file
