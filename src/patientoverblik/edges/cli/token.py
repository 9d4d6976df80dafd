"""``token``: a token for a persona of the demo, made by the test issuer, ready to send; only in the demo."""

import os
from argparse import Namespace
from collections.abc import Mapping

from patientoverblik.edges.cli.output import FINE, refuse, say, talk
from patientoverblik.edges.cli.ports import WantedToken, Workshop
from patientoverblik.problems import Fault

KINDS: Mapping[str, str] = {
    "saml": "a SOAP header with a SAML assertion (IHE XUA, OIO IDWS), for the transaction that --for names",
    "dgws": "a SOAP header with a DGWS id card of level 4, for professionals",
    "jwt": "an access token for /api and /fhir (Authorization: Bearer …), which reads unless --scope says more",
}
"""Every kind of token the command makes, and what it is."""


def token(arguments: Namespace, workshop: Workshop) -> int:
    """Print the token, or write it to a file that only its owner reads."""
    wanted = WantedToken(arguments.kind, arguments.persona, arguments.transaction, arguments.scope)
    try:
        made = workshop.token(wanted)
    except Fault as fault:
        return refuse(fault.code)
    if not arguments.out:
        say(made)
        return FINE
    try:
        _write(arguments.out, f"{made}\n")
    except OSError:
        return refuse("cli.file-not-written")
    talk(f"{KINDS[arguments.kind]}: {arguments.out}")
    return FINE


def _write(path: str, text: str) -> None:
    """Write a file for its owner alone, also where it was there before and others could read it."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(text)
