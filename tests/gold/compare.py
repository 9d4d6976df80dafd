"""Compares what a person read in a sample with what the reader made of it; every fact that is not met is told in words.

Times: a fact given as a date is met by any moment of that written day; a fact with a clock time by the same instant.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from patientoverblik.care import Concept, Identifier, Moment, Party, PersonName, Unknown, parse_moment
from patientoverblik.formats.model import Reading

CPR = "1.2.208.176.1.2"
Fact = dict[str, Any]


def unmet(gold: Fact, reading: Reading) -> list[str]:
    """Every fact of the gold table that the reading does not hold, and every fact it may not hold but does."""
    care, lost = reading.care, " ".join(loss.place for loss in reading.losses)
    return [
        *_header(gold, care),
        *_lists(gold, care, lost),
        *_measurements(gold.get("measurements", {}), care.measurements),
        *(f"there should be no {name}" for name in gold.get("none", []) if getattr(care, name)),
        *_contradiction(gold, reading),
    ]


def _header(gold: Fact, care: Any) -> Iterator[str]:
    document, patient = gold.get("document", {}), gold.get("patient", {})
    yield from _wrong("document", document, {name: DOCUMENT[name](care.document) for name in document})
    yield from _wrong("patient", patient, {name: PATIENT[name](care.patient) for name in patient})
    if "plan" in gold:
        told = {name: PLAN[name](care.plan) for name in gold["plan"]} if care.plan else {}
        yield from _wrong("plan", gold["plan"], told)


def _lists(gold: Fact, care: Any, lost: str) -> Iterator[str]:
    sources = {
        "authors": care.document.authors,
        "recipients": care.document.recipients,
        "participants": care.plan.participants if care.plan else (),
        "relatives": care.relatives,
        "conditions": care.conditions,
        "goals": care.goals,
        "interventions": care.interventions,
        "contacts": care.contacts,
        "done": (*care.interventions, *care.contacts),
        "appointments": care.appointments,
        "card": care.card,
        "passages": care.passages,
    }
    for name, items in sources.items():
        for fact in gold.get(name, []):
            yield from _one(name, fact, items, lost)


def _one(name: str, fact: Fact, items: Iterable[Any], lost: str) -> Iterator[str]:
    wanted = {key: value for key, value in fact.items() if key not in ("or_lost", "only")}
    told = [{key: _ITEMS[name][key](item) for key in wanted} for item in items]
    fitting = [one for one in told if all(_fits(wanted[key], one[key]) for key in wanted)]
    if not fitting and not ("or_lost" in fact and fact["or_lost"] in lost):
        yield f"{name}: nothing says {wanted}; there is {told}"
    if fact.get("only") and sum(item.field == fact["field"] for item in items) != 1:
        yield f"{name}: {fact['field']} should stand once"


def _measurements(gold: Fact, measured: Iterable[Any]) -> Iterator[str]:
    told = [_measurement(one) for one in measured]
    for row in gold.get("rows", []):
        code, digits, unit, time, status, by, note = (*row, *("",) * (7 - len(row)))
        wanted = {"code": code, "digits": digits, "unit": unit, "time": time, "status": status, "by": by, "note": note}
        wanted["by"] = by or gold.get("measured_by", "")
        wanted = {key: value for key, value in wanted.items() if value}
        if not any(all(_fits(value, one[key]) for key, value in wanted.items()) for one in told):
            yield f"measurements: nothing says {wanted}"
    if "count" in gold and gold["count"] != len(told):
        yield f"measurements: {len(told)} instead of {gold['count']}"


def _measurement(one: Any) -> Fact:
    return {
        "code": _codes(one.code),
        "digits": getattr(one.amount, "value", ""),
        "unit": getattr(one.amount, "unit", ""),
        "time": one.time,
        "status": one.status,
        "by": one.measured_by,
        "note": _Within(one.note),
    }


def _contradiction(gold: Fact, reading: Reading) -> Iterator[str]:
    if "contradiction" in gold and not any("narrative" in finding.code for finding in reading.findings):
        yield f"nothing tells that narrative and entry differ at {gold['contradiction']['place']}"


def _wrong(name: str, wanted: Fact, told: Fact) -> Iterator[str]:
    for key, value in wanted.items():
        if key not in told or not _fits(value, told[key]):
            yield f"{name}.{key} should be {value!r}, is {told.get(key)!r}"


class _Starts(str):
    """A text that a fact gives the beginning of."""


class _Ends(str):
    """A text that a fact gives the end of."""


class _Within(str):
    """A text that a fact gives words of."""


def _fits(wanted: Any, told: Any) -> bool:
    if isinstance(told, Moment):
        return _same_time(wanted, told)
    if isinstance(told, _Within):
        return all(word in told for word in ([wanted] if isinstance(wanted, str) else wanted))
    if isinstance(told, _Starts):
        return told.startswith(wanted)
    if isinstance(told, _Ends):
        return told.endswith(wanted)
    if isinstance(told, (set, frozenset)):
        return set([wanted] if isinstance(wanted, str) else wanted) <= told
    return list(wanted) == list(told) if isinstance(wanted, list) else wanted == told


def _same_time(wanted: str, told: Moment) -> bool:
    return told.text[:10] == wanted if len(wanted) == 10 else told.earliest == parse_moment(wanted).earliest


def _codes(concept: Concept | Unknown | None) -> set[str]:
    return {coding.code for coding in concept.codings} if isinstance(concept, Concept) else set()


def _displays(concept: Concept | Unknown | None) -> set[str]:
    return {concept.text, *(coding.display for coding in concept.codings)} if isinstance(concept, Concept) else set()


def _values(ids: Iterable[Identifier]) -> set[str]:
    return {one.value for one in ids} | {one.system for one in ids}


def _name(of: Any) -> PersonName:
    return getattr(of, "name", None) or PersonName()


def _party(of: Any) -> Party:
    return of.party if of is not None else Party(kind="organisation")


def _organisation(party: Party) -> str:
    return party.organisation.name if party.organisation else ""


def _by(item: Any) -> Party:
    return item.documented_by[0].party if item.documented_by else Party(kind="organisation")


def _telecoms(of: Any) -> set[str]:
    return {one.value for one in of.telecoms}


def _cities(of: Any, *uses: str) -> set[str]:
    return {one.city for one in of.addresses if not uses or one.use in uses} if of else set()


def _lines(of: Any) -> set[str]:
    return {line for one in of.addresses for line in one.lines} if of else set()


def _postal_codes(of: Any) -> set[str]:
    return {one.postal_code for one in of.addresses}


def _edge(period: Any, name: str) -> Any:
    return getattr(period, name, None)


def _words(item: Any) -> _Within:
    return _Within(" ".join(item.words.split()))


def _cpr_tail(patient: Any) -> _Ends:
    return _Ends(next((one.value for one in patient.ids if one.system == CPR), ""))


DOCUMENT = {
    "title": lambda facts: facts.title,
    "title_starts": lambda facts: _Starts(facts.title),
    "created": lambda facts: facts.created,
    "id_root": lambda facts: facts.id.system,
    "id_value": lambda facts: facts.id.value,
    "series_root": lambda facts: facts.series.system if facts.series else None,
    "version": lambda facts: facts.version,
    "custodian": lambda facts: facts.custodian.name if facts.custodian else None,
}
PATIENT = {
    "cpr_tail": _cpr_tail,
    "id_tail": lambda patient: _Ends(patient.ids[0].value if patient.ids else ""),
    "id_system": lambda patient: patient.ids[0].system if patient.ids else "",
    "born": lambda patient: patient.birth,
    "gender": lambda patient: patient.gender,
    "given": lambda patient: _name(patient).given,
    "family": lambda patient: _name(patient).family,
    "city": _cities,
    "temporary_city": lambda patient: _cities(patient, "TMP"),
    "postal_code": _postal_codes,
    "telecoms": _telecoms,
    "general_practice": lambda patient: patient.general_practice.name if patient.general_practice else "",
    "general_practice_id": lambda patient: _values(patient.general_practice.ids) if patient.general_practice else set(),
}
PLAN = {
    "kind": lambda plan: plan.kind,
    "responsible": lambda plan: getattr(plan.responsible, "name", ""),
    "consent": lambda plan: plan.consent.code if plan.consent else "",
    "consent_status": lambda plan: plan.consent_status,
}
_PARTICIPATION = {
    "given": lambda one: _name(one.party).given,
    "family": lambda one: _name(one.party).family,
    "organisation": lambda one: _organisation(one.party),
    "organisation_id": lambda one: _values(
        (*one.party.ids, *(one.party.organisation.ids if one.party.organisation else ()))
    ),
    "profession": lambda one: {one.party.profession.code} if one.party.profession else set(),
    "telecom": lambda one: _telecoms(one.party),
    "time": lambda one: one.time,
}
_CONDITION = {
    "code": lambda one: _codes(one.code),
    "display": lambda one: _displays(one.code),
    "onset": lambda one: _edge(one.onset, "start"),
    "recorded": lambda one: one.recorded,
    "status": lambda one: one.clinical_status,
    "role": lambda one: one.role,
    "by_family": lambda one: set(_name(_by(one)).family),
    "by_organisation": lambda one: _organisation(_by(one)),
    "written": lambda one: one.documented_by[0].time if one.documented_by else None,
}
_GOAL = {
    "own": lambda one: one.kind == "patient",
    "code": lambda one: _codes(one.code),
    "words": _words,
    "since": lambda one: _edge(one.period, "start"),
    "lifecycle": lambda one: one.lifecycle,
}
_INTERVENTION = {
    "words": _words,
    "code": lambda one: _codes(one.code),
    "done": lambda one: getattr(one, "activity", one) == "completed",
    "start": lambda one: _edge(one.period, "start"),
    "end": lambda one: _edge(one.period, "end"),
}
_CONTACT = {**_INTERVENTION, "setting": lambda one: one.setting}
_APPOINTMENT = {
    "id_value": lambda one: _values(one.ids),
    "status": lambda one: one.status,
    "sector": lambda one: one.sector,
    "start": lambda one: _edge(one.period, "start"),
    "end": lambda one: _edge(one.period, "end"),
    "reason": lambda one: _displays(one.reason),
    "reason_code": lambda one: _codes(one.reason),
    "place": lambda one: one.place_of.name if one.place_of else "",
    "place_id": lambda one: _values(one.place_of.ids) if one.place_of else set(),
    "place_city": lambda one: _cities(one.place_of),
    "place_lines": lambda one: _lines(one.place_of),
    "at_home": lambda one: bool(one.place_of and one.place_of.at_home),
    "performer": lambda one: {_organisation(performer.party) for performer in one.performers},
    "performer_id": lambda one: {
        value
        for performer in one.performers
        for value in _values(
            (*performer.party.ids, *(performer.party.organisation.ids if performer.party.organisation else ()))
        )
    },
    "performer_family": lambda one: {part for performer in one.performers for part in _name(performer.party).family},
    "performer_telecoms": lambda one: {value for performer in one.performers for value in _telecoms(performer.party)},
    "requester": lambda one: _organisation(_party(one.requester)),
    "requester_family": lambda one: set(_name(_party(one.requester)).family),
    "responsible": lambda one: one.responsible.name if one.responsible else "",
    "guiding": lambda one: one.guiding_time,
    "series": lambda one: one.series.value if one.series else "",
    "episodes": lambda one: len(one.episodes),
}
_CARD = {
    "field": lambda one: one.field,
    "answer": lambda one: one.answer,
    "origin": lambda one: one.origin,
    "text": lambda one: {one.text, *_displays(one.concept)},
    "given": lambda one: {part for name in one.names for part in name.given},
    "family": lambda one: {part for name in one.names for part in name.family},
    "telecoms": _telecoms,
    "code": lambda one: _codes(one.concept),
    "display": lambda one: _displays(one.concept),
    "lines": _lines,
    "city": _cities,
    "postal_code": _postal_codes,
    "start": lambda one: _edge(one.period, "start"),
    "end": lambda one: _edge(one.period, "end"),
    "by_family": lambda one: set(_name(_party(one.source)).family),
    "when": lambda one: one.changed or (one.source and one.source.time),
}
_RELATIVE = {
    "given": lambda one: _name(one).given,
    "family": lambda one: _name(one).family,
    "relation": lambda one: _codes(one.relation),
    "telecoms": _telecoms,
    "city": _cities,
    "note": lambda one: _Within(" ".join(one.note.split())),
    "by_family": lambda one: set(_name(_party(one.entered)).family),
    "when": lambda one: one.entered.time if one.entered else None,
}
_PASSAGE = {"title": lambda one: one.title, "words": _words}
_ITEMS: dict[str, Fact] = {
    "authors": _PARTICIPATION,
    "recipients": _PARTICIPATION,
    "participants": _PARTICIPATION,
    "relatives": _RELATIVE,
    "conditions": _CONDITION,
    "goals": _GOAL,
    "interventions": _INTERVENTION,
    "contacts": _CONTACT,
    "done": _INTERVENTION,
    "appointments": _APPOINTMENT,
    "card": _CARD,
    "passages": _PASSAGE,
}
