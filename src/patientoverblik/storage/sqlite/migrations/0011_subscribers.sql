-- A subscriber's own subscriptions, wherever their patients lie. Those made before this was kept are found by id and by
-- patient, and end within 30 days.

create table subscriber_locator (
    subscriber text not null,
    id text not null,
    patient integer not null,
    primary key (subscriber, id)
) without rowid;
