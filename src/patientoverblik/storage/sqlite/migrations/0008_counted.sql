-- counted holds how often something happened in a stretch of time, for limits that hold for all workers together; until is
-- the end of the stretch, after which it is forgotten.

create table counted (
    id text not null primary key,
    number integer not null,
    until integer not null
) without rowid;

create index counted_until on counted (until);
