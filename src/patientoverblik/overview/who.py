"""Who does what: the parties of the plans in force, the parts they play, and the lines they play them for."""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from msgspec import structs

from patientoverblik.care import Appointment, Contribution, Intervention, Organisation, Participation, Party, Plan
from patientoverblik.overview.attribution import person_text
from patientoverblik.overview.facts import Alias, Charge, Facts, Origin, Share, organisation_key
from patientoverblik.overview.items import Placed
from patientoverblik.overview.model import Line, Who
from patientoverblik.overview.phases import OPEN

_RANK = (
    "coordinator", "lead", "responsible-physician", "responsible", "contact-point", "performer", "team-member",
    "author",
    "documenter", "requester", "recipient", "informant", "relative", "patient", "other",
)  # fmt: skip
_SILENT = frozenset({"informant", "patient"})


def shares_of(care: Contribution, placed: Placed, origin: Origin) -> tuple[Share, ...]:
    """Every party one document names, with its roles and the lines they concern; the same party once."""
    parts: defaultdict[str, list[Who]] = defaultdict(list)
    for participation, lines in _participations(care, placed):
        if participation.role not in _SILENT and participation.party.kind != "patient":
            parts[_key(participation.party)].append(_who(participation, lines, origin))
    for organisation, lines in _organisations(care, placed):
        key = organisation_key(organisation)
        parts[key].append(Who(None, organisation, ("responsible",), lines, None, origin.attribution))
    return tuple(Share(key, _joined(whos)) for key, whos in parts.items() if key)


def who_does_what(documents: Iterable[Facts], lines: dict[str, Line], alias: Alias, at: int) -> tuple[Who, ...]:
    """Parties of plans and interventions that are open, and responsibilities in force at ``at``; coordinators first."""
    parts: defaultdict[str, list[Who]] = defaultdict(list)
    for document in documents:
        if document.plan and lines[alias.get(document.plan, document.plan)].phase not in OPEN:
            continue
        for share in document.shares:
            kept = _open_lines(share.who.lines, lines, alias)
            if kept or not share.who.lines:
                parts[share.key].append(
                    share.who if kept == share.who.lines else structs.replace(share.who, lines=kept)
                )
        for charge in document.charges:
            if in_force(charge, at) and charge.value.commitment not in ("declined", "ended", "requested"):
                parts[charge.organisation].append(_carrier(charge))
    return tuple(sorted((_joined(whos) for whos in parts.values()), key=_order))


def in_force(charge: Charge, at: int) -> bool:
    """Whether a responsibility holds at ``at``: from its start until just before its end."""
    return charge.start <= at and (charge.end == 0 or at < charge.end)


def _open_lines(named: tuple[str, ...], lines: dict[str, Line], alias: Alias) -> tuple[str, ...]:
    return tuple(
        [line for line in dict.fromkeys([alias.get(each, each) for each in named]) if lines[line].phase in OPEN]
    )


def _participations(care: Contribution, placed: Placed) -> list[tuple[Participation, tuple[str, ...]]]:
    plan = tuple([line for line, _ in placed[Plan]])
    named = [(each, plan) for each in (care.plan.participants if care.plan else ())]
    named += [(each, plan) for each in care.document.authors]
    for line, value in (*placed[Intervention], *placed[Appointment]):
        named += [(each, (line,)) for each in value.performers]
    return named


def _organisations(care: Contribution, placed: Placed) -> list[tuple[Organisation, tuple[str, ...]]]:
    named: list[tuple[Organisation | None, tuple[str, ...]]] = [
        (value.responsible, (line,)) for line, value in (*placed[Intervention], *placed[Appointment])
    ]
    plan = tuple([line for line, _ in placed[Plan]])
    if care.plan is not None and isinstance(care.plan.responsible, Organisation):
        named.append((care.plan.responsible, plan))
    return [(organisation, lines) for organisation, lines in named if organisation is not None]


def _key(party: Party) -> str:
    person = (
        next((f"{each.system}^{each.value}" for each in party.ids if each.value), "")
        or person_text(party.name).casefold()
    )
    organisation = organisation_key(party.organisation)
    return f"{organisation}/{person}" if person else organisation


def _who(participation: Participation, lines: tuple[str, ...], origin: Origin) -> Who:
    return Who(participation, participation.party.organisation, (participation.role,), lines, None, origin.attribution)


def _carrier(charge: Charge) -> Who:
    lines = (charge.plan,) if charge.plan else ()
    return Who(None, charge.value.organisation, ("responsible",), lines, charge.value, charge.attribution)


def _joined(whos: list[Who]) -> Who:
    """One party's parts of several documents: named as the newest names it, with every role and line."""
    if len(whos) == 1:
        return whos[0]
    newest = sorted(whos, key=_age, reverse=True)
    return Who(
        participation=next((who.participation for who in newest if who.participation), None),
        organisation=next((who.organisation for who in newest if who.organisation), None),
        roles=tuple(sorted({role for who in whos for role in who.roles}, key=_rank)),
        lines=tuple(dict.fromkeys([line for who in whos for line in who.lines])),
        responsibility=next((who.responsibility for who in newest if who.responsibility), None),
        attribution=newest[0].attribution,
    )


def _age(who: Who) -> tuple[int, str]:
    return (who.attribution.at, who.attribution.entry) if who.attribution else (0, "")


@lru_cache(maxsize=64)
def _rank(role: str) -> int:
    return _RANK.index(role) if role in _RANK else len(_RANK)


def _order(who: Who) -> tuple[int, str, str]:
    name = person_text(who.participation.party.name) if who.participation else ""
    return (min(map(_rank, who.roles), default=len(_RANK)), who.organisation.name if who.organisation else "", name)
