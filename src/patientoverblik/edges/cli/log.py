"""``log``: who has looked at a patient, as the patient may read it; or all of it in another form, to take home."""

from argparse import Namespace
from datetime import date, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

from patientoverblik.access import LookAct, Refusal
from patientoverblik.edges.cli.output import FINE, refuse, say, say_json, talk
from patientoverblik.edges.cli.patient import Asking, asking
from patientoverblik.edges.cli.ports import Workshop
from patientoverblik.service.log import LogEntry, LogPage, Search, log_page

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
ACTS = get_args(LookAct)
FORMS = ("text", "csv", "fhir", "minlog")


def log(arguments: Namespace, workshop: Workshop) -> int:
    """Print a page of the log, or the whole of it in another form."""
    asked = asking(arguments, workshop, own=True)
    if isinstance(asked, int):
        return asked
    search = search_of(arguments)
    if search is None:
        return refuse("cli.bad-date")
    if arguments.form != "text":
        return _export(arguments.form, asked, search, workshop)
    answer = workshop.complete(lambda house: log_page(house, asked.actor(house), asked.patient, search))
    if isinstance(answer, Refusal):
        return refuse(answer.code)
    if arguments.json:
        say_json(answer)
    else:
        _say(answer)
    return FINE


def search_of(arguments: Namespace) -> Search | None:
    """What to look for; None where a date is none."""
    try:
        since = _midnight(arguments.since, 0) if arguments.since else 0
        until = _midnight(arguments.until, 1) if arguments.until else 0
    except ValueError:
        return None
    return Search(
        since=since,
        until=until,
        organisation=arguments.organisation,
        person=arguments.person,
        act=arguments.act,
        overridden=arguments.overridden,
        after=arguments.after,
    )


def _midnight(day: str, later: int) -> int:
    """The beginning of a Danish day (``2026-11-23``), or of one some days later, in milliseconds UTC."""
    at = date.fromisoformat(day) + timedelta(days=later)
    return int(datetime(at.year, at.month, at.day, tzinfo=COPENHAGEN).timestamp()) * 1000


def _export(form: str, asked: Asking, search: Search, workshop: Workshop) -> int:
    answer = workshop.complete(
        lambda house: workshop.exported_log(house, asked.actor(house), asked.patient, form, search)
    )
    if isinstance(answer, Refusal):
        return refuse(answer.code)
    for text in answer.texts:
        say(text.rstrip("\r\n"))
    if answer.left_out:
        talk(f"{answer.left_out} looks cannot be told in this form")
    return FINE


def _say(page: LogPage) -> None:
    say(f"{page.total} opslag")
    for entry in page.entries:
        for line in _lines(entry):
            say(line)
    if page.next:
        say(f"\nNext page: --after {page.next}")


def _lines(entry: LogEntry) -> list[str]:
    at = datetime.fromtimestamp(entry.at / 1000, COPENHAGEN).strftime("%d.%m.%Y %H:%M")
    place = entry.organisation.name or entry.organisation.value if entry.organisation else ""
    behalf = f"på vegne af {entry.on_behalf_of.name}" if entry.on_behalf_of else ""
    who = ", ".join(text for text in (entry.who or entry.kind_text, entry.role, behalf, place) if text)
    documents = ", ".join(entry.titles)
    return [
        f"\n{at}  {entry.act_text}",
        f"  {who}",
        f"  {entry.purpose_text}{f' · spærring sat ud af kraft: {entry.ground_text}' if entry.ground_text else ''}",
        *([f"  {documents}"] if documents else []),
        f"  {entry.id}",
    ]
