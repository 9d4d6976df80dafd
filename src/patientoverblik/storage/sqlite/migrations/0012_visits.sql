-- A reader's visit lies behind the patient's looks, in a page that writing a look touches anyway: part 2 of the trail.
-- The table stays, empty, for workers of the version before that still serve; a later step drops it.
insert into trail (place, patient, part, name, data)
select
    ((patient & 8796093022207) << 20) + (2 << 18)
        + row_number() over (partition by patient & 8796093022207 order by patient, reader) - 1,
    patient,
    2,
    cast(reader as blob),
    cast(at || ' ' || before as blob)
from visit;

delete from visit;
