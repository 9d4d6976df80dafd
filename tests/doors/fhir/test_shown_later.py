"""A document that was held back from the patient is new to them when it is shown: an app that asks what has come since
it asked last finds it, and to nobody else is anything new."""

from email.utils import parsedate_to_datetime

import msgspec
import pytest

from tests.doors.fhir.hooks import NAME, subscribing, wish
from tests.doors.fhir.world import Door, codes, resources
from tests.generative.doors.worlds import furnished, power, told

HOUR = 3_600_000


@pytest.fixture(params=["citizen", "relative"])
def patients(request):
    return request.param


def a_house(shown_in):
    """A house of whose documents the general practitioner's plan is shown to the patient so long after now (ms)."""
    card, plan, *rest = told("AB")
    at = furnished(told("AB")).clock.now
    story = (card, msgspec.structs.replace(plan, shown_from=at + shown_in), *rest)
    return furnished(story, powers=(power("plans", "appointments", "card", "measurements", "psychiatry"),))


def since(house, who, kind, asked):
    """What of a kind has come since a resource's time, as somebody is told."""
    door = Door(house, who)
    answer = door.search(kind, patient=f"Patient/{door.patient}", _lastUpdated=f"gt{asked}")
    assert answer.status_code == 200, answer.text
    return resources(answer)


def newest(house, who):
    door = Door(house, who)
    every = resources(door.search("DocumentReference", patient=f"Patient/{door.patient}"))
    return max(one["meta"]["lastUpdated"] for one in every)


@pytest.mark.parametrize("kind", ["DocumentReference", "CarePlan", "Goal"])
def test_what_opens_is_found_by_who_asks_what_has_come_since(patients, kind):
    house = a_house(HOUR)
    asked = newest(house, patients)
    assert since(house, patients, kind, asked) == []
    house.clock.now += HOUR
    found = since(house, patients, kind, asked)
    assert found
    assert {one["meta"]["lastUpdated"] for one in found} == {newest(house, patients)} != {asked}


def test_everything_since_has_it_too_and_its_read_says_the_same(patients):
    house = a_house(HOUR)
    door, asked = Door(house, patients), newest(house, patients)
    address = f"Patient/{door.patient}/$everything?_since={asked}"
    before = {one["resource"]["id"] for one in door.get(address).json()["entry"]}
    house.clock.now += HOUR
    opened = {one["resource"]["id"]: one["resource"]["meta"] for one in door.get(address).json()["entry"]}
    (document,) = since(house, patients, "DocumentReference", asked)
    assert document["id"] in opened.keys() - before
    (goal, *_) = since(house, patients, "Goal", asked)
    for name in (f"DocumentReference/{document['id']}", f"Goal/{goal['id']}"):
        read = door.get(name)
        assert read.json()["meta"]["lastUpdated"] == document["meta"]["lastUpdated"]
        assert parsedate_to_datetime(read.headers["last-modified"]).timestamp() == house.clock.now // 1000
    (version,) = door.get(f"Goal/{goal['id']}/_history").json()["entry"]
    assert version["response"]["lastModified"] == document["meta"]["lastUpdated"]


def test_to_a_professional_nothing_is_new_then():
    house = a_house(HOUR)
    asked = newest(house, "doctor")
    house.clock.now += HOUR
    assert since(house, "doctor", "DocumentReference", asked) == []


def test_what_was_shown_before_it_came_is_new_when_it_came(patients):
    assert newest(a_house(-1 << 40), patients) == newest(furnished(told("AB")), "citizen")


def test_neither_patient_nor_relative_subscribes_so_no_subscriber_waits_for_a_day(patients):
    house = subscribing(NAME, powers=(power("plans"),))
    assert Door(house).post("Subscription", wish(NAME)).status_code == 201
    answer = Door(house, patients).post("Subscription", wish(NAME))
    assert (answer.status_code, codes(answer)) == (403, ["service.consumer-unknown"])
