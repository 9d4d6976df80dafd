"""Documents for the overview's tests, in a few words."""

from datetime import UTC, datetime
from typing import Any

from msgspec import structs

from patientoverblik.access import OrganisationRef
from patientoverblik.care import (
    Appointment,
    Coding,
    Concept,
    Condition,
    Contribution,
    DocumentFacts,
    Goal,
    Identifier,
    Intervention,
    Organisation,
    Patient,
    Period,
    Plan,
    Responsibility,
    Target,
    Unknown,
    parse_moment,
    to_millis,
)
from patientoverblik.overview import Held, Overview, SourceState, build, load_view
from patientoverblik.sharing.model import Author, DocumentEntry

SOR = "1.2.208.176.1.1"
SKS = "1.2.208.176.2.4"
NPU = "1.2.208.176.2.1"
NOW = "2026-06-01T12:00:00Z"
ANSWERED = (SourceState(id="s", name="Kilde", sector="region", state="retrieved", kinds=("plans", "appointments")),)


def at(text: str) -> int:
    """Milliseconds UTC of the first instant of a moment's text."""
    return parse_moment(text).earliest


def ident(value: str) -> Identifier:
    return Identifier(system="1.2.208.184.99", value=value)


def org(name: str) -> Organisation:
    return Organisation(ids=(Identifier(system=SOR, value=name),), name=name)


def coded(*codes: str, system: str = SKS, text: str = "") -> Concept:
    return Concept(codings=tuple(Coding(system=system, code=code) for code in codes), text=text)


def period(start: str = "", end: str = "") -> Period:
    return Period(start=parse_moment(start) if start else None, end=parse_moment(end) if end else None)


def condition(name: str, *codes: str, **more: Any) -> Condition:
    facts: dict[str, Any] = {"words": name, "clinical_status": "active", "verification": "confirmed"} | more
    return Condition(place=name, ids=(ident(name),), code=coded(*codes) if codes else Unknown(), **facts)


def goal(name: str, **more: Any) -> Goal:
    return Goal(
        **({"place": name, "ids": (ident(name),), "kind": "professional", "words": name, "lifecycle": "active"} | more)
    )


def act(name: str, **more: Any) -> Intervention:
    return Intervention(
        **({"place": name, "ids": (ident(name),), "words": f"Indsats {name}", "activity": "in-progress"} | more)
    )


def visit(name: str, start: str = "", end: str = "", **more: Any) -> Appointment:
    facts: dict[str, Any] = {"place": name, "ids": (ident(name),), "words": f"Aftale {name}", "status": "booked"}
    return Appointment(**(facts | {"sector": "region", "period": period(start, end)} | more))


def plan(name: str = "P", **more: Any) -> Plan:
    facts: dict[str, Any] = {
        "place": name,
        "ids": (ident(name),),
        "kind": "pathway-plan",
        "title": name,
        "status": "active",
    }
    return Plan(**(facts | more))


def charge(
    name: str, start: str = "", end: str = "", commitment: Any = "accepted", covers: tuple[str, ...] = ()
) -> Responsibility:
    return Responsibility(
        organisation=org(name),
        period=period(start, end),
        commitment=commitment,
        covers=tuple(ident(each) for each in covers),
    )


def target(value: Any, code: str = "NPU27300", due: str = "") -> Target:
    return Target(measure=coded(code, system=NPU, text="HbA1c"), amount=value, due=parse_moment(due) if due else None)


def held(
    number: int, owner: str, *items: Any, made: str = "2026-05-01T08:00:00Z", entry: Any = None, **more: Any
) -> Held:
    """A readable document: number, organisation and items; ``entry`` overrides fields of the entry, ``more`` of the contribution."""
    return entry_of(number, owner, made, **(entry or {})), contribution(number, *items, made=made, **more)


def unread(number: int, owner: str, **entry: Any) -> Held:
    """A document that could not be read."""
    return entry_of(number, owner, "2026-05-01T08:00:00Z", **({"state": "unreadable"} | entry)), None


def entry_of(number: int, owner: str, made: str, **more: Any) -> DocumentEntry:
    base = DocumentEntry(
        uuid=f"urn:uuid:{number:032d}",
        logical_id=f"urn:uuid:{number:032d}",
        version=1,
        patient=1,
        status="approved",
        unique_id=f"1.2.3.{number}",
        content=f"{number:064x}",
        repository="1.2.3",
        home="1.2.3",
        title=f"Dokument {number}",
        created=at(made),
        registered=at("2026-01-01T00:00:00Z") + number,
        authors=(Author(organisation=OrganisationRef(system=SOR, value=owner, name=owner)),),
        parts=("plans",),
        source="s",
    )
    return structs.replace(base, **more)


def contribution(number: int, *items: Any, made: str = "2026-05-01T08:00:00Z", **more: Any) -> Contribution:
    kinds = {"conditions": Condition, "goals": Goal, "interventions": Intervention, "appointments": Appointment}
    lists = {name: tuple(item for item in items if isinstance(item, kind)) for name, kind in kinds.items()}
    document = DocumentFacts(id=ident(f"document-{number}"), title=f"Dokument {number}", created=parse_moment(made))
    plans = [item for item in items if isinstance(item, Plan)]
    care: dict[str, Any] = (
        {"document": document, "patient": Patient(), "plan": plans[0] if plans else None} | lists | more
    )
    return Contribution(**care)


def look(*documents: Held, now: str = NOW, view: str = "professional", **more: Any) -> Overview:
    """The overview of these documents."""
    return build(documents, more.pop("sources", ANSWERED), load_view(view), at(now), **more)


def words(overview: Overview, kind: str) -> list[str]:
    """The shown words of every line of a kind."""
    return sorted(getattr(line.value, "words", "") for line in overview.lines.values() if line.kind == kind)


def line(overview: Overview, text: str) -> Any:
    """The one line that any wording of has these words."""
    found = [
        each
        for each in overview.lines.values()
        if any(getattr(w.value, "words", "") == text or getattr(w.value, "title", "") == text for w in each.wordings)
    ]
    assert len(found) == 1, f"{len(found)} lines"
    return found[0]


def codes(of: Any) -> set[str]:
    """The codes of a line's flags."""
    return {flag.code for flag in of.flags}


def rules(overview: Overview) -> list[str]:
    """The rules of the differences."""
    return [each.rule for each in overview.differences]


def millis(year: int, month: int, day: int) -> int:
    return to_millis(datetime(year, month, day, tzinfo=UTC))
