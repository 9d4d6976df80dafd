"""Which transaction an action asks for, where it is asked, and what answers it (ITI TF-2): the rows of a table."""

import csv
from collections.abc import Mapping
from importlib.resources import files
from itertools import groupby
from operator import attrgetter
from typing import Literal

import msgspec

from patientoverblik.edges.identity.soap import Demands
from patientoverblik.edges.soap.call import Transaction
from patientoverblik.edges.soap.iti18_registry_stored_query import stored_query
from patientoverblik.edges.soap.iti38_cross_gateway_query import cross_gateway_query
from patientoverblik.edges.soap.iti39_cross_gateway_retrieve import cross_gateway_retrieve
from patientoverblik.edges.soap.iti41_provide_and_register import provide_and_register
from patientoverblik.edges.soap.iti42_register import register_document_set
from patientoverblik.edges.soap.iti43_retrieve_document_set import retrieve_document_set
from patientoverblik.edges.soap.iti52_document_metadata_subscribe import (
    end_subscription,
    renew_subscription,
    start_subscription,
)
from patientoverblik.edges.soap.iti57_update_document_set import update_document_set
from patientoverblik.edges.soap.iti61_register_on_demand import register_on_demand
from patientoverblik.edges.soap.iti62_remove_metadata import remove_objects
from patientoverblik.edges.soap.iti69_create_destroy_pull_point import end_pull_point, make_pull_point
from patientoverblik.edges.soap.iti70_pull_notification import pull_notifications
from patientoverblik.edges.soap.iti86_remove_documents import remove_document_set

RUNS: Mapping[str, Transaction] = {
    "iti18": stored_query,
    "iti43": retrieve_document_set,
    "iti38": cross_gateway_query,
    "iti39": cross_gateway_retrieve,
    "iti41": provide_and_register,
    "iti42": register_document_set,
    "iti52": start_subscription,
    "iti52-unsubscribe": end_subscription,
    "iti52-renew": renew_subscription,
    "iti57": update_document_set,
    "iti61": register_on_demand,
    "iti62": remove_objects,
    "iti69": make_pull_point,
    "iti69-destroy": end_pull_point,
    "iti70": pull_notifications,
    "iti86": remove_document_set,
}


class Row(msgspec.Struct, frozen=True):
    """One transaction: its number, the name and address it is asked by, its actions and elements (``prefix:name``),
    and whether it demands an HSUID header and a person of its caller."""

    number: str
    operation: str
    path: str
    action: str
    answer: str
    request: str
    response: str
    hsuid: bool
    person: Literal["true", "false", "own"]

    @property
    def run(self) -> Transaction:
        """What answers it."""
        return RUNS[self.number]

    @property
    def transaction(self) -> str:
        """What IHE calls it."""
        return f"ITI-{self.number.removeprefix('iti').partition('-')[0]}"

    @property
    def demands(self) -> Demands:
        """What it demands of its caller."""
        return Demands(hsuid=self.hsuid, person=self.person == "true", itself=self.person == "own")


_PATH = attrgetter("path")


def _rows() -> tuple[Row, ...]:
    text = files(__package__).joinpath("transactions.csv").read_text(encoding="utf-8")
    return tuple(msgspec.convert(row, Row, strict=False) for row in csv.DictReader(text.splitlines()))


BY_PATH: Mapping[str, tuple[Row, ...]] = {
    path: tuple(rows) for path, rows in groupby(sorted(_rows(), key=_PATH), _PATH)
}
"""The transactions that are asked at each address."""

PREFIXES = tuple(path.partition("{")[0] for path in BY_PATH if "{" in path)
"""How addresses begin that name something at their end."""
