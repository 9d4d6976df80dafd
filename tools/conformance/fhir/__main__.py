"""HL7's own Java validator judges every resource of the demo people as the FHIR door emits it (part of ``make
conformance``).

Needs a JDK of 17 or newer, Maven, the packages that Maven fetches, and the folder of published StructureDefinitions
(``PATIENTOVERBLIK_SHARED``, as the tests); where one is not to be had, one line says so and nothing fails. ``--write``
puts the table into docs/conformance.md. The exit code is 1 where an error has no reason in ``reasons.csv``.
"""

import csv
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from tools.conformance.fhir import compared
from tools.conformance.fhir.emitted import emit

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
BUILT = ROOT / "var" / "conformance" / "fhir"
MANUAL = ROOT / "docs" / "conformance.md"
MARKS, COMPARED = ("<!-- hl7 -->", "<!-- /hl7 -->"), ("<!-- verdicts -->", "<!-- /verdicts -->")
DEFINITIONS = Path(os.environ.get("PATIENTOVERBLIK_SHARED", ROOT.parent / "shared")) / "data" / "fhir"


class Judgement(NamedTuple):
    """What HL7's validator told: how many files of each type it judged, and (type, place, words) of each error."""

    judged: Counter[str]
    errors: tuple[tuple[str, str, str], ...]


def main(words: Sequence[str]) -> int:
    """Build the judge, emit the resources, judge them, and tell."""
    missing = [name for name in ("javac", "mvn") if shutil.which(name) is None]
    if missing or not DEFINITIONS.is_dir():
        return skip(f"{' and '.join(missing or ['the folder of definitions'])} not found")
    if not fetch():
        return skip("Maven could not fetch HL7's validator")
    path = build()
    told, beside = judge(path), against(path)
    wrong = [f"{kind} {place}: {text}" for kind, place, text in unexplained(told.errors)]
    for marks, table in ((MARKS, written(told)), (COMPARED, compared.written(beside))):
        print(table)
        if "--write" in words:
            write(marks, table)
    print("\n".join((*wrong, *beside.unexplained)))
    return 1 if wrong or beside.unexplained else 0


def write(marks: tuple[str, str], table: str) -> None:
    """Put a table into the manual between its marks."""
    text = MANUAL.read_text(encoding="utf-8")
    before, after = text.split(marks[0])[0], text.split(marks[1])[1]
    MANUAL.write_text(f"{before}{marks[0]}\n{table}\n{marks[1]}{after}", encoding="utf-8")


def skip(why: str) -> int:
    """Say in one line that nothing was judged."""
    print(f"conformance: {why}; no FHIR resource was judged by HL7's validator")
    return 0


def fetch() -> bool:
    """Let Maven fetch the validator and write its class path, under ``var``; whether it could."""
    BUILT.mkdir(parents=True, exist_ok=True)
    words = ["mvn", "-B", "-q", "-f", str(HERE / "pom.xml"), "dependency:build-classpath"]
    done = subprocess.run([*words, f"-Dmdep.outputFile={BUILT / 'classpath'}"], check=False, capture_output=True)
    return done.returncode == 0


def build() -> str:
    """Compile the judge; the class path it runs with."""
    path = (BUILT / "classpath").read_text(encoding="utf-8").strip()
    source = str(HERE / "src" / "Judge.java")
    subprocess.run(["javac", "-encoding", "UTF-8", "-cp", path, "-d", str(BUILT / "classes"), source], check=True)
    return f"{BUILT / 'classes'}:{path}"


def judge(path: str) -> Judgement:
    """What is told of every resource of the demo people, with the definitions at hand."""
    with tempfile.TemporaryDirectory() as folder:
        resources = Path(folder) / "resources"
        resources.mkdir()
        emit(resources, Path(folder) / "demo.sqlite3")
        return understood(lines(path, resources))


def against(path: str) -> compared.Compared:
    """Our verdicts by profile beside those of the validator."""

    def errors(folder: Path) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for cells in (line.split("\t") for line in lines(path, folder)):
            if cells[0] == "error":
                found.setdefault(cells[1], []).append(cells[3])
        return found

    with tempfile.TemporaryDirectory() as folder:
        return compared.compare(Path(folder), errors)


def lines(path: str, resources: Path) -> list[str]:
    """What the judge says of the files of a folder, with the definitions at hand."""
    folders = (*sorted(DEFINITIONS.glob("*/conformance")), DEFINITIONS / "r4/structuredefinitions")
    words = ["java", "-cp", path, "Judge", str(resources), *map(str, folders)]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.splitlines()


def understood(lines: Iterable[str]) -> Judgement:
    """The judge's lines as values."""
    cells = [line.split("\t") for line in lines]
    judged = Counter(one[1].partition("-")[0] for one in cells if one[0] == "judged")
    errors = tuple((one[1].partition("-")[0], one[2], one[3]) for one in cells if one[0] == "error")
    return Judgement(judged, errors)


def reasons() -> list[tuple[str, str]]:
    """How the words of an error that is none of ours begin, and why it is none."""
    with (HERE / "reasons.csv").open(encoding="utf-8", newline="") as file:
        return [(row["begins"], row["reason"]) for row in csv.DictReader(file)]


def reason(text: str) -> str:
    """Why an error is none of ours; empty where it is."""
    return next((why for begins, why in reasons() if text.startswith(begins)), "")


def unexplained(errors: Iterable[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """The errors that are ours."""
    return [one for one in errors if not reason(one[2])]


def written(told: Judgement) -> str:
    """The tables of the manual: what was judged, and what is told that is no error of ours."""
    ours = Counter(kind for kind, _, _ in unexplained(told.errors))
    rows = ["| Resource | Judged | Errors |", "|---|---|---|"]
    rows += [f"| {kind} | {count} | {ours[kind]} |" for kind, count in sorted(told.judged.items())]
    why = Counter(why for _, _, text in told.errors if (why := reason(text)))
    rows += ["", "| Told, and no error of ours | Times |", "|---|---|"]
    return "\n".join([*rows, *(f"| {each} | {count} |" for each, count in sorted(why.items()))])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
