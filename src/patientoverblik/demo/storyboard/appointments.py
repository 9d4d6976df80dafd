"""The appointments AF1–AF11: each occurrence is a document of its own, from the party that made it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import msgspec

from patientoverblik.care import (
    COPENHAGEN,
    Address,
    Appointment,
    AppointmentSector,
    Concept,
    Participation,
    Period,
    Place,
    moment_of,
)
from patientoverblik.demo.identifiers import item_id
from patientoverblik.demo.organisations import organisation, organisations
from patientoverblik.demo.story import Delivery, Head, Withdrawal, Writer, first
from patientoverblik.demo.storyboard.nancy import NUMBER, STORY
from patientoverblik.demo.writing import at, part, unit

HOLIDAYS = (date(2026, 4, 2), date(2026, 4, 6), date(2026, 5, 14))
SECTORS: dict[str, AppointmentSector] = {
    "general-practice": "general-practice",
    "specialist-practice": "general-practice",
    "municipality": "municipality",
    "hospital": "region",
}


class Booking(msgspec.Struct, frozen=True):
    """What one appointment document says: times in ISO 8601, the reason in words, the keys of the organisations."""

    step: str
    short: str
    by: str
    made: str
    start: datetime
    minutes: int
    reason: str
    requester: str = ""
    series: str = ""
    at_home: bool = False
    interventions: tuple[str, ...] = ()


def appointments() -> Iterator[Delivery | Withdrawal]:
    """Every appointment of the story, and the three training dates that fell on public holidays taken back (S1)."""
    yield from (_document(booking) for booking in _single())
    for booking in _training():
        document = _document(booking)
        yield document
        if booking.start.date() in HOLIDAYS:
            yield Withdrawal(
                step="C",
                name=document.name,
                by=document.by,
                document=document.care.document.id,
                at=at("2026-03-20T09:00:00+01:00"),
            )
    yield from (_document(booking) for booking in _visits())


def _single() -> Iterator[Booking]:
    visit = "2026-01-12T10:35:00+01:00"
    yield Booking(
        "A", "AF1", "eye-clinic", visit, _when(2026, 2, 10, 9, 20), 20, "Øjenundersøgelse", "general-practice"
    )
    yield Booking("A", "AF2", "general-practice", visit, _when(2026, 4, 13, 8, 40), 20, "Kontrol")
    yield Booking("B", "AF3", "eye-clinic", "2026-02-10T09:40:00+01:00", _when(2027, 2, 9, 9, 20), 20, "Øjenkontrol")
    yield Booking(
        "C", "AF4", "prevention", "2026-02-18T09:00:00+01:00", _when(2026, 2, 23, 10, 0), 45, "Afklarende samtale"
    )
    leaving = "2026-10-30T14:05:00+01:00"
    yield Booking(
        "F",
        "AF6",
        "general-practice",
        leaving,
        _when(2026, 11, 9, 11, 15),
        20,
        "Opfølgning",
        "hospital",
        interventions=("I19",),
    )
    yield Booking(
        "F",
        "AF7",
        "lung",
        leaving,
        _when(2026, 12, 8, 10, 0),
        40,
        "Kontrol i lungeambulatoriet",
        interventions=("I22",),
    )
    control = "2027-01-18T09:30:00+01:00"
    yield Booking("H", "AF10", "general-practice", control, _when(2027, 2, 1, 14, 0), 30, "Fælles videomøde")
    yield Booking("H", "AF11", "general-practice", control, _when(2027, 4, 19, 8, 40), 20, "Kontrol")


def _training() -> Iterator[Booking]:
    """AF5: Mondays and Thursdays from 26 February to 18 May, 24 times."""
    made, day = "2026-02-23T10:45:00+01:00", date(2026, 2, 26)
    while day <= date(2026, 5, 18):
        if day.weekday() in (0, 3):
            start = _when(day.year, day.month, day.day, 13, 0)
            yield Booking(
                "C", f"AF5 {day}", "prevention", made, start, 60, "Holdtræning", series="AF5", interventions=("I9",)
            )
        day += timedelta(days=1)


def _visits() -> Iterator[Booking]:
    """AF8 twice a day for 14 days, then AF9 once a day for 7 days (S10: AF9 belongs to I24 and I25)."""
    made = "2026-10-31T08:00:00+01:00"
    for number in range(21):
        day = date(2026, 10, 31) + timedelta(days=number)
        series, linked = ("AF8", ("I20",)) if number < 14 else ("AF9", ("I24", "I25"))
        for hour in (9, 20) if number < 14 else (9,):
            start = _when(day.year, day.month, day.day, hour, 0)
            yield Booking(
                "G",
                f"{series} {day} {hour}",
                "home-nursing",
                made,
                start,
                30,
                "Besøg af hjemmesygeplejen",
                series=series,
                at_home=True,
                interventions=linked,
            )


def _when(year: int, month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=COPENHAGEN)


def _document(booking: Booking) -> Delivery:
    period = Period(start=moment_of(booking.start), end=moment_of(booking.start + timedelta(minutes=booking.minutes)))
    return first(
        STORY,
        Head(
            step=booking.step,
            name=booking.short,
            profile="apd-2.0.1",
            in_set=False,
            requesters=_requesters(booking),
            title=f"Aftale for {NUMBER}",
            at=booking.made,
            writer=Writer(party=unit(booking.by), by=booking.by),
            period=period,
        ),
        items={"appointments": (_appointment(booking, period),)},
    )


def _appointment(booking: Booking, period: Period) -> Appointment:
    row = organisations()[booking.by]
    return Appointment(
        ids=STORY.ids(booking.short),
        status="booked",
        sector=SECTORS[row.sector],
        period=period,
        reason=Concept(text=booking.reason),
        place_of=_place(booking),
        performers=(part("performer", unit(booking.by)),),
        requester=next(iter(_requesters(booking)), None),
        guiding_time=booking.at_home,
        series=item_id(STORY.name, booking.series, "series") if booking.series else None,
        interventions=STORY.ids(*booking.interventions),
        responsible=organisation(booking.by),
    )


def _requesters(booking: Booking) -> tuple[Participation, ...]:
    """Who asked for the appointment, who is an author of the document too (APD-DK)."""
    return (part("requester", unit(booking.requester), time=booking.made),) if booking.requester else ()


def _place(booking: Booking) -> Place:
    if booking.at_home:
        home = STORY.patient.addresses[0]
        return Place(
            name="Patientens hjem",
            addresses=(Address(lines=home.lines, postal_code=home.postal_code, city=home.city),),
            at_home=True,
        )
    where = organisation(booking.by)
    return Place(ids=where.ids, name=where.name, addresses=where.addresses, telecoms=where.telecoms)
