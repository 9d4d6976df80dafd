"""What a sender is told never depends on documents that are not the sender's own, beyond what the norm needs (DESIGN 13)."""

from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from patientoverblik.access import OrganisationRef
from patientoverblik.sharing import Withdrawal, deprecate
from patientoverblik.sharing.model import PatientId
from tests.generative.sharing.histories import NumberedIds
from tests.storages.samples import HOSPITAL, NANCY, OTHER, PRACTICE
from tests.unit.sharing.helpers import NOW, World, document

PATIENTS = (NANCY, OTHER)


def uuid_of(owner: OrganisationRef, number: int) -> str:
    return f"urn:uuid:{UUID(int=number + (1000 if owner == HOSPITAL else 0), version=4)}"


ACTS = st.lists(
    st.tuples(
        st.sampled_from((HOSPITAL, PRACTICE)),  # who acts
        st.sampled_from(("plain", "request", "stated", "append", "withdraw")),
        st.integers(0, 1),  # the patient
        st.sampled_from((HOSPITAL, PRACTICE)),  # whose document is meant
        st.integers(0, 9),  # which of them
    ),
    max_size=14,
)


def play(world: World, number: int, act: tuple[OrganisationRef, str, int, OrganisationRef, int]) -> Any:
    owner, kind, place, theirs, which = act
    patient: PatientId = PATIENTS[place]
    which %= max(1, number)
    world.ids, world.now = NumberedIds(number, 100 + place), NOW + number * 1000
    target, name = uuid_of(theirs, which), f"1.2^{theirs.value}-{which}"
    if kind == "withdraw":
        facts = Withdrawal(100 + place, target, (owner,), NOW)
        return world.act(lambda tx: deprecate(tx, facts, world.ids))
    made = document(
        f"{owner.value}-{number % 10}",
        author=owner,
        patients=(patient,),
        uuid=uuid_of(owner, number % 10),
        series=f"s{which % 2}",
        series_version=which,
        says_replaces=(name,) if kind == "stated" else (),
        related={"request": (("RPLC", target),), "append": (("APND", target),)}.get(kind, ()),
    )
    return world.submit(made, patient=patient, submitter=owner)


@settings(max_examples=150, deadline=None)
@given(acts=ACTS)
def test_a_sender_is_answered_as_if_other_parties_documents_did_not_exist(acts: list[Any]) -> None:
    together, alone = World(), World()
    for number, act in enumerate(acts):
        answer = play(together, number, act)
        if act[0] == HOSPITAL:
            assert play(alone, number, act) == answer
