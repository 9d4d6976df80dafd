"""A look shown again is byte for byte what was shown, whatever came later: through the service and the command line."""

import msgspec
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from patientoverblik.access import Actor, Block, Refusal
from patientoverblik.demo.wiring import system_of
from patientoverblik.service import Delivery, Handed, Received, deliver, end_block, put_block, replay, withdraw
from tests.generative.doors.doors import Visit, certain, command, name_ids
from tests.generative.doors.test_non_interference import CITIZEN, DOCTOR, RELATIVE, blocks
from tests.generative.doors.worlds import KEY, Document, furnished, place, power, synthetic, told, whose
from tests.unit.service.make import run

DAY = 86_400_000
OTHER = 8
JOB = Actor("job", "operator")
ACTS = ("deliver", "deliver", "withdraw", "block", "end block", "end power", "link", "unlink", "silence")
STORIES = (synthetic(0), synthetic(1), told("AB"))

POWERS = (("plans",), ("appointments", "measurements"), ("plans", "appointments", "card"))
made_blocks = st.sampled_from(range(len(STORIES)))
stories = made_blocks.flatmap(lambda one: st.tuples(st.just(one), st.just(()) | blocks(STORIES[one])))
gaps = st.sampled_from([60_000, DAY, 40 * DAY])
histories = st.lists(st.tuples(st.sampled_from(ACTS), gaps, st.integers(0, 50)), max_size=6)


@settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(stories, st.integers(1, 20), st.sampled_from((DOCTOR, RELATIVE, CITIZEN)), st.sampled_from(POWERS), histories)
def test_a_look_is_shown_again_exactly_after_any_later_history(told_, cut, reader, parts, history):
    story, made = STORIES[told_[0]], told_[1]
    house = furnished(story[:cut], blocks=made, powers=(power(*parts),))
    shown, look = looked(house, reader, whose(story))
    coming = list(story[cut:])
    for number, (act, gap, which) in enumerate(history):
        house.clock.now += gap
        name_ids(house, f"later {number}")
        later(house, act, coming, which)
    house.clock.now += DAY
    for actor in (CITIZEN.actor, JOB):
        name_ids(house, f"replay {actor.kind}")
        again = run(replay(house, actor, whose(story), look))
        assert msgspec.json.encode(again.overview) == shown
        assert again.exact
    said = command(house, CITIZEN, whose(story).value, "replay", look, "--json")
    assert said.code == 0
    assert said.out == msgspec.json.format(b'{"exact":true,"changed":[],"overview":' + shown + b"}", indent=2) + b"\n"


def looked(house, reader, patient) -> tuple[bytes, str]:
    """The overview as the JSON door shows it, and the id of the look it was written down as."""
    visit = Visit(house, reader, patient)
    with certain():
        list(visit.enter())
        visit.ask("GET", "/")
        answer = dict(visit.json())["json"]
    look = next(one for one in reversed(house.storage.reader().looks(KEY)) if one.act == "overview")
    assert answer.startswith(b"200")
    return answer.split(b"\n", 2)[2], look.id


def later(house, act: str, coming: list[Document], which: int) -> None:
    """One thing that happens after the look."""
    storage, reader = house.storage, house.storage.reader()
    if act == "deliver" and coming:
        one = coming.pop(0)
        assert isinstance(run(deliver(house, system_of(one.by), Delivery((Handed(one.data),)))), Received)
    elif act == "withdraw":
        entry = reader.entries(KEY)[which % len(reader.entries(KEY))]
        system = Actor("system", "owner", organisation=entry.authors[0].organisation or entry.custodian)
        assert entry.status == "deprecated" or not isinstance(run(withdraw(house, system, KEY, entry.uuid)), Refusal)
    elif act == "block":
        run(put_block(house, CITIZEN.actor, KEY, Block("", origin=place("hospital"))))
    elif act == "end block":
        for block in reader.blocks(KEY):
            run(end_block(house, CITIZEN.actor, KEY, block.id))
    elif act == "end power":
        ended = [msgspec.structs.replace(one, valid_until=house.clock.now) for one in reader.powers(KEY)]
        storage.act(lambda act: [act.put_power(KEY, one) for one in ended]).result()
    elif act == "link":
        link(house)
    elif act == "unlink":
        storage.act(lambda act: act.unlink(KEY, OTHER)).result()


def link(house) -> None:
    """Another number turns out to be the same person, with documents of its own."""
    known = house.storage.reader().patient_key(whose(synthetic(2))) is not None
    stranger = () if known else synthetic(2)[:2]

    def united(act) -> None:
        act.claim_patient(whose(synthetic(2)), OTHER)
        act.link(KEY, OTHER)

    house.storage.act(united).result()
    for number, one in enumerate(stranger):
        name_ids(house, f"stranger {number}")
        run(deliver(house, system_of(one.by), Delivery((Handed(one.data),))))


def test_the_comparison_can_fail():
    """Another moment is another answer, and a document that came later is not in it."""
    story = synthetic(0)
    early, late = (looked(furnished(story[:cut]), DOCTOR, whose(story))[0] for cut in (3, 6))
    assert early != late
