"""Valid examples made strange in ways that FHIR knows, sent to every address that takes one: no fault of ours, nothing
of what was sent told back in a refusal, and an end within a bound of work.

The long run is ``-m slow``.
"""

import contextlib
import copy
import json
import random
import sys
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patientoverblik.edges.fhir.interactions import rows
from tests.doors.fhir.test_providing import bundle, document
from tests.doors.fhir.test_writing import KINDS
from tests.doors.fhir.world import Door, codes, door
from tests.generative.doors.worlds import furnished

PLANTED = "Hemmeligtmaerke"
NUMBER = "2512489996"
MOST_CALLS = 1_500_000
"""Python calls that one request may take: what a whole valid bundle takes is a twentieth of it."""
DEEP, LONG, MANY = 3_000, 100_000, 200
Path = tuple[str | int, ...]


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every place in a resource below its top."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in pairs:
        yield (*path, name)
        yield from places(each, (*path, name))


def at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def removed(lot: random.Random, above: Any, name: str | int) -> None:
    """An element is missing."""
    del above[name]


def doubled(lot: random.Random, above: Any, name: str | int) -> None:
    """An element stands twice, or many times."""
    above[name] = [above[name]] * lot.choice([2, 2, MANY])


def of_another_type(lot: random.Random, above: Any, name: str | int) -> None:
    """A value is of a type that is wrong here."""
    above[name] = copy.deepcopy(lot.choice([None, [], {}, "", 7, -1.5, True, [[]], [None], {"reference": PLANTED}]))


def renamed(lot: random.Random, above: Any, name: str | int) -> None:
    """An element is called something else: what R4 has, what it has not, a primitive's other half."""
    if isinstance(name, str):
        other = lot.choice(
            [f"_{name}", PLANTED, "extension", "modifierExtension", "implicitRules", "contained", "text"]
        )
        above[other] = above.pop(name)


def long(lot: random.Random, above: Any, name: str | int) -> None:
    """A text is very long."""
    above[name] = PLANTED + lot.choice("aå\u4e00 ") * LONG


def odd(lot: random.Random, above: Any, name: str | int) -> None:
    """A text holds what texts seldom hold: controls, halves of pairs, marks that turn the reading, markup."""
    marks = ["\x00", "\ud800", "\u202e", "\ufeff", "\U0001f600", "<script>", "{{7*7}}", "%0a", "\u0130", "a\u0301" * 50]
    above[name] = f"{PLANTED}{lot.choice(marks)}"


def deep(lot: random.Random, above: Any, name: str | int) -> None:
    """A value lies very deep."""
    value: Any = PLANTED
    for _ in range(lot.choice([40, 150, DEEP])):
        value = lot.choice([lambda inner: [inner], lambda inner: {"extension": [{"url": "x", "value": inner}]}])(value)
    above[name] = value


def timed(lot: random.Random, above: Any, name: str | int) -> None:
    """A date or a number is at the end of what there is, or past it."""
    ends = [
        "0000-00-00",
        "9999-12-31T23:59:60Z",
        "2026-02-30",
        "2026-10-25T02:30:00",
        "1e400",
        "-0",
        "2026-13",
        "24:00",
    ]
    above[name] = lot.choice(ends)


def numbered(lot: random.Random, above: Any, name: str | int) -> None:
    """A number of a kind that is no number here."""
    above[name] = lot.choice([10**400, -(10**20), 1e308, 5e-324, 2**63])


def circular(lot: random.Random, above: Any, name: str | int) -> None:
    """A reference leads round in a circle, outside, or to nothing."""
    ends = ["#", "#p", "urn:uuid:r", "urn:uuid:s", "Bundle/x", "../../etc", "http://127.0.0.1/x", f"Patient/{PLANTED}"]
    above[name] = {"reference": lot.choice(ends), "identifier": {"system": "urn:oid:1.2.208.176.1.2", "value": NUMBER}}


STRANGE: tuple[Callable[[random.Random, Any, str | int], None], ...] = (
    removed, doubled, of_another_type, renamed, long, odd, deep, timed, numbered, circular,
)  # fmt: skip


def mutated(resource: dict[str, Any], lot: random.Random, how_many: int) -> dict[str, Any]:
    """A resource with some things in it made strange; it keeps its type, so that it comes past the door's first look."""
    made = copy.deepcopy(resource)
    found = [path for path in places(made) if path != ("resourceType",)]
    for path in sorted(lot.sample(found, min(how_many, len(found))), key=len, reverse=True):
        with contextlib.suppress(KeyError, IndexError, TypeError):  # gone with what was made strange before
            lot.choice(STRANGE)(lot, at(made, path[:-1]), path[-1])
    return made


def sent_as_json(resource: Any) -> bytes:
    """Its bytes, also where it holds what JSON cannot."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(DEEP * 10)
    try:
        return json.dumps(resource).encode("utf-8", "surrogatepass")
    finally:
        sys.setrecursionlimit(limit)


def examples(asked: Door) -> dict[str, dict[str, Any]]:
    """A valid example of everything that is taken in."""
    patient = {"reference": f"Patient/{asked.patient}"}
    goal = {"resourceType": "Goal", **KINDS["Goal"], "subject": patient, "note": [{"text": PLANTED}]}
    plan = {"resourceType": "CarePlan", **KINDS["CarePlan"], "subject": patient, "description": PLANTED}
    member = [{"actor": patient, "status": "accepted"}]
    meeting = {"resourceType": "Appointment", **KINDS["Appointment"], "participant": member, "comment": PLANTED}
    parameters = {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": goal}]}
    provided = bundle(document())
    inner = {"resourceType": "Bundle", "type": "document", "entry": [{"fullUrl": "urn:uuid:g", "resource": goal}] * 3}
    as_document = {"resourceType": "Bundle", "type": "transaction", "meta": provided["meta"]}
    as_document["entry"] = [*provided["entry"][:2], {**provided["entry"][2], "resource": inner}]
    reference = provided["entry"][1]["resource"]
    consent = {"resourceType": "Consent", "status": "active", "patient": patient, "provision": {"type": "deny"}}
    listed = (goal, plan, meeting, parameters, provided, inner, reference, consent)
    named = {f"{number} {one['resourceType']}": one for number, one in enumerate(listed)}
    return {**named, "a document": as_document}


class Counting:
    """How many calls Python makes while it is on; past the bound the request ends in an error that nobody catches."""

    class TooMuchWork(BaseException):
        """More than the bound."""

    def __init__(self, most: int) -> None:
        self.left = most

    def __enter__(self) -> None:
        sys.setprofile(self._count)

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _count(self, _frame: object, event: str, _argument: object) -> None:
        self.left -= event == "call"
        if self.left < 0:
            sys.setprofile(None)
            raise self.TooMuchWork


def send(asked: Door, resource: dict[str, Any]) -> None:
    """The resource, to every address that takes one of its type."""
    data = sent_as_json(resource)
    for row in (row for row in rows() if row.method in ("POST", "PUT") and row.code != "search-type"):
        if row.type not in ("", resource.get("resourceType")) and resource.get("resourceType") != "Parameters":
            continue
        path = row.path.replace("{id}", f"{asked.patient}.x" if row.method == "PUT" else asked.patient)
        headers = {"content-type": "application/fhir+json", "if-match": 'W/"x"'}
        with Counting(MOST_CALLS):
            answer = asked.ask(row.method, path, content=data, headers=headers)
        assert answer.status_code < 500, (row.path, answer.text[:500])
        if answer.status_code >= 400:
            assert codes(answer)
            assert PLANTED not in answer.text, row.path
            assert NUMBER not in answer.text, row.path


def fuzz(lot: random.Random) -> None:
    """One round: each example made strange, sent by a party's system and by somebody at work, and read again."""
    house = furnished(())
    first = Door(house, "clinic")
    for resource in lot.sample(list(examples(first).values()), 4):
        made = mutated(resource, lot, lot.randint(1, 3))
        for who in ("clinic", "doctor", "citizen"):
            scope = "" if who == "clinic" else "user/*.cruds"
            send(Door(house, who, scope), made)
    for kind in ("Goal", "CarePlan", "Task", "DocumentReference"):
        answer = Door(house, "doctor").get(f"{kind}?patient=Patient/{first.patient}&_include=*&_revinclude=*")
        assert answer.status_code in (200, 403), answer.text


@settings(max_examples=6, deadline=None)
@given(st.randoms(use_true_random=False))
def test_what_is_strange_is_taken_or_refused_with_a_reason(lot):
    fuzz(lot)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(60))
def test_what_is_strange_is_taken_or_refused_with_a_reason_at_length(seed):
    fuzz(random.Random(seed))


@pytest.mark.parametrize("strange", STRANGE, ids=lambda one: one.__name__)
def test_each_kind_of_strangeness_by_itself(strange):
    lot = random.Random(7)
    asked = Door(furnished(()), "clinic")
    for resource in (bundle(document()), examples(asked)["a document"]):
        for _ in range(8):
            made = copy.deepcopy(resource)
            path = lot.choice([one for one in places(made) if one != ("resourceType",)])
            strange(lot, at(made, path[:-1]), path[-1])
            send(asked, made)


def test_references_in_a_circle_come_to_an_end():
    """Resources that refer to one another, and to themselves, are read, shown, included and searched by chains."""
    asked = door()
    patient = {"reference": f"Patient/{asked.patient}"}
    ring = {"resourceType": "CarePlan", **KINDS["CarePlan"], "subject": patient, "id": "a"}
    ring["partOf"] = [{"reference": "#a"}]
    ring["contained"] = [
        {"resourceType": "CarePlan", "id": "a", "status": "active", "intent": "plan", "subject": patient,
         "partOf": [{"reference": "#a"}, {"reference": "#"}]}
    ]  # fmt: skip
    answer = asked.post("CarePlan", ring)
    assert answer.status_code in (201, 400, 422), answer.text
    chained = ".".join(["part-of"] * 30)
    for query in ("_include:iterate=*&_revinclude:iterate=*", f"{chained}.status=active", "part-of:missing=false"):
        with Counting(MOST_CALLS):
            found = asked.get(f"CarePlan?patient=Patient/{asked.patient}&{query}")
        assert found.status_code in (200, 400), query


def test_the_bound_is_one(monkeypatch):
    """A request that takes more than the bound is found out."""
    with pytest.raises(Counting.TooMuchWork), Counting(100):
        door().get("metadata")


def test_a_resource_in_xml_that_expands_is_refused():
    """An entity that stands for more and more is not expanded (CWE-776), nor one that stands for a file (CWE-611)."""
    asked = Door(furnished(()), "clinic")
    inner = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
    for head in (
        f'<!DOCTYPE g [<!ENTITY a0 "{PLANTED}">{inner}]>',
        '<!DOCTYPE g [<!ENTITY a8 SYSTEM "file:///etc/passwd">]>',
    ):
        body = f'{head}<Goal xmlns="http://hl7.org/fhir"><note><text value="&a8;"/></note></Goal>'.encode()
        with Counting(MOST_CALLS):
            answer = asked.ask("POST", "Goal", content=body, headers={"content-type": "application/fhir+xml"})
        assert 400 <= answer.status_code < 500
        assert PLANTED not in answer.text
        assert "root:" not in answer.text


def test_what_was_taken_in_is_told_to_nobody_else():
    """What is planted in a patient's documents is in no answer to a stranger."""
    house = door().house
    writer = Door(house, "doctor")
    goal = examples(writer)["0 Goal"]
    assert writer.post("Goal", goal).status_code == 201
    assert PLANTED in writer.get(f"Goal?patient=Patient/{writer.patient}").text
    stranger = Door(house, "stranger")
    for row in rows():
        path = row.path.replace("{id}", writer.patient).replace("{version}", "1")
        query = f"?patient=Patient/{writer.patient}" if row.code == "search-type" and row.method == "GET" else ""
        content = msgspec.json.encode({"resourceType": row.type or "Bundle"})
        headers = {"content-type": "application/fhir+json"}
        answer = stranger.ask(row.method, f"{path}{query}", content=content, headers=headers)
        assert PLANTED not in answer.text, row.path
