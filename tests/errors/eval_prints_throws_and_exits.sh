# status: 1
# stderr: exception throw: {a,1}
# stderr: exception exit: bye
"$MUSTER" eval 'throw({a, 1})'
exec "$MUSTER" eval 'exit(bye)'
