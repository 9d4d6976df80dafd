"""Our structural verdict against HL7's CDA_SDTC schema: every sample, 500 seeded mutants, and what is told of each fault."""

from pathlib import Path

import pytest
from lxml import etree

from patientoverblik.conformance import check
from patientoverblik.conformance.explain import explain
from tests.conformance.schema.mutants import mutant
from tests.conformance.schema.samples import paths, reparsed, tree

PREFIXES = {"h": "urn:hl7-org:v3", "sdtc": "urn:hl7-org:sdtc", "xsi": "http://www.w3.org/2001/XMLSchema-instance"}
MUTANTS = 500


@pytest.fixture(scope="module")
def norm(shared: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(shared / "data/cda/xsd/infrastructure/cda/CDA_SDTC.xsd"))


@pytest.fixture(scope="module")
def documents(shared: Path) -> list[etree._Element]:
    return [root for root in map(tree, paths(shared)) if root.tag == f"{{{PREFIXES['h']}}}ClinicalDocument"]


@pytest.fixture(scope="module")
def mutants(documents: list[etree._Element]) -> list[tuple[etree._Element, str]]:
    made = (mutant(documents[seed % len(documents)], seed) for seed in range(MUTANTS))
    return [(reparsed(root), what) for root, what in made]


def structural(root: etree._Element) -> list[str]:
    return [finding.code for finding in check(root) if finding.code.startswith("structure.")]


def test_every_sample_has_the_verdict_of_the_norm(shared: Path, norm: etree.XMLSchema) -> None:
    for path in paths(shared):
        root = tree(path)
        assert (not structural(root)) == norm.validate(root), path.name


def test_every_mutant_has_the_verdict_of_the_norm(
    mutants: list[tuple[etree._Element, str]], norm: etree.XMLSchema
) -> None:
    verdicts = set()
    for number, (root, what) in enumerate(mutants):
        valid = norm.validate(root)
        verdicts.add(valid)
        assert (not structural(root)) == valid, f"seed {number}: {what}"
    assert verdicts == {True, False}


def test_every_fault_is_told_in_words_and_not_only_found(
    mutants: list[tuple[etree._Element, str]], norm: etree.XMLSchema
) -> None:
    for number, (root, what) in enumerate(mutants):
        assert bool(list(explain(root))) != norm.validate(root), f"seed {number}: {what}"


def test_every_place_leads_to_one_node_of_the_document(mutants: list[tuple[etree._Element, str]]) -> None:
    for root, _ in mutants:
        for finding in check(root):
            found = root.getroottree().xpath(finding.place, namespaces=PREFIXES)
            assert len(found) == 1, finding


def test_no_finding_repeats_a_value_that_only_the_document_knows(documents: list[etree._Element]) -> None:
    secret = "hemmelig2512489996"
    for root in documents[:12]:
        for one in root.iter("*"):
            for name in one.attrib:
                one.set(name, secret)
            one.text = secret if (one.text or "").strip() else one.text
        told = [
            finding.place + finding.about + finding.da() + finding.en()
            for finding in check(reparsed(root), "cpd-1.0.1")
        ]
        assert told
        assert not [text for text in told if secret in text]
