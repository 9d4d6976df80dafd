"""A citizen's log in the forms it can be taken home in."""

import msgspec

from patientoverblik.access import Actor, Refusal
from patientoverblik.app.settings import Settings
from patientoverblik.edges.cli.ports import Exported
from patientoverblik.notify.log_export import as_csv, as_fhir, as_minlog
from patientoverblik.notify.record import Ourselves
from patientoverblik.service.house import House
from patientoverblik.service.log import MOST, LogEntry, Search, log, log_page
from patientoverblik.sharing.model import PatientId


async def exported_log(
    settings: Settings, house: House, actor: Actor, patient: PatientId, form: str, search: Search
) -> Exported | Refusal:
    """Everything of the log that fits, as ``csv``, ``fhir`` or ``minlog``; it is read, and logged, as one reading."""
    entries = await _every(house, actor, patient, search)
    if isinstance(entries, Refusal):
        return entries
    if form == "csv":
        return Exported((as_csv(entries),))
    looks = await log(house, actor, patient)
    if isinstance(looks, Refusal):
        return looks
    fit = {entry.id for entry in entries}
    chosen = [look for look in looks if look.id in fit]
    ourselves = Ourselves(name=settings.system_name, id=house.home)
    reader = house.storage.reader()
    if form == "fhir":
        return Exported((msgspec.json.encode(as_fhir(reader, chosen, ourselves, house.clock())).decode(),))
    requests, left_out = as_minlog(reader, chosen, ourselves)
    return Exported(tuple(each.decode() for each in requests), left_out)


async def _every(house: House, actor: Actor, patient: PatientId, search: Search) -> list[LogEntry] | Refusal:
    found: list[LogEntry] = []
    asked = msgspec.structs.replace(search, size=MOST, after="")
    while True:
        page = await log_page(house, actor, patient, asked)
        if isinstance(page, Refusal):
            return page
        found += page.entries
        if not page.next:
            return found
        asked = msgspec.structs.replace(asked, after=page.next)
