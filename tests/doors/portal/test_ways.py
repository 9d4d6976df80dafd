"""Every way that a page offers leads somewhere: no link is refused or ends nowhere, and no name stands twice."""

import re
from collections import Counter

import pytest
from lxml import html

from tests.doors.portal.test_pages import token
from tests.doors.portal.told import entrance_of, place_of, someone

PERSONAS = ("egen-laege", "hjemmesygeplejerske", "forebyggelse", "nancy", "aegtefaelle")
EACH = 3  # of pages of one kind
TOLD = "H"


@pytest.fixture(scope="module")
def told():
    return place_of(TOLD)


def kind_of(path: str) -> str:
    """The address without what differs from page to page of a kind."""
    return re.sub(r"(?<=/)(?:[^/]*\d[^/]*|urn:[^/]+)(?=/|$)", "*", re.sub(r"^/p/[^/]+", "/p/*", path))


def pages_of(client, *starts: str):
    """Every page that links lead to, a few of each kind: its address, the answer, and its document."""
    waiting, known, walked = list(starts), set(starts), Counter()
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(path)
        if walked[kind] == EACH or path.endswith((".csv", ".json")):
            continue
        walked[kind] += 1
        answer = client.get(path)
        page = html.fromstring(answer.text)
        yield path, answer, page
        leads = [each.partition("#")[0] for each in page.xpath("//a/@href") if each.startswith("/")]
        waiting += [lead for lead in dict.fromkeys(leads) if lead and not (lead in known or known.add(lead))]


def then_every_way_leads_somewhere(client, *starts: str) -> int:
    """How many pages that were walked."""
    walked = 0
    for path, answer, page in pages_of(client, *starts):
        assert answer.status_code == 200, kind_of(path)
        names = Counter(page.xpath("//*/@id"))
        assert not [name for name, times in names.items() if times > 1], kind_of(path)
        within = {each[1:] for each in page.xpath("//a/@href") if each.startswith("#")}
        assert within <= names.keys(), (kind_of(path), within - names.keys())
        walked += 1
    return walked


@pytest.mark.parametrize("persona", PERSONAS)
def test_every_link_a_reader_is_offered_leads_to_a_page(told, persona):
    client, address = someone(told(), persona)
    assert then_every_way_leads_somewhere(client, address, "/") > 10


def test_so_does_every_link_an_officer_is_offered(told):
    place = told()
    doctor, address = someone(place, "fremmed")
    doctor.get(address)
    form = {"csrf": token(doctor.get(f"{address}/vaerdispring").text), "ground": "consent", "reason": "Sidder her"}
    assert doctor.post(f"{address}/vaerdispring", data=form).status_code == 200
    officer = entrance_of(place)
    officer.log_in("sikkerhedsansvarlig")
    assert then_every_way_leads_somewhere(officer, "/") > 5


def test_who_may_not_see_a_patient_is_offered_nothing_of_the_patients(told):
    client, address = someone(told(), "fremmed")
    refused = client.get(address)
    assert refused.status_code == 403
    for path, answer, _ in pages_of(client, f"{address}/vaerdispring", "/"):
        assert answer.status_code == 200 or path == address, path
