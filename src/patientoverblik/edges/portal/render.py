"""Templates to HTML: everything is escaped, and a name that is not there is a fault, not a blank."""

from functools import lru_cache
from importlib.resources import files
from typing import Any

import minijinja
import msgspec

from patientoverblik.edges.portal.page import Link


class Frame(msgspec.Struct, frozen=True):
    """What surrounds every page. ``seconds_left`` is the time until the session ends, 0 where there is none."""

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


def render(template: str, frame: Frame, **values: Any) -> str:
    """Write one page."""
    plain = {name: msgspec.to_builtins(value) for name, value in values.items()}
    return _environment().render_template(template, frame=msgspec.to_builtins(frame), **plain)


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
