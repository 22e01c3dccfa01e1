%% What a compiler of another language gets from the one who starts it.
-record(options, {
    includes = [] :: [file:filename()],
    outdir = "." :: file:filename(),
    output_type = undefined :: atom(),
    defines = [] :: [atom() | {atom(), _}],
    warning = 1 :: non_neg_integer(),
    verbose = false :: boolean(),
    optimize = 999,
    specific = [] :: [_], % options of that compiler alone
    outfile = "" :: file:filename(),
    cwd :: file:filename()
}).
-type options() :: #options{}.
