%% The records of module file.
-ifndef(FILE_HRL_).
-define(FILE_HRL_, 1).

-record(file_info, {
    size :: non_neg_integer() | undefined, % in bytes
    type :: device | directory | other | regular | symlink | undefined,
    access :: read | write | read_write | none | undefined,
    atime :: file:date_time() | non_neg_integer() | undefined, % last read
    mtime :: file:date_time() | non_neg_integer() | undefined, % last written
    ctime :: file:date_time() | non_neg_integer() | undefined, % last change of the inode
    mode :: non_neg_integer() | undefined,
    links :: non_neg_integer() | undefined,
    major_device :: non_neg_integer() | undefined,
    minor_device :: non_neg_integer() | undefined,
    inode :: non_neg_integer() | undefined,
    uid :: non_neg_integer() | undefined,
    gid :: non_neg_integer() | undefined
}).

-record(file_descriptor, {
    module :: module(), % which handles it
    data :: term()
}).

-endif.
