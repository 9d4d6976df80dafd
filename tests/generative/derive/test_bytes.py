"""From care to bytes and back: a document that was composed and written is read as it was meant, with nothing lost."""

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from lxml import etree

from patientoverblik import formats
from patientoverblik.care import Address, Identifier, Organisation, Telecom
from tests.conftest import SHARED
from tests.generative.derive.test_laws import without_places
from tests.generative.strategies import appointments, care_plans, contact_notes

FEW = settings(
    max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate)
)
MANY = settings(FEW, max_examples=200)


def example(profile):
    """Care plans of a profile of our own, which say so."""
    return care_plans(profile).map(
        lambda care: msgspec.structs.replace(
            care, document=msgspec.structs.replace(care.document, example_profile=True)
        )
    )


STRATEGIES = {
    "cpd-1.0.1": care_plans("cpd-1.0.1"),
    "cpd-2.0.0": care_plans("cpd-2.0.0"),
    "apd-2.0.1": appointments(),
    "kontaktnotat": contact_notes(),
    "egne-maal": example("egne-maal"),
    "koordinerende-indsatsplan": example("koordinerende-indsatsplan"),
    "overdragelsessvar": example("overdragelsessvar"),
    "henvendelse": example("henvendelse"),
}


def assert_comes_back(care, profile):
    reading = formats.read(formats.parse(formats.write(formats.compose(care, profile), profile)))
    assert reading.profile == profile
    assert reading.losses == ()
    for name in care.__struct_fields__:
        assert without_places(getattr(reading.care, name)) == without_places(getattr(care, name)), name


@pytest.mark.parametrize("profile", STRATEGIES)
def test_what_is_written_is_read_as_it_was_meant(profile):
    @given(STRATEGIES[profile])
    @FEW
    def law(care):
        assert_comes_back(care, profile)

    law()


@pytest.fixture(scope="module")
def schema():
    """HL7's schema of CDA with the sdtc extension."""
    path = SHARED / "data/cda/xsd/infrastructure/cda/CDA_SDTC.xsd"
    if not path.exists():
        pytest.skip("the shared CDA schema is not there")
    return etree.XMLSchema(etree.parse(path))


@pytest.mark.parametrize("profile", STRATEGIES)
def test_what_is_written_is_valid_cda(profile, schema):
    @given(STRATEGIES[profile])
    @FEW
    def law(care):
        schema.assertValid(etree.fromstring(formats.write(formats.compose(care, profile), profile)))

    law()


def test_a_custodian_with_several_addresses_and_an_identifier_under_a_uri_are_valid_cda(schema):
    many = Organisation(
        ids=(Identifier(system="https://eksempel.dk/enhed", value="a|b"),),
        name="Enhed",
        addresses=(Address(city="Odense"), Address(city="Aarhus")),
        telecoms=(Telecom(value="tel:1"), Telecom(value="tel:2")),
    )

    @given(care_plans("cpd-2.0.0"))
    @FEW
    def law(care):
        care = msgspec.structs.replace(care, document=msgspec.structs.replace(care.document, custodian=many))
        written = formats.write(formats.compose(care, "cpd-2.0.0"), "cpd-2.0.0")
        schema.assertValid(etree.fromstring(written))
        back = formats.read(formats.parse(written)).care.document.custodian
        assert back == msgspec.structs.replace(many, addresses=many.addresses[:1], telecoms=many.telecoms[:1])

    law()


@pytest.mark.slow
@pytest.mark.parametrize("profile", STRATEGIES)
def test_what_is_written_is_read_as_it_was_meant_many_times(profile):
    @given(STRATEGIES[profile])
    @MANY
    def law(care):
        assert_comes_back(care, profile)

    law()
