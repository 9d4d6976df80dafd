"""Patient/$overblik: the merged overview as a document, each of its lines with where it comes from as a Provenance.

It is the very overview that the pages show, in the same view and by one look: a section for each of the view's, its
entries the resources of every party's wording.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

import msgspec

from patientoverblik.access import Purpose, Refusal
from patientoverblik.edges.fhir.call import Answer, Call, Resource
from patientoverblik.edges.fhir.composed import Body, body_of, document, section
from patientoverblik.edges.fhir.content import DERIVATION, SOFTWARE, content, names_of
from patientoverblik.edges.fhir.finding import POOLS, Pool
from patientoverblik.edges.fhir.instants import instant
from patientoverblik.edges.fhir.outcome import refused, refused_by
from patientoverblik.edges.fhir.registered import bare
from patientoverblik.edges.fhir.rendition import Rendition, rendered
from patientoverblik.edges.fhir.searching import readable, wish_of
from patientoverblik.edges.fhir.whose import Whose, patient_named
from patientoverblik.overview import Line, Overview, load_view, text_of
from patientoverblik.overview.attribution import person_text
from patientoverblik.overview.build import lasting
from patientoverblik.overview.recent import Recent, Same
from patientoverblik.problems import Finding
from patientoverblik.service.contents import Contents, pictured
from patientoverblik.service.model import Shown

VIEWS: Mapping[Purpose, str] = {"treatment": "professional", "own-overview": "citizen", "on-behalf": "relative"}
TYPE = {
    "coding": [{"system": "urn:patientoverblik:document-type", "code": "overblik"}],
    "text": "Samlet patientoverblik",
}
AGENT = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
NOTHING = "Der er ikke noget at vise her i de dokumenter, der er hentet."
SOURCE_STATES = {"retrieved": "hentet", "not-retrieved": "kunne ikke hentes", "not-connected": "deler ikke endnu"}
FILTERED = "Spærrede oplysninger"
RULES = "urn:patientoverblik:merging-rule"
Places = Mapping[tuple[str, str], str]
"""The resource of a place of a document: ``Goal/id`` by entryUUID and place."""
States = tuple[tuple[str, str, str], ...]
"""Each source's id, name and state."""
_BODIES: Recent[tuple[Same, States, bool, Same], Body] = Recent(POOLS)


async def overblik(call: Call) -> Answer:
    """The overview of a patient."""
    wish = wish_of(call, Whose(patient_named(call, call.id)), "document")
    answer = await pictured(call.house, wish, VIEWS.get(wish.purpose, ""))
    if isinstance(answer, Refusal):
        return refused_by(answer.code, professional=call.actor.kind == "professional")
    shown, has = answer
    if not all(call.sender.may(kind, "r") for kind in ("CarePlan", "Goal", "Appointment", "Provenance")):
        return refused(Finding("identity.insufficient-scope"))
    return _document(call, shown, has)


def _document(call: Call, shown: Shown, has: Contents) -> Answer:
    overview, pool = shown.overview, readable(call, content(call, has))
    states = tuple((one.id, one.name, one.state) for one in overview.sources)
    key = (lasting(overview), states, overview.filtered, Same((pool, has.registered, has.gathered)))
    kept = _BODIES.get(key)
    if kept is None:
        kept = _BODIES[key] = _body(call, overview, has, pool)
    return document(call, has, shown.look, {"type": TYPE, "title": _title(overview)}, kept)


def _body(call: Call, overview: Overview, has: Contents, pool: Pool) -> Body:
    """What the document holds; of the very same drawing of the very same contents the very same."""
    places = dict(_places(call, has))
    traced = [made for line in overview.lines.values() for made in _provenance(call, has, line, places, pool)]
    return body_of(pool, call.opaque.patient(has.patient), list(_sections(overview, places, pool)), traced)


def _title(overview: Overview) -> str:
    return load_view(_name(overview)).title


def _name(overview: Overview) -> str:
    return overview.view.rpartition("/")[0]


def _places(call: Call, has: Contents) -> Iterator[tuple[tuple[str, str], str]]:
    patient = call.opaque.patient(has.patient)
    for held in has.gathered.current:
        for place, name in names_of(held, patient).items():
            yield (held[0].uuid, place), name


def _sections(overview: Overview, places: Places, pool: Pool) -> Iterator[Resource]:
    titles = {one.id: one for one in load_view(_name(overview)).sections}
    for told in overview.sections:
        profile = titles[told.id]
        if profile.shows in _SHOWN:
            words = list(_SHOWN[profile.shows](overview))
            yield section(profile.title, (), words, missing="" if words else NOTHING)
            continue
        lines = [overview.lines[one] for one in told.lines]
        names = [name for line in lines for name in _names(line, places) if name in pool.by_name]
        missing = "" if lines else _missing(overview, told.state, profile.none)
        yield section(profile.title, names, map(_words, lines), missing=missing)
    if overview.filtered:
        yield section(FILTERED, (), (), missing=load_view(_name(overview)).states.filtered)


def _differences(overview: Overview) -> Iterator[str]:
    yield from (text_of(one.rule, one.about) for one in overview.differences)


def _who(overview: Overview) -> Iterator[str]:
    for one in overview.who:
        people = [one.organisation.name] if one.organisation else [person_text(each.party.name) for each in one.people]
        yield f"{', '.join(filter(None, people))}: {', '.join(one.roles)}"


def _timeline(overview: Overview) -> Iterator[str]:
    yield from (f"{one.text} – {_words(overview.lines[one.line])}" for one in overview.timeline)


def _sources(overview: Overview) -> Iterator[str]:
    yield from (f"{one.name}: {SOURCE_STATES[one.state]}" for one in overview.sources)


def _unread(overview: Overview) -> Iterator[str]:
    yield from (" – ".join(part for part in (one.title, one.organisation) if part) for one in overview.unread)


_SHOWN: Mapping[str, Callable[[Overview], Iterator[str]]] = {
    "differences": _differences,
    "who": _who,
    "timeline": _timeline,
    "sources": _sources,
    "unread": _unread,
}
"""What stands in words alone: it says nothing of its own, but how the lines belong together and what is missing."""


def _missing(overview: Overview, state: str, none: str) -> str:
    """Why a section is empty, in the view's own sentence: none recorded is never said while a source is silent."""
    states = load_view(_name(overview)).states
    silent = ", ".join(one.name for one in overview.sources if one.state == "not-retrieved")
    apart = ", ".join(one.name for one in overview.sources if one.state == "not-connected")
    if state == "not-retrieved":
        return states.not_retrieved.replace("{sources}", silent)
    if state == "not-connected":
        return states.not_connected.replace("{sources}", apart)
    answered = sum(one.state == "retrieved" for one in overview.sources)
    return none.replace("{n}", str(answered))


def _names(line: Line, places: Places) -> Iterator[str]:
    """The resources of a line's wordings, the shown one first."""
    for one in line.wordings:
        name = places.get((one.attribution.entry, one.attribution.place))
        if name:
            yield name


def _words(line: Line) -> str:
    """A line in words: what is said, by whom, and when it was last changed."""
    value, by = line.value, line.attribution
    said = getattr(value, "words", "") or getattr(value, "title", "") or getattr(value, "text", "")
    return " – ".join(part for part in (said, by.organisation, by.updated_text[:10]) if part)


def _provenance(call: Call, has: Contents, line: Line, places: Places, pool: Pool) -> Iterator[Rendition]:
    """Where a line comes from: the documents of its wordings, and the rule by which they stand together."""
    targets = tuple(dict.fromkeys(name for name in _names(line, places) if name in pool.by_name))
    wordings = dict.fromkeys(one.attribution.entry for one in line.wordings)
    entries = [one for one in has.registered.entries if one.uuid in wordings]
    if targets and entries:
        at = max(one.registered for one in entries)
        traced = Traced(line.id, line.rule, targets, tuple(bare(one.logical_id) for one in entries), at)
        yield _traced(call.opaque.thing(has.patient, f"line-{line.id}"), traced)


class Traced(msgspec.Struct, frozen=True):
    """What is told of a line: its resources, its documents, the rule, and since when all of them are here (ms UTC)."""

    line: str
    rule: str
    targets: tuple[str, ...]
    documents: tuple[str, ...]
    at: int


@lru_cache(maxsize=20_000)
def _traced(name: str, one: Traced) -> Rendition:
    said: Resource = {
        "resourceType": "Provenance",
        "id": name,
        "target": [{"reference": target} for target in one.targets],
        "recorded": instant(one.at),
        "reason": [{"coding": [{"system": RULES, "code": one.rule}]}] if one.rule else [],
        "activity": {"coding": [{"system": DERIVATION, "code": "Derivation"}]},
        "agent": [{"type": {"coding": [{"system": AGENT, "code": "assembler"}]}, "who": {"display": SOFTWARE}}],
        "entity": [{"role": "source", "what": {"reference": f"DocumentReference/{each}"}} for each in one.documents],
    }
    return rendered({name: value for name, value in said.items() if value}, "1", one.at)
