-- Counts what was committed, so that a start can tell that something of it is gone: the count is
-- also kept in a small file beside the database.
-- Yesterday's program: may not open the file, it would commit without counting.

create table mark (
    one integer primary key check (one = 1),
    id blob not null,                       -- of this database: a head of another one says nothing
    commits integer not null
) strict;

insert into mark (one, id, commits) values (1, randomblob(16), 0);
