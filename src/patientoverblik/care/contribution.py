"""What one document contributes to the overview."""

from typing import Annotated, ClassVar

from patientoverblik.care.appointment import Appointment
from patientoverblik.care.card import CardItem
from patientoverblik.care.condition import Condition
from patientoverblik.care.contact import Contact
from patientoverblik.care.goal import Goal
from patientoverblik.care.intervention import Intervention
from patientoverblik.care.measurement import Measurement
from patientoverblik.care.moment import Moment
from patientoverblik.care.party import Organisation, Participation, Patient, Relative
from patientoverblik.care.plan import Plan
from patientoverblik.care.terms import Term, Value
from patientoverblik.care.values import Coding, Identifier, Period, Unknown


class Passage(Value, frozen=True, kw_only=True, tag_field="is", tag="passage"):
    """A part of a document that stands in words only."""

    term: ClassVar[Term] = Term(
        "tekstafsnit", "passage", "del af et dokument der kun står i ord", "CPD-DK section.text"
    )
    place: Annotated[str, Term("plads", "place", "hvor i dokumentets læsning det står", "projektet")] = ""
    title: Annotated[str, Term("overskrift", "title", "afsnittets overskrift", "CPD-DK section.title")] = ""
    code: Annotated[Coding | None, Term("kode", "code", "afsnittets kode", "MedCom Message Codes")] = None
    words: Annotated[str, Term("ord", "words", "forfatterens ord, ordret", "CPD-DK section.text")] = ""


class DocumentFacts(Value, frozen=True, kw_only=True):
    """What the document says of itself."""

    term: ClassVar[Term] = Term(
        "kildedokument", "source document", "dokument som en oplysning stammer fra", "IHE XDS; DK CDA Header"
    )
    id: Annotated[Identifier, Term("dokument-id", "id", "dokumentets identifikator", "DK CDA Header id")]
    title: Annotated[str, Term("titel", "title", "dokumentets titel som skrevet", "DK CDA Header title")] = ""
    created: Annotated[
        Moment | Unknown, Term("oprettet", "created", "hvornår dokumentet blev lavet", "DK CDA Header effectiveTime")
    ] = Unknown()
    series: Annotated[
        Identifier | None, Term("række", "series", "identifikator der er ens i alle versioner", "DK CDA Header setId")
    ] = None
    version: Annotated[
        int | None, Term("version", "version", "versionens nummer i rækken", "DK CDA Header versionNumber")
    ] = None
    replaces: Annotated[
        tuple[Identifier, ...],
        Term("erstatter", "replaces", "dokumenter dette dokument erstatter", "HL7 v3 relatedDocument RPLC"),
    ] = ()
    authors: Annotated[
        tuple[Participation, ...], Term("forfattere", "authors", "hvem der skrev dokumentet", "DK CDA Header author")
    ] = ()
    custodian: Annotated[
        Organisation | None,
        Term("dataansvarlig", "custodian", "organisationen der har dokumentet", "DK CDA Header custodian"),
    ] = None
    recipients: Annotated[
        tuple[Participation, ...],
        Term("modtagere", "recipients", "hvem dokumentet er sendt til", "DK CDA Header informationRecipient"),
    ] = ()
    code: Annotated[
        Coding | None, Term("dokumenttype", "code", "hvad for et dokument det er", "DK CDA Header code; XDS typeCode")
    ] = None
    language: Annotated[str, Term("sprog", "language", "dokumentets sprog", "DK CDA Header languageCode")] = ""
    confidentiality: Annotated[
        Coding | None, Term("fortrolighed", "confidentiality", "dokumentets fortrolighed", "DK CDA Header")
    ] = None
    period: Annotated[
        Period | None, Term("periode", "period", "tiden dokumentet handler om", "DK CDA Header serviceEvent")
    ] = None
    labels: Annotated[
        tuple[Coding, ...], Term("mærker", "labels", "forløb dokumentet hører til", "SKS ALAL; XDS eventCodeList")
    ] = ()
    episodes: Annotated[
        tuple[Identifier, ...], Term("forløbsnumre", "episodes", "forløb dokumentet hører til", "XDS referenceIdList")
    ] = ()
    legal_authenticator: Annotated[
        Participation | None,
        Term("godkendt af", "legal authenticator", "hvem der har godkendt dokumentet", "DK CDA Header"),
    ] = None
    profile: Annotated[str, Term("profil", "profile", "profilen dokumentet er læst med", "projektet")] = ""
    example_profile: Annotated[
        bool, Term("eksempelprofil", "example profile", "om profilen er vores egen og ikke en national", "DESIGN 23")
    ] = False


class Contribution(Value, frozen=True, kw_only=True):
    """Everything one document says that the overview can show, in the domain's words."""

    term: ClassVar[Term] = Term(
        "bidrag", "contribution", "alt hvad ét dokument bidrager med til overblikket", "projektet"
    )
    document: Annotated[DocumentFacts, Term("dokument", "document", "dokumentet bidraget kommer fra", "IHE XDS")]
    patient: Annotated[Patient, Term("patient", "patient", "patienten som dokumentet nævner", "DK CDA Header")]
    plan: Annotated[Plan | None, Term("plan", "plan", "planen dokumentet bærer", "CPD-DK")] = None
    conditions: Annotated[
        tuple[Condition, ...], Term("helbredsforhold", "conditions", "helbredsforhold i dokumentet", "CPD-DK")
    ] = ()
    goals: Annotated[tuple[Goal, ...], Term("mål", "goals", "mål i dokumentet", "CPD-DK")] = ()
    interventions: Annotated[
        tuple[Intervention, ...], Term("indsatser", "interventions", "indsatser i dokumentet", "CPD-DK")
    ] = ()
    measurements: Annotated[
        tuple[Measurement, ...], Term("målinger", "measurements", "målinger i dokumentet", "CPD-DK")
    ] = ()
    contacts: Annotated[tuple[Contact, ...], Term("kontakter", "contacts", "kontakter i dokumentet", "CPD-DK")] = ()
    appointments: Annotated[
        tuple[Appointment, ...], Term("aftaler", "appointments", "aftaler i dokumentet", "APD-DK")
    ] = ()
    card: Annotated[
        tuple[CardItem, ...], Term("stamoplysninger", "card", "stamoplysninger i dokumentet", "PDC-DK")
    ] = ()
    relatives: Annotated[
        tuple[Relative, ...], Term("pårørende", "relatives", "pårørende i dokumentet", "PDC-DK; CPD-DK")
    ] = ()
    passages: Annotated[tuple[Passage, ...], Term("tekstafsnit", "passages", "dele der kun står i ord", "CPD-DK")] = ()
