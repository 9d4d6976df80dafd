"""What each kind of line says: its words, and the facts below them."""

import msgspec

from patientoverblik.care import (
    Appointment,
    CardItem,
    Condition,
    Contact,
    Goal,
    Intervention,
    Measurement,
    Passage,
    Period,
    Plan,
    Relative,
    Unknown,
)
from patientoverblik.edges.portal.dates import days_text, moment_text, period_text, when_text
from patientoverblik.edges.portal.page import Link
from patientoverblik.edges.portal.vocabulary import Vocabulary
from patientoverblik.edges.portal.words import (
    address_text,
    amount_text,
    call_link,
    concept_text,
    joined,
    known_moment,
    listed,
    name_text,
    organisation_text,
    participants_text,
    relation_text,
    target_text,
)
from patientoverblik.overview.model import LineValue


class Told(msgspec.Struct, frozen=True, gc=False):
    """A line in words: what it is, whether these are the patient's own words, facts in order, and whom to call."""

    words: str
    facts: tuple[str, ...] = ()
    quoted: bool = False
    calls: tuple[Link, ...] = ()


def told(value: LineValue, words: Vocabulary, now: int) -> Told:
    """Say one line; every kind of line has its own way."""
    match value:
        case Plan():
            return _plan(value, words)
        case Condition():
            return _condition(value, words)
        case Goal():
            return _goal(value, words)
        case Intervention():
            return _intervention(value, words)
        case Measurement():
            return _measurement(value, words)
        case Appointment():
            return _appointment(value, words, now)
        case _:
            return _other(value, words)


def _other(value: LineValue, words: Vocabulary) -> Told:
    match value:
        case Contact():
            return _contact(value, words)
        case CardItem():
            return _card(value, words)
        case Relative():
            return _relative(value, words)
        case Passage():
            return Told(value.title or words.word("kind", "passage"), _some(value.words))
        case _:
            return Told("")


def _plan(plan: Plan, words: Vocabulary) -> Told:
    kind = words.word("plan-kind", plan.kind)
    return Told(
        plan.title or kind,
        _some(
            kind if plan.title and kind.lower() not in plan.title.lower() else "",
            _lead("Gælder", days_text(plan.period)),
            _lead("Ansvarlig:", organisation_text(plan.responsible)),
            _lead(words.word("fact", "review"), moment_text(plan.review) if plan.review else ""),
            _words_beside(plan.words, plan.title),
            plan.note,
        ),
    )


def _condition(condition: Condition, words: Vocabulary) -> Told:
    name = concept_text(condition.code, words) if not isinstance(condition.code, Unknown) else ""
    title = name or condition.words or concept_text(condition.code, words)
    return Told(
        title,
        _some(
            concept_text(condition.laterality, words),
            _lead("Sværhedsgrad:", concept_text(condition.severity, words)),
            _onset(condition.onset, words),
            _words_beside(condition.words, title),
            condition.note,
        ),
    )


def _onset(onset: Period | None, words: Vocabulary) -> str:
    begun = moment_text(onset.start) if onset and onset.start else ""
    over = moment_text(onset.end) if onset and onset.end else ""
    return joined((_lead(words.word("fact", "onset"), begun), _lead(words.word("fact", "over"), over)), ", ")


def _goal(goal: Goal, words: Vocabulary) -> Told:
    due = goal.due or (goal.period.end if goal.period else None)
    targets = [target_text(target, words, due) for target in goal.targets]
    title = goal.words or concept_text(goal.code, words) or listed(targets)
    return Told(
        title,
        _some(
            *(_lead(words.word("fact", "target"), text) for text in targets if text != title),
            _lead("Senest", moment_text(due) if due else ""),
            _lead("Vigtighed:", goal.importance),
            words.word("horizon", goal.horizon or "").capitalize(),
            *(_evaluation(goal, index, words) for index in range(len(goal.evaluations))),
            _lead("Hjælper med målet:", participants_text(goal.helpers)),
            goal.note,
        ),
        quoted=goal.kind == "patient",
    )


def _evaluation(goal: Goal, index: int, words: Vocabulary) -> str:
    evaluation = goal.evaluations[index]
    grade = "" if isinstance(evaluation.achievement, Unknown) else words.word("achievement", evaluation.achievement)
    judged = joined((grade, evaluation.words), ": ")
    return _lead(f"Vurderet {known_moment(evaluation.time, words)}:", judged)


def _intervention(intervention: Intervention, words: Vocabulary) -> Told:
    code = concept_text(intervention.code, words)
    title = intervention.words or code
    return Told(
        title,
        _some(
            intervention.repetition,
            period_text(intervention.period),
            _lead("Skal begynde senest", moment_text(intervention.start_by) if intervention.start_by else ""),
            _lead("Næste gang senest", moment_text(intervention.next_due) if intervention.next_due else ""),
            _done_by(intervention, words),
            _lead("Henvist til", organisation_text(intervention.requested_of)),
            intervention.instruction,
            _lead(words.word("fact", "reason"), intervention.status_reason),
            _words_beside(code, title),
            intervention.note,
        ),
    )


def _done_by(intervention: Intervention, words: Vocabulary) -> str:
    """Who does it; the patient is not named to themselves."""
    oneself = words.word("fact", "oneself")
    if oneself and intervention.performers and all(each.party.kind == "patient" for each in intervention.performers):
        return oneself
    done_by = participants_text(intervention.performers) or organisation_text(intervention.responsible)
    return _lead(words.word("fact", "performer"), done_by)


def _measurement(measurement: Measurement, words: Vocabulary) -> Told:
    name = concept_text(measurement.code, words)
    return Told(
        joined((name, amount_text(measurement.amount, words)), ": "),
        _some(known_moment(measurement.time, words), _words_beside(measurement.words, name), measurement.note),
    )


def _appointment(appointment: Appointment, words: Vocabulary, now: int) -> Told:
    when = _appointment_time(appointment.period, now) if not isinstance(appointment.period, Unknown) else ""
    practice = appointment.sector == "general-practice"
    about = practice_text(appointment) if practice else concept_text(appointment.reason, words) or appointment.words
    return Told(
        when or "Tidspunkt ikke angivet",
        _some(
            about,
            "Tidspunktet er vejledende" if appointment.guiding_time else "",
            *_whom_and_where(appointment, about),
            "" if practice else appointment.note,
        ),
        calls=_phone(appointment),
    )


def practice_text(appointment: Appointment) -> str:
    """What an appointment with a practitioner is called: one of the two standard texts (overview.shield), never a
    reason."""
    return appointment.words if appointment.words.startswith("Aftale hos ") else "Aftale hos praktiserende læge"


def _appointment_time(period: Period, now: int) -> str:
    if period.start is None:
        return period_text(period)
    end = period.end
    if end is None or end.text == period.start.text:
        return when_text(period.start, now)
    whole = period_text(period)
    spans_days = whole.startswith("fra ")
    return whole if spans_days else when_text(period.start, now) + whole.removeprefix(moment_text(period.start))


def _whom_and_where(appointment: Appointment, about: str) -> tuple[str, str]:
    """Whom the patient meets, and where; nobody is named who is named already."""
    whom = participants_text(appointment.performers) or organisation_text(appointment.responsible)
    whom = "" if whom and about.endswith(whom) else whom
    place = appointment.place_of
    if place is None:
        return whom, ""
    home = "Hjemme hos patienten" if place.at_home else ""
    name = "" if place.name and place.name in f"{whom} {about}" else place.name
    return whom, joined((home, name, *(address_text(each) for each in place.addresses[:1])), ", ")


def _phone(appointment: Appointment) -> tuple[Link, ...]:
    """Where the time is changed: the first telephone of those who made the appointment."""
    ways = appointment.responsible.telecoms if appointment.responsible else ()
    found = [call_link(way) for way in ways if way.value.startswith("tel:")]
    return tuple([msgspec.structs.replace(each, lead="Tiden ændres på telefon") for each in found[:1]])


def _contact(contact: Contact, words: Vocabulary) -> Told:
    title = concept_text(contact.code, words) or words.word("setting", contact.setting)
    return Told(
        title,
        _some(
            period_text(contact.period),
            organisation_text(contact.organisation),
            participants_text(contact.performers),
            _words_beside(contact.words, title),
            contact.note,
        ),
    )


def _card(item: CardItem, words: Vocabulary) -> Told:
    shown = joined(
        (
            words.word("answer", item.answer or ""),
            item.text,
            concept_text(item.concept, words),
            *(name_text(name) for name in item.names),
            *(address_text(address) for address in item.addresses),
            *(call_link(way).text for way in item.telecoms),
        ),
        ", ",
    )
    hidden = "Beskyttet" if item.protected else ""
    origin = "" if isinstance(item.origin, Unknown) else words.word("origin", item.origin)
    return Told(
        joined((words.word("card", item.field), hidden or shown), ": "),
        _some(period_text(item.period), origin, _lead("Ændret", moment_text(item.changed) if item.changed else "")),
    )


def _relative(relative: Relative, words: Vocabulary) -> Told:
    relation = relation_text(relative, words)
    title = joined((name_text(relative.name), relation), ", ") or words.word("kind", "relative")
    homes = (address_text(each) for each in relative.addresses)
    ways = tuple([call_link(way) for way in relative.telecoms])
    return Told(title, _some(*homes, relative.note), calls=ways)


def _some(*facts: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fact for fact in facts if fact))


def _lead(lead: str, text: str) -> str:
    return f"{lead} {text}" if text else ""


def _words_beside(words: str, title: str) -> str:
    """The author's words where the title does not already say them."""
    return "" if words.strip().lower() in title.lower() else words
