"""Who may log on in the demo: personas with the organisation or the person they act for, and the evidence they rest on.

Every persona's name says what it is; none names a living person.
"""

from collections.abc import Mapping
from datetime import date
from typing import Literal

import msgspec

from patientoverblik.access import Actor, Custody, PersonFacts, PowerOfAttorney, Relation
from patientoverblik.care import parse_moment
from patientoverblik.demo import child, psychiatry
from patientoverblik.demo.identifiers import generated_number
from patientoverblik.demo.organisations import organisations
from patientoverblik.demo.storyboard import NUMBER

SPOUSE_NUMBER = generated_number(date(1946, 8, 3), 1047)
NO_POWER_NUMBER = generated_number(date(1971, 2, 19), 3001)
PARENT_NUMBER = generated_number(date(1986, 6, 11), 2087)


class Persona(msgspec.Struct, frozen=True, kw_only=True):
    """Someone a visitor may act as: ``label`` stands on the login page, ``organisation`` is a key of the table.

    ``number`` is the persona's own personal number where it is a citizen or a relative. ``patients`` are the numbers
    the login page offers to look at, the first one preselected.
    """

    id: str
    label: str
    kind: Literal["professional", "citizen", "relative", "officer"]
    role: str
    name: str
    organisation: str = ""
    number: str = ""
    patients: tuple[str, ...] = (NUMBER,)

    def actor(self, person: int = 0) -> Actor:
        """The persona as an actor; ``person`` is the patient key of its own number, 0 for a professional."""
        place = organisations()[self.organisation].reference if self.organisation else None
        return Actor(kind=self.kind, id=self.id, name=self.name, role=self.role, organisation=place, person=person)


BOTH = (NUMBER, psychiatry.NUMBER)
PATIENTS = {
    NUMBER: "Nancy Ann Test Berggren",
    psychiatry.NUMBER: "Testine Psykiatri",
    child.NUMBER: "Testbarn Astma",
}
PERSONAS: tuple[Persona, ...] = (
    Persona(
        id="egen-laege",
        label="Egen læge",
        kind="professional",
        role="Læge",
        name="Testlæge Praksis",
        organisation="general-practice",
        patients=BOTH,
    ),
    Persona(
        id="hjemmesygeplejerske",
        label="Hjemmesygeplejerske i kommunen",
        kind="professional",
        role="Sygeplejerske",
        name="Testsygeplejerske Hjemme",
        organisation="home-nursing",
    ),
    Persona(
        id="forebyggelse",
        label="Sygeplejerske i kommunens forebyggelse, bedt om at overtage noget",
        kind="professional",
        role="Sygeplejerske",
        name="Testsygeplejerske Forebyggelse",
        organisation="prevention",
    ),
    Persona(
        id="hospitalslaege",
        label="Læge på lungemedicinsk afdeling",
        kind="professional",
        role="Læge",
        name="Testlæge Lunge",
        organisation="lung",
    ),
    Persona(
        id="psykiatrisk-sygeplejerske",
        label="Sygeplejerske i psykiatrien",
        kind="professional",
        role="Sygeplejerske",
        name="Testkoordinator Psykiatri",
        organisation="psychiatry",
        patients=(psychiatry.NUMBER,),
    ),
    Persona(
        id="nancy",
        label="Nancy, borger",
        kind="citizen",
        role="Borger",
        name="Nancy Ann Test Berggren",
        number=NUMBER,
    ),
    Persona(
        id="testine",
        label="Testine, borger",
        kind="citizen",
        role="Borger",
        name="Testine Psykiatri",
        number=psychiatry.NUMBER,
        patients=(psychiatry.NUMBER,),
    ),
    Persona(
        id="aegtefaelle",
        label="Ægtefælle med fuldmagt til aftaler og planer",
        kind="relative",
        role="Pårørende",
        name="Ægtefælle",
        number=SPOUSE_NUMBER,
    ),
    Persona(
        id="paaroerende-uden-fuldmagt",
        label="Pårørende uden fuldmagt",
        kind="relative",
        role="Pårørende",
        name="Pårørende uden fuldmagt",
        number=NO_POWER_NUMBER,
    ),
    Persona(
        id="laege-uden-relation",
        label="Læge uden behandlingsrelation",
        kind="professional",
        role="Læge",
        name="Testlæge Langtfra",
        organisation="stranger",
    ),
    Persona(
        id="foraelder",
        label="Forælder med forældremyndighed over et barn på under 15 år",
        kind="relative",
        role="Pårørende",
        name="Testforælder",
        number=PARENT_NUMBER,
        patients=(child.NUMBER,),
    ),
)
OFFICERS: tuple[Persona, ...] = (
    Persona(
        id="sikkerhedsansvarlig",
        label="Sikkerhedsansvarlig",
        kind="officer",
        role="replay-officer",
        name="Test Sikkerhedsansvarlig",
        patients=(),
    ),
)


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What the registers say of one patient: relations, facts, and by number who has power of attorney or custody."""

    number: str
    person: PersonFacts
    relations: tuple[Relation, ...]
    powers: Mapping[str, PowerOfAttorney] = {}
    custodies: Mapping[str, Custody] = {}


def evidence() -> tuple[Evidence, ...]:
    """The evidence rows of the demo's patients; a holder is set to a patient key when the row is loaded."""
    power = PowerOfAttorney(id="demo-fuldmagt-1", holder=0, parts=("plans", "appointments", "card", "measurements"))
    treating = ("general-practice", "eye-clinic", "out-of-hours", "hospital", "emergency", "lung")
    return (
        Evidence(
            number=NUMBER,
            person=PersonFacts(born=parse_moment("1948-12-25").earliest),
            relations=_relations(treating, ("prevention", "home-nursing", "rehabilitation")),
            powers={SPOUSE_NUMBER: power},
        ),
        Evidence(
            number=psychiatry.NUMBER,
            person=PersonFacts(born=parse_moment("1979-05-14").earliest),
            relations=_relations(("general-practice", "psychiatry"), ("addiction",)),
        ),
        Evidence(
            number=child.NUMBER,
            person=PersonFacts(born=parse_moment(child.BORN).earliest),
            relations=_relations(("general-practice",), ()),
            custodies={PARENT_NUMBER: Custody(id="demo-foraeldremyndighed-1", holder=0)},
        ),
    )


def _relations(treating: tuple[str, ...], municipal: tuple[str, ...]) -> tuple[Relation, ...]:
    rows = organisations()
    return (
        Relation(kind="own-gp", organisation=rows["general-practice"].reference),
        *(Relation(kind="contact", organisation=rows[key].reference) for key in treating),
        *(Relation(kind="municipal-case", organisation=rows[key].reference) for key in municipal),
    )
