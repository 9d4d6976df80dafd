"""SMART's Python client, fhirclient, reads the door's capabilities and understands what it finds, type by type."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.clients.serving import address, asked  # noqa: F401 - fixtures
from tests.doors.fhir.world import Door

fhirclient = pytest.importorskip("fhirclient.client", reason="the foreign client fhirclient is not installed")
models = "fhirclient.models"


@pytest.fixture
def server(asked: Door, address: str) -> Any:  # noqa: F811
    client = fhirclient.FHIRClient(settings={"app_id": "app", "api_base": address})
    client.server.session.headers["Authorization"] = f"Bearer {asked.token}"
    return client.server


def model(name: str) -> Any:
    """The client's own class of a resource."""
    return getattr(pytest.importorskip(f"{models}.{name.lower()}"), name)


def test_the_capabilities_are_understood(server):
    told = server.capabilityStatement
    assert told.fhirVersion == "4.0.1"
    assert {"CarePlan", "DocumentReference"} <= {one.type for one in told.rest[0].resource}


@pytest.mark.parametrize("kind", ["CarePlan", "Goal", "Condition", "Appointment", "DocumentReference", "Provenance"])
def test_every_resource_fits_the_clients_own_classes(asked, server, kind):  # noqa: F811
    # The client is strict: a property that R4 has not, or of another type, raises while the answer is read.
    found = list(model(kind).where({"patient": f"Patient/{asked.patient}"}).perform_resources_iter(server))
    assert found
    again = model(kind).read(found[0].id, server)
    assert again.as_json() == found[0].as_json()


def test_the_overview_is_a_document_with_a_composition(asked, server):  # noqa: F811
    told = server.request_json(f"Patient/{asked.patient}/$overblik")
    document = model("Bundle")(told)
    assert document.entry[0].resource.resource_type == "Composition"
    assert [section.title for section in document.entry[0].resource.section]


def test_a_resource_that_is_not_there(server):
    with pytest.raises(pytest.importorskip("fhirclient.server").FHIRNotFoundException):
        model("Goal").read("nothing", server)
