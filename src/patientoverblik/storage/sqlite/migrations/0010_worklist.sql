-- What a patient writes to the party that owns a line (remark) lies with the patient.
-- work: what an organisation should know of or do, by organisation: a worklist is read whole and names no patient. All facts
-- that follow from one document or remark are forgotten together. work_read: what a reader has marked as read.

create table remark (
    patient integer not null,
    id text not null,
    data blob not null,
    primary key (patient, id)
) without rowid;

create table work (
    organisation text not null,
    patient integer not null,
    id text not null,
    follows text not null,
    data blob not null,
    primary key (organisation, patient, id)
) without rowid;

create index work_follows on work (patient, follows);

create table work_read (
    reader text not null,
    id text not null,
    primary key (reader, id)
) without rowid;

-- When a reader last saw a patient, and the time before.
create table visit (
    patient integer not null,
    reader text not null,
    at integer not null,
    before integer not null,
    primary key (patient, reader)
) without rowid;
