"""A synthetic patient as care values: documents of four parties with plans, goals, interventions, measurements and appointments.

Run as a program it prints how long one overview takes: ``python -m tests.generative.overview.patient``.
"""

import random
import sys
import time
import timeit
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

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
    Measurement,
    Moment,
    Organisation,
    Participation,
    Party,
    Patient,
    Period,
    PersonName,
    Plan,
    Quantity,
    Range,
    Responsibility,
    Target,
    moment_of,
    parse_moment,
    to_millis,
)
from patientoverblik.care.values import Bound
from patientoverblik.overview import Held, SourceState, build, load_view, prepare
from patientoverblik.sharing.model import Author, DocumentEntry

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
NOW = to_millis(datetime(2026, 6, 1, 12, tzinfo=UTC))
SECTORS = ("almen praksis", "kommune", "sygehus", "psykiatri")
SOR = "1.2.208.176.1.1"
SKS = "1.2.208.176.2.4"
NPU = "1.2.208.176.2.1"
CODES = ("DJ449", "DE119", "DI109")
SOURCES = tuple(
    SourceState(
        id=f"s{party}", name=sector, sector=sector, state="retrieved", kinds=("plans", "appointments", "measurements")
    )
    for party, sector in enumerate(SECTORS)
)


def patient(documents: int = 20, items: int = 150, seed: int = 1) -> list[Held]:
    """So many documents with so many items in all, spread over four parties."""
    chance = random.Random(seed)
    share = max(1, items // documents)
    return [_document(number, number % len(SECTORS), share, chance) for number in range(documents)]


def organisation(party: int) -> Organisation:
    """One of the four parties."""
    return Organisation(ids=(Identifier(system=SOR, value=f"10000{party}"),), name=f"Part {party}")


def entry_of(number: int, party: int, created: int, series: str = "") -> DocumentEntry:
    """A registered, approved document of a party."""
    ref = OrganisationRef(system=SOR, value=f"10000{party}", name=f"Part {party}")
    return DocumentEntry(
        uuid=f"urn:uuid:00000000-0000-4000-8000-{number:012d}",
        logical_id=f"urn:uuid:00000000-0000-4000-8000-{number:012d}",
        version=1,
        patient=1,
        status="approved",
        unique_id=f"1.2.3.{number}",
        content=f"{number:064x}",
        repository="1.2.3",
        home="1.2.3",
        title=f"Dokument {number}",
        created=created,
        registered=created,
        authors=(Author(organisation=ref),),
        series=series,
        parts=("plans",),
        source=f"s{party}",
    )


def _document(number: int, party: int, share: int, chance: random.Random) -> Held:
    made = START + timedelta(days=number)
    entry = entry_of(number, party, to_millis(made), f"1.2.3^set{number}")
    author = Participation(
        role="author",
        party=Party(
            kind="professional",
            name=PersonName(given=("Anne",), family=(f"Hansen{party}",)),
            organisation=organisation(party),
        ),
        time=moment_of(made),
    )
    items = list(_items(number, party, share, author, made, chance))
    return entry, Contribution(
        document=DocumentFacts(
            id=Identifier(system="1.2.3", value=f"doc{number}"),
            title=entry.title,
            created=moment_of(made),
            authors=(author,),
        ),
        patient=Patient(ids=(Identifier(system="1.2.208.176.1.2", value="2512489996"),)),
        plan=_plan(number, party, author, made),
        conditions=tuple(item for item in items if isinstance(item, Condition)),
        goals=tuple(item for item in items if isinstance(item, Goal)),
        interventions=tuple(item for item in items if isinstance(item, Intervention)),
        measurements=tuple(item for item in items if isinstance(item, Measurement)),
        appointments=tuple(item for item in items if isinstance(item, Appointment)),
    )


def _plan(number: int, party: int, author: Participation, made: datetime) -> Plan:
    return Plan(
        place="plan",
        ids=(_id(f"P{number}"),),
        kind="pathway-plan",
        title=f"Plan {number}",
        status="active",
        review=_day(made, 60 + number * 9),
        responsible=organisation(party),
        participants=(author,),
        documented_by=(author,),
        responsibilities=(Responsibility(organisation=organisation(party), commitment="accepted"),),
    )


def _items(
    number: int, party: int, share: int, author: Participation, made: datetime, chance: random.Random
) -> Iterator[object]:
    yield Condition(
        place="c0",
        ids=(_id(f"H{number}"),),
        words="Helbredsforhold",
        code=Concept(codings=(Coding(system=SKS, code=CODES[party % 3] if number < 4 else f"DZ{number}"),)),
        clinical_status="active",
        verification="confirmed",
        documented_by=(author,),
    )
    for place in range(share - 2):
        yield _item(number, place, author, made, chance)


def _item(number: int, place: int, author: Participation, made: datetime, chance: random.Random) -> object:
    kind = place % 4
    common = {"place": f"i{place}", "ids": (_id(f"X{number}-{place}"),), "documented_by": (author,)}
    if kind == 0:
        due = _day(made, chance.randint(30, 300))
        target = Target(
            measure=Concept(codings=(Coding(system=NPU, code="NPU27300"),), text="HbA1c"),
            amount=Range(high=Bound(value=str(chance.choice((48, 53, 58)))), unit="mmol/mol"),
        )
        return Goal(
            kind="professional",
            words="HbA1c ned",
            lifecycle="active",
            due=due,
            targets=(target,),
            addresses=(_id(f"H{number}"),),
            **common,
        )
    if kind == 1:
        return Intervention(
            words=f"Indsats {number}-{place}",
            activity="in-progress",
            reasons=(_id(f"H{number}"),),
            performers=(author,),
            **common,
        )
    if kind == 2:
        value = Quantity(value=str(chance.randint(40, 70)), unit="mmol/mol")
        code = Concept(codings=(Coding(system=NPU, code="NPU27300"),), text="HbA1c")
        return Measurement(
            code=code, amount=value, time=moment_of(made), words=f"HbA1c {value.value} mmol/mol", **common
        )
    start = made + timedelta(days=chance.randint(1, 300))
    return Appointment(
        words="Kontrol",
        status="booked",
        sector="region",
        period=Period(start=moment_of(start), end=moment_of(start + timedelta(minutes=30))),
        performers=(author,),
        **common,
    )


def _id(value: str) -> Identifier:
    return Identifier(system="1.2.208.184.99", value=value)


def _day(made: datetime, days: int) -> Moment:
    return parse_moment((made + timedelta(days=days)).date().isoformat())


def _print_time() -> None:
    view = load_view("professional")
    held = patient()
    built = build(held, SOURCES, view, NOW)
    repeated = (
        min(timeit.repeat(lambda: build(held, SOURCES, view, NOW), timer=time.process_time, number=50, repeat=7))
        / 50
        * 1000
    )

    def cold() -> None:
        prepare._facts_of.cache_clear()
        build(held, SOURCES, view, NOW)

    first = min(timeit.repeat(cold, timer=time.process_time, number=5, repeat=5)) / 5 * 1000
    sys.stdout.write(
        f"{len(held)} documents, {len(built.lines)} lines: {repeated:.2f} ms with kept facts, {first:.2f} ms without\n"
    )


if __name__ == "__main__":
    _print_time()
