"""Templates to HTML: everything is escaped, and a name that is not there is a fault, not a blank."""

from functools import lru_cache
from importlib.resources import files
from typing import Any

import minijinja
import msgspec

from patientoverblik.edges.portal.page import Link, Section


class Frame(msgspec.Struct, frozen=True):
    """What surrounds every page. ``seconds_left`` is the time until the session ends, and ``permit_seconds`` until
    what is shown must be asked for anew; 0 where there is none. ``on_behalf`` and ``override`` remind the reader
    of the capacity they see in, and of an override that holds."""

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


def render(template: str, frame: Frame, **values: Any) -> str:
    """Write one page."""
    plain = {name: msgspec.to_builtins(value) for name, value in values.items()}
    return _environment().render_template(template, frame=msgspec.to_builtins(frame), **plain)


def render_part(part: Section) -> str:
    """Write one part of an overview page."""
    return _environment().render_template("part.html", part=msgspec.to_builtins(part))


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
