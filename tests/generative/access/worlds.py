"""Small random worlds in which blocks, powers and relations often meet."""

from typing import get_args

from hypothesis import strategies as st

from patientoverblik.access import (
    ALL_PARTS,
    Actor,
    Block,
    Custody,
    Evidence,
    Guardian,
    Message,
    OrganisationRef,
    Override,
    Permit,
    PersonFacts,
    Policy,
    PowerOfAttorney,
    Principal,
    Protection,
    Purpose,
    Question,
    Relation,
)
from patientoverblik.sharing.model import Author, Code, DocumentEntry

AT = 1_790_000_000_000
PLACES = tuple(OrganisationRef("1.2.208.176.1.1", str(number)) for number in range(3))
places = st.sampled_from(PLACES)
keys = st.sampled_from([0, 7, 8])
times = st.sampled_from([AT - 2000, AT - 1000, AT - 1, AT, AT + 1, AT + 1000, AT + 3_000_000])
bounds = st.one_of(st.just(0), times)
parts = st.lists(st.sampled_from(ALL_PARTS), unique=True, max_size=3).map(tuple)
UNITS = {(PLACES[1].system, "1"): (PLACES[0].system, "0"), (PLACES[2].system, "2"): (PLACES[1].system, "1")}
POLICY = Policy(units=UNITS)
# When it was decided, and how long it holds, are of the asking itself. That ``at`` is no input that runs out is a law of
# its own: of a document that is shown later, an older permit never lets its holder see more than a fresh one.
OF_THE_ASKING = ("at", "valid_until", "asked_again_at")
LASTING = [name for name in Permit.__slots__ if name not in OF_THE_ASKING]
TYPES = ("PDC", "81215-6")
types = st.sampled_from([(), (), ("PDC",), ("81215-6",)])
BIRTHS = (
    AT - 5 * 365 * 86_400_000,
    0,
    AT - 15 * 365 * 86_400_000,
    AT - 16 * 365 * 86_400_000,
    26_000_000,
    AT - 473_385_600_000 - 3_600_000,
)

blocks = st.builds(
    Block,
    id=st.uuids().map(str),
    organisation=st.none() | places,
    person=st.sampled_from(["", "", "ann", "bo"]),
    origin=st.none() | places,
    origin_from=bounds,
    origin_until=bounds,
    valid_from=bounds,
    valid_until=bounds,
    kind=st.sampled_from(["block", "block", "consent"]),
    with_units=st.booleans(),
    origin_with_units=st.booleans(),
    relative=st.sampled_from([0, 0, 0, 8]),
    types=types,
    document=st.sampled_from(["", "", "", "u0", "s"]),
    by=st.sampled_from(["", "", "", "custody", "guardian"]),
    parts=st.sampled_from([(), (), (), ("plans",), ("plans", "card")]),
)
powers = st.builds(
    PowerOfAttorney,
    id=st.uuids().map(str),
    holder=keys,
    parts=parts,
    valid_from=bounds,
    valid_until=bounds,
    for_child=st.booleans(),
)
custodies = st.builds(Custody, id=st.uuids().map(str), holder=keys, valid_from=bounds, valid_until=bounds)
guardians = st.builds(Guardian, id=st.uuids().map(str), holder=keys, parts=parts, valid_from=bounds, valid_until=bounds)
protections = st.builds(Protection, person=keys, valid_from=bounds, valid_until=bounds)
relations = st.builds(
    Relation,
    kind=st.sampled_from(["own-gp", "contact"]),
    organisation=places,
    valid_from=bounds,
    valid_until=bounds,
    level=st.sampled_from(["confirmed", "incomplete"]),
)
persons = st.builds(
    PersonFacts,
    born=st.sampled_from(BIRTHS),
    died=st.sampled_from([0, 0, 0, AT - 200 * 86_400_000, AT - 183 * 86_400_000, AT - 1, AT, AT + 1]),
    protected=st.booleans(),
    protected_from=bounds,
    protected_until=bounds,
)
evidences = st.builds(
    Evidence,
    relations=st.lists(relations, max_size=3).map(tuple),
    powers=st.lists(powers, max_size=3).map(tuple),
    blocks=st.lists(blocks, max_size=3).map(tuple),
    person=persons,
    custodies=st.lists(custodies, max_size=2).map(tuple),
    guardians=st.lists(guardians, max_size=2).map(tuple),
    protections=st.lists(protections, max_size=1).map(tuple),
)
principals = st.builds(Principal, id=st.just("boss"), authorisation=st.sampled_from(["", "BOSS1"]))
actors = st.builds(
    Actor,
    kind=st.sampled_from(
        ["professional", "professional", "citizen", "relative", "relative", "system", "job", "officer"]
    ),
    id=st.sampled_from(["ann", "bo"]),
    role=st.sampled_from(["", "replay-officer"]),
    organisation=st.none() | places,
    person=keys,
    authorisation=st.sampled_from(["", "AUT01"]),
    national_role=st.sampled_from(["", "PlejeAssR3", "Unheard"]),
    principal=st.none() | st.none() | principals,
)
overrides = st.sampled_from([None, None, None, Override("unreachable", "r")])
blockings = st.builds(
    lambda made: Evidence((Relation("contact", PLACES[0]),), (), tuple(made)),
    st.lists(st.builds(Block, id=st.just("b"), origin=places, origin_from=bounds), min_size=1, max_size=2),
)
TREATING = Question(Actor("professional", "ann", organisation=PLACES[0]), 7, "treatment", AT)
OWN = (
    Question(Actor("citizen", "c", person=7), 7, "own-overview", AT),
    Question(Actor("relative", "r", person=8), 7, "on-behalf", AT),
)
GROWN = Evidence(powers=(PowerOfAttorney("p", 8, ALL_PARTS),), person=PersonFacts(born=26_000_000))
FITTING = {
    "professional": "treatment",
    "citizen": "own-overview",
    "relative": "on-behalf",
    "system": "delivery",
    "job": "maintenance",
    "officer": "replay",
}


@st.composite
def questions(draw):
    actor = draw(actors)
    odd = st.sampled_from(get_args(Purpose))
    purpose = draw(st.one_of(st.just(FITTING[actor.kind]), st.just(FITTING[actor.kind]), odd))
    return Question(actor, draw(keys), purpose, AT, draw(overrides))


def cases():
    """A question and the evidence to it: any, and often somebody who treats the patient and meets a block, or a patient
    or one with a power of attorney, to whom some documents are shown later."""
    return st.one_of(
        st.tuples(questions(), evidences),
        st.tuples(st.just(TREATING), blockings),
        st.tuples(st.sampled_from(OWN), st.just(GROWN)),
    )


about = st.sampled_from([f"u{number}" for number in range(6)])


@st.composite
def shelves(draw):
    """Up to six entries, some of them versions of others."""
    entries = []
    for number in range(draw(st.integers(0, 6))):
        replaced = draw(st.sampled_from([None, *entries])) if entries else None
        series = draw(st.sampled_from(["", "", "s"]))
        entries.append(_entry(draw, f"u{number}", series, replaced))
        if replaced is not None:
            at = entries.index(replaced)
            entries[at] = _with(replaced, status="deprecated", replaced_by=f"u{number}")
    return tuple(entries)


def _entry(draw, uuid, series, replaced):
    return DocumentEntry(
        uuid=uuid,
        logical_id=uuid,
        version=1,
        patient=7,
        status="approved",
        unique_id=uuid,
        content=uuid,
        repository="r",
        home="h",
        created=draw(bounds),
        service_start=draw(bounds),
        registered=AT,
        authors=(Author(draw(places)),) if draw(st.booleans()) else (),
        custodian=draw(st.none() | places),
        parts=draw(parts),
        type_code=draw(
            st.sampled_from([None, Code("PDC", "1.2.208.184.100.1"), Code("81215-6", "2.16.840.1.113883.6.1")])
        ),
        withheld=draw(st.sampled_from([(), (), (), ("custody-holder",)])),
        shown_from=draw(st.one_of(st.just(0), bounds)),
        message=draw(st.one_of(st.none(), st.none(), st.builds(Message, st.tuples(places), about, parts))),
        service_stop=draw(bounds),
        series=series,
        series_version=draw(st.integers(0, 2)),
        replaces=() if replaced is None else (replaced.uuid,),
    )


def _with(entry, **changes):
    import msgspec

    return msgspec.structs.replace(entry, **changes)
