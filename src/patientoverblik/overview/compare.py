"""What of an item other documents' items are compared by: codes, guards, targets, acts, measurements and times."""

from collections.abc import Sequence

from patientoverblik.care import (
    Appointment,
    Concept,
    Condition,
    Contact,
    Goal,
    Intervention,
    Measurement,
    Moment,
    Period,
    Target,
    Unknown,
)
from patientoverblik.overview.attribution import identifier_text
from patientoverblik.overview.equivalence import CodeKey, code_keys, reviewed
from patientoverblik.overview.facts import Act, Aim, Meeting, Reading, end_of
from patientoverblik.overview.items import Placed
from patientoverblik.overview.model import LineValue
from patientoverblik.overview.phases import phase_of, status_class
from patientoverblik.overview.wording import (
    amount_key,
    amount_numbers,
    amount_unit,
    doses,
    is_written,
    negations,
    number_readings,
    numbers,
    plain,
    sides,
)

RELATED = "related:"
"""Begins a mark that says no more than that two interventions have to do with each other."""


def codes_of(value: LineValue) -> tuple[CodeKey, ...]:
    """The codes that say what an item is."""
    return code_keys(getattr(value, "code", None))


def guard_of(value: LineValue) -> tuple[object, ...]:
    """What must be equal before two items can be one: side, negation, status class, dose, frequency, amounts and
    times (DESIGN 6)."""
    standing = status_class(phase_of(value))
    match value:
        case Condition():
            doubted = value.verification if value.verification in ("suspected", "refuted") else ""
            return (standing, doubted, *_side(value), *_doubt(value))
        case Intervention():
            dose = (doses(value.words), plain(value.instruction), plain(value.repetition), doses(_text(value.code)))
            return (standing, *dose, sides(value.words), *_doubt(value))
        case Goal():
            return (
                standing,
                _aims(value.targets),
                doses(value.words),
                _day(value.due),
                sides(value.words),
                *_doubt(value),
            )
        case Measurement():
            return (amount_key(value.amount), amount_unit(value.amount), _day(value.time))
        case Contact() | Appointment():
            return (standing, *_times(value.period))
    return (standing,)


def codes_that_differ(placed: Placed) -> tuple[str, ...]:
    """The lines where a coded number is missing among the numbers of the same item's own words; words without
    numbers differ from nothing."""
    told = [(line, value.words, amount_numbers(value.amount)) for line, value in placed[Measurement] if value.words]
    goals = [(line, value.words, _told_numbers(value)) for line, value in placed[Goal] if value.targets and value.words]
    return tuple([line for line, words, coded in (*goals, *told) if coded and _differ(words, coded)])


def aims_of(placed: Placed) -> tuple[Aim, ...]:
    """The coded targets of a document's goals."""
    return tuple(
        [
            Aim(line, measure, title_of(target.measure), amount_unit(target.amount), amount_key(target.amount), target)
            for line, goal in placed[Goal]
            for target in goal.targets
            if not isinstance(target.amount, Unknown)
            for measure in code_keys(target.measure)
        ]
    )


def acts_of(placed: Placed) -> tuple[Act, ...]:
    """What would make another party's intervention the same act: codes, reviewed rows marked related or equivalent,
    or words."""
    return tuple([Act(line, _marks(value)) for line, value in placed[Intervention]])


def readings_of(placed: Placed) -> tuple[Reading, ...]:
    """The measurements of a document by what was measured and in which unit."""
    return tuple([_reading(line, value) for line, value in placed[Measurement]])


def meetings_of(placed: Placed, organisation: str) -> tuple[Meeting, ...]:
    """The appointments of a document by their time; one without time stands first."""
    return tuple([_meeting(line, value, organisation) for line, value in placed[Appointment]])


def title_of(concept: object) -> str:
    """A concept in words: its text, else the first display or code."""
    if not isinstance(concept, Concept):
        return ""
    return concept.text or next((coding.display or coding.code for coding in concept.codings), "")


def _told_numbers(goal: Goal) -> tuple[str, ...]:
    """The numbers of the targets that a goal's words speak of at all: they name the unit, or there is none."""
    told = [each.amount for each in goal.targets if amount_unit(each.amount) in goal.words]
    return tuple([number for amount in told for number in amount_numbers(amount)])


def _differ(words: str, coded: tuple[str, ...]) -> bool:
    missing = [number for number in coded if not is_written(number, words)]
    written = numbers(words) if missing else frozenset()
    return bool(written) and any(written.isdisjoint(number_readings(number)) for number in missing)


def _reading(line: str, value: Measurement) -> Reading:
    codes = code_keys(value.code)
    title = title_of(value.code) or value.words
    return Reading(
        line=line,
        key="|".join(min(codes)) if codes else plain(title),
        codes=codes,
        title=title,
        unit=amount_unit(value.amount),
        at=value.time.earliest if isinstance(value.time, Moment) else 0,
        value=value,
    )


def _meeting(line: str, value: Appointment, organisation: str) -> Meeting:
    period = value.period if isinstance(value.period, Period) else Period()
    start, end = period.start, period.end
    first = start.earliest if start else 0
    return Meeting(
        line=line,
        start=first,
        end=end_of(end) if end else (start.latest if start else 0),
        exact=start is not None and not start.is_date and not (end and end.is_date) and not value.guiding_time,
        series=f"{organisation}|{identifier_text(value.series)}" if value.series else "",
        value=value,
    )


def _marks(value: Intervention) -> tuple[str, ...]:
    codes = codes_of(value)
    words = plain(value.words or _text(value.code))
    said = (f"words:{words}",) if words else ()
    if not codes:
        return said
    related = [f"{RELATED}{row}" for row in reviewed("intervention", codes, "related")]
    return (*[f"code:{system}|{code}" for system, code in codes], *reviewed("intervention", codes), *related, *said)


def _side(value: Condition) -> tuple[object, ...]:
    return (code_keys(value.laterality), plain(_text(value.laterality)), sides(f"{value.words} {_text(value.code)}"))


def _doubt(value: Condition | Intervention | Goal) -> tuple[object, ...]:
    return negations(value.words)


def _aims(targets: Sequence[Target]) -> tuple[object, ...]:
    return tuple(
        sorted(
            (
                (code_keys(each.measure), amount_key(each.amount), amount_unit(each.amount), _day(each.due))
                for each in targets
            ),
            key=repr,
        )
    )


def _day(moment: object) -> str:
    return moment.text if isinstance(moment, Moment) else ""


def _times(period: Period | Unknown | None) -> tuple[object, ...]:
    if not isinstance(period, Period):
        return ("", "")
    return tuple(end.earliest if end else None for end in (period.start, period.end))


def _text(concept: object) -> str:
    return concept.text if isinstance(concept, Concept) else ""
