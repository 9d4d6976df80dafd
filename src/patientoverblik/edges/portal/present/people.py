"""Who does what: organisations called the same stand once with their people, those to ask first stand first.

The rest, and those that have given the responsibility on, stand behind a click.
"""

import msgspec

from patientoverblik.care import Period, Telecom, Unknown
from patientoverblik.edges.portal.dates import day_of, days_text
from patientoverblik.edges.portal.page import Link, Person, Section
from patientoverblik.edges.portal.present.desk import Desk
from patientoverblik.edges.portal.present.row import origin
from patientoverblik.edges.portal.words import call_link, joined, name_text, organisation_text
from patientoverblik.overview import Person as Named
from patientoverblik.overview import Who


def people(desk: Desk, part: Section, _ids: tuple[str, ...]) -> Section:
    """The parties of the overview with a task, each organisation once."""
    found: dict[str, Person] = {}
    former = []
    for who in desk.overview.who:
        party = _party(desk, who)
        key = party.organisation or party.name
        if who.handed_over:
            former.append(party)
        else:
            found[key] = _together(found[key], party) if key in found else party
    now = list(found.values())
    shown = desk.layout.at_once.get(part.id, len(now))
    return msgspec.structs.replace(part, people=tuple(now[:shown]), more_people=(*now[shown:], *former))


def _together(one: Person, other: Person) -> Person:
    """Both with everything each of them says, once."""
    return msgspec.structs.replace(
        one,
        roles=tuple(dict.fromkeys(one.roles + other.roles)),
        calls=tuple(dict.fromkeys(one.calls + other.calls)),
        facts=tuple(dict.fromkeys(one.facts + other.facts)),
        does=tuple(dict.fromkeys(one.does + other.does)),
        origins=tuple(dict.fromkeys(one.origins + other.origins)),
        people=tuple(dict.fromkeys(one.people + other.people)),
    )


def _party(desk: Desk, who: Who) -> Person:
    """An organisation and its people; a part that a person plays is told by the person."""
    if who.organisation is None:
        return _person(desk, who.people[0], who)
    borne = {role for person in who.people for role in person.roles}
    given_on = ("Har givet ansvaret videre",) if who.handed_over else ()
    return Person(
        roles=() if who.handed_over else _roles(desk, tuple(role for role in who.roles if role not in borne)),
        name="",
        organisation=organisation_text(who.organisation),
        calls=_calls(who.organisation.telecoms),
        facts=(*given_on, *_responsibility(desk, who)),
        does=_does(desk, who.lines),
        origins=(origin(desk, who.attribution),) if who.attribution else (),
        people=tuple(_person(desk, person) for person in who.people),
    )


def _person(desk: Desk, named: Named, alone: Who | None = None) -> Person:
    party = named.party
    trade = party.profession.display if party.profession else ""
    relation = party.code.display if party.kind == "relative" and party.code else ""
    return Person(
        roles=_roles(desk, named.roles),
        name=joined((name_text(party.name), trade or relation), ", "),
        organisation="",
        calls=_calls(party.telecoms),
        does=_does(desk, named.lines) if alone else (),
        origins=(origin(desk, named.attribution),) if alone and named.attribution else (),
    )


def _roles(desk: Desk, roles: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(desk.words.word("role", role, role) for role in roles)


def _calls(ways: tuple[Telecom, ...]) -> tuple[Link, ...]:
    return tuple(dict.fromkeys(call_link(way) for way in ways))


def _does(desk: Desk, lines: tuple[str, ...]) -> tuple[Link, ...]:
    return tuple(desk.link(line) for line in lines if line in desk.anchors)


def _responsibility(desk: Desk, who: Who) -> tuple[str, ...]:
    held = who.responsibility
    if held is None:
        return ()
    silent = isinstance(held.commitment, Unknown) or held.commitment == "ended" or not desk.professional
    commitment = "" if silent else desk.words.word("commitment", str(held.commitment))
    period = _held_since(desk, held.period)
    return tuple(text for text in (period, commitment.capitalize(), held.words) if text)


def _held_since(desk: Desk, period: Period | None) -> str:
    """For how long, in days; what began and has no end is said in the reader's own words."""
    if period and period.start and not period.end:
        return f"{desk.words.word('fact', 'responsible-since')} {day_of(period.start)}"
    days = days_text(period)
    return f"{desk.words.word('fact', 'responsible-for')} {days}" if days else ""
