-- trail_tail: a slip for each entry of the trail that no checkpoint covers yet, with a code (HMAC) that follows from the
-- slip before. It takes the place of trail_open: slips are added at the end, so that writing one touches no page of a
-- table that grows with the patients. Chains that were open get a slip without a code.
-- follow_up_pending: the patients with follow-ups that wait. It begins with all that ever had one.

create table trail_tail (
    lane integer not null,
    number integer not null,
    patient integer not null,
    organisation text not null,
    entry integer not null,
    key text not null,
    mac blob not null,
    sealed integer not null default 0,
    primary key (lane, number)
) without rowid;

insert into trail_tail (lane, number, patient, organisation, entry, key, mac)
select 0, row_number() over (order by patient, organisation), patient, organisation, entry, '', x'' from (
    select patient, organisation, (
        select max(place) - ((trail_open.patient & 8796093022207) << 20) + 1 from trail
        where place between (trail_open.patient & 8796093022207) << 20
            and ((trail_open.patient & 8796093022207) << 20) + 262143
            and trail.patient = trail_open.patient
    ) as entry from trail_open where patient <> 0
    union all
    select patient, organisation, (
        select max(position) from organisation_event where organisation_event.organisation = trail_open.organisation
    ) from trail_open where patient = 0
) where entry is not null;

drop table trail_open;

create table follow_up_pending (
    patient integer not null primary key
) without rowid;

insert into follow_up_pending (patient) select distinct patient from follow_up_locator
