"""Templates to HTML: everything is escaped, what stands after a text keeps its order, and a name that is not there is a
fault, not a blank."""

from functools import lru_cache
from importlib.resources import files
from typing import Any

import minijinja
import msgspec

from patientoverblik.edges.portal.page import Link, Section

# Embeddings, overrides and isolates (Unicode UAX 9): after one of them "15" may read as "51", beyond its own text too.
TURNING = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), "\ufffd")


class Embedded(msgspec.Struct, frozen=True):
    """What a page says to the record system it stands in: the script that does, which origins it speaks with, what they
    call the patient (empty where it is opened for nobody), and the way back."""

    script: str
    origins: tuple[str, ...]
    ref: str = ""
    back: Link | None = None


class Frame(msgspec.Struct, frozen=True):
    """What surrounds every page. ``seconds_left`` is the time until the session ends, and ``permit_seconds`` until
    what is shown must be asked for anew; 0 where there is none. ``on_behalf`` and ``override`` remind the reader
    of the capacity they see in, and of an override that holds. ``root`` is where the addresses of the session
    begin. ``embedded`` is there where the page stands in a record system, which may show who the patient is itself
    (``banner`` is then false). ``invented`` says that the people of this installation are."""

    title: str
    style: str
    own_style: str
    icon: str
    script: str
    sprite: str
    home: str = "/"
    body: str = ""
    reader: str = ""
    csrf: str = ""
    links: tuple[Link, ...] = ()
    logged: bool = False
    seconds_left: int = 0
    permit_seconds: int = 0
    on_behalf: str = ""
    override: str = ""
    root: str = ""
    banner: bool = True
    embedded: Embedded | None = None
    invented: bool = False


def render(template: str, frame: Frame, **values: Any) -> str:
    """Write one page."""
    plain = {name: msgspec.to_builtins(value) for name, value in values.items()}
    return _in_order(_environment().render_template(template, frame=msgspec.to_builtins(frame), **plain))


def render_part(part: Section) -> str:
    """Write one part of an overview page."""
    return _in_order(_environment().render_template("part.html", part=msgspec.to_builtins(part)))


def _in_order(html: str) -> str:
    """The page with a sign in place of each that would turn digits and words around (:data:`TURNING`)."""
    return html.translate(TURNING) if any(chr(sign) in html for sign in TURNING) else html


@lru_cache(maxsize=1)
def _environment() -> minijinja.Environment:
    folder = files(__package__).joinpath("templates")
    texts = {each.name: each.read_text(encoding="utf-8") for each in folder.iterdir() if each.name.endswith(".html")}
    return minijinja.Environment(
        templates=texts,
        auto_escape_callback=lambda _name: "html",
        undefined_behavior="strict",
        trim_blocks=True,
        lstrip_blocks=True,
    )
