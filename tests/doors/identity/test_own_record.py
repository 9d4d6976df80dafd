"""A professional who looks themselves up is seen to do so, by whichever door and proof of identity they come."""

import msgspec
from lxml import etree

from patientoverblik.access import Relation
from patientoverblik.edges.identity.issuers import meaning
from patientoverblik.edges.identity.keys import TrustedKeys
from patientoverblik.edges.identity.soap.issued import Wanted, assertion, signed
from patientoverblik.edges.identity.soap.issuer import AUDIENCE
from patientoverblik.edges.identity.soap.messages import Call, message
from patientoverblik.edges.identity.web import load_claims
from patientoverblik.edges.soap.names import QUERY
from tests.doors.identity.tokens.place import NANCY, RSA, Place, jwks
from tests.doors.identity.tokens.test_bearer import doctor, issuer
from tests.doors.identity.web.world import World
from tests.doors.portal.test_pages import search
from tests.doors.soap import world as soap
from tests.unit.portal import house as made

CLAIMS = """
[kind]
always = "professional"
[person]
cpr = "cpr"
[professional]
role = "role"
[[organisation]]
claim = "yder"
system = "yder"
"""


def flagged(house, key: int = made.KEY) -> set[str]:
    return {one.kind for one in house.storage.reader().follow_ups(key)}


def treats(house) -> None:
    house.storage.act(lambda held: held.put_relation(made.KEY, Relation("own-gp", made.GP))).result()


def test_by_an_access_token():
    rules = load_claims(CLAIMS)
    other = issuer(issuer="https://ehr.example", meaning=meaning(rules), keys=TrustedKeys(lambda: jwks(RSA)))
    place = Place(others=(other,))
    treats(place.house)
    assert place.overview(doctor(cpr="7102509989"), NANCY).status_code == 200
    assert "own-data" not in flagged(place.house)
    assert place.overview(doctor(cpr=NANCY), NANCY).status_code == 200
    assert "own-data" in flagged(place.house)


def test_by_a_login():
    world = World(claims=CLAIMS, acts=None)
    world.provider.changes = {"role": "Læge", "yder": made.GP.value, "cpr": NANCY, "name": "Nancy"}
    treats(world.house)
    assert search(world.log_in(), NANCY).status_code == 200
    assert "own-data" in flagged(world.house)


def test_by_a_soap_message():
    door = soap.Door()
    herself = msgspec.structs.replace(soap.person(), number=soap.NANCY)
    wanted = Wanted(audience=AUDIENCE, start=soap.NOW - 60_000, end=soap.NOW + soap.HOUR)
    token = signed(assertion(herself, wanted), "ID", soap.issuer().service)
    place = soap.place("general-practice")
    sent = message(token, Call(at=soap.NOW, subject=herself, patient=soap.NANCY, organisation=place))
    slots = "".join(
        soap.slot(name, value)
        for name, value in (
            ("$XDSDocumentEntryPatientId", f"'{soap.NANCY}^^^&1.2.208.176.1.2&ISO'"),
            ("$XDSDocumentEntryStatus", "('urn:oasis:names:tc:ebxml-regrep:StatusType:Approved')"),
        )
    )
    body = (
        f'<q:AdhocQueryRequest xmlns:q="{QUERY}" xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0">'
        f'<q:ResponseOption returnType="LeafClass"/><rim:AdhocQuery id="urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d">'
        f"{slots}</rim:AdhocQuery></q:AdhocQueryRequest>"
    )
    sent[1].append(etree.fromstring(body))
    assert door.post("/ddsregistry", etree.tostring(sent), "application/soap+xml; charset=utf-8").status_code == 200
    assert "own-data" in flagged(door.house, 7)
