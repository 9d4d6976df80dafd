"""The registry and repository: submit, find, retrieve, replace, deprecate."""

from patientoverblik.sharing.amend import latest
from patientoverblik.sharing.current import Standing, current, standings
from patientoverblik.sharing.deprecate import Withdrawal, deprecate
from patientoverblik.sharing.find import Found, Query, existing, find
from patientoverblik.sharing.identify import identify, identify_any
from patientoverblik.sharing.link import link, unlink
from patientoverblik.sharing.metadata import OrganisationFacts, Organisations, Said, describe
from patientoverblik.sharing.ownership import owning
from patientoverblik.sharing.readings import stored_reading
from patientoverblik.sharing.retrieve import Retrieved, retrieve
from patientoverblik.sharing.submission import Accepted, Described, NewDocument, Rejected, Submission, Submitted
from patientoverblik.sharing.submit import submit

__all__ = [
    "Accepted",
    "Described",
    "Found",
    "NewDocument",
    "OrganisationFacts",
    "Organisations",
    "Query",
    "Rejected",
    "Retrieved",
    "Said",
    "Standing",
    "Submission",
    "Submitted",
    "Withdrawal",
    "current",
    "deprecate",
    "describe",
    "existing",
    "find",
    "identify",
    "identify_any",
    "latest",
    "link",
    "owning",
    "retrieve",
    "standings",
    "stored_reading",
    "submit",
    "unlink",
]
