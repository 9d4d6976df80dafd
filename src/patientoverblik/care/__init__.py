"""The domain model: what care is, as frozen values (information model of the shared patient overview)."""

from patientoverblik.care.appointment import Appointment, AppointmentSector, AppointmentStatus, Place
from patientoverblik.care.card import Answer, CardField, CardItem, Origin
from patientoverblik.care.condition import ClinicalStatus, Condition, ConditionRole, Verification
from patientoverblik.care.contact import Contact, ContactClass, ContactStatus
from patientoverblik.care.contribution import Contribution, DocumentFacts, Passage
from patientoverblik.care.goal import Achievement, Evaluation, Goal, GoalKind, GoalLifecycle, Horizon, Target
from patientoverblik.care.intervention import Activity, Authorisation, Intent, Intervention, InterventionKind
from patientoverblik.care.item import Item
from patientoverblik.care.measurement import MeasuredBy, Measurement
from patientoverblik.care.moment import COPENHAGEN, Moment, Precision, moment_of, parse_moment, to_millis
from patientoverblik.care.party import Organisation, Participation, Party, PartyKind, Patient, Relative, Role
from patientoverblik.care.plan import Commitment, Plan, PlanKind, PlanStatus, Responsibility
from patientoverblik.care.terms import Term, Value, class_term, field_terms
from patientoverblik.care.values import (
    Address,
    Amount,
    Bound,
    Coding,
    Concept,
    Identifier,
    Period,
    PersonName,
    Quantity,
    Range,
    Reason,
    Telecom,
    Text,
    Unknown,
)

__all__ = [
    "COPENHAGEN",
    "Achievement",
    "Activity",
    "Address",
    "Amount",
    "Answer",
    "Appointment",
    "AppointmentSector",
    "AppointmentStatus",
    "Authorisation",
    "Bound",
    "CardField",
    "CardItem",
    "ClinicalStatus",
    "Coding",
    "Commitment",
    "Concept",
    "Condition",
    "ConditionRole",
    "Contact",
    "ContactClass",
    "ContactStatus",
    "Contribution",
    "DocumentFacts",
    "Evaluation",
    "Goal",
    "GoalKind",
    "GoalLifecycle",
    "Horizon",
    "Identifier",
    "Intent",
    "Intervention",
    "InterventionKind",
    "Item",
    "MeasuredBy",
    "Measurement",
    "Moment",
    "Organisation",
    "Origin",
    "Participation",
    "Party",
    "PartyKind",
    "Passage",
    "Patient",
    "Period",
    "PersonName",
    "Place",
    "Plan",
    "PlanKind",
    "PlanStatus",
    "Precision",
    "Quantity",
    "Range",
    "Reason",
    "Relative",
    "Responsibility",
    "Role",
    "Target",
    "Telecom",
    "Term",
    "Text",
    "Unknown",
    "Value",
    "Verification",
    "class_term",
    "field_terms",
    "moment_of",
    "parse_moment",
    "to_millis",
]
