"""The words of flags, differences and merging rules, from the problem catalogue."""

from patientoverblik.problems import CATALOGUE


def text_of(code: str, about: str = "", *, citizen: bool = False) -> str:
    """The Danish text of a code with ``about`` filled in; the plainer wording for a citizen where there is one.
    ``KeyError`` if unknown."""
    plainer = CATALOGUE.get(f"{code}.citizen") if citizen else None
    return (plainer or CATALOGUE[code]).da.replace("{about}", about)
