-- Everything in this database is encrypted at rest (SQLCipher): no column is ever in the clear.
-- Yesterday's program: there is none.

create table meta (
    key text primary key,
    value text not null
) strict;

-- One reviewer on one server. Local data of each stays apart.
create table account (
    id integer primary key autoincrement,
    server text not null,
    reviewer text not null,
    description text not null,              -- json: what the server says of itself
    keys text not null,                     -- json: its signing keys, pinned at sign-in
    profile text not null,                  -- json
    tokens text,                            -- json: access and refresh token; null when the session ended
    cursor text,                            -- where the next page of changes begins
    last_complete integer,                  -- milliseconds: when the mirror was last known complete
    skew integer not null default 0,        -- seconds: the server's clock less this machine's
    unique (server, reviewer)
) strict;

-- The server's records as they are there.
create table mirror (
    account integer not null references account (id),
    collection text not null,
    id text not null,
    version integer not null,
    body text not null,                     -- json: a ChangeBody
    primary key (account, collection, id)
) strict, without rowid;

-- What only this machine knows of a seat.
create table seat_local (
    account integer not null references account (id),
    seat text not null,
    later integer not null default 0,
    first_opened integer,                   -- milliseconds
    active_seconds integer not null default 0,
    side_order text,                        -- json: drawn once, then fixed
    primary key (account, seat)
) strict, without rowid;

create table evidence_opened (
    account integer not null references account (id),
    seat text not null,
    evidence text not null,
    primary key (account, seat, evidence)
) strict, without rowid;

create table draft (
    account integer not null references account (id),
    seat text not null,
    body text not null,                     -- json: private
    saved_at integer not null,
    primary key (account, seat)
) strict, without rowid;

-- The journal of what the reviewer meant: one hash chain per installation. A dropped or finished
-- intent stays as a link of the chain; a dropped one loses its payload.
create table intent (
    seq integer primary key autoincrement,
    id text not null unique,
    account integer not null references account (id),
    lane text not null,
    kind text not null,
    payload text not null,                  -- json: the request, as it goes to the server
    payload_sha256 blob not null,
    title text not null,
    case_id text,
    seat text,
    points integer,
    made_at integer not null,
    due integer,
    prev_hash blob not null,
    hash blob not null,
    -- The state of sending; not part of the chain.
    status text not null default 'waiting' check (status in ('waiting', 'parked', 'done', 'dropped')),
    held_until integer,
    parked_code text,
    unknown integer not null default 0,     -- sent without an answer: ask before sending again
    tries integer not null default 0,
    last_answer text
) strict;

create index intent_open on intent (account, status, lane, seq);

create table receipt (
    account integer not null references account (id),
    intent text not null,
    seat text,
    case_id text,
    kind text not null,
    signed text,                            -- json: the exact signed text, for a ballot
    body text not null,                     -- json: the receipt
    received_at integer not null,
    primary key (account, intent)
) strict, without rowid;

-- The key of each case's evidence; deleting the row shreds the evidence.
create table case_key (
    account integer not null references account (id),
    seat text not null,
    key blob not null,
    primary key (account, seat)
) strict, without rowid;

create table pack (
    account integer not null references account (id),
    seat text not null,
    version integer not null,
    sha256 text not null,
    bytes integer not null,
    file text not null,                     -- a random name below packs/
    state text not null check (state in ('queued', 'paused', 'ready', 'damaged')),
    code text,                              -- why it is paused or damaged
    received integer not null default 0,
    pack_index text,                        -- json: where its files are, once it is verified
    primary key (account, seat)
) strict, without rowid;

-- What the reviewer was told of, or looked at.
create table seen (
    account integer not null references account (id),
    kind text not null,
    key text not null,
    primary key (account, kind, key)
) strict, without rowid;
