"""What the words of an item say that two parties must agree on before their items can be one: numbers, sides,
negations."""

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from patientoverblik.care import Amount, Concept, Quantity, Range, Text

_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?!\w)")
_DATE = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}:\d\d")
_SIDE = re.compile(r"\b(højre\w*|venstre\w*|dobbeltsidig\w*|bilateral\w*|hø|ve|dxt|sin)\b", re.IGNORECASE)
_NEGATION = re.compile(
    r"\b(ikke|ingen|intet|uden|aldrig|afkræft\w*|obs|mistænk\w*|mistanke|formod\w*)\b", re.IGNORECASE
)
_DIGITS = 30  # no measured amount is longer, and an exponent must not become a million digits
_FILLING = re.compile(r"[\W_]+")


@lru_cache(maxsize=8192)
def numbers(words: str) -> frozenset[str]:
    """The numbers that stand free in a text, dates and times left out, each by every way it may be read (``1.000``
    is one and a thousand)."""
    return frozenset(
        reading for written in _NUMBER.findall(_DATE.sub(" ", words)) for reading in number_readings(written)
    )


def doses(words: str) -> tuple[str, ...]:
    """The numbers of a text as written, in order."""
    return tuple(_NUMBER.findall(words))


@lru_cache(maxsize=8192)
def sides(words: str) -> tuple[str, ...]:
    """The words for a side of the body, without their endings."""
    return tuple(sorted({found.casefold()[:3] for found in _SIDE.findall(words)}))


@lru_cache(maxsize=8192)
def negations(words: str) -> tuple[str, ...]:
    """The words that deny or doubt."""
    return tuple(sorted({found.casefold() for found in _NEGATION.findall(words)}))


@lru_cache(maxsize=8192)
def plain(words: str) -> str:
    """A text without case, punctuation and spacing: what makes two wordings the same words."""
    if "  " not in words and words.replace(" ", "").isalnum():
        return words.strip().casefold()
    return _FILLING.sub(" ", words).strip().casefold()


def is_written(number: str, words: str) -> bool:
    """Whether a plain number stands in a text between spaces with these very digits: it is then certainly among
    :func:`numbers`."""
    whole, _, part = number.partition(".")
    if len(number) >= _DIGITS or not whole.isdecimal() or not (part.isdecimal() or number == whole):
        return False
    spaced = f" {words} "
    return f" {number} " in spaced or f" {number.replace('.', ',')} " in spaced


@lru_cache(maxsize=8192)
def number_readings(written: str) -> tuple[str, ...]:
    """The values a written number may mean: comma or point as decimal sign, and as thousands' sign where three
    digits follow."""
    readings = {_value(written.replace(",", "."))}
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", written):
        readings.add(_value(re.sub(r"[.,]", "", written)))
    return tuple(sorted(reading for reading in readings if reading))


def amount_numbers(amount: Amount) -> tuple[str, ...]:
    """The digits of an amount as its source wrote them."""
    if isinstance(amount, Quantity):
        return (amount.value,)
    if isinstance(amount, Range):
        return tuple(bound.value for bound in (amount.low, amount.high) if bound is not None)
    return ()


def amount_unit(amount: Amount) -> str:
    """The unit of an amount as written; empty where it has none."""
    return amount.unit if isinstance(amount, Quantity | Range) else ""


def amount_key(amount: Amount) -> tuple[object, ...]:
    """An amount for comparison: equal keys mean that the same is said, digit writing apart. Units are compared by
    the caller."""
    if isinstance(amount, Quantity):
        return ("quantity", _value(amount.value) or amount.value)
    if isinstance(amount, Range):
        ends = [
            None if end is None else (_value(end.value) or end.value, end.inclusive)
            for end in (amount.low, amount.high)
        ]
        return ("range", *ends)
    if isinstance(amount, Concept):
        return ("concept", *sorted((coding.system, coding.code) for coding in amount.codings), plain(amount.text))
    return ("text", plain(amount.words)) if isinstance(amount, Text) else ("unknown",)


@lru_cache(maxsize=8192)
def _value(written: str) -> str:
    try:
        value = Decimal(written)
    except InvalidOperation:
        return ""
    return format(value.normalize(), "f") if value.is_finite() and abs(value.adjusted()) < _DIGITS else ""
