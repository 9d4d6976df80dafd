-- Every patient table's key begins with the patient key, so that a patient's rows are found together and the tables can be
-- distributed by patient (docs/scaling.md). place is the order of a patient's rows in a table (storage/sql/place.py).
-- What every look reads (evidence, entries, care contributions) and what follows a look is one table, shelf, as in SQLite. A
-- heap keeps rows where they arrived, a page for each, so shelf is a view over packets: the rows of one part of a patient in
-- one row of arrays, up to 32 kB, then the next packet (ADR 19). Texts sort by their bytes. What is compressed by us is not
-- compressed again.

create table patient_locator (
    system text collate "C" not null,
    value text collate "C" not null,
    patient bigint not null,
    primary key (system, value)
);

create table unique_locator (
    unique_id text collate "C" primary key,
    patient bigint not null,
    content bytea not null
);

create table entry_locator (
    uuid text collate "C" primary key,
    patient bigint not null
);

create table set_locator (
    unique_id text collate "C" primary key,
    patient bigint not null
);

create table folder_locator (
    unique_id text collate "C" primary key,
    patient bigint not null
);

create table object_locator (
    uuid text collate "C" primary key,
    patient bigint not null
);

create table follow_up_locator (
    organisation text collate "C" not null,
    patient bigint not null,
    primary key (organisation, patient)
);

create table follow_up_pending (
    patient bigint primary key
);

create table telling_locator (
    who text collate "C" not null,
    patient bigint not null,
    primary key (who, patient)
);

create table patient_number (
    patient bigint not null,
    system text collate "C" not null,
    value text collate "C" not null,
    primary key (patient, system, value)
);

create table link (
    patient bigint not null,
    other bigint not null,
    primary key (patient, other)
);

create table past_link (
    patient bigint not null,
    other bigint not null,
    primary key (patient, other)
);

create table submission_set (
    patient bigint not null,
    unique_id text collate "C" not null,
    data bytea not null,
    primary key (patient, unique_id)
);

create table folder (
    patient bigint not null,
    uuid text collate "C" not null,
    data bytea not null,
    primary key (patient, uuid)
);

create table association (
    patient bigint not null,
    place bigint not null,
    data bytea not null,
    primary key (patient, place),
    check (place >> 20 = patient & 8796093022207)
);

create table content_place (
    patient bigint not null,
    content bytea not null,
    place bigint not null,
    primary key (patient, content)
);

create table content (
    patient bigint not null,
    place bigint not null,
    data bytea not null,
    primary key (patient, place),
    check (place >> 20 = patient & 8796093022207)
);

create table record (
    patient bigint not null,
    place bigint not null,
    data bytea not null,
    losses bytea not null,
    primary key (patient, place),
    check (place >> 20 = patient & 8796093022207)
);

alter table content alter column data set storage external;

alter table record alter column data set storage external, alter column losses set storage external;

create table shelf_packet (
    patient bigint not null,
    part integer not null,
    number integer not null,
    places bigint[] not null,
    names bytea[] not null,
    abouts text[] not null,
    datas bytea[] not null,
    primary key (patient, part, number)
) with (fillfactor = 80);

alter table shelf_packet alter column datas set storage external;

create view shelf as
select packet.patient, packet.part, kept.place, kept.name, kept.about, kept.data
from shelf_packet as packet
cross join lateral unnest(packet.places, packet.names, packet.abouts, packet.datas) as kept (place, name, about, data);

create function shelf_add() returns trigger language plpgsql as $$
declare
    last integer;
    is_full boolean;
begin
    if new.place >> 18 <> ((new.patient & 8796093022207) << 2 | new.part) then
        raise check_violation;
    end if;
    select number, pg_column_size(datas) >= 32768 into last, is_full from shelf_packet
    where patient = new.patient and part = new.part order by number desc limit 1;
    if last is null or is_full then
        insert into shelf_packet (patient, part, number, places, names, abouts, datas)
        values (new.patient, new.part, coalesce(last + 1, 0), array[new.place], array[new.name], array[new.about], array[new.data]);
    else
        update shelf_packet set places = array_append(places, new.place), names = array_append(names, new.name),
            abouts = array_append(abouts, new.about), datas = array_append(datas, new.data)
        where patient = new.patient and part = new.part and number = last;
    end if;
    return new;
end
$$;

create function shelf_change() returns trigger language plpgsql as $$
begin
    update shelf_packet set names[array_position(places, old.place)] = new.name,
        abouts[array_position(places, old.place)] = new.about, datas[array_position(places, old.place)] = new.data
    where patient = old.patient and part = old.part and old.place = any (places);
    return new;
end
$$;

create function shelf_remove() returns trigger language plpgsql as $$
begin
    update shelf_packet set places = array_remove(places, old.place),
        names = names[:array_position(places, old.place) - 1] || names[array_position(places, old.place) + 1:],
        abouts = abouts[:array_position(places, old.place) - 1] || abouts[array_position(places, old.place) + 1:],
        datas = datas[:array_position(places, old.place) - 1] || datas[array_position(places, old.place) + 1:]
    where patient = old.patient and part = old.part and old.place = any (places);
    delete from shelf_packet where patient = old.patient and part = old.part and places = '{}';
    return old;
end
$$;

create trigger shelf_add instead of insert on shelf for each row execute function shelf_add();

create trigger shelf_change instead of update on shelf for each row execute function shelf_change();

create trigger shelf_remove instead of delete on shelf for each row execute function shelf_remove();

create table trail (
    patient bigint not null,
    place bigint not null,
    part integer not null,
    name bytea not null,
    data bytea not null,
    primary key (patient, place),
    check (place >> 18 = ((patient & 8796093022207) << 2 | part))
);

alter table trail alter column data set storage external;

create table organisation_event (
    organisation text collate "C" not null,
    position bigint not null,
    data bytea not null,
    digest bytea not null,
    primary key (organisation, position)
);

create table trail_tail (
    lane bigint not null,
    number bigint not null,
    patient bigint not null,
    organisation text collate "C" not null,
    entry bigint not null,
    key text collate "C" not null,
    mac bytea not null,
    sealed bigint not null default 0,
    primary key (lane, number)
);

create table trail_checkpoint (
    number bigint primary key,
    data bytea not null,
    signature bytea not null,
    heads bytea not null
);

create table trail_anchor (
    patient bigint not null,
    organisation text collate "C" not null,
    data bytea not null,
    signature bytea not null,
    primary key (patient, organisation)
);

create table outbox (
    patient bigint not null,
    feed text collate "C" not null,
    id text collate "C" not null,
    kind text collate "C" not null,
    state text collate "C" not null,
    due bigint not null,
    attempts bigint not null,
    fault text collate "C" not null,
    data bytea not null,
    primary key (patient, feed, id)
);

create index outbox_due on outbox (feed, state, due);

create table session (
    id text collate "C" primary key,
    data bytea not null,
    expires bigint not null default 0,
    issuer text collate "C" not null default '',
    subject text collate "C" not null default '',
    sid text collate "C" not null default ''
);

create index session_expires on session (expires);

create index session_subject on session (issuer, subject);

create index session_sid on session (issuer, sid);

create table handle (
    session text collate "C" not null,
    handle text collate "C" not null,
    patient bigint not null,
    primary key (session, handle)
);

create table used (
    id text collate "C" primary key,
    until bigint not null
);

create index used_until on used (until);

create table counted (
    id text collate "C" primary key,
    number bigint not null,
    until bigint not null
);

create index counted_until on counted (until);

create table secret (
    name text collate "C" primary key,
    data bytea not null
);

create table source_time (
    source text collate "C" primary key,
    at bigint not null
);

create table app_grant (
    patient bigint not null,
    grant_id text collate "C" not null,
    data bytea not null,
    primary key (patient, grant_id)
);

create table grant_locator (
    grant_id text collate "C" primary key,
    patient bigint not null
);

create table giver_locator (
    giver bigint not null,
    grant_id text collate "C" not null,
    patient bigint not null,
    primary key (giver, grant_id)
);

create table spendable (
    patient bigint not null,
    grant_id text collate "C" not null,
    digest bytea not null,
    data bytea not null,
    primary key (patient, grant_id, digest)
);

create table spendable_locator (
    digest bytea primary key,
    patient bigint not null,
    grant_id text collate "C" not null
);

create table subscription (
    patient bigint not null,
    id text collate "C" not null,
    due bigint not null,
    data bytea not null,
    primary key (patient, id)
);

create index subscription_due on subscription (due, patient, id);

create table subscription_locator (
    id text collate "C" primary key,
    patient bigint not null
);

create table remark (
    patient bigint not null,
    id text collate "C" not null,
    data bytea not null,
    primary key (patient, id)
);

create table work (
    organisation text collate "C" not null,
    patient bigint not null,
    id text collate "C" not null,
    follows text collate "C" not null,
    data bytea not null,
    primary key (organisation, patient, id)
);

create index work_follows on work (patient, follows);

create table work_read (
    reader text collate "C" not null,
    id text collate "C" not null,
    primary key (reader, id)
);

create table visit (
    patient bigint not null,
    reader text collate "C" not null,
    at bigint not null,
    before bigint not null,
    primary key (patient, reader)
);
