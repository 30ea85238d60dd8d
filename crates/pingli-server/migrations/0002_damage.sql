-- Reports that a pack did not arrive as it was signed. Yesterday's server passes this table over.
create table damage_reports (
    id text primary key,
    seat text not null,
    case_id text not null,
    round integer not null,
    pack_sha256 text not null,
    code text not null,
    -- The piece of evidence; null for the pack as a whole.
    evidence text,
    received_at integer not null
) strict;

create index damage_reports_by_pack on damage_reports (pack_sha256, received_at);
