"""How every search begins and ends: whose it is and what it asks for, and the page with the way to the next one."""

from collections.abc import Iterable

import msgspec

from patientoverblik.edges.fhir.asked import Search, read_search, told_unknown
from patientoverblik.edges.fhir.bundle import address, searchset
from patientoverblik.edges.fhir.call import Answer, Asked, Call
from patientoverblik.edges.fhir.finding import Page
from patientoverblik.edges.fhir.outcome import refused
from patientoverblik.edges.fhir.paging import cursor_of, cursor_text
from patientoverblik.edges.fhir.whose import Whose, holds_number, whose_search
from patientoverblik.problems import Finding
from patientoverblik.service.evidence import NOBODY

ENDED = Finding("rest.page-ended")


class Opened(msgspec.Struct, frozen=True):
    """A search that can be made: about whom, for what, behind which resource, and what is said of what is not known."""

    whose: Whose
    wanted: Search
    after: str = ""
    unknown: tuple[Finding, ...] = ()


def opened(call: Call, *, patients: bool = True) -> Opened | Answer:
    """The search of a call, or the next page of one; the answer where it cannot be made. Without ``patients`` it is of
    what is nobody's."""
    begun = _begun(call, patients)
    if isinstance(begun, Answer):
        return begun
    whose, after = begun
    wanted = read_search(call.type, whose.rest)
    if not isinstance(wanted, Search):
        return refused(*wanted)
    unknown = tuple(told_unknown(wanted, strict=call.strict))
    return refused(*unknown) if unknown and call.strict else Opened(whose, wanted, after, unknown)


def _begun(call: Call, patients: bool) -> tuple[Whose, str] | Answer:
    cursors = call.values("_page")
    if cursors:
        cursor = cursor_of(call, cursors[0])
        return refused(ENDED) if cursor is None else (Whose(cursor.patient, rest=cursor.asked), cursor.after)
    whose = whose_search(call) if patients else Whose(NOBODY, rest=call.asked)
    return refused(whose) if isinstance(whose, Finding) else (whose, "")


def told_page(
    call: Call, search: Opened, page: Page | None, patient: int, until: int = 0, more: Iterable[Finding] = ()
) -> Answer:
    """The searchset of a page of a patient's (0: of nobody's), whose decision holds ``until`` (ms UTC, 0: for ever);
    ``more`` is said beside it. Without a page, that it is gone."""
    if page is None:
        return refused(ENDED)
    said = tuple(pair for pair in search.wanted.said if not holds_number(pair[1]))
    links = [("self", address(call.base, call.type, (*_named(call, search.whose, patient), *said)))]
    if page.next:
        cursor = cursor_text(call, patient, search.wanted.said, page.next, until)
        links.append(("next", address(call.base, call.type, (("_page", cursor),))))
    return searchset(call.base, search.wanted, page, links, (*search.unknown, *more))


def _named(call: Call, whose: Whose, patient: int) -> Asked:
    """The patient as the address of the search names them; not where they are known by an id alone."""
    return () if whose.by_id or patient == NOBODY else (("patient", f"Patient/{call.opaque.patient(patient)}"),)
