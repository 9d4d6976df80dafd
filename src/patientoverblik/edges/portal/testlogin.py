"""The page of the demo's test login, drawn for the provider that serves it: who one can be, plainly a test."""

from collections.abc import Callable

from starlette.responses import Response

from patientoverblik.edges.portal.answers import frame, page
from patientoverblik.edges.portal.assets import Assets
from patientoverblik.edges.portal.settings import Persona

GROUPS = (
    ("professional", "Fagpersoner"),
    ("citizen", "Borgere"),
    ("relative", "Pårørende"),
    ("officer", "Dataansvarlig"),
)


def choosing_page(assets: Assets, personas: tuple[Persona, ...], action: str) -> Callable[[str], Response]:
    """Draws the page for a sealed request; its forms post the request and the chosen one to ``action``."""
    groups = _groups(personas)

    def draw(sealed: str) -> Response:
        return page(
            "login.html", frame(assets, "Testlogin", invented=True), groups=groups, request=sealed, action=action
        )

    return draw


def _groups(personas: tuple[Persona, ...]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for kind, title in GROUPS:
        members = [
            {"id": each.id, "name": each.name, "text": each.text} for each in personas if each.actor.kind == kind
        ]
        found += [{"title": title, "personas": members}] if members else []
    return found
