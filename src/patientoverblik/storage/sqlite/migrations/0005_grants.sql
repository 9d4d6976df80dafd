-- What citizens have allowed apps (app_grant), by patient; found by id, by who gave it, and by the hash of a code or refresh
-- token through locators. Only hashes of secrets stand here.

create table app_grant (
    patient integer not null,
    grant_id text not null,
    data blob not null,
    primary key (patient, grant_id)
) without rowid;

create table grant_locator (
    grant_id text not null primary key,
    patient integer not null
) without rowid;

create table giver_locator (
    giver integer not null,
    grant_id text not null,
    patient integer not null,
    primary key (giver, grant_id)
) without rowid;

create table spendable (
    patient integer not null,
    grant_id text not null,
    digest blob not null,
    data blob not null,
    primary key (patient, grant_id, digest)
) without rowid;

create table spendable_locator (
    digest blob not null primary key,
    patient integer not null,
    grant_id text not null
) without rowid;
