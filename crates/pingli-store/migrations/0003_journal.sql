-- The journal has a name under which the server remembers how far it was told of it, and taking an
-- act back is a link of its own.
-- Yesterday's program: may not open the file, it would take acts back without a link.

-- A name for each account, so that no server can tell that two of its reviewers share a machine.
alter table account add column journal text;
-- The journal that this one goes on from, after the data here was set back.
alter table account add column journal_before text;

-- The journal under which the server gave a receipt; null where it keeps none.
alter table receipt add column journal text;

-- Receipts for acts that the server has forgotten since, because it was set back to an earlier state.
-- The acts are sent again; what was answered first is kept.
create table forgotten_receipt (
    account integer not null references account (id),
    intent text not null,
    signed text,                            -- json: as in receipt
    body text not null,                     -- json
    received_at integer not null,
    primary key (account, intent, received_at)
) strict, without rowid;

-- Acts up to here may have been taken back without a link.
insert into meta (key, value) select 'drops_are_links_after', coalesce(max(seq), 0) from intent;
