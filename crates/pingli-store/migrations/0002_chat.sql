-- Chat logs of packs that are here, message by message, so that a page costs the same in a log of
-- any length; and the timeline, computed once.
-- Yesterday's program: may not open the file, it would leave these rows behind when it shreds a pack.

create table chat_log (
    id integer primary key autoincrement,   -- never used twice: a late writer finds its log gone
    account integer not null references account (id),
    seat text not null,
    evidence text not null,
    count integer,                          -- its messages, once all are in; null before
    head text not null default '',          -- json: the log without its messages
    unique (account, seat, evidence)
) strict;

create table chat_message (
    log integer not null,                   -- a chat_log
    place integer not null,                 -- in the log, from 0
    seq integer not null,                   -- as the platform numbered it
    text text not null,
    body text not null,                     -- json: the message without its text
    primary key (log, place)
) strict, without rowid;

create index chat_message_seq on chat_message (log, seq);

-- Which version of the program's rules took the chats into rows and computed the timeline; 0 for
-- neither.
alter table pack add column rows_version integer not null default 0;
alter table pack add column timeline_version integer not null default 0;
alter table pack add column timeline text;  -- json
