"""What a check gives: every finding of one document."""

from collections.abc import Iterable, Iterator

import msgspec

from patientoverblik.problems import Finding, Severity

GRAVITY: tuple[Severity, ...] = ("error", "warning", "information")


class Findings(msgspec.Struct, frozen=True):
    """All findings of one document in the order of their lines, then places, then codes.

    ``profile`` is the set of rules the document was held against; empty if it is of no kind that we know.
    """

    profile: str
    all: tuple[Finding, ...]

    def __iter__(self) -> Iterator[Finding]:
        """Each finding in order."""
        return iter(self.all)

    def __len__(self) -> int:
        """How many findings there are."""
        return len(self.all)

    @property
    def worst(self) -> Severity | None:
        """The gravest severity found; None where nothing was found."""
        found = {finding.severity for finding in self.all}
        return next((severity for severity in GRAVITY if severity in found), None)

    @property
    def valid(self) -> bool:
        """Whether there is no error; warnings do not count."""
        return self.worst != "error"


def in_order(profile: str, found: Iterable[Finding]) -> Findings:
    """Findings sorted by place, each only once."""
    unique = dict.fromkeys(found)
    return Findings(profile, tuple(sorted(unique, key=lambda one: (one.line, one.place, one.code, one.about))))
