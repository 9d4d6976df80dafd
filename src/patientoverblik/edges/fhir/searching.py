"""A search of a patient's resources, by GET and by POST (R4 search.html; ITI-66, ITI-67): one line for every type."""

from collections.abc import Callable, Iterator
from functools import partial

import msgspec

from patientoverblik.access import Refusal
from patientoverblik.edges.fhir.asked import Search
from patientoverblik.edges.fhir.call import Answer, Call
from patientoverblik.edges.fhir.finding import Page, Pool, page_of, types_of, without
from patientoverblik.edges.fhir.opening import opened, told_page
from patientoverblik.edges.fhir.outcome import refused_by
from patientoverblik.edges.fhir.rendition import documents_of
from patientoverblik.edges.fhir.whose import Whose
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
    begun = opened(call)
    if isinstance(begun, Answer):
        return begun
    answer = await shown(call, begun.whose, kind, partial(_page, call, fill, begun.wanted, begun.after))
    if isinstance(answer, Answer):
        return answer
    found = answer.value
    told = notices(found.filtered and not begun.whose.by_id, found.overridden)
    return told_page(call, begun, found.page, found.patient, found.until, told)


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


def _page(call: Call, fill: Fill, wanted: Search, after: str, has: Contents) -> Showing[Found]:
    page = page_of(readable(call, fill(call, has)), wanted, after)
    told = () if page is None or wanted.summary == "count" else (*page.found, *page.along)
    found = Found(page, has.patient, has.until, has.filtered, has.overridden)
    return Showing(found, documents_of(told))


def readable(call: Call, pool: Pool) -> Pool:
    """What of a pool the sender's scopes let them read."""
    return without(
        pool, frozenset(kind for kind in types_of(pool) if kind != call.type and not call.sender.may(kind, "r"))
    )


def notices(filtered: bool, overridden: bool) -> Iterator[Finding]:
    """What is told beside what is shown: that a block took something away, or that blocks are set aside."""
    if filtered:
        yield Finding("rest.filtered")
    if overridden:
        yield Finding("rest.override")
