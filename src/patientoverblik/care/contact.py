"""Contacts: meetings between patient and professional that have taken place or are taking place."""

from typing import Annotated, ClassVar, Literal

from patientoverblik.care.item import Item
from patientoverblik.care.party import Organisation, Participation
from patientoverblik.care.terms import Term
from patientoverblik.care.values import Concept, Identifier, Period, Unknown

ContactClass = Literal["inpatient", "ambulatory", "home", "virtual", "emergency", "other"]
ContactStatus = Literal["planned", "in-progress", "completed", "cancelled", "entered-in-error"]


class Contact(Item, frozen=True, kw_only=True, tag_field="is", tag="contact"):
    """A contact, with or without a plan behind it."""

    term: ClassVar[Term] = Term(
        "kontakt", "contact", "samspil mellem patient og sundhedsperson", "Contsys contact; domænemodel 2.0"
    )
    status: Annotated[ContactStatus | Unknown, Term("status", "status", "om kontakten har fundet sted", "KL FKI")] = (
        Unknown()
    )
    setting: Annotated[
        ContactClass,
        Term("klasse", "setting", "indlæggelse, ambulant, hjemme, virtuel eller akut", "HL7 v3 ActEncounterCode"),
    ] = "other"
    code: Annotated[Concept | None, Term("kode", "code", "hvilken slags kontakt", "SKS")] = None
    period: Annotated[
        Period | None, Term("periode", "period", "fra start til slut", "CPD-DK encompassingEncounter")
    ] = None
    organisation: Annotated[
        Organisation | None, Term("organisation", "organisation", "hvor kontakten var", "KL FKI")
    ] = None
    performers: Annotated[
        tuple[Participation, ...], Term("udførere", "performers", "hvem patienten mødte", "KL FKI")
    ] = ()
    appointment: Annotated[
        tuple[Identifier, ...], Term("aftale", "appointment", "aftalen kontakten opfylder", "domænemodel 2.0")
    ] = ()
