"""Ids that tell nothing (docs/adr/0020): the same every time, readable here alone, and not to be made up."""

import re

from hypothesis import given
from hypothesis import strategies as st

from patientoverblik.edges.fhir.opaque import SECRET_LENGTH, Opaque

OURS, OTHERS = Opaque(bytes(range(SECRET_LENGTH))), Opaque(bytes(SECRET_LENGTH))
KEYS = st.integers(1, 2**63 - 1)
FHIR_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")


@given(KEYS)
def test_an_id_leads_back_to_its_patient_here_and_nowhere_else(key):
    name = OURS.patient(key)
    assert FHIR_ID.fullmatch(name)
    assert OURS.patient_of(name) == key
    assert OTHERS.patient_of(name) is None


@given(KEYS, st.text(alphabet="abcdefghijklmnopqrstuvwxyz234567", min_size=26, max_size=26))
def test_the_id_of_a_thing_names_its_patient(key, name):
    thing = OURS.thing(key, name)
    assert FHIR_ID.fullmatch(thing)
    assert OURS.owner_of(thing) == key
    assert OURS.owner_of(name) is None
    assert OURS.patient_of(thing) is None


@given(KEYS, st.integers(0, 25), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567-."))
def test_an_id_that_was_changed_is_none(key, place, letter):
    name = OURS.patient(key)
    changed = name[:place] + letter + name[place + 1 :]
    assert OURS.patient_of(changed) == (key if changed == name else None)


@given(st.text(max_size=60))
def test_a_text_that_was_made_up_is_none(text):
    assert OURS.patient_of(text) is None
    assert OURS.owner_of(text) is None
    assert OURS.opened(text) is None


@given(st.binary(max_size=200))
def test_what_is_sealed_is_read_here_alone_and_sealed_alike_again(data):
    text = OURS.sealed(data)
    assert OURS.opened(text) == data
    assert OTHERS.opened(text) is None
    assert OURS.sealed(data) == text
