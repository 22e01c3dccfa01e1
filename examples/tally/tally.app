{application, tally,
 [{description, "Counts what it is told, and says so now and then"},
  {vsn, "1.0"},
  {modules, [tally_app, tally_sup, tally_counter, tally_reporter]},
  {registered, [tally_sup, tally_counter, tally_reporter]},
  {applications, [kernel, stdlib]},
  {mod, {tally_app, []}},
  {env, [{file, "tally.store"}, {report_every_ms, 5000}]}]}.
