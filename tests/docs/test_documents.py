"""The manual is complete and true: what it names exists, and what exists is named."""

import re
import tomllib
from pathlib import Path

import pytest

import patientoverblik.care as care
from patientoverblik.care import Value, class_term
from tests.conftest import PROJECT

BACKTICKED = re.compile(r"`([^`\n]+)`")


def text(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def table_rows(page: str) -> list[list[str]]:
    """Cells of every table row of a page, heads and rules left out."""
    rows = [line.strip().strip("|").split("|") for line in page.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows if not set("".join(row)) <= {"-", " ", ":"}]


def test_every_path_that_architecture_names_exists():
    named = [
        name for name in BACKTICKED.findall(text("ARCHITECTURE.md")) if name.startswith(("src/", "tests/", "docs/"))
    ]
    assert len(named) > 10
    assert [name for name in named if "*" not in name and not (PROJECT / name).exists()] == []


def test_adr_numbers_are_unique_and_without_gap():
    numbers = sorted(int(path.name[:4]) for path in (PROJECT / "docs/adr").glob("0*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_index_of_decisions_has_each_by_its_own_title():
    pages = sorted((PROJECT / "docs/adr").glob("0*.md"))
    told = [tuple(row[:2]) for row in table_rows(text("docs/adr/README.md"))[1:]]
    assert told == [(f"[{int(page.name[:4])}]({page.name})", title_of(page)) for page in pages]


def title_of(page: Path) -> str:
    """What stands behind the number in a decision's first line."""
    return page.read_text(encoding="utf-8").partition("\n")[0].partition(". ")[2]


@pytest.mark.parametrize("part", ["Decided", "Why", "Rejected"])
def test_every_adr_says_what_was_decided_why_and_what_was_rejected(part):
    missing = [path.name for path in (PROJECT / "docs/adr").glob("0*.md") if f"**{part}." not in path.read_text()]
    assert missing == []


def test_every_dependency_has_a_line_that_says_why():
    page = text("docs/dependencies.md")
    locked = [line for part in ("build", "runtime", "node", "dev") for line in text(f"requirements/{part}.in").split()]
    names = [name for name in locked if not name.startswith("-") and not name.endswith((".in", "-stubs"))]
    assert [name for name in names if name not in page] == []


def test_lock_files_name_no_address():
    for name in (
        "requirements/node.txt",
        "requirements/build.txt",
        "requirements/runtime.txt",
        "requirements/dev.txt",
        "package-lock.json",
    ):
        assert not re.search(r"https?://|--(extra-)?index-url", text(name)), name


def test_the_glossary_has_every_concept_that_the_model_publishes():
    page = text("GLOSSARY.md").lower()
    concepts = [
        getattr(care, name)
        for name in ("Plan", "Condition", "Goal", "Target", "Evaluation", "Intervention", "Measurement", "Contact")
    ] + [care.Appointment, care.CardItem, care.Relative, care.Responsibility, care.Contribution, care.Moment]
    assert [of.__name__ for of in concepts if class_term(of).da not in page] == []
    assert all(issubclass(of, Value) for of in concepts)


def test_the_glossary_has_one_row_per_word():
    words = [row[0].lower() for row in table_rows(text("GLOSSARY.md"))]
    assert sorted(words) == sorted(set(words))


def test_every_make_target_of_the_readme_exists():
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.M))
    named = set(re.findall(r"\bmake ([a-z-]+)", text("README.md")))
    assert {"run", "test"} <= named <= targets


def test_ci_calls_make_test():
    assert "make test" in text(".ci/run")


def test_the_version_is_the_same_everywhere():
    version = tomllib.loads(text("pyproject.toml"))["project"]["version"]
    assert f"softwareVersion: {version}" in text("publiccode.yml")
    assert f'__version__ = "{version}"' in text("src/patientoverblik/__init__.py")


def test_every_test_that_the_safety_case_names_exists():
    page = text("docs/safety.md")
    named = {name for name in BACKTICKED.findall(page) if name.startswith("test_")}
    files = {name for name in BACKTICKED.findall(page) if name.startswith("tests/")}
    written = "".join(path.read_text(encoding="utf-8") for path in (PROJECT / "tests").rglob("test_*.py"))
    assert len(named) > 60
    assert sorted(name for name in named if f"def {name}(" not in written) == []
    assert [name for name in files if not (PROJECT / name).exists()] == []


def test_every_hazard_has_a_law_and_a_test():
    rows = [row for row in table_rows(text("docs/safety.md")) if row[0].isdigit()]
    assert [int(row[0]) for row in rows] == list(range(1, len(rows) + 1))
    assert all(len(row) == 4 and all(row) for row in rows)
