"""The access file: what it says is what is decided by; what is wrong with it stops the start."""

from pathlib import Path

import pytest

from patientoverblik.access import Policy
from patientoverblik.app.access import with_access
from patientoverblik.app.settings import SettingsFault, read_settings
from tests.unit.service.make import a_house

FILE = """
block_notice = "none"
replay_roles = ["compliance"]
days_after_death = 10
override_minutes = 5
follow_up_days = 3

[[unit]]
system = "1.2.208.176.1.1"
value = "11"
above = "1"

[[national_role]]
role = "PlejeAssR3"
parts = ["plans"]
relation = "none"

[[type]]
code = "PDC"
from = "2025-01-15"
blockable = false
"""


def test_the_file_configures_access(tmp_path):
    path = tmp_path / "access.toml"
    path.write_text(FILE, encoding="utf-8")
    house = with_access(a_house(), str(path))
    policy = house.policy
    assert policy.units == {("1.2.208.176.1.1", "11"): ("1.2.208.176.1.1", "1")}
    assert (policy.national_roles["PlejeAssR3"].parts, policy.replay_roles) == ({"plans"}, {"compliance"})
    assert policy.types == Policy().types
    assert policy.after_death == 10 * 86_400_000
    assert (house.block_notice, house.override_lasts, house.follow_up_within) == ("none", 300_000, 259_200_000)
    assert read_settings({"PATIENTOVERBLIK_ACCESS_FILE": str(path)}).access_file == str(path)


def test_who_keeps_what_citizens_write_is_named_with_address_and_telephone(tmp_path):
    path = tmp_path / "access.toml"
    told = {"system": "1.2.208.176.1.1", "value": "77", "name": "Testregionen", "phone": "90000001"}
    place = {"street": "Testvej 1", "postal_code": "3400", "city": "Hillerød"}
    rows = "\n".join(f'{name} = "{value}"' for name, value in {**told, **place}.items())
    path.write_text(f"[own_words]\n{rows}\n", encoding="utf-8")
    keeper = with_access(a_house(), str(path)).keeps_own_words
    assert (keeper.ids[0].value, keeper.name, keeper.telecoms[0].value) == ("77", "Testregionen", "tel:90000001")
    assert (keeper.addresses[0].lines, keeper.addresses[0].city) == (("Testvej 1",), "Hillerød")
    assert with_access(a_house(), "").keeps_own_words is None


def test_the_file_in_the_manual_is_one(tmp_path):
    manual = (Path(__file__).parents[3] / "docs" / "access.md").read_text(encoding="utf-8")
    path = tmp_path / "access.toml"
    path.write_text(manual.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    house = a_house()
    again = with_access(house, str(path))
    assert (again.override_lasts, again.follow_up_within) == (house.override_lasts, house.follow_up_within)
    assert (again.policy.after_death, again.policy.types) == (house.policy.after_death, house.policy.types)


def test_without_a_file_and_with_an_empty_one_the_tables_hold(tmp_path):
    path = tmp_path / "access.toml"
    path.write_text("", encoding="utf-8")
    house = a_house()
    assert with_access(house, "") is house
    assert with_access(house, str(path)).policy == house.policy


@pytest.mark.parametrize(
    "text",
    [
        "nonsense = 1",
        "block_notice = 'loud'",
        "[[national_role]]\nrole = 'x'\nparts = ['all']",
        "[[",
        "[[type]]\ncode = 'x'\nblockable = true\nfrom = 'soon'",
    ],
)
def test_what_is_wrong_with_the_file_is_told_without_its_words(tmp_path, text):
    path = tmp_path / "access.toml"
    path.write_text(text, encoding="utf-8")
    for given in (path, tmp_path / "none.toml"):
        with pytest.raises(SettingsFault, match="ACCESS_FILE") as fault:
            read_settings({"PATIENTOVERBLIK_ACCESS_FILE": str(given)})
        assert "nonsense" not in str(fault.value)
