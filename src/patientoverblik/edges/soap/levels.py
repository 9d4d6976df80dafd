"""How strictly each transaction holds a sender to the rules: a level per group of rules (DROS; nsp.md §2.1).

What concerns whose the patient is or what makes a message unsafe is in no group and is never lenient.
"""

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

from patientoverblik.problems import Finding

Group = Literal["ihe", "danish", "codes", "cpr"]
Level = Literal["OFF", "WARNING", "LOG", "REJECT"]


class Levels(msgspec.Struct, frozen=True):
    """The level of each group for one transaction: OFF says nothing, LOG keeps the finding with the entry, WARNING
    tells the sender too, REJECT refuses. What the design stores with its findings is a warning if nobody sets it."""

    ihe: Level = "REJECT"
    danish: Level = "WARNING"
    codes: Level = "WARNING"
    cpr: Level = "REJECT"


class Judged(msgspec.Struct, frozen=True):
    """Findings by what becomes of them: they refuse, they are told as warnings, they are kept with the entry."""

    refuse: tuple[Finding, ...]
    warn: tuple[Finding, ...]
    keep: tuple[Finding, ...]


def judge(findings: Iterable[Finding], levels: Levels) -> Judged:
    """Part findings by the level of their rule's group; one without a group refuses."""
    by: dict[Level, list[Finding]] = {"OFF": [], "WARNING": [], "LOG": [], "REJECT": []}
    for finding in findings:
        group = group_of(finding.code)
        by[getattr(levels, group) if group else "REJECT"].append(finding)
    return Judged(tuple(by["REJECT"]), tuple(by["WARNING"]), (*by["WARNING"], *by["LOG"]))


def group_of(code: str) -> Group | None:
    """The group of a rule, None where it is in none."""
    return _groups().get(code)


@cache
def _groups() -> Mapping[str, Group]:
    text = files(__package__).joinpath("rules.csv").read_text(encoding="utf-8")
    return {row["code"]: msgspec.convert(row["group"], Group) for row in csv.DictReader(text.splitlines())}
