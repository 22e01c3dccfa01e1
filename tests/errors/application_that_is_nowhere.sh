# status: 1
# stderr: application nowhere did not start: there is no nowhere.app
exec "$MUSTER" run --app nowhere
