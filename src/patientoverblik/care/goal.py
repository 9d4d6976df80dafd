"""Goals: wished-for future states, the patient's own and the professionals'."""

from typing import Annotated, ClassVar, Literal

from patientoverblik.care.item import Item
from patientoverblik.care.moment import Moment
from patientoverblik.care.party import Participation, Party
from patientoverblik.care.terms import Term, Value
from patientoverblik.care.values import Amount, Concept, Identifier, Period, Unknown

GoalKind = Literal["patient", "objective", "professional", "sub-goal", "expected-state"]
GoalLifecycle = Literal["proposed", "active", "on-hold", "completed", "cancelled", "entered-in-error"]
Achievement = Literal["in-progress", "improving", "worsening", "achieved", "sustained", "not-achieved"]
Horizon = Literal["short", "long"]


class Target(Value, frozen=True, kw_only=True):
    """What to measure and what value would mean that the goal is reached."""

    term: ClassVar[Term] = Term(
        "målkriterium", "target", "målelig værdi som viser om et mål er nået", "FKI målemetode; xShare goal.target"
    )
    measure: Annotated[Concept | Unknown, Term("målestok", "measure", "hvad der måles", "NPU; MCS")]
    amount: Annotated[Amount, Term("målværdi", "amount", "værdien der skal nås", "CPD-DK 2.0 observation.value")]
    due: Annotated[Moment | None, Term("frist", "due", "hvornår den skal være nået", "xShare goal.target.due")] = None


class Evaluation(Value, frozen=True, kw_only=True):
    """Somebody's judgement of how far a goal is reached."""

    term: ClassVar[Term] = Term(
        "målvurdering", "evaluation", "vurdering af i hvilken grad et mål er nået", "FKI målvurdering"
    )
    time: Annotated[Moment | Unknown, Term("dato", "time", "hvornår der blev vurderet", "FKI målvurdering")]
    achievement: Annotated[
        Achievement | Unknown, Term("grad", "achievement", "i hvilken grad målet er nået", "FHIR goal-achievement")
    ] = Unknown()
    words: Annotated[str, Term("ord", "words", "vurderingen i forfatterens ord", "FKI målvurdering")] = ""
    by: Annotated[Party | None, Term("af", "by", "hvem der vurderede", "FKI målvurdering")] = None


class Goal(Item, frozen=True, kw_only=True, tag_field="is", tag="goal"):
    """A goal: who expressed it decides whose it is; who documented it is told apart."""

    term: ClassVar[Term] = Term(
        "mål", "goal", "ønsket fremtidig tilstand som en indsats sigter mod", "KL FKI Goal; Contsys healthcare goal"
    )
    kind: Annotated[
        GoalKind,
        Term(
            "kategori",
            "kind",
            "patientens, overordnet, fagligt, delmål eller forventet tilstand",
            "KL FKI; domænemodel 2.0",
        ),
    ]
    code: Annotated[Concept | None, Term("kode", "code", "hvad målet handler om", "CPD-DK observation.code")] = None
    lifecycle: Annotated[
        GoalLifecycle | Unknown,
        Term("livscyklus", "lifecycle", "om der arbejdes med målet", "FHIR Goal.lifecycleStatus"),
    ] = Unknown()
    achievement: Annotated[
        Achievement | None,
        Term("opnåelse", "achievement", "i hvilken grad målet er nået", "FHIR Goal.achievementStatus"),
    ] = None
    period: Annotated[
        Period | None, Term("periode", "period", "fra start til frist", "CPD-DK observation.effectiveTime")
    ] = None
    due: Annotated[Moment | None, Term("frist", "due", "hvornår målet skal være nået", "xShare goal.due")] = None
    expressed_by: Annotated[
        Party | Unknown, Term("udtrykt af", "expressed by", "hvem der ønsker det", "KL FKI; FHIR Goal.expressedBy")
    ] = Unknown()
    targets: Annotated[
        tuple[Target, ...], Term("målkriterier", "targets", "målelige værdier", "xShare goal.target")
    ] = ()
    importance: Annotated[
        str, Term("vigtighed", "importance", "hvor vigtigt målet er, som forfatteren skrev det", "FHIR Goal.priority")
    ] = ""
    horizon: Annotated[Horizon | None, Term("horisont", "horizon", "kort eller lang sigt", "dansk pilot 2016")] = None
    evaluations: Annotated[
        tuple[Evaluation, ...], Term("målvurderinger", "evaluations", "vurderinger over tid", "FKI målvurdering")
    ] = ()
    addresses: Annotated[
        tuple[Identifier, ...], Term("adresserer", "addresses", "helbredsforhold målet gælder", "FHIR Goal.addresses")
    ] = ()
    supports: Annotated[
        tuple[Identifier, ...], Term("understøtter", "supports", "mål som dette mål støtter", "KL goalRelationship")
    ] = ()
    part_of: Annotated[
        tuple[Identifier, ...], Term("del af", "part of", "mål som dette mål er et trin mod", "KL goalRelationship")
    ] = ()
    helpers: Annotated[
        tuple[Participation, ...], Term("hjælpere", "helpers", "hvem der hjælper med målet", "ux.md")
    ] = ()
