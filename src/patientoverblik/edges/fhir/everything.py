"""Patient/$everything (R4 patient-operation-everything): all there is for the reader of one patient, page by page."""

from collections.abc import Iterator
from functools import lru_cache, partial

import msgspec

from patientoverblik.edges.fhir.asked import MOST_ON_A_PAGE, Search, safe_name
from patientoverblik.edges.fhir.bundle import address, searchset
from patientoverblik.edges.fhir.call import Answer, Asked, Call
from patientoverblik.edges.fhir.content import content
from patientoverblik.edges.fhir.finding import POOLS, Page, Pool
from patientoverblik.edges.fhir.outcome import refused
from patientoverblik.edges.fhir.paging import cursor_of, cursor_text
from patientoverblik.edges.fhir.rendition import Rendition, documents_of
from patientoverblik.edges.fhir.searching import Found, notices, readable, shown
from patientoverblik.edges.fhir.values import stretch_of
from patientoverblik.edges.fhir.whose import Whose, patient_named
from patientoverblik.problems import Finding
from patientoverblik.service.contents import Contents, Showing

KNOWN = frozenset({"_type", "_since", "_count", "_page", "_format"})


class Wanted(msgspec.Struct, frozen=True):
    """Which types, since when (ms UTC), how many on a page."""

    types: frozenset[str] = frozenset()
    since: int = 0
    count: int = MOST_ON_A_PAGE


async def everything(call: Call) -> Answer:
    """A page of everything."""
    after, asked = "", tuple(pair for pair in (*call.asked, *_in_body(call)) if pair[0] != "_page")
    cursors = call.values("_page")
    if cursors:
        cursor = cursor_of(call, cursors[0])
        if cursor is None or cursor.patient != patient_named(call, call.id):
            return refused(Finding("rest.page-ended"))
        after, asked = cursor.after, cursor.asked
    wanted = read_wanted(asked)
    if isinstance(wanted, Finding):
        return refused(wanted)
    unknown = tuple(_unknown(asked, call.strict))
    if unknown and call.strict:
        return refused(*unknown)
    whose = Whose(patient_named(call, call.id))
    answer = await shown(call, whose, "document", partial(_page, call, wanted, after))
    return answer if isinstance(answer, Answer) else _told(call, asked, answer.value, unknown)


def _in_body(call: Call) -> Iterator[tuple[str, str]]:
    """The parameters of a Parameters resource."""
    for one in (call.resource or {}).get("parameter", []):
        value = next((text for name, text in one.items() if name.startswith("value")), "")
        yield str(one.get("name", "")), str(value)


def read_wanted(asked: Asked) -> Wanted | Finding:
    """What the parameters ask for, or which of them is no such thing."""
    said = dict(asked)
    since = stretch_of(said["_since"]) if "_since" in said else (0, 0)
    count = said.get("_count", str(MOST_ON_A_PAGE))
    if since is None or not (count.isascii() and count.isdigit() and int(count) > 0):
        name = "_since" if since is None else "_count"
        return Finding("rest.bad-value", place=name, about=name)
    types = frozenset(each for name, value in asked if name == "_type" for each in value.split(",") if each)
    return Wanted(types, since[0], min(int(count), MOST_ON_A_PAGE))


def _unknown(asked: Asked, strict: bool) -> Iterator[Finding]:
    code = "rest.parameter-unknown" if strict else "rest.parameter-ignored"
    yield from (Finding(code, about=safe_name(name)) for name, _ in asked if name not in KNOWN)


def _page(call: Call, wanted: Wanted, after: str, has: Contents) -> Showing[Found]:
    pool = readable(call, content(call, has))
    listed = [one for one in ordered(pool) if _is_wanted(one, wanted)]
    start = next((place + 1 for place, one in enumerate(listed) if one.name == after), 0)
    page: Page | None = None
    if start or not after:
        on_page = tuple(listed[start : start + wanted.count])
        more = start + wanted.count < len(listed)
        page = Page(on_page, (), len(listed), on_page[-1].name if more else "")
    entries = documents_of(page.found if page else ())
    return Showing(Found(page, has.patient, has.until, has.filtered, has.overridden), entries)


@lru_cache(POOLS)
def ordered(pool: Pool) -> tuple[Rendition, ...]:
    """The Patient first, then the rest by type and id."""
    return tuple(sorted(pool.by_name.values(), key=lambda one: (one.type != "Patient", one.type, one.id)))


def _is_wanted(one: Rendition, wanted: Wanted) -> bool:
    return (not wanted.types or one.type in wanted.types) and (one.updated >= wanted.since or one.type == "Patient")


def _told(call: Call, asked: Asked, found: Found, unknown: tuple[Finding, ...]) -> Answer:
    if found.page is None:
        return refused(Finding("rest.page-ended"))
    path = f"Patient/{call.opaque.patient(found.patient)}/$everything"
    links = [("self", address(call.base, path, tuple(pair for pair in asked if pair[0] in KNOWN)))]
    if found.page.next:
        cursor = cursor_text(call, found.patient, asked, found.page.next, found.until)
        links.append(("next", address(call.base, path, (("_page", cursor),))))
    told = notices(found.filtered, found.overridden)
    return searchset(call.base, Search("Patient"), found.page, links, (*unknown, *told))
