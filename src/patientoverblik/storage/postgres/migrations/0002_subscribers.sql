-- A subscriber's own subscriptions, wherever their patients lie. Those made before this was kept are found by id and by
-- patient, and end within 30 days.

create table subscriber_locator (
    subscriber text collate "C" not null,
    id text collate "C" not null,
    patient bigint not null,
    primary key (subscriber, id)
);
