"""Our verdict by profile beside HL7's: on every shared example, and on mutants of them.

Where one finds an error and the other none, each error has a reason in ``differences.csv``; one without is told.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.conformance.fhir.mutants import mutants, of_profiles
from tests.conformance.fhir.packages import shared_profiles
from tests.conformance.formats.fhir_samples import fhir_samples, name_of

from patientoverblik.conformance.fhir import UNREADABLE, claimed, structure
from patientoverblik.formats.fhir import decode_json, encode_json

HERE = Path(__file__).parent
SEED, OF_PROFILES, OF_STRUCTURE = 1, 600, 150
Judge = Callable[[Path], Mapping[str, Sequence[str]]]
"""HL7's errors of every file in a folder, in words, by the file's name."""


class Compared(NamedTuple):
    """How many were judged, on how many both find an error or none, why verdicts differ (in how many), and where
    without a reason."""

    judged: int
    wrong: int
    fine: int
    reasons: Counter[tuple[str, str]]
    unexplained: tuple[str, ...]


def compare(folder: Path, judge: Judge) -> Compared:
    """Write examples and mutants into a folder, let HL7's validator judge them, judge them here, and compare."""
    given = dict(_given())
    for name, one in given.items():
        (folder / f"{name}.json").write_bytes(encode_json(one))
    theirs = judge(folder)
    return _compared({name: (_ours(one), tuple(theirs.get(f"{name}.json", ()))) for name, one in given.items()})


def _given() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in fhir_samples():
        yield f"example-{name_of(path).replace('/', '-')}", decode_json(path.read_bytes())
    for number, one in enumerate(of_profiles(OF_PROFILES, SEED)):
        yield f"profile-{number}", one
    for number, one in enumerate(mutants(OF_STRUCTURE, SEED)):
        yield f"structure-{number}", one


def _ours(resource: dict[str, Any]) -> tuple[str, ...]:
    """The codes of the errors that are found here."""
    found = structure(resource).all
    if not any(one.code in UNREADABLE for one in found):
        found = (*found, *claimed(shared_profiles(), resource))
    return tuple(one.code for one in found if one.severity == "error")


def _compared(verdicts: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]) -> Compared:
    both = Counter((bool(ours), bool(theirs)) for ours, theirs in verdicts.values())
    reasons: Counter[tuple[str, str]] = Counter()
    unexplained = []
    for name, (ours, theirs) in verdicts.items():
        if bool(ours) == bool(theirs):
            continue
        who, told = ("here", ours) if ours else ("hl7", theirs)
        why = [reason(who, one) for one in told]
        if all(why):
            reasons[(who, why[0])] += 1
        else:
            unexplained.append(f"{name}: only {who}: {' · '.join(told)}")
    return Compared(len(verdicts), both[True, True], both[False, False], reasons, tuple(unexplained))


def reason(who: str, error: str) -> str:
    """Why only one of the two finds an error; empty where nobody knows."""
    return next((row["reason"] for row in _rows() if row["who"] == who and error.startswith(row["begins"])), "")


def _rows() -> list[dict[str, str]]:
    with (HERE / "differences.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def written(told: Compared) -> str:
    """The table of the manual."""
    return "\n".join(_lines(told))


def _lines(told: Compared) -> Iterable[str]:
    yield "| Verdicts on the shared examples and mutants | Resources |"
    yield "|---|---|"
    yield f"| judged by both | {told.judged} |"
    yield f"| both find an error | {told.wrong} |"
    yield f"| both find none | {told.fine} |"
    for (who, why), count in sorted(told.reasons.items()):
        yield f"| only {'HL7 finds one' if who == 'hl7' else 'we find one'}: {why} | {count} |"
    yield f"| without a reason | {len(told.unexplained)} |"
