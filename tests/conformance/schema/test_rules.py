"""Our rules against MedCom's schematron for CPD-DK 1.0.1 and APD-DK 2.0.1: every sample and seeded mutants.

Compared is whether there is an error, on documents that are valid by the schema: what is not is an error to us in any case.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lxml import etree

from patientoverblik.conformance import check
from tests.conformance.schema.mutants import mutant
from tests.conformance.schema.rule_mutants import rule_mutant
from tests.conformance.schema.samples import paths, reparsed, tree

ON_PURPOSE = {
    "header.bad-cpr": "a CPR number that cannot be one is an error to us; the schematron does not look at it",
    "header.several-patients": "a document about two patients is never right; the schematron lets it pass",
}
"""Codes in which we are stricter, with the reason; also told in docs/conformance.md."""

PROFILES = [("cpd-1.0.1", "slim-cpd", "cpd"), ("apd-2.0.1", "slim-apd", "apd")]
SEEDS = 20_000
"""Where seeds begin here, far from those of the structural test."""

Verdict = Callable[[bytes], bool]


def refused(root: etree._Element, profile: str) -> bool:
    return any(one.severity == "error" and one.code not in ON_PURPOSE for one in check(root, profile))


@pytest.fixture(scope="module", params=PROFILES, ids=[profile for profile, _, _ in PROFILES])
def oracle(
    request: pytest.FixtureRequest, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str, Verdict]]:
    saxonche = pytest.importorskip("saxonche")
    from tests.conformance.schema.oracle import Oracle

    profile, name, folder = request.param
    with saxonche.PySaxonProcessor(license=False) as processor:
        made = Oracle(processor, shared, name, tmp_path_factory.mktemp(name))
        yield profile, folder, lambda document: bool(made.failures(document))


@pytest.mark.slow
def test_samples_and_mutants_have_the_verdict_of_the_schematron(oracle: tuple[str, str, Verdict], shared: Path) -> None:
    profile, folder, theirs = oracle
    for path in paths(shared, folder):
        assert refused(tree(path), profile) == theirs(path.read_bytes()), path.name
    verdicts = [compared(root, profile, theirs, what) for what, root in valid_mutants(shared, folder, 250)]
    assert set(verdicts) == {True, False}


def compared(root: etree._Element, profile: str, theirs: Verdict, what: str) -> bool:
    """The schematron's verdict, after asserting that it is ours."""
    verdict = theirs(etree.tostring(root))
    assert refused(root, profile) == verdict, what
    return verdict


def valid_mutants(shared: Path, folder: str, wanted: int) -> Iterator[tuple[str, etree._Element]]:
    """Mutants of the folder's documents that are still valid by the schema, two of three made for breaking rules."""
    sources = [tree(path) for path in paths(shared, folder) if path.parent.name == folder]
    seed = SEEDS
    while wanted:
        seed += 1
        source = sources[seed % len(sources)]
        root = reparsed(rule_mutant(source, seed) if seed % 3 else mutant(source, seed)[0])
        if not any(one.code.startswith("structure.") for one in check(root)):
            wanted -= 1
            yield f"seed {seed}", root


FAULTY = {
    "NoHealthConcernCode": "code 75310-3 LOINC",
    "NoHealthConcernTitle": "title",
    "NoHealthConcernText": "text",
    "NoHealthConcernSectionTemplateId": "Health concerns 1.2.208.184.15.1.10.20.1",
    "NoHealthConcernSectionComponent": "Health concerns 1.2.208.184.15.1.10.20.1.2",
    "NoGoalSectionTemplateId": "Goals 1.2.208.184.15.1.10.20.2",
    "NoGoalSectionComponent": "Goals 1.2.208.184.15.1.10.20.2.2",
    "NoInterventionSectionTemplateId": "Interventions 1.2.208.184.15.1.10.20.3",
    "NoInterventionSectionComponent": "Interventions 1.2.208.184.15.1.10.20.3.2",
    "no-acts-no-obs": "Health Status Observation / Health Concern Act",
}


@pytest.mark.parametrize(("name", "about"), FAULTY.items())
def test_each_faulty_plan_has_the_one_fault_that_its_name_tells(shared: Path, name: str, about: str) -> None:
    (path,) = (shared / "data/cda/cpd/invalid").glob(f"*{name}.xml")
    errors = [finding for finding in check(tree(path)) if finding.severity == "error"]
    assert [(error.code, error.about) for error in errors] == [("profile.missing", about)]


OUTCOMES = {
    "cpd/CPD-DK_Care_Plan_Diabetes_Example_1_2018-11-02.xml": ("cpd-1.0.1", "warning"),
    "cpd/DK-CPD_Care_Plan_GGOP_specialiseret_Example_2019-01-22.xml": ("cpd-1.0.1", "warning"),
    "apd/DK-APD_Example_1_2_apd_maximum.xml": ("apd-2.0.1", "warning"),
    "apd/DK-APD_Example_1.xml": ("apd-1", None),
    "pdc/PDC20_Example-1_2019-08-17.xml": ("pdc-2.0-draft", "warning"),
    "pdc/PDC20_Example-2_2019-08-20.xml": ("pdc-2.0-draft", "warning"),
    "phmr/Ex1-Weight_measurement.xml": ("phmr", "warning"),
    "phmr/Ex1-Weight_measurement.invalid.model.xml": ("phmr", "error"),
    "phmr/lavet_af_phmr_builder.xml": ("phmr", "error"),
    "ccda/C-CDA_R2.1_Care_Plan.xml": ("", "warning"),
}


@pytest.mark.parametrize(("name", "outcome"), OUTCOMES.items())
def test_samples_of_every_kind_are_recognised_and_judged(
    shared: Path, name: str, outcome: tuple[str, str | None]
) -> None:
    findings = check(tree(shared / "data/cda" / name))
    assert (findings.profile, findings.worst) == outcome
