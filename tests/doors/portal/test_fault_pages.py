"""What went wrong is told alike whatever it was: in plain Danish, with a way on and an id to ask about, and no more."""

import asyncio
import re

import msgspec
import pytest

from patientoverblik.edges.portal.answers import GUARDED
from patientoverblik.edges.portal.routes.desk import LARGEST_FORM
from patientoverblik.storage.fault import StorageFault
from tests.doors.portal.test_access_pages import plain
from tests.doors.portal.test_pages import logged_in, search, token
from tests.unit.portal import house as made

HELD = "patient 2512489996 has HIV"


def reader(raised: Exception | None = None):
    """A professional logged in, for whom every look breaks in this way."""

    async def look(*_):
        await asyncio.sleep(0)
        raise raised

    acts = msgspec.structs.replace(made.acts(), look=look) if raised else made.acts()
    return logged_in("laege", acts=acts)


def too_old():
    return reader().post("/patient", data={"csrf": "another's"})


def too_long():
    client = reader()
    return client.post("/patient", data={"csrf": token(client.get("/").text), "cpr": "1" * LARGEST_FORM})


FAULTS = {
    "too old a form": (too_old, 403, "Det lykkedes ikke", "Formularen er for gammel, og det, du sendte, er ikke gemt"),
    "no such page": (lambda: reader().get("/findes-ikke"), 404, "Siden findes ikke", "Gå tilbage til forsiden"),
    "no such handle": (lambda: reader().get("/p/ingen"), 404, "Siden findes ikke", "Gå tilbage til forsiden"),
    "another method": (lambda: reader().get("/vaelg"), 405, "Det lykkedes ikke", "Siden kan ikke bruges på den måde"),
    "too long a form": (too_long, 413, "Det lykkedes ikke", "Det, du sendte, er for langt og er ikke gemt"),
    "a fault of ours": (lambda: search(reader(ValueError(HELD))), 500, "Det lykkedes ikke", "Der skete en fejl hos os"),
    "no database": (
        lambda: search(reader(StorageFault("storage.away"))),
        503,
        "Det lykkedes ikke",
        "Databasen svarer ikke lige nu. Prøv igen om lidt",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_in_plain_danish_with_a_way_on(fault):
    provoke, status, headline, said = FAULTS[fault]
    answer = provoke()
    text = plain(answer.text)
    assert answer.status_code == status
    assert f"<h1>{headline}</h1>" in answer.text
    assert said in text
    assert re.search(r"Sporings-id: \w{12}\. Oplys det, hvis du beder om hjælp", text)
    assert '<a href="/">Til forsiden</a>' in answer.text.replace("&#x2f;", "/")
    assert {name: answer.headers[name] for name in GUARDED} == GUARDED
    assert answer.headers["cache-control"] == "no-store"
    for never in ("HIV", "2512489996", "ValueError", "StorageFault", "Traceback"):
        assert never not in answer.text


def test_a_wrong_method_says_which_there_are():
    assert reader().get("/vaelg").headers["allow"] == "POST"
