"""Interventions: what is planned or done towards a goal, and by whom."""

from typing import Annotated, ClassVar, Literal

from patientoverblik.care.item import Item
from patientoverblik.care.moment import Moment
from patientoverblik.care.party import Organisation, Participation
from patientoverblik.care.terms import Term
from patientoverblik.care.values import Concept, Identifier, Period, Unknown

Intent = Literal["proposal", "plan", "order"]
Authorisation = Literal["proposed", "granted", "declined", "revoked", "ended"]
Activity = Literal[
    "not-started", "scheduled", "in-progress", "on-hold", "completed", "cancelled", "stopped", "entered-in-error"
]
InterventionKind = Literal[
    "investigation",
    "treatment",
    "care",
    "training",
    "follow-up",
    "coordination",
    "advice",
    "medicine",
    "self-care",
    "referral",
    "service",
    "agreement",
    "early-sign-response",
    "other",
]


class Intervention(Item, frozen=True, kw_only=True, tag_field="is", tag="intervention"):
    """An intervention. Whether it is granted and how far it has come are two statuses that stand apart (KL)."""

    term: ClassVar[Term] = Term(
        "indsats",
        "intervention",
        "afgrænset handling der sigter mod et mål for en patient",
        "KL byggeblok Indsats 1.0.0",
    )
    kind: Annotated[
        InterventionKind, Term("type", "kind", "udredning, behandling, træning, råd med flere", "domænemodel; KL")
    ] = "other"
    code: Annotated[Concept | None, Term("kode", "code", "hvad der gøres", "SKS; FSIII")] = None
    intent: Annotated[Intent | Unknown, Term("hensigt", "intent", "forslag, plan eller bevilget", "KL FKI")] = Unknown()
    authorisation: Annotated[
        Authorisation | Unknown, Term("planstatus", "authorisation", "om indsatsen er bevilget", "KL FKI")
    ] = Unknown()
    activity: Annotated[
        Activity | Unknown, Term("aktivitetsstatus", "activity", "hvor langt indsatsen er", "KL FKI")
    ] = Unknown()
    status_reason: Annotated[
        str, Term("statusgrund", "status reason", "hvorfor den står som den gør", "FHIR statusReason")
    ] = ""
    instruction: Annotated[str, Term("handlingsanvisning", "instruction", "hvordan indsatsen udføres", "KL FKI")] = ""
    period: Annotated[Period | None, Term("periode", "period", "fra start til slut", "CPD-DK effectiveTime")] = None
    start_by: Annotated[
        Moment | None, Term("seneste start", "start by", "frist for at begynde", "MedCom RehabilitationDeadline")
    ] = None
    repetition: Annotated[str, Term("gentagelse", "repetition", "hvor ofte, i forfatterens ord", "KL FKI")] = ""
    next_due: Annotated[
        Moment | None, Term("næste gang", "next due", "hvornår en gentaget indsats er på tur", "projektet")
    ] = None
    performers: Annotated[
        tuple[Participation, ...], Term("udførere", "performers", "hvem der udfører den", "CPD-DK performer")
    ] = ()
    responsible: Annotated[
        Organisation | None, Term("ansvarlig", "responsible", "organisationen der har ansvaret", "KL FKI")
    ] = None
    requested_of: Annotated[
        Organisation | None, Term("anmodet", "requested of", "organisationen der henvises til", "Contsys referral")
    ] = None
    reasons: Annotated[
        tuple[Identifier, ...],
        Term("begrundelser", "reasons", "helbredsforhold der er anledning", "FKI indsatsbegrundelse"),
    ] = ()
    goals: Annotated[tuple[Identifier, ...], Term("mål", "goals", "mål indsatsen sigter mod", "KL FKI")] = ()
    realises: Annotated[
        tuple[Identifier, ...],
        Term(
            "realiserer",
            "realises",
            "henvisning hos en anden part som denne indsats udfører",
            "domænemodel, realiseretVed",
        ),
    ] = ()
    replaces: Annotated[
        tuple[Identifier, ...], Term("erstatter", "replaces", "indsats som denne træder i stedet for", "FHIR replaces")
    ] = ()
