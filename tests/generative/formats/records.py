"""Random records of a profile: made from the profile's own shapes, so that a new field is tried without a change here.

Canonical values only: white space collapsed, nothing that says nothing, no two plain texts beside each other in a name. A record is
made from a seed by a plain random generator: drawing each part by itself would take seconds per record.
"""

from collections.abc import Callable
from random import Random

import msgspec

from patientoverblik.formats.cda import registry
from patientoverblik.formats.cda.datatypes import (
    AD,
    BL,
    CD,
    ED,
    II,
    INT,
    IVLPQ,
    PN,
    PQ,
    ST,
    TEL,
    Edge,
    Limit,
    Null,
    Piece,
    Time,
    Wire,
)
from patientoverblik.formats.cda.engine.model import CLASSES, field_types
from patientoverblik.formats.cda.engine.narrative import canonical
from patientoverblik.formats.cda.engine.profile import Line

LETTERS = "abcXYZ0189æøåÉ<>&\"'€#.-:"
NULLS = ("NA", "UNK", "MSK", "NI")
ADDRESS = ("streetAddressLine", "postalCode", "city", "country", "houseNumber")
NAME = ("prefix", "given", "family", "suffix")
ALWAYS = frozenset({"id", "patient"})


class Maker:
    """One record under way; the deeper, the sparser."""

    def __init__(self, profile: str, seed: int) -> None:
        self.random = Random(seed)
        self.shapes = registry.loaded()[profile].source.shapes
        self.root = registry.loaded()[profile].head.root

    def record(self) -> Wire:
        return self.shape(self.root, 0)

    def shape(self, name: str, depth: int) -> Wire:
        shape = self.shapes[name]
        of = CLASSES[shape.of]
        lines = [line for line in shape.lines if line.field and line.written]
        chance = 0.6 if depth < 3 else 0.35
        while True:
            chosen = [one for one in lines if one.field in ALWAYS or self.random.random() < chance]
            made = of(**{one.field: self.field(of, one, depth) for one in chosen})
            if msgspec.to_builtins(made).keys() - {"is"}:
                return made

    def field(self, of: type[Wire], line: Line, depth: int) -> object:
        wanted = field_types(of)[line.field]
        kind = line.place.kind or wanted.kind
        owed = bool(line.place.steps) and line.place.steps[-1].required
        if wanted.many:
            return tuple(self.value(kind, line, owed, depth) for _ in range(self.random.choice((1, 1, 2))))
        return self.value(kind, line, owed, depth)

    def value(self, kind: str, line: Line, owed: bool, depth: int) -> object:
        if line.place.attribute:
            return self.token()
        if kind in ("str", "line", "words"):
            return self.text()
        if kind == "narrative":
            return self.random.choice((self.narrative, str))()
        if kind not in LEAVES:
            return self.shape(kind, depth + 1)
        return self.something(LEAVES[kind], owed)

    def something(self, make: "Callable[[Maker], Wire]", owed: bool = False) -> Wire:
        while True:
            made = make(self)
            nothing = type(made)(null="NI") if owed and "null" in type(made).__struct_fields__ else None
            if made != nothing and msgspec.to_builtins(made).keys() - {"is", "type"}:
                return made

    def maybe(self, make: Callable[[], object], chance: float = 0.5) -> str:
        return str(make()) if self.random.random() < chance else ""

    def token(self) -> str:
        return "".join(self.random.choices(LETTERS, k=self.random.randint(1, 7)))

    def line(self) -> str:
        return " ".join(self.token() for _ in range(self.random.randint(1, 3)))

    def text(self) -> str:
        return "\n".join(self.line() for _ in range(self.random.choice((1, 1, 2))))

    def null(self) -> str:
        return self.maybe(lambda: self.random.choice(NULLS), 0.2)

    def narrative(self) -> str:
        texts = [canonical(self.inline()) for _ in range(self.random.randint(1, 3))]
        if self.random.random() < 0.5:
            return canonical("".join(f"<paragraph>{text}</paragraph>" for text in texts))
        rows = "".join(f'<tr><td ID="x{self.token_id()}">{text}</td><td>{text}</td></tr>' for text in texts)
        return canonical(f'<table width="100%"><tbody>{rows}</tbody></table>')

    def inline(self) -> str:
        word = self.line().replace("&", "&amp;").replace("<", "&lt;")
        return self.random.choice((word, f"<content> {word} </content> <sub>2</sub>", f"{word}<br/>{word}", " "))

    def token_id(self) -> int:
        return self.random.randint(1, 10**6)


def code(maker: Maker, depth: int = 1) -> CD:
    more = [maker.something(lambda one: code(one, 0)) for _ in range(maker.random.choice((0, 0, 2)))] if depth else []
    return CD(
        code=maker.maybe(maker.token),
        system=maker.maybe(maker.token),
        system_name=maker.maybe(maker.line),
        system_version=maker.maybe(maker.token, 0.1),
        display=maker.maybe(maker.text),
        original_text=maker.maybe(maker.text, 0.2),
        translations=tuple(more),  # type: ignore[arg-type]
        null=maker.null(),
    )


def time(maker: Maker) -> Time:
    while True:
        low, high = (maker.random.choice((None, maker.something(edge))) for _ in range(2))
        made = Time(value=maker.maybe(maker.token), null=maker.null(), low=low, high=high)  # type: ignore[arg-type]
        if made.null != "NI" or made.value or not {low, high} <= {None, Edge(null="NI")} or (low is high is None):
            return made


def edge(maker: Maker) -> Edge:
    return Edge(value=maker.maybe(maker.token), inclusive=maker.random.choice(("", "true", "false")), null=maker.null())


def limit(maker: Maker) -> Limit:
    inclusive = maker.random.choice(("", "true", "false"))
    return Limit(value=maker.maybe(maker.token), unit=maker.maybe(maker.token), inclusive=inclusive, null=maker.null())


def range_of(maker: Maker) -> IVLPQ:
    low, high = (maker.random.choice((None, maker.something(limit))) for _ in range(2))
    return IVLPQ(low=low, high=high, unit=maker.maybe(maker.token), null=maker.null())  # type: ignore[arg-type]


def pieces(maker: Maker, kinds: tuple[str, ...]) -> tuple[Piece, ...]:
    found: list[Piece] = []
    for _ in range(maker.random.randint(1, 4)):
        if maker.random.random() < 0.25 and not (found and not found[-1].kind):
            found.append(Piece(text=maker.line()))
        else:
            found.append(Piece(kind=maker.random.choice(kinds), text=maker.line(), null=maker.null()))
    return tuple(found)


def name(maker: Maker) -> PN:
    return PN(use=maker.maybe(maker.token), parts=pieces(maker, NAME), null=maker.null())


def any_value(maker: Maker) -> Wire:
    return maker.something(maker.random.choice((*(one for key, one in LEAVES.items() if key != "Any"), typed, bare)))


def typed(maker: Maker) -> PN:
    return PN(type=maker.random.choice(("EN", "ON", "TN")), parts=pieces(maker, NAME))


def bare(maker: Maker) -> Null:
    return Null(flavor=maker.random.choice(NULLS))


LEAVES: dict[str, Callable[[Maker], Wire]] = {
    "II": lambda m: II(root=m.maybe(m.token), extension=m.maybe(m.token), authority=m.maybe(m.line), null=m.null()),
    "CD": code,
    "Time": time,
    "PQ": lambda m: PQ(value=m.maybe(m.token), unit=m.maybe(m.token), null=m.null()),
    "IVLPQ": range_of,
    "ST": lambda m: ST(text=m.maybe(m.text), null=m.null()),
    "ED": lambda m: ED(text=m.maybe(m.text), reference=m.maybe(m.token), null=m.null()),
    "BL": lambda m: BL(value=m.random.choice(("true", "false")), null=m.null()),
    "INT": lambda m: INT(value=str(m.random.randint(0, 99)), null=m.null()),
    "TEL": lambda m: TEL(value=m.maybe(m.token), use=m.maybe(m.token), null=m.null()),
    "AD": lambda m: AD(use=m.maybe(m.token), parts=pieces(m, ADDRESS), null=m.null()),
    "PN": name,
    "Any": any_value,
}


def record_of(profile: str, seed: int) -> Wire:
    """The random record of a seed."""
    return Maker(profile, seed).record()
