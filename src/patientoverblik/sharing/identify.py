"""Patient identifiers: which systems name a patient in Denmark, and what their numbers look like (nsp.md §13).

Only the form is judged. There is no modulus 11 check: numbers given since 2007 fail it. Test numbers carry day + 60.
"""

import re
from collections.abc import Iterable
from datetime import date

from patientoverblik.care import Identifier
from patientoverblik.care.systems import CPR, D_ECPR, X_ECPR
from patientoverblik.sharing.model import PatientId

TEST_DAY = 60
_BLANKS = re.compile(r"[\s-]")
_CPR = re.compile(r"(\d\d)(\d\d)(\d\d)(\d)\d{3}", re.ASCII)
_X_ECPR = re.compile(r"(\d\d)(\d\d)(\d\d)([17])[A-Z]{2}\d", re.ASCII)
_D_ECPR = re.compile(r"(\d\d)(\d\d)(\d\d)([056])[0-9A-Z]{3}", re.ASCII)


def identify(system: str, value: str) -> PatientId | None:
    """The patient identifier in its one canonical form, None if the system names no patients or the form is wrong.

    Accepts blanks and one hyphen as people write them, lower case letters, and ``urn:oid:`` before the system.
    """
    plain_system = system.strip().removeprefix("urn:oid:")
    plain = value if value.isdigit() else _BLANKS.sub("", value).upper()
    form = _form(plain_system)
    found = form.fullmatch(plain) if form else None
    return PatientId(plain_system, plain) if found and _is_date(found) else None


def identify_any(ids: Iterable[Identifier]) -> tuple[PatientId, ...]:
    """Every valid patient identifier of a document's patient, CPR first, without repeats."""
    found = (identify(one.system, one.value) for one in ids)
    valid = dict.fromkeys(one for one in found if one is not None)
    return tuple(sorted(valid, key=lambda one: one.system != CPR))


def _form(system: str) -> re.Pattern[str] | None:
    if system == CPR:
        return _CPR
    if system == X_ECPR:
        return _X_ECPR
    return _D_ECPR if system == D_ECPR or system.startswith(f"{D_ECPR}.") else None


def _is_date(found: re.Match[str]) -> bool:
    day, month, year, seventh = found.groups()
    plain_day = int(day) - TEST_DAY if int(day) > TEST_DAY else int(day)
    return any(_exists(century + int(year), int(month), plain_day) for century in _centuries(seventh))


def _centuries(seventh: str) -> tuple[int, ...]:
    """The centuries the seventh digit can mean; both are tried, since only a leap day can tell them apart here."""
    return (1900,) if seventh in "0123" else (1800, 1900, 2000)


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
