"""Who does what: parties called the same stand once, those to ask first stand first, the rest behind a click."""

import msgspec

from patientoverblik.care import Unknown
from patientoverblik.edges.portal.dates import period_text
from patientoverblik.edges.portal.page import Link, Person, Section
from patientoverblik.edges.portal.present.desk import Desk
from patientoverblik.edges.portal.present.row import origin
from patientoverblik.edges.portal.words import call_link, joined, name_text, organisation_text
from patientoverblik.overview import Who

CALLED = frozenset({"coordinator", "lead", "responsible-physician", "responsible", "contact-point", "performer"})
WROTE = frozenset({"author", "documenter", "requester", "informant"})
AT_ONCE = 4


def people(desk: Desk, part: Section, _ids: tuple[str, ...]) -> Section:
    """The parties of the overview; a party that only wrote or asked for something is never among the first."""
    found: dict[tuple[str, str], tuple[Person, bool]] = {}
    for who in desk.overview.who:
        person, called = _person(desk, who), not CALLED.isdisjoint(who.roles)
        key = (person.name, person.organisation)
        known = found.get(key)
        found[key] = (_together(known[0], person), known[1] or called) if known else (person, called)
    first = [person for person, called in found.values() if called][:AT_ONCE]
    rest = [person for person, _ in found.values() if person not in first]
    return msgspec.structs.replace(part, people=tuple(first), more_people=tuple(rest))


def _together(one: Person, other: Person) -> Person:
    """Both with everything each of them says, once."""
    return msgspec.structs.replace(
        one,
        roles=tuple(dict.fromkeys(one.roles + other.roles)),
        calls=tuple(dict.fromkeys(one.calls + other.calls)),
        facts=tuple(dict.fromkeys(one.facts + other.facts)),
        does=tuple(dict.fromkeys(one.does + other.does)),
        origins=tuple(dict.fromkeys(one.origins + other.origins)),
    )


def _person(desk: Desk, who: Who) -> Person:
    party = who.participation.party if who.participation else None
    organisation = who.organisation or (party.organisation if party else None)
    ways = (party.telecoms if party else ()) + (organisation.telecoms if organisation else ())
    trade = party.profession.display if party and party.profession else ""
    return Person(
        roles=tuple(desk.words.word("role", role, role) for role in _telling(who.roles)),
        name=joined((name_text(party.name) if party else "", trade), ", "),
        organisation=organisation_text(organisation),
        calls=tuple(dict.fromkeys(call_link(way) for way in ways)),
        facts=_responsibility(desk, who),
        does=_does(desk, who),
        origins=(origin(desk, who.attribution),) if who.attribution else (),
    )


def _telling(roles: tuple[str, ...]) -> tuple[str, ...]:
    """Without having written or asked for something, where there is more to say of a party."""
    return tuple(role for role in roles if role not in WROTE) or roles


def _does(desk: Desk, who: Who) -> tuple[Link, ...]:
    return tuple(desk.link(line) for line in who.lines if line in desk.anchors)


def _responsibility(desk: Desk, who: Who) -> tuple[str, ...]:
    held = who.responsibility
    if held is None:
        return ()
    commitment = "" if isinstance(held.commitment, Unknown) else desk.words.word("commitment", held.commitment)
    period = period_text(held.period)
    return tuple(text for text in (f"Ansvar {period}" if period else "", commitment.capitalize(), held.words) if text)
