"""A search of a patient's resources, by GET and by POST (R4 search.html; ITI-66, ITI-67): one line for every type."""

from collections.abc import Callable, Iterator
from functools import partial

import msgspec

from patientoverblik.access import Refusal
from patientoverblik.edges.fhir.asked import Search, read_search, told_unknown
from patientoverblik.edges.fhir.bundle import address, searchset
from patientoverblik.edges.fhir.call import Answer, Call
from patientoverblik.edges.fhir.finding import Page, Pool, page_of
from patientoverblik.edges.fhir.outcome import refused, refused_by
from patientoverblik.edges.fhir.paging import cursor_of, cursor_text
from patientoverblik.edges.fhir.whose import Whose, holds_number, whose_search
from patientoverblik.problems import Finding
from patientoverblik.service.contents import Contents, Kind, Showing, Told, Wish, contents
from patientoverblik.service.documents import NO_DOCUMENT

Fill = Callable[[Call, Contents], Pool]
"""How what exists for the reader becomes resources."""


class Found(msgspec.Struct, frozen=True):
    """A page, and what is told beside it."""

    page: Page | None
    patient: int
    until: int
    filtered: bool
    overridden: bool


async def search(call: Call, kind: Kind, fill: Fill) -> Answer:
    """The page of a search: what is asked is read, whose it is found out, and one act shows it."""
    begun = _begun(call)
    if isinstance(begun, Answer):
        return begun
    whose, after = begun
    wanted = read_search(call.type, whose.rest)
    if not isinstance(wanted, Search):
        return refused(*wanted)
    unknown = tuple(told_unknown(wanted, strict=call.strict))
    if unknown and call.strict:
        return refused(*unknown)
    answer = await shown(call, whose, kind, partial(_page, call, fill, wanted, after))
    if isinstance(answer, Answer):
        return answer
    return _told(call, wanted, answer.value, unknown, by_id=whose.by_id)


async def shown(
    call: Call, whose: Whose, kind: Kind, show: Callable[[Contents], Showing[Found]]
) -> Told[Found] | Answer:
    """What one act shows of a patient, or the answer to who may not see it. Asked by an id alone, nothing is found."""
    answer = await contents(call.house, wish_of(call, whose, kind), show)
    if not isinstance(answer, Refusal):
        return answer
    if answer is NO_DOCUMENT:
        return Told(Found(Page((), (), 0), 0, 0, filtered=False, overridden=False), "")
    return refused_by(answer.code, professional=call.actor.kind == "professional")


def wish_of(call: Call, whose: Whose, kind: Kind) -> Wish:
    """Whose contents the sender asks for, and why."""
    key = whose.patient if isinstance(whose.patient, int) else 0
    return Wish(call.actor, whose.patient, call.purpose(key), kind, call.sender.bound, whose.by_id)


def _begun(call: Call) -> tuple[Whose, str] | Answer:
    """Whom the search is about and behind what it goes on: a new search, or the next page of one."""
    cursors = call.values("_page")
    if not cursors:
        whose = whose_search(call)
        return refused(whose) if isinstance(whose, Finding) else (whose, "")
    cursor = cursor_of(call, cursors[0])
    if cursor is None:
        return refused(Finding("rest.page-ended"))
    return Whose(cursor.patient, rest=cursor.asked), cursor.after


def _page(call: Call, fill: Fill, wanted: Search, after: str, has: Contents) -> Showing[Found]:
    page = page_of(readable(call, fill(call, has)), wanted, after)
    told = () if page is None or wanted.summary == "count" else (*page.found, *page.along)
    found = Found(page, has.patient, has.until, has.filtered, has.overridden)
    return Showing(found, frozenset(one.entry for one in told if one.entry))


def readable(call: Call, pool: Pool) -> Pool:
    """What of a pool the sender's scopes let them read."""
    types = {one.type for one in pool.by_name.values()}
    barred = {kind for kind in types if kind != call.type and not call.sender.may(kind, "r")}
    if not barred:
        return pool
    return Pool({name: one for name, one in pool.by_name.items() if one.type not in barred})


def _told(call: Call, wanted: Search, found: Found, unknown: tuple[Finding, ...], *, by_id: bool) -> Answer:
    page = found.page
    if page is None:
        return refused(Finding("rest.page-ended"))
    said = tuple(pair for pair in wanted.said if not holds_number(pair[1]))
    whose = () if by_id or not found.patient else (("patient", f"Patient/{call.opaque.patient(found.patient)}"),)
    links = [("self", address(call.base, call.type, (*whose, *said)))]
    if page.next:
        cursor = cursor_text(call, found.patient, wanted.said, page.next, found.until)
        links.append(("next", address(call.base, call.type, (("_page", cursor),))))
    told = notices(found.filtered and not by_id, found.overridden)
    return searchset(call.base, wanted, page, links, (*unknown, *told))


def notices(filtered: bool, overridden: bool) -> Iterator[Finding]:
    """What is told beside what is shown: that a block took something away, or that blocks are set aside."""
    if filtered:
        yield Finding("rest.filtered")
    if overridden:
        yield Finding("rest.override")
