"""The settings of the XDS.b door: whom it believes, how much it takes, who may remove."""

import pytest

from patientoverblik.access import Actor, OrganisationRef
from patientoverblik.app.settings import SettingsFault, read_settings
from patientoverblik.app.soap_faults import consumers_of, levels_of, removers_of
from patientoverblik.edges.soap.levels import Levels

SOR = "1.2.208.176.1.1"


def test_every_fault_of_the_door_is_told_at_once(tmp_path):
    given = {
        "TRUST": str(tmp_path / "none.toml"),
        "MESSAGE_MEGABYTES": "0",
        "REMOVERS": "somebody",
        "RULE_LEVELS": "iti41=OFF",
        "CONSUMERS": "1.2.208.176.1.1:1=http://consumer.example",
        "CONSUMER_NETWORKS": "10.0.0.0/33",
    }
    with pytest.raises(SettingsFault) as fault:
        read_settings({f"PATIENTOVERBLIK_{name}": value for name, value in given.items()})
    assert all(name in str(fault.value) for name in given)


@pytest.mark.parametrize(
    "text",
    [
        "https://consumer.example",
        "1.2.3:1=https://consumer.example/?q=1",
        "1.2.3:1=https://user@consumer.example/",
        "1.2.3:1=https://consumer.example/%2e",
        "1.2.3=https://consumer.example",
    ],
)
def test_an_address_that_could_mean_another_is_no_consumer(text):
    with pytest.raises(SettingsFault, match="CONSUMERS"):
        read_settings({"PATIENTOVERBLIK_CONSUMERS": text})


def test_a_consumer_is_told_for_its_own_organisation_at_its_address_and_below():
    settings = read_settings(
        {"PATIENTOVERBLIK_CONSUMERS": f"{SOR}:1=https://a.example/dsub, {SOR}:2=https://b.example"}
    )
    first, second = consumers_of(settings.consumers)
    one, other = OrganisationRef(SOR, "1", "Navnet"), OrganisationRef(SOR, "2")
    assert first.takes(one, "https://a.example/dsub")
    assert first.takes(one, "https://a.example/dsub/in")
    assert not first.takes(one, "https://a.example/dsubx")
    assert not first.takes(one, "https://a.example/")
    assert not first.takes(other, "https://a.example/dsub")
    assert not first.takes(None, "https://a.example/dsub")
    assert second.takes(other, "https://b.example/any/where")


def test_nobody_removes_by_default():
    removers = removers_of(read_settings({}).removers)
    assert not removers.hold(Actor("system", "a", organisation=OrganisationRef(SOR, "1")))
    assert not removers.hold(Actor("professional", "a"))


def test_an_organisation_or_a_national_role_may_remove():
    removers = removers_of(f"{SOR}:1, role:nspXdsRemover")
    assert removers.hold(Actor("system", "a", organisation=OrganisationRef(SOR, "1", "Named otherwise")))
    assert removers.hold(Actor("professional", "a", national_role="nspXdsRemover"))
    assert not removers.hold(Actor("system", "a", organisation=OrganisationRef(SOR, "2")))
    assert not removers.hold(Actor("professional", "a", national_role="another"))


def test_each_group_of_each_transaction_has_a_level():
    levels = levels_of("iti41.codes=REJECT, iti41.ihe=WARNING,iti42.cpr=LOG")
    assert levels == {"iti41": Levels(codes="REJECT", ihe="WARNING"), "iti42": Levels(cpr="LOG")}
    assert levels_of("") == {}
