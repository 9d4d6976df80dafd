"""Who can see what and why, in words: the rule's reason, what it rests on, and what would change it."""

from collections.abc import Mapping

import msgspec

from patientoverblik.edges.portal.page import Fact
from patientoverblik.edges.portal.vocabulary import Vocabulary
from patientoverblik.edges.portal.words import listed
from patientoverblik.problems import CATALOGUE
from patientoverblik.service import CanSee, Decided


class Seer(msgspec.Struct, frozen=True):
    """Somebody who can see something: a place, or a person who acts for the patient."""

    name: str
    place: bool
    why: str
    sees: str
    facts: tuple[Fact, ...]


def seer(found: CanSee, number: int, words: Vocabulary, names: Mapping[int, str]) -> Seer:
    """One who can see, why, and how much of it; a person by the name they have looked under, where they have."""
    decided = found.decided
    asked = {True: "document", False: "not-document", None: found.outcome}[found.sees]
    name = found.organisation.name or found.organisation.value if found.organisation else ""
    return Seer(
        name=name or names.get(found.person) or words.word("holder", decided.rule, f"Pårørende nummer {number}"),
        place=found.organisation is not None,
        why=words.word("why", decided.rule, CATALOGUE[decided.code].da),
        sees=words.word("sees", asked),
        facts=_rests_on(decided, words),
    )


def reasons(decided: Decided, words: Vocabulary) -> tuple[Fact, ...]:
    """Why the reader themselves may see: what the rule says, and what it rests on. When it is decided anew is not
    told: that could be because of a block."""
    return (Fact("Hvorfor", f"{CATALOGUE[decided.code].da}."), *_rests_on(decided, words))


def _rests_on(decided: Decided, words: Vocabulary) -> tuple[Fact, ...]:
    changes = [CATALOGUE[code].da for code in decided.changes]
    parts = listed(words.word("part", part, part) for part in decided.scope)
    found = (
        ("Det omfatter", parts),
        ("Regel i loven", decided.basis.provision),
        ("Adgangen kan ændres af", "; ".join(change[:1].lower() + change[1:] for change in changes)),
    )
    return tuple([Fact(name, text) for name, text in found if text])
