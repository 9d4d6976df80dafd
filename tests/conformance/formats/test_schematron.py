"""What we write for CPD-DK 1.0.1 and APD-DK 2.0.1 is accepted by MedCom's schematron, constructs of our own included."""

import re
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

import msgspec
import pytest
from lxml import etree

from patientoverblik import formats
from patientoverblik.formats.cda.constructs import coded
from patientoverblik.formats.cda.datatypes import AD, CD, II, PN, ST, TEL, Piece, Time
from patientoverblik.formats.cda.documents import AppointmentDocument, CarePlanDocument, ManagementSection
from patientoverblik.formats.cda.record import (
    Evaluation,
    HealthStatus,
    Organisation,
    Party,
    Place,
    PlanStatement,
    Relative,
    RelativeStatement,
    ResponsibilityStatement,
    Target,
)
from tests.conformance.formats.samples import name_of
from tests.conftest import SHARED

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (SHARED / "data").is_dir(), reason="shared samples are not here: data/cda/schematron"),
]
UNDECLARED = "activated but is not declared"
"""What the rules say of rules of their own."""
CPD = sorted((SHARED / "data/cda/cpd").glob("*.xml"))
APD = [SHARED / "data/cda/apd/DK-APD_Example_1_2_apd_maximum.xml"]


@pytest.fixture(scope="module")
def cpd(tmp_path_factory: pytest.TempPathFactory):
    yield from schematron("slim-cpd", tmp_path_factory.mktemp("cpd"))


@pytest.fixture(scope="module")
def apd(tmp_path_factory: pytest.TempPathFactory):
    yield from schematron("slim-apd", tmp_path_factory.mktemp("apd"))


def schematron(rules: str, folder: Path) -> Iterator[Callable[[bytes], list[str]]]:
    """What a set of rules says of a document: the texts of its failed assertions."""
    from saxonche import PySaxonProcessor

    from tests.conformance.schema.oracle import Oracle

    with PySaxonProcessor(license=False) as processor:
        oracle = Oracle(processor, SHARED, rules, folder)
        yield lambda document: [text for _, text in oracle.failures(document) if UNDECLARED not in text]


def record_of(path: Path):
    parsed = formats.parse(path.read_bytes())
    assert isinstance(parsed, formats.Parsed)
    return formats.read_record(parsed, formats.identify(parsed) or "")


@pytest.mark.parametrize("path", CPD, ids=name_of)
def test_a_canonical_care_plan_is_accepted(path: Path, cpd) -> None:
    assert cpd(formats.write(record_of(path), "cpd-1.0.1")) == []


@pytest.mark.parametrize("path", CPD, ids=name_of)
def test_a_care_plan_with_every_construct_of_ours_is_accepted(path: Path, cpd) -> None:
    written = formats.write(with_constructs(record_of(path)), "cpd-1.0.1")
    assert_valid(written)
    assert cpd(written) == []


def test_every_construct_of_a_care_plan_is_tried() -> None:
    tried = b"".join(formats.write(with_constructs(record_of(path)), "cpd-1.0.1") for path in CPD)
    assert constructs_of("cpd.toml") - codes_in(tried) == set()


@pytest.mark.parametrize("path", APD, ids=name_of)
def test_a_canonical_appointment_is_accepted(path: Path, apd) -> None:
    assert apd(formats.write(record_of(path), "apd-2.0.1")) == []


@pytest.mark.parametrize("path", APD, ids=name_of)
def test_an_appointment_with_every_construct_of_ours_is_accepted(path: Path, apd) -> None:
    written = formats.write(with_appointment_constructs(record_of(path)), "apd-2.0.1")
    assert_valid(written)
    assert apd(written) == []
    assert constructs_of("apd.toml") - codes_in(written) == set()


def test_the_oracle_can_refuse(cpd) -> None:
    broken = SHARED / "data/cda/cpd/invalid/CPD-DK_Care_Plan_Diabetes_Example_1_2018-11-02_NoHealthConcernTitle.xml"
    assert len(cpd(broken.read_bytes())) == 1


def assert_valid(document: bytes) -> None:
    schema = etree.XMLSchema(etree.parse(SHARED / "data/cda/xsd/infrastructure/cda/CDA_SDTC.xsd"))
    schema.assertValid(etree.fromstring(document))


def constructs_of(profile: str) -> set[str]:
    """The codes of every construct that a profile's lines name."""
    lines = (files("patientoverblik.formats.cda.profiles") / profile).read_text(encoding="utf-8")
    return set(re.findall(r"(?:own|link)\((?:[A-Z]+ )?([a-z-]+)\)", lines))


def codes_in(document: bytes) -> set[str]:
    return {one.decode() for one in re.findall(rb'code="([a-z.-]+)"', document)}


ANNA = Party(
    time=Time(value="20260105"),
    ids=(II(root="1.2.208.176.1.1", extension="191901000016999", authority="SOR"),),
    name=PN(parts=(Piece(kind="given", text="Anna"), Piece(kind="family", text="Prøve"))),
    organisation=Organisation(name="Prøvehuset"),
)
HOUSE = Place(
    ids=(II(root="1.2.208.176.1.1", extension="191901000016999", authority="SOR"),),
    name=PN(parts=(Piece(text="Prøvehuset"),)),
)
STREET = AD(parts=(Piece(kind="streetAddressLine", text="Prøvevej 1"), Piece(kind="city", text="Prøveby")))
PHONE = TEL(value="tel:88888888")
OTHER = (II(root="1.2.208.184", extension="0f8fad5b-d9cb-469f-a165-70867728950e"),)
# The schematron wants a health status to be coded in SNOMED CT.
ABILITY = CD(code="284773001", system="2.16.840.1.113883.6.96", display="Able to perform personal care activity")
WHEN = Time(value="20260301")
NOTE = ST(text="Et notat")


def with_constructs(record: CarePlanDocument) -> CarePlanDocument:
    """The plan with each construct of ours put in where it can stand."""
    change = msgspec.structs.replace
    assert record.concerns
    assert record.goals
    assert record.interventions
    return change(
        record,
        concerns=change(record.concerns, groups=tuple(map(with_concerns, record.concerns.groups))),
        goals=change(record.goals, groups=tuple(map(with_goals, record.goals.groups))),
        interventions=change(record.interventions, groups=tuple(map(with_interventions, record.interventions.groups))),
        outcomes=change(
            record.outcomes,
            items=with_notes(record.outcomes.items),
            groups=tuple(change(group, items=with_notes(group.items)) for group in record.outcomes.groups),
        )
        if record.outcomes
        else None,
        management=ManagementSection(
            title="Planens ansvar og status",
            plan=PlanStatement(
                ids=OTHER,
                status=coded("plan-status.on-hold"),
                kind=coded("plan-kind.pathway-plan"),
                review=WHEN,
                labels=(coded("plan-kind.pathway-plan"), coded("plan-kind.crisis-plan")),
                authors=(ANNA,),
                note=NOTE,
            ),
            responsibilities=(
                ResponsibilityStatement(
                    words="Har ansvaret", performers=(ANNA,), commitment=coded("commitment.accepted"), covers=OTHER
                ),
            ),
            relatives=(
                RelativeStatement(
                    words="Har nøgle",
                    authors=(ANNA,),
                    code=coded("party-kind.relative"),
                    addresses=(STREET,),
                    telecoms=(PHONE,),
                    name=ANNA.name,
                ),
            ),
        ),
    )


def with_concerns(group):
    status = {"clinical_status": coded("clinical-status.active"), "verification": coded("verification.suspected")}
    more = {**status, "laterality": coded("note"), "severity": coded("note"), "note": NOTE}
    changed = tuple(
        msgspec.structs.replace(
            item, note=NOTE, diagnoses=tuple(msgspec.structs.replace(one, **more) for one in item.diagnoses)
        )
        for item in group.items
    )
    judged = HealthStatus(
        ids=OTHER, code=ABILITY, words="Klarer sig selv", status="completed", value=NOTE, authors=(ANNA,), **more
    )
    return msgspec.structs.replace(group, items=changed, statuses=(*group.statuses, judged))


def with_notes(items):
    return tuple(msgspec.structs.replace(item, note=NOTE) for item in items)


def with_appointment_constructs(record: AppointmentDocument) -> AppointmentDocument:
    """The appointment with what it is for and a note."""
    assert record.visit
    items = tuple(msgspec.structs.replace(item, interventions=OTHER, note=NOTE) for item in record.visit.items)
    return msgspec.structs.replace(record, visit=msgspec.structs.replace(record.visit, items=items))


def with_goals(group):
    more = {
        "status": "suspended",
        "informants": (Party(code=coded("party-kind.patient"), ids=OTHER),),
        "relatives": (Relative(code=coded("party-kind.relative"), name=ANNA.name),),
        "authors": (ANNA,),
        "performers": (ANNA,),
        "kind": coded("goal-kind.patient"),
        "lifecycle": coded("lifecycle.on-hold"),
        "achievement": coded("achievement.improving"),
        "importance": ST(text="Meget vigtigt"),
        "horizon": coded("horizon.long"),
        "due": WHEN,
        "targets": (Target(code=coded("note"), value=ST(text="6 minutter"), time=WHEN),),
        "evaluations": (
            Evaluation(words="Godt på vej", time=WHEN, value=coded("achievement.improving"), performers=(ANNA,)),
        ),
        "concerns": OTHER,
        "supports": OTHER,
        "part_of": OTHER,
        "note": NOTE,
    }
    return msgspec.structs.replace(group, items=tuple(msgspec.structs.replace(item, **more) for item in group.items))


def with_interventions(group):
    more = {
        "kind": coded("intervention-kind.training"),
        "intent": coded("intent.plan"),
        "authorisation": coded("authorisation.granted"),
        "activity": coded("activity.on-hold"),
        "status_reason": ST(text="Venter"),
        "instruction": ST(text="To gange"),
        "start_by": WHEN,
        "repetition": ST(text="Hver uge"),
        "next_due": WHEN,
        "setting": coded("setting.home"),
        "responsible": HOUSE,
        "requested_of": HOUSE,
        "where": HOUSE,
        **dict.fromkeys(("reasons", "goals", "realises", "replaces", "appointments"), OTHER),
        "note": NOTE,
        "authors": (ANNA,),
        "performers": (ANNA,),
    }
    return msgspec.structs.replace(group, items=tuple(msgspec.structs.replace(item, **more) for item in group.items))
