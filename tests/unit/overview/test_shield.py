"""What must not be seen is gone before anything else sees it: searched for in the whole answer."""

import msgspec
import pytest
from msgspec import structs

from patientoverblik.care import (
    Address,
    CardItem,
    Contact,
    Organisation,
    Participation,
    Party,
    Passage,
    Patient,
    PersonName,
    Place,
    Relative,
)
from patientoverblik.overview import versions_of
from patientoverblik.sharing.model import Code
from tests.unit.overview.make import ANSWERED, coded, entry_of, held, ident, look, parse_moment, plan, unread, visit

SECRET = "HEMMELIGT"


def secretive(sector: str = "general-practice", **entry: object) -> object:
    doctor = Participation(
        role="performer",
        party=Party(kind="professional", name=PersonName(text=SECRET)),
        time=parse_moment("2026-05-01"),
    )
    item = visit(
        "V",
        "2026-07-01T09:00:00+02:00",
        sector=sector,
        words=SECRET,
        note=SECRET,
        section=SECRET,
        reason=coded(SECRET, text=SECRET),
        performers=(doctor,),
        requester=doctor,
        documented_by=(doctor,),
        episodes=(ident(SECRET),),
        interventions=(ident(SECRET),),
    )
    return held(
        1,
        "GP",
        item,
        entry={"title": SECRET} | entry,
        passages=(Passage(title=SECRET, words=SECRET),),
        contacts=(Contact(words=SECRET),),
    )


@pytest.mark.parametrize("view", ["professional", "citizen"])
@pytest.mark.parametrize("document", [secretive(), secretive("other", withheld=("gp-appointment-reason",))])
def test_gp_appointment_shows_the_standard_text_only(view: str, document: object) -> None:
    seen = look(document, view=view)
    told = msgspec.json.encode(seen).decode()
    assert SECRET not in told
    assert "Aftale hos praktiserende læge" in told
    assert "2026-07-01T09:00:00+02:00" in told


def test_gp_appointment_in_an_older_version_is_shielded_too() -> None:
    document = secretive()
    lines = look(document).lines
    assert SECRET not in str(versions_of((document,), lines))


def test_gp_appointment_in_a_plan_loses_its_words_and_the_plan_keeps_its_own() -> None:
    item = visit("V", "2026-07-01T09:00:00+02:00", sector="general-practice", words=SECRET)
    told = msgspec.json.encode(look(held(1, "GP", plan("Plan for KOL"), item))).decode()
    assert SECRET not in told
    assert "Plan for KOL" in told


def test_other_sectors_keep_their_words() -> None:
    assert SECRET in msgspec.json.encode(look(secretive("region"))).decode()


def hidden_address(**withheld: object) -> object:
    home = Address(lines=(SECRET,))
    return held(
        1,
        "KOM",
        visit("V", "2026-07-01T09:00:00+02:00", place_of=Place(at_home=True, name=SECRET, addresses=(home,))),
        entry=withheld,
        patient=Patient(addresses=(home,)),
        card=(CardItem(place="a", field="name-and-address", addresses=(home,), text=SECRET, protected=True),),
        relatives=(Relative(place="b", addresses=(home,)),),
    )


def test_protected_address_is_left_out_unless_the_permit_reaches_it() -> None:
    document = hidden_address(withheld=("protected-address",))
    assert SECRET not in msgspec.json.encode(look(document)).decode()
    assert SECRET in msgspec.json.encode(look(document, whole=True)).decode()
    assert SECRET not in msgspec.json.encode(look(document)).decode()


def test_address_that_is_not_protected_is_shown() -> None:
    assert SECRET in msgspec.json.encode(look(hidden_address())).decode()
    assert ANSWERED
    assert entry_of(1, "GP", "2026-05-01").withheld == ()


def test_title_of_a_gp_appointment_is_told_nowhere() -> None:
    series = {"series": "set", "title": SECRET, "withheld": ("gp-appointment-reason",)}
    low = secretive(**series, series_version=1)
    high = unread(2, "GP", **series, series_version=2)
    for seen in (look(low, high), look(high), look(low, secretive_again(series))):
        assert SECRET not in msgspec.json.encode(seen).decode()


def secretive_again(series: dict) -> object:
    entry, care = secretive(**series, series_version=3)
    return structs.replace(entry, uuid="urn:uuid:3", unique_id="3", content="3"), care


@pytest.mark.parametrize(
    ("facility", "said"),
    [
        ("", "Aftale hos praktiserende læge"),
        ("394761003", "Aftale hos praktiserende læge"),
        ("550661000005105", "Aftale hos praktiserende læge"),
        ("550671000005100", "Aftale hos Øjenklinikken"),
    ],
)
def test_appointment_with_another_practitioner_names_who_and_never_why(facility: str, said: str) -> None:
    entry = {"facility_type": Code(facility, "2.16.840.1.113883.6.96")} if facility else {}
    item = visit(
        "V",
        "2026-07-01T09:00:00+02:00",
        sector="general-practice",
        words=SECRET,
        reason=coded(SECRET, text=SECRET),
        responsible=Organisation(name="Øjenklinikken"),
    )
    seen = look(held(1, "GP", item, entry={"title": SECRET} | entry))
    (line,) = (each for each in seen.lines.values() if each.kind == "appointment")
    assert line.value.words == said
    assert line.attribution.document_title == said
    assert SECRET not in msgspec.json.encode(seen).decode()
