-- The newest link of each reviewer's journals, and the receipts that were given under them, so that
-- a program notices when its own data or the server's was set back. Yesterday's server passes these
-- tables over; what it takes in meanwhile is missing from them, and programs send it once more.
create table journals (
    reviewer text not null references accounts (id),
    -- Made by the program, one for an account on a machine.
    journal text not null,
    seq integer not null,
    sha256 text not null,
    -- Rows of journal_links.
    receipts integer not null default 0,
    -- The journal that it goes on from, where a roll-back was recognised.
    predecessor text,
    told_at integer not null,
    primary key (reviewer, journal)
) strict, without rowid;

create table journal_links (
    reviewer text not null,
    journal text not null,
    receipt text not null references receipts (id),
    seq integer not null,
    sha256 text not null,
    primary key (reviewer, journal, receipt),
    foreign key (reviewer, journal) references journals (reviewer, journal)
) strict, without rowid;

create index journal_links_by_seq on journal_links (reviewer, journal, seq);

-- A reviewer has one ballot in a round, whatever becomes of seats.
create unique index ballots_once on ballots (case_id, round, reviewer);
