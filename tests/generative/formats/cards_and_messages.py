"""Invented master-data cards, with any value beside any other, and messages."""

from typing import get_args

import msgspec
from hypothesis import strategies as st

from patientoverblik.care import CardField, CardItem, Contribution
from tests.generative import strategies as invented

maybe, none = st.one_of, st.none()

items = st.builds(
    CardItem,
    ids=invented.ids,
    field=st.sampled_from(get_args(CardField)),
    origin=maybe(st.sampled_from(["register", "typed-in"]), invented.unknowns),
    source=maybe(none, invented.authors),
    answer=maybe(none, st.sampled_from(["true", "false", "not-available"])),
    persons=invented.few(invented.identifiers, 2),
    names=invented.few(invented.names, 2),
    addresses=invented.few(invented.addresses, 2),
    telecoms=invented.few(invented.telecoms, 2),
    concept=maybe(none, invented.concepts),
    text=invented.maybe_words,
    period=maybe(none, invented.periods()),
    protected=st.booleans(),
    changed=maybe(none, invented.moments()),
)


@st.composite
def cards(draw):
    """What a master-data card contributes: its facts, and relatives."""
    facts = msgspec.structs.replace(draw(invented.documents), profile="pdc-3.0")
    return Contribution(
        document=facts,
        patient=draw(invented.patients()),
        card=draw(invented.few(items, 4)),
        relatives=draw(invented.few(invented.noted_relatives, 2)),
    )


@st.composite
def messages(draw):
    """What a message contributes: to whom, about what, in which words, each time somebody wrote."""
    facts = msgspec.structs.replace(draw(invented.documents), profile="henvendelse")
    plan = msgspec.structs.replace(draw(invented.plans(facts)), kind="message")
    return Contribution(document=facts, patient=draw(invented.patients()), plan=plan)
