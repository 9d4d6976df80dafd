"""Health conditions as concern acts with one diagnosis each (CPD-DK, section 75310-3)."""

from patientoverblik.care import Condition
from patientoverblik.formats.cda.compose.party import wire_authors
from patientoverblik.formats.cda.compose.values import (
    statement,
    wire_concept,
    wire_concept_or_null,
    wire_ids,
    wire_moment,
    wire_period,
    wire_text,
)
from patientoverblik.formats.cda.constructs import coded
from patientoverblik.formats.cda.datatypes import CD
from patientoverblik.formats.cda.derive.meaning import CONDITION_STATUS, writing
from patientoverblik.formats.cda.record import Concern, Diagnosis

CONCERN = CD(code="75310-3", system="2.16.840.1.113883.6.1", system_name="LOINC", display="Health Concern")
_ROLES = writing("condition_role")
_STATUS = {
    "active": "active",
    "improving": "active",
    "worsened": "active",
    "inactive": "suspended",
    "resolved": "completed",
}


def concern_of(condition: Condition) -> Concern:
    """A condition as it is written: the act says that it is followed, the diagnosis what it is."""
    status = (
        _STATUS.get(condition.clinical_status, "active") if isinstance(condition.clinical_status, str) else "active"
    )
    diagnosis = Diagnosis(
        code=_ROLES.get(condition.role) or coded(f"condition-role.{condition.role}"),
        time=wire_period(condition.onset),
        value=wire_concept_or_null(condition.code),
        clinical_status=statement(condition.clinical_status, "clinical-status", CONDITION_STATUS.get(status)),
        verification=statement(condition.verification, "verification", None),
        laterality=wire_concept(condition.laterality),
        severity=wire_concept(condition.severity),
    )
    return Concern(
        ids=wire_ids(condition.ids),
        code=CONCERN,
        words=condition.words,
        status=status,
        time=wire_moment(condition.recorded),
        authors=wire_authors(condition.documented_by),
        diagnoses=(diagnosis,),
        note=wire_text(condition.note),
    )
