"""A protected person's name, address and telephone are taken out of everything another reader gets (DESIGN 12).

They stand in the header, in the card and among relatives, and may stand in anybody's words: an appointment's place, a
passage, a note. What the documents themselves give as the patient's name or home is therefore sought in every text of
them, and shown as hidden wherever it is found.
"""

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import TypeVar

import msgspec
from msgspec import structs

from patientoverblik.care import Address, CardItem, Contribution, Party, Patient, PersonName, Place, Telecom
from patientoverblik.problems import CATALOGUE
from patientoverblik.sharing.model import DocumentEntry

ADDRESS = "protected-address"
HOME_FIELDS = frozenset({"name-and-address", "temporary-address", "patient-contact"})
NEAR_FIELDS = frozenset({"custody-over", "custody-holder", "guardian"})
SHORTEST = 5
T = TypeVar("T")


def nameless(entry: DocumentEntry) -> DocumentEntry:
    """The entry without the words that may name the patient, and marked as one whose address is withheld."""
    withheld = tuple(dict.fromkeys((*entry.withheld, ADDRESS)))
    title = CATALOGUE["service.withheld-title"].da
    return structs.replace(entry, withheld=withheld, title=title, source_patient_info=())


def homes_of(cares: Iterable[Contribution]) -> re.Pattern[str] | None:
    """What finds the names, addresses and telephones that documents give of the patient and of relatives; None if they
    give none."""
    told = {text for care in cares for text in _told(care) if len(text) >= SHORTEST}
    words = sorted(map(re.escape, told), key=len, reverse=True)
    return re.compile("|".join(words), re.IGNORECASE) if words else None


def without_home(care: Contribution, homes: re.Pattern[str] | None) -> Contribution:
    """The contribution without the patient's and relatives' names and homes, in fields and in words."""
    known = frozenset(care.patient.ids)
    care = structs.replace(
        care,
        patient=structs.replace(care.patient, name=None, addresses=(), telecoms=()),
        card=tuple(_card_item(item) for item in care.card),
        relatives=tuple(structs.replace(one, name=None, addresses=(), telecoms=()) for one in care.relatives),
        passages=(),
    )
    return _mapped(care, known, homes)


def without_near(care: Contribution) -> Contribution:
    """The contribution without what the card tells of the people around the patient."""
    return structs.replace(care, card=tuple(item for item in care.card if item.field not in NEAR_FIELDS))


def _told(care: Contribution) -> Iterator[str]:
    people: tuple[Patient | Party, ...] = (care.patient,)
    for person in (*people, *care.relatives):
        yield from _names(person.name)
        yield from (line for address in person.addresses for line in _lines(address))
        yield from (_number(telecom) for telecom in person.telecoms)
    for item in care.card:
        if item.field in HOME_FIELDS:
            yield from (line for address in item.addresses for line in _lines(address))


def _names(name: PersonName | None) -> Iterator[str]:
    if name is not None:
        whole = " ".join((*name.given, *name.family))
        short = " ".join((*name.given[:1], *name.family[-1:]))
        yield from (name.text, whole, short if name.given and name.family else "")


def _lines(address: Address) -> Iterator[str]:
    yield from address.lines
    yield address.text


def _number(telecom: Telecom) -> str:
    return telecom.value.partition(":")[2]


def _card_item(item: CardItem) -> CardItem:
    if item.field in HOME_FIELDS or item.protected:
        return structs.replace(item, names=(), addresses=(), telecoms=(), text="", protected=True)
    return structs.replace(item, names=(), addresses=()) if item.field in NEAR_FIELDS else item


def _mapped(value: T, known: frozenset[object], homes: re.Pattern[str] | None) -> T:
    """The value with every text searched, and every party that is the patient or a relative without name and home."""
    if isinstance(value, str):
        return value if homes is None else homes.sub(_hidden(), value)  # type: ignore[return-value]
    if isinstance(value, tuple):
        return tuple(map(partial(_mapped, known=known, homes=homes), value))  # type: ignore[return-value]
    if not isinstance(value, msgspec.Struct):
        return value
    inner = {name: _mapped(getattr(value, name), known, homes) for name in value.__struct_fields__}
    return _unnamed(structs.replace(value, **inner), known)


def _unnamed(value: T, known: frozenset[object]) -> T:
    if isinstance(value, Party) and (value.kind in ("patient", "relative") or not known.isdisjoint(value.ids)):
        return structs.replace(value, name=None, addresses=(), telecoms=())
    if isinstance(value, Place) and value.at_home:
        return Place(at_home=True)  # type: ignore[return-value]
    return value


def _hidden() -> str:
    return f"[{CATALOGUE['service.protected'].da}]"
