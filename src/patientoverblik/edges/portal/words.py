"""Care values as Danish words: the author's words first, the source's own digits, nothing added, nothing judged."""

import re
from collections.abc import Iterable
from functools import lru_cache

from patientoverblik.access import Actor
from patientoverblik.care import (
    Address,
    Amount,
    Bound,
    Concept,
    Moment,
    Organisation,
    Participation,
    Party,
    PersonName,
    Quantity,
    Range,
    Relative,
    Target,
    Telecom,
    Text,
    Unknown,
)
from patientoverblik.edges.portal.dates import moment_text
from patientoverblik.edges.portal.page import Link
from patientoverblik.edges.portal.vocabulary import Vocabulary
from patientoverblik.sharing.title import plain_title

UNSPECIFIED = "uspec_paaroerende"  # MedCom's code for a relative of no stated kind
_TITLES = {"Personal Data Card": "Stamkort"}  # the standard's own English title, DK PDC
_DECIMAL = re.compile(r"[-+]?\d+\.\d+")


@lru_cache(maxsize=4096)
def title_text(title: str) -> str:
    """A document's title in Danish, without the personal number that some kinds of document carry in it."""
    plain = plain_title(title)
    return _TITLES.get(plain, plain)


def joined(parts: Iterable[str], between: str = " · ") -> str:
    """The parts that say something, with a sign between them."""
    return between.join(part for part in parts if part)


def signed(actor: Actor, words: Vocabulary) -> str:
    """Somebody by name and role."""
    return joined((actor.name or actor.id, role_text(actor.role, words)), ", ")


def role_text(role: str, words: Vocabulary) -> str:
    """A role as it is written where people log in; one that is a code of ours in Danish."""
    return words.word("actor-role", role, role)


def listed(names: Iterable[str]) -> str:
    """``A``, ``A og B``, ``A, B og C``."""
    found = [name for name in dict.fromkeys(names) if name]
    if len(found) < 2:
        return found[0] if found else ""
    return f"{', '.join(found[:-1])} og {found[-1]}"


def digits(value: str) -> str:
    """The source's digits with a Danish decimal comma; anything that is not a plain decimal number stands as it is."""
    return value.replace(".", ",") if _DECIMAL.fullmatch(value) else value


def concept_text(concept: Concept | Unknown | None, words: Vocabulary) -> str:
    """The author's words for a concept, else a plain word the page knows for its code, else a display text, else the
    bare code. A systematic name, with its parts between semicolons, is nobody's own words."""
    if concept is None:
        return ""
    if isinstance(concept, Unknown):
        return words.word("unknown", concept.reason)
    plain = plain_word(concept, words) if words.analyses else ""
    return plain or written_concept(concept)


def written_concept(concept: Concept) -> str:
    """A concept as it is written: the author's words, else a display text, else the bare code."""
    if concept.text:
        return concept.text
    shown = [coding.display for coding in concept.codings if coding.display]
    return shown[0] if shown else concept.codings[0].code if concept.codings else ""


def plain_word(concept: Concept, words: Vocabulary) -> str:
    """The page's plain word for what a concept measures, empty where it has none or the author has words of their
    own."""
    if concept.text and ";" not in concept.text:
        return ""
    known = (words.analyses.get((coding.system, coding.code), "") for coding in concept.codings)
    return next((word for word in known if word), "")


def codes_text(concept: Concept | Unknown | None) -> str:
    """The codes behind a concept, for the reader who wants to know."""
    if not isinstance(concept, Concept):
        return ""
    return ", ".join(joined((coding.code, coding.system_name or coding.system), " i ") for coding in concept.codings)


def amount_text(amount: Amount, words: Vocabulary) -> str:
    """An amount with its unit; a range says whether its ends are inside ("under 58", "højst 58")."""
    match amount:
        case Quantity():
            return joined((digits(amount.value), unit_text(amount.unit, words)), " ")
        case Range():
            ends = joined((_low(amount.low), _high(amount.high)), " og ")
            return joined((ends, unit_text(amount.unit, words)), " ")
        case Text():
            return amount.words
        case _:
            return concept_text(amount, words)


def unit_text(unit: str, words: Vocabulary) -> str:
    """A unit as written, with UCUM's own print symbol where it has one (UCUM, table of units)."""
    return words.word("unit", unit, unit)


def target_text(target: Target, words: Vocabulary, known: Moment | None = None) -> str:
    """What is measured and which value is aimed at, with its deadline unless that is ``known`` to be said elsewhere."""
    due = f"senest {moment_text(target.due)}" if target.due and target.due != known else ""
    return joined((concept_text(target.measure, words), amount_text(target.amount, words), due), " ")


def name_text(name: PersonName | None) -> str:
    """A person's name in the order it is said."""
    if name is None:
        return ""
    return name.text or " ".join((*name.prefix, *name.given, *name.family))


def relation_text(relative: Relative, words: Vocabulary) -> str:
    """How a relative is related; empty where the card says only that it does not say how."""
    relation = relative.relation
    silent = isinstance(relation, Concept) and any(coding.code == UNSPECIFIED for coding in relation.codings)
    return "" if silent else concept_text(relation, words)


def organisation_text(organisation: Organisation | Unknown | None) -> str:
    """An organisation's name, else its identifier."""
    if organisation is None or isinstance(organisation, Unknown):
        return ""
    return organisation.name or next((each.value for each in organisation.ids if each.value), "")


def party_text(party: Party | None) -> str:
    """A party: the person, the profession and the organisation, as far as they are named."""
    if party is None:
        return ""
    trade = party.profession.display if party.profession else ""
    return joined((name_text(party.name), trade, organisation_text(party.organisation)), ", ")


def participants_text(participations: Iterable[Participation]) -> str:
    """Several parties in one line."""
    return listed([party_text(each.party) for each in participations]) if participations else ""


@lru_cache(maxsize=4096)
def address_text(address: Address) -> str:
    """An address on one line."""
    town = joined((address.postal_code, address.city), " ")
    return address.text or joined((*address.lines, town), ", ")


@lru_cache(maxsize=4096)
def call_link(telecom: Telecom) -> Link:
    """A way to reach somebody: a telephone number or mail address that can be used at once."""
    shown = re.sub(r"^(tel|mailto):", "", telecom.value)
    usable = telecom.value.startswith(("tel:", "mailto:"))
    return Link(text=_grouped(shown), href=telecom.value.replace(" ", "") if usable else "")


def known_moment(moment: Moment | Unknown | None, words: Vocabulary) -> str:
    """A moment, or why there is none."""
    if moment is None:
        return ""
    return words.word("unknown", moment.reason) if isinstance(moment, Unknown) else moment_text(moment)


def _grouped(number: str) -> str:
    found = re.fullmatch(r"(\+45)?\s*(\d{2})(\d{2})(\d{2})(\d{2})", number)
    return "\u00a0".join(part for part in found.groups() if part) if found else number


def _low(bound: Bound | None) -> str:
    return "" if bound is None else f"{'mindst' if bound.inclusive else 'over'} {digits(bound.value)}"


def _high(bound: Bound | None) -> str:
    return "" if bound is None else f"{'højst' if bound.inclusive else 'under'} {digits(bound.value)}"
