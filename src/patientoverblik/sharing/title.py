"""A document's title as a reader gets it: some kinds of document carry the patient's number in it ("Aftale for <CPR>",
MedCom APD-DK), and a number stands in no answer that did not ask for it (DESIGN 14)."""

import re
from functools import lru_cache

_NUMBER = re.compile(r"\s*(?:\bfor\s+)?\b\d{6}[- ]?\d{4}\b")


@lru_cache(maxsize=4096)
def plain_title(title: str) -> str:
    """The title without a personal number; what is left of it may be empty."""
    return _NUMBER.sub("", title).strip()
