"""Problems as data: one row per code in ``tables/*.csv``; a code's first word is its table's name.

A room names a problem by its code and never writes its text. Doors translate a code by the row's XDS error code
(IHE ITI TF-3, table 4.2.4.1-2), FHIR issue type (R4 ``issue-type``) and HTTP status.
"""

import csv
from collections.abc import Mapping
from importlib.resources import files
from typing import Literal

import msgspec

Severity = Literal["error", "warning", "information"]


class Problem(msgspec.Struct, frozen=True):
    """One kind of fault: its texts in Danish and English, and what it is called at each door.

    ``{about}`` in a text is filled with a word of the norm (element, attribute, code list), never a patient's value.
    """

    code: str
    severity: Severity
    da: str
    en: str
    xds: str
    fhir: str
    http: int


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """One fault found at one place.

    ``place`` is an absolute XPath (prefixes h, xsi, sdtc) or a path into a request; ``line`` counts from 1, 0 where it
    is not known; ``about`` is a word of the norm. None of them ever holds a patient's value.
    """

    code: str
    place: str = ""
    line: int = 0
    about: str = ""

    @property
    def problem(self) -> Problem:
        """The catalogue's row for this finding."""
        return CATALOGUE[self.code]

    @property
    def severity(self) -> Severity:
        """How grave the fault is, by the catalogue."""
        return self.problem.severity

    def da(self) -> str:
        """The Danish text of the fault."""
        return self.problem.da.replace("{about}", self.about)

    def en(self) -> str:
        """The English text of the fault."""
        return self.problem.en.replace("{about}", self.about)


def load_catalogue() -> Mapping[str, Problem]:
    """Read every table; a code that stands twice stops the program."""
    found: dict[str, Problem] = {}
    for table in sorted(files(__package__).joinpath("tables").iterdir(), key=lambda path: path.name):
        if table.name.endswith(".csv"):
            for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines()):
                problem = msgspec.convert(row, Problem, strict=False)
                if problem.code in found:
                    raise ValueError(f"problem code stands twice: {problem.code}")
                found[problem.code] = problem
    return found


CATALOGUE: Mapping[str, Problem] = load_catalogue()
