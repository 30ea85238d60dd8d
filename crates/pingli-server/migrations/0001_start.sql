-- The judgment server's database. Times are milliseconds since 1970 in UTC; ids are text; bodies
-- are JSON as it crosses the wire. Nothing here is encrypted: the operator's disk is. Passwords
-- and tokens are stored as hashes only. Yesterday's server cannot open this file: it is the first.

-- Facts about this database, one a row.
create table meta (
    name text not null primary key,
    value text not null
) strict;

create table accounts (
    id text not null primary key,
    -- What is typed at sign-in, as it was given.
    name text not null unique,
    display_name text not null,
    -- argon2id in PHC form.
    password_hash text not null,
    state text not null default 'good' check (state in ('good', 'frozen', 'removed')),
    created_at integer not null,
    frozen_since integer,
    frozen_until integer,
    -- When a quota of the standing renews by itself; the next look is due then.
    standing_due_at integer
) strict;

-- Sign-in ------------------------------------------------------------------------------------

create table token_families (
    id text not null primary key,
    reviewer text not null references accounts (id),
    client_id text not null,
    created_at integer not null,
    revoked_at integer
) strict;

create table authorization_codes (
    -- SHA-256 of the code, hexadecimal.
    code_sha256 text not null primary key,
    reviewer text not null references accounts (id),
    client_id text not null,
    redirect_uri text not null,
    code_challenge text not null,
    expires_at integer not null,
    -- The family that the code was changed for; a second use revokes it.
    family text references token_families (id)
) strict;

create table access_tokens (
    token_sha256 text not null primary key,
    family text not null references token_families (id),
    reviewer text not null references accounts (id),
    expires_at integer not null
) strict;

create table refresh_tokens (
    token_sha256 text not null primary key,
    family text not null references token_families (id),
    -- The token that was changed for this one; none for the first of a family.
    parent text,
    expires_at integer not null,
    -- When it was first changed for another; it stays good for the grace period after that.
    rotated_at integer,
    -- When a child of it was used; from then on it is a stolen or forgotten copy.
    retired_at integer
) strict;

create index refresh_tokens_by_parent on refresh_tokens (parent);
create index refresh_tokens_by_family on refresh_tokens (family);
create index access_tokens_by_expiry on access_tokens (expires_at);

-- Cases, panels, ballots -----------------------------------------------------------------------

create table case_types (
    code text not null primary key,
    body text not null
) strict;

create table cases (
    id text not null,
    round integer not null,
    case_type text not null references case_types (code),
    state text not null check (state in (
        'queued', 'evidence', 'voting', 'tallying', 'provisional', 'final',
        'escalated', 'suspended', 'withdrawn', 'annulled')),
    -- The CaseDocument as it is in the pack.
    document text not null,
    -- The CaseCard as seats show it.
    card text not null,
    pack_version integer not null,
    pack_sha256 text not null,
    pack_bytes integer not null,
    pack_key text not null,
    -- SHA-256 over the intake folder's files: the same folder again changes nothing.
    intake_sha256 text not null,
    opened_at integer not null,
    voting_end integer not null,
    decided_at integer,
    final_at integer,
    primary key (id, round)
) strict;

create index cases_voting on cases (voting_end) where state = 'voting';
create index cases_provisional on cases (final_at) where decided_at is not null;
create index cases_by_pack on cases (pack_sha256);

-- Files inside packs, by hash, so that a damaged download can be repaired piece by piece.
create table case_files (
    case_id text not null,
    round integer not null,
    sha256 text not null,
    bytes integer not null,
    media_type text not null,
    primary key (sha256, case_id, round),
    foreign key (case_id, round) references cases (id, round)
) strict;

create table seats (
    id text not null primary key,
    case_id text not null,
    round integer not null,
    reviewer text not null references accounts (id),
    state text not null check (state in (
        'offered', 'accepted', 'counted', 'declined', 'returned', 'recused', 'lapsed', 'revoked', 'closed_early')),
    offered_at integer not null,
    accepted_at integer,
    lease_end integer not null,
    ended_at integer,
    recuse_reason text,
    recused_after_opening integer,
    -- A reviewer sits on a panel once.
    unique (case_id, round, reviewer),
    foreign key (case_id, round) references cases (id, round)
) strict;

create index seats_open on seats (lease_end) where state in ('offered', 'accepted');
create index seats_open_by_reviewer on seats (reviewer) where state in ('offered', 'accepted');
create index seats_by_end on seats (reviewer, ended_at);

create table ballots (
    id text not null primary key,
    -- One ballot per seat (invariant 1).
    seat text not null unique references seats (id),
    case_id text not null,
    round integer not null,
    reviewer text not null references accounts (id),
    choice text not null,
    -- 1 when it is among the counts; 0 when it came late and is recorded.
    counted integer not null check (counted in (0, 1)),
    -- 1 when another reviewer takes the seat (cannot decide, replaced).
    replaced integer not null default 0 check (replaced in (0, 1)),
    -- The bytes as they came.
    body text not null,
    points integer not null,
    received_at integer not null
) strict;

create index ballots_by_case on ballots (case_id, round);
create index ballots_by_reviewer on ballots (reviewer, received_at);

-- The answer to every write, stored in the transaction of its effect. Never deleted: an offline
-- outbox may ask again after years.
create table receipts (
    id text not null primary key,
    reviewer text not null references accounts (id),
    kind text not null,
    -- SHA-256 of what was asked, in one canonical form.
    request_sha256 text not null,
    body text not null,
    received_at integer not null
) strict;

create trigger receipts_are_kept before delete on receipts
begin select raise(abort, 'receipts are kept for ever'); end;
create trigger receipts_are_fixed before update on receipts
begin select raise(abort, 'receipts are never changed'); end;

create table verdicts (
    case_id text not null,
    round integer not null,
    revision integer not null,
    -- The SignedText.
    signed text not null,
    option_id text,
    provisional integer not null check (provisional in (0, 1)),
    made_at integer not null,
    primary key (case_id, round, revision),
    foreign key (case_id, round) references cases (id, round)
) strict;

-- Points and charity ---------------------------------------------------------------------------

-- Append-only: never edited, only reversed.
create table ledger_entries (
    id text not null primary key,
    reviewer text not null references accounts (id),
    at integer not null,
    kind text not null check (kind in (
        'earn', 'hold', 'release', 'reverse', 'adjust', 'expire', 'donate', 'refund', 'exchange')),
    points integer not null check (points between -9007199254740991 and 9007199254740991),
    -- The LedgerReference as JSON.
    refers_to text not null,
    -- The case and round that an earning waits for.
    case_id text,
    round integer
) strict;

create index ledger_entries_by_reviewer on ledger_entries (reviewer, at);
create index ledger_entries_by_case on ledger_entries (case_id, round);

-- An entry counts from the moment it has a row here. Append-only as well.
create table ledger_postings (
    entry text not null primary key references ledger_entries (id),
    posted_at integer not null
) strict;

create trigger ledger_entries_are_kept before delete on ledger_entries
begin select raise(abort, 'the ledger is append-only'); end;
create trigger ledger_entries_are_fixed before update on ledger_entries
begin select raise(abort, 'the ledger is append-only'); end;
create trigger ledger_postings_are_kept before delete on ledger_postings
begin select raise(abort, 'the ledger is append-only'); end;
create trigger ledger_postings_are_fixed before update on ledger_postings
begin select raise(abort, 'the ledger is append-only'); end;

create table projects (
    id text not null primary key,
    -- The Project; `raised` in it is what was raised before this server kept count.
    body text not null
) strict;

create table donations (
    id text not null primary key,
    reviewer text not null references accounts (id),
    project text not null references projects (id),
    project_name text not null,
    points integer not null check (points > 0),
    state text not null check (state in (
        'submitted', 'confirmed', 'disbursed', 'receipted', 'cancelled', 'failed', 'refunded')),
    submitted_at integer not null,
    cancel_until integer not null,
    confirmed_at integer,
    receipt_number text unique
) strict;

create index donations_submitted on donations (cancel_until) where state = 'submitted';
create index donations_by_project on donations (project, state);

-- What each reviewer's mirror holds ---------------------------------------------------------------

-- One row per record a reviewer may see; reviewer '' stands for everybody. A change deletes the
-- row and inserts it again at the end, so that reading by `seq` meets each record once, as it is.
create table feed (
    seq integer primary key autoincrement,
    reviewer text not null,
    collection text not null,
    record text not null,
    version integer not null,
    -- The record as it crosses the wire; null once it is gone.
    body text,
    unique (reviewer, collection, record)
) strict;

create index feed_by_reviewer on feed (reviewer, seq);
