# status: 1
# stderr: application nowhere did not start: {"no such file or directory","nowhere.app"}
exec "$MUSTER" run --app nowhere
