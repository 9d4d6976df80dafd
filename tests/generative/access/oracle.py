"""A slow and separate statement of who sees what, in the words of the issue and nsp.md, sharing no code with the product."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

EVERY_PART = {"plans", "appointments", "card", "measurements", "psychiatry"}
NATIONAL = {"SundAssistR2", "PlejeAssR3"}
DANISH = ZoneInfo("Europe/Copenhagen")
CARD_OPEN_SINCE = datetime(2025, 1, 15, tzinfo=DANISH)


def sees(actor, patient, purpose, at, evidence, entry, units=None, override=None):
    """Whether the actor sees the document on its own, by the text of the rules."""
    units = units or {}
    parts = permitted_parts(actor, patient, purpose, at, evidence, units, override)
    for part in entry.parts or EVERY_PART:
        if part not in parts:
            return False
    if actor.kind == "relative" and "custody-holder" in entry.withheld:
        return False
    if actor.kind in ("citizen", "relative") and entry.shown_from > at:
        return False
    if actor.kind == "professional" and entry.message and not written_to(actor, entry, units):
        return False
    if actor.kind not in ("professional", "relative") or by_override(actor, purpose, at, evidence, override):
        return True
    return not held_back(actor, at, evidence, entry, units)


def written_to(actor, entry, units):
    """A letter is opened by whom it is to, and by those above and below them, never by others who treat the patient."""
    here = actor.organisation
    return here is not None and any(
        same(here, one) or under(here, one, units) or under(one, here, units) for one in entry.message.to
    )


def held_back(actor, at, evidence, entry, units):
    """Min Spærring: collect what names the asker and covers the item; any consent allows, else any block withholds."""
    kind = entry.type_code.code if entry.type_code else ""
    if kind == "PDC" and actor.kind == "professional" and moment(at) >= CARD_OPEN_SINCE:
        return False
    mine = [row for row in evidence.blocks if on(row.valid_from, row.valid_until, at) and names(row, actor, units)]
    for row in mine:
        if row.kind == "consent" and consent_covers(row, entry, units):
            return False
    return any(row.kind == "block" and block_hits(row, entry, units) for row in mine)


def permitted_parts(actor, patient, purpose, at, evidence, units, override):
    if actor.kind == "job":
        return EVERY_PART if purpose in ("maintenance", "replay", "delivery") else set()
    if actor.kind == "professional" and purpose == "treatment":
        return professionals_parts(actor, at, evidence, units, override)
    if actor.kind == "citizen" and purpose in ("own-overview", "replay", "blocking"):
        own = patient != 0 and actor.person == patient
        adult = evidence.person.born != 0 and age(evidence.person.born, at) >= 15
        return EVERY_PART if own and adult and not dead(evidence, at) else set()
    if actor.kind == "relative" and purpose == "on-behalf":
        return set() if dead(evidence, at) else for_the_patient(actor, at, evidence)
    if actor.kind == "relative" and purpose == "blocking":
        return set() if dead(evidence, at) else for_the_patient(actor, at, evidence, to_decide=True)
    return set()


def professionals_parts(actor, at, evidence, units, override):
    helper = actor.principal is not None
    number = actor.principal.authorisation if helper else actor.authorisation
    if helper and number == "":
        return set()
    if dead(evidence, at) and moment(at) >= moment(evidence.person.died) + timedelta(days=183):
        return set()
    if override and not helper:
        return EVERY_PART
    confirmed, some = False, False
    for relation in evidence.relations:
        if not on(relation.valid_from, relation.valid_until, at) or actor.organisation is None:
            continue
        if same(relation.organisation, actor.organisation):
            some = True
            confirmed = confirmed or relation.level == "confirmed"
        if under(actor.organisation, relation.organisation, units) or under(
            relation.organisation, actor.organisation, units
        ):
            some = True
    if confirmed or (some and number != ""):
        return EVERY_PART
    if some and actor.national_role in NATIONAL and not helper:
        return {"plans", "appointments", "card", "measurements"}
    return set()


def by_override(actor, purpose, at, evidence, override):
    return override and actor.kind == "professional" and purpose == "treatment" and actor.principal is None


def for_the_patient(actor, at, evidence, to_decide=False):
    """Custody under 15, guardian within the guardianship, power of attorney part by part: to see, never to decide."""
    parts = set()
    if actor.person == 0:
        return parts
    born = evidence.person.born
    if born != 0 and moment(born).date().isoformat() >= "2004-05-01" and born <= at and age(born, at) < 15:
        for custody in evidence.custodies:
            if custody.holder == actor.person and on(custody.valid_from, custody.valid_until, at):
                parts |= EVERY_PART
    for guardian in evidence.guardians:
        if guardian.holder == actor.person and on(guardian.valid_from, guardian.valid_until, at):
            parts |= set(guardian.parts)
    for power in () if to_decide else evidence.powers:
        over = power.for_child and born != 0 and age(born, at) >= 15
        if power.holder == actor.person and on(power.valid_from, power.valid_until, at) and not over:
            parts |= set(power.parts)
    return parts


def dead(evidence, at):
    return evidence.person.died != 0 and evidence.person.died <= at


def moment(at):
    return datetime.fromtimestamp(at / 1000, DANISH)


def age(born, at):
    birth, today = moment(born).date(), moment(at).date()
    had_birthday = (today.month, today.day) >= (birth.month, birth.day)
    return today.year - birth.year - (0 if had_birthday else 1)


def on(start, end, at):
    if at < start:
        return False
    return True if end == 0 else at < end


def same(one, other):
    return one is not None and other is not None and (one.system, one.value) == (other.system, other.value)


def under(place, top, units):
    """Whether the place lies somewhere below the top in the hierarchy (SOR: IE > SI > OE)."""
    here = (place.system, place.value)
    for _ in range(20):
        here = units.get(here)
        if here is None:
            return False
        if here == (top.system, top.value):
            return True
    return False


def names(row, actor, units):
    if row.organisation is not None:
        mine = same(row.organisation, actor.organisation)
        unit = row.with_units and actor.organisation is not None and under(actor.organisation, row.organisation, units)
        if not (mine or unit):
            return False
    if row.by != "" and actor.kind == "relative":
        return False
    if row.relative and not (actor.kind == "relative" and actor.person == row.relative):
        return False
    known = {actor.id, actor.authorisation}
    if actor.principal is not None:
        known |= {actor.principal.id, actor.principal.authorisation}
    known.discard("")
    return row.person == "" or row.person in known or row.authorisation in known


def of_kind(row, entry):
    if row.parts and any(part not in row.parts for part in entry.parts or EVERY_PART):
        return False
    kind = entry.type_code.code if entry.type_code else ""
    if row.types and kind not in row.types:
        return False
    return row.document in ("", entry.unique_id) or (entry.series != "" and row.document == entry.series)


def from_place(row, place, units):
    return same(row.origin, place) or (row.origin_with_units and under(place, row.origin, units))


def block_hits(row, entry, units):
    if not of_kind(row, entry):
        return False
    if row.origin is not None and not any(from_place(row, place, units) for place in entry.origins):
        return False
    return any(touches(row, first, last) for first, last in times(entry))


def consent_covers(row, entry, units):
    if not of_kind(row, entry):
        return False
    if row.origin is not None and not (entry.origins and from_place(row, entry.origins[0], units)):
        return False
    return all(on(row.origin_from, row.origin_until, first) and on(row.origin_from, row.origin_until, last)
               for first, last in times(entry))  # fmt: skip


def touches(row, first, last):
    return (last >= row.origin_from) and (row.origin_until == 0 or first < row.origin_until)


def times(entry):
    """When it was made, and from when to when the service lasted; when it was registered if nothing else is known."""
    found = []
    if entry.created:
        found.append((entry.created, entry.created))
    service = [at for at in (entry.service_start, entry.service_stop) if at]
    if service:
        found.append((min(service), max(service)))
    return found or [(entry.registered, entry.registered)]
