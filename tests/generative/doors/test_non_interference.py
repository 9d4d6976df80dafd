"""Non-interference through every door (DESIGN 13): with blocked documents, or had they never come, the bytes are equal.

World A holds every document and a block; to world B those that the reader may not see never came. Every page, header,
redirect and JSON answer, and every answer of the command line, is equal but for the one generic notice.
"""

import re
from functools import cache

import msgspec
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from patientoverblik.access import Block
from patientoverblik.edges.fhir.composed import section
from patientoverblik.edges.fhir.outcome import outcome
from patientoverblik.edges.fhir.overblik import FILTERED
from patientoverblik.edges.portal.assets import load_assets
from patientoverblik.edges.portal.layout import layout as load_layout
from patientoverblik.edges.portal.render import _environment
from patientoverblik.edges.portal.vocabulary import vocabulary
from patientoverblik.formats.fhir import encode_json, encode_xml
from patientoverblik.problems import CATALOGUE, Finding
from patientoverblik.service import list_documents, look
from tests.generative.doors.doors import NO_SUCH_DOCUMENT, PURPOSES, About, Reader
from tests.generative.doors.every import every_answer, every_written_answer
from tests.generative.doors.soap_door import NO_SUCH_UNIQUE
from tests.generative.doors.worlds import (
    CITIZEN,
    DOCTOR,
    HOLDER,
    RELATIVE,
    Document,
    about,
    furnished,
    lettered,
    named,
    place,
    power,
    synthetic,
    told,
    whose,
)
from tests.unit.service.make import run

DAY = 86_400_000
READERS = (DOCTOR, RELATIVE, CITIZEN)
PLAN_TYPES = ("81215-6", "39289-4")
PLACES = ("general-practice", "hospital", "eye-clinic", "psychiatry", "prevention", "home-nursing", "citizen")
STORIES = (synthetic(0), synthetic(1), told("AB"), lettered())


@st.composite
def blocks(draw: st.DrawFn, story: tuple[Document, ...]) -> tuple[Block, ...]:
    """One or two blocks: against whom, of which place, of which time."""

    def one(number: int) -> Block:
        whom = draw(st.sampled_from(["", "", DOCTOR.actor.authorisation, RELATIVE.actor.id]))
        organisation = draw(st.sampled_from([None, None, DOCTOR.actor.organisation]))
        first, last = sorted(draw(st.tuples(*[st.sampled_from([doc.at for doc in story])] * 2)))
        from_, until = draw(st.sampled_from([(0, 0), (0, 0), (first, 0), (0, last), (first, last + 1)]))
        origin = draw(st.sampled_from([None, *PLACES])) if from_ or until else draw(st.sampled_from(PLACES))
        more = draw(st.sampled_from([{}, {}, {"origin_with_units": True}, {"types": PLAN_TYPES}, {"relative": HOLDER}]))
        return Block(f"b{number}", organisation, whom, place(origin) if origin else None, from_, until, **more)

    return tuple(one(number) for number in range(draw(st.integers(1, 2))))


@settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.data(), st.sampled_from(STORIES), st.sampled_from(READERS))
def test_at_every_door_what_is_blocked_might_as_well_never_have_come(data, story, reader):
    made = data.draw(blocks(story))
    parts = data.draw(st.sampled_from([("plans",), ("plans", "appointments", "psychiatry"), ("card", "measurements")]))
    powers = (power(*parts),)
    full = furnished(story, blocks=made, powers=powers)
    seen = seen_by(furnished(story, blocks=made, powers=powers), reader, story)
    never = frozenset(name for uuid, name in named(story).items() if uuid not in seen)
    questions = about(story, lines_of(story, reader, powers))
    ours = every_answer(full, reader, questions)
    theirs = every_answer(furnished(story, never, powers=powers), reader, questions)
    assert not differing(ours, theirs, reader)
    # What is written is itself under the blocks, so they hold in both worlds.
    written = every_written_answer(furnished(story, blocks=made, powers=powers), reader, questions)
    never_read = every_written_answer(furnished(story, never, blocks=made, powers=powers), reader, questions)
    assert not differing(written, never_read, reader)


@pytest.mark.parametrize("reader", [DOCTOR, RELATIVE], ids=lambda reader: reader.name)
def test_an_id_of_what_is_blocked_is_answered_as_an_id_of_nothing(reader):
    """Not even the notice is told of it: it would say that the id is somebody's."""
    story, made = STORIES[0], (Block("b", origin=place("hospital")),)
    seen = seen_by(furnished(story, blocks=made, powers=(EVERYTHING,)), reader, story)
    questions = about(story)
    hidden = [pair for pair in zip(questions.documents, questions.unique, strict=True) if pair[0] not in seen]
    answers = every_answer(furnished(story, blocks=made, powers=(EVERYTHING,)), reader, questions)
    asked = [(name, pair) for name in answers for pair in hidden if pair[0] in name or pair[1] in name]
    assert len(asked) > 10
    for name, (document, unique) in asked:
        other = name.replace(document, NO_SUCH_DOCUMENT).replace(unique, NO_SUCH_UNIQUE)
        told = without(answers[name], document, unique)
        nothing = without(answers[other], NO_SUCH_DOCUMENT, NO_SUCH_UNIQUE)
        assert DRAWN.sub(b"", told) == DRAWN.sub(b"", nothing), name


def without(answer: bytes, document: str, unique: str) -> bytes:
    """An answer without the ids that were asked for: an entryUUID with and without its prefix, a uniqueId."""
    for one in (document, document.removeprefix("urn:uuid:"), unique):
        answer = answer.replace(one.encode(), b"")
    return answer


DRAWN = re.compile(rb"secret-\d+|00000000-0000-0000-0000-[0-9a-f]{12}")


def seen_by(house, reader: Reader, story) -> frozenset[str]:
    """The entries that exist for the reader."""
    listed = run(list_documents(house, reader.actor, whose(story), PURPOSES[reader.actor.kind]))
    return frozenset(entry.uuid for entry in listed.entries)


def lines_of(story, reader: Reader, powers) -> tuple[str, ...]:
    """Lines that the reader would see were nothing blocked: some of each document's."""
    shown = run(
        look(
            furnished(story, powers=powers), reader.actor, whose(story), PURPOSES[reader.actor.kind], reader.actor.kind
        )
    )
    first = {line.attribution.entry: line.id for line in reversed(shown.overview.lines.values())}
    return tuple(first.values())


def differing(ours: dict[str, bytes], theirs: dict[str, bytes], reader: Reader) -> list[str]:
    """The questions answered otherwise in the two worlds, the notice taken out of the first world's answers. What
    citizens are told of their own blocks tells of them."""
    assert ours.keys() == theirs.keys()
    asked_of_all = [asked for asked in ours if reader is not CITIZEN or not asked.startswith(OWN)]
    return [asked for asked in asked_of_all if unnoticed(ours[asked], reader) != unnoticed(theirs[asked], reader)]


OWN = ("own ", "explain-access --who")


def unnoticed(answer: bytes, reader: Reader) -> bytes:
    """An answer without the one generic notice: its sentence on a page and in text, its flag in JSON."""
    answer = anywhere(answer)
    for sentence in notices(reader):
        answer = answer.replace(sentence, b"")
    return answer


def anywhere(answer: bytes) -> bytes:
    """An answer in which the way on from the notice is the same in every session."""
    return re.sub(rb'href="[^"]*&#x2f;(vaerdispring|spaerringer)"', rb'href="&#x2f;\1"', answer)


@cache
def notices(reader: Reader) -> tuple[bytes, ...]:
    """The notice as each door says it: on the page and in print, in JSON compact and indented, in text."""
    layout = load_layout(reader.actor.kind)
    title = vocabulary(layout.audience).word("notice", "blocked")
    ask = vocabulary(layout.audience).word("notice", "blocked-ask")
    text = " ".join(filter(None, (layout.profile.states.filtered.removeprefix(f"{title}. "), ask)))
    word, where = ON.get(reader.actor.kind, ("", ""))
    link = {"href": where, "text": vocabulary(layout.audience).word("standing", word)} if word else None
    item = {"tone": "info", "title": title, "text": text, "link": link, "seen": ""}
    sprite = load_assets().address("icons.svg")
    page, without_way_on = (
        _environment().render_str(ON_PAGE, "x.html", item={**item, "link": way}, sprite=sprite) for way in (link, None)
    )
    in_text = f"! {title}. {text}\n"
    in_document = encode_json(section(FILTERED, (), (), missing=layout.profile.states.filtered))
    return (
        *(part.encode() for part in (page, IN_PRINT.format(**item), in_text, without_way_on)),
        b",%b" % in_document,
        *FLAGS,
        FOUND,
        IN_XDS,
        *IN_FHIR,
    )


ON = {"professional": ("offer", "/vaerdispring"), "citizen": ("own-blocks", "/spaerringer")}
ON_PAGE = '{% import "parts.html" as parts %}{{ parts.notice(sprite, item, "", "") }}'
IN_PRINT = "<p><strong>{title}.</strong> {text}</p>"
FLAGS = (b',"filtered":true', b'  "filtered": true,\n', b'  "filtered": false,\n')
WARNING = "urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:Warning"
IN_XDS = (
    f'<rs:RegistryErrorList highestSeverity="{WARNING}"><rs:RegistryError errorCode="XDSRegistryError" '
    f'codeContext="xds.filtered: {CATALOGUE["xds.filtered"].en}" severity="{WARNING}"/></rs:RegistryErrorList>'
).encode()
_TOLD = {"resource": outcome([Finding("rest.filtered")]), "search": {"mode": "outcome"}}
_ENTRY = encode_json(_TOLD)
_IN_XML = re.search(rb"<entry>.*</entry>", encode_xml({"resourceType": "Bundle", "entry": [_TOLD]}))
IN_FHIR = (b',"entry":[%b]' % _ENTRY, b",%b" % _ENTRY, _IN_XML[0])
FOUND = b"The patient has blocked some information. This is not everything.\n"


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_the_comparison_can_fail(reader):
    """With nothing blocked the worlds differ, in every answer that could tell of the document."""
    story = told("A")
    seen = seen_by(furnished(story, powers=(EVERYTHING,)), reader, story)
    document, name = next((uuid, name) for uuid, name in named(story).items() if uuid in seen)
    full, partly = furnished(story, powers=(EVERYTHING,)), furnished(story, frozenset([name]), powers=(EVERYTHING,))
    questions = msgspec.structs.replace(about(story, lines_of(story, reader, (EVERYTHING,))), documents=(document,))
    ours, theirs = (every_answer(world, reader, questions) for world in (full, partly))
    told_of = {"overview", "documents", "json", "show", "show --json", "find", "find --json", "token json"}
    in_xds = {f"{asked} {wanted}" for asked in XDS for wanted in ("LeafClass", "ObjectRef")}
    in_fhir = {"fhir DocumentReference", "fhir DocumentReference count", "fhir Provenance", "fhir List along"}
    assert told_of | in_xds | in_fhir | {"RetrieveDocumentSet all"} <= set(differing(ours, theirs, reader))


def test_the_comparison_of_what_is_written_can_fail():
    """With nothing blocked, one who writes sees that there is more, and cannot write over it."""
    story = told("A")
    nothing = furnished(story, frozenset(one.name for one in story))
    ours, theirs = (every_written_answer(world, DOCTOR, about(story)) for world in (furnished(story), nothing))
    assert ours.keys() > theirs.keys()
    assert ours["fhir write found Goal"] != theirs["fhir write found Goal"]
    assert ours["fhir write count Goal"] != theirs["fhir write count Goal"]


XDS = ("FindDocuments", "FindSubmissionSets", "GetAll", "GetDocuments", "GetDocuments unique", "GetSubmissionSets")
EVERYTHING = power("plans", "appointments", "card", "measurements", "psychiatry")


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_the_notice_is_said_and_is_all_that_is_said(reader):
    """The notice that the comparison takes out is there, once on the page and once in print."""
    story = told("A")
    everything = Block("b", origin_from=1)
    house = furnished(story, blocks=(everything,), powers=(EVERYTHING,))
    answers = every_answer(house, reader, About(whose(story)))
    on_page, in_print, in_text, *_ = notices(reader)
    shown = anywhere(answers["overview"])
    assert shown.count(on_page) == shown.count(in_print) == 1
    assert answers["show"].count(in_text) == 1
    assert FLAGS[0] in answers["json"]
    assert FLAGS[0] in answers["token json"]
    assert answers["FindDocuments LeafClass"].count(IN_XDS) == (reader is not CITIZEN)
    assert answers["fhir Goal"].count(_ENTRY) == (reader is not CITIZEN)
