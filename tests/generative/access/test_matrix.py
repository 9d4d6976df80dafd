"""Every actor kind × basis × block × document × age: the product and the slow statement of the rules agree on each."""

from itertools import product

import pytest

from patientoverblik.access import (
    Actor,
    Block,
    Custody,
    Evidence,
    Guardian,
    OrganisationRef,
    Override,
    Permit,
    PersonFacts,
    Policy,
    PowerOfAttorney,
    Principal,
    Question,
    Refusal,
    Relation,
    decide,
    visible,
)
from patientoverblik.sharing.model import Author, Code, DocumentEntry
from tests.generative.access import oracle

SOR = "1.2.208.176.1.1"
HOSPITAL, WARD, GP = (OrganisationRef(SOR, value) for value in ("1", "11", "2"))
UNITS = {(SOR, "11"): (SOR, "1")}
POLICY = Policy(units=UNITS)
DAY = 86_400_000
AT = 1_790_000_000_000
PATIENT, OTHER = 7, 8
LOINC = "2.16.840.1.113883.6.1"

ACTORS = {
    "professional": Actor("professional", "p", organisation=WARD),
    "authorised": Actor("professional", "p", organisation=WARD, authorisation="AUT01"),
    "at-hospital": Actor("professional", "p", organisation=HOSPITAL, authorisation="AUT01"),
    "nowhere": Actor("professional", "p"),
    "assistant": Actor("professional", "a", organisation=WARD, principal=Principal("p", authorisation="AUT01")),
    "unbacked": Actor("professional", "a", organisation=WARD, principal=Principal("p")),
    "national": Actor("professional", "n", organisation=WARD, national_role="PlejeAssR3"),
    "citizen": Actor("citizen", "c", person=PATIENT),
    "other-citizen": Actor("citizen", "o", person=OTHER),
    "relative": Actor("relative", "r", person=OTHER),
    "nobody": Actor("relative", "r"),
    "system": Actor("system", "s", organisation=WARD),
    "job": Actor("job", "j"),
    "officer": Actor("officer", "o", role="replay-officer"),
}
PURPOSES = ("treatment", "own-overview", "on-behalf", "delivery", "maintenance", "replay", "oversight", "blocking")
BASES = {
    "none": Evidence(),
    "confirmed": Evidence(relations=(Relation("contact", WARD),)),
    "incomplete": Evidence(relations=(Relation("referral", WARD, level="incomplete"),)),
    "above": Evidence(relations=(Relation("contact", HOSPITAL),)),
    "over": Evidence(relations=(Relation("contact", WARD, valid_until=AT),)),
    "custody": Evidence(custodies=(Custody("c", OTHER),)),
    "guardian": Evidence(guardians=(Guardian("g", OTHER, ("plans", "card")),)),
    "power": Evidence(powers=(PowerOfAttorney("p", OTHER, ("appointments",)),)),
    "custody-and-power": Evidence(
        (), (PowerOfAttorney("p", OTHER, ("plans",), for_child=True),), custodies=(Custody("c", OTHER),)
    ),
}
BLOCKS = {
    "none": (),
    "everything": (Block("b"),),
    "my-organisation": (Block("b", organisation=WARD),),
    "units-of-hospital": (Block("b", organisation=HOSPITAL, with_units=True),),
    "me": (Block("b", person="p"),),
    "me-elsewhere": (Block("b", person="my name at another door", authorisation="AUT01"),),
    "relative": (Block("b", relative=OTHER),),
    "origin": (Block("b", origin=GP),),
    "origin-units": (Block("b", origin=HOSPITAL, origin_with_units=True),),
    "period": (Block("b", origin_from=AT - 20 * DAY, origin_until=AT - 5 * DAY),),
    "type": (Block("b", types=("81215-6",)),),
    "over": (Block("b", valid_until=AT),),
    "shared-document": (Block("b"), Block("c", kind="consent", document="plan")),
    "in-the-patients-place": (Block("b", by="custody"),),
    "by-guardian-within": (Block("b", by="guardian", parts=("plans",)),),
    "shared-with-ward": (Block("b"), Block("c", kind="consent", organisation=WARD, origin=GP)),
}
AGES = {
    "unknown": PersonFacts(),
    "five": PersonFacts(born=AT - 5 * 365 * DAY),
    "fifteen": PersonFacts(born=AT - 15 * 366 * DAY),
    "adult": PersonFacts(born=AT - 40 * 366 * DAY),
    "dead-child": PersonFacts(born=AT - 5 * 365 * DAY, died=AT - DAY),
    "dead": PersonFacts(born=AT - 40 * 366 * DAY, died=AT - DAY),
    "long-dead": PersonFacts(born=AT - 40 * 366 * DAY, died=AT - 200 * DAY),
}


def a_document(name, **more):
    facts = {
        "uuid": name,
        "logical_id": name,
        "version": 1,
        "patient": PATIENT,
        "status": "approved",
        "unique_id": name,
    }
    facts |= {"content": name, "repository": "r", "home": "h", "registered": AT - DAY, "created": AT - 10 * DAY}
    return DocumentEntry(**(facts | {"authors": (Author(GP),), "parts": ("plans",)} | more))


DOCUMENTS = (
    a_document("plan", type_code=Code("81215-6", LOINC)),
    a_document("psychiatry", type_code=Code("81215-6", LOINC), parts=("plans", "psychiatry"), authors=(Author(WARD),)),
    a_document("appointment", type_code=Code("39289-4", LOINC), parts=("appointments",), created=AT - 2 * DAY),
    a_document("card", type_code=Code("PDC", "1.2.208.184.100.1"), parts=("card",)),
    a_document("kept-from-custody", withheld=("custody-holder",)),
    a_document("unknown", parts=()),
)


@pytest.mark.parametrize("actor", list(ACTORS))
@pytest.mark.parametrize("override", [None, Override("unreachable", "r")], ids=["plain", "override"])
def test_the_whole_matrix(actor, override):
    who = ACTORS[actor]
    for purpose, basis, blocks, age in product(PURPOSES, BASES, BLOCKS, AGES):
        evidence = with_(BASES[basis], BLOCKS[blocks], AGES[age])
        answer = decide(Question(who, PATIENT, purpose, AT, override), evidence, POLICY)
        for document in DOCUMENTS:
            expected = oracle.sees(who, PATIENT, purpose, AT, evidence, document, UNITS, override)
            mine = isinstance(answer, Permit) and visible(answer, document)
            assert mine == expected, (purpose, basis, blocks, age, document.unique_id)


def with_(basis, blocks, person):
    return Evidence(basis.relations, basis.powers, blocks, person, basis.custodies, basis.guardians)


def test_the_matrix_is_not_empty():
    """Every actor that may ever read does read something somewhere, and something is hidden from each who meets blocks."""
    for name, purpose, basis in READS:
        answer = decide(Question(ACTORS[name], PATIENT, purpose, AT), with_(BASES[basis], (), AGES["adult"]), POLICY)
        assert any(visible(answer, document) for document in DOCUMENTS), name
    for name in ("system", "officer", "nobody", "unbacked"):
        for purpose, basis in product(PURPOSES, BASES):
            answer = decide(Question(ACTORS[name], PATIENT, purpose, AT), BASES[basis], POLICY)
            assert isinstance(answer, Refusal) or not any(visible(answer, document) for document in DOCUMENTS)


READS = [
    ("professional", "treatment", "confirmed"),
    ("authorised", "treatment", "above"),
    ("at-hospital", "treatment", "confirmed"),
    ("assistant", "treatment", "incomplete"),
    ("national", "treatment", "incomplete"),
    ("citizen", "own-overview", "none"),
    ("relative", "on-behalf", "power"),
    ("relative", "on-behalf", "guardian"),
    ("job", "maintenance", "none"),
]
