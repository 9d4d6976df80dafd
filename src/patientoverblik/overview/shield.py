"""What no reader, or not this reader, may see of a document is taken out before anything else sees it.

An appointment with a practitioner shows the standard text, time and place, never its reason or any words (DESIGN,
issue 2.6). The text says general practice unless the document's facility is another's, who is then named. Protected
addresses are left out for readers whose permit does not reach them (DESIGN 12).
"""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

import msgspec
from msgspec import structs

from patientoverblik.care import Appointment, CardItem, Contribution, Identifier, Participation, Party, Passage, Place
from patientoverblik.problems import CATALOGUE
from patientoverblik.sharing.model import DocumentEntry
from patientoverblik.sharing.title import plain_title

GP_REASON = "gp-appointment-reason"
ADDRESS = "protected-address"
AT_HOME = ("patient", "relative")
T = TypeVar("T")
GP_FACILITIES = frozenset({"394761003", "550661000005105"})  # general practice, and the doctors out of hours


def shield(entry: DocumentEntry, care: Contribution, whole: bool) -> tuple[DocumentEntry, Contribution]:
    """The entry and its contribution without what must not be seen; ``whole`` says the reader may see protected
    addresses."""
    if ADDRESS in entry.withheld and not whole:
        care = _without_addresses(care)
    met = tuple(item for item in care.appointments if _is_gp(entry, item))
    if not met and (care.appointments or GP_REASON not in entry.withheld):
        return entry, care
    care = structs.replace(
        care,
        appointments=tuple(_standard(entry, item) if item in met else item for item in care.appointments),
        passages=_apart_from(care.passages, met),
    )
    if care.plan or care.conditions or care.goals or care.interventions or care.measurements:
        return entry, care
    title = care.appointments[0].words if met else standard_text()
    return structs.replace(entry, title=title, event_codes=()), _appointments_only(care, title)


def shown_title(entry: DocumentEntry) -> str:
    """The title of a document whose content cannot be looked into: the standard text where it may tell a reason."""
    return standard_text() if GP_REASON in entry.withheld else plain_title(entry.title)


def standard_text() -> str:
    """The only words an appointment in general practice is shown with."""
    return CATALOGUE["overview.gp-appointment"].da


def practice_text(entry: DocumentEntry, item: Appointment) -> str:
    """The only words an appointment with a practitioner is shown with: another practice than a doctor's is named."""
    name = item.responsible.name if item.responsible else ""
    doctors = entry.facility_type is None or entry.facility_type.code in GP_FACILITIES
    return (
        standard_text()
        if doctors or not name
        else CATALOGUE["overview.practice-appointment"].da.replace("{about}", name)
    )


def _is_gp(entry: DocumentEntry, item: Appointment) -> bool:
    return item.sector == "general-practice" or (item.sector == "other" and GP_REASON in entry.withheld)


def _standard(entry: DocumentEntry, item: Appointment) -> Appointment:
    return Appointment(
        place=item.place,
        ids=item.ids,
        words=practice_text(entry, item),
        status=item.status,
        sector="general-practice",
        period=item.period,
        place_of=_where(item.place_of),
        guiding_time=item.guiding_time,
        series=item.series,
        responsible=item.responsible,
    )


def _apart_from(passages: tuple[Passage, ...], met: tuple[Appointment, ...]) -> tuple[Passage, ...]:
    """The passages of other sections than those the appointments stand in."""
    sections = {item.section for item in met}
    return tuple(passage for passage in passages if passage.title not in sections)


def _where(place: Place | None) -> Place | None:
    return None if place is None else structs.replace(place, name="") if place.at_home else place


def _appointments_only(care: Contribution, title: str) -> Contribution:
    authors = tuple(map(_organisation_only, care.document.authors))
    facts = structs.replace(care.document, title=title, authors=authors)
    relatives = tuple(structs.replace(each, note="") for each in care.relatives)
    return Contribution(
        document=facts, patient=care.patient, appointments=care.appointments, card=care.card, relatives=relatives
    )


def _organisation_only(author: Participation) -> Participation:
    party = Party(kind="organisation", organisation=author.party.organisation, telecoms=author.party.telecoms)
    return Participation(role=author.role, party=party, time=author.time)


def _without_addresses(care: Contribution) -> Contribution:
    care = _with_parties(care, partial(_homeless, frozenset(care.patient.ids)))
    return structs.replace(
        care,
        patient=structs.replace(care.patient, addresses=()),
        card=tuple(_card_without(item) for item in care.card),
        relatives=tuple(structs.replace(item, addresses=()) for item in care.relatives),
        appointments=tuple(_met_elsewhere(item) for item in care.appointments),
        passages=(),
    )


def without_relatives(care: Contribution) -> Contribution:
    """The contribution without relatives: none is listed, and a party that is one has neither name nor ways to reach
    it."""
    return structs.replace(_with_parties(care, _unnamed), relatives=())


def _unnamed(party: Party) -> Party:
    return Party(kind="relative") if party.kind == "relative" else party


def _homeless(whose: frozenset[Identifier], party: Party) -> Party:
    """The party without an address if it is the patient, by kind or identifier, or a relative."""
    at_home = party.kind in AT_HOME or not whose.isdisjoint(party.ids)
    return structs.replace(party, addresses=()) if at_home else party


def _with_parties(value: T, change: Callable[[Party], Party]) -> T:
    """The value with every party in it changed, however deep it stands."""
    if isinstance(value, tuple):
        return tuple(_with_parties(one, change) for one in value)  # type: ignore[return-value]
    if not isinstance(value, msgspec.Struct):
        return value
    inner = {name: _with_parties(getattr(value, name), change) for name in value.__struct_fields__}
    new = structs.replace(value, **inner)
    return change(new) if isinstance(new, Party) else new  # type: ignore[return-value]


def _card_without(item: CardItem) -> CardItem:
    about_home = item.protected or item.field in ("name-and-address", "temporary-address")
    return structs.replace(item, addresses=(), text="") if about_home else structs.replace(item, addresses=())


def _met_elsewhere(item: Appointment) -> Appointment:
    if item.place_of is None or not item.place_of.at_home:
        return item
    return structs.replace(item, place_of=Place(at_home=True))
