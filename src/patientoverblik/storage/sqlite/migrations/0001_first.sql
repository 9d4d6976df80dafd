-- Every patient table is clustered by the patient key, so that one patient's rows lie together (DESIGN, Storage and scale).
-- Small rows do that by a primary key that begins with the patient. Large ones do it by their place: the low 43 bits of the
-- patient key, then 20 bits of order. The key of the tree is then one integer, and its inner pages hold no data at all.
-- What every look reads is one tree, shelf: part 0 evidence (name: its id, about: its kind), 1 entries (uuid, unique id),
-- 2 care contributions (content hash, stamp). What every look writes is another, trail: part 0 events (name: the digest of
-- the chain), 1 looks (id). The first two bits of the order are the part.
-- Two patients may share those 43 bits: every statement names the patient as well.
-- Locators are keyed by the foreign id they are asked by.

create table patient_locator (
    system text not null,
    value text not null,
    patient integer not null,
    primary key (system, value)
) without rowid;

create table unique_locator (
    unique_id text not null primary key,
    patient integer not null,
    content blob not null
) without rowid;

create table entry_locator (
    uuid text not null primary key,
    patient integer not null
) without rowid;

create table set_locator (
    unique_id text not null primary key,
    patient integer not null
) without rowid;

create table link (
    patient integer not null,
    other integer not null,
    primary key (patient, other)
) without rowid;

create table submission_set (
    patient integer not null,
    unique_id text not null,
    data blob not null,
    primary key (patient, unique_id)
) without rowid;

create table shelf (
    place integer primary key,
    patient integer not null,
    part integer not null,
    name blob not null,
    about text not null,
    data blob not null,
    check (place >> 18 = ((patient & 8796093022207) << 2 | part))
);

create table association (
    place integer primary key,
    patient integer not null,
    data blob not null,
    check (place >> 20 = patient & 8796093022207)
);

create table content_place (
    patient integer not null,
    content blob not null,
    place integer not null,
    primary key (patient, content)
) without rowid;

create table content (
    place integer primary key,
    patient integer not null,
    data blob not null,
    check (place >> 20 = patient & 8796093022207)
);

create table record (
    place integer primary key,
    patient integer not null,
    data blob not null,
    losses blob not null,
    check (place >> 20 = patient & 8796093022207)
);

create table trail (
    place integer primary key,
    patient integer not null,
    part integer not null,
    name blob not null,
    data blob not null,
    check (place >> 18 = ((patient & 8796093022207) << 2 | part))
);

create table organisation_event (
    organisation text not null,
    position integer not null,
    data blob not null,
    digest blob not null,
    primary key (organisation, position)
) without rowid;

create table session (
    id text not null primary key,
    data blob not null
) without rowid;

create table handle (
    session text not null,
    handle text not null,
    patient integer not null,
    primary key (session, handle)
) without rowid;

create table source_time (
    source text not null primary key,
    at integer not null
) without rowid;
