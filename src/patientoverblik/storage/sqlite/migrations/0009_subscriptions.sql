-- Subscriptions to what is registered about a patient, lying with the patient. They are found by id through a locator,
-- and by when their subscriber's right is tested next.

create table subscription (
    patient integer not null,
    id text not null,
    due integer not null,
    data blob not null,
    primary key (patient, id)
) without rowid;

create index subscription_due on subscription (due, patient, id);

create table subscription_locator (
    id text not null primary key,
    patient integer not null
) without rowid;
