"""Who: persons, organisations and relatives, and the parts they play in a plan."""

from typing import Annotated, ClassVar, Literal

from patientoverblik.care.moment import Moment
from patientoverblik.care.terms import Term, Value
from patientoverblik.care.values import Address, Coding, Concept, Identifier, Period, PersonName, Telecom

PartyKind = Literal["patient", "relative", "professional", "organisation", "system"]
Role = Literal[
    "author",
    "documenter",
    "informant",
    "responsible",
    "performer",
    "recipient",
    "coordinator",
    "lead",
    "responsible-physician",
    "team-member",
    "requester",
    "contact-point",
    "relative",
    "patient",
    "other",
]


class Organisation(Value, frozen=True, kw_only=True, tag_field="is", tag="organisation"):
    """A healthcare organisation or a unit of one; its identifiers are SOR, ydernummer or local."""

    term: ClassVar[Term] = Term(
        "sundhedsorganisation", "healthcare organisation", "organisation der yder sundhedsaktivitet", "Contsys; SOR"
    )
    ids: Annotated[
        tuple[Identifier, ...], Term("identifikatorer", "ids", "SOR-kode, ydernummer eller lokal kode", "DK CDA Header")
    ] = ()
    name: Annotated[str, Term("navn", "name", "organisationens navn som skrevet", "DK CDA Header")] = ""
    addresses: Annotated[
        tuple[Address, ...], Term("adresser", "addresses", "hvor organisationen findes", "DK CDA Header")
    ] = ()
    telecoms: Annotated[
        tuple[Telecom, ...], Term("kontaktveje", "telecoms", "hvor organisationen kan nås", "DK CDA Header")
    ] = ()


class Party(Value, frozen=True, kw_only=True, tag_field="is", tag="party"):
    """A healthcare actor as a document names it: a person, the organisation spoken for, or both."""

    term: ClassVar[Term] = Term(
        "sundhedsaktør",
        "healthcare actor",
        "aktør der deltager i sundhedsaktivitet for en patient",
        "Contsys; KL byggeblok Aktør 1.0",
    )
    kind: Annotated[
        PartyKind, Term("art", "kind", "patient, pårørende, fagperson, organisation eller system", "projektet")
    ]
    ids: Annotated[
        tuple[Identifier, ...],
        Term("identifikatorer", "ids", "personens eller rollens identifikatorer", "DK CDA Header"),
    ] = ()
    name: Annotated[PersonName | None, Term("navn", "name", "personens navn", "DK CDA Header")] = None
    code: Annotated[
        Coding | None, Term("rollekode", "code", "rollens kode som skrevet", "HL7 v3 AssignedEntity.code")
    ] = None
    profession: Annotated[
        Coding | None, Term("faggruppe", "profession", "personens faggruppe", "SKS personaleklassifikation")
    ] = None
    organisation: Annotated[
        Organisation | None, Term("organisation", "organisation", "organisationen der tales for", "DK CDA Header")
    ] = None
    addresses: Annotated[
        tuple[Address, ...], Term("adresser", "addresses", "hvor aktøren findes", "DK CDA Header")
    ] = ()
    telecoms: Annotated[
        tuple[Telecom, ...], Term("kontaktveje", "telecoms", "hvor aktøren kan nås", "DK CDA Header")
    ] = ()


class Participation(Value, frozen=True, kw_only=True):
    """A party and the part it plays, when it plays it."""

    term: ClassVar[Term] = Term(
        "plandeltagelse",
        "participation",
        "funktion som en sundhedsaktør udfylder i en plan",
        "domænemodel kap. 4; Contsys",
    )
    role: Annotated[Role, Term("rolle", "role", "delen aktøren spiller", "domænemodel kap. 4")]
    party: Annotated[Party, Term("aktør", "party", "hvem der deltager", "Contsys")]
    period: Annotated[
        Period | None, Term("periode", "period", "hvornår rollen gælder", "FHIR CareTeam.participant.period")
    ] = None
    time: Annotated[
        Moment | None, Term("tidspunkt", "time", "hvornår der blev skrevet eller handlet", "HL7 v3 Participation.time")
    ] = None


class Relative(Value, frozen=True, kw_only=True, tag_field="is", tag="relative"):
    """A person close to the patient, named as a contact."""

    term: ClassVar[Term] = Term(
        "pårørende",
        "relative",
        "person der har en nær relation til en patient og er angivet som kontakt",
        "Contsys next of kin; PDC-DK",
    )
    place: Annotated[str, Term("plads", "place", "hvor i dokumentets læsning det står", "projektet")] = ""
    name: Annotated[PersonName | None, Term("navn", "name", "den pårørendes navn", "PDC-DK RelativeTypedIn")] = None
    relation: Annotated[Concept | None, Term("relation", "relation", "hvilken relation", "PDC-DK RelativeTypedIn")] = (
        None
    )
    telecoms: Annotated[
        tuple[Telecom, ...], Term("kontaktveje", "telecoms", "hvor den pårørende kan nås", "PDC-DK RelativeTypedIn")
    ] = ()
    addresses: Annotated[
        tuple[Address, ...], Term("adresser", "addresses", "hvor den pårørende bor", "CPD-DK informant")
    ] = ()
    note: Annotated[str, Term("bemærkning", "note", "fri tekst om den pårørende", "PDC-DK RelativeTypedIn")] = ""
    entered: Annotated[
        Participation | None, Term("indtastet", "entered", "hvem der skrev det og hvornår", "PDC-DK 3.0")
    ] = None


class Patient(Value, frozen=True, kw_only=True):
    """The patient as one document names them."""

    term: ClassVar[Term] = Term(
        "patient", "patient", "person der søger, modtager eller har modtaget sundhedsydelser", "Contsys subject of care"
    )
    ids: Annotated[
        tuple[Identifier, ...], Term("identifikatorer", "ids", "CPR-nummer eller erstatningsnummer", "DK CDA Header")
    ] = ()
    name: Annotated[PersonName | None, Term("navn", "name", "patientens navn", "DK CDA Header")] = None
    gender: Annotated[str, Term("køn", "gender", "F, M eller UN", "HL7 v3 AdministrativeGender")] = ""
    birth: Annotated[Moment | None, Term("født", "birth", "fødselsdato", "DK CDA Header")] = None
    addresses: Annotated[tuple[Address, ...], Term("adresser", "addresses", "hvor patienten bor", "DK CDA Header")] = ()
    telecoms: Annotated[
        tuple[Telecom, ...], Term("kontaktveje", "telecoms", "hvor patienten kan nås", "DK CDA Header")
    ] = ()
    general_practice: Annotated[
        Organisation | None, Term("egen læge", "general practice", "lægen patienten er tilmeldt", "DK CDA Header")
    ] = None
