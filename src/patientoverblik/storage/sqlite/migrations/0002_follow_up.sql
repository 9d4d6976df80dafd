-- The patients whose looks an organisation must account for. What follows a look (attempts, follow-ups, notices) lies with
-- its patient in shelf, part 3 (name: its id, about: its kind), beside but not among what every look reads.

create table follow_up_locator (
    organisation text not null,
    patient integer not null,
    primary key (organisation, patient)
) without rowid;
