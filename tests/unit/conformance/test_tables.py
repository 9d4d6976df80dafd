"""A fault in a table of rules stops the load and names its file and line; the tables there are hold together."""

import inspect
import re
from typing import get_args

import pytest

from patientoverblik.conformance import content, explain, ruleset, scopes
from patientoverblik.conformance.contexts import find_context, templates_of
from patientoverblik.conformance.tables import TableError, parse, rows, search
from patientoverblik.conformance.vocabulary import KINDS
from patientoverblik.problems import CATALOGUE
from tests.unit.conformance.documents import document

HEAD = "code,context,test,path,argument,about,source\n"
GOOD = "profile.missing,/h:ClinicalDocument,exists,h:id,,id,DK CDA Header\n"


def loaded(text: str) -> ruleset.Rule:
    return ruleset.rule(parse("made", HEAD + text)[-1])


def test_a_good_row_loads() -> None:
    assert loaded(GOOD).code == "profile.missing"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("profile.missing,/h:ClinicalDocument,perhaps,h:id,,id,guide", "no such kind of test"),
        ("profile.mising,/h:ClinicalDocument,exists,h:id,,id,guide", "no such code"),
        ("profile.missing,/h:ClinicalDocument,exists,h:id,,id,", "a rule needs its source"),
        ("profile.missing,/h:ClinicalDocument,exists,h:id[,,id,guide", "not an XPath"),
        ("profile.missing,/h:ClinicalDocument,exists", "another number of cells"),
    ],
)
def test_a_fault_names_file_and_line(row: str, reason: str) -> None:
    with pytest.raises(TableError, match=r"made\.csv line 3: .*") as told:
        loaded(GOOD + row + "\n")
    assert reason in str(told.value)


def test_a_fault_in_a_context_is_named_too() -> None:
    with pytest.raises(TableError, match=r"made\.csv line 2"):
        find_context(parse("made", HEAD + GOOD)[0], "section[t=1.2.3]/h:entry[")


def test_every_shape_and_every_profile_of_a_scope_is_known() -> None:
    assert set(scopes.STARTS) <= set(ruleset.PROFILES)
    assert {start.shape for starts in scopes.STARTS.values() for start in starts} <= set(scopes.SHAPES)


def test_every_severity_of_text_names_its_subject() -> None:
    for code, problem in CATALOGUE.items():
        if code.startswith(("structure.", "datatype.", "header.", "profile.")):
            assert ("{about}" in problem.da) == ("{about}" in problem.en), code
            assert (problem.http == 422) == (problem.severity == "error"), code


def test_a_short_context_finds_the_bearers_of_a_template_once() -> None:
    root = document(
        '<x><templateId root="1.2" extension="a"/><templateId root="1.2" extension="a"/></x><x><templateId root="1.2"/></x>'
    )
    row = rows("profiles")[0]
    templates = templates_of(root)
    assert len(find_context(row, "x[t=1.2 a]")(root, templates)) == 1
    assert len(find_context(row, "x[t=1.2]")(root, templates)) == 2
    assert len(find_context(row, "x[t=1.2 a]/h:templateId[1]")(root, templates)) == 1
    assert len(find_context(row, "y[t=1.2]")(root, templates)) == 0


CASES = [
    ("exists", "h:a", "", "<a/>", "<b/>"),
    ("absent", "h:a", "", "<b/>", "<a/>"),
    ("never", "", "", None, "<a/>"),
    ("exactly-one", "h:a", "", "<a/>", "<a/><a/>"),
    ("at-most-one", "h:a", "", "<b/>", "<a/><a/>"),
    ("equals", "h:a/@v", "it's", '<a v="it\'s"/>', '<a v="x"/>'),
    ("one-of", "h:a/@v", "N R", '<a v="R"/>', '<a v="N R x"/>'),
    ("matches", "h:a/@v", "[0-9]{2}", '<a v="12"/>', '<a v="123"/>'),
    ("same-as", "h:a/@v", "h:b/@v", '<a v="1"/><b v="1"/>', '<a v="1"/><b v="2"/>'),
    ("holds", "@id or h:a", "", "<a/>", "<b/>"),
]


def test_every_kind_of_test_has_a_case() -> None:
    assert [case[0] for case in CASES] == list(KINDS)


@pytest.mark.parametrize(("kind", "path", "argument", "kept", "broken"), CASES)
def test_each_kind_finds_what_breaks_it(kind: str, path: str, argument: str, kept: str | None, broken: str) -> None:
    faults = search(rows("profiles")[0], KINDS[kind](path, argument))
    assert faults(document(broken))
    assert kept is None or not faults(document(kept))


def test_every_code_that_the_structure_walk_can_tell_has_a_row() -> None:
    source = inspect.getsource(explain)
    named = set(re.findall(r'"(structure\.[a-z-]+)"', source))
    built = {f"structure.{fault}-element" for fault in get_args(content.Fault)}
    both = {f"structure.{word}-attribute" for word in ("unexpected", "unknown")}
    assert len(named) > 8
    assert named | built | both <= set(CATALOGUE)
