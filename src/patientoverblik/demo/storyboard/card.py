"""The master-data card: register facts, and what is typed in; the temporary address after the discharge (step F) and
the new telephone number that the spouse types in with power of attorney (step G). Relatives are unnamed."""

from collections.abc import Iterator

from patientoverblik.care import (
    Address,
    CardField,
    CardItem,
    Coding,
    Concept,
    Organisation,
    Participation,
    Party,
    PersonName,
    Relative,
    Telecom,
)
from patientoverblik.demo.story import Delivery, Head, Writer, first, next_version
from patientoverblik.demo.storyboard.nancy import HERSELF, NAME, NUMBER, STORY
from patientoverblik.demo.writing import at, between, part, unit

REGISTER = Writer(party=unit("card-register"), by="card-register")
SPOUSE = Party(kind="relative", name=PersonName(given=("Ægtefælle",)))
MADE, MOVED_IN, NEW_NUMBER = "2026-01-12T08:00:00+01:00", "2026-10-30T17:00:00+01:00", "2026-10-31T12:00:00+01:00"
RELATION = "1.2.208.184.100.2"


def card() -> Iterator[Delivery]:
    """The card at the beginning, with the temporary address, and with the new telephone number."""
    made = first(
        STORY,
        Head(
            step="A",
            name="card",
            profile="pdc-3.0",
            title=f"Personal Data Card for {NUMBER}",
            at=MADE,
            writer=REGISTER,
            period=between(MADE),
        ),
        items={"card": (*_registered(), *_typed_in()), "relatives": (_daughter(),)},
    )
    yield made
    staying = next_version(made, step="F", at=MOVED_IN, items={"card": (_at_the_daughters(),)})
    yield staying
    changed = {
        "telecoms": (Telecom(value="tel:90000101", use="MC"),),
        "source": part("informant", SPOUSE, time=NEW_NUMBER),
        "changed": at(NEW_NUMBER),
    }
    yield next_version(staying, step="G", at=NEW_NUMBER, changes={STORY.id("card phone"): changed})


def _registered() -> tuple[CardItem, ...]:
    return (
        CardItem(
            ids=STORY.ids("card name"),
            field="name-and-address",
            origin="register",
            source=_register("CPR"),
            names=(NAME,),
            addresses=STORY.patient.addresses,
        ),
        CardItem(
            ids=STORY.ids("card group"),
            field="insurance-group",
            origin="register",
            source=_register("Sygesikringen"),
            text="1",
        ),
        _answer("organ-donor", "Dansk Center For Organdonation"),
        _answer("treatment-will", "Sundhedsdatastyrelsen"),
        _answer("living-will", "Sundhedsdatastyrelsen"),
        _answer("no-resuscitation", "Sundhedsdatastyrelsen"),
    )


def _register(name: str) -> Participation:
    return part("author", Party(kind="system", organisation=Organisation(name=name)))


def _answer(field: CardField, register: str) -> CardItem:
    return CardItem(
        ids=STORY.ids(f"card {field}"), field=field, origin="register", source=_register(register), answer="false"
    )


def _typed_in() -> tuple[CardItem, ...]:
    by_herself = part("author", HERSELF, time=MADE)
    return (
        CardItem(
            ids=STORY.ids("card language"),
            field="language",
            origin="typed-in",
            source=by_herself,
            concept=Concept(codings=(Coding(system="1.0.639.1", code="da", display="Dansk", system_name="ISO-639-1"),)),
            changed=at(MADE),
        ),
        CardItem(
            ids=STORY.ids("card phone"),
            field="patient-contact",
            origin="typed-in",
            source=by_herself,
            telecoms=(Telecom(value="tel:90000100", use="MC"),),
            changed=at(MADE),
        ),
    )


def _at_the_daughters() -> CardItem:
    return CardItem(
        ids=STORY.ids("card temporary address"),
        field="temporary-address",
        origin="typed-in",
        source=part("author", HERSELF, time=MOVED_IN),
        addresses=(
            Address(lines=("Hos datter", "Testvej 12"), postal_code="3400", city="Hillerød", country="Danmark"),
        ),
        period=between("2026-10-30", "2026-11-13"),
        changed=at(MOVED_IN),
    )


def _daughter() -> Relative:
    return Relative(
        name=PersonName(given=("Datter",)),
        relation=Concept(
            codings=(
                Coding(
                    system=RELATION,
                    code="uspec_paaroerende",
                    display="Uspecificeret pårørende",
                    system_name="MedCom Relation Codes",
                ),
            )
        ),
        telecoms=(Telecom(value="tel:90000102", use="MC"),),
        entered=part("author", HERSELF, time=MADE),
    )
