"""One line of the overview as a row: words, chips, the other parties' wordings, and where it all comes from."""

import re

from patientoverblik.care import Condition, Goal, Intervention, Measurement, Unknown
from patientoverblik.edges.portal.dates import danish_time, day_text, written_text
from patientoverblik.edges.portal.page import Chip, Fact, Link, Origin, OtherWording, Row, Tone
from patientoverblik.edges.portal.present.desk import Desk
from patientoverblik.edges.portal.present.told import told
from patientoverblik.edges.portal.vocabulary import Vocabulary
from patientoverblik.edges.portal.words import codes_text, joined, listed, party_text, title_text
from patientoverblik.overview import Attribution, Flag, Line, LineValue
from patientoverblik.problems import CATALOGUE

OVERDUE = "overview.overdue"

_TONES: dict[str, Tone] = {"good": "good", "info": "info", "warn": "warn", "plain": "plain"}


def row(desk: Desk, line: Line) -> Row:
    """A line as it is read, with everything about it one click away; made once for each page."""
    made = desk.rows.get(line.id)
    if made is None:
        made = desk.rows[line.id] = _row(desk, line)
    return made


def _row(desk: Desk, line: Line) -> Row:
    said = desk.said[line.id]
    others = tuple(_other(desk, line, index) for index in range(1, len(line.wordings)))
    return Row(
        id=desk.anchors[line.id],
        words=said.words,
        origin=origin(desk, line.attribution, line.value),
        kind=desk.words.word("kind", line.kind),
        quoted=said.quoted,
        facts=said.facts + _repeated(line),
        chips=_chips(desk, line),
        explained=_explained(desk.words, said.words),
        also=listed(other.attribution.organisation for other in line.wordings[1:]),
        others=others,
        rule=desk.text(line.rule) if others else "",
        links=_links(desk, line),
        lane=desk.lanes.get(line.attribution.source, ""),
        plan=desk.link(line.plan) if line.plan in desk.anchors and line.plan != line.id else None,
    )


def origin(desk: Desk, attribution: Attribution, value: LineValue | None = None) -> Origin:
    """Where something comes from: one sentence, and the facts behind it."""
    written = written_text(attribution.updated_text, attribution.at)
    role = desk.words.word("role", attribution.role, attribution.role) if desk.professional else ""
    return Origin(
        summary=joined((f"Fra {attribution.organisation or 'ukendt afsender'}", role, _dated(written))),
        facts=_origin_facts(desk, attribution, written, value),
        href=desk.document(attribution.entry),
        document=title_text(attribution.document_title) or "Dokumentet",
        example=attribution.example_profile,
    )


def _dated(written: str) -> str:
    """The day is enough in the sentence; the clock stands behind the click."""
    return f"opdateret {written.split(' kl. ')[0]}" if written else ""


def _origin_facts(desk: Desk, source: Attribution, written: str, value: LineValue | None) -> tuple[Fact, ...]:
    found = (
        ("Organisation", source.organisation),
        ("Skrevet af", _writer(source, value)),
        ("Rolle", desk.words.word("role", source.role, source.role)),
        ("Dato", written),
        ("Afsnit", source.section),
        ("Kode", _codes(value) if desk.professional else ""),
        ("Læst med", source.profile if desk.professional else ""),
        ("Plads i dokumentet", source.place if desk.professional else ""),
    )
    return tuple(Fact(name, text) for name, text in found if text)


def _writer(source: Attribution, value: LineValue | None) -> str:
    if source.author:
        return source.author
    documented = getattr(value, "documented_by", ())
    return listed(party_text(each.party) for each in documented)


def _codes(value: LineValue | None) -> str:
    code = getattr(value, "code", None)
    return "" if code is None or isinstance(code, Unknown) else codes_text(code)


def _other(desk: Desk, line: Line, index: int) -> OtherWording:
    wording = line.wordings[index]
    said = told(wording.value, desk.words, desk.now)
    return OtherWording(said.words, said.facts, origin(desk, wording.attribution, wording.value))


def _repeated(line: Line) -> tuple[str, ...]:
    return (f"{line.count} gange i alt",) if line.count > 1 else ()


def _chips(desk: Desk, line: Line) -> tuple[Chip, ...]:
    words = desk.words
    found = [_status(words, line), *_judged(words, line.value), *(_flag(desk, flag) for flag in line.flags)]
    return tuple({chip.text: chip for chip in found if chip.text}.values())


def _status(words: Vocabulary, line: Line) -> Chip:
    tone = _TONES.get(words.word("tone", line.phase), "plain")
    return Chip(words.phase("goal" if line.kind == "patient-goal" else line.kind, line.phase), tone)


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
    text = desk.text(flag.code, flag.about)
    since = f" ({day_text(danish_time(flag.at).date())})" if flag.at and flag.code == OVERDUE else ""
    tone: Tone = "warn" if text and CATALOGUE[flag.code].severity == "warning" else "plain"
    return Chip(f"{text}{since}", tone)


def _explained(words: Vocabulary, text: str) -> tuple[Fact, ...]:
    known = words.tables.get("explained", {})
    found = dict.fromkeys(re.findall(r"\w+", text)) if known else ()
    return tuple(Fact(word, known[word]) for word in found if word in known)


def _links(desk: Desk, line: Line) -> tuple[Link, ...]:
    leads = [(kind, other) for other, kind in line.related if other in desk.anchors]
    told_leads = ((desk.words.word("related", kind), other) for kind, other in leads)
    return tuple(desk.link(other, lead) for lead, other in dict.fromkeys(told_leads) if lead)
