"""Blocks and consents: made and ended by the citizen, or in their place by who decides for them; and the overview as
somebody else would see it, for the citizen alone."""

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from patientoverblik.access import Block, Look, OrganisationRef, Refusal
from patientoverblik.edges.portal.answers import fault_page, moved, page
from patientoverblik.edges.portal.layout import layout
from patientoverblik.edges.portal.page import Fact
from patientoverblik.edges.portal.present import present
from patientoverblik.edges.portal.present.blocks import Choices, Chosen, block_line, choices, options
from patientoverblik.edges.portal.routes.days import after_day, is_day, start_of
from patientoverblik.edges.portal.routes.desk import Counter, Handler, Visit, refused, with_visit, with_visit_form
from patientoverblik.edges.portal.vocabulary import vocabulary
from patientoverblik.problems import CATALOGUE
from patientoverblik.service import CanSee, Listed, Previewed

TITLE = "Spærringer og deling"
WHO = "Vælg, hvem det gælder"
FIELDS = ("kind", "who", "units", "origin", "origin_units", "from", "to", "type", "document", "until", "party")
EVERYONE = "all"
Form = Mapping[str, str]


async def _list(counter: Counter, _request: Request, visit: Visit) -> Response:
    held = await counter.acts.blocks(counter.house, visit.session.actor, visit.patient)
    known = held if isinstance(held, Refusal) else await _choices(counter, visit)
    if isinstance(known, Refusal):
        return refused(counter, visit, known.code)
    words, now = visit.layout.words, counter.house.clock()
    lines = [block_line(each, known, words, now) for each in reversed(held)]
    return _page(
        counter,
        visit,
        "blocks.html",
        lines=[each for each in lines if not each.ended],
        ended=[each for each in lines if each.ended],
        parties=options(known.parties, "Vælg et sted"),
        limits=_limits(counter),
        words={**words.tables["block"], **words.tables["deciding"]},
    )


async def _new(counter: Counter, _request: Request, visit: Visit) -> Response:
    return await _form(counter, visit, {"kind": "block"}, ())


async def _share(counter: Counter, _request: Request, visit: Visit) -> Response:
    return await _form(counter, visit, {"kind": "consent"}, ())


async def _put(counter: Counter, _request: Request, visit: Visit, form: dict[str, str]) -> Response:
    known = await _choices(counter, visit)
    if isinstance(known, Refusal):
        return refused(counter, visit, known.code)
    missing = _missing(form, known)
    if missing:
        return await _form(counter, visit, form, missing)
    block = _block(form, known)
    if form.get("action") == "preview":
        return await _preview(counter, visit, block, _party(block, form, known), form)
    answer = await counter.acts.put_block(counter.house, visit.session.actor, visit.patient, block)
    if isinstance(answer, Refusal) and answer.code.startswith("service.block-"):
        return await _form(counter, visit, form, (_fault("#who", CATALOGUE[answer.code].da),))
    if isinstance(answer, Refusal):
        return refused(counter, visit, answer.code)
    return moved(f"{visit.base}/spaerringer")


async def _end(counter: Counter, _request: Request, visit: Visit, form: dict[str, str]) -> Response:
    answer = await counter.acts.end_block(counter.house, visit.session.actor, visit.patient, form.get("block", ""))
    return refused(counter, visit, answer.code) if isinstance(answer, Refusal) else moved(f"{visit.base}/spaerringer")


async def _seen_by(counter: Counter, _request: Request, visit: Visit, form: dict[str, str]) -> Response:
    """The overview as a place sees it today, with the blocks that hold."""
    known = await _choices(counter, visit)
    if isinstance(known, Refusal):
        return refused(counter, visit, known.code)
    party = known.parties.get(form.get("party", ""))
    if party is None:
        return moved(f"{visit.base}/spaerringer")
    return await _preview(counter, visit, None, party, {})


async def _preview(counter: Counter, visit: Visit, block: Block | None, party: Chosen | None, form: Form) -> Response:
    if party is None:
        return fault_page(counter.assets, "portal.no-preview", visit.session)
    as_seen, view = layout("professional"), layout("professional").view
    place = party.part["party"]
    answer: Previewed | Refusal = await counter.acts.preview_block(
        counter.house, visit.session.actor, visit.patient, block, place, view
    )
    if isinstance(answer, Refusal):
        return refused(counter, visit, answer.code)
    made = present(answer.overview, as_seen, visit.base) if answer.overview else None
    return _page(
        counter,
        visit,
        "preview.html",
        page=made,
        party=party.text,
        again=[Fact(name, form[name]) for name in FIELDS if form.get(name)],
        kind=block.kind if block else "",
        reason=CATALOGUE[answer.refusal.code].da if answer.refusal else "",
    )


async def _form(counter: Counter, visit: Visit, form: Form, missing: tuple[dict[str, str], ...]) -> Response:
    known = await _choices(counter, visit)
    if isinstance(known, Refusal):
        return refused(counter, visit, known.code)
    everyone = {"value": EVERYONE, "text": visit.layout.words.word("block", "all-who-treat")}
    who = options(known.who, WHO)
    return _page(
        counter,
        visit,
        "block.html",
        400 if missing else 200,
        kind="consent" if form.get("kind") == "consent" else "block",
        form={name: form.get(name, "") for name in FIELDS},
        who=[msgspec.to_builtins(who[0]), everyone, *msgspec.to_builtins(who[1:])],
        origins=options(known.origins, "Alle steder"),
        types=options(known.types, "Alle slags oplysninger"),
        documents=options(known.documents, "Vælg et dokument"),
        parties=options(known.parties, "Vælg et sted"),
        missing=missing,
        quotes=CATALOGUE["service.block-quotes"].da,
    )


async def _choices(counter: Counter, visit: Visit) -> Choices | Refusal:
    """What there is to choose among; or the refusal of the first act that is refused. Who has a right to see is told to
    the citizen alone: whoever acts for them chooses among those who have looked, and where documents come from."""
    actor, patient, acts, house = visit.session.actor, visit.patient, counter.acts, counter.house
    own = visit.purpose == "own-overview"
    seers: tuple[CanSee, ...] | Refusal = await acts.who_can_see(house, actor, patient) if own else ()
    if isinstance(seers, Refusal):
        return seers
    looks: tuple[Look, ...] | Refusal = await acts.log(house, actor, patient)
    if isinstance(looks, Refusal):
        return looks
    listed: Listed | Refusal = await acts.list_documents(house, actor, patient, visit.purpose)
    if isinstance(listed, Refusal):
        return listed
    return choices(listed.entries, seers, looks, visit.session.csrf, visit.layout.words)


def _missing(form: Form, known: Choices) -> tuple[dict[str, str], ...]:
    """What the form lacks or says that cannot be, each with its field."""
    days = [
        _fault(f"#{name}", "Datoen findes ikke") for name in ("from", "to", "until") if not is_day(form.get(name, ""))
    ]
    who = form.get("who", "") in (*known.who, EVERYONE)
    document = form.get("kind") != "consent" or form.get("document", "") in known.documents
    preview = form.get("action") == "preview" and form.get("party", "") not in known.parties
    found = (
        {} if who else _fault("#who", WHO),
        {} if document else _fault("#document", "Vælg et dokument"),
        _fault("#party", "Vælg det sted, du vil se det som") if preview and not _is_place(form, known) else {},
    )
    return (*[each for each in found if each], *days)


def _block(form: Form, known: Choices) -> Block:
    """The block or consent that the form describes."""
    consent = form.get("kind") == "consent"
    parts: dict[str, Any] = dict(known.who[form["who"]].part) if form.get("who") in known.who else {}
    if consent:
        parts.update(known.documents[form["document"]].part)
    else:
        parts.update(known.origins[form["origin"]].part if form.get("origin") in known.origins else {})
        parts.update(known.types[form["type"]].part if form.get("type") in known.types else {})
        parts.update(origin_from=start_of(form.get("from", "")), origin_until=after_day(form.get("to", "")))
        parts.update(origin_with_units=form.get("origin_units") == "on" and "origin" in parts)
    return Block(
        id="",
        kind="consent" if consent else "block",
        with_units=form.get("units") == "on" and "organisation" in parts,
        valid_until=after_day(form.get("until", "")),
        **parts,
    )


def _party(block: Block, form: Form, known: Choices) -> Chosen | None:
    """The place the preview is seen as: the one asked for, else the one the block is about."""
    asked = known.parties.get(form.get("party", ""))
    place = block.organisation
    own = Chosen(place.name, {"party": OrganisationRef(place.system, place.value, place.name)}) if place else None
    return asked or own


def _is_place(form: Form, known: Choices) -> bool:
    who = known.who.get(form.get("who", ""))
    return who is not None and "organisation" in who.part


def _limits(counter: Counter) -> tuple[str, ...]:
    """The types that cannot be blocked now, in plain words."""
    now, words = counter.house.clock(), vocabulary("citizen")
    rules = [each for each in counter.house.policy.types if not each.blockable]
    held = [each for each in rules if each.valid_from <= now and (not each.valid_until or now < each.valid_until)]
    return tuple(words.word("type", each.type_code, each.type_code) for each in held)


def _fault(field: str, text: str) -> dict[str, str]:
    return {"href": field, "text": text}


def _page(counter: Counter, visit: Visit, template: str, status: int = 200, **values: object) -> Response:
    body = "audience-professional" if template == "preview.html" else "audience-citizen"
    surrounding = counter.frame(
        TITLE, visit.session, links=visit.links(), home=visit.base, body=body, on_behalf=visit.reminder
    )
    return page(template, surrounding, status, base=visit.base, own=visit.purpose == "own-overview", **values)


ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/p/{handle}/spaerringer", with_visit(_list)),
    ("GET", "/p/{handle}/spaerringer/ny", with_visit(_new)),
    ("GET", "/p/{handle}/spaerringer/del", with_visit(_share)),
    ("POST", "/p/{handle}/spaerringer", with_visit_form(_put)),
    ("POST", "/p/{handle}/spaerringer/slut", with_visit_form(_end)),
    ("POST", "/p/{handle}/spaerringer/vis", with_visit_form(_seen_by)),
)
