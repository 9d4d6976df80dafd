"""Another community asks (XCA): the same answers, but every request that needs it names our community."""

from __future__ import annotations

import pytest
from lxml import etree

from patientoverblik.edges.soap.names import QUERY, RIM, XDS
from patientoverblik.edges.soap.objects import community
from tests.doors.soap.test_transactions import ALL, FIND, GET, found, stored
from tests.doors.soap.world import ENTRY, Door, body_of, slot, told_of


@pytest.fixture
def door() -> Door:
    made = Door()
    stored(made)
    return made


def query(door: Door, id_: str, *slots: tuple[str, ...], home: str = "", **how: object):
    said = f' home="{home}"' if home else ""
    body = (
        f'<q:AdhocQueryRequest xmlns:q="{QUERY}" xmlns:rim="{RIM}"><q:ResponseOption returnType="LeafClass" '
        f'returnComposedObjects="true"/><rim:AdhocQuery id="{id_}"{said}>{"".join(slot(*one) for one in slots)}'
        "</rim:AdhocQuery></q:AdhocQueryRequest>"
    )
    return door.ask("/xca/iti38", "urn:ihe:iti:2007:CrossGatewayQuery", body, **how)


def fetch(door: Door, document: str, home: str = "", **how: object):
    said = f"<x:HomeCommunityId>{home}</x:HomeCommunityId>" if home else ""
    body = (
        f'<x:RetrieveDocumentSetRequest xmlns:x="{XDS}"><x:DocumentRequest>{said}'
        f"<x:RepositoryUniqueId>{door.house.repository}</x:RepositoryUniqueId>"
        f"<x:DocumentUniqueId>{document}</x:DocumentUniqueId></x:DocumentRequest></x:RetrieveDocumentSetRequest>"
    )
    return door.ask("/xca/iti39", "urn:ihe:iti:2007:CrossGatewayRetrieve", body, **how)


def test_a_query_for_a_patient_needs_no_community_and_every_object_names_ours(door: Door) -> None:
    answer = query(door, FIND, *ALL)
    assert told_of(answer) == ("Success", [])
    (entry,) = etree.fromstring(body_of(answer)).iter(f"{{{RIM}}}ExtrinsicObject")
    assert entry.get("home") == community(door.house.home)


def test_a_query_by_ids_names_our_community(door: Door) -> None:
    named = ("$XDSDocumentEntryEntryUUID", f"('{ENTRY.format(1)}')")
    assert told_of(query(door, GET, named)) == ("Failure", ["XDSMissingHomeCommunityId xds.missing-community"])
    other = query(door, GET, named, home="urn:oid:1.2.3")
    assert told_of(other) == ("Failure", ["XDSUnknownCommunity xds.unknown-community"])
    for told in (query(door, GET, named, home=community(door.house.home)), _by_slot(door, named)):
        assert told_of(told) == ("Success", [])
        assert ENTRY.format(1) in told.text


def _by_slot(door: Door, named: tuple[str, ...]):
    return query(door, GET, named, ("$homeCommunityId", f"'{community(door.house.home)}'"))


def test_a_document_is_fetched_of_the_community_that_has_it(door: Door) -> None:
    (one,) = found(door)
    unique = one.identifiers["urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab"]
    assert told_of(fetch(door, unique)) == ("Failure", ["XDSMissingHomeCommunityId xds.missing-community"])
    assert told_of(fetch(door, unique, "urn:oid:1.2.3")) == ("Failure", ["XDSUnknownCommunity xds.unknown-community"])
    assert told_of(fetch(door, unique, community(door.house.home))) == ("Success", [])


def test_consent_and_relation_hold_for_other_communities_too(door: Door) -> None:
    assert told_of(query(door, FIND, *ALL, by="lung")) == ("Failure", ["XDSRegistryError access.no-relation"])
