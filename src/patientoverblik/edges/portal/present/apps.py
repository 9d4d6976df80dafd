"""What a person reads about an app: who is behind it, exactly what it will see, for how long, and how it ends."""

from collections.abc import Mapping

import msgspec

from patientoverblik.edges.identity.authorisation import App, Wish
from patientoverblik.edges.identity.authorisation.model import DAY, Grant
from patientoverblik.edges.identity.scopes import ANY, parse_scopes
from patientoverblik.edges.portal.dates import danish_time, day_text, instant_text

# Danish words for FHIR types; one that is not here is named as the norm names it.
SEES = {
    ANY: "Alt i overblikket: planer, mål, indsatser, aftaler, målinger, problemer, kontakter og dokumenter",
    "CarePlan": "Planer",
    "Goal": "Mål",
    "ServiceRequest": "Indsatser",
    "Appointment": "Aftaler",
    "Observation": "Målinger",
    "Condition": "Problemer og diagnoser",
    "CareTeam": "Hvem der gør hvad",
    "DocumentReference": "Dokumenter",
    "Patient": "Navn, adresse og CPR-nummer",
}
DOES = {"c": "oprette", "u": "ændre", "d": "slette"}
ENDS = {
    "withdrawn": "Adgangen er trukket tilbage.",
    "given-back": "Appen har selv afsluttet adgangen.",
    "used-twice": "Vi lukkede adgangen, fordi den blev brugt fra to steder. Kontakt den, der står bag appen.",
}


class Whose(msgspec.Struct, frozen=True):
    """Whose overview it may be: those that are offered, whether another may be named by number, and whether the last
    choice was none that the reader has."""

    labels: tuple[str, ...]
    by_number: bool
    wrong: bool


class Asking(msgspec.Struct, frozen=True):
    """The page that asks: the app and who is behind it, what it will see and do, until when, for whom, by whom."""

    app: str
    owner: str
    sees: tuple[str, ...]
    name: bool
    until: str
    stays: bool
    whose: Whose
    reader: str
    host: str


class Access(msgspec.Struct, frozen=True):
    """One app with access, or one that had it."""

    grant: str
    app: str
    owner: str
    sees: tuple[str, ...]
    whose: str
    by: str
    since: str
    until: str
    ended: str


class Listed(msgspec.Struct, frozen=True):
    """The page that shows: what the reader has allowed, what others have allowed about them, and what has ended."""

    given: tuple[Access, ...]
    others: tuple[Access, ...]
    ended: tuple[Access, ...]


def asking(app: App, wish: Wish, whose: Whose, reader: str, now: int) -> Asking:
    """The page that asks for permission."""
    return Asking(
        app=app.name,
        owner=app.owner,
        sees=sees(wish.scopes),
        name="openid" in wish.scopes,
        until=_until(wish.until, now),
        stays="offline_access" in wish.scopes,
        whose=whose,
        reader=reader,
        host=wish.redirect.partition("://")[2].partition("/")[0] or wish.redirect,
    )


def listed(given: tuple[Grant, ...], others: tuple[Grant, ...], apps: Mapping[str, App], now: int) -> Listed:
    """The page that shows; a permission that no app ever came for is not shown once it has run out."""
    ended = tuple(each for each in (*given, *others) if not each.live(now) and each.used)
    return Listed(
        given=tuple(_access(each, apps, now) for each in given if each.live(now)),
        others=tuple(_access(each, apps, now, "dig") for each in others if each.live(now)),
        ended=tuple(_access(each, apps, now) for each in ended),
    )


def sees(scopes: tuple[str, ...]) -> tuple[str, ...]:
    """What the scopes let an app see and do, a line for each."""
    found = []
    for scope in parse_scopes(scopes).resources:
        what = SEES.get(scope.resource, scope.resource)
        does = [word for letter, word in DOES.items() if letter in scope.interactions]
        part = f" (kun en del: {', '.join('='.join(each) for each in scope.parameters)})" if scope.parameters else ""
        found.append(f"{what}{part}{' – og ' + ', '.join(does) if does else ''}")
    return tuple(dict.fromkeys(found))


def _access(grant: Grant, apps: Mapping[str, App], now: int, whose: str = "") -> Access:
    app = apps.get(grant.app)
    return Access(
        grant=grant.id,
        app=app.name if app else grant.app,
        owner=app.owner if app else "",
        sees=sees(grant.scopes),
        whose=whose or grant.label,
        by=grant.actor.name,
        since=instant_text(grant.at),
        until=_until(grant.until, now),
        ended="" if grant.live(now) else ENDS.get(grant.end, "Tiden er gået."),
    )


def _until(until: int, now: int) -> str:
    """A day for what lasts longer than one, else a clock."""
    return day_text(danish_time(until).date()) if until - now > DAY else instant_text(until)
