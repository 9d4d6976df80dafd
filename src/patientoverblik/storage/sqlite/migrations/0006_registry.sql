-- What stands around the documents: folders, and where every object that is no document entry lies.
-- Submission sets and associations made before this step are found through their patient and their uniqueId only.

create table folder (
    patient integer not null,
    uuid text not null,
    data blob not null,
    primary key (patient, uuid)
) without rowid;

create table folder_locator (
    unique_id text not null primary key,
    patient integer not null
) without rowid;

create table object_locator (
    uuid text not null primary key,
    patient integer not null
) without rowid;
