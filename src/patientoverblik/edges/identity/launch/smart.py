"""SMART App Launch 2: the overview as an app that a record system opens (EHR launch).

The flow is that of any login (``identity.web``), begun by the record system: it says which server it is (``iss``) and
hands over a word of its own (``launch``) that the server turns into the patient who is open there. Only servers that
are configured are asked anything.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from patientoverblik.care.systems import CPR
from patientoverblik.edges.identity.launch.model import Launched, RecordSystem, Smart
from patientoverblik.edges.identity.model import Unidentified
from patientoverblik.edges.identity.web import Begun, Entered, Metadata, Network, begin, finish
from patientoverblik.edges.identity.web.discovery import WELL_KNOWN, metadata_of
from patientoverblik.edges.identity.web.keys import Find
from patientoverblik.edges.identity.web.network import ask_json
from patientoverblik.sharing.model import PatientId

CONFIGURATION = "/.well-known/smart-configuration"
CPR_URI = f"urn:oid:{CPR}"
FHIR_JSON = "application/fhir+json"
SCOPES = ("launch", "fhirUser", "patient/Patient.r")
# SMART's own document does not name them; a server must sign by one of these (SMART App Launch 2.2, Signing).
ALGORITHMS = ["RS256", "ES384", "ES256"]
LONGEST_LAUNCH = 2048
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
_CPR = re.compile(r"[0-9]{10}")
UNKNOWN = Unidentified("identity.launch-unknown-system")
NO_PATIENT = Unidentified("identity.launch-no-patient")


def smart_discovery(iss: str) -> Find:
    """Asks a FHIR server what it says of launches (SMART App Launch 2.2, Conformance); what it leaves to OpenID
    Connect's own document is read there."""

    async def find(network: Network, issuer: str) -> Metadata:
        said = await ask_json(network, iss.rstrip("/") + CONFIGURATION, {"Accept": "application/json"})
        if not ("issuer" in said and "jwks_uri" in said):
            said = {**await ask_json(network, issuer.rstrip("/") + WELL_KNOWN), **said}
        return metadata_of({"id_token_signing_alg_values_supported": ALGORITHMS, **said}, issuer)

    return find


def system_at(systems: tuple[RecordSystem, ...], iss: str) -> RecordSystem | None:
    """The record system whose FHIR server is at an address; None for any that is not configured."""
    named = iss.rstrip("/")
    return next((each for each in systems if each.smart and each.smart.iss.rstrip("/") == named), None)


async def begin_launch(smart: Smart, launch: str) -> Begun | Unidentified:
    """Send the browser to the record system's login; :class:`Fault` where its server cannot be asked."""
    if not launch or len(launch) > LONGEST_LAUNCH:
        return Unidentified("identity.launch-incomplete")
    return await begin(smart.party, launch=launch, aud=smart.iss)


async def finish_launch(system: RecordSystem, answer: Mapping[str, str], sealed: str) -> Launched | Unidentified:
    """Who came back, and for whom: by the ID token, and by the patient in the token's answer whose number the record
    system's own FHIR server tells; :class:`Fault` where it cannot be asked."""
    if system.smart is None:
        return UNKNOWN
    entered = await finish(system.smart.party, answer, sealed)
    if isinstance(entered, Unidentified):
        return entered
    patient = await _patient(system.smart, entered)
    if patient is None:
        return NO_PATIENT
    banner = entered.context.get("need_patient_banner") is not False
    return Launched(system, entered, patient, str(entered.context["patient"]), banner)


async def _patient(smart: Smart, entered: Entered) -> PatientId | None:
    """The CPR number of the patient in the launch's context, None where there is none, or not exactly one."""
    name = entered.context.get("patient")
    if not isinstance(name, str) or not _ID.fullmatch(name):
        return None
    headers = {"Authorization": f"Bearer {entered.access.reveal()}", "Accept": FHIR_JSON}
    found = await ask_json(smart.party.network, f"{smart.iss.rstrip('/')}/Patient/{quote(name)}", headers)
    if found.get("resourceType") != "Patient" or found.get("id") != name:
        return None
    numbers = set(_numbers(found.get("identifier")))
    return PatientId(CPR, numbers.pop()) if len(numbers) == 1 else None


def _numbers(identifiers: Any) -> list[str]:
    given = [each for each in identifiers if isinstance(each, dict)] if isinstance(identifiers, list) else []
    known = [each.get("value") for each in given if each.get("system") == CPR_URI and each.get("use") != "old"]
    return [each for each in known if isinstance(each, str) and _CPR.fullmatch(each)]
