"""The parties file: what it says is who shares here; what is wrong with it stops the start."""

import asyncio
from pathlib import Path

import pytest

from patientoverblik.access import Actor, OrganisationRef
from patientoverblik.app.parties import with_parties
from patientoverblik.app.settings import SettingsFault, read_settings
from patientoverblik.service import heartbeat
from patientoverblik.service.sources import source_states
from tests.unit.service.make import a_house

SOR = "1.2.208.176.1.1"
FILE = f"""
[[source]]
id = "kommune"
name = "Testkøbing Kommune"
sector = "municipality"
kinds = ["plans", "appointments"]
hours = 48
since = 2026-01-05

[[source]]
id = "naboby"
name = "Naboby Kommune"
sector = "municipality"
connected = false

[[organisation]]
system = "{SOR}"
value = "11"
name = "Hjemmesygeplejen"
source = "kommune"
facility_type = "550621000005101"
practice_setting = "408443003"

[[organisation]]
system = "{SOR}"
value = "12"

[[delivers_for]]
system = "{SOR}"
value = "11"
for = ["12", "13"]

[[successor]]
system = "{SOR}"
value = "10"
by = "11"
"""
NURSES = OrganisationRef(SOR, "11", "Hjemmesygeplejen")


@pytest.fixture
def house(tmp_path):
    path = tmp_path / "parties.toml"
    path.write_text(FILE, encoding="utf-8")
    assert read_settings({"PATIENTOVERBLIK_PARTIES_FILE": str(path)}).parties_file == str(path)
    return with_parties(a_house(), str(path))


def test_sources_are_told_with_their_organisations_and_how_often_they_are_heard_from(house):
    here, beside = house.sources
    assert (here.id, here.name, here.organisations) == ("kommune", "Testkøbing Kommune", (NURSES,))
    assert (here.kinds, here.interval, here.since) == (("plans", "appointments"), 48 * 3_600_000, "2026-01-05")
    assert (beside.kind, beside.organisations) == ("none", ())
    assert [one.state for one in source_states(house.sources, {}, 1)] == ["not-retrieved", "not-connected"]


def test_a_source_that_says_it_is_there_counts_as_heard_from(house):
    system = Actor("system", "ehr", organisation=OrganisationRef(SOR, "11"))
    assert asyncio.run(heartbeat(house, system, "kommune")) == ("kommune",)
    at = house.clock()
    states = source_states(house.sources, house.storage.reader().source_times(), at + 48 * 3_600_000)
    assert states[0].state == "retrieved"
    assert source_states(house.sources, {"kommune": at}, at + 48 * 3_600_000 + 1)[0].state == "not-retrieved"


def test_organisations_have_their_codes_with_the_words_of_the_danish_list(house):
    facts = house.organisations[SOR, "11"]
    assert (facts.facility_type.code, facts.facility_type.scheme) == ("550621000005101", "2.16.840.1.113883.6.96")
    assert facts.facility_type.display
    assert facts.practice_setting.code == "408443003"
    assert house.organisations[SOR, "12"].facility_type is None


def test_who_delivers_for_whom_and_who_took_over_from_whom_is_named(house):
    ten, eleven, twelve, thirteen = (OrganisationRef(SOR, value) for value in ("10", "11", "12", "13"))
    assert house.speaks_for(Actor("system", "ehr", organisation=eleven)) == (eleven, twelve, thirteen)
    other = OrganisationRef("1.2.208.176.1.4", "11")
    assert house.speaks_for(Actor("system", "ehr", organisation=other)) == (other,)
    assert house.successors == ((ten, eleven),)


def test_without_the_file_nobody_is_named():
    house = a_house()
    assert with_parties(house, "") is house


def test_the_file_in_the_manual_is_one(tmp_path):
    manual = (Path(__file__).parents[3] / "docs" / "operation.md").read_text(encoding="utf-8")
    path = tmp_path / "parties.toml"
    path.write_text(manual.split("## Parties")[1].split("```toml\n")[1].split("```")[0], encoding="utf-8")
    read_settings({"PATIENTOVERBLIK_PARTIES_FILE": str(path)})
    house = with_parties(a_house(), str(path))
    assert [one.kind for one in house.sources] == ["push", "none"]
    assert house.organisations[SOR, "1234567891000"].practice_setting is not None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("nonsense", "is not as docs/operation.md says"),
        ('[[source]]\nid = "nonsense"\nname = "x"\nsector = "shop"\n', "is not as docs/operation.md says"),
        ('[[source]]\nid = "a"\nname = "x"\nsector = "region"\nhours = 0\n', "is not as docs/operation.md says"),
        ('[[organisation]]\nsystem = "1.2"\nvalue = ""\n', "is not as docs/operation.md says"),
        (
            '[[organisation]]\nsystem = "1.2"\nvalue = "nonsense"\nsource = "nonsense"\n',
            "organisation 1: no such source",
        ),
        (
            '[[organisation]]\nsystem = "1.2"\nvalue = "1"\nfacility_type = "nonsense"\n',
            "organisation 1: facility_type is not in",
        ),
        ('[[organisation]]\nsystem = "1.2"\nvalue = "nonsense"\n' * 2, "names an organisation twice"),
        ('[[source]]\nid = "nonsense"\nname = "x"\nsector = "region"\n' * 2, "names a source twice"),
    ],
)
def test_what_is_wrong_with_the_file_is_told_without_its_words(tmp_path, text, told):
    path = tmp_path / "parties.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsFault, match=f"PARTIES_FILE {told}") as fault:
        read_settings({"PATIENTOVERBLIK_PARTIES_FILE": str(path)})
    assert "nonsense" not in str(fault.value)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(SettingsFault, match="PARTIES_FILE cannot be read"):
        read_settings({"PATIENTOVERBLIK_PARTIES_FILE": str(tmp_path / "none.toml")})


def test_every_row_that_cannot_hold_is_told_at_once(tmp_path):
    path = tmp_path / "parties.toml"
    rows = [f'[[organisation]]\nsystem = "1.2"\nvalue = "{one}"\nsource = "none"\n' for one in (1, 2)]
    path.write_text("".join(rows), encoding="utf-8")
    with pytest.raises(SettingsFault) as fault:
        read_settings({"PATIENTOVERBLIK_PARTIES_FILE": str(path)})
    assert "organisation 1: no such source" in str(fault.value)
    assert "organisation 2: no such source" in str(fault.value)
