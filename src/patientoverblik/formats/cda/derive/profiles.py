"""What the profile of a document says of it before anything is read in it."""

from typing import NamedTuple

from patientoverblik.formats.cda.derive.meaning import load_rows


class Nature(NamedTuple):
    """The kind of plan a profile is made for (empty: told by the document), and whether it carries a plan at all."""

    plan_kind: str
    has_plan: bool
    example: bool


_NATURES = {
    row["code"]: Nature(row["value"], row["plan"] == "yes", row["example"] == "yes") for row in load_rows("profile")
}
_NATIONAL = Nature("", has_plan=True, example=False)


def nature_of(profile: str) -> Nature:
    """The nature of a profile; one without a row is a national one whose documents tell their kind."""
    return _NATURES.get(profile, _NATIONAL)
