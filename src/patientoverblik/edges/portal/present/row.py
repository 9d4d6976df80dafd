"""One line of the overview as a row: words, chips, the other parties' wordings, and where it all comes from."""

import re

import msgspec

from patientoverblik.care import Appointment, Concept, Condition, Goal, Intervention, Measurement, Moment, Unknown
from patientoverblik.edges.portal.dates import (
    brief_day,
    danish_time,
    day_text,
    moment_text,
    short_written,
    written_text,
)
from patientoverblik.edges.portal.page import Chip, Fact, Lead, Link, Origin, OtherWording, Row, Tone
from patientoverblik.edges.portal.present.desk import Desk
from patientoverblik.edges.portal.present.told import told
from patientoverblik.edges.portal.vocabulary import Vocabulary
from patientoverblik.edges.portal.words import (
    amount_text,
    concept_text,
    joined,
    listed,
    party_text,
    title_text,
    written_concept,
)
from patientoverblik.overview import Attribution, Flag, Line, LineValue
from patientoverblik.problems import CATALOGUE
from patientoverblik.service.own_words import PROFILE as OWN_WORDS

OVERDUE = "overview.overdue"
PASSED = {"frist": "goal", "næste gang": "repeat", "revurdering": "review", "seneste start": "start"}
OVER = frozenset({"ended", "replaced", "cancelled"})
CHANGING = frozenset({"plan", "goal", "patient-goal"})

_TONES: dict[str, Tone] = {"good": "good", "info": "info", "warn": "warn", "plain": "plain"}
_WORD = re.compile(r"\w+")


def row(desk: Desk, line: Line) -> Row:
    """A line as it is read, with everything about it one click away; made once for each page."""
    made = desk.rows.get(line.id)
    if made is None:
        made = desk.rows[line.id] = _row(desk, line)
    return made


def mention(desk: Desk, line: Line) -> Row:
    """A line that stands elsewhere on the page, without the name that leads to it there."""
    return msgspec.structs.replace(row(desk, line), id="")


def passed_text(desk: Desk, about: str, at: int) -> str:
    """A sentence for a deadline that has passed; ``at`` is the last moment that was in time."""
    kind = PASSED.get(about)
    return desk.text(f"{OVERDUE}.{kind}", day_text(danish_time(at).date())) if kind and at else ""


def _row(desk: Desk, line: Line) -> Row:
    said, wordings = desk.said(line.id), line.wordings
    shown = wordings[0]
    merged = len(wordings) > 1
    more = f"{desk.base}/linje/{line.id}" if desk.base else ""
    leads, over = _leads(desk, line) if line.related else ((), ())
    measured = _measured(desk, line.id)
    return Row(
        id=desk.anchors.get(line.id, ""),
        words=said.words,
        origin=origin(desk, shown.attribution, shown.value),
        more=more,
        history=f"{more}#udgaver" if more and line.earlier and line.kind in CHANGING else "",
        quoted=said.quoted,
        facts=(*said.facts, f"{line.count} gange i alt") if line.count > 1 else said.facts,
        calls=said.calls,
        chips=_chips(desk, line),
        measured=listed(brief_day(f"{lead.text} {listed(link.text for link in lead.links)}") for lead in measured),
        explained=_explained(desk.words, said.words),
        also=listed([other.attribution.organisation for other in wordings[1:]]) if merged else "",
        others=tuple([_other(desk, line, index) for index in range(1, len(wordings))]) if merged else (),
        rule=desk.text(line.rule) if merged else "",
        leads=measured + leads if desk.professional else measured,
        folded_leads=over if desk.professional else leads + over,
        plan=desk.link(line.plan) if line.plan in desk.anchors and line.plan != line.id else None,
        lane=desk.lanes.get(shown.attribution.source, ""),
        problem=" ".join([desk.anchors[group] for group in line.groups if group in desk.anchors]),
        what=said.facts[0] if isinstance(shown.value, Appointment) and said.facts else "",
        wrong=f"{more}/passer-ikke" if more and _is_anothers(desk, shown.attribution) else "",
    )


def _measured(desk: Desk, goal: str) -> tuple[Lead, ...]:
    """The latest measurements beside a goal's targets, as they were written; nothing is said of how they compare."""
    found = [line for each in desk.measured.get(goal, ()) if each in desk.anchors and (line := desk.line(each))]
    links = tuple(Link(_result(desk, line, len(found) > 1), f"#{desk.anchors[line.id]}") for line in found)
    return (Lead(desk.words.word("fact", "measured"), links),) if links else ()


def _result(desk: Desk, line: Line, named: bool) -> str:
    """What was measured and on which day; ``named`` where it stands beside others."""
    value = line.value
    if not isinstance(value, Measurement):
        return desk.said(line.id).words
    name = concept_text(value.code, desk.words) if named else ""
    day = moment_text(value.time).partition(" kl. ")[0] if isinstance(value.time, Moment) else ""
    return joined((joined((name, amount_text(value.amount, desk.words)), " "), day), ", ")


def _is_anothers(desk: Desk, source: Attribution) -> bool:
    """Whether a patient, or who acts for them, reads what somebody else has written."""
    return not desk.professional and source.profile != OWN_WORDS


def origin(desk: Desk, attribution: Attribution, value: LineValue | None = None) -> Origin:
    """Where something comes from: one sentence, and more behind it."""
    written = written_text(attribution.updated_text, attribution.at)
    professional = desk.professional
    role = desk.words.word("role", attribution.role, attribution.role)
    told_role = f" · {role}" if role and professional else ""
    lead = " · " if professional else " · opdateret "
    day = short_written(attribution.updated_text, attribution.at) if professional else brief_day(written)
    return Origin(
        summary=f"Fra {attribution.organisation or 'ukendt afsender'}{told_role}{lead + day if day else ''}",
        facts=_origin_facts(attribution, written if " kl. " in written else "", "" if professional else role, value),
        href=desk.document(attribution.entry),
        document=title_text(attribution.document_title) or "Dokumentet",
        example=attribution.example_profile,
        marked=attribution.example_profile and professional,
    )


def _origin_facts(source: Attribution, written: str, role: str, value: LineValue | None) -> tuple[str, ...]:
    writer = source.author or listed([party_text(each.party) for each in getattr(value, "documented_by", ())])
    measured = value.code if isinstance(value, Measurement) else None
    found = (
        f"Skrevet som: {written_concept(measured)}" if isinstance(measured, Concept) else "",
        f"Skrevet af: {joined((writer, role), ', ')}" if writer else "",
        f"Dato: {written}" if written else "",
        f"Afsnit: {source.section}" if source.section else "",
    )
    return tuple([fact for fact in found if fact])


def _other(desk: Desk, line: Line, index: int) -> OtherWording:
    wording = line.wordings[index]
    said = told(wording.value, desk.words, desk.now)
    return OtherWording(said.words, said.facts, origin(desk, wording.attribution, wording.value), said.calls)


def _chips(desk: Desk, line: Line) -> tuple[Chip, ...]:
    words = desk.words
    found = [_status(desk, line), *_judged(words, line.value), *[_flag(desk, flag) for flag in line.flags]]
    if len(found) == 1:
        return tuple(found) if found[0].text else ()
    return tuple({chip.text: chip for chip in found if chip.text}.values())


def _status(desk: Desk, line: Line) -> Chip:
    made = desk.phases.get((line.kind, line.phase))
    if made is None:
        words = desk.words
        tone = _TONES.get(words.word("tone", line.phase), "plain")
        text = words.phase("goal" if line.kind == "patient-goal" else line.kind, line.phase)
        made = desk.phases[line.kind, line.phase] = Chip(text, tone)
    return made


def _judged(words: Vocabulary, value: LineValue) -> tuple[Chip, ...]:
    match value:
        case Goal(achievement=str() as grade):
            tone: Tone = "good" if grade in ("achieved", "sustained") else "plain"
            return (Chip(words.word("achievement", grade), tone),)
        case Condition():
            return (_plain(words, "clinical", value.clinical_status), _plain(words, "verification", value.verification))
        case Intervention(authorisation=str() as stage) if stage != "granted":
            return (_plain(words, "authorisation", stage),)
        case Measurement():
            return (_plain(words, "measured-by", value.measured_by),)
        case _:
            return ()


def _plain(words: Vocabulary, table: str, code: str | Unknown) -> Chip:
    silent = isinstance(code, Unknown) or code in ("active", "confirmed")
    return Chip("" if silent else words.word(table, str(code)))


def _flag(desk: Desk, flag: Flag) -> Chip:
    text = passed_text(desk, flag.about, flag.at) if flag.code == OVERDUE else ""
    text = text or desk.text(flag.code, flag.about)
    return Chip(text, "warn" if text and CATALOGUE[flag.code].severity == "warning" else "plain")


def _explained(words: Vocabulary, text: str) -> tuple[Fact, ...]:
    known = words.tables.get("explained")
    found = dict.fromkeys(_WORD.findall(text)) if known else ()
    return tuple([Fact(word, known[word]) for word in found if word in known]) if known else ()


def _leads(desk: Desk, line: Line) -> tuple[tuple[Lead, ...], tuple[Lead, ...]]:
    """Leads to lines on the page, each of them once for each way it belongs: to what goes on, and to what is over."""
    found: tuple[dict[str, dict[str, str]], dict[str, dict[str, str]]] = ({}, {})
    for kind, other in line.related:
        lead = desk.words.word("related", kind)
        if lead and other in desk.anchors:
            over = desk.overview.lines[other].phase in OVER
            found[over].setdefault(lead, {}).setdefault(desk.anchors[other], other)
    return _led(desk, found[False]), _led(desk, found[True])


def _led(desk: Desk, found: dict[str, dict[str, str]]) -> tuple[Lead, ...]:
    return tuple([Lead(lead, tuple([desk.link(other) for other in led.values()])) for lead, led in found.items()])
