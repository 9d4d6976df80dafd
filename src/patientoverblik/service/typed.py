"""What a person types: made plain, and not taken where nothing of it can be seen or it is too much. One rule, whoever
writes and through whatever door."""

from unicodedata import category

from patientoverblik.access import Refusal

MOST_WORDS = 2000
TOO_LONG = Refusal("words-are-few", "service.too-many-words")
JOINERS = "\u200c\u200d"
FILLERS = "\u115f\u1160\u2800\u3164\uffa0"  # letters and a symbol by Unicode, and blank


def plain(words: str) -> str:
    """Words as a document can carry them: no control characters, no white space around, one kind of line break and of
    space; what stood apart stays apart. Empty where nobody could see any of it."""
    lines = words.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = "\n".join("".join(map(_carried, line)).rstrip() for line in lines).strip(f" \n{JOINERS}")
    return kept if any(map(_is_seen, kept)) else ""


def unfit(words: str, missing: Refusal) -> Refusal | None:
    """Why plain words are not taken: ``missing`` where there are none, or they are too many; None where they are."""
    if not words:
        return missing
    return TOO_LONG if len(words) > MOST_WORDS else None


def _carried(char: str) -> str:
    return " " if char.isspace() else char if char.isprintable() or char in JOINERS else ""


def _is_seen(char: str) -> bool:
    """Whether a character stands for something by itself: a letter, number, punctuation or symbol, and no filler."""
    return category(char)[0] in "LNPS" and char not in FILLERS
