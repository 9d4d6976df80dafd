"""Plans: one actor's gathering of goals and interventions. The shared plan is derived from them and never stored."""

from typing import Annotated, ClassVar, Literal

from patientoverblik.care.item import Item
from patientoverblik.care.moment import Moment
from patientoverblik.care.party import Organisation, Participation, Party
from patientoverblik.care.terms import Term, Value
from patientoverblik.care.values import Coding, Identifier, Period, Unknown

PlanKind = Literal[
    "pathway-plan",
    "rehabilitation-plan",
    "treatment-plan",
    "follow-up-plan",
    "municipal-plan",
    "nursing-plan",
    "coordinating-action-plan",
    "crisis-plan",
    "patient-goals",
    "contact-note",
    "handover-answer",
    "message",
    "other",
]
PlanStatus = Literal["draft", "active", "on-hold", "revoked", "completed", "entered-in-error"]
Commitment = Literal["requested", "accepted", "declined", "started", "ended"]


class Responsibility(Value, frozen=True, kw_only=True):
    """One actor's right and duty to carry a plan or an intervention for a time, and whether the actor has accepted it."""

    term: ClassVar[Term] = Term(
        "ansvar", "responsibility", "opgave tildelt én sundhedsaktør i en periode", "Contsys healthcare mandate"
    )
    place: Annotated[str, Term("plads", "place", "hvor i dokumentets læsning det står", "projektet")] = ""
    organisation: Annotated[Organisation, Term("ansvarlig", "organisation", "hvem der har ansvaret", "Contsys")]
    party: Annotated[Party | None, Term("person", "party", "personen der har ansvaret", "Contsys")] = None
    period: Annotated[Period, Term("periode", "period", "fra og til hvornår", "Contsys")] = Period()
    commitment: Annotated[
        Commitment | Unknown,
        Term("tilsagn", "commitment", "om ansvaret er taget på sig", "Contsys healthcare commitment"),
    ] = Unknown()
    covers: Annotated[
        tuple[Identifier, ...],
        Term("gælder", "covers", "indsatser ansvaret gælder; tom betyder hele planen", "Contsys"),
    ] = ()
    words: Annotated[str, Term("ord", "words", "ansvaret i forfatterens ord", "projektet")] = ""


class Plan(Item, frozen=True, kw_only=True, tag_field="is", tag="plan"):
    """A plan one party is responsible for; each document that carries it is a snapshot."""

    term: ClassVar[Term] = Term(
        "aktørplan", "plan", "plan som én sundhedsaktør har ansvaret for", "domænemodel 2.0 afsnit 5.2; CPD-DK"
    )
    kind: Annotated[PlanKind, Term("kategori", "kind", "forløbsplan, genoptræningsplan med flere", "CPD-DK; KL FKI")]
    title: Annotated[str, Term("titel", "title", "planens navn som forfatteren skrev det", "CPD-DK title")] = ""
    status: Annotated[
        PlanStatus | Unknown, Term("status", "status", "om planen gælder", "KL FKI; FHIR CarePlan.status")
    ] = Unknown()
    period: Annotated[
        Period | None, Term("periode", "period", "hvornår planen gælder", "CPD-DK serviceEvent.effectiveTime")
    ] = None
    review: Annotated[Moment | None, Term("revurdering", "review", "hvornår planen skal ses igennem igen", "ux.md")] = (
        None
    )
    responsible: Annotated[
        Organisation | Unknown, Term("ansvarlig", "responsible", "organisationen der har planen", "CPD-DK custodian")
    ] = Unknown()
    labels: Annotated[
        tuple[Coding, ...], Term("mærker", "labels", "forløb planen hører til", "SKS ALAL; CPD-DK 2.0")
    ] = ()
    participants: Annotated[
        tuple[Participation, ...], Term("deltagere", "participants", "hvem der deltager i planen", "CPD-DK header")
    ] = ()
    responsibilities: Annotated[
        tuple[Responsibility, ...], Term("ansvar", "responsibilities", "hvem der har ansvaret hvornår", "Contsys")
    ] = ()
    consent: Annotated[
        Coding | None, Term("samtykke", "consent", "samtykke nævnt i planen", "CPD-DK authorization")
    ] = None
    consent_status: Annotated[
        str, Term("samtykkestatus", "consent status", "samtykkets status som skrevet", "CPD-DK authorization")
    ] = ""
