"""The record systems that may open the overview, by the settings: whose links are believed, and whose servers asked."""

from pathlib import Path

import msgspec

from patientoverblik.app.login import once_in, party_for
from patientoverblik.app.login_faults import secret_in
from patientoverblik.app.settings import Settings
from patientoverblik.edges.identity.bearer import Issuer
from patientoverblik.edges.identity.keys import trusted_keys
from patientoverblik.edges.identity.launch import (
    RecordSystem,
    Smart,
    claims_in,
    link_issuer,
    read_systems,
    smart_discovery,
)
from patientoverblik.edges.identity.launch.systems import LinkRow, SmartRow, SystemRow
from patientoverblik.edges.identity.web import Client, Known, Network, Secret
from patientoverblik.edges.portal.embed.addresses import answer_path
from patientoverblik.edges.portal.settings import PortalSettings
from patientoverblik.service.house import House


def with_systems(settings: Settings, house: House, asked: PortalSettings) -> PortalSettings:
    """The pages' settings with the record systems of the settings."""
    if not settings.record_systems:
        return asked
    path = Path(settings.record_systems)
    systems = tuple(_system(settings, house, row, path.parent) for row in read_systems(path))
    return msgspec.structs.replace(asked, systems=systems, once=once_in(house))


def _system(settings: Settings, house: House, row: SystemRow, folder: Path) -> RecordSystem:
    link = _link(settings, row.link, folder) if row.link else None
    smart = _smart(settings, house, row.id, row.smart, folder) if row.smart else None
    return RecordSystem(row.id, row.name, row.origins, row.back, link, smart)


def _link(settings: Settings, row: LinkRow, folder: Path) -> Issuer:
    return link_issuer(row.issuer, trusted_keys(row, folder), settings.origin, claims_in(folder, row.claims))


def _smart(settings: Settings, house: House, system: str, row: SmartRow, folder: Path) -> Smart:
    secret = Secret(secret_in(str(folder / row.secret_file)) if row.secret_file else "")
    client = Client(row.vouches, row.client, settings.origin, secret, answer_path=answer_path(system))
    rules = claims_in(folder, row.claims)
    request = msgspec.structs.replace(rules.request, scopes=tuple(dict.fromkeys((*row.scopes, *rules.request.scopes))))
    network = Network()
    known = Known(network, row.vouches, smart_discovery(row.iss))
    party = party_for(house, client, msgspec.structs.replace(rules, request=request), network)
    return Smart(row.iss, msgspec.structs.replace(party, known=known))
