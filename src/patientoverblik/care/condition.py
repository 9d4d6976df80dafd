"""Conditions: what is or may be the matter with the patient's health."""

from typing import Annotated, ClassVar, Literal

from patientoverblik.care.item import Item
from patientoverblik.care.moment import Moment
from patientoverblik.care.terms import Term
from patientoverblik.care.values import Concept, Period, Unknown

ClinicalStatus = Literal["active", "improving", "worsened", "inactive", "resolved"]
Verification = Literal["suspected", "confirmed", "refuted", "entered-in-error"]
ConditionRole = Literal["main", "secondary", "risk", "function", "other"]


class Condition(Item, frozen=True, kw_only=True, tag_field="is", tag="condition"):
    """A health condition, coded or in words. Its clinical status and how sure it is stand apart."""

    term: ClassVar[Term] = Term(
        "helbredsforhold",
        "condition",
        "forhold ved en patients helbred som er observeret eller kan forekomme",
        "CPD-DK; Contsys health condition",
    )
    code: Annotated[Concept | Unknown, Term("kode", "code", "hvad det er", "CPD-DK observation.value")]
    role: Annotated[ConditionRole, Term("rolle", "role", "aktionsdiagnose, bidiagnose eller andet", "SKS ALGA")] = (
        "other"
    )
    clinical_status: Annotated[
        ClinicalStatus | Unknown,
        Term("klinisk status", "clinical status", "om det stadig er der", "FHIR Condition.clinicalStatus"),
    ] = Unknown()
    verification: Annotated[
        Verification | Unknown,
        Term("verifikation", "verification", "hvor sikkert det er", "FHIR Condition.verificationStatus"),
    ] = Unknown()
    laterality: Annotated[Concept | None, Term("lateralitet", "laterality", "side af kroppen", "SKS TUL")] = None
    severity: Annotated[Concept | None, Term("sværhedsgrad", "severity", "hvor alvorligt det er", "KL FSIII")] = None
    onset: Annotated[
        Period | None, Term("debut", "onset", "hvornår det begyndte og hørte op", "CPD-DK observation.effectiveTime")
    ] = None
    recorded: Annotated[
        Moment | None,
        Term("registreret", "recorded", "hvornår det begyndte at blive fulgt", "CPD-DK act.effectiveTime"),
    ] = None
