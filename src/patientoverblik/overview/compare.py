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
from patientoverblik.overview.model import LineKind, LineValue
from patientoverblik.overview.phases import phase_of, status_class
from patientoverblik.overview.wording import (
    amount_key,
    amount_numbers,
    amount_unit,
    doses,
    negations,
    number_readings,
    numbers,
    plain,
    sides,
)

Placed = Sequence[tuple[LineKind, str, LineValue]]


def codes_of(value: LineValue) -> tuple[CodeKey, ...]:
    """The codes that say what an item is."""
    return code_keys(getattr(value, "code", None))


def guard_of(value: LineValue) -> tuple[object, ...]:
    """What must be equal before two items can be one: side, negation, status class, dose, frequency, amounts and
    times (DESIGN 6)."""
    standing = status_class(phase_of(value))
    match value:
        case Condition():
            return (standing, value.verification in ("suspected", "refuted"), *_side(value), *_doubt(value))
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


def differs_from_words(value: LineValue) -> bool:
    """Whether a coded number is missing among the numbers of the same item's own words; words without numbers
    differ from nothing."""
    if isinstance(value, Measurement):
        coded = amount_numbers(value.amount)
    elif isinstance(value, Goal):
        coded = tuple(
            number for each in value.targets if _is_told(each, value) for number in amount_numbers(each.amount)
        )
    else:
        return False
    written = numbers(value.words) if coded and value.words else frozenset()
    return bool(written) and any(written.isdisjoint(number_readings(number)) for number in coded)


def aims_of(placed: Placed) -> tuple[Aim, ...]:
    """The coded targets of a document's goals."""
    return tuple(
        Aim(
            line=line,
            measure=measure,
            title=title_of(target.measure),
            unit=amount_unit(target.amount),
            amount=amount_key(target.amount),
            target=target,
        )
        for _, line, value in placed
        if isinstance(value, Goal)
        for target in value.targets
        if not isinstance(target.amount, Unknown)
        for measure in code_keys(target.measure)
    )


def acts_of(placed: Placed) -> tuple[Act, ...]:
    """What would make another party's intervention the same act: codes, reviewed rows marked related or equivalent,
    or words."""
    return tuple(Act(line=line, marks=_marks(value)) for _, line, value in placed if isinstance(value, Intervention))


def readings_of(placed: Placed) -> tuple[Reading, ...]:
    """The measurements of a document by what was measured and in which unit."""
    return tuple(_reading(line, value) for _, line, value in placed if isinstance(value, Measurement))


def meetings_of(placed: Placed, organisation: str) -> tuple[Meeting, ...]:
    """The appointments of a document by their time; one without time stands first."""
    return tuple(_meeting(line, value, organisation) for _, line, value in placed if isinstance(value, Appointment))


def title_of(concept: object) -> str:
    """A concept in words: its text, else the first display or code."""
    if not isinstance(concept, Concept):
        return ""
    return concept.text or next((coding.display or coding.code for coding in concept.codings), "")


def _is_told(target: Target, goal: Goal) -> bool:
    """Whether a goal's words speak of the target at all: they name its unit, or it has none."""
    return amount_unit(target.amount) in goal.words


def _reading(line: str, value: Measurement) -> Reading:
    codes = code_keys(value.code)
    key = "|".join(min(codes)) if codes else plain(title_of(value.code) or value.words)
    return Reading(
        line=line,
        key=key,
        codes=codes,
        title=title_of(value.code) or value.words,
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
    rows = (*reviewed("intervention", codes), *reviewed("intervention", codes, "related"))
    return (*(f"code:{system}|{code}" for system, code in codes), *rows, *((f"words:{words}",) if words else ()))


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
