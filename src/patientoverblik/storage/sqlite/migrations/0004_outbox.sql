-- What is told to others and how the trail is sealed.
-- outbox: messages waiting for a feed, written in the transaction of the act they tell of. due is when one may be tried
-- next. Who claims a message moves it ahead, so that a worker that dies gives it back by itself.
-- trail_open: chains with entries that no checkpoint covers yet. trail_checkpoint: signed statements over the heads of the
-- chains that grew, each naming the digest of the one before. trail_anchor: where a chain begins after entries were removed
-- by the retention period. Checkpoints belong to the whole trail and to no patient.
-- patient_number: the numbers of a patient key, lying with the patient. The locator is keyed by the number.
-- past_link: links that were undone, so that who saw a document through one can still be told. telling_locator: the patients
-- with documents that a person or organisation is to be told of.

create table outbox (
    patient integer not null,
    feed text not null,
    id text not null,
    kind text not null,
    state text not null,
    due integer not null,
    attempts integer not null,
    fault text not null,
    data blob not null,
    primary key (patient, feed, id)
) without rowid;

create index outbox_due on outbox (feed, state, due);

create table trail_open (
    patient integer not null,
    organisation text not null,
    primary key (patient, organisation)
) without rowid;

insert into trail_open (patient, organisation) select distinct patient, '' from trail where part = 0;

insert into trail_open (patient, organisation) select distinct 0, organisation from organisation_event;

create table trail_checkpoint (
    number integer not null primary key,
    data blob not null,
    signature blob not null,
    heads blob not null
) without rowid;

create table trail_anchor (
    patient integer not null,
    organisation text not null,
    data blob not null,
    signature blob not null,
    primary key (patient, organisation)
) without rowid;

create table patient_number (
    patient integer not null,
    system text not null,
    value text not null,
    primary key (patient, system, value)
) without rowid;

insert into patient_number (patient, system, value) select patient, system, value from patient_locator;

create table past_link (
    patient integer not null,
    other integer not null,
    primary key (patient, other)
) without rowid;

create table telling_locator (
    who text not null,
    patient integer not null,
    primary key (who, patient)
) without rowid
