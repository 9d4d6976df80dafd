"""``make conformance``: a client of another making (IPF's, in Java) drives the XDS.b door of a running service.

Needs a JDK of 17 or newer, Maven, and the packages that Maven fetches; where one of them is not to be had, one line
says so and nothing fails. ``--write`` puts the table into docs/conformance.md. The exit code is 1 where an answer is
not the one in ``expected.csv``.
"""

import csv
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benches.servers import free_port, serving
from tools.conformance.given import prepare

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
BUILT = ROOT / "var" / "conformance"
MANUAL = ROOT / "docs" / "conformance.md"
MARKS = "<!-- ipf -->", "<!-- /ipf -->"
Step = tuple[str, str, str]


def main(words: Sequence[str]) -> int:
    """Build the client, start a service of its own, ask, and tell."""
    missing = [name for name in ("javac", "mvn") if shutil.which(name) is None]
    if missing:
        return skip(f"{' and '.join(missing)} not found")
    if not fetch():
        return skip("Maven could not fetch what the client is made of")
    steps = ask(build())
    wanted = expected()
    table = written(steps, wanted)
    print(table)
    if "--write" in words:
        text = MANUAL.read_text(encoding="utf-8")
        before, after = text.split(MARKS[0])[0], text.split(MARKS[1])[1]
        MANUAL.write_text(f"{before}{MARKS[0]}\n{table}\n{MARKS[1]}{after}", encoding="utf-8")
    return 0 if steps == wanted else 1


def skip(why: str) -> int:
    """Say in one line that nothing was asked."""
    print(f"conformance: {why}; nothing was asked")
    return 0


def fetch() -> bool:
    """Let Maven fetch what the client is made of and write its class path, under ``var``; whether it could."""
    BUILT.mkdir(parents=True, exist_ok=True)
    words = ["mvn", "-B", "-q", "-f", str(HERE / "xds" / "pom.xml"), "dependency:build-classpath"]
    done = subprocess.run([*words, f"-Dmdep.outputFile={BUILT / 'classpath'}"], check=False, capture_output=True)
    return done.returncode == 0


def build() -> str:
    """Compile the client; the class path it runs with."""
    path = (BUILT / "classpath").read_text(encoding="utf-8").strip()
    sources = [str(source) for source in sorted((HERE / "xds" / "src").glob("*.java"))]
    subprocess.run(["javac", "-encoding", "UTF-8", "-cp", path, "-d", str(BUILT / "classes"), *sources], check=True)
    return f"{BUILT / 'classes'}:{path}"


def ask(path: str) -> list[Step]:
    """What the client saw: (transaction, what was asked, what came) of each step."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        given, environment = prepare(Path(folder), port)
        with serving(["-m", "patientoverblik", "serve"], port, environment):
            words = ["java", "-cp", path, "Conformance", str(given)]
            told = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    lines = (line.split("\t") for line in told.splitlines() if line.startswith("step\t"))
    return [(transaction, what, came) for _, transaction, what, came in lines]


def expected() -> list[Step]:
    """The steps as they are to come."""
    with (HERE / "expected.csv").open(encoding="utf-8", newline="") as file:
        return [(row["transaction"], row["asked"], row["answer"]) for row in csv.DictReader(file)]


def written(steps: Sequence[Step], wanted: Sequence[Step]) -> str:
    """The table of the manual; what came otherwise than expected says so."""
    rows = ["| Transaction | Asked | Answer | As expected |", "|---|---|---|---|"]
    for number, (transaction, what, came) in enumerate(steps):
        fine = number < len(wanted) and wanted[number] == (transaction, what, came)
        rows.append(f"| {transaction} | {what} | {came} | {'yes' if fine else 'NO'} |")
    return "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
