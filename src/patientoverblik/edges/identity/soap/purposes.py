"""Purposes of use a token may state (IHE ITI-40, XSPA), by the table ``purposes.csv``; any other is not served."""

import csv
from collections.abc import Mapping
from importlib.resources import files

import msgspec


class Use(msgspec.Struct, frozen=True):
    """A code, the kind of user it is for, and whether it asks to look in spite of a block ("værdispring")."""

    code: str
    user: str
    override: bool
    source: str


def _rows() -> Mapping[str, Use]:
    text = files(__package__).joinpath("purposes.csv").read_text(encoding="utf-8")
    return {row["code"]: msgspec.convert(row, Use, strict=False) for row in csv.DictReader(text.splitlines())}


USES: Mapping[str, Use] = _rows()


def uses(codes: tuple[str, ...], user: str) -> tuple[Use, ...] | None:
    """What the codes mean for this kind of user; None where one of them is not served."""
    found = tuple(use for code in codes if (use := USES.get(code.upper())) is not None and use.user == user)
    return found if len(found) == len(codes) else None
