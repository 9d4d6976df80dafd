"""``$heartbeat``: a system says that it is there, for its own sources alone; nothing of it is about a patient."""

import msgspec
import pytest

from patientoverblik.access import SecurityEvent
from patientoverblik.edges.fhir.interactions import rows
from patientoverblik.service import House, look
from patientoverblik.service.evidence import NOBODY
from tests.doors.fhir.world import Door, codes
from tests.generative.doors.worlds import DOCTOR, furnished, place, told, whose
from tests.unit.service.make import DAY, run

STORY = told("A")
OWN, ANOTHERS, NOT_CONNECTED, UNKNOWN = "almen-praksis", "sygehus", "naboby", "ingen"
HEARTBEAT = "$heartbeat"


@pytest.fixture
def house() -> House:
    """A house in which nobody has been heard from for a long time."""
    made = furnished(STORY)
    made.clock.now += 90 * DAY
    return made


def states(house: House) -> dict[str, str]:
    """How each source stands in the overview that a professional sees."""
    shown = run(look(house, DOCTOR.actor, whose(STORY), "treatment", "professional"))
    return {one.id: one.state for one in shown.overview.sources}


def naming(*sources: str, value: str = "valueCode") -> dict:
    """The Parameters that name sources."""
    return {"resourceType": "Parameters", "parameter": [{"name": "source", value: one} for one in sources]}


def last(house: House) -> SecurityEvent:
    """The last heartbeat in the trail, in the chain of whoever sent it."""
    events = (msgspec.msgpack.decode(entry.data, type=SecurityEvent) for entry in house.storage.reader().trail())
    return max((one for one in events if one.act == "heartbeat"), key=lambda one: one.at)


def refused_unheard(door: Door, body: object, *wanted: str) -> None:
    """It is refused by these codes, and no source has been heard from."""
    before = door.house.storage.reader().source_times()
    answer = door.post(HEARTBEAT, body)
    assert (answer.status_code >= 400, codes(answer)) == (True, list(wanted))
    assert door.house.storage.reader().source_times() == before


@pytest.mark.parametrize("value", ["valueCode", "valueString"])
def test_a_system_that_says_it_is_there_counts_as_heard_from(house, value):
    assert states(house)[OWN] == "not-retrieved"
    answer = Door(house, "system", "system/DocumentReference.c").post(HEARTBEAT, naming(OWN, value=value))
    assert (answer.status_code, codes(answer)) == (200, ["service.heard"])
    assert [one["severity"] for one in answer.json()["issue"]] == ["information"]
    assert {name for name, state in states(house).items() if state == "retrieved"} == {OWN}


def test_without_a_name_it_is_every_source_the_system_delivers_for(house):
    own = place("general-practice")
    for_both = {(own.system, own.value): (place("eye-clinic"), place("neighbour"))}
    both = msgspec.structs.replace(house, delivers_for=for_both)
    for sent in ({"resourceType": "Parameters"}, b""):
        house.clock.now += 90 * DAY
        answer = Door(both, "system").post(HEARTBEAT, sent)
        assert codes(answer) == ["service.heard", "service.heard"]
        assert {name for name, state in states(both).items() if state == "retrieved"} == {OWN, "speciallaeger"}
    assert Door(both, "system").post(HEARTBEAT, naming("speciallaeger")).status_code == 200


def test_a_name_in_the_address_is_one_too(house):
    own = place("general-practice")
    both = msgspec.structs.replace(house, delivers_for={(own.system, own.value): (place("eye-clinic"),)})
    assert Door(both, "system").post(f"{HEARTBEAT}?source={OWN}", b"").status_code == 200
    assert {name for name, state in states(both).items() if state == "retrieved"} == {OWN}
    refused_unheard(Door(both, "system"), naming(OWN, UNKNOWN), "service.no-source")


@pytest.mark.parametrize("named", [(ANOTHERS,), (NOT_CONNECTED,), (UNKNOWN,), (OWN, ANOTHERS), (OWN, UNKNOWN)])
def test_what_is_not_the_systems_own_is_refused_alike_and_nothing_of_it_is_noted(house, named):
    asked = Door(house, "system")
    refused_unheard(asked, naming(*named), "service.no-source")
    answers = [asked.post(HEARTBEAT, naming(*each)) for each in (named, (ANOTHERS,))]
    assert answers[0].content == answers[1].content
    assert (answers[0].status_code, last(house).subjects) == (403, ())


def test_a_system_that_delivers_for_no_source_has_none_to_speak_of(house):
    refused_unheard(Door(house, "clinic"), {"resourceType": "Parameters"}, "service.no-source")


@pytest.mark.parametrize("who", ["doctor", "citizen", "relative"])
@pytest.mark.parametrize("body", [naming(OWN), {"resourceType": "Parameters"}])
def test_a_person_speaks_for_no_source(house, who, body):
    refused_unheard(Door(house, who), body, "access.no-right")
    assert (last(house).outcome, last(house).rule) == ("refused", "no-rule")


@pytest.mark.parametrize(
    ("who", "scope"),
    [("system", "system/DocumentReference.rs"), ("system", "user/*.cruds"), ("officer", "user/*.rs")],
)
def test_it_takes_the_scope_that_delivers(house, who, scope):
    refused_unheard(Door(house, who, scope), naming(OWN), "identity.insufficient-scope")


@pytest.mark.parametrize(
    "parameter",
    [
        {"name": "sources", "valueCode": OWN},
        {"name": "source"},
        {"name": "source", "valueInteger": 1},
        {"name": "source", "valueCoding": {"code": OWN}},
        {"name": "source", "resource": {"resourceType": "Basic", "code": {"text": OWN}}},
        {"name": "source", "part": [{"name": "source", "valueCode": OWN}]},
    ],
)
def test_what_names_sources_in_another_way_is_refused_with_one_reason(house, parameter):
    for listed in ([parameter], [{"name": "source", "valueCode": OWN}, parameter]):
        body = {"resourceType": "Parameters", "parameter": listed}
        refused_unheard(Door(house, "system"), body, "mhd.element-wrong")


def test_what_is_no_parameters_is_refused_with_one_reason(house):
    asked = Door(house, "system")
    refused_unheard(asked, {"resourceType": "Basic", "code": {"text": OWN}}, "rest.wrong-resource")
    refused_unheard(asked, b"{", "fhir.not-json")
    refused_unheard(asked, {"resourceType": "Parameters", "parameter": {"name": "source"}}, "r4.misshapen")
    assert codes(asked.ask("POST", HEARTBEAT, data={"source": OWN})) == ["rest.media-type"]
    assert asked.get(HEARTBEAT).headers["allow"] == "POST"


def test_it_is_told_and_asked_in_xml_too(house):
    body = (
        b'<Parameters xmlns="http://hl7.org/fhir"><parameter><name value="source"/><valueCode value="%s"/></parameter>'
    )
    sent = {"content-type": "application/fhir+xml", "accept": "application/fhir+xml"}
    answer = Door(house, "system").ask("POST", HEARTBEAT, content=body % OWN.encode() + b"</Parameters>", headers=sent)
    assert (answer.status_code, b"service.heard" in answer.content) == (200, True)


def test_it_is_in_the_trail_by_its_source_and_about_nobody(house):
    Door(house, "system").post(HEARTBEAT, naming(OWN))
    event = last(house)
    assert (event.outcome, event.rule, event.patient) == ("done", "system-delivers", NOBODY)
    assert (event.actor.organisation, event.subjects) == (place("general-practice"), (OWN,))


def test_the_capability_statement_offers_it_of_the_whole_service(house):
    rest = Door(house).get("metadata").json()["rest"][0]
    assert {one["name"] for one in rest["operation"]} == {
        row.code.strip("$") for row in rows() if not row.type and row.code.startswith("$")
    }
    assert "heartbeat" in {one["name"] for one in rest["operation"]}
