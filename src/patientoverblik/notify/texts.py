"""Texts and times as receivers take them."""

from datetime import UTC, datetime


def cut(text: str, limit: int) -> str:
    """A text of at most ``limit`` characters: whole, or cut after a word where one ends in its last third, with "…"."""
    plain = " ".join(text.split())
    if len(plain) <= limit:
        return plain
    kept = plain[: limit - 1]
    at_word = kept.rpartition(" ")[0] if plain[limit - 1] != " " else kept
    return (at_word if len(at_word) >= limit * 2 // 3 else kept).rstrip() + "…"


def instant(at: int) -> str:
    """A time (ms UTC) as xs:dateTime and FHIR instant."""
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def clean(text: str) -> str:
    """The text without characters that XML cannot hold (XML 1.0 §2.2)."""
    return "".join(each for each in text if each in "\t\n\r" or " " <= each <= "\ud7ff" or _is_high(each))


def _is_high(character: str) -> bool:
    return "\ue000" <= character <= "\ufffd" or character >= "\U00010000"
