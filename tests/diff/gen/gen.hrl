%% gen.hrl: what is at hand where an expression is generated.
%% vars: [{Name, Type}]; helpers: [{Name, ArgumentTypes, Type}]; in_try: may throw
-record(ctx, {vars = [], helpers = [], in_try = false}).
