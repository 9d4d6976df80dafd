"""What a document cannot carry of a contribution, found by writing it and reading it back, with the reason by table."""

from collections.abc import Iterator

from patientoverblik.care import Contribution, Value
from patientoverblik.formats.cda.compose.document import compose
from patientoverblik.formats.cda.derive import derive
from patientoverblik.formats.cda.derive.meaning import meanings
from patientoverblik.formats.model import Loss

REASONS = meanings("lost")
_NO_PLACE = "the profile has no place for it"


def lost_in(contribution: Contribution, profile: str) -> tuple[Loss, ...]:
    """Every value of a contribution that a document of the profile does not give back; places are paths in it."""
    back, _ = derive(compose(contribution, profile), profile)
    return tuple(_differences(contribution, back, "", _NO_PLACE))


def _differences(said: object, back: object, place: str, reason: str) -> Iterator[Loss]:
    if isinstance(said, tuple) and isinstance(back, tuple) and len(said) == len(back):
        for at, (one, other) in enumerate(zip(said, back, strict=True)):
            yield from _differences(one, other, f"{place}[{at}]", _NO_PLACE if hasattr(one, "place") else reason)
    elif isinstance(said, Value) and type(said) is type(back):
        for name in said.__struct_fields__:
            if name != "place":
                why = REASONS.get(f"{type(said).__name__}.{name}", reason)
                yield from _differences(getattr(said, name), getattr(back, name), f"{place}.{name}".lstrip("."), why)
    elif said != back:
        yield Loss(place, reason)
