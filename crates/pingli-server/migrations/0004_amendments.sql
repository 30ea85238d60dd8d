-- Versions of a case's pack that another took the place of while the panel voted: ballots that were cast
-- before name them, and their files stay. Yesterday's server does not open a database that has been
-- through this.
create table earlier_packs (
    case_id text not null,
    round integer not null,
    version integer not null,
    sha256 text not null,
    bytes integer not null,
    key text not null,
    -- SHA-256 over the intake folder's files that it was made from.
    intake_sha256 text not null,
    -- When the next version took its place.
    amended_at integer not null,
    primary key (case_id, round, version),
    foreign key (case_id, round) references cases (id, round)
) strict, without rowid;

create index earlier_packs_by_hash on earlier_packs (sha256);
