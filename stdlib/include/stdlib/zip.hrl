%% What zip:list_dir/1 tells.
-record(zip_file, {
    name :: string(),
    info :: file:file_info(),
    comment :: string(),
    offset :: non_neg_integer(), % where its local header begins
    comp_size :: non_neg_integer()
}).

-record(zip_comment, {
    comment :: string()
}).
